//! The plug is pulled at random times while two wander about the world, again and again.

use crate::look_into_the_books;
use crate::person::{Person, open, until};

/// What they try, in no order that makes sense.
const LINES: [&str; 20] = [
    "east",
    "west",
    "north",
    "south",
    "down",
    "up",
    "open hatch",
    "open door",
    "get all",
    "drop all",
    "get chest",
    "kill rat",
    "kill wolf",
    "give all to ada",
    "give all to grace",
    "pull rope",
    "pull winch",
    "wear all",
    "flee",
    "use bandage",
];

/// A number of the environment.
fn asked(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text} is no number")))
}

#[test]
fn killed_at_random_times_everything_has_one_owner() {
    let kills = asked("HYPOGEUM_TEST_KILLS").unwrap_or(20);
    let seed = asked("HYPOGEUM_TEST_SEED").unwrap_or_else(|| rand::random::<u32>().into());
    println!("seed {seed}: again with HYPOGEUM_TEST_SEED={seed} HYPOGEUM_TEST_KILLS={kills}");
    let data = tempfile::tempdir().expect("a directory for the test");
    let mut server = open(data.path(), &[]);
    let (mut ada, mut grace) = (Person::come(&server.url, "Ada"), Person::come(&server.url, "Grace"));
    ada.enter();
    grace.enter();
    let both = &mut [&mut ada, &mut grace];
    let mut visits = 0;
    for kill in 1..=kills {
        let chance = *blake3::hash(&[seed.to_le_bytes(), kill.to_le_bytes()].concat()).as_bytes();
        let number = |at: usize| usize::from(chance[at % chance.len()]);
        for frame in 0..number(0) % 90 {
            if frame % 12 == 0 {
                for (who, person) in both.iter_mut().enumerate() {
                    person.types(LINES[(number(frame) + number(who + 7)) % LINES.len()]);
                }
            }
            // Now and then one leaves, and comes again as soon as it may.
            if frame == 40 && number(3).is_multiple_of(3) {
                both[1].player.client().leave();
                both[1].player.client().enter_world("");
                visits += 1;
            }
            Person::frame_of(both);
            assert!(server.is_alive(), "kill {kill}, seed {seed}: the server died by itself: {}", server.log());
        }
        let _ = server.kill();
        look_into_the_books(data.path());
        // A part every second, or none in this life.
        let in_parts = [("HYPOGEUM_JOURNAL__PART_MB", "0"), ("HYPOGEUM_JOURNAL__SNAPSHOT_S", "1")];
        server = open(data.path(), if kill % 2 == 0 { &[] } else { &in_parts });
        for person in both.iter_mut() {
            person.room.clear();
            person.player.reconnect(&server.url).expect("the server is back");
        }
        // Who had left is told so by nobody: it asks, and is refused where it is inside.
        until(both, "their sessions", |people| people.iter().all(|person| person.player.view().session.is_some()));
        for person in both.iter_mut() {
            person.player.client().enter_world("");
        }
        until(both, "the world again", |people| people.iter().all(|person| !person.room.is_empty()));
    }
    println!("{kills} kills, {visits} times somebody had left");
    for person in both.iter_mut() {
        person.player.client().leave();
    }
    until(both, "the reports of their visits", |people| {
        people.iter().all(|person| person.player.view().settled.is_some())
    });
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "the server ends in order: {}", ended.log);
    look_into_the_books(data.path());
    crate::replays(data.path());
}
