//! The same seeds on two contents, and what has changed more than chance would have it.

use std::collections::BTreeMap;

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
        for (name, numbers) in by_name(&pairs) {
            // Of the many names that depend on the content only what has changed is told.
            changes.extend(Some(Change::new(name, "", &numbers)).filter(|change| change.is_notable));
        }
        Self { with, pairs: pairs.len(), changes }
    }
}

/// The numbers of all pairs by their names, 0 where a match has none. A name is kept once, and not with each of so many matches.
fn by_name(pairs: &[(&MatchRecord, &MatchRecord)]) -> BTreeMap<String, Vec<(f64, f64)>> {
    let mut named: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for (index, (here, there)) in pairs.iter().enumerate() {
        let here = keyed(here).into_iter().map(|(name, number)| (name, (number, 0.0)));
        let there = keyed(there).into_iter().map(|(name, number)| (name, (0.0, number)));
        for (name, (here, there)) in here.chain(there) {
            let numbers = named.entry(name).or_insert_with(|| vec![(0.0, 0.0); pairs.len()]);
            if let Some(pair) = numbers.get_mut(index) {
                *pair = (pair.0 + here, pair.1 + there);
            }
        }
    }
    named
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
    use crate::simulate::record::{Amounts, DeedKey, PLAYERS};

    #[test]
    fn a_change_counts_beyond_twice_its_standard_error() {
        let clear = Change::new(String::new(), "", &[(1.0, 5.0), (2.0, 6.0), (3.0, 7.5)]);
        assert!(clear.is_notable, "each seed has more there: {clear:?}");
        let noise = Change::new(String::new(), "", &[(1.0, 5.0), (6.0, 2.0), (3.0, 3.5)]);
        assert!(!noise.is_notable, "once more, once less: {noise:?}");
        assert!(!Change::new(String::new(), "", &[(1.0, 9.0)]).is_notable, "one match says nothing");
        assert!(!Change::new(String::new(), "", &[(1.0, 1.0), (2.0, 2.0)]).is_notable, "nothing has changed");
    }

    #[test]
    fn what_has_happened_on_one_side_only_counts_as_nothing_on_the_other() {
        let played = |damage: u64| {
            let deed = DeedKey { by: "wolf".to_owned(), with: "bite".to_owned(), to: PLAYERS.to_owned() };
            let deeds = if damage > 0 { vec![(deed, Amounts { damage, kills: 0 })] } else { Vec::new() };
            Some(MatchRecord {
                ticks: 1,
                tick_hz: 30,
                state_hash: 0,
                seats: Vec::new(),
                first_fight_tick: None,
                deeds: deeds.into_iter().collect(),
                deaths: BTreeMap::new(),
                loot: BTreeMap::new(),
                came: BTreeMap::new(),
            })
        };
        let here = Batch { records: vec![played(0), None, played(0), played(1)] };
        let there = Batch { records: vec![played(10), played(99), played(12), played(12)] };
        let comparison = Comparison::new("there".to_owned(), &here, &there);
        assert_eq!(comparison.pairs, 3, "one was not played here");
        let named = |name: &str| comparison.changes.iter().find(|change| change.name == name);
        let bitten = named("damage to players by wolf").expect("it has changed");
        assert_eq!((bitten.difference, bitten.is_notable), (11.0, true), "by 10, 12 and 11: {bitten:?}");
        assert!(named("players killed by wolf").is_none(), "nobody was killed on either");
    }
}
