//! `PROTOCOL.md` says what the code does: its examples, its tables of tags, its limits.

mod samples;
mod worked;

use std::fmt::Debug;

use hypogeum_protocol::lane::{
    CELL, CELL_MARGIN, Cell, DOWN_HEAD_BYTES, DownHead, EVENTS_MAX, Facet, Motion, PAGE_SLOTS, PageBlock, Reader, Up,
    page_check, read_areas, read_events, write_page,
};
use hypogeum_protocol::{
    ChatChannel, ChatNotice, ClientMessage, DamageCause, ErrorCode, Ignored, MatchPhase, Outcome, PropertyFault,
    QueryFault, ServerMessage, codec, limits,
};
use serde::Serialize;

const DOCUMENT: &str = include_str!("../PROTOCOL.md");

/// The bytes of the example fenced as `hex NAME`.
fn example(name: &str) -> Vec<u8> {
    let fence = format!("```hex {name}\n");
    let start = DOCUMENT.find(&fence).unwrap_or_else(|| panic!("no example `{name}`")) + fence.len();
    let length = DOCUMENT[start..].find("```").expect("the fence is closed");
    let digits = DOCUMENT[start..start + length].split_whitespace();
    digits
        .map(|pair| u8::from_str_radix(pair, 16).unwrap_or_else(|_| panic!("`{pair}` in `{name}` is no byte")))
        .collect()
}

/// First and second cell of each row of the table after a comment.
fn table(comment: &str) -> Vec<(String, String)> {
    let mark = format!("<!-- {comment} -->\n");
    let start = DOCUMENT.find(&mark).unwrap_or_else(|| panic!("no table `{comment}`")) + mark.len();
    let rows = DOCUMENT[start..].lines().take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let mut cells = row.split('|').skip(1).map(|cell| cell.trim().trim_matches('`').to_owned());
        (cells.next().expect("a first cell"), cells.next().expect("a second cell"))
    })
    .collect()
}

/// Tag and name of values, as they are encoded and as they are called, repeated ones once.
fn tags<T: Serialize + Debug>(values: &[T]) -> Vec<(String, String)> {
    let mut tags: Vec<(String, String)> = values
        .iter()
        .map(|value| {
            let name = format!("{value:?}");
            let name = name.split([' ', '(']).next().expect("a name").to_owned();
            (codec::encode(value).first().expect("a tag").to_string(), name)
        })
        .collect();
    tags.dedup();
    tags
}

/// The variant after the last one of `values`, encoded, must not decode: so the samples are complete.
fn is_complete<T: Serialize + serde::de::DeserializeOwned + Debug>(values: &[T]) {
    let count = tags(values).len() as u8;
    let mut beyond = vec![count];
    beyond.resize(64, 0);
    let decoded = codec::decode::<T, 64>(&beyond);
    assert_eq!(
        decoded.expect_err("no such variant"),
        codec::CodecError::UnknownTag(u32::from(count)),
        "{} samples are all there are of {}",
        count,
        std::any::type_name::<T>()
    );
}

#[test]
fn the_worked_hello_is_what_the_codec_writes_and_reads() {
    let hello = ClientMessage::Hello { protocol_version: 9, client: "example".into(), locale: "de".into() };
    assert_eq!(codec::encode(&hello), example("hello"), "written");
    assert_eq!(codec::decode_client(&example("hello")), Ok(hello), "read");
}

#[test]
fn the_worked_hello_stands_in_its_renet_packet() {
    let hello = example("hello");
    // Small reliable, sequence 0, channel 2, one message in two big-endian bytes, id 0, and its length.
    let mut packet = vec![0, 0, 2, 0, 1, 0, hello.len() as u8];
    packet.extend(hello);
    assert_eq!(example("renet-hello"), packet, "the packet around the hello");
}

