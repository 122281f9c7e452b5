//! Every message in both codecs: it is written, read again, and looks as `PROTOCOL.md` says.

#[expect(dead_code, reason = "these tests need some of the samples")]
#[path = "../../protocol/tests/samples/mod.rs"]
mod samples;

use hypogeum_envelope::limits::ENVELOPE_BYTES_MAX;
use hypogeum_envelope::{Codec, EnvelopeError, ErrorBody, Payload, client_type, read_head, read_message, read_payload};
use hypogeum_protocol::{ClientMessage, ErrorCode, ServerMessage, codec};
use serde::Deserialize;

fn json(text: &str) -> Result<ClientMessage, EnvelopeError> {
    let head = read_head(Codec::Json, text.as_bytes())?;
    read_message(Codec::Json, text.as_bytes(), &head.kind)
}

#[test]
fn every_message_of_a_client_is_read_as_it_was_written() {
    for message in samples::client_messages() {
        for codec in Codec::ALL {
            let bytes = Payload::of_message(codec, &message).expect("it can be written").envelope(Some(7));
            let head = read_head(codec, &bytes).expect("it has a head");
            assert_eq!(head.id, Some(7), "the number of the request");
            assert_eq!(read_message(codec, &bytes, &head.kind), Ok(message.clone()), "{codec:?}");
            let tag = hypogeum_protocol::codec::encode(&message)[0];
            assert_eq!(client_type(tag), Some(head.kind.as_str()), "{message:?} has its type at its tag");
        }
    }
}

#[test]
fn every_message_of_a_server_is_read_as_it_was_written() {
    for message in samples::server_messages() {
        for codec in Codec::ALL {
            let bytes = Payload::of_message(codec, &message).expect("it can be written").envelope(None);
            let head = read_head(codec, &bytes).expect("it has a head");
            assert_eq!((head.id, head.kind.is_empty()), (None, false), "it answers nothing, and has a type");
            assert_eq!(read_message(codec, &bytes, &head.kind), Ok(message.clone()), "{codec:?}");
        }
    }
}

