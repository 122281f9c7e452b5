//! What goes up: acks, inputs, and the offer of the lane.

use hypogeum_client::{Change, Client, MemoryWire, Steering};
use hypogeum_protocol::lane::Up;
use hypogeum_protocol::link::Lane;
use hypogeum_protocol::{ClientMessage, ServerMessage, Snapshot, codec, limits};

use super::server::{Viewer, World, start_match};
use super::{Play, TICK};

#[test]
fn acks_flow_though_nobody_steers() {
    let mut play = Play::new(70, 100, 65_530);
    play.steers = false;
    for _ in 0..300 {
        play.tick(false);
    }
    let ups = play.viewer.ups;
    assert!((30..=50).contains(&ups), "an ack goes up every eighth datagram or so, not {ups} in 300");
    let last = play.seen_up.last().and_then(|up| up.ack).expect("it says what arrived");
    assert!(play.viewer.seq.wrapping_sub(last.newest) < 12, "the newest is told");
    assert_eq!(last.before, u32::MAX, "and all before it");
    assert!(play.seen_up.iter().all(|up| up.inputs().is_empty()), "there are no inputs");
}

#[test]
fn lost_datagrams_lose_no_input_as_long_as_eight_hold_them() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1, 0);
    let mut viewer = Viewer::new(0);
    let mut world = World::new(1, 0);
    server.send_lane(&viewer.write(&world, &[]));
    client.poll(TICK);
    let (mut applied, mut datagram) = (Vec::new(), Vec::new());
    assert!(server.receive_lane(&mut datagram), "the first datagram is acknowledged at once");
    for round in 1..=100_u32 {
        world.step(true);
        // Three ticks in one datagram; two of three datagrams are lost.
        for _ in 0..if round % 3 == 1 { 2 } else { 3 } {
            client.steer(Steering { walk: round as u16, pace: 100, ..Steering::default() });
        }
        client.flush();
        assert!(server.receive_lane(&mut datagram), "one datagram leaves with a flush");
        assert!(!server.receive_lane(&mut Vec::new()), "and no more than one");
        let up = Up::read(&datagram).expect("it reads");
        assert!(up.inputs().len() <= limits::LANE_INPUTS_MAX, "it holds {} inputs", up.inputs().len());
        if round % 3 == 0 {
            viewer.hear(&datagram);
            let newest = applied.last().copied().unwrap_or(0);
            applied.extend(up.inputs().iter().map(|input| input.seq).filter(|seq| *seq > newest));
            viewer.input_seq = applied.last().copied().unwrap_or(0);
        }
        server.send_lane(&viewer.write(&world, &[]));
        client.poll(TICK);
    }
    assert_eq!(applied, (1..=*applied.last().expect("some")).collect::<Vec<_>>(), "each input once, in order");
    assert!(server.receive().is_none(), "nothing went as a message");
}

#[test]
fn the_lane_is_offered_until_the_server_answers() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    let mut datagram = Vec::new();
    client.poll(TICK);
    client.flush();
    assert!(!server.receive_lane(&mut datagram), "nothing is offered before the welcome");
    start_match(&server, 1, 0);
    client.poll(TICK);
    let mut offers = 0;
    for _ in 0..30 {
        client.steer(Steering::default());
        client.flush();
        while server.receive_lane(&mut datagram) {
            offers += 1;
            assert_eq!(Up::read(&datagram).expect("it reads").ack, None, "nothing has arrived");
        }
        client.poll(TICK);
    }
    assert!((8..=12).contains(&offers), "ten times a second, not {offers} times");
    let inputs = std::iter::from_fn(|| server.receive()).filter(|(lane, _)| *lane == Lane::Unreliable).count();
    assert_eq!(inputs, 30, "until then inputs are messages");

    server.send(codec::encode(&ServerMessage::Snapshot(Snapshot { tick: 5, ..Snapshot::default() })));
    assert_eq!(client.poll(TICK), [Change::Saw], "and so are snapshots");
    let mut world = World::new(1, 0);
    world.tick = 6;
    let mut viewer = Viewer::new(0);
    server.send_lane(&viewer.write(&world, &[]));
    assert_eq!(client.poll(TICK), [Change::Saw], "the server answers");
    client.steer(Steering::default());
    client.flush();
    assert!(server.receive().is_none(), "inputs are no messages any more");
    assert!(server.receive_lane(&mut datagram), "they leave in a datagram");
    assert!(!Up::read(&datagram).expect("it reads").inputs().is_empty(), "which holds them");
    server.send(codec::encode(&ServerMessage::Snapshot(Snapshot { tick: 9, ..Snapshot::default() })));
    assert_eq!(client.poll(TICK), [Change::Outdated], "a snapshot sent before the switch says less");
}

#[test]
fn without_the_lane_everything_is_a_message() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire).without_lane();
    start_match(&server, 1, 0);
    server.send_lane(&Viewer::new(0).write(&World::new(1, 50), &[]));
    let changes = client.poll(TICK);
    assert!(!changes.contains(&Change::Saw), "datagrams of the lane mean nothing: {changes:?}");
    client.steer(Steering::default());
    client.flush();
    assert!(!server.receive_lane(&mut Vec::new()), "and none is sent");
    let (_, bytes) = server.receive().expect("a message");
    assert!(matches!(codec::decode_client(&bytes), Ok(ClientMessage::Inputs { .. })), "inputs go as ever");
}
