//! The ground of the shipped world comes in chunks: as one walks, once, and with its doors as they are.

use hypogeum_client::{CHUNK_CACHE_BYTES, Change, ChunkCache};
use hypogeum_protocol::{ChunkPlace, ClientMessage, ErrorCode, MatchId};
use hypogeum_testkit::{TestServer, http_get};
use serde_json::Value;

use crate::person::{Person, open, says, until, walks};

/// A number that the server counts.
fn counted(server: &TestServer, name: &str) -> u64 {
    let (_, body) = http_get(&server.url, "/v1/status");
    let status: Value = serde_json::from_str(&body).expect("JSON");
    status["counters"][name].as_u64().unwrap_or_else(|| panic!("{name} is counted: {status:#}"))
}

/// Whether somebody knows the ground around its avatar.
fn knows_ground(person: &Person) -> bool {
    let (Some(current), Some(own)) = (&person.player.view().current, person.player.own()) else { return false };
    let ground = &current.ground;
    let column = |coordinate: i32| u16::try_from(coordinate / ground.chunk_side).expect("it is on the map");
    ground.is_in_chunks()
        && ground.chunks.values().all(|chunk| chunk.chunk.is_some())
        && ground.chunks.contains_key(&ChunkPlace { column: column(own.x), row: column(own.y) })
}

fn chunks_known(person: &Person) -> usize {
    person.player.view().current.as_ref().map_or(0, |current| current.ground.chunks.len())
}

/// Goes from where newcomers begin to the forest.
fn goes_to_the_forest(people: &mut [&mut Person]) {
    walks(people, 0, "east", "square");
    walks(people, 0, "north", "north_gate");
    people[0].types("north");
    until(people, "the forest", |people| people[0].place() == "wolfwood" && people[0].room == "trailhead");
    until(people, "the ground there", |people| knows_ground(people[0]));
}

#[test]
fn the_ground_comes_as_one_walks_and_never_again() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path(), &[]);
    let kept = data.path().join("ground.bin");
    let cache = ChunkCache::open(&kept, CHUNK_CACHE_BYTES).expect("there need be no file");
    let mut ada = Person::come(&server.url, "Ada");
    ada.player.client().keep_chunks_in(cache.clone());
    ada.enter();
    let people = &mut [&mut ada];
    until(people, "the ground of the town", |people| knows_ground(people[0]));
    goes_to_the_forest(people);
    let at_first = chunks_known(people[0]);
    assert!((4..49).contains(&at_first), "{at_first} of 49 chunks of the forest lie near its edge");
    walks(people, 0, "north", "pinewood");
    until(people, "more of the forest", |people| knows_ground(people[0]) && chunks_known(people[0]) > at_first);
    let sent = counted(&server, "chunks");
    assert_eq!(sent, cache.count() as u64, "each chunk is sent once");
    assert!(
        people[0].player.view().current.as_ref().is_some_and(|current| !current.obstacles.is_empty()),
        "with walls"
    );

    // She leaves, and comes back with what her program has kept.
    cache.save().expect("the folder is there");
    people[0].player.client().leave();
    until(people, "the report of the visit", |people| people[0].player.view().settled.is_some());
    let again = ChunkCache::open(&kept, CHUNK_CACHE_BYTES).expect("it was just written");
    assert_eq!(again.count(), cache.count(), "all of it is kept");
    people[0].player.client().keep_chunks_in(again);
    people[0].player.client().enter_world("");
    until(people, "the forest again", |people| knows_ground(people[0]));
    assert_eq!(counted(&server, "chunks"), sent, "nothing is sent again");

    // Somebody else has nothing yet.
    let mut grace = Person::come(&server.url, "Grace");
    grace.enter();
    until(&mut [&mut grace], "the ground of the town", |people| knows_ground(people[0]));
    assert!(counted(&server, "chunks") > sent, "she is sent hers");
}

