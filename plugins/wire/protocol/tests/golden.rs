//! Bytes that must not change while [`PROTOCOL_VERSION`](hypogeum_protocol::limits::PROTOCOL_VERSION) is 9.

mod samples;

use hypogeum_protocol::{codec, limits};

const CLIENT: [&str; 35] = [
    "00 09 07 65 78 61 6d 70 6c 65 02 64 65",
    "01 05 62 6c 69 74 7a",
    "02",
    "03 01 fb 2c 01 07",
    "04 09 00 fc 70 11 01 00 01 fb 2c 01",
    "04 09 01 fc 70 11 01 00 00",
    "04 09 02 fc 70 11 01 00 00",
    "04 09 03 fc 70 11 01 00 00",
    "04 09 04 fc 70 11 01 00 00",
    "04 09 05 fc 70 11 01 00 00",
    "05 02 fa fb 00 40 64 00 00 fb fb 00 fb 00 40 64 fb 00 80 01",
    "06",
    "07 fd ff ff ff ff ff ff ff ff",
    "08 02 03 fb 2c 01",
    "09 09 03 01 02 03",
    "0a 04 6d 61 67 65",
    "0b 03 05 47 72 61 63 65 02 68 69 00",
    "0c 03 05 47 72 61 63 65 fb 2c 01",
    "0d 05 47 72 61 63 65 02",
    "0e fb 2c 01 00 04 73 70 61 6d",
    "0f 05 02 00 01 fb 2c 01 02",
    "10 fb 2c 01 01",
    "11 00 05 47 72 61 63 65",
    "11 01 fb 2c 01",
    "11 02 fb 2c 01",
    "11 03",
    "11 04 07",
    "11 05 07",
    "11 06 06 73 74 6f 72 6d 73",
    "12 05 00",
    "12 05 01",
    "12 05 02 fb 2c 01",
    "12 05 03",
    "13",
    "14 05 62 6c 69 74 7a 02 05 6c 65 76 65 6c 00 02 65 75 05 6c 65 76 65 6c 01 fb 57 02 0a 2b 72 65 67 69 6f 6e 3a 65 75",
];

const SERVER: [&str; 43] = [
    "00 fd cd ab 89 67 45 23 01 00 06 03 41 64 61 09 1e 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 \
     15 16 17 18 19 1a 1b 1c 1d 1e 1f 01 05 62 6c 69 74 7a 18 4b 01 fb 2c 01 02 64 65",
    "01 01 02 02 00 00",
    "02 05 62 6c 69 74 7a 03 18 c8",
    "03",
    "04 05 05 62 6c 69 74 7a fb a0 0f 01 fd 06 00 00 00 00 00 00 40 01 06 6d 65 64 6b 69 74 03 fb 2c 01 01 \
     01 fd 06 00 00 00 00 00 00 40 01",
    "05 01 fd 06 00 00 00 00 00 00 40 01",
    "06 05 05 62 6c 69 74 7a 1e 03 cc fc 00 2c 01 00 01 01 00 fb 00 02 fb 00 04 01 04 63 61 6d 70 fb d0 07 fb a0 0f fb 00 \
     10 01 fb 00 0c fb 00 0c fb 00 0c fb 2a 03 fb 36 06 5a",
    "07 01 5a fb ca 08",
    "08 02 01 09 fd 06 00 00 00 00 00 00 40 01 06 6d 65 64 6b 69 74 00 03 fb 2c 01 01 01 fd 06 00 00 00 00 00 00 40 01 07",
    "09 64 15 00 04 03 0c 01 01 04 03 02 03 00 03 03 02 04 03 02 05 03 5a 06 03 07 03 08 01 01 09 09 0a 0a 04 03 07 0b 04 03 \
     02 0c 09 fb 2c 01 02 0d 03 07 fb 2c 01 0e 03 07 40 0f 03 04 10 03 04 5a 11 03 04 12 03 04 13 03 02 14 03 01 07",
    "0a 05 00 02 fb 54 01 d7 02 05 63 fb d0 0b",
    "0b 01",
    "0c fb e8 03 fb fb 00 01 fb 00 96 05 fb 00 40 33 57 82 14 01 00 01 0c 01 04 fb 00 98 fb 58 02 ff 0f 00 17 01",
    "0d",
    "0e 01 fd 06 00 00 00 00 00 00 40 01",
    "0f 05 01 03 03 41 64 61",
    "10 05 64 01 04 03 00 01 03 00 01 01",
    "11 05 18 01 04 05 47 72 61 63 65 01 00 03 fb 54 01 00 fb d0 0b",
    "12 fb 2c 01 02 04 05",
    "13 fb 2c 01 00 03 41 64 61 00 02 68 69 00 fb e8 03 0e 41 64 61 20 73 61 79 73 2c 20 22 68 69 22",
    "14 00 00 01 fb 2c 01 00 03 41 64 61 00 02 68 69 00 fb e8 03 0e 41 64 61 20 73 61 79 73 2c 20 22 68 69 22 fb 2c 01",
    "15 01 05 47 72 61 63 65 17 59 6f 75 20 68 65 61 72 20 47 72 61 63 65 20 6e 6f 20 6d 6f 72 65 2e",
    "16 05 fb 00 40 02 00 00 af 13 49 b9 f5 f9 a1 a6 a0 40 4d ea 36 dc c9 49 fb 2c 01 02 00 01 02 03 04 05 06 07 08 09 0a \
     0b 0c 0d 0e 0f",
    "17 05 01 02 03 00 00 00",
    "18 05 02 03 01 04 00",
    "19 fb 2c 01 01 07",
    "1a fb 2c 01 08 03 01 02 03",
    "1b 07 05 47 72 61 63 65",
    "1c 07 05 47 72 61 63 65",
    "1d 04 07 00 07 01 07 02 05 62 6c 69 74 7a 07 03 04 76 61 6c 65",
    "1e 01 fb 2c 01 06 73 74 6f 72 6d 73 07 08 01 07 05 47 72 61 63 65 01 01 03 41 64 61",
    "1f fb 2c 01 05 47 72 61 63 65 06 73 74 6f 72 6d 73 3c",
    "20 05 62 6c 69 74 7a 00 07",
    "20 05 62 6c 69 74 7a 01 05 04",
    "20 05 62 6c 69 74 7a 02 07",
    "20 05 62 6c 69 74 7a 03 07",
    "20 05 62 6c 69 74 7a 04 fb 91 13 fb b8 0b",
    "20 05 62 6c 69 74 7a 05 01 01",
    "20 05 62 6c 69 74 7a 06 fb 2c 01 04",
    "21 05 fb 2c 01 05 47 72 61 63 65",
    "22 05 62 6c 69 74 7a fb a0 0f 01 fb 2c 01 c8 64 32 fb b8 0b 09 08 03 02 02 01",
    "23 03",
    "24 05 02 01 fb 2c 01",
];

