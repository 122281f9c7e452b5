//! Modes against what they are played on and with.

use super::map::SIDES_M;
use super::mode::DURATIONS_MS;
use crate::content::Sources;
use crate::def::{HazardPlace, HazardShape, HazardUse, MapDef, ModeDef, NpcDef};
use crate::limits::{MINES_MAX, NPCS_MAX, PLAYERS_MAX, ROOM_M2_MIN};
use crate::locate::Spot;
use crate::review::{Definition, Review};
use crate::{Content, Id};

pub(super) fn check_modes(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, mode) in content.modes.iter() {
        let Some(source) = sources.get(&(ModeDef::FOLDER, key.to_owned())) else { continue };
        let at = source.root();
        check_loadout(mode, at, review);
        if let Some(map) = content.maps.find(mode.map.id()) {
            check_population(content, mode, map, at, review);
            check_places(mode, map, at, review);
            if SIDES_M.contains(&map.side_m.into()) {
                check_room(mode, map, at, review);
            }
        }
        check_hazards(content, mode, at.field("hazards"), review);
    }
}

/// What a new account owns should fit into what it can carry.
fn check_loadout(mode: &ModeDef, at: Spot<'_>, review: &mut Review<'_>) {
    let (items, slots) = (mode.rewards.starter_items.len(), mode.avatar.inventory_slots);
    if u32::try_from(items).is_ok_and(|items| items > slots) {
        let at = at.field("rewards").field("starter_items");
        review.fault(at, "starter items do not fit", items, format!("at most the {slots} inventory slots"));
    }
}

/// Guards and spawners: known places, and no more heads than a shard steps in time, with those whom their phases call.
fn check_population(content: &Content, mode: &ModeDef, map: &MapDef, at: Spot<'_>, review: &mut Review<'_>) {
    for (index, spawner) in mode.spawners.iter().enumerate() {
        if let Some(kind) = &spawner.at {
            check_kind(map, mode, at.field("spawners").nth(index).field("at"), kind, review);
        }
    }
    let with_followers =
        |npc: Id<NpcDef>, count: u64| count.saturating_mul(1 + content.npcs.find(npc).map_or(0, NpcDef::followers_max));
    let guards = map.pois.iter().map(|poi| {
        let each = poi.guards.iter().map(|(npc, count)| with_followers(npc.id(), u64::from(*count)));
        u64::from(poi.count).saturating_mul(each.fold(0, u64::saturating_add))
    });
    let spawned = mode.spawners.iter().map(|spawner| with_followers(spawner.npc.id(), spawner.living_max()));
    let count = guards.chain(spawned).fold(0, u64::saturating_add);
    if count > NPCS_MAX {
        let expected = format!("at most {NPCS_MAX}, guards of the map and those whom phases call included");
        review.fault(at.field("spawners"), "too many NPCs", count, expected);
    }
}

/// How far from the edge of a map starts are.
const EDGE_CM: i64 = 400;
/// Length of the edge that a start in a team takes.
const TEAM_START_CM: i64 = 450;

/// Participants, their teams and exits fit on the map.
fn check_room(mode: &ModeDef, map: &MapDef, at: Spot<'_>, review: &mut Review<'_>) {
    let side_cm = i64::from(map.side_m) * 100;
    let room = u64::from(map.side_m).pow(2) / ROOM_M2_MIN;
    if mode.players_max <= PLAYERS_MAX && u64::from(mode.players_max) > room {
        let expected = format!("at most {room}, {ROOM_M2_MIN} m² of map {:?} for each", mode.map.key());
        review.fault(at.field("players_max"), "no room for all", mode.players_max, expected);
    }
    if let Some(teams) = &mode.teams {
        let side_by_side = (side_cm - 2 * EDGE_CM).max(0) * 4 / (TEAM_START_CM * i64::from(teams.size.max(1)));
        if i64::from(teams.count) > side_by_side && (2..=64).contains(&teams.count) && (1..=12).contains(&teams.size) {
            let expected = format!("at most {side_by_side}, one beside the other along the edge of the map");
            review.fault(
                at.field("teams").field("count"),
                "no room for the starts of all teams",
                teams.count,
                expected,
            );
        }
    }
    let widest_cm = (side_cm / 8).clamp(100, 5_000);
    if (widest_cm..=5_000).contains(&i64::from(mode.exits.radius_cm)) {
        review.range(at.field("exits").field("radius_cm"), mode.exits.radius_cm, 100..=widest_cm);
    }
}

/// Hazards lie where something is.
fn check_places(mode: &ModeDef, map: &MapDef, at: Spot<'_>, review: &mut Review<'_>) {
    for (index, hazard) in mode.hazards.iter().enumerate() {
        let HazardPlace::At(kind) = &hazard.place else { continue };
        let at = at.field("hazards").nth(index);
        if let Some(places) = check_kind(map, mode, at.field("place").nth(0), kind, review)
            && hazard.count > places
        {
            let expected = format!("at most {places}, as many as there are of {kind:?}");
            review.fault(at.field("count"), "more hazards than places", hazard.count, expected);
        }
    }
}

/// How many points of interest of a kind the map has; notes it where there are none.
fn check_kind(map: &MapDef, mode: &ModeDef, at: Spot<'_>, kind: &str, review: &mut Review<'_>) -> Option<u32> {
    let poi = map.pois.iter().find(|poi| poi.kind == kind);
    if poi.is_none() {
        let kinds: Vec<&str> = map.pois.iter().map(|poi| poi.kind.as_str()).collect();
        let known = if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") };
        let expected = format!("a kind of point of interest of map {:?}: {known}", mode.map.key());
        review.fault(at, "unknown place", format!("{kind:?}"), expected);
    }
    poi.map(|poi| poi.count)
}

/// A hazard begins to hurt before the end, a storm is one and about the middle, mines are not without number.
fn check_hazards(content: &Content, mode: &ModeDef, at: Spot<'_>, review: &mut Review<'_>) {
    let mut mines = 0;
    let is_timed = DURATIONS_MS.contains(&mode.duration_ms.into());
    for (index, usage) in mode.hazards.iter().enumerate() {
        let at = at.nth(index);
        let Some(hazard) = content.hazards.find(usage.hazard.id()) else { continue };
        let hurts_ms = u64::from(usage.at_ms) + u64::from(hazard.warning_ms);
        if is_timed && hurts_ms >= u64::from(mode.duration_ms) && usage.at_ms < mode.duration_ms {
            let expected = format!("less than {} with its warning of {}", mode.duration_ms, hazard.warning_ms);
            review.fault(at.field("at_ms"), "hazard after the end", usage.at_ms, expected);
        }
        match hazard.shape {
            HazardShape::Storm { .. } => check_storm(usage, at, review),
            HazardShape::Mines { count, .. } => mines += u64::from(count) * u64::from(usage.count),
            HazardShape::Cloud { .. } | HazardShape::Bombardment { .. } => {}
        }
    }
    if mines > MINES_MAX {
        review.fault(at, "too many mines", mines, format!("at most {MINES_MAX}"));
    }
}

fn check_storm(usage: &HazardUse, at: Spot<'_>, review: &mut Review<'_>) {
    if usage.count != 1 {
        review.fault(at.field("count"), "more than one storm", usage.count, "1");
    }
    if !matches!(usage.place, HazardPlace::Middle) {
        review.fault(at.field("place"), "storm off the middle", format!("{:?}", usage.place), "Middle");
    }
}
