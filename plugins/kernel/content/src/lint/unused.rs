//! Definitions that no mode leads to.

use super::root;
use crate::content::Sources;
use crate::def::{AbilityDef, BehaviourDef, EffectDef, HazardDef, ItemDef, LootDef, MapDef, NpcDef};
use crate::reach::{Reach, of_modes};
use crate::review::{Definition, Review};
use crate::{Content, Table};

pub(super) fn look(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    if content.modes.is_empty() {
        return;
    }
    let used = of_modes(content);
    let shop = "loot or a mode that gives it; only the shop has it";
    each::<AbilityDef>(&content.abilities, &used, "an NPC, an item or a mode with it", sources, review);
    each::<BehaviourDef>(&content.behaviours, &used, "an NPC or a mode with it", sources, review);
    each::<EffectDef>(&content.effects, &used, "an ability, an item or a hazard with it", sources, review);
    each::<HazardDef>(&content.hazards, &used, "a mode with it", sources, review);
    each::<ItemDef>(&content.items, &used, shop, sources, review);
    each::<LootDef>(&content.loot, &used, "an NPC, a map or another table with it", sources, review);
    each::<MapDef>(&content.maps, &used, "a mode on it", sources, review);
    each::<NpcDef>(&content.npcs, &used, "a map or a mode with it", sources, review);
}

fn each<T: Definition>(table: &Table<T>, used: &Reach, expected: &str, sources: &Sources, review: &mut Review<'_>) {
    for (id, key, _) in table.iter() {
        if !used.has(T::FOLDER, id.index())
            && let Some(at) = root::<T>(sources, key)
        {
            review.warn(at, "never used", format!("no mode that leads to {key:?}"), expected, None);
        }
    }
}
