//! NPCs, archetypes and abilities that cannot do what they are for.

use std::collections::{BTreeMap, BTreeSet};

use super::root;
use crate::content::Sources;
use crate::def::{AbilityDef, AbilityShape, Activity, ArchetypeDef, Magnitude, NpcDef, Stat, Stats};
use crate::locate::Spot;
use crate::nearest::nearest;
use crate::review::Review;
use crate::{Content, Id};

/// Distance between the edges of two bodies that a blow should bridge.
const REACH_CM_MIN: u32 = 50;
/// Who fights should see at least so far, and walk at least so fast, if it walks.
const SIGHT_CM_MIN: u32 = 200;
const SPEED_CM_PER_S_MIN: u32 = 50;
/// A level that nobody exceeds, and what each adds to intellect, in percent.
const LEVEL_MAX: i64 = 100;
const GROWTH_PERCENT: i64 = 2;

pub(super) fn look(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    let factions = factions(content);
    for (_, key, npc) in content.npcs.iter() {
        let Some(at) = root::<NpcDef>(sources, key) else { continue };
        look_at_npc(content, npc, at, review);
        if factions.get(npc.faction.as_str()) == Some(&1) {
            look_at_faction(&npc.faction, &factions, at, review);
        }
    }
    for (_, key, archetype) in content.archetypes.iter() {
        let Some(at) = root::<ArchetypeDef>(sources, key) else { continue };
        look_at_speed(archetype.avatar.stats, at.field("avatar").field("stats"), review);
    }
    let pools = pools(content);
    for (id, key, ability) in content.abilities.iter() {
        let Some(at) = root::<AbilityDef>(sources, key) else { continue };
        look_at_reach(ability.shape, at.field("shape"), review);
        let most = pools.get(&id).copied().unwrap_or(i64::MAX);
        if i64::from(ability.mana) > most {
            let expected = format!("at most {most}, the mana of who has most of those that use it");
            review.warn(at.field("mana"), "nobody has so much mana", ability.mana, expected, None);
        }
    }
}

fn look_at_npc(content: &Content, npc: &NpcDef, at: Spot<'_>, review: &mut Review<'_>) {
    let fights = content.behaviours.find(npc.behaviour.id()).is_some_and(|behaviour| {
        behaviour.drives.iter().any(|drive| matches!(drive.activity, Activity::Fight | Activity::Kite))
    });
    let senses = npc.senses;
    if fights && senses.sight_cm < SIGHT_CM_MIN {
        let expected = format!("{SIGHT_CM_MIN} or more centimetres for who fights");
        review.warn(at.field("senses").field("sight_cm"), "hardly sees", senses.sight_cm, expected, None);
    }
    look_at_speed(npc.stats, at.field("stats"), review);
}

pub(super) fn look_at_speed(stats: Stats, at: Spot<'_>, review: &mut Review<'_>) {
    if (1..SPEED_CM_PER_S_MIN).contains(&stats.speed_cm_per_s) {
        let speed = stats.speed_cm_per_s;
        let hint = format!("in centimetres a second: {} for {speed} m/s", speed * 100);
        let expected = format!("0, or {SPEED_CM_PER_S_MIN} or more");
        review.warn(at.field("speed_cm_per_s"), "hardly moves", speed, expected, Some(hint));
    }
}

fn look_at_reach(shape: AbilityShape, at: Spot<'_>, review: &mut Review<'_>) {
    let (at, reach_cm) = match shape {
        AbilityShape::Melee { range_cm, .. } | AbilityShape::Hitscan { range_cm } => (at.field("range_cm"), range_cm),
        AbilityShape::Projectile { range_cm, .. } => (at.field("range_cm"), range_cm),
        AbilityShape::Area { radius_cm } => (at.field("radius_cm"), radius_cm),
    };
    if reach_cm < REACH_CM_MIN {
        let hint = format!("in centimetres: {} for {reach_cm} m", reach_cm * 100);
        let expected = format!("{REACH_CM_MIN} or more, from edge to edge");
        review.warn(at, "hardly reaches anyone", reach_cm, expected, Some(hint));
    }
}

/// How many kinds of NPC each faction has.
fn factions(content: &Content) -> BTreeMap<&str, usize> {
    let mut factions = BTreeMap::new();
    for (_, _, npc) in content.npcs.iter() {
        *factions.entry(npc.faction.as_str()).or_insert(0) += 1;
    }
    factions
}

/// One who is alone in a faction that is called almost like another.
fn look_at_faction(faction: &str, factions: &BTreeMap<&str, usize>, at: Spot<'_>, review: &mut Review<'_>) {
    let others: BTreeSet<&str> = factions.keys().copied().filter(|other| *other != faction).collect();
    if let Some(near) = nearest(faction, others.into_iter()) {
        let (found, hint) = (format!("{faction:?}"), format!("did you mean {near:?}?"));
        review.warn(at.field("faction"), "alone in its faction", found, "a faction that others are of", Some(hint));
    }
}

/// The most mana that anyone has who uses an ability, at any level and whatever it wears.
fn pools(content: &Content) -> BTreeMap<Id<AbilityDef>, i64> {
    let mut pools: BTreeMap<Id<AbilityDef>, i64> = BTreeMap::new();
    let mut note = |ability: Id<AbilityDef>, pool: i64| {
        let most = pools.entry(ability).or_insert(0);
        *most = pool.max(*most);
    };
    for (_, _, npc) in content.npcs.iter() {
        let abilities = npc.abilities.iter().chain(npc.phases.iter().flat_map(|phase| &phase.abilities));
        abilities.for_each(|ability| note(ability.id(), pool(npc.stats, npc.level.into())));
    }
    let worn: i64 = content.items.iter().flat_map(|(_, _, item)| &item.modifiers).map(mana_of).sum();
    let of_modes = content.modes.iter().map(|(_, _, mode)| &mode.avatar);
    for avatar in of_modes.chain(content.archetypes.iter().map(|(_, _, archetype)| &archetype.avatar)) {
        let pool = pool(avatar.stats, LEVEL_MAX) + worn;
        let weapons = content.items.iter().filter_map(|(_, _, item)| item.ability.as_ref());
        for ability in avatar.abilities.iter().chain([&avatar.unarmed]).chain(weapons) {
            note(ability.id(), pool);
        }
    }
    pools
}

fn pool(stats: Stats, level: i64) -> i64 {
    let intellect = i64::from(stats.intellect) * (100 + GROWTH_PERCENT * (level - 1)) / 100;
    Stats::MANA_BASE + Stats::MANA_PER_INTELLECT * intellect
}

/// Mana that an item adds at most. What it adds by shares is left out: that much is left to chance.
fn mana_of(modifier: &crate::def::Modifier) -> i64 {
    let per_point = match modifier.stat {
        Stat::MpMax => 1,
        Stat::Intellect => Stats::MANA_PER_INTELLECT,
        _ => 0,
    };
    match modifier.by {
        Magnitude::Flat(points) => per_point * i64::from(points.max(0)),
        Magnitude::BasisPoints(_) => 0,
    }
}
