//! Tickets that a program on the server's machine makes, and that people say what they are and whom they want.

use std::process::Command;

use hypogeum_client::{Api, ApiError, Change};
use hypogeum_protocol::{AccountId, Property, PropertyValue, QueryFault, QueueRefusal};
use hypogeum_testkit::TestServer;

use crate::{BINARY, Person, start};

fn region(region: &str) -> Vec<Property> {
    vec![Property { key: "region".into(), value: PropertyValue::Text { text: region.into() } }]
}

fn code(error: ApiError) -> (u16, String) {
    match error {
        ApiError::Refused { status, code, .. } => (status, code),
        other => panic!("not refused: {other}"),
    }
}

fn why(server: &TestServer, account: AccountId, json: bool) -> (bool, String) {
    let mut command = Command::new(BINARY);
    command.args(["why", &account.0.to_string(), "--server", &server.url]);
    if json {
        command.arg("--json");
    }
    let output = command.output().expect("the binary can be run");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).expect("it is text"))
}

#[test]
fn a_program_puts_people_in_line_together_and_is_told_why_they_wait() {
    let data = tempfile::tempdir().expect("a folder");
    let server = start(data.path());
    let mut people = ["Ada", "Bob", "Eve"].map(|name| Person::new(&server, name));
    let [ada, bob, eve] = people.each_ref().map(Person::account);
    let api = Api::new(&server.url).expect("a URL");
    assert_eq!(code(api.ticket(ada).expect_err("she does not wait")), (404, "no_ticket".to_owned()));
    let ticket =
        api.make_ticket("extraction", &[ada, bob], &region("eu"), "+region:eu tongue:de").expect("they are free");
    assert_eq!((ticket.account_ids.as_slice(), ticket.in_line), (&[ada, bob][..], 2), "one ticket for both");
    let [first, second, third] = &mut people;
    for person in [first, second] {
        person.player.until("its place in line", |player| player.view().queue.is_some());
    }
    let busy = api.make_ticket("extraction", &[eve, ada], &[], "").expect_err("Ada waits already");
    assert_eq!(code(busy), (409, "member_busy".to_owned()));
    let unread = api.make_ticket("extraction", &[eve], &[], "level:>much").expect_err("much is no number");
    assert_eq!(code(unread), (400, "bad_query".to_owned()));
    let unknown = api.make_ticket("checkers", &[eve], &[], "").expect_err("it is not played here");
    assert_eq!(code(unknown), (404, "unknown_mode".to_owned()));
    let twice = api.make_ticket("extraction", &[eve, eve], &[], "").expect_err("she is one person");
    assert_eq!(code(twice), (400, "invalid_ticket".to_owned()));
    let away = api.make_ticket("extraction", &[eve, AccountId(77)], &[], "").expect_err("nobody has that account");
    assert_eq!(code(away), (409, "member_away".to_owned()));

    third.player.client().join_queue_with("extraction", region("us"), "");
    third.player.until("its place in line", |player| player.view().queue.is_some());
    let ticket = api.ticket(bob).expect("he waits");
    let query = ticket.query.expect("it has a query");
    assert_eq!((query.ruled_out, query.shoulds, ticket.in_line), (1, 1, 3), "Eve is from elsewhere: {ticket:?}");
    let (is_told, words) = why(&server, ada, false);
    assert!(
        is_told && words.contains("extraction: 3 people in line") && words.contains("ruled out by queries: 1"),
        "{words}"
    );
    let (is_told, json) = why(&server, ada, true);
    assert!(is_told && json.contains("\"ruled_out\":1"), "{json}");

    let ended = api.end_ticket(bob).expect("he waits");
    assert_eq!(ended.account_ids, [ada, bob], "it ends for both");
    let [first, second, _] = &mut people;
    for person in [first, second] {
        person.player.until("the end of it", |player| player.view().queue.is_none());
    }
    let (is_told, words) = why(&server, ada, false);
    assert!(!is_told && words.contains("no_ticket"), "{words}");
}

#[test]
fn a_query_that_cannot_be_read_is_refused_with_its_place() {
    let data = tempfile::tempdir().expect("a folder");
    let server = start(data.path());
    let mut ada = Person::new(&server, "Ada");
    ada.player.client().join_queue_with("skirmish", Vec::new(), "+region:eu level:5..1");
    let why = ada.told("why it does not queue", |change| match change {
        Change::QueueRefused { why, .. } => Some(why),
        _ => None,
    });
    assert_eq!(why, QueueRefusal::BadQuery { at: 17, fault: QueryFault::EmptyRange }, "where the range begins");
}
