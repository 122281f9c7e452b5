//! Definitions that no mode, zone, archetype or tournament leads to.

use super::root;
use crate::content::Sources;
use crate::def::{
    AbilityDef, BattleDef, BehaviourDef, EffectDef, HazardDef, ItemDef, LootDef, MapDef, NpcDef, OpponentDef, ScriptDef,
};
use crate::reach::{Reach, of_all};
use crate::review::{Definition, Review};
use crate::{Content, Table};

pub(super) fn look(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    if content.modes.is_empty() {
        return;
    }
    let used = of_all(content);
    let shop = "loot, a mode or a zone that gives it; only the shop has it";
    each::<AbilityDef>(&content.abilities, &used, "an NPC, an item, a mode or an archetype with it", sources, review);
    each::<BattleDef>(&content.battles, &used, "a tournament that is fought so", sources, review);
    each::<BehaviourDef>(&content.behaviours, &used, "an NPC or a mode with it", sources, review);
    each::<EffectDef>(&content.effects, &used, "an ability, an item, a hazard or a trigger with it", sources, review);
    each::<HazardDef>(&content.hazards, &used, "a mode or a zone with it", sources, review);
    each::<ItemDef>(&content.items, &used, shop, sources, review);
    each::<LootDef>(&content.loot, &used, "an NPC, a map, a zone or another table with it", sources, review);
    each::<MapDef>(&content.maps, &used, "a mode on it", sources, review);
    each::<OpponentDef>(&content.opponents, &used, "a tournament that it can fill", sources, review);
    each::<ScriptDef>(&content.scripts, &used, "a trigger of a zone that calls it", sources, review);
    each::<NpcDef>(&content.npcs, &used, "a map, a mode or a zone with it", sources, review);
}

fn each<T: Definition>(table: &Table<T>, used: &Reach, expected: &str, sources: &Sources, review: &mut Review<'_>) {
    for (id, key, _) in table.iter() {
        if !used.has(T::FOLDER, id.index())
            && let Some(at) = root::<T>(sources, key)
        {
            review.warn(at, "never used", format!("nothing that leads to {key:?}"), expected, None);
        }
    }
}
