//! Loot tables, and that nesting them ends.

use std::collections::BTreeMap;

use crate::content::Sources;
use crate::def::{Drop, LootDef};
use crate::limits::LOOT_DRAWS_MAX;
use crate::locate::Spot;
use crate::review::{Definition, Review};
use crate::{Content, Id};

impl Definition for LootDef {
    const FOLDER: &'static str = "loot";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.range(at.field("rolls"), self.rolls, 0..=16);
        review.count(at.field("always"), self.always.len(), 0..=16);
        review.links(at.field("always"), &mut self.always);
        review.count(at.field("entries"), self.entries.len(), 0..=256);
        for (index, entry) in self.entries.iter_mut().enumerate() {
            let at = at.field("entries").nth(index);
            review.range(at.field("weight"), entry.weight, 1..=1_000_000);
            review.range(at.field("level_min"), entry.level_min, 0..=100);
            match &mut entry.drop {
                Drop::Nothing => {}
                Drop::Item(item) => review.link(at.field("drop").nth(0), item),
                Drop::Table(table) => review.link(at.field("drop").nth(0), table),
            }
        }
        // A draw from nothing has no total weight to draw from.
        if self.rolls > 0 && self.entries.iter().all(|entry| entry.level_min > 0) {
            let expected = "an entry with no level_min, or no rolls";
            review.fault(at.field("entries"), "nothing to draw from", "no entry for every level", expected);
        }
    }
}

/// Refuses tables that lead back to themselves, and those whose nesting multiplies beyond reason.
pub(super) fn check_nesting(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    let mut draws: BTreeMap<Id<LootDef>, u64> = BTreeMap::new();
    // Each round settles the tables that lead to settled ones only; what never settles is on a ring or leads to one.
    loop {
        let settled_count = draws.len();
        for (id, _, table) in content.loot.iter() {
            if !draws.contains_key(&id)
                && let Some(count) = draws_of(content, table, &draws)
            {
                draws.insert(id, count);
            }
        }
        if draws.len() == settled_count {
            break;
        }
    }
    for (id, key, table) in content.loot.iter() {
        let Some(source) = sources.get(&(LootDef::FOLDER, key.to_owned())) else { continue };
        let at = source.root();
        match draws.get(&id) {
            Some(count) if *count > LOOT_DRAWS_MAX => {
                let expected = format!("at most {LOOT_DRAWS_MAX}, nested tables included");
                review.fault(at.field("rolls"), "too many draws", count, expected);
            }
            Some(_) => {}
            None => check_ring(content, id, table, at, review),
        }
    }
}

/// What one use of a table may come to; unknown as long as a nested table's is.
fn draws_of(content: &Content, table: &LootDef, draws: &BTreeMap<Id<LootDef>, u64>) -> Option<u64> {
    let mut dearest = 0;
    for entry in &table.entries {
        let count = match &entry.drop {
            Drop::Table(nested) if content.loot.find(nested.id()).is_some() => 1 + draws.get(&nested.id())?,
            _ => 1,
        };
        dearest = dearest.max(count);
    }
    Some((table.always.len() as u64).saturating_add(u64::from(table.rolls).saturating_mul(dearest)))
}

/// Notes the first entry through which a table leads back to itself.
fn check_ring(content: &Content, id: Id<LootDef>, table: &LootDef, at: Spot<'_>, review: &mut Review<'_>) {
    for (index, entry) in table.entries.iter().enumerate() {
        if let Drop::Table(nested) = &entry.drop
            && leads_to(content, nested.id(), id)
        {
            let at = at.field("entries").nth(index).field("drop").nth(0);
            let expected = "a table that does not lead back here";
            review.fault(at, "loot tables in a ring", format!("{:?}", nested.key()), expected);
            return;
        }
    }
}

fn leads_to(content: &Content, from: Id<LootDef>, to: Id<LootDef>) -> bool {
    let mut seen = vec![false; content.loot.len()];
    let mut open = vec![from];
    while let Some(id) = open.pop() {
        if id == to {
            return true;
        }
        let Some(table) = content.loot.find(id) else { continue };
        if core::mem::replace(&mut seen[usize::from(id.index())], true) {
            continue;
        }
        open.extend(table.entries.iter().filter_map(|entry| match &entry.drop {
            Drop::Table(nested) => Some(nested.id()),
            Drop::Nothing | Drop::Item(_) => None,
        }));
    }
    false
}
