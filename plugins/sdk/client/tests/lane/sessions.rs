//! From one match to the next, and from one connection to the next.

use hypogeum_client::{Change, MemoryPeer, MemoryWire, Steering};
use hypogeum_protocol::{ClientMessage, MatchId, Outcome, ServerMessage, SettledReport, codec};

use super::server::{Link, Viewer, World, begin_match, start_match};
use super::{Play, TICK};

fn settle(server: &MemoryPeer, id: u64) {
    let report = SettledReport {
        outcome: Outcome::Died,
        kills: 0,
        damage_dealt: 0,
        xp_gained: 0,
        level: 1,
        items_secured: 0,
        currency_gained: 0,
        rating: 1_500,
    };
    server.send(codec::encode(&ServerMessage::Settled { match_id: MatchId(id), report }));
}

#[test]
fn nothing_of_one_match_is_seen_in_the_next() {
    let mut play = Play::new(80, 600, 65_000);
    for _ in 0..100 {
        play.tick(false);
    }
    let late = play.viewer.write(&play.world, &[]);
    settle(&play.server, 1);
    play.tick(false);
    // The next one begins, and its numbers with it; its first datagrams overtake its announcement.
    play.world = World::new(81, 600);
    play.viewer = Viewer::new(0);
    play.viewer.ups = 1;
    play.down = Link::new(1, (0, 0), (1, 0));
    for _ in 0..5 {
        play.tick(false);
    }
    play.server.send_lane(&late);
    play.tick(false);
    begin_match(&play.server, 2, 0);
    for _ in 0..40 {
        play.tick(true);
    }
    assert!(play.shows_the_truth(), "only the new match is shown");
    assert_eq!(play.client.divergences(), 0, "and nothing seemed wrong");

    // A leftover that comes after the next announcement is found out by what follows.
    settle(&play.server, 2);
    play.tick(false);
    begin_match(&play.server, 3, 0);
    play.server.send_lane(&late);
    play.client.poll(TICK);
    play.world = World::new(82, 600);
    play.viewer = Viewer::new(0);
    play.down = Link::new(1, (0, 0), (1, 0));
    for _ in 0..150 {
        play.tick(false);
    }
    for _ in 0..10 {
        play.tick(true);
    }
    assert!(play.shows_the_truth(), "only the newest match is shown");
}

#[test]
fn what_is_lost_is_counted_for_each_match_by_its_own_numbers() {
    // The numbers wrap in the first match, and begin at nothing in the second.
    let mut play = Play::new(84, 100, 65_500);
    for _ in 0..100 {
        play.tick(true);
    }
    let first = play.client.lane_loss();
    assert_eq!(first.lost_count, 0, "nothing was lost: {first:?}");
    assert!((90..=100).contains(&first.sent_count), "and one was sent in each tick: {first:?}");
    settle(&play.server, 1);
    play.tick(true);
    begin_match(&play.server, 2, 0);
    play.viewer = Viewer::new(0);
    play.viewer.ups = 1;
    play.down = Link::new(1, (0, 0), (1, 0));
    for _ in 0..50 {
        play.tick(true);
    }
    for _ in 0..3 {
        // Nobody carries these.
        play.viewer.write(&play.world, &[]);
    }
    for _ in 0..20 {
        play.tick(true);
    }
    let both = play.client.lane_loss();
    assert_eq!(both.lost_count, 3, "those three: {both:?}");
    let second = both.sent_count - first.sent_count;
    assert!((70..=78).contains(&second), "and no more were sent than there were: {both:?}");
}

#[test]
fn a_resumed_client_shows_the_truth_again_and_numbers_on() {
    let mut play = Play::new(90, 600, 500);
    for _ in 0..60 {
        play.tick(false);
    }
    let steered = play.client.steer(Steering::default());
    let tick = play.client.view().snapshot.as_ref().expect("a snapshot").tick;
    play.server.close(hypogeum_client::Ending::TimedOut);
    assert!(matches!(play.client.poll(TICK)[..], [.., Change::Closed(_)]), "the connection ends");

    let (wire, server) = MemoryWire::pair();
    play.client.resume(wire);
    play.server = server;
    (play.viewer, play.down) = (Viewer::new(7), Link::new(5, (0, 0), (1, 0)));
    play.up = Link::new(6, (0, 0), (1, 0));
    assert!(!play.client.is_on_lane() && play.client.view().session.is_none(), "the new connection knows nothing yet");
    assert_eq!(play.client.view().snapshot.as_ref().map(|seen| seen.tick), Some(tick), "what was seen stays");
    assert_eq!(play.client.poll(TICK), [Change::Opened], "it is open");
    play.client.hello("again");
    play.client.flush();
    let (_, bytes) = play.server.receive().expect("a message");
    assert!(matches!(codec::decode_client(&bytes), Ok(ClientMessage::Hello { .. })), "hello comes first");
    start_match(&play.server, 1, 0);
    assert_eq!(play.client.poll(TICK)[0], Change::Welcomed, "the server welcomes it");
    assert!(play.client.view().current.is_some(), "the match goes on");
    assert_eq!(play.client.steer(Steering::default()), steered + 1, "inputs are numbered on");
    for _ in 0..60 {
        play.tick(true);
    }
    assert!(play.client.is_on_lane() && play.shows_the_truth(), "the view is what the server has");
    assert!(play.client.view().snapshot.as_ref().expect("a snapshot").tick > tick, "and goes on in time");
}