#[test]
fn the_worked_client_messages_are_what_the_codec_writes_and_reads() {
    let messages = samples::client_messages();
    for name in ["inputs", "pick-up"] {
        let decoded = codec::decode_client(&example(name)).expect("the example reads");
        assert!(messages.contains(&decoded), "`{name}` is the sample the text describes, not {decoded:?}");
        assert_eq!(codec::encode(&decoded), example(name), "`{name}` written again");
        assert_eq!(decoded.validate(), Ok(()), "`{name}` is in range");
    }
}

#[test]
fn the_worked_server_messages_are_what_the_codec_writes_and_reads() {
    let error = ErrorCode::VersionMismatch { min: 2, max: 2 };
    for (name, message) in [
        ("welcome", samples::welcome()),
        ("snapshot", ServerMessage::Snapshot(samples::snapshot())),
        ("error", ServerMessage::Error { code: error, about: 0, retry_after_ms: 0 }),
    ] {
        assert_eq!(codec::encode(&message), example(name), "`{name}` written");
        assert_eq!(codec::decode_server(&example(name)), Ok(message), "`{name}` read");
    }
}

#[test]
fn the_tables_of_tags_are_the_enums() {
    assert_eq!(table("tags: ClientMessage"), tags(&samples::client_messages()), "client messages");
    assert_eq!(table("tags: ServerMessage"), tags(&samples::server_messages()), "server messages");
    assert_eq!(table("tags: Act"), tags(&samples::acts()), "acts");
    assert_eq!(table("tags: ErrorCode"), tags(&samples::error_codes()), "error codes");
    assert_eq!(table("tags: GameEvent"), tags(&samples::events()), "events");
    assert_eq!(table("tags: DamageCause"), tags(&DAMAGE_CAUSES), "what takes hit points");
    assert_eq!(table("tags: RecordKind"), tags(&samples::record_kinds()), "kinds of records");
    assert_eq!(table("tags: MatchPhase"), tags(&PHASES), "phases");
    assert_eq!(table("tags: Outcome"), tags(&OUTCOMES), "outcomes");
    assert_eq!(table("tags: ChatChannel"), tags(&ChatChannel::ALL), "channels");
    assert_eq!(table("tags: ChatNotice"), tags(&NOTICES), "notices");
    assert_eq!(table("tags: Ignored"), tags(&IGNORED), "ways to ignore");
    assert_eq!(table("tags: Watched"), tags(&samples::watched()), "whom one watches");
    assert_eq!(table("tags: PartyAct"), tags(&samples::party_acts()), "what is done in a party");
    assert_eq!(table("tags: Whereabouts"), tags(&samples::whereabouts()), "where somebody is");
    assert_eq!(table("tags: QueueRefusal"), tags(&samples::queue_refusals()), "what is in the way of a ticket");
    assert_eq!(table("tags: PropertyValue"), tags(&samples::property_values()), "what a property holds");
    assert_eq!(table("tags: PropertyFault"), tags(&PROPERTY_FAULTS), "what is wrong with a property");
    assert_eq!(table("tags: QueryFault"), tags(&QUERY_FAULTS), "what is wrong with a query");
}

const PHASES: [MatchPhase; 3] = [MatchPhase::Deploy, MatchPhase::Live, MatchPhase::Over];
const NOTICES: [ChatNotice; 5] =
    [ChatNotice::Refused, ChatNotice::Muted, ChatNotice::Blocked, ChatNotice::Heard, ChatNotice::Reported];
const IGNORED: [Ignored; 3] = [Ignored::Not, Ignored::Muted, Ignored::Blocked];
const DAMAGE_CAUSES: [DamageCause; 4] = [
    DamageCause::Other,
    DamageCause::Ability { ability: 7 },
    DamageCause::Effect { effect: 2 },
    DamageCause::Hazard { hazard: 3 },
];
const PROPERTY_FAULTS: [PropertyFault; 3] = [PropertyFault::BadKey, PropertyFault::SameKey, PropertyFault::BadText];
const QUERY_FAULTS: [QueryFault; 9] = [
    QueryFault::TooManyClauses,
    QueryFault::TooManyValues,
    QueryFault::BadKey,
    QueryFault::NoColon,
    QueryFault::NoValue,
    QueryFault::BadNumber,
    QueryFault::EmptyRange,
    QueryFault::OpenQuote,
    QueryFault::BadCharacter,
];
const OUTCOMES: [Outcome; 3] = [Outcome::Extracted, Outcome::Died, Outcome::TimedOut];

