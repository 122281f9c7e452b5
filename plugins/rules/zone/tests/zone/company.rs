//! Company, trade and spells, in words.

use hypogeum_items::carried;
use hypogeum_protocol::{ErrorCode, GameEvent, NetId, Seat};
use hypogeum_shard::{CommandBody, Departure, Outbox, PlaceKind, ShardKind};
use hypogeum_world_messages::{TableNews, WorldCommand, WorldNews};
use hypogeum_zone::Zone;

use crate::yard::{TestZone, zone_with};

fn two() -> (TestZone, NetId, NetId) {
    let mut test = TestZone::new();
    let (ada, grace) = (test.newcomer(0, "Ada"), test.newcomer(1, "Grace"));
    (test, ada, grace)
}

/// The door to the yard closes by itself: each opens it.
fn to_the_yard(test: &mut TestZone) {
    for seat in [0, 1] {
        test.types(seat, "open door");
        test.walk(seat, "east", "yard");
    }
}

fn keys(test: &TestZone, who: NetId) -> Vec<u32> {
    let mut keys: Vec<u32> = carried(test.shard.world(), who).iter().map(|held| held.item.id.serial).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn who_follows_comes_along_until_it_stops() {
    let (mut test, ada, grace) = two();
    test.types(1, "follow ada");
    assert!(test.was_told(grace, "You follow Ada."), "{:?}", test.words(grace));
    assert!(test.was_told(ada, "Grace follows you."), "{:?}", test.words(ada));
    to_the_yard(&mut test);
    test.walk(0, "south", "gap");
    test.walk(0, "south", "den");
    test.until("Grace in the den", |test| test.room(grace) == "den");
    test.types(1, "follow");
    test.walk(0, "north", "gap");
    test.steps(60);
    assert_eq!(test.room(grace), "den", "she stays where she is");
    test.types(1, "follow dragon");
    assert!(test.was_told(grace, "There is no dragon here."), "{:?}", test.words(grace));
}

#[test]
fn a_group_shares_what_a_fight_is_worth() {
    let (mut test, ada, grace) = two();
    test.types(1, "join");
    assert!(test.was_told(grace, "Nobody has asked you"), "{:?}", test.words(grace));
    test.types(0, "group grace");
    assert!(test.was_told(grace, "Ada asks you into a group."), "{:?}", test.words(grace));
    test.types(1, "join");
    test.types(0, "group");
    assert!(test.was_told(ada, "Your group: Ada, Grace."), "{:?}", test.words(ada));
    let company = Zone::company(test.shard.world(), Seat(1)).expect("they keep together");
    assert_eq!(company.seats, [Seat(0), Seat(1)], "they hear each other");
    to_the_yard(&mut test);
    test.types(1, "follow ada");
    test.walk(0, "south", "gap");
    test.walk(0, "south", "den");
    test.until("Grace in the den", |test| test.room(grace) == "den");
    test.types(0, "kill wolf");
    test.until("the wolf's death", |test| test.was_told(ada, "The hollow wolf is dead."));
    assert!(test.was_told(ada, "You gain 6 experience."), "{:?}", test.words(ada));
    assert!(test.was_told(grace, "You gain 6 experience."), "half of twelve for each: {:?}", test.words(grace));
    let grant = test.leave(0);
    assert_eq!(grant.xp_gained, 6, "and it counts");
    assert!(test.was_told(grace, "Ada leaves the group."), "{:?}", test.words(grace));
    test.types(1, "group");
    assert!(test.was_told(grace, "You are in no group."), "one alone is none: {:?}", test.words(grace));
}

#[test]
fn a_trade_is_done_once_both_agree_to_the_same() {
    let (mut test, ada, grace) = two();
    let (hers, other) = (keys(&test, ada), keys(&test, grace));
    test.types(0, "offer bandage");
    assert!(test.was_told(ada, "You are not trading."), "{:?}", test.words(ada));
    test.types(0, "trade grace");
    assert!(test.was_told(grace, "Ada asks you to trade."), "{:?}", test.words(grace));
    test.types(1, "trade ada");
    test.types(0, "offer bandage");
    assert!(test.was_told(grace, "You offer nothing. Ada offers a"), "{:?}", test.words(grace));
    test.types(1, "accept");
    // What is on the table changes after she has agreed.
    test.types(0, "withdraw bandage");
    test.types(0, "accept");
    assert_eq!((keys(&test, ada), keys(&test, grace)), (hers.clone(), other.clone()), "she has to agree again");
    test.types(0, "offer bandage");
    test.types(0, "accept");
    assert!(test.was_told(grace, "Ada agrees to the trade."), "{:?}", test.words(grace));
    test.types(1, "accept");
    let crossed = "That does not work: it has changed meanwhile.";
    assert!(
        test.was_told(grace, crossed),
        "she cannot have read what was laid there just now: {:?}",
        test.words(grace)
    );
    test.steps(20);
    test.types(1, "accept");
    assert!(test.was_told(ada, "The trade is done."), "{:?}", test.words(ada));
    assert_eq!(keys(&test, ada).len(), hers.len() - 1, "it is hers no longer");
    assert_eq!(keys(&test, grace).len(), other.len() + 1, "but her friend's");
}

#[test]
fn what_is_agreed_to_is_not_made_less_behind_ones_back() {
    let (mut test, ada, grace) = two();
    test.types(0, "@give ada old_coin 3 -- a test");
    test.types(0, "merge coin");
    test.types(0, "trade grace");
    test.types(1, "trade ada");
    test.types(0, "offer coin");
    test.steps(20);
    test.types(1, "accept");
    test.types(0, "split 2 coin");
    test.steps(1);
    assert!(test.was_told(grace, "The trade is off."), "a coin is not three: {:?}", test.words(ada));
    test.types(0, "accept");
    assert!(test.was_told(ada, "You are not trading."), "{:?}", test.words(ada));
}

#[test]
fn what_is_agreed_to_is_not_spent_in_the_tick_of_the_handshake() {
    let ostwin = "spawners: [(npc: \"ostwin\", count: 1, room: \"hall\", respawn_ms: 60000), ";
    let mut test = zone_with(&[("spawners: [", ostwin)], &[]);
    let ada = test.enter(0, "Ada", Vec::new(), &[]);
    let grace = test.newcomer(1, "Grace");
    test.types(0, "@give ada old_coin 5 -- a test");
    test.types(0, "merge coin");
    let hers = keys(&test, grace);
    test.types(0, "trade grace");
    test.types(1, "trade ada");
    test.types(0, "offer coin");
    test.steps(25);
    test.types(1, "accept");
    assert!(test.was_told(ada, "Grace agrees to the trade."), "{:?}", test.words(ada));
    // Two of the five coins go to the trader in the very tick in which she agrees, too.
    let line = |words: &str| {
        let body = WorldCommand::Line { words: words.to_owned() }.encode().into();
        (0, CommandBody::Custom { seq: 900, body })
    };
    test.step(&[line("buy bandage"), line("accept")]);
    assert!(test.was_told(ada, "You buy a bandage"), "{:?}", test.words(ada));
    assert!(test.was_told(grace, "The trade is off."), "three coins are not five: {:?}", test.words(grace));
    assert_eq!(keys(&test, grace), hers, "nothing has changed hands");
}

/// The table as somebody was shown it last.
fn table(test: &TestZone, who: NetId) -> TableNews {
    let mut shown = test.told.iter().rev();
    let table = shown.find_map(|(one, news)| match news {
        WorldNews::Table(table) if *one == who => Some(table.clone()),
        _ => None,
    });
    table.expect("a table was shown")
}

fn accepts(seat: u16, seq: u32, seen: u32) -> (u16, CommandBody) {
    let body = WorldCommand::Accept { seen: Some(seen) }.encode().into();
    (seat, CommandBody::Custom { seq, body })
}

fn conflicts(test: &TestZone, seq: u32) -> bool {
    let refused = GameEvent::Refused { seq, code: ErrorCode::Conflict };
    test.shard.world().resource::<Outbox>().0.iter().any(|told| told.event == refused)
}

#[test]
fn what_is_swapped_at_the_last_moment_is_not_agreed_to() {
    let (mut test, ada, grace) = two();
    test.types(0, "trade grace");
    test.types(1, "trade ada");
    test.types(0, "@give ada old_coin -- a test");
    test.types(0, "offer coin");
    let seen = table(&test, grace);
    assert_eq!((seen.with, seen.own.len()), (ada, 0), "she trades with Ada for nothing");
    assert_eq!(seen.their.iter().map(|item| item.template.as_str()).collect::<Vec<_>>(), ["old_coin"]);
    // While her word is on its way, Ada swaps the coin for a bandage and agrees herself.
    let (hers, other) = (keys(&test, ada), keys(&test, grace));
    test.types(0, "withdraw coin");
    test.types(0, "offer bandage");
    test.types(0, "accept");
    test.step(&[accepts(1, 70, seen.version)]);
    assert!(conflicts(&test, 70), "it is not the table that she has seen");
    assert_eq!((keys(&test, ada), keys(&test, grace)), (hers, other.clone()), "nothing changes hands");
    let now = table(&test, grace);
    assert_ne!(now.version, seen.version, "she is told how it lies now");
    test.step(&[accepts(1, 71, now.version)]);
    assert!(!conflicts(&test, 71) && test.was_told(ada, "The trade is done."), "{:?}", test.words(ada));
    assert_eq!(keys(&test, grace).len(), other.len() + 1, "which is what she gets");
}

#[test]
fn what_lies_in_an_offered_bag_is_seen_and_stays_there() {
    let gives = "then: [Give(\"old_coin\"), Give(\"sack\")], once: true";
    let sack = ("items/sack.ron", "(name: \"Sack\", kind: Valuable, holds: Some(4))");
    let mut test = zone_with(&[("then: [Give(\"old_coin\")], once: true", gives)], &[sack]);
    let (ada, grace) = (test.newcomer(0, "Ada"), test.newcomer(1, "Grace"));
    test.types(0, "@give ada sack -- a test");
    test.types(0, "@give ada old_coin -- a test");
    test.types(0, "put coin in sack");
    test.types(0, "trade grace");
    test.types(1, "trade ada");
    test.types(0, "offer sack");
    let [sack, coin] = &table(&test, grace).their[..] else { panic!("a sack and what is in it") };
    assert_eq!((sack.template.as_str(), coin.template.as_str()), ("sack", "old_coin"), "{:?}", test.words(grace));
    assert_eq!(coin.state.inside, Some(sack.item), "it lies in it");
    test.types(0, "get coin from sack");
    assert!(test.was_told(ada, "The trade is off."), "an empty sack is another one: {:?}", test.words(ada));
}

#[test]
fn a_word_for_one_table_never_means_a_later_one() {
    let (mut test, _, grace) = two();
    test.types(0, "trade grace");
    test.types(1, "trade ada");
    test.types(0, "offer bandage");
    let before = table(&test, grace).version;
    test.types(0, "cancel");
    test.types(0, "trade grace");
    test.types(1, "trade ada");
    test.types(0, "offer bandage");
    assert_ne!(table(&test, grace).version, before, "it looks alike");
    test.step(&[accepts(1, 70, before)]);
    assert!(conflicts(&test, 70), "but is another");
}

#[test]
fn a_trade_is_off_when_they_part_or_the_thing_is_gone() {
    let (mut test, ada, grace) = two();
    test.types(0, "trade grace");
    test.types(1, "trade ada");
    test.types(0, "offer bandage");
    test.types(0, "use bandage");
    test.steps(1);
    assert!(test.was_told(grace, "The trade is off."), "{:?}", test.words(grace));
    test.told.clear();
    test.types(0, "trade grace");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    assert!(test.was_told(ada, "The trade is off."), "{:?}", test.words(ada));
    test.leave(1);
    test.types(0, "trade grace");
    assert!(test.was_told(ada, "There is no grace here."), "{:?}", test.words(ada));
}

#[test]
fn a_spell_is_cast_by_its_name() {
    let mut test = TestZone::new();
    let body = Zone::newborn(&crate::yard::content(), "mage").expect("there are mages");
    let ada = test.enter(0, "Ada", body, &[]);
    test.types(0, "cast");
    assert!(test.was_told(ada, "venom bolt"), "{:?}", test.words(ada));
    test.types(0, "cast fireball");
    assert!(test.was_told(ada, "You cannot cast fireball."), "{:?}", test.words(ada));
    test.types(0, "open door");
    for (way, room) in [("east", "yard"), ("south", "gap"), ("south", "den")] {
        test.walk(0, way, room);
    }
    test.types(0, "cast venom bolt at wolf");
    assert!(test.was_told(ada, "You cast venom bolt at the hollow wolf."), "{:?}", test.words(ada));
    // One may miss what runs, and cannot cast again at once: those who are patient do.
    for _ in 0..6 {
        test.types(0, "cast venom at wolf");
        test.steps(30);
    }
    assert!(test.was_told(ada, "You hit the hollow wolf"), "{:?}", test.words(ada));
}

#[test]
fn a_line_can_be_completed_and_the_world_be_left() {
    let (mut test, ada, _) = two();
    let complete = |test: &mut TestZone, line: &str| {
        let command = WorldCommand::Complete { line: line.to_owned() };
        test.step(&[(0, CommandBody::Custom { seq: 77, body: command.encode().into() })]);
        let found = test.told.iter().rev().find_map(|(who, news)| match news {
            WorldNews::Completions { words } if *who == ada => Some(words.clone()),
            _ => None,
        });
        found.expect("she is answered")
    };
    assert_eq!(complete(&mut test, "unl"), ["unlock"], "a verb");
    assert_eq!(complete(&mut test, "ea"), ["east", "eat"], "a way out, too");
    assert_eq!(complete(&mut test, "look gr"), ["grace"], "who is here");
    assert!(complete(&mut test, "use b").contains(&"bandage".to_owned()), "what one carries");
    test.types(0, "quit");
    let left = [(Seat(0), Departure::Out)];
    assert_eq!(Zone::departures(test.shard.world()), left, "the host lets her out");
}

#[test]
fn game_masters_say_why() {
    let (mut test, ada, grace) = two();
    let line = |words: &str| WorldCommand::Line { words: words.to_owned() }.encode();
    assert_eq!(Zone::for_game_masters(&line(" @goto ada")).as_deref(), Some("@goto ada"), "the host asks who it is");
    assert_eq!(Zone::for_game_masters(&line("say @goto ada")), None, "whoever may say that");
    assert_eq!(Zone::for_game_masters(&[0xFF, b'@', 7]), None, "nonsense is for everyone");
    test.types(0, "@teleport grace den");
    assert!(test.was_told(ada, "Say why: @teleport WHO ROOM -- REASON"), "{:?}", test.words(ada));
    assert_eq!(test.room(grace), "hall", "nothing is done without a reason");
    test.types(0, "@teleport grace den -- she fell through the floor");
    assert_eq!(test.room(grace), "den", "{:?}", test.words(ada));
    test.types(0, "@teleport grace attic -- to see");
    assert!(test.was_told(ada, "There is no such thing: attic"), "{:?}", test.words(ada));
    let before = keys(&test, grace).len();
    test.types(0, "@give grace old_coin 2 -- lost by our fault");
    assert_eq!(keys(&test, grace).len(), before + 2, "{:?}", test.words(ada));
    test.types(0, "@inspect grace -- she asked");
    assert!(test.was_told(ada, "old_coin (77:"), "{:?}", test.words(ada));
    test.types(0, "@announce The server restarts soon. -- maintenance");
    assert!(test.was_told(grace, "Everyone hears: The server restarts soon."), "{:?}", test.words(grace));
    test.types(0, "@spawn wolf 2 -- a test");
    test.types(0, "@despawn wolf -- a test");
    assert!(test.was_told(ada, "Done: wolf is gone."), "{:?}", test.words(ada));
    test.types(0, "@dance -- why not");
    assert!(test.was_told(ada, "@restore WHO -- REASON"), "what there is: {:?}", test.words(ada));
}
