//! Bytes no honest peer sends: each is an error, none a panic.

mod samples;

use hypogeum_protocol::codec::{self, CodecError};
use hypogeum_protocol::{ClientMessage, Input, OwnState, Record, RecordKind, ServerMessage, Snapshot, limits};
use proptest::prelude::*;

/// Each server message, and a refusal for each code.
fn server_messages() -> Vec<ServerMessage> {
    let refusal = |code| ServerMessage::Error { code, about: 255, retry_after_ms: 1_000 };
    samples::server_messages().into_iter().chain(samples::error_codes().into_iter().map(refusal)).collect()
}

#[test]
fn a_message_cut_anywhere_is_truncated() {
    for message in samples::client_messages() {
        let bytes = codec::encode(&message);
        for end in 0..bytes.len() {
            assert_eq!(codec::decode_client(&bytes[..end]), Err(CodecError::Truncated), "{message:?} cut at {end}");
        }
    }
    for message in server_messages() {
        let bytes = codec::encode(&message);
        for end in 0..bytes.len() {
            assert_eq!(codec::decode_server(&bytes[..end]), Err(CodecError::Truncated), "{message:?} cut at {end}");
        }
    }
}

#[test]
fn a_message_with_something_behind_it_is_refused() {
    for message in samples::client_messages() {
        let mut bytes = codec::encode(&message);
        bytes.extend([0; 3]);
        assert_eq!(codec::decode_client(&bytes), Err(CodecError::TrailingBytes(3)), "{message:?}");
    }
    for message in server_messages() {
        let mut bytes = codec::encode(&message);
        bytes.push(0);
        assert_eq!(codec::decode_server(&bytes), Err(CodecError::TrailingBytes(1)), "{message:?}");
    }
}

#[test]
fn a_message_longer_than_its_limit_is_not_even_read() {
    let bytes = vec![0; limits::CLIENT_MESSAGE_BYTES_MAX + 1];
    let limit = CodecError::LengthExceeded(limits::CLIENT_MESSAGE_BYTES_MAX);
    assert_eq!(codec::decode_client(&bytes), Err(limit), "a client's");
    let bytes = vec![0; limits::SERVER_MESSAGE_BYTES_MAX + 1];
    let limit = CodecError::LengthExceeded(limits::SERVER_MESSAGE_BYTES_MAX);
    assert_eq!(codec::decode_server(&bytes), Err(limit), "a server's");
}

#[test]
fn values_no_type_has_are_malformed() {
    // A name of one byte that is no UTF-8.
    assert_eq!(codec::decode_client(&[0, 1, 1, 0xFF]), Err(CodecError::Malformed), "not UTF-8");
    // An exit that is neither open nor closed.
    assert_eq!(codec::decode_server(&[9, 1, 1, 8, 0, 2]), Err(CodecError::Malformed), "a bool of 2");
    assert_eq!(codec::decode_client(&[0xFA]), Err(CodecError::UnknownTag(250)), "no such message");
}

#[test]
fn what_is_out_of_range_is_told_from_what_is_not() {
    let input = Input { seq: 1, pace: 100, ability: 8, ..Input::default() };
    let batch = |batch: Vec<Input>| ClientMessage::Inputs { batch }.validate();
    let next = |seq| Input { seq, ..input };
    assert_eq!(batch(vec![next(1), next(2), next(3), next(4)]), Ok(()), "a full batch at the bounds");
    for (wrong, why) in [
        (vec![], "no input"),
        ((1..=5).map(next).collect(), "five inputs"),
        (vec![next(2), next(2)], "twice the same"),
        (vec![next(2), next(1)], "falling"),
        (vec![Input { pace: 101, ..input }], "more than full pace"),
        (vec![Input { ability: 9, ..input }], "no such slot"),
    ] {
        assert!(batch(wrong).is_err(), "{why}");
    }
    let hello = |client: &str| {
        ClientMessage::Hello { protocol_version: 1, client: client.into(), locale: String::new() }.validate()
    };
    assert_eq!(hello(&"x".repeat(64)), Ok(()), "a name of 64 bytes");
    assert!(hello(&"x".repeat(65)).is_err(), "a name of 65 bytes");
}

prop_compose! {
    fn input()(seq: u32, walk: u16, pace: u8, aim: u16, ability: u8) -> Input {
        Input { seq, walk, pace, aim, ability }
    }
}

fn kind() -> impl Strategy<Value = RecordKind> {
    prop::sample::select(samples::record_kinds())
}

prop_compose! {
    fn record()(id: u32, kind in kind(), template: u16, x: i32, y: i32, heading: u8, hp_band: u8, extent: u16) -> Record {
        Record { id: hypogeum_protocol::NetId(id), kind, template, x, y, heading, hp_band, extent }
    }
}

prop_compose! {
    fn own()(x: i32, y: i32, heading: u16, speed: u16, hp: u32, hp_max: u32, mp: u32, cooling: u8, extraction_ticks: u16)
        -> OwnState
    {
        OwnState { x, y, heading, speed, hp, hp_max, mp, cooling, extraction_ticks }
    }
}

prop_compose! {
    fn snapshot()(
        tick: u32,
        input_seq: u32,
        own in prop::option::of(own()),
        records in prop::collection::vec(record(), 0..limits::SNAPSHOT_RECORDS_MAX),
        alive: u16,
        extracted: u16,
    ) -> Snapshot {
        Snapshot { tick, input_seq, own, records, alive, extracted }
    }
}

proptest! {
    #[test]
    fn any_snapshot_is_read_as_it_was_written(snapshot in snapshot()) {
        let message = ServerMessage::Snapshot(snapshot);
        prop_assert_eq!(codec::decode_server(&codec::encode(&message)), Ok(message));
    }

    #[test]
    fn any_batch_is_read_as_it_was_written(batch in prop::collection::vec(input(), 0..8)) {
        let message = ClientMessage::Inputs { batch };
        prop_assert_eq!(codec::decode_client(&codec::encode(&message)), Ok(message));
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(message) = codec::decode_client(&bytes) {
            let _ = message.validate();
        }
        let _ = codec::decode_server(&bytes);
    }

    #[test]
    fn a_message_with_one_byte_changed_is_read_or_refused(
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        byte: u8,
    ) {
        let messages = server_messages();
        let mut bytes = codec::encode(which.get(&messages));
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(message) = codec::decode_server(&bytes) {
            // A longer form of a number may be read; written again it has the shortest one.
            prop_assert!(codec::encode(&message).len() <= bytes.len());
        }
    }
}
