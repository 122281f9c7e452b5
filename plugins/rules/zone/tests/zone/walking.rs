//! Rooms, doors, levers, gates.

use hypogeum_protocol::{ErrorCode, GameEvent, Input, Seat};
use hypogeum_shard::{CommandBody, Outbox, PlaceKind};
use hypogeum_world_messages::{DoorNews, DoorState, WorldCommand, WorldNews};
use hypogeum_zone::Zone;

use crate::yard::{TestZone, zone_with};

#[test]
fn a_newcomer_stands_at_the_shrine_and_sees_where_it_is() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    assert_eq!(test.room(ada), "hall", "newcomers begin at the shrine");
    assert!(test.was_told(ada, "Hall\nA bare hall.\nExits: east (closed)"), "{:?}", test.words(ada));
    let rooms =
        test.told.iter().filter_map(|(_, news)| if let WorldNews::Room(room) = news { Some(room) } else { None });
    let mut rooms = rooms;
    let room = rooms.next_back().expect("it is told as data, too");
    assert_eq!((room.key.as_str(), room.is_safe), ("hall", true), "with all a client wants to draw");
    assert_eq!(room.exits[0].door, Some(DoorNews { state: DoorState::Closed, version: 0 }), "doors, too");
}

#[test]
fn a_closed_door_is_in_the_way_until_it_is_opened() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    test.types(0, "east");
    assert!(test.was_told(ada, "The oak door is closed."), "{:?}", test.words(ada));
    test.steps(40);
    assert_eq!(test.room(ada), "hall", "nobody walks through a door");
    test.types(0, "open oak");
    assert!(test.was_told(ada, "The oak door opens."), "{:?}", test.words(ada));
    test.walk(0, "e", "yard");
    assert!(test.was_told(ada, "Yard\nA walled yard."), "{:?}", test.words(ada));
    test.until("the oak door closes by itself", |test| test.was_told(ada, "The oak door closes."));
}

#[test]
fn walls_hold_whoever_walks_by_hand() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    for seq in 1..=200 {
        let walk = u16::try_from(seq / 50 * 16_384).unwrap_or(0);
        let input = Input { seq, walk, pace: 100, aim: 0, ability: 0 };
        test.step(&[(0, CommandBody::Input(input))]);
        assert_eq!(test.room(ada), "hall", "a hall has four walls and a closed door");
    }
}

#[test]
fn a_lever_opens_a_locked_grate_and_a_flag_leads_on() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    test.types(0, "open grate");
    assert!(test.was_told(ada, "The iron grate is locked."), "{:?}", test.words(ada));
    test.types(0, "unlock grate");
    assert!(test.was_told(ada, "You have nothing that unlocks the iron grate."), "{:?}", test.words(ada));
    test.types(0, "pull chain");
    assert!(test.was_told(ada, "You pull the rusty chain."), "{:?}", test.words(ada));
    assert!(
        test.was_told(ada, "The iron grate opens.") && test.was_told(ada, "Something rattles."),
        "{:?}",
        test.words(ada)
    );
    assert!(test.was_told(ada, "You feel clever."), "a flag leads on: {:?}", test.words(ada));
    test.walk(0, "east", "cellar");
    test.types(0, "inventory");
    assert!(test.was_told(ada, "old coin"), "what a trigger gives is carried: {:?}", test.words(ada));
    test.types(0, "pull chain");
    assert!(test.was_told(ada, "There is no chain here."), "a lever is pulled where it is: {:?}", test.words(ada));
}

#[test]
fn a_key_unlocks_and_anyone_opens_then() {
    let mut test = TestZone::new();
    let ada = test.enter(0, "Ada", Vec::new(), &[(1, "ward_amulet")]);
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    test.types(0, "unlock east");
    assert!(test.was_told(ada, "The iron grate unlocks."), "{:?}", test.words(ada));
    test.types(0, "open east");
    test.walk(0, "east", "cellar");
}

