//! The same seeds on two contents, and what has changed more than chance would have it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::batch::Batch;
use super::measures::{MEASURES, Spread, keyed};
use super::record::MatchRecord;

/// A difference counts from so many of its standard errors on: chance alone is beyond that once in twenty.
const NOTABLE: f64 = 2.0;

/// One number, here and there.
#[derive(Debug, Serialize)]
pub(super) struct Change {
    pub(super) name: String,
    pub(super) unit: &'static str,
    pub(super) here: f64,
    pub(super) there: f64,
    /// There less here, seed by seed.
    pub(super) difference: f64,
    pub(super) standard_error: f64,
    pub(super) is_notable: bool,
}

/// All numbers of both.
#[derive(Debug, Serialize)]
pub(crate) struct Comparison {
    /// The folder of the other content.
    pub(super) with: String,
    /// Seeds that were played to the end on both.
    pub(super) pairs: usize,
    pub(super) changes: Vec<Change>,
}

impl Comparison {
    /// Of the same plan on two contents.
    pub(crate) fn new(with: String, here: &Batch, there: &Batch) -> Self {
        let pairs = here.records.iter().zip(&there.records);
        let pairs: Vec<(&MatchRecord, &MatchRecord)> =
            pairs.filter_map(|(here, there)| here.as_ref().zip(there.as_ref())).collect();
        let of_measure = |measure: &super::measures::Measure| {
            let numbers = pairs.iter().filter_map(|(here, there)| (measure.of)(here).zip((measure.of)(there)));
            Change::new(measure.name.to_owned(), measure.unit, &numbers.collect::<Vec<_>>())
        };
        let mut changes: Vec<Change> = MEASURES.iter().map(of_measure).collect();
        let keyed: Vec<(BTreeMap<String, f64>, BTreeMap<String, f64>)> =
            pairs.iter().map(|(here, there)| (keyed(here), keyed(there))).collect();
        let names: BTreeSet<&String> = keyed.iter().flat_map(|(here, there)| here.keys().chain(there.keys())).collect();
        for name in names {
            let of = |side: &BTreeMap<String, f64>| side.get(name).copied().unwrap_or_default();
            let numbers: Vec<(f64, f64)> = keyed.iter().map(|(here, there)| (of(here), of(there))).collect();
            // Of the many names that depend on the content only what has changed is told.
            changes.extend(Some(Change::new(name.clone(), "", &numbers)).filter(|change| change.is_notable));
        }
        Self { with, pairs: pairs.len(), changes }
    }
}

impl Change {
    fn new(name: String, unit: &'static str, pairs: &[(f64, f64)]) -> Self {
        let difference = Spread::of(pairs.iter().map(|(here, there)| there - here));
        let is_notable =
            difference.mean != 0.0 && pairs.len() > 1 && difference.mean.abs() > NOTABLE * difference.standard_error;
        Self {
            name,
            unit,
            here: Spread::of(pairs.iter().map(|pair| pair.0)).mean,
            there: Spread::of(pairs.iter().map(|pair| pair.1)).mean,
            difference: difference.mean,
            standard_error: difference.standard_error,
            is_notable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_beyond_twice_its_standard_error() {
        let clear = Change::new(String::new(), "", &[(1.0, 5.0), (2.0, 6.0), (3.0, 7.5)]);
        assert!(clear.is_notable, "each seed has more there: {clear:?}");
        let noise = Change::new(String::new(), "", &[(1.0, 5.0), (6.0, 2.0), (3.0, 3.5)]);
        assert!(!noise.is_notable, "once more, once less: {noise:?}");
        assert!(!Change::new(String::new(), "", &[(1.0, 9.0)]).is_notable, "one match says nothing");
        assert!(!Change::new(String::new(), "", &[(1.0, 1.0), (2.0, 2.0)]).is_notable, "nothing has changed");
    }
}