fn bytes(hex: &str) -> Vec<u8> {
    hex.split_whitespace().map(|pair| u8::from_str_radix(pair, 16).expect("two digits")).collect()
}

#[test]
fn every_message_has_the_bytes_it_always_had() {
    assert_eq!(limits::PROTOCOL_VERSION, 9, "other bytes are another version: write down the new ones");
    let client = samples::client_messages();
    assert_eq!(client.len(), CLIENT.len(), "each client message has its bytes here");
    for (message, hex) in client.iter().zip(CLIENT) {
        assert_eq!(codec::encode(message), bytes(hex), "{message:?}");
        assert_eq!(codec::decode_client(&bytes(hex)).as_ref(), Ok(message), "and back");
    }
    let server = samples::server_messages();
    assert_eq!(server.len(), SERVER.len(), "each server message has its bytes here");
    for (message, hex) in server.iter().zip(SERVER) {
        assert_eq!(codec::encode(message), bytes(hex), "{message:?}");
        assert_eq!(codec::decode_server(&bytes(hex)).as_ref(), Ok(message), "and back");
    }
}

#[test]
fn codes_and_kinds_have_the_tags_they_always_had() {
    for (tag, code) in (0_u8..).zip(samples::error_codes()) {
        assert_eq!(codec::encode(&code).first(), Some(&tag), "{code:?}");
    }
    for (tag, kind) in (0_u8..).zip(samples::record_kinds()) {
        assert_eq!(codec::encode(&kind), [tag], "{kind:?}");
    }
    assert_eq!(samples::acts().len() + samples::events().len(), 27, "acts and events are among the messages above");
}

#[test]
fn the_worst_snapshot_fits_one_datagram_unsliced() {
    let mut snapshot = samples::snapshot();
    let record = *snapshot.records.first().expect("the sample has a record");
    // What a map of a kilometre brings: ids, places and templates of three bytes each.
    let far = hypogeum_protocol::Record { id: hypogeum_protocol::NetId(60_000), x: 32_000, y: 32_000, ..record };
    snapshot.records = vec![far; limits::SNAPSHOT_RECORDS_MAX];
    let length = codec::encode(&hypogeum_protocol::ServerMessage::Snapshot(snapshot)).len();
    assert!(length <= limits::UNRELIABLE_BYTES_MAX, "{length} bytes");
}