#[test]
fn no_enum_has_a_variant_that_no_table_names() {
    is_complete(&samples::client_messages());
    is_complete(&samples::server_messages());
    is_complete(&samples::acts());
    is_complete(&samples::error_codes());
    is_complete(&samples::events());
    is_complete(&samples::record_kinds());
    is_complete(&PHASES);
    is_complete(&OUTCOMES);
    is_complete(&ChatChannel::ALL);
    is_complete(&NOTICES);
    is_complete(&IGNORED);
    is_complete(&samples::party_acts());
    is_complete(&samples::watched());
    is_complete(&samples::whereabouts());
    is_complete(&samples::queue_refusals());
}

#[test]
fn the_table_of_limits_is_the_limits() {
    let rows = table("limits");
    let numbers = rows.iter().map(|(_, value)| value.replace(',', "").parse::<u64>().expect("a number"));
    let written: Vec<(&str, u64)> = rows.iter().map(|(name, _)| name.as_str()).zip(numbers).collect();
    assert_eq!(written, limits::FOR_CLIENTS, "each limit that clients need has a row, in this order");
    let protocol_id = format!("`0x{:X}`", limits::NETCODE_PROTOCOL_ID);
    assert!(DOCUMENT.contains(&protocol_id), "the protocol id {protocol_id} is named");
}

#[test]
fn the_examples_of_numbers_are_what_the_codec_writes() {
    assert_eq!(codec::encode(&250_u32), [0xFA], "250");
    assert_eq!(codec::encode(&251_u32), [0xFB, 0xFB, 0], "251");
    assert_eq!(codec::encode(&70_000_u32), [0xFC, 0x70, 0x11, 1, 0], "70,000");
    assert_eq!(codec::encode(&-3_i32), [5], "−3");
    assert_eq!(codec::encode(&19_200_i32), [0xFB, 0, 0x96], "19,200");
    let too_wide = codec::decode::<u16, 16>(&[0xFC, 1, 0, 0, 0]);
    assert_eq!(too_wide, Err(codec::CodecError::Malformed), "a marker wider than the type");
}

#[test]
fn the_worked_datagram_of_a_client_is_what_is_written_and_read() {
    let mut written = Vec::new();
    worked::lane_up().write(&mut written);
    assert_eq!(written, example("lane-up"), "written");
    assert_eq!(Up::read(&example("lane-up")), Ok(worked::lane_up()), "read");
}

#[test]
fn the_worked_datagram_of_a_server_is_what_is_written_and_read() {
    assert_eq!(worked::lane_down(), example("lane-down"), "written");
    let bytes = example("lane-down");
    let mut reader = Reader::new(&bytes);
    let head = DownHead::read(&mut reader).expect("a head");
    let (expected, area) = worked::lane_head();
    let (at, facets, motions) = worked::lane_page();
    let check = page_check(at, 0b101, &facets, &motions);
    assert_eq!(head, DownHead { check, areas_count: 1, pages_count: 1, events_count: 1, ..expected }, "the head");
    let (mut areas, mut page, mut events) = (Vec::new(), PageBlock::default(), Vec::new());
    read_areas(&mut reader, head.areas_count, &mut areas).expect("areas");
    page.read(&mut reader).expect("a page");
    read_events(&mut reader, head.events_count, &mut events).expect("events");
    assert_eq!(reader.end(), Ok(()), "nothing is left");
    assert_eq!((areas, events), (vec![area], samples::events()[..1].to_vec()), "area and event");
    assert_eq!((page.cell, page.page, page.present, page.told, page.came), (at.0, at.1, 0b101, 0b101, 0b100), "slots");
    assert_eq!(page.facets[2], facets[2], "who came");
    assert_eq!((page.motions[0], page.motions[2]), (motions[0], motions[2]), "where they are");
}

