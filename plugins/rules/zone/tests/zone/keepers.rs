//! Those who talk and trade.

use hypogeum_protocol::NetId;
use hypogeum_shard::CommandBody;
use hypogeum_world_messages::{WorldCommand, WorldNews};

use crate::yard::{TestZone, zone_with};

/// The yard with the trader of the town in its hall, and Ada with some coins beside him.
fn beside_ostwin(coins: u32) -> (TestZone, NetId) {
    let ostwin = "spawners: [(npc: \"ostwin\", count: 1, room: \"hall\", respawn_ms: 60000), ";
    let mut test = zone_with(&[("spawners: [", ostwin)], &[]);
    let purse: Vec<(u32, &str)> = (1..=coins).map(|serial| (serial, "old_coin")).collect();
    let ada = test.enter(0, "Ada", Vec::new(), &purse);
    test.steps(20);
    (test, ada)
}

/// How many pieces of a kind somebody carries.
fn count(test: &TestZone, who: NetId, template: &str) -> u32 {
    let world = test.shard.world();
    let content = &world.resource::<hypogeum_shard::Rules>().content;
    hypogeum_items::count_of(world, who, content.items.id(template).expect("it ships"))
}

#[test]
fn people_say_what_they_know_and_everyone_near_hears_it() {
    let (mut test, ada) = beside_ostwin(0);
    let grace = test.newcomer(1, "Grace");
    test.types(0, "talk ostwin");
    assert!(test.was_told(ada, "Ostwin says, \"Look with your eyes"), "{:?}", test.words(ada));
    test.types(0, "talk to ostwin about the cat");
    assert!(test.was_told(ada, "Ostwin says, \"Nine coins."), "{:?}", test.words(ada));
    assert!(test.was_told(grace, "Ostwin says, \"Nine coins."), "{:?}", test.words(grace));
    test.types(0, "talk ostwin dragons");
    assert!(test.was_told(ada, "For everything else there is the inn."), "{:?}", test.words(ada));
    test.types(0, "talk grace");
    assert!(test.was_told(ada, "There is no such companion here."), "{:?}", test.words(ada));
    test.types(0, "talk dragon");
    assert!(test.was_told(ada, "There is no dragon here."), "{:?}", test.words(ada));
}

#[test]
fn what_is_bought_is_paid_for_and_what_is_sold_is_paid() {
    let (mut test, ada) = beside_ostwin(5);
    test.types(0, "list");
    assert!(test.was_told(ada, "Ostwin sells: a bandage for 2 old coins, "), "{:?}", test.words(ada));
    assert!(test.was_told(ada, "a wolf pelt for 3 old coins"), "{:?}", test.words(ada));
    let wares =
        test.told.iter().find_map(|(_, news)| if let WorldNews::Wares(wares) = news { Some(wares) } else { None });
    let wares = wares.expect("a client with buttons is told, too").clone();
    assert_eq!((wares.coin.as_str(), &wares.sells[0]), ("old_coin", &("bandage".to_owned(), 2)));

    let before = count(&test, ada, "bandage");
    test.types(0, "buy bandage");
    assert!(test.was_told(ada, "You buy a bandage for 2 old coins."), "{:?}", test.words(ada));
    test.types(0, "buy 2 bandage from ostwin");
    assert!(test.was_told(ada, "You do not have enough: that is 4 old coins."), "{:?}", test.words(ada));
    assert_eq!((count(&test, ada, "bandage"), count(&test, ada, "old_coin")), (before + 1, 3));
    test.types(0, "sell bandage");
    assert!(test.was_told(ada, "Ostwin does not buy that."), "{:?}", test.words(ada));
    test.types(0, "sell sword");
    assert!(test.was_told(ada, "You carry no sword.") || test.was_told(ada, "does not buy"), "{:?}", test.words(ada));
    test.types(0, "buy anvil");
    assert!(test.was_told(ada, "Ostwin does not sell that."), "{:?}", test.words(ada));

    // With buttons: the same, and what cannot be is refused.
    let from = wares.who;
    let buy = |template: &str, count| WorldCommand::Buy { from, template: template.to_owned(), count };
    for (command, answer) in [
        (buy("bandage", 0), "Not so many at once."),
        (buy("bandage", u32::MAX), "Not so many at once."),
        (buy("golden_idol", 1), "Ostwin does not sell that."),
        (WorldCommand::Buy { from: ada, template: "bandage".to_owned(), count: 1 }, "Nobody sells anything here."),
        (WorldCommand::Sell { to: from, item: NetId(9_999), count: None, seen: Some(7) }, "You carry no such thing."),
        (WorldCommand::Wares { of: NetId(9_999) }, "Nobody sells anything here."),
        (WorldCommand::Talk { to: NetId(9_999), about: "x".repeat(500) }, "There is no such companion here."),
    ] {
        test.told.clear();
        test.step(&[(0, CommandBody::Custom { seq: 9, body: command.encode().into() })]);
        assert!(test.was_told(ada, answer), "{command:?}: {:?}", test.words(ada));
    }
    assert_eq!((count(&test, ada, "bandage"), count(&test, ada, "old_coin")), (before + 1, 3), "nothing came of those");
}

