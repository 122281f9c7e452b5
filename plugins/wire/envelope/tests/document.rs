//! `PROTOCOL.md` says what the code says: which message answers which, and what connections are closed with.

#[expect(dead_code, reason = "these tests need some of the samples")]
#[path = "../../protocol/tests/samples/mod.rs"]
mod samples;

use std::collections::BTreeSet;

use hypogeum_envelope::{ANSWERS, CloseCode, Codec, ErrorBody, Payload, RENEW, RENEWED, read_head};
use serde::Serialize;

const DOCUMENT: &str = include_str!("../../protocol/PROTOCOL.md");

/// First and second cell of each row of the table after a comment.
fn table(comment: &str) -> Vec<(String, String)> {
    let mark = format!("<!-- {comment} -->\n");
    let start = DOCUMENT.find(&mark).unwrap_or_else(|| panic!("no table `{comment}`")) + mark.len();
    let rows = DOCUMENT[start..].lines().take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let mut cells = row.split('|').skip(1).map(|cell| cell.trim().to_owned());
        (cells.next().expect("a first cell"), cells.next().expect("a second cell"))
    })
    .collect()
}

/// The types of messages.
fn types<T: Serialize>(messages: &[T]) -> BTreeSet<String> {
    let envelopes =
        messages.iter().map(|message| Payload::of_message(Codec::Json, message).expect("it can be written"));
    envelopes.map(|payload| read_head(Codec::Json, &payload.envelope(None)).expect("it has a head").kind).collect()
}

#[test]
fn the_table_of_answers_is_the_answers() {
    let mut rows = table("websocket answers");
    let last = rows.pop().expect("there are rows");
    assert_eq!(last.1, format!("`{}`", ErrorBody::TYPE), "what answers anything stands last: {last:?}");
    let written = ANSWERS.map(|(request, answer)| (format!("`{request}`"), format!("`{answer}`")));
    assert_eq!(rows, written, "each request that is answered has a row");
}

#[test]
fn requests_and_answers_are_messages_that_there_are() {
    let (of_clients, of_servers) = (types(&samples::client_messages()), types(&samples::server_messages()));
    for (request, answer) in ANSWERS {
        assert!(of_clients.contains(request) || request == RENEW, "no client says {request}");
        assert!(of_servers.contains(answer) || answer == RENEWED, "no server says {answer}");
    }
}

#[test]
fn the_table_of_closes_is_the_codes() {
    let written = CloseCode::ALL.map(|code| (code.number().to_string(), code.means().to_owned()));
    assert_eq!(table("websocket closes"), written, "each code has a row");
}
