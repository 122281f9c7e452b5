//! What hostile clients get: an end of their own connection, and nothing of anybody else's.

mod common;

use std::io::{Read, Write};
use std::time::Duration;

use common::{DO, DONT, IAC, SB, Server, WILL, WONT, words};
use hypogeum_protocol::link::CloseReason;

#[test]
fn a_long_line_is_dropped_and_the_connection_lives() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player();
    client.send(&[&vec![b'x'; 513][..], b"\r\nlook\r\n"].concat());
    client.until_text("telnet-too-long bytes=512");
    assert_eq!(server.expect_line(connection), "look", "what follows is heard");
    client.send(&[&vec![b'y'; 512][..], b"\r\n"].concat());
    assert_eq!(server.expect_line(connection).len(), 512, "the longest there may be");
    server.is_well();
}

#[test]
fn a_line_without_an_end_is_the_end() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player();
    // It may be closed before all is sent.
    let _ = client.stream.write_all(&vec![b'x'; 64 << 10]);
    assert_eq!(server.expect_end(connection), CloseReason::Hostile);
    server.is_well();
}

#[test]
fn a_subnegotiation_without_an_end_is_the_end() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player();
    let _ = client.stream.write_all(&[&[IAC, SB, 201][..], &vec![b'x'; 128 << 10]].concat());
    assert_eq!(server.expect_end(connection), CloseReason::Hostile);
    Server::until("it is counted", || server.edge.counters().hostile == 1);
    server.is_well();
}

#[test]
fn a_flood_of_lines_is_told_of_dropped_and_ended() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player();
    client.send(&b"say hi\r\n".repeat(100));
    client.until_text("telnet-too-fast");
    // Of as many as may come at once some were the dialogue's.
    let heard = (0..36).map(|_| server.expect_line(connection)).filter(|line| line == "say hi").count();
    assert_eq!(heard, 36, "the first are heard");
    let _ = client.stream.write_all(&b"say hi\r\n".repeat(10_000));
    assert_eq!(server.expect_end(connection), CloseReason::Hostile, "who goes on has to go");
    server.is_well();
}

#[test]
fn who_contradicts_every_option_gets_no_loop() {
    let server = Server::start(|_| {});
    let mut client = server.stranger();
    let mut answers = 0;
    // Whatever is said about an option, the opposite is, twice; and all that nobody knows is asked for.
    for option in 0..=254_u8 {
        for verb in [WILL, DO, WONT, DONT] {
            if client.stream.write_all(&[IAC, verb, option]).is_err() {
                break;
            }
        }
    }
    let mut chunk = [0; 4_096];
    loop {
        match client.stream.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(count) => answers += count,
        }
    }
    assert!(answers < 16 << 10, "{answers} bytes of answers, and then it is over");
    Server::until("it is counted", || server.edge.counters().hostile == 1);
}

#[test]
fn who_does_not_read_costs_others_nothing() {
    let mut server = Server::start(|config| {
        config.unread_max = Duration::from_millis(500);
        config.waiting_bytes_max = 64 << 10;
    });
    let (_deaf, deaf) = server.player();
    let (mut client, connection) = server.player();
    let long = "word ".repeat(1_000);
    for number in 0..2_000 {
        server.tell(deaf, &words("says", &long));
        if number % 100 == 0 {
            server.tell(connection, &words("says", &format!("number {number}.")));
            client.until_text(&format!("number {number}."));
        }
    }
    assert_eq!(server.expect_end(deaf), CloseReason::Congested);
    server.is_well();
}

#[test]
fn there_are_so_many_places_and_no_more() {
    let server = Server::start(|config| config.connections_max = 2);
    let held = [server.stranger(), server.stranger()];
    let mut third = common::Client::new(server.connect());
    assert!(third.rest_text().contains("Try later"), "it is told so");
    Server::until("it is counted", || server.edge.counters().refused == 1);
    drop(held);
    Server::until("there is room again", || {
        let mut chunk = [0; 64];
        let mut stream = server.connect();
        stream.read(&mut chunk).is_ok_and(|count| count > 0 && !chunk[..count].starts_with(b"As many"))
    });
}

#[test]
fn who_does_not_log_in_has_to_go() {
    let server = Server::start(|config| config.login_timeout = Duration::from_millis(500));
    let mut silent = server.stranger();
    assert!(silent.rest_text().contains("telnet-login-timeout"), "it is told");
    let mut waiting = server.stranger();
    waiting.send(b"slow\r\npassword\r\n");
    assert!(waiting.rest_text().contains("telnet-login-timeout"), "also who waits for an answer that never comes");
}

#[test]
fn lines_that_come_early_wait_for_the_answer() {
    let mut server = Server::start(|_| {});
    let mut client = server.stranger();
    client.send(b"ann\r\nopen sesame\r\n1\r\nlook\r\nnorth\r\n");
    client.until_text("telnet-entering");
    let connection = server.let_in();
    assert_eq!([server.expect_line(connection), server.expect_line(connection)], ["look", "north"]);
}
