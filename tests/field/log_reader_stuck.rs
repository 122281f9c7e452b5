//! The reader of the log stands still: nobody who logs waits for it, and once it reads again it is told how much it
//! missed.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, OwnedFd};
use std::thread;

use hypogeum_client::Api;
use hypogeum_testkit::Player;
use nix::fcntl::{FcntlArg, OFlag, fcntl};

use crate::files::until;
use crate::mute::{MuteServer, pipe};
use crate::people::until_answered;

/// A pipe with no room left; its writing end waits, as pipes do.
fn full_pipe() -> (File, OwnedFd) {
    let (reader, writer) = pipe();
    let mut filler = File::from(writer.try_clone().expect("it can be shared"));
    fcntl(filler.as_fd(), FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).expect("a flag can be set");
    for block in [&[b'\n'; 4_096][..], b"\n"] {
        let full = loop {
            if let Err(error) = filler.write(block) {
                break error;
            }
        };
        assert_eq!(full.kind(), ErrorKind::WouldBlock, "the pipe is full and nothing else: {full}");
    }
    fcntl(filler.as_fd(), FcntlArg::F_SETFL(OFlag::empty())).expect("a flag can be cleared");
    (reader, writer)
}

/// Each is worth some hundred bytes of a log that lists everything: together more than waits for a reader.
const REQUESTS: usize = 20_000;

/// All of them on one connection, one behind the other, and what was answered.
fn many_requests(url: &str) -> String {
    let address = url.strip_prefix("http://").expect("a plain address");
    let mut stream = TcpStream::connect(address).expect("the server's port is open");
    let mut out = stream.try_clone().expect("it can be shared");
    let asking = thread::spawn(move || {
        let request = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
        out.write_all(request.repeat(REQUESTS - 1).as_bytes()).expect("the server reads");
        out.write_all(request.replace("x\r\n", "x\r\nconnection: close\r\n").as_bytes()).expect("the server reads");
    });
    let mut answers = String::new();
    stream.read_to_string(&mut answers).expect("the server answers");
    asking.join().expect("all was asked");
    answers
}

#[test]
fn a_reader_that_stands_still_stops_neither_ticks_nor_the_end() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let (_reader, writer) = full_pipe();
    let server = MuteServer::start(data.path(), writer.into(), &[("HYPOGEUM_LOG__FILTER", "debug")]);
    server.serves_somebody("Ada");
    let mut grace = Player::guest(&server.url, "Grace");
    until_answered(&mut grace);
    let ended = server.terminate();
    assert_eq!(ended.code(), Some(0), "it ends in order: {ended}");
    grace.until("the goodbye", |grace| grace.view().goodbye);
}

#[test]
fn a_reader_that_reads_again_is_shown_how_much_it_missed() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let (mut reader, writer) = full_pipe();
    let server = MuteServer::start(data.path(), writer.into(), &[("HYPOGEUM_LOG__FILTER", "debug")]);
    let answers = many_requests(&server.url);
    assert_eq!(answers.matches("HTTP/1.1 200").count(), REQUESTS, "nobody waits for the log");
    let read = thread::spawn(move || {
        let mut log = String::new();
        reader.read_to_string(&mut log).expect("the log is text");
        log
    });
    until("an answer after it", || Api::new(&server.url).is_ok_and(|api| api.guest("Ada").is_ok()));
    let ended = server.terminate();
    assert_eq!(ended.code(), Some(0), "it ends in order: {ended}");
    let log = read.join().expect("the log can be read");
    let notice = log.lines().find_map(|line| line.split_once(" WARN hypogeum: lost ").map(|(_, rest)| rest));
    let count = notice.and_then(|rest| rest.strip_suffix(" lines")?.parse::<u64>().ok());
    assert!(count.is_some_and(|count| count > 0), "the log says how many lines are missing: {notice:?}");
    assert!(log.contains("ready: game on"), "what had room is there");
    assert!(log.contains("stopping: no longer accepting players"), "so is what came later");
}
