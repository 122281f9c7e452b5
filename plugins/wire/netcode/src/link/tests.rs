//! Two links against each other, and one against whatever a peer may send.

use proptest::prelude::*;

use super::*;

const LANES: [Lane; 3] = [Lane::ReliableOrdered, Lane::ReliableUnordered, Lane::Unreliable];
const STEP: Duration = Duration::from_millis(20);

/// Lets both ends flush what is due for `steps`; `lose` decides per packet. Returns packets that passed.
fn exchange(ends: &mut [Link; 2], from: Duration, steps: u32, mut lose: impl FnMut() -> bool) -> (Duration, usize) {
    let mut now = from;
    let mut count = 0;
    for _ in 0..steps {
        now += STEP;
        for sender in 0..2 {
            if !ends[sender].is_due(now) {
                continue;
            }
            let mut packets = Vec::new();
            ends[sender].flush(now, &mut |packet| packets.push(packet.to_vec()));
            for packet in packets {
                count += 1;
                if !lose() {
                    ends[1 - sender].receive(&packet, now).expect("an honest packet is no fault");
                }
            }
        }
    }
    (now, count)
}

fn pair() -> [Link; 2] {
    [Link::new(Side::Server, Duration::ZERO, None), Link::new(Side::Client, Duration::ZERO, None)]
}

#[test]
fn every_lane_carries_messages_both_ways() {
    let mut ends = pair();
    for lane in LANES {
        ends[0].send(lane, vec![1; 900]).expect("there is room");
        ends[1].send(lane, vec![2; 900]).expect("there is room");
    }
    ends[0].send(Lane::ReliableOrdered, vec![3; 40_000]).expect("a map fits");
    ends[1].send(Lane::ReliableOrdered, vec![4; 2_048]).expect("a loadout fits");
    exchange(&mut ends, Duration::ZERO, 20, || false);
    for lane in LANES {
        assert_eq!(ends[1].take(lane), Some(vec![1; 900]), "{lane:?} reaches the client");
        assert_eq!(ends[0].take(lane), Some(vec![2; 900]), "{lane:?} reaches the server");
    }
    assert_eq!(ends[1].take(Lane::ReliableOrdered), Some(vec![3; 40_000]), "slices are put together");
    assert_eq!(ends[0].take(Lane::ReliableOrdered), Some(vec![4; 2_048]), "at the server as well");
    assert!(ends[0].is_settled() && ends[1].is_settled(), "and everything is acknowledged");
}

#[test]
fn a_quiet_link_says_next_to_nothing() {
    let mut ends = pair();
    ends[0].send(Lane::ReliableOrdered, vec![1; 10]).expect("there is room");
    let (now, _) = exchange(&mut ends, Duration::ZERO, 50, || false);
    assert_eq!(ends[1].take(Lane::ReliableOrdered), Some(vec![1; 10]), "the message arrives");
    let (_, count) = exchange(&mut ends, now, 500, || false);
    assert!(count <= 12, "ten idle seconds cost about one packet each: {count}");
}

#[test]
fn snapshots_alone_cost_one_packet_each() {
    let mut ends = pair();
    let (mut now, mut total) = (Duration::ZERO, 0);
    for number in 0..100_u8 {
        ends[0].send(Lane::Unreliable, vec![number; 600]).expect("there is room");
        let (then, count) = exchange(&mut ends, now, 1, || false);
        (now, total) = (then, total + count);
        assert_eq!(ends[1].take(Lane::Unreliable), Some(vec![number; 600]), "snapshot {number} arrives at once");
    }
    assert!(total <= 106, "100 snapshots in two seconds take about 100 packets: {total}");
}