#[test]
fn who_asks_for_what_is_not_near_gets_nothing() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path(), &[]);
    let mut ada = Person::come(&server.url, "Ada");
    ada.enter();
    let people = &mut [&mut ada];
    goes_to_the_forest(people);
    let sent = counted(&server, "chunks");
    let current = people[0].player.view().current.clone().expect("she is in the forest");
    let near = *current.ground.chunks.keys().next().expect("something is near");
    let all = (0..7).flat_map(|row| (0..7).map(move |column| ChunkPlace { column, row }));
    let far: Vec<ChunkPlace> = all.filter(|at| !current.ground.chunks.contains_key(at)).take(8).collect();
    assert!(!far.is_empty(), "the forest is larger than what is near");

    let mut asks = |match_id: MatchId, chunks: &[ChunkPlace], times: usize| {
        let refused = counted(&server, "chunks_refused");
        people[0].player.take_seen();
        for _ in 0..times {
            people[0].player.client().send(&ClientMessage::AskChunks { match_id, chunks: chunks.to_vec() });
        }
        people[0].player.client().ping();
        let mut codes = Vec::new();
        people[0].player.until("the ping", |player| {
            let seen = player.take_seen();
            codes.extend(seen.iter().filter_map(|change| match change {
                Change::Refused(refusal) => Some((refusal.code, refusal.about)),
                _ => None,
            }));
            seen.iter().any(|change| matches!(change, Change::Pong { .. }))
        });
        (codes, counted(&server, "chunks_refused") - refused)
    };
    let count = far.len() as u64;
    assert_eq!(asks(current.id, &far, 1), (vec![(ErrorCode::OutOfReach, 15)], count), "what is far");
    assert_eq!(asks(current.id, &[near, near], 1), (Vec::new(), 2), "what she has");
    assert_eq!(asks(MatchId(current.id.0 + 1), &[near], 1), (Vec::new(), 1), "another place");
    assert_eq!(asks(current.id, &[], 1), (vec![(ErrorCode::OutOfRange, 15)], 0), "nothing");
    let (codes, refused) = asks(current.id, &[near], 40);
    assert!(!codes.is_empty() && codes.iter().all(|code| *code == (ErrorCode::TooSoon, 15)), "all the time: {codes:?}");
    assert!(refused < 40, "what comes too soon is not even looked at: {refused}");
    assert_eq!(counted(&server, "chunks"), sent, "none of it was sent");
}

/// Whether a door is open, as somebody knows it; `None` where it does not know of one.
fn sees_open(person: &Person, key: &str) -> Option<bool> {
    let current = person.player.view().current.as_ref()?;
    let (door, is_open) = current.ground.doors().find(|(door, _)| door.key == key)?;
    let stands = current.obstacles.contains(&door.block);
    assert_ne!(stands, is_open, "a door stands in the way while it is not open");
    Some(is_open)
}

#[test]
fn a_door_that_was_opened_is_open_for_who_comes_later() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path(), &[]);
    let mut ada = Person::come(&server.url, "Ada");
    ada.enter();
    {
        let people = &mut [&mut ada];
        walks(people, 0, "east", "square");
        walks(people, 0, "east", "inn");
        until(people, "the hatch", |people| sees_open(people[0], "hatch") == Some(false));
        says(people, 0, "open hatch", "opens");
        until(people, "the open hatch", |people| sees_open(people[0], "hatch") == Some(true));
    }
    let mut grace = Person::come(&server.url, "Grace");
    grace.enter();
    let both = &mut [&mut ada, &mut grace];
    walks(both, 1, "east", "square");
    until(both, "the ground around her", |people| knows_ground(people[1]) && sees_open(people[1], "hatch").is_some());
    assert_eq!(sees_open(both[1], "hatch"), Some(true), "she has never seen it closed");
    says(both, 0, "close hatch", "closes");
    until(both, "the closed hatch", |people| people.iter().all(|person| sees_open(person, "hatch") == Some(false)));
}
