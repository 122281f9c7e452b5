//! What a mind does with what it carries: heal itself, wear the better.

use hypogeum_content::Content;
use hypogeum_content::def::{EffectKind, ItemDef, ItemKind};
use hypogeum_items::{Carried, Inventory};
use hypogeum_protocol::Act;

use crate::Brain;
use crate::drive::Facts;

/// Share of health below which it reaches for a remedy, in percent.
const HURT_PERCENT: u64 = 50;
/// Time between two remedies: the first should have worked by then.
const REMEDY_MS: u32 = 4_000;

/// What to do with the belongings, if anything. `carried` is asked only when there is reason to.
pub(crate) fn tend(
    facts: &Facts<'_, '_, '_>,
    brain: &mut Brain,
    inventory: &Inventory,
    carried: impl FnOnce() -> Vec<Carried>,
) -> Option<Act> {
    let (content, tick) = (&facts.scene.rules.content, facts.scene.tick.0);
    let hurt = u64::from(facts.health.hp) * 100 < HURT_PERCENT * u64::from(facts.health.hp_max);
    let wants_remedy = hurt && tick >= brain.next_use_tick && inventory.count > 0;
    let wants_change = inventory.version != brain.inventory_version;
    if !wants_remedy && !wants_change {
        return None;
    }
    let carried = carried();
    if wants_remedy {
        brain.next_use_tick = tick.saturating_add(facts.scene.rules.ticks(REMEDY_MS));
        if let Some(remedy) = carried.iter().find(|carried| heals(content, carried)) {
            return Some(Act::Use { item: remedy.name });
        }
    }
    if wants_change {
        if let Some(better) = carried.iter().find(|one| is_better(content, one, &carried)) {
            return Some(Act::Equip { item: better.name });
        }
        brain.inventory_version = inventory.version;
    }
    None
}

fn heals(content: &Content, carried: &Carried) -> bool {
    let effect = content.items.find(carried.item.def).filter(|def| def.kind == ItemKind::Consumable);
    let effect = effect.and_then(|def| content.effects.find(def.on_use.as_ref()?.id()));
    effect.is_some_and(|effect| matches!(effect.kind, EffectKind::Heal(_)))
}

/// Whether it is not worn, can be, and is worth more than what its slot holds and all others for that slot.
fn is_better(content: &Content, one: &Carried, carried: &[Carried]) -> bool {
    let slot = |carried: &Carried| content.items.find(carried.item.def).and_then(|def: &ItemDef| def.slot);
    let value = |carried: &Carried| content.items.find(carried.item.def).map_or(0, |def| def.value);
    let Some(mine) = slot(one) else { return false };
    if one.worn.is_some() {
        return false;
    }
    // Of equals the worn one stays, then the first by name is taken.
    let rank = |carried: &Carried| (value(carried), carried.worn.is_some(), core::cmp::Reverse(carried.name));
    carried.iter().filter(|other| slot(other) == Some(mine)).all(|other| rank(other) <= rank(one))
}
