//! What things are besides their kind, in words.

use crate::yard::{TestZone, zone_with};

#[test]
fn coins_are_counted_out_in_words() {
    let mut test = TestZone::new();
    let coins: Vec<(u32, &str)> = (1..=5).map(|serial| (serial, "old_coin")).collect();
    let (ada, grace) = (test.enter(0, "Ada", Vec::new(), &coins), test.newcomer(1, "Grace"));
    test.types(0, "merge coin");
    test.types(0, "inventory");
    assert!(test.was_told(ada, "5 old coins"), "they are one stack: {:?}", test.words(ada));
    test.types(0, "split 2 coin");
    assert!(test.was_told(ada, "You set 2 old coins apart."), "{:?}", test.words(ada));
    test.types(0, "merge coin");
    test.types(0, "drop 2 coin");
    assert!(test.was_told(grace, "Ada drops 2 old coins."), "{:?}", test.words(grace));
    test.types(1, "get 1 coin");
    test.until("she has one", |test| test.was_told(grace, "You take an old coin."));
    test.types(0, "give 2 coin grace");
    test.until("she is given two", |test| test.was_told(grace, "Ada gives you 2 old coins."));
    test.types(0, "give 7 coin grace");
    test.until("there are not so many", |test| test.was_told(ada, "That does not work: there are not so many."));
    let (hers, his) = (test.leave(1), test.leave(0));
    let coins = |grant: &hypogeum_protocol::Grant| {
        let coins = grant.items_secured.iter().filter(|item| item.template == "old_coin");
        coins.map(|item| item.state.count).collect::<Vec<_>>()
    };
    assert_eq!((coins(&hers), coins(&his)), (vec![3], vec![1]), "each leaves with what it has");
    let gone: Vec<(u32, u32)> = hers.items_changed.iter().map(|(id, count)| (id.serial, *count)).collect();
    assert_eq!(gone, [(1, 1), (2, 0), (3, 0), (4, 0), (5, 0)], "what was brought and is not that any more is told");
    assert_eq!(his.items_changed, [], "once");
}

