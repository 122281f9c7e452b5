//! Numbers that each match has one of, and how they spread over many.

use std::collections::BTreeMap;

use hypogeum_protocol::Outcome;
use serde::Serialize;

use super::record::{MatchRecord, PLACE, PLAYERS, SeatRecord};

/// A number of each match.
pub(super) struct Measure {
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    /// `None` where a match has none: nobody has fought in it.
    pub(super) of: fn(&MatchRecord) -> Option<f64>,
}

/// What is measured, in the order it is shown.
pub(super) const MEASURES: [Measure; 13] = [
    Measure { name: "extracted", unit: "%", of: |it| outcomes(it, Outcome::Extracted) },
    Measure { name: "died", unit: "%", of: |it| outcomes(it, Outcome::Died) },
    Measure { name: "timed out", unit: "%", of: |it| outcomes(it, Outcome::TimedOut) },
    Measure { name: "duration", unit: "s", of: |it| Some(seconds(it, it.ticks)) },
    Measure { name: "first fight", unit: "s", of: |it| it.first_fight_tick.map(|tick| seconds(it, tick)) },
    Measure { name: "kills per player", unit: "", of: |it| each(it, |seat| f64::from(seat.kills)) },
    Measure { name: "players killed by players", unit: "", of: |it| Some(kills(it, PLAYERS, PLAYERS)) },
    Measure { name: "damage by players", unit: "hp", of: |it| Some(damage(it, |by| by == PLAYERS)) },
    Measure {
        name: "damage by NPCs to players",
        unit: "hp",
        of: |it| Some(damage(it, |by| by != PLAYERS && by != PLACE)),
    },
    Measure { name: "damage by the place", unit: "hp", of: |it| Some(damage(it, |by| by == PLACE)) },
    Measure { name: "pieces out per player", unit: "", of: |it| each(it, |seat| seat.pieces as f64) },
    Measure { name: "worth out per player", unit: "", of: |it| each(it, |seat| seat.worth as f64) },
    Measure { name: "currency per player", unit: "", of: |it| each(it, |seat| seat.currency as f64) },
];

fn seconds(record: &MatchRecord, ticks: u32) -> f64 {
    f64::from(ticks) / f64::from(record.tick_hz.max(1))
}

fn each(record: &MatchRecord, of: impl Fn(&SeatRecord) -> f64) -> Option<f64> {
    let seats = record.seats.len();
    (seats > 0).then(|| record.seats.iter().map(of).sum::<f64>() / seats as f64)
}

fn outcomes(record: &MatchRecord, outcome: Outcome) -> Option<f64> {
    each(record, |seat| if seat.outcome == outcome { 100.0 } else { 0.0 })
}

fn kills(record: &MatchRecord, by: &str, to: &str) -> f64 {
    let deeds = record.deeds.iter().filter(|(deed, _)| deed.by == by && deed.to == to);
    deeds.map(|(_, amounts)| amounts.kills as f64).sum()
}

/// Damage by players to anybody, or by others to players.
fn damage(record: &MatchRecord, by: impl Fn(&str) -> bool) -> f64 {
    let deeds = record.deeds.iter().filter(|(deed, _)| by(&deed.by) && (deed.by == PLAYERS || deed.to == PLAYERS));
    deeds.map(|(_, amounts)| amounts.damage as f64).sum()
}

/// Kills and damage of each kind of NPC, and damage of everything that hurts players: names that depend on the content.
pub(super) fn keyed(record: &MatchRecord) -> BTreeMap<String, f64> {
    let mut found: BTreeMap<String, f64> = BTreeMap::new();
    for (deed, amounts) in &record.deeds {
        if deed.to == PLAYERS {
            let by = if deed.by == PLAYERS || deed.by == PLACE { &deed.with } else { &deed.by };
            *found.entry(format!("damage to players by {by}")).or_default() += amounts.damage as f64;
            *found.entry(format!("players killed by {by}")).or_default() += amounts.kills as f64;
        } else {
            *found.entry(format!("{} killed", deed.to)).or_default() += amounts.kills as f64;
        }
    }
    for (table, flow) in &record.loot {
        *found.entry(format!("worth out of {table}")).or_default() += flow.out_worth as f64;
    }
    found
}

/// How numbers spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Spread {
    /// How many there are.
    pub(super) count: usize,
    pub(super) mean: f64,
    /// How far the mean may be off: two thirds of the time no farther than this.
    pub(super) standard_error: f64,
    pub(super) least: f64,
    pub(super) p10: f64,
    pub(super) p50: f64,
    pub(super) p90: f64,
    pub(super) most: f64,
}

impl Spread {
    /// Of some numbers; of none all is 0.
    pub(super) fn of(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len();
        let (Some(&least), Some(&most)) = (sorted.first(), sorted.last()) else { return Self::default() };
        let mean = sorted.iter().sum::<f64>() / count as f64;
        let squares: f64 = sorted.iter().map(|number| (number - mean).powi(2)).sum();
        let variance = if count > 1 { squares / (count - 1) as f64 } else { 0.0 };
        let at = |percent: usize| sorted.get((count - 1) * percent / 100).copied().unwrap_or(most);
        Self {
            count,
            mean,
            standard_error: (variance / count as f64).sqrt(),
            least,
            p10: at(10),
            p50: at(50),
            p90: at(90),
            most,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_has_its_middle_its_ends_and_its_error() {
        let spread = Spread::of([4.0, 1.0, 2.0, 3.0]);
        assert_eq!((spread.count, spread.mean, spread.least, spread.most), (4, 2.5, 1.0, 4.0), "whatever their order");
        assert!((spread.standard_error - 0.6455).abs() < 1e-4, "of four with variance 5/3: {}", spread.standard_error);
        assert_eq!(Spread::of([]), Spread::default(), "of nothing there is nothing");
        assert_eq!(Spread::of([7.0]).standard_error, 0.0, "one number says nothing of its error");
    }
}