#[test]
fn lengths_no_lane_takes_are_handed_back() {
    let [mut server, mut client] = pair();
    assert_eq!(server.send(Lane::Unreliable, vec![0; 1_201]), Err(SendError::Length(1_201)), "it would be sliced");
    assert_eq!(server.send(Lane::ReliableOrdered, Vec::new()), Err(SendError::Length(0)), "no message is empty");
    assert_eq!(client.send(Lane::ReliableOrdered, vec![0; 2_049]), Err(SendError::Length(2_049)), "too long to accept");
    for _ in 0..16 {
        server.send(Lane::ReliableOrdered, vec![0; 65_536]).expect("a mebibyte fits");
    }
    assert_eq!(server.send(Lane::ReliableOrdered, vec![0; 1]), Err(SendError::Full), "one byte more does not");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn reliable_messages_survive_loss_once_and_in_order(
        lengths in prop::collection::vec(1_usize..2_048, 1..60),
        losses in prop::collection::vec(0_u8..10, 256),
    ) {
        let mut ends = pair();
        for (number, length) in lengths.iter().enumerate() {
            ends[1].send(Lane::ReliableOrdered, vec![number as u8; *length]).unwrap();
        }
        let mut at = 0;
        exchange(&mut ends, Duration::ZERO, 1_500, || {
            at += 1;
            losses[at % losses.len()] < 3
        });
        for (number, length) in lengths.iter().enumerate() {
            prop_assert_eq!(ends[0].take(Lane::ReliableOrdered), Some(vec![number as u8; *length]));
        }
        prop_assert_eq!(ends[0].take(Lane::ReliableOrdered), None);
    }
}

/// A number that is small, at an edge, or anything.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0_u64..6, 1 => 60_u64..70, 1 => 4_000_u64..4_200, 1 => Just(1_000_000), 1 => 0_u64..(1 << 62)]
}

fn varint(out: &mut Vec<u8>, number: u64) {
    match number {
        0..64 => out.push(number as u8),
        64..16_384 => out.extend_from_slice(&(number as u16 | 1 << 14).to_be_bytes()),
        _ => out.extend_from_slice(&(number | 0b11 << 62).to_be_bytes()),
    }
}