#[test]
fn a_secret_way_is_found_by_its_word_and_known_afterwards() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    test.walk(0, "niche", "niche");
    test.walk(0, "hall", "hall");
    assert!(test.words(ada).iter().any(|words| words.contains("Exits: east (closed), niche")), "{:?}", test.words(ada));
}

#[test]
fn who_comes_to_a_gate_leaves_for_another_zone() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    test.types(0, "pull chain");
    test.walk(0, "east", "cellar");
    test.types(0, "down");
    test.until("she is at the gate", |test| {
        Zone::departures(test.shard.world()) == [(Seat(0), hypogeum_shard::Departure::Onward)]
    });
    let grant = test.leave(0);
    let sheet = grant.character.expect("she is kept");
    assert_eq!(sheet.place, "below", "she is in the other zone now");
    assert!(Zone::departures(test.shard.world()).is_empty(), "and gone from this one");
    assert!(!test.was_told(ada, "is gone"), "nobody vanishes who walks away");
}

#[test]
fn nobody_closes_a_door_on_somebody() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    test.newcomer(1, "Grace");
    test.types(0, "open door");
    test.types(0, "east");
    let wall = 16 * 256;
    test.until("she is in the door", |test| (test.at(ada).x - wall).abs() < 100);
    test.types(0, "stop");
    let grace = test.avatar(1);
    test.types(1, "close door");
    assert!(test.was_told(grace, "Somebody is standing in the doorway."), "{:?}", test.words(grace));
    test.steps(40);
    assert!(!test.was_told(grace, "The oak door closes."), "not even a trigger does");
}

/// What opens the oak door for who stands before it and has seen a version of it.
fn opens(seq: u32, seen: Option<u32>) -> CommandBody {
    let command = WorldCommand::Open { word: "east".to_owned(), seen };
    CommandBody::Custom { seq, body: command.encode().into() }
}

fn is_refused(test: &TestZone, seq: u32) -> bool {
    let refused = GameEvent::Refused { seq, code: ErrorCode::Conflict };
    test.shard.world().resource::<Outbox>().0.iter().any(|told| told.event == refused)
}

#[test]
fn a_door_that_rejects_is_used_only_as_it_was_seen() {
    let rejects = "key: \"oak\", on_conflict: Reject, ";
    let mut test =
        zone_with(&[("key: \"oak\", ", rejects), ("then: [Close(\"oak\")]", "then: [SetFlag(\"aired\", true)]")], &[]);
    let (ada, grace) = (test.newcomer(0, "Ada"), test.newcomer(1, "Grace"));
    // Both have seen it closed. One of them opens it and closes it again.
    test.types(0, "open door");
    test.types(0, "close door");
    test.told.clear();
    test.step(&[(1, opens(50, Some(0)))]);
    assert!(is_refused(&test, 50), "it is not the door that she has seen");
    assert!(test.was_told(grace, "That does not work: it has changed meanwhile."), "{:?}", test.words(grace));
    let door = test.told.iter().find_map(|(who, news)| match news {
        WorldNews::Door { key, state, version, .. } if *who == grace => Some((key.as_str(), *state, *version)),
        _ => None,
    });
    assert_eq!(door, Some(("oak", DoorState::Closed, 2)), "she is told how it stands");
    test.step(&[(1, opens(51, Some(2)))]);
    assert!(test.was_told(ada, "The oak door opens."), "and then opens it: {:?}", test.words(ada));
    test.types(0, "close door");
    assert!(test.was_told(ada, "The oak door closes."), "whoever types means the door there is");
}

#[test]
fn two_who_open_a_door_at_once_have_both_opened_it() {
    let mut test = TestZone::new();
    let (ada, grace) = (test.newcomer(0, "Ada"), test.newcomer(1, "Grace"));
    test.step(&[(0, opens(50, Some(0))), (1, opens(51, Some(0)))]);
    assert!(!is_refused(&test, 50) && !is_refused(&test, 51), "neither is refused");
    for who in [ada, grace] {
        assert!(test.was_told(who, "The oak door opens."), "{:?}", test.words(who));
    }
}