#[test]
fn pelts_become_coins() {
    let ostwin = "spawners: [(npc: \"ostwin\", count: 1, room: \"hall\", respawn_ms: 60000), ";
    let mut test = zone_with(&[("spawners: [", ostwin)], &[]);
    let ada = test.enter(0, "Ada", Vec::new(), &[(1, "wolf_pelt"), (2, "wolf_pelt"), (3, "rat_pelt")]);
    test.steps(20);
    test.types(0, "sell all.wolf");
    assert!(test.was_told(ada, "You sell a wolf pelt for 3 old coins."), "{:?}", test.words(ada));
    assert_eq!((count(&test, ada, "wolf_pelt"), count(&test, ada, "old_coin")), (0, 6));
    let grant = test.leave(0);
    let coins: u32 =
        grant.items_secured.iter().filter(|item| item.template == "old_coin").map(|item| item.state.count).sum();
    assert_eq!(coins, 6, "and she leaves with them");
}

#[test]
fn who_has_no_room_keeps_the_coins() {
    let (mut test, ada) = beside_ostwin(60);
    test.types(0, "merge coin");
    // Caps take a place each, until there is none.
    for _ in 0..40 {
        test.types(0, "buy leather");
        if test.was_told(ada, "there is no room for it") || test.was_told(ada, "You do not have enough") {
            break;
        }
    }
    let (caps, coins) = (count(&test, ada, "leather_cap"), count(&test, ada, "old_coin"));
    assert_eq!(coins + 6 * caps, 60, "each was paid for, and none that was refused");
}

#[test]
fn what_was_there_before_is_not_what_goes_back() {
    // One place is free, and two are bought: of the cap that came and the old one, the one that came goes back.
    let ostwin = "spawners: [(npc: \"ostwin\", count: 1, room: \"hall\", respawn_ms: 60000), ";
    let mut test = zone_with(&[("spawners: [", ostwin)], &[]);
    let purse = (1..=20).map(|serial| (serial, "old_coin"));
    let things: Vec<(u32, &str)> = std::iter::once((100, "leather_cap")).chain(purse).collect();
    let ada = test.enter(0, "Ada", Vec::new(), &things);
    test.steps(20);
    test.types(0, "merge coin");
    let is_old = |test: &TestZone| {
        let held = hypogeum_items::carried(test.shard.world(), ada);
        held.iter().any(|held| (held.item.id.origin, held.item.id.serial) == (1, 100))
    };
    for serial in 0.. {
        // Rat pelts come with the game master, until one place is left.
        let slots = hypogeum_items::carried(test.shard.world(), ada).len();
        test.types(0, "@give ada wolf_fang -- to fill her bag");
        if hypogeum_items::carried(test.shard.world(), ada).len() == slots {
            break;
        }
        assert!(serial < 100, "a bag has an end");
    }
    test.types(0, "drop fang");
    test.steps(3);
    test.types(0, "buy 2 leather");
    assert!(test.was_told(ada, "there is no room for it"), "{:?}", test.words(ada));
    assert!(is_old(&test), "her own is still hers");
    assert_eq!((count(&test, ada, "leather_cap"), count(&test, ada, "old_coin")), (1, 20), "and so are the coins");
}