/// Packets that look like renet's, with numbers that do not fit together.
fn packet() -> impl Strategy<Value = Vec<u8>> {
    let lengths = prop_oneof![Just(0_usize), Just(1_200), Just(1_199), 1_usize..40];
    let slice = (2_u8..4, number(), 0_u8..4, number(), number(), number(), lengths.clone());
    let slice = slice.prop_map(|(kind, sequence, channel, message, index, count, length)| {
        let mut packet = vec![kind];
        varint(&mut packet, sequence);
        packet.push(channel);
        for number in [message, index, count, length as u64] {
            varint(&mut packet, number);
        }
        packet.resize(packet.len() + length, 1);
        packet
    });
    // Slices that are right but for one thing: the count, the index or the sequence of another one.
    let near = (0_u64..400, 1_u8..3, 0_u64..3, 1_u64..4, 0_u64..4);
    let near = near.prop_map(|(sequence, channel, message, count, index)| {
        let mut packet = vec![2];
        varint(&mut packet, sequence);
        packet.push(channel);
        for number in [message, index, count, 1_200] {
            varint(&mut packet, number);
        }
        packet.resize(packet.len() + 1_200, 1);
        packet
    });
    let small = (0_u8..2, number(), 0_u8..4, prop::collection::vec((number(), 0_usize..30), 0..6), 0_u16..3);
    let small = small.prop_map(|(kind, sequence, channel, messages, lie)| {
        let mut packet = vec![kind];
        varint(&mut packet, sequence);
        packet.push(channel);
        packet.extend_from_slice(&(messages.len() as u16 + lie / 2).to_be_bytes());
        for (message, length) in messages {
            if kind == 0 {
                varint(&mut packet, message);
            }
            varint(&mut packet, length as u64);
            packet.resize(packet.len() + length, 1);
        }
        packet
    });
    let ack = (number(), number(), number(), prop::collection::vec((number(), number()), 0..6));
    let ack = ack.prop_map(|(sequence, end, size, ranges)| {
        let mut packet = vec![4];
        for number in [sequence, end, size, ranges.len() as u64] {
            varint(&mut packet, number);
        }
        for (gap, size) in ranges {
            varint(&mut packet, gap);
            varint(&mut packet, size);
        }
        packet
    });
    prop_oneof![4 => slice, 4 => near, 3 => small, 2 => ack, 1 => prop::collection::vec(any::<u8>(), 0..1_300)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn no_sequence_of_packets_makes_renet_panic(packets in prop::collection::vec(packet(), 1..60), drain: bool, is_server: bool) {
        // A server takes shorter messages than a client, which hides some of the ways to break renet.
        let mut link = Link::new(if is_server { Side::Server } else { Side::Client }, Duration::ZERO, None);
        for _ in 0..4 {
            link.send(Lane::ReliableOrdered, vec![1; 2_000]).unwrap();
        }
        let mut now = Duration::ZERO;
        for packet in packets {
            now += STEP;
            let before = format!("{:?}", link.guard);
            match link.receive(&packet, now) {
                Ok(()) => {}
                Err(LinkFault::Panicked) => panic!("renet panicked on {packet:?} after {before}"),
                // The real owner closes the connection; here a fault must also leave the guard as it was.
                Err(LinkFault::Malformed(_)) => {}
                Err(LinkFault::Closed(_)) => break,
            }
            link.flush(now, &mut |packet| assert!(packet.len() <= limits::PAYLOAD_BYTES_MAX, "too long for a datagram"));
            if drain {
                for lane in LANES {
                    while link.take(lane).is_some() {}
                }
            }
        }
    }
}

#[test]
fn what_waits_for_its_ack_is_flushed_only_when_it_is_sent_again() {
    let [mut server, mut client] = pair();
    client.send(Lane::ReliableOrdered, vec![1; 10]).expect("there is room");
    client.flush(Duration::ZERO, &mut |packet| server.receive(packet, Duration::ZERO).expect("an honest packet"));
    let (mut flushes, mut sent) = (0, 0);
    for step in 0..1_000 {
        let now = Duration::from_millis(step);
        if step == 500 {
            server.send(Lane::ReliableOrdered, vec![2; 10]).expect("there is room");
        }
        if step % 3 == 0 && server.is_due(now) {
            flushes += 1;
            server.flush(now, &mut |packet| sent += usize::from(renet_wire::is_reliable(packet)));
        }
    }
    assert_eq!(sent, 2, "it leaves at once, and again after 300 ms");
    assert!(flushes <= 4, "besides there is an ack to send: {flushes} flushes");
}

#[test]
fn more_than_one_flush_takes_leaves_without_waiting_for_acks() {
    let mut server = Link::new(Side::Server, Duration::ZERO, None);
    for _ in 0..3 {
        server.send(Lane::ReliableOrdered, vec![1; 50_000]).expect("there is room");
    }
    let mut sent_bytes = 0;
    for step in 0..14 {
        let now = step * STEP;
        if server.is_due(now) {
            server.flush(now, &mut |packet| sent_bytes += packet.len());
        }
    }
    assert!(sent_bytes > 150_000, "all of it left before the first of it would be sent again: {sent_bytes}");
}

/// Packets that each way takes `delay`; returns how many bytes of payload the server sent until everything was acknowledged.
fn sent_over_a_slow_link(round_trip: Option<Duration>, delay: Duration, message: usize) -> usize {
    let step = Duration::from_millis(10);
    let mut ends = [Link::new(Side::Server, Duration::ZERO, round_trip), Link::new(Side::Client, Duration::ZERO, None)];
    let mut under_way: Vec<(Duration, usize, Vec<u8>)> = Vec::new();
    let (mut now, mut sent_bytes) = (Duration::ZERO, 0);
    ends[0].send(Lane::ReliableOrdered, vec![7; message]).expect("the channel has room");
    while !ends[0].is_settled() {
        assert!(now < Duration::from_secs(60), "it arrives at last");
        now += step;
        for (_, to, packet) in under_way.extract_if(.., |(at, ..)| *at <= now).collect::<Vec<_>>() {
            ends[to].receive(&packet, now).expect("an honest packet is no fault");
        }
        for (from, end) in ends.iter_mut().enumerate() {
            if end.is_due(now) {
                end.flush(now, &mut |packet| {
                    sent_bytes += if from == 0 { packet.len() } else { 0 };
                    under_way.push((now + delay, 1 - from, packet.to_vec()));
                });
            }
        }
    }
    sent_bytes
}

#[test]
fn a_link_of_300_ms_there_and_back_is_sent_everything_once() {
    let (delay, message) = (Duration::from_millis(150), 30_000);
    let sent = sent_over_a_slow_link(Some(2 * delay), delay, message);
    assert!(sent < message * 11 / 10, "{sent} bytes for a message of {message}");
    let sent = sent_over_a_slow_link(None, delay, message);
    assert!(
        sent > message * 19 / 10,
        "without a measure everything went twice, or this test shows nothing: {sent} bytes"
    );
}