#[test]
fn a_message_looks_like_its_fields() {
    let text = |message: &ServerMessage, id| {
        let bytes = Payload::of_message(Codec::Json, message).expect("it can be written").envelope(id);
        String::from_utf8(bytes).expect("JSON is text")
    };
    assert_eq!(text(&ServerMessage::Goodbye, None), r#"{"v":1,"type":"goodbye"}"#);
    assert_eq!(
        text(&ServerMessage::Pong { nonce: u64::MAX }, Some(3)),
        r#"{"v":1,"type":"pong","id":3,"payload":{"nonce":"18446744073709551615"}}"#,
        "JavaScript would not keep the number"
    );
    assert_eq!(
        text(&ServerMessage::Told { tick: 9, body: vec![1, 2, 255] }, None),
        r#"{"v":1,"type":"told","payload":{"tick":9,"body":"AQL/"}}"#,
        "bytes are base64"
    );
    let pong = Payload::of_message(Codec::MessagePack, &ServerMessage::Pong { nonce: 5 }).expect("it can be written");
    let expected = b"\x84\xA1v\x01\xA4type\xA4pong\xA2id\xCE\0\0\0\x03\xA7payload\x81\xA5nonce\x05";
    assert_eq!(pong.envelope(Some(3)), expected, "maps by names");
    let told = ServerMessage::Told { tick: 9, body: vec![1, 2, 255] };
    let told = Payload::of_message(Codec::MessagePack, &told).expect("it can be written").envelope(None);
    assert!(told.ends_with(b"\xA4body\xC4\x03\x01\x02\xFF"), "bytes are binary: {told:?}");
}

#[test]
fn a_number_beyond_what_javascript_keeps_is_a_string_also_below_zero() {
    for (gained, written) in
        [(-5, "-5"), (i64::MAX, r#""9223372036854775807""#), (i64::MIN, r#""-9223372036854775808""#)]
    {
        let settled = samples::server_messages().into_iter().find_map(|message| match message {
            ServerMessage::Settled { match_id, mut report } => {
                report.currency_gained = gained;
                Some(ServerMessage::Settled { match_id, report })
            }
            _ => None,
        });
        let settled = settled.expect("there is a sample");
        for codec in Codec::ALL {
            let bytes = Payload::of_message(codec, &settled).expect("it can be written").envelope(None);
            assert_eq!(read_message(codec, &bytes, "settled"), Ok(settled.clone()), "{gained} by {codec:?}");
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let field = format!(r#""currency_gained":{written}"#);
            assert!(codec == Codec::MessagePack || text.contains(&field), "{gained}: {text}");
        }
    }
}

#[test]
fn keys_come_in_any_order_and_unknown_ones_mean_nothing() {
    let ping = Ok(ClientMessage::Ping { nonce: 7 });
    assert_eq!(json(r#"{"payload":{"more":[1],"nonce":7},"else":{"x":null},"type":"ping","v":1}"#), ping);
    assert_eq!(json(r#" {"v":1,"type":"ping","payload":{"nonce":"7"}} "#), ping, "a string of digits is a number");
    assert_eq!(json(r#"{"v":1,"type":"leave_queue"}"#), Ok(ClientMessage::LeaveQueue), "no payload");
    assert_eq!(json(r#"{"v":1,"type":"leave_queue","payload":{}}"#), Ok(ClientMessage::LeaveQueue), "or an empty one");
    let item = r#"{"v":1,"type":"choose_loadout","payload":{"items":["12c-7"]}}"#;
    assert!(samples::client_messages().contains(&json(item).expect("an item by its name")), "an item by its name");
}

#[test]
fn what_is_no_envelope_says_why() {
    let refused = |text: &str| json(text).expect_err("it is none");
    assert_eq!(refused(r#"[1,"ping"]"#), EnvelopeError::NoMap);
    assert_eq!(refused(""), EnvelopeError::NoMap);
    assert_eq!(refused(r#"{"v":2,"type":"ping"}"#), EnvelopeError::OtherVersion(2));
    assert_eq!(refused(r#"{"v":1,"type":"leave_queue"} x"#), EnvelopeError::TrailingBytes);
    assert_eq!(refused(&format!(r#"{{"v":1,"type":"{}"}}"#, "x".repeat(33))), EnvelopeError::LongType);
    let deep = format!(r#"{{"v":1,"type":"leave_queue","payload":{}{}}}"#, "[".repeat(16), "]".repeat(16));
    assert_eq!(refused(&deep), EnvelopeError::TooDeep);
    assert_eq!(refused(&format!(r#"{{"v":1,"type":"{}"}}"#, "x".repeat(ENVELOPE_BYTES_MAX))), EnvelopeError::TooLong);
    for (text, why) in [
        (r#"{"v":1,"type":"dance"}"#, "unknown variant `dance`"),
        (r#"{"v":1,"type":"ping"}"#, "expected"),
        (r#"{"v":1,"type":"ping","payload":{}}"#, "missing field `nonce`"),
        (r#"{"v":1,"type":"ping","payload":{"nonce":-1}}"#, "a whole number from 0 on"),
        (r#"{"v":1,"type":"ping","payload":{"nonce":1},"payload":{"nonce":2}}"#, "duplicate field"),
        (r#"{"type":"ping"}"#, "missing field `v`"),
        (r#"{"v":1,"type":"ping","id":-1}"#, "invalid value"),
        (r#"{"v":1,"#, "EOF"),
    ] {
        let EnvelopeError::Malformed(found) = refused(text) else { panic!("{text} is malformed") };
        assert!(found.contains(why), "{text}: {found}");
    }
}

#[test]
fn messagepack_is_refused_where_it_lies_or_goes_on() {
    let ping =
        Payload::of_message(Codec::MessagePack, &ClientMessage::Ping { nonce: 1 }).expect("written").envelope(None);
    for end in 0..ping.len() {
        assert!(read_head(Codec::MessagePack, &ping[..end]).is_err(), "cut after {end} bytes it is none");
    }
    let more = [ping.as_slice(), &[0xC0]].concat();
    assert_eq!(read_head(Codec::MessagePack, &more), Err(EnvelopeError::TrailingBytes));
    assert_eq!(read_head(Codec::MessagePack, &[0xC0]), Err(EnvelopeError::NoMap));
    let deep = [b"\x81\xA1x".as_slice(), &[0x91; 40], &[0xC0]].concat();
    assert_eq!(read_head(Codec::MessagePack, &deep), Err(EnvelopeError::TooDeep));
    // A text, bytes, a list, a map of 4 GiB.
    for claim in [0xDB, 0xC6, 0xDD, 0xDF] {
        let bytes = [b"\x81\xA1x".as_slice(), &[claim, 255, 255, 255, 255, 0]].concat();
        assert!(read_head(Codec::MessagePack, &bytes).is_err(), "{claim:x} claims what is not there");
    }
}

#[test]
fn an_error_has_the_code_of_the_other_doors() {
    for code in samples::error_codes() {
        let name = serde_json::to_value(code).expect("a code is text, or a map by its name");
        let name = name
            .as_str()
            .map_or_else(|| name.as_object().expect("a map").keys().next().expect("one").clone(), str::to_owned);
        assert_eq!(name, code.name(), "both ways to name it are the same");
    }
    let body = ErrorBody::of(ErrorCode::TooSoon, 1, 500);
    let bytes = Payload::of_type(Codec::Json, ErrorBody::TYPE, &body).expect("it can be written").envelope(Some(4));
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        r#"{"v":1,"type":"error","id":4,"payload":{"code":"too_soon","message":"too soon: wait","retry_after_ms":500,"about":"join_queue"}}"#
    );
}

#[test]
fn a_payload_is_read_besides_its_message() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Token {
        access_token: String,
    }
    let text =
        r#"{"v":1,"type":"hello","payload":{"protocol_version":9,"client":"x","locale":"","access_token":"abc"}}"#;
    let token = read_payload(Codec::Json, text.as_bytes());
    assert_eq!(token, Ok(Token { access_token: "abc".to_owned() }));
    assert!(matches!(json(text), Ok(ClientMessage::Hello { .. })), "and the message beside it");
    assert!(codec::decode_client(text.as_bytes()).is_err(), "which is no message of our own codec");
}

#[test]
fn the_worked_examples_are_what_is_written_and_read() {
    let document = include_str!("../../protocol/PROTOCOL.md");
    let example = |fence: &str| {
        let fence = format!("```{fence}\n");
        let (_, rest) = document.split_once(&fence).unwrap_or_else(|| panic!("no example {fence}"));
        rest.split("\n```").next().expect("the fence is closed").to_owned()
    };
    let bytes = |name: &str| -> Vec<u8> {
        let pairs = example(&format!("hex {name}"));
        pairs.split_whitespace().map(|pair| u8::from_str_radix(pair, 16).expect("a byte")).collect()
    };
    let hello = ClientMessage::Hello { protocol_version: 9, client: "example".into(), locale: "de".into() };
    assert_eq!(json(&example("json websocket-hello")), Ok(hello), "the hello is read");
    let refused = ErrorBody::new("unauthorized", "the access token is malformed", None);
    let refused = Payload::of_type(Codec::Json, ErrorBody::TYPE, &refused).expect("it can be written");
    assert_eq!(refused.envelope(Some(1)), example("json websocket-refused").into_bytes(), "the refusal is written");
    let (ping, pong) = (ClientMessage::Ping { nonce: 7 }, ServerMessage::Pong { nonce: 7 });
    assert_eq!(json(&example("json websocket-ping")), Ok(ping.clone()), "the ping is read");
    assert_eq!(read_message(Codec::MessagePack, &bytes("websocket-ping"), "ping"), Ok(ping), "also as MessagePack");
    for (codec, expected) in
        [(Codec::Json, example("json websocket-pong").into_bytes()), (Codec::MessagePack, bytes("websocket-pong"))]
    {
        let written = Payload::of_message(codec, &pong).expect("it can be written").envelope(Some(2));
        assert_eq!(written, expected, "the pong is written as {codec:?}");
    }
}
