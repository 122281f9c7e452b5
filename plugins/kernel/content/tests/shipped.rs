//! The assets this repository ships.

use std::path::{Path, PathBuf};

use hypogeum_content::def::{
    DoorState, FillRule, HazardShape, InterestRule, ItemKind, ModeDef, TriggerAction, TriggerEvent, WatchRule, ZoneDef,
};
use hypogeum_content::{Content, ContentError};

fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets")
}

fn shipped() -> Content {
    Content::load(&assets()).unwrap_or_else(|errors| panic!("assets have mistakes:\n{}", listed(&errors)))
}

fn listed(errors: &[ContentError]) -> String {
    errors.iter().map(|error| format!("{error}\n")).collect()
}

fn mode<'c>(content: &'c Content, key: &str) -> &'c ModeDef {
    let id = content.modes.id(key).unwrap_or_else(|| panic!("mode {key} is shipped"));
    &content.modes[id]
}

fn zone<'c>(content: &'c Content, key: &str) -> &'c ZoneDef {
    let id = content.zones.id(key).unwrap_or_else(|| panic!("zone {key} is shipped"));
    &content.zones[id]
}

/// Guards and spawners together.
fn npc_count(content: &Content, mode: &ModeDef) -> u32 {
    let map = &content.maps[mode.map.id()];
    let guards = map.pois.iter().map(|poi| poi.count * poi.guards.iter().map(|(_, count)| count).sum::<u32>());
    guards.sum::<u32>() + mode.spawners.iter().map(|spawner| spawner.count).sum::<u32>()
}

#[test]
fn nothing_that_ships_looks_wrong() {
    let report = Content::check(&assets());
    assert!(report.warnings.is_empty(), "assets have warnings:\n{}", listed(&report.warnings));
}

#[test]
fn extraction_has_waves_and_a_fight_in_phases() {
    let content = shipped();
    let spawners = &mode(&content, "extraction").spawners;
    assert!(spawners.iter().any(|spawner| spawner.waves.is_some()), "some come in waves");
    let warden = content.npcs.id("hollow_warden").expect("the warden of the hollow is shipped");
    assert!(spawners.iter().any(|spawner| spawner.npc.id() == warden), "a warden comes");
    let phases = &content.npcs[warden].phases;
    assert!(phases.len() >= 2 && phases.iter().any(|phase| !phase.spawns.is_empty()), "who calls for help");
}

#[test]
fn blitz_is_a_whole_game_in_75_seconds() {
    let content = shipped();
    let blitz = mode(&content, "blitz");
    assert_eq!(blitz.deploy_ms + blitz.duration_ms, 75_000, "a blitz lasts 75 seconds");
    assert!(blitz.players_min <= 24 && blitz.players_max >= 24, "24 bots fit into a blitz");
    assert_eq!(blitz.fill, FillRule::Autopilot, "empty seats are filled");
    assert_eq!(blitz.watch, WatchRule::Everyone, "the dead watch whom they like");
    let watched = ["extraction", "skirmish", "throng"].map(|key| mode(&content, key).watch);
    assert_eq!(watched, [WatchRule::Party; 3], "elsewhere they would have something to tell the living");
    assert!(npc_count(&content, blitz) >= 100, "a blitz has at least 100 NPCs");
    let has =
        |is: fn(&HazardShape) -> bool| blitz.hazards.iter().any(|usage| is(&content.hazards[usage.hazard.id()].shape));
    assert!(has(|shape| matches!(shape, HazardShape::Storm { .. })), "a blitz has a storm");
    assert!(has(|shape| matches!(shape, HazardShape::Cloud { .. })), "a blitz has gas");
    assert!(has(|shape| matches!(shape, HazardShape::Mines { .. })), "a blitz has mines");
    assert!(blitz.exits.open_ms.iter().any(|hours| hours.1 == blitz.duration_ms), "one exit stays open to the end");
}

#[test]
fn extraction_is_the_long_game() {
    let content = shipped();
    let extraction = mode(&content, "extraction");
    assert!((600_000..=900_000).contains(&extraction.duration_ms), "it lasts 10 to 15 minutes");
    assert_eq!((extraction.players_min, extraction.players_max), (20, 40), "20 to 40 take part");
    assert!((200..=300).contains(&npc_count(&content, extraction)), "among 200 to 300 NPCs");
}

#[test]
fn skirmish_is_for_two() {
    let content = shipped();
    let skirmish = mode(&content, "skirmish");
    assert_eq!(skirmish.players_min, 2, "two are enough");
    assert_eq!(skirmish.fill, FillRule::Nobody, "nobody else joins");
    assert!(npc_count(&content, skirmish) <= 4, "NPCs hardly interfere");
}

#[test]
fn throng_is_for_ten_thousand() {
    let content = shipped();
    let throng = mode(&content, "throng");
    let map = &content.maps[throng.map.id()];
    assert_eq!((throng.players_min, throng.players_max), (1, 10_000), "one is enough, and ten thousand fit");
    assert_eq!(throng.avatar.interest, InterestRule::Cells, "a crowd is shown by the cell");
    assert_eq!(mode(&content, "blitz").avatar.interest, InterestRule::Exact, "a few are shown exactly");
    assert!((900..=1_000).contains(&npc_count(&content, throng)), "a thousand live there");
    assert!(map.obstacles.count <= 120, "hardly anything obstructs");
    assert!(map.pois.iter().map(|poi| poi.count).sum::<u32>() <= 64, "its brief stays small");
}

