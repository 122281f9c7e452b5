//! What outlasts a visit, a snapshot and a replay.

use hypogeum_protocol::CharacterSheet;
use hypogeum_shard::{CommandBody, PlaceKind, ShardKind, assert_ordered, build_shard};
use hypogeum_zone::Zone;

use crate::yard::{TestZone, config, content, setup};

#[test]
fn a_character_comes_back_as_it_left() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    let at = test.at(ada);
    test.types(0, "use bandage");
    test.steps(1);
    let grant = test.leave(0);
    let CharacterSheet { id, place, body } = grant.character.expect("she is kept");
    assert_eq!((id.0, place.as_str()), (100, "yard"), "under her number, in this place");
    let items: Vec<(u32, String)> =
        grant.items_secured.iter().map(|item| (item.id.serial, item.template.clone())).collect();
    let items: Vec<(u32, &str)> = items.iter().map(|(serial, key)| (*serial, key.as_str())).collect();
    let again = test.enter(5, "Ada", body.clone(), &items);
    assert_eq!((test.at(again), test.room(again).as_str()), (at, "yard"), "where she stood");
    test.told.clear();
    test.types(5, "effects");
    assert!(test.was_told(again, "Active effects: "), "with what she bore: {:?}", test.words(again));
    test.types(5, "i");
    let carried = test.words(again).last().cloned().unwrap_or_default();
    assert_eq!(carried.split(", ").count(), items.len(), "and what she carried, no more: {carried}");
}

#[test]
fn a_body_that_cannot_be_read_is_left_as_it_is() {
    let mut test = TestZone::new();
    test.enter(0, "Ada", vec![9, 9, 9], &[(3, "medkit")]);
    let grant = test.leave(0);
    assert_eq!(grant.character, None, "the store keeps what it has");
    assert!(grant.items_secured.iter().any(|item| item.template == "medkit"), "and she leaves with what she brought");
}

#[test]
fn a_newborn_is_what_its_player_wishes() {
    let body = Zone::newborn(&content(), "mage").expect("there are mages");
    assert_eq!(Zone::newborn(&content(), "dragon"), None, "there are no dragons");
    let mut test = TestZone::new();
    let ada = test.enter(0, "Ada", body, &[]);
    test.types(0, "stats");
    assert!(test.was_told(ada, "level 1 mage"), "{:?}", test.words(ada));
}

/// What happens in a busy minute, step by step.
fn busy() -> Vec<Vec<(u16, CommandBody)>> {
    let line = |words: &str, seq: u32| {
        let command = hypogeum_world_messages::WorldCommand::Line { words: words.to_owned() };
        CommandBody::Custom { seq, body: command.encode().into() }
    };
    let mut steps = vec![Vec::new(); 400];
    let script = [
        (2, "open door"),
        (4, "east"),
        (60, "pull chain"),
        (62, "south"),
        (110, "south"),
        (160, "kill wolf"),
        (300, "north"),
    ];
    for (at, words) in script {
        steps[at].push((0, line(words, at as u32 + 1)));
    }
    steps
}

#[test]
fn a_busy_minute_replays_to_the_same_hashes_from_any_snapshot() {
    let mut test = TestZone::new();
    test.newcomer(0, "Ada");
    let steps = busy();
    let mut hashes = Vec::new();
    let mut snapshots = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        if number % 97 == 0 {
            snapshots.push((number, test.shard.snapshot()));
        }
        test.step(step);
        hashes.push(test.shard.hash());
    }
    for (from, snapshot) in snapshots {
        let mut other = TestZone::new();
        other.shard.restore(&snapshot).expect("a snapshot can be restored");
        for (number, step) in steps.iter().enumerate().skip(from) {
            other.step(step);
            assert_eq!(other.shard.hash(), hashes[number], "step {number} from a snapshot of {from} is the same");
        }
    }
}

#[test]
fn no_two_systems_of_a_step_are_in_an_order_that_is_left_to_chance() {
    let mut shard = build_shard::<Zone>(config(), &setup()).expect("it can be built");
    assert_ordered(&mut shard);
}

#[test]
fn a_place_rests_once_nobody_is_there_and_all_has_come_back() {
    let mut test = TestZone::new();
    assert!(!Zone::is_at_rest(test.shard.world()), "its wolf is still to come");
    let rests = |test: &mut TestZone| Zone::is_at_rest(test.shard.world());
    test.until("the wolf", rests);
    let ada = test.newcomer(0, "Ada");
    assert!(!rests(&mut test), "somebody is there");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    test.walk(0, "south", "gap");
    test.walk(0, "south", "den");
    test.types(0, "kill wolf");
    test.until("the wolf's death", |test| test.was_told(ada, "The hollow wolf is dead."));
    test.leave(0);
    for _ in 0..45 {
        assert!(!rests(&mut test), "the wolf is due");
        test.steps(1);
    }
    test.until("another wolf", rests);
}

#[test]
fn a_player_who_is_away_is_played_for_where_the_zone_says_so() {
    let shrine = "shrine: \"hall\",";
    let played = format!("{shrine} absent: Autopilot(\"raider\"),");
    let mut test = crate::yard::zone_with(&[(shrine, &played)], &[]);
    let ada = test.newcomer(0, "Ada");
    test.types(0, "open door");
    test.walk(0, "east", "yard");
    let stood = test.at(ada);
    test.step(&[(0, CommandBody::Present(false))]);
    test.until("a step of hers", |test| test.at(ada) != stood);
    test.step(&[(0, CommandBody::Present(true))]);
    test.steps(1);
    let stood = test.at(ada);
    test.steps(100);
    assert_eq!(test.at(ada), stood, "once she is back she does what she is told");
    assert!(!Zone::leaves_when_away(test.shard.world()), "she was there all the time");
    let vanishing = format!("{shrine} absent: Vanishes,");
    let test = crate::yard::zone_with(&[(shrine, &vanishing)], &[]);
    assert!(Zone::leaves_when_away(test.shard.world()), "elsewhere she leaves");
}

#[test]
fn what_is_to_be_kept_at_once_is_noted() {
    use hypogeum_protocol::Seat;
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    assert_eq!(Zone::milestones(test.shard.world()), [], "to come is nothing");
    let sheet = Zone::character(test.shard.world(), Seat(0)).expect("she has a number in the store");
    assert_eq!((sheet.id.0, sheet.place.as_str()), (100, "yard"), "as she would leave");
    let kill = hypogeum_combat::HarmRequest { source: hypogeum_protocol::NetId::NONE, target: ada, amount: u32::MAX };
    test.shard.world_mut().write_message(kill);
    test.step(&[]);
    assert_eq!(Zone::milestones(test.shard.world()), [Seat(0)], "a death");
    test.step(&[]);
    assert_eq!(Zone::milestones(test.shard.world()), [], "once");
}
