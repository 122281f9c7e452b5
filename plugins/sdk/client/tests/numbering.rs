//! What a client sends, seen from the other end of its wire.

use std::time::Duration;

use hypogeum_client::{Change, Client, Ending, MemoryPeer, MemoryWire, Steering, WireState};
use hypogeum_protocol::link::Lane;
use hypogeum_protocol::{
    Act, CarriedItem, ClientMessage, Input, ItemId, ItemState, MatchId, NetId, Record, RecordKind, ServerMessage,
    Snapshot, codec, limits::INPUTS_PER_BATCH_MAX,
};

fn start_match(server: &MemoryPeer, id: u64) {
    server.send(codec::encode(&ServerMessage::MatchStarted {
        match_id: MatchId(id),
        mode: "blitz".into(),
        tick_hz: 30,
        avatar: NetId(1),
        radius: 102,
        side: 25_600,
        obstacles: vec![],
        pois: vec![],
        exits: vec![],
    }));
}

fn confirm(server: &MemoryPeer, tick: u32, input_seq: u32) {
    let snapshot = Snapshot { tick, input_seq, ..Snapshot::default() };
    server.send(codec::encode(&ServerMessage::Snapshot(snapshot)));
}

fn received(server: &MemoryPeer) -> Option<(Lane, ClientMessage)> {
    let (lane, bytes) = server.receive()?;
    let message = codec::decode_client(&bytes).expect("a client sends what decodes");
    message.validate().expect("a client sends what is in range");
    Some((lane, message))
}

fn received_batch(server: &MemoryPeer) -> Vec<Input> {
    match received(server) {
        Some((Lane::Unreliable, ClientMessage::Inputs { batch })) => batch,
        other => panic!("inputs over the unreliable lane were expected, not {other:?}"),
    }
}

#[test]
fn losing_every_other_batch_loses_no_input() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1);
    client.poll(Duration::ZERO);
    let mut applied = Vec::new();
    for tick in 1..=200_u32 {
        client.steer(Steering { walk: tick as u16, pace: 100, ..Steering::default() });
        let batch = received_batch(&server);
        assert!(batch.len() <= INPUTS_PER_BATCH_MAX, "a batch holds {} inputs", batch.len());
        if tick % 2 == 0 {
            let newest = applied.last().copied().unwrap_or(0);
            applied.extend(batch.iter().map(|input| input.seq).filter(|seq| *seq > newest));
            confirm(&server, tick, applied.last().copied().unwrap_or(0));
            client.poll(Duration::ZERO);
        }
    }
    assert_eq!(applied, (1..=200).collect::<Vec<_>>(), "each input arrived once, in order");
}

#[test]
fn confirmed_inputs_are_not_sent_again() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1);
    client.poll(Duration::ZERO);
    client.steer(Steering::default());
    client.steer(Steering::default());
    received_batch(&server);
    assert_eq!(received_batch(&server).len(), 2, "nothing is confirmed yet");
    confirm(&server, 1, 2);
    client.poll(Duration::ZERO);
    client.steer(Steering::default());
    assert_eq!(received_batch(&server).iter().map(|input| input.seq).collect::<Vec<_>>(), [3], "only the new one");
}

#[test]
fn a_new_match_counts_anew_and_a_resumed_one_goes_on_above_what_was_applied() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1);
    confirm(&server, 500, 480);
    client.poll(Duration::ZERO);
    assert_eq!(client.steer(Steering::default()), 481, "the server had applied 480 before this client came");
    start_match(&server, 1);
    client.poll(Duration::ZERO);
    assert_eq!(client.act(Act::Use { item: NetId(4) }), 482, "the same match again changes nothing");
    start_match(&server, 2);
    client.poll(Duration::ZERO);
    assert_eq!(client.steer(Steering::default()), 1, "another match counts from 1");
}

#[test]
fn steering_out_of_range_is_clamped_before_it_leaves() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    client.steer(Steering { pace: 255, ability: 9, ..Steering::default() });
    let batch = received_batch(&server);
    assert_eq!(batch.first().map(|input| (input.pace, input.ability)), Some((100, 0)), "full pace and no ability");
}

#[test]
fn nonsense_from_a_server_is_counted_and_the_next_message_understood() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    server.send(vec![0xFF; 40]);
    server.send(vec![]);
    client.ping();
    assert!(
        matches!(received(&server), Some((Lane::ReliableOrdered, ClientMessage::Ping { nonce: 1 }))),
        "the ping is in order"
    );
    server.send(codec::encode(&ServerMessage::Pong { nonce: 1 }));
    let changes = client.poll(Duration::from_millis(40));
    let expected = [Change::Opened, Change::Unreadable, Change::Unreadable, Change::Pong { nonce: 1 }];
    assert_eq!(changes, expected, "two counted, one taken");
    assert_eq!(client.round_trip(), Some(Duration::from_millis(40)), "the time between ping and pong");
}

#[test]
fn the_last_word_before_the_end_is_still_heard() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    client.poll(Duration::ZERO);
    server.send(codec::encode(&ServerMessage::Goodbye));
    server.close(Ending::ByServer);
    let changes = client.poll(Duration::ZERO);
    assert_eq!(changes, [Change::Goodbye, Change::Closed(Ending::ByServer)], "first the word, then the end");
    assert_eq!(client.state(), WireState::Closed(Ending::ByServer), "it is over");
    assert!(client.poll(Duration::ZERO).is_empty(), "and that is told once");
}

#[test]
fn an_act_carries_the_version_that_is_shown() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1);
    let lying =
        Record { id: NetId(5), kind: RecordKind::Item, template: 1, x: 0, y: 0, heading: 44, hp_band: 0, extent: 0 };
    let snapshot = Snapshot { tick: 1, records: vec![lying], ..Snapshot::default() };
    server.send(codec::encode(&ServerMessage::Snapshot(snapshot)));
    let carried = CarriedItem {
        id: NetId(4),
        item: ItemId::default(),
        template: "medkit".into(),
        equipped: false,
        state: ItemState::default(),
        version: 300,
    };
    server.send(codec::encode(&ServerMessage::Inventory { version: 1, items: vec![carried] }));
    client.poll(Duration::ZERO);
    let mut seen = |act| {
        client.act(act);
        match received(&server) {
            Some((_, ClientMessage::Act { seen, .. })) => seen,
            other => panic!("it acts: {other:?}"),
        }
    };
    assert_eq!(seen(Act::Use { item: NetId(4) }), Some(300), "what is carried has its version in the inventory");
    assert_eq!(seen(Act::PickUp { item: NetId(5) }), Some(44), "what lies there in its record");
    assert_eq!(seen(Act::PickUp { item: NetId(6) }), None, "what is not shown was not seen");
}
