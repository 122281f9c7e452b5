//! Loot tables, and that nesting them ends.

use std::collections::BTreeMap;

use crate::content::Sources;
use crate::def::{Drop, LootDef};
use crate::limits::{LOOT_DRAWS_MAX, LOOT_NESTING_MAX};
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

/// What one use of a table may come to.
#[derive(Clone, Copy)]
struct Use {
    draws: u64,
    /// Tables in one another, this one included.
    nesting: u32,
}

/// Refuses tables that lead back to themselves, and those whose nesting multiplies beyond reason.
pub(super) fn check_nesting(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    let mut uses: BTreeMap<Id<LootDef>, Use> = BTreeMap::new();
    // Each round settles the tables that lead to settled ones only; what never settles is on a ring or leads to one.
    loop {
        let settled_count = uses.len();
        for (id, _, table) in content.loot.iter() {
            if !uses.contains_key(&id)
                && let Some(most) = use_of(content, table, &uses)
            {
                uses.insert(id, most);
            }
        }
        if uses.len() == settled_count {
            break;
        }
    }
    for (id, key, table) in content.loot.iter() {
        let Some(source) = sources.get(&(LootDef::FOLDER, key.to_owned())) else { continue };
        let at = source.root();
        let Some(most) = uses.get(&id) else {
            check_ring(content, id, table, at, review);
            continue;
        };
        if most.draws > LOOT_DRAWS_MAX {
            let expected = format!("at most {LOOT_DRAWS_MAX}, nested tables included");
            review.fault(at.field("rolls"), "too many draws", most.draws, expected);
        }
        if most.nesting > LOOT_NESTING_MAX {
            let expected = format!("at most {LOOT_NESTING_MAX} in one another");
            review.fault(at.field("entries"), "loot tables nested too deep", most.nesting, expected);
        }
    }
}

/// What one use of a table may come to; unknown as long as a nested table's is.
fn use_of(content: &Content, table: &LootDef, uses: &BTreeMap<Id<LootDef>, Use>) -> Option<Use> {
    let mut most = Use { draws: 0, nesting: 0 };
    for entry in &table.entries {
        let (draws, nesting) = match &entry.drop {
            Drop::Table(nested) if content.loot.find(nested.id()).is_some() => {
                let nested = uses.get(&nested.id())?;
                (nested.draws.saturating_add(1), nested.nesting)
            }
            _ => (1, 0),
        };
        most = Use { draws: most.draws.max(draws), nesting: most.nesting.max(nesting) };
    }
    let drawn = u64::from(table.rolls).saturating_mul(most.draws);
    Some(Use { draws: drawn.saturating_add(table.always.len() as u64), nesting: most.nesting.saturating_add(1) })
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
