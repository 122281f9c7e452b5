//! What the shipped bots know by name is shipped, too: a behaviour is no content, so `hypogeum check` does not see it.

use std::path::Path;

use hypogeum_content::Content;
use hypogeum_content::def::{EffectKind, ItemDef, ItemKind, Slot};
use hypogeum_loadbots::Behaviour;

fn content() -> Content {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    Content::load(&assets).unwrap_or_else(|errors| panic!("the assets have mistakes: {errors:?}"))
}

fn behaviours() -> Vec<Behaviour> {
    let shipped = |name| Behaviour::shipped(name).expect("it ships").expect("it reads");
    Behaviour::shipped_names().map(shipped).collect()
}

fn item<'c>(content: &'c Content, bot: &str, key: &str) -> &'c ItemDef {
    let id =
        content.items.id(key).unwrap_or_else(|| panic!("assets/bots/{bot}.ron names the item {key:?}: none ships"));
    &content.items[id]
}

#[test]
fn every_bot_file_ships_with_the_bots() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/bots");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be listed").file_name().to_string_lossy().replace(".ron", ""))
        .collect();
    files.sort_unstable();
    let mut shipped: Vec<&str> = Behaviour::shipped_names().collect();
    shipped.sort_unstable();
    assert_eq!(files, shipped, "a file in the folder is one that `--behaviour` knows by name");
}

#[test]
fn weapons_bots_wield_are_weapons() {
    let content = content();
    for bot in behaviours() {
        for weapon in &bot.weapons {
            let def = item(&content, &bot.name, &weapon.item);
            assert_eq!(def.kind, ItemKind::Weapon, "{} wields {}", bot.name, weapon.item);
        }
    }
}

#[test]
fn clothes_bots_wear_share_a_place_with_their_list_and_no_other() {
    let content = content();
    for bot in behaviours() {
        let mut places: Vec<Slot> = Vec::new();
        for list in &bot.wear {
            let place = |key: &String| {
                item(&content, &bot.name, key).slot.unwrap_or_else(|| panic!("{} cannot wear {key}", bot.name))
            };
            let mut of_list: Vec<Slot> = list.iter().map(place).collect();
            of_list.dedup();
            assert_eq!(of_list.len(), 1, "{} compares what goes to different places: {list:?}", bot.name);
            places.extend(of_list);
        }
        let count = places.len();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), count, "{} has two lists for one place and would change for ever", bot.name);
    }
}

#[test]
fn what_bots_heal_with_heals_and_what_they_drink_can_be_drunk() {
    let content = content();
    for bot in behaviours() {
        for key in &bot.heals {
            let effect = item(&content, &bot.name, key).on_use.as_ref().map(|effect| &content.effects[effect.id()]);
            let heals = effect.is_some_and(|effect| matches!(effect.kind, EffectKind::Heal(_)));
            assert!(heals, "{} would heal with {key}", bot.name);
        }
        for key in &bot.boosts {
            let def = item(&content, &bot.name, key);
            assert_eq!(def.kind, ItemKind::Consumable, "{} would drink {key}", bot.name);
        }
    }
}

#[test]
fn abilities_bots_use_have_a_slot_in_the_mode_they_play_most() {
    let content = content();
    let blitz = &content.modes[content.modes.id("blitz").expect("blitz ships")];
    for bot in behaviours() {
        for ability in &bot.abilities {
            // Slot 1 is the weapon's.
            let slots = 1 + blitz.avatar.abilities.len() as u32;
            assert!((2..=slots).contains(&ability.slot.value()), "{} uses slot {}", bot.name, ability.slot.value());
        }
    }
}