#[test]
fn everyone_starts_with_a_weapon_armour_and_help() {
    let content = shipped();
    for (_, key, mode) in content.modes.iter() {
        for kind in [ItemKind::Weapon, ItemKind::Armour, ItemKind::Consumable] {
            let has = mode.rewards.starter_items.iter().any(|item| content.items[item.id()].kind == kind);
            assert!(has, "a new account in {key} owns a {kind:?}");
        }
    }
}

#[test]
fn a_town_a_forest_and_a_crypt() {
    let content = shipped();
    let rooms: usize = content.zones.iter().map(|(_, _, zone)| zone.rooms.len()).sum();
    assert!((24..=30).contains(&rooms), "{rooms} rooms are worth a visit");
    let town = zone(&content, "lanternfoot");
    let is_safe = town.rooms.iter().filter(|room| room.is_safe).count();
    assert!(is_safe * 2 > town.rooms.len(), "most of the town is safe");
    for key in ["lanternfoot", "wolfwood", "sunken_crypt"] {
        let zone = zone(&content, key);
        assert_eq!(zone.tick_hz, Some(10), "{key} is stepped ten times a second");
        assert!(zone.room(&zone.shrine).is_some_and(|shrine| shrine.is_safe), "nobody is hurt at the shrine of {key}");
    }
}

#[test]
fn whoever_goes_through_a_gate_can_come_back() {
    let content = shipped();
    for (_, key, here) in content.zones.iter() {
        for gate in &here.gates {
            let there = zone(&content, &gate.to_zone);
            let is_back = there
                .gates
                .iter()
                .any(|back| (back.to_zone.as_str(), &back.to_room, &back.room) == (key, &gate.room, &gate.to_room));
            assert!(is_back, "the gate {} of {key} has one that leads back", gate.word);
            assert!(there.room(&gate.to_room).is_some(), "and one arrives in a room");
        }
    }
}

#[test]
fn the_crypt_is_opened_by_a_lever_a_key_and_a_chain() {
    let content = shipped();
    let crypt = zone(&content, "sunken_crypt");
    let opens = |lever: &str, door: &str| {
        crypt.triggers.iter().any(|trigger| {
            matches!(&trigger.on, TriggerEvent::Pull(key) if key == lever)
                && trigger.then.iter().any(|action| matches!(action, TriggerAction::Open(key) if key == door))
        })
    };
    let between = |door: &str| {
        let way = crypt.way_of_door(door).unwrap_or_else(|| panic!("{door} is there"));
        assert_eq!(way.door.as_ref().map(|door| door.starts), Some(DoorState::Locked), "{door} begins locked");
        (way.between.0.as_str(), way.between.1.as_str())
    };
    assert!(opens("rusty_lever", "grate"), "the lever in the guardroom opens the grate");
    assert_eq!(between("grate"), ("guardroom", "crypt"), "which is the way on");
    let key = crypt.way_of_door("drowned_door").and_then(|way| way.door.as_ref()?.opened_by.as_ref());
    assert_eq!(key.map(|key| key.key()), Some("crypt_key"), "the key opens the bronze door");
    assert!(opens("great_chain", "last_door"), "and the chain the last one");
    assert!(crypt.ways.iter().any(|way| way.is_secret), "something is to be found");
    let boss = crypt.spawners.iter().find(|spawner| spawner.npc.key() == "crypt_warden");
    assert_eq!(boss.map(|boss| boss.room.as_str()), Some("last_hall"), "somebody waits in the last hall");
    let boss = &content.npcs[content.npcs.id("crypt_warden").expect("the boss is there")];
    assert_eq!(boss.phases.len(), 3, "the fight with him has stages");
    assert!(boss.phases.iter().all(|phase| !phase.says.is_empty()), "he says what he thinks of it");
    assert!(boss.phases.iter().any(|phase| !phase.spawns.is_empty()), "and does not stay alone");
}

#[test]
fn every_archetype_begins_with_something_to_hit_with() {
    let content = shipped();
    assert_eq!(content.archetypes.len(), 3, "there is a choice");
    for (_, key, archetype) in content.archetypes.iter() {
        let has = |kind| archetype.starter_items.iter().any(|item| content.items[item.id()].kind == kind);
        assert!(has(ItemKind::Weapon) && has(ItemKind::Consumable), "a {key} can hit, and get up again");
    }
}

#[test]
fn every_definition_is_used_by_something() {
    let content = shipped();
    let mut links: Vec<&str> = Vec::new();
    for (_, _, item) in content.items.iter() {
        links.extend(item.ability.iter().map(|link| link.key()));
        links.extend(item.on_use.iter().map(|link| link.key()));
    }
    for (_, _, npc) in content.npcs.iter() {
        links.extend(npc.abilities.iter().map(|link| link.key()));
    }
    for (_, _, mode) in content.modes.iter() {
        links.extend(mode.avatar.abilities.iter().map(|link| link.key()));
        links.push(mode.avatar.unarmed.key());
        links.extend(mode.hazards.iter().map(|usage| usage.hazard.key()));
    }
    for (_, key, _) in content.abilities.iter() {
        assert!(links.contains(&key), "ability {key} is given by something");
    }
    for (_, key, _) in content.hazards.iter() {
        assert!(links.contains(&key), "hazard {key} is in a mode");
    }
}
