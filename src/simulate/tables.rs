//! What came of many matches, added up by NPC, ability, place and table of loot.

use std::collections::BTreeMap;

use hypogeum_protocol::Outcome;
use serde::Serialize;

use super::record::{Amounts, DeedKey, Flow, MatchRecord, PLAYERS, SeatRecord};

/// What somebody did with one ability, effect or hazard to one kind of others.
#[derive(Clone, Debug, Serialize)]
pub(super) struct DeedRow {
    pub(super) by: String,
    pub(super) with: String,
    pub(super) to: String,
    pub(super) damage: u64,
    pub(super) kills: u64,
}

/// Deaths of participants.
#[derive(Clone, Debug, Serialize)]
pub(super) struct DeathRow {
    pub(super) by: String,
    pub(super) place: String,
    pub(super) count: u64,
    pub(super) percent: f64,
}

/// What went through a table of loot.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LootRow {
    pub(super) table: String,
    pub(super) found: u64,
    pub(super) found_worth: u64,
    pub(super) carried_out: u64,
    pub(super) carried_out_worth: u64,
    /// Left behind, used up or worn out.
    pub(super) lost_worth: u64,
}

/// A kind of NPC.
#[derive(Clone, Debug, Serialize)]
pub(super) struct NpcRow {
    pub(super) npc: String,
    pub(super) came: u64,
    pub(super) killed: u64,
    pub(super) players_killed: u64,
    /// To anybody.
    pub(super) damage: u64,
}

/// How those fared who had this weapon in their hand last.
#[derive(Clone, Debug, Serialize)]
pub(super) struct WeaponRow {
    pub(super) weapon: String,
    pub(super) players: u64,
    pub(super) extracted_percent: f64,
    pub(super) kills_each: f64,
    pub(super) damage_each: f64,
    pub(super) worth_each: f64,
}

/// An exit.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct ExitRow {
    /// Its number, from 1, as on the map.
    pub(super) exit: usize,
    pub(super) used: u64,
}

/// All tables.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Tables {
    pub(super) deeds: Vec<DeedRow>,
    pub(super) deaths: Vec<DeathRow>,
    pub(super) loot: Vec<LootRow>,
    pub(super) npcs: Vec<NpcRow>,
    pub(super) weapons: Vec<WeaponRow>,
    pub(super) exits: Vec<ExitRow>,
}

impl Tables {
    /// Of matches in a mode with so many exits.
    pub(super) fn of<'r>(records: impl Iterator<Item = &'r MatchRecord> + Clone, exits: usize) -> Self {
        Self {
            deeds: deeds(records.clone()),
            deaths: deaths(records.clone()),
            loot: loot(records.clone()),
            npcs: npcs(records.clone()),
            weapons: weapons(records.clone()),
            exits: used_exits(records, exits),
        }
    }
}

fn deeds<'r>(records: impl Iterator<Item = &'r MatchRecord>) -> Vec<DeedRow> {
    let mut sums: BTreeMap<&DeedKey, Amounts> = BTreeMap::new();
    for (key, amounts) in records.flat_map(|record| &record.deeds) {
        let sum = sums.entry(key).or_default();
        sum.damage += amounts.damage;
        sum.kills += amounts.kills;
    }
    let row = |(key, sum): (&DeedKey, Amounts)| DeedRow {
        by: key.by.clone(),
        with: key.with.clone(),
        to: key.to.clone(),
        damage: sum.damage,
        kills: sum.kills,
    };
    let mut rows: Vec<DeedRow> = sums.into_iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.damage, row.kills)));
    rows
}

fn deaths<'r>(records: impl Iterator<Item = &'r MatchRecord>) -> Vec<DeathRow> {
    let mut sums: BTreeMap<&(String, String), u64> = BTreeMap::new();
    for (key, count) in records.flat_map(|record| &record.deaths) {
        *sums.entry(key).or_default() += count;
    }
    let all: u64 = sums.values().sum();
    let mut rows: Vec<DeathRow> = sums
        .into_iter()
        .map(|((by, place), count)| DeathRow {
            by: by.clone(),
            place: place.clone(),
            count,
            percent: count as f64 * 100.0 / all.max(1) as f64,
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.count));
    rows
}

fn loot<'r>(records: impl Iterator<Item = &'r MatchRecord>) -> Vec<LootRow> {
    let mut sums: BTreeMap<&str, Flow> = BTreeMap::new();
    for (table, flow) in records.flat_map(|record| &record.loot) {
        let sum = sums.entry(table).or_default();
        sum.found += flow.found;
        sum.found_worth += flow.found_worth;
        sum.out += flow.out;
        sum.out_worth += flow.out_worth;
    }
    let row = |(table, sum): (&str, Flow)| LootRow {
        table: table.to_owned(),
        found: sum.found,
        found_worth: sum.found_worth,
        carried_out: sum.out,
        carried_out_worth: sum.out_worth,
        lost_worth: sum.found_worth.saturating_sub(sum.out_worth),
    };
    sums.into_iter().map(row).collect()
}

fn npcs<'r>(records: impl Iterator<Item = &'r MatchRecord>) -> Vec<NpcRow> {
    let mut rows: BTreeMap<&str, NpcRow> = BTreeMap::new();
    let new = |npc: &str| NpcRow { npc: npc.to_owned(), came: 0, killed: 0, players_killed: 0, damage: 0 };
    for record in records {
        for (npc, count) in &record.came {
            rows.entry(npc).or_insert_with(|| new(npc)).came += count;
        }
        for (deed, amounts) in &record.deeds {
            if let Some(by) = rows.get_mut(deed.by.as_str()) {
                by.damage += amounts.damage;
                by.players_killed += if deed.to == PLAYERS { amounts.kills } else { 0 };
            }
            if let Some(to) = rows.get_mut(deed.to.as_str()) {
                to.killed += amounts.kills;
            }
        }
    }
    rows.into_values().collect()
}

fn weapons<'r>(records: impl Iterator<Item = &'r MatchRecord>) -> Vec<WeaponRow> {
    let mut seats: BTreeMap<&str, Vec<&SeatRecord>> = BTreeMap::new();
    for seat in records.flat_map(|record| &record.seats) {
        seats.entry(seat.weapon.as_deref().unwrap_or("none")).or_default().push(seat);
    }
    let row = |(weapon, seats): (&str, Vec<&SeatRecord>)| {
        let each = |of: fn(&SeatRecord) -> f64| seats.iter().map(|seat| of(seat)).sum::<f64>() / seats.len() as f64;
        WeaponRow {
            weapon: weapon.to_owned(),
            players: seats.len() as u64,
            extracted_percent: each(|seat| if seat.outcome == Outcome::Extracted { 100.0 } else { 0.0 }),
            kills_each: each(|seat| f64::from(seat.kills)),
            damage_each: each(|seat| f64::from(seat.damage)),
            worth_each: each(|seat| seat.worth as f64),
        }
    };
    let mut rows: Vec<WeaponRow> = seats.into_iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.players));
    rows
}

fn used_exits<'r>(records: impl Iterator<Item = &'r MatchRecord>, exits: usize) -> Vec<ExitRow> {
    let mut rows: Vec<ExitRow> = (1..=exits).map(|exit| ExitRow { exit, used: 0 }).collect();
    for exit in records.flat_map(|record| &record.seats).filter_map(|seat| seat.exit) {
        if let Some(row) = rows.get_mut(usize::from(exit)) {
            row.used += 1;
        }
    }
    rows
}
