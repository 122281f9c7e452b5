//! A connection outlives the access token that it began with.

use std::time::Duration;

use hypogeum_client::{Change, Login};
use hypogeum_envelope::{Credentials, ErrorBody, Payload, RENEW, RENEWED, Renewed, read_head, read_payload};

use super::{CODEC, Opcode, open};

fn login(access_token: &str) -> Login {
    Login {
        access_token: access_token.to_owned(),
        expires_in_s: 900,
        account_id: 7,
        refresh_token: None,
        refresh_expires_in_s: None,
    }
}

#[test]
fn another_token_is_wanted_in_time_and_shown_to_the_server() {
    let (mut client, server) = open();
    client.hello("test");
    client.flush();
    server.sent();
    client.poll(Duration::from_secs(839));
    assert!(!client.wire_mut().wants_token(), "it is good for more than a minute");
    client.poll(Duration::from_secs(1));
    assert!(client.wire_mut().wants_token(), "now it is time");
    assert!(!client.wire_mut().wants_token(), "once");

    client.wire_mut().renew(&login("second"));
    client.flush();
    let frames = server.frames();
    let [(Opcode::Binary, shown)] = &frames[..] else { panic!("one message: {frames:?}") };
    let head = read_head(CODEC, shown).expect("an envelope");
    assert_eq!(head.kind, RENEW);
    let credentials = read_payload::<Credentials>(CODEC, shown).expect("a token");
    assert_eq!(credentials.access_token, "second");
    let renewed = Payload::of_type(CODEC, RENEWED, &Renewed { expires_in_s: 900 }).expect("it can be written");
    server.say_frame(Opcode::Binary, &renewed.envelope(head.id));
    assert!(client.poll(Duration::ZERO).is_empty(), "nobody needs to know");
    assert_eq!(client.wire().token_left(), Duration::from_secs(900), "and all goes on");
}

#[test]
fn a_token_that_is_not_taken_changes_nothing_and_another_is_wanted_soon() {
    let (mut client, server) = open();
    client.hello("test");
    client.poll(Duration::from_secs(840));
    assert!(client.wire_mut().wants_token(), "it is time");
    server.sent();
    client.wire_mut().renew(&login("second"));
    client.flush();
    let id = read_head(CODEC, &server.frames()[0].1).expect("an envelope").id;
    let error = Payload::of_type(CODEC, ErrorBody::TYPE, &ErrorBody::new("unauthorized", "no", None));
    server.say_frame(Opcode::Binary, &error.expect("it can be written").envelope(id));
    assert!(client.poll(Duration::ZERO).is_empty(), "it is nothing that a player has asked for");
    assert_eq!(client.wire().token_left(), Duration::from_secs(60), "the old one is as good as it was");
    assert!(!client.wire_mut().wants_token(), "not at once");
    client.poll(Duration::from_secs(5));
    assert!(client.wire_mut().wants_token(), "but soon");
    client.wire_mut().renew_later();
    client.poll(Duration::from_secs(5));
    assert!(client.wire_mut().wants_token(), "and again where there was none to be had");
}

#[test]
fn before_the_hello_a_new_token_takes_the_place_of_the_old_one() {
    let (mut client, server) = open();
    client.wire_mut().renew(&login("second"));
    client.hello("test");
    client.flush();
    let frames = server.frames();
    assert_eq!(frames.len(), 1, "the hello comes first");
    let credentials = read_payload::<Credentials>(CODEC, &frames[0].1).expect("a hello shows a token");
    assert_eq!(credentials.access_token, "second");
}

#[test]
fn who_is_closed_for_its_token_knows_that_it_was_the_token() {
    for (code, is_token) in [(4401_u16, true), (4408, false), (4409, false)] {
        let (mut client, server) = open();
        server.say_frame(Opcode::Close, &code.to_be_bytes());
        assert!(matches!(client.poll(Duration::ZERO)[..], [Change::Closed(_)]), "{code}");
        assert_eq!(client.wire().is_token_over(), is_token, "{code}");
    }
}