#[test]
fn what_is_worn_breaks_and_is_repaired_and_looked_at() {
    let files = [
        (
            "items/blade.ron",
            r#"(name: "Brittle blade", kind: Weapon, slot: Weapon, ability: "sword_slash", durability: 1, binds: OnWear)"#,
        ),
        ("items/whetstone.ron", r#"(name: "Whetstone", kind: Valuable, repairs: 5, stack_max: 5)"#),
    ];
    let mut test = zone_with(&[], &files);
    let things = [(1, "blade"), (2, "whetstone"), (3, "whetstone")];
    let ada = test.enter(0, "Ada", Vec::new(), &things);
    test.types(0, "look blade");
    assert!(test.was_told(ada, "A brittle blade: as good as new."), "{:?}", test.words(ada));
    test.types(0, "wear blade");
    test.types(0, "drop blade");
    test.until("it is bound", |test| test.was_told(ada, "That does not work: it is bound to you."));
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    test.walk(0, "south", "gap");
    test.walk(0, "south", "den");
    test.types(0, "attack wolf");
    test.until("it breaks", |test| test.was_told(ada, "A brittle blade breaks!"));
    test.types(0, "look blade");
    test.until("she sees it", |test| test.was_told(ada, "A brittle blade: broken, bound."));
    test.types(0, "use whetstone on blade");
    test.until("it is repaired", |test| test.was_told(ada, "You repair a brittle blade."));
}

#[test]
fn a_smith_repairs_for_nothing() {
    let assets = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/npcs/rat.ron");
    let rat = std::fs::read_to_string(assets).expect("a rat ships");
    let smith = rat.replacen('(', "(repairs: true, ", 1).replace("\"Rat\"", "\"Smith\"");
    let blade = r#"(name: "Blade", kind: Weapon, slot: Weapon, ability: "sword_slash", durability: 9)"#;
    let files = [("npcs/smith.ron", smith.as_str()), ("items/blade.ron", blade)];
    let spawner = r#"spawners: [(npc: "smith", count: 1, room: "hall", respawn_ms: 5000), "#;
    let mut test = zone_with(&[("spawners: [", spawner)], &files);
    let ada = test.enter(0, "Ada", Vec::new(), &[(1, "blade")]);
    test.steps(5);
    test.types(0, "repair blade");
    test.until("it is whole already", |test| test.was_told(ada, "That does not work: it is not damaged."));
}

#[test]
fn a_bag_leaves_and_comes_back_with_what_is_in_it() {
    let files = [("items/sack.ron", r#"(name: "Sack", kind: Valuable, holds: 4)"#)];
    let mut test = zone_with(&[], &files);
    let things = [(1, "sack"), (2, "sack"), (3, "old_coin"), (4, "bandage")];
    let ada = test.enter(0, "Ada", Vec::new(), &things);
    test.types(0, "put coin in sack");
    test.until("it is in", |test| test.was_told(ada, "You put an old coin into a sack."));
    test.types(0, "put sack in 2.sack");
    test.types(0, "look in sack");
    test.until("she looks into the outer one", |test| test.was_told(ada, "In a sack: a sack."));
    test.types(0, "put sack in sack");
    test.types(0, "look in 2.sack");
    test.until("and into the inner one", |test| test.was_told(ada, "In a sack: an old coin."));
    let grant = test.leave(0);
    let inside = |serial: u32| {
        let item = grant.items_secured.iter().find(|item| item.id.serial == serial && item.id.origin == 1);
        item.expect("she left with it").state.inside.map(|bag| bag.serial)
    };
    assert_eq!([1, 2, 3, 4].map(inside), [Some(2), None, Some(1), None], "each says in what it lies");
    let body = grant.character.expect("she is a character").body;
    let ada = test.enter_with(1, "Ada", body, grant.items_secured);
    test.types(1, "get coin from 2.sack");
    test.until("it is there", |test| test.was_told(ada, "You take out an old coin."));
    test.types(1, "get coin from sack");
    test.until("and not twice", |test| test.was_told(ada, "There is no coin here."));
}

#[test]
fn what_is_too_heavy_stays_and_the_inventory_says_what_all_of_it_weighs() {
    let assets = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/archetypes/warrior.ron");
    let warrior = std::fs::read_to_string(assets).expect("a warrior ships");
    let weak = warrior.replacen("inventory_slots:", "weight_max_g: 2500, inventory_slots:", 1);
    let weak = weak.split("starter_items").next().map(|weak| format!("{weak})")).expect("it has a body");
    let anvil = r#"(name: "Anvil", kind: Valuable, weight_g: 1000, stack_max: 5)"#;
    // The first of the archetypes is what a newcomer of the yard is.
    let mut test = zone_with(&[], &[("archetypes/a_weak_one.ron", weak.as_str()), ("items/anvil.ron", anvil)]);
    let things: Vec<(u32, &str)> = (1..=3).map(|serial| (serial, "anvil")).collect();
    let (ada, grace) = (test.enter(0, "Ada", Vec::new(), &things), test.newcomer(1, "Grace"));
    test.types(0, "inventory");
    test.until("she has brought too much", |test| {
        test.was_told(ada, "It weighs 3000 of the 2500 grams that you can carry.")
    });
    test.types(0, "drop all.anvil");
    test.steps(5);
    for number in 1..=2 {
        test.types(1, "get anvil");
        test.steps(number * 5);
    }
    test.types(1, "get anvil");
    test.until("two are enough", |test| test.was_told(grace, "That does not work: it is too heavy."));
}

#[test]
fn an_antidote_ends_what_poisons_and_nothing_else() {
    let brew = r#"(name: "Brew", kind: Consumable, on_use: "poison")"#;
    let mut test = zone_with(&[], &[("items/brew.ron", brew)]);
    let ada = test.enter(0, "Ada", Vec::new(), &[(1, "brew"), (2, "swift_tonic"), (3, "antidote")]);
    // Where one is safe no poison takes.
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    test.types(0, "use brew");
    test.types(0, "use tonic");
    test.steps(2);
    test.types(0, "use antidote");
    test.until("she reads it", |test| test.was_told(ada, "You are free of an effect: poisoned."));
    test.types(0, "effects");
    test.until("the tonic still works", |test| test.words(ada).iter().any(|line| line.contains("hasted for")));
    assert!(!test.words(ada).iter().any(|line| line.contains("poisoned for")), "the poison does not");
    test.types(0, "use antidote");
    test.until("it is used up", |test| test.was_told(ada, "You carry no antidote."));
}