#[test]
fn the_worked_page_of_which_little_is_told_is_what_is_written_and_read() {
    let cell = Cell { row: 1, column: 3 };
    let (facets, mut motions) = ([Facet::default(); PAGE_SLOTS], [Motion::default(); PAGE_SLOTS]);
    motions[1] = Motion::new(cell, (30_000, 10_000), 64, 8);
    let mut written = Vec::new();
    write_page(&mut written, (cell, 1), (0b111, 0b010, 0), &facets, &motions);
    let bytes = example("lane-page");
    assert_eq!(written, bytes, "written");
    let (mut reader, mut page) = (Reader::new(&bytes), PageBlock::default());
    page.read(&mut reader).expect("a page");
    assert_eq!(reader.end(), Ok(()), "nothing is left");
    assert_eq!((page.cell, page.page, page.present, page.told, page.came), (cell, 1, 0b111, 0b010, 0), "slots");
    assert_eq!(page.motions[1], motions[1], "where the one is that moved");
}

/// The check as the text tells to work it out, number by number.
#[test]
fn the_check_is_worked_out_as_the_text_says() {
    let ((cell, page), facets, motions) = worked::lane_page();
    let mut sum =
        (u32::from(cell.row) * 65_536 + u32::from(cell.column) * 256 + u32::from(page)).wrapping_mul(2_654_435_761);
    for slot in [0, 2] {
        let Motion(motion) = motions[slot];
        let rotated = motion << (slot % 32) | motion.checked_shr(32 - slot as u32 % 32).unwrap_or(0);
        let mixed = facets[slot].id.0.wrapping_mul(2_246_822_519) ^ rotated;
        sum = sum.wrapping_add((mixed ^ (mixed >> 15)).wrapping_mul(739_982_445));
    }
    assert_eq!(sum, page_check((cell, page), 0b101, &facets, &motions), "the code agrees");
    for number in ["2,654,435,761", "2,246,822,519", "739,982,445"] {
        assert!(DOCUMENT.contains(number), "the text names {number}");
    }
    let example = example("lane-down");
    assert_eq!(example[16..20], sum.to_le_bytes(), "and the example shows it");
}

/// First two numbers of each row: where a field begins, and how long it is.
fn layout(comment: &str) -> Vec<(usize, usize)> {
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("`{text}` in `{comment}` is no number"));
    table(comment).iter().map(|(offset, bytes)| (number(offset), number(bytes))).collect()
}

#[test]
fn the_tables_of_bytes_have_no_gaps() {
    for (comment, length) in [("bytes: DownHead", DOWN_HEAD_BYTES), ("bytes: Up", 4), ("bytes: Input", 10)] {
        let mut next = 0;
        for (offset, bytes) in layout(comment) {
            assert_eq!(offset, next, "`{comment}`: a field begins where the one before ends");
            next += bytes;
        }
        assert_eq!(next, length, "`{comment}` is as long as in the code");
    }
}

#[test]
fn the_numbers_of_the_lane_are_the_codes() {
    let rows = table("lane");
    let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["CELL", "CELL_MARGIN", "PAGE_SLOTS", "EVENTS_MAX"], "each has a row");
    let numbers: Vec<Result<usize, _>> = rows.iter().map(|(_, value)| value.replace(',', "").parse()).collect();
    assert_eq!(
        numbers,
        [Ok(CELL as usize), Ok(CELL_MARGIN as usize), Ok(PAGE_SLOTS), Ok(EVENTS_MAX)],
        "with its value"
    );
}
