//! The same over TLS: a server that proves who it is, and those who do not.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use hypogeum_client::{Api, Change, Client, Ending, Login, WebSocketWire, Wire as _};
use hypogeum_envelope::{Opcode, Payload, write_frame};
use hypogeum_protocol::ServerMessage;
use hypogeum_protocol::limits::LANE_BYTE;
use hypogeum_testkit::TestAuthority;
use rustls::ServerConnection;

use super::CODEC;
use super::pipe::{Pipe, agreement, frames};

/// A server's end of the stream.
struct Server {
    session: ServerConnection,
    pipe: Pipe,
}

impl Server {
    fn new(authority: &TestAuthority, pipe: &Pipe) -> Self {
        Self { session: ServerConnection::new(authority.server()).expect("it speaks TLS"), pipe: pipe.clone() }
    }

    /// Takes what was sent, and answers what TLS wants answered. What there was to read, and whether nothing more will come.
    fn take(&mut self) -> Result<(Vec<u8>, bool), rustls::Error> {
        let sent = self.pipe.sent();
        let (mut bytes, mut plain, mut has_ended) = (&sent[..], Vec::new(), false);
        while !bytes.is_empty() {
            self.session.read_tls(&mut bytes).expect("there is room");
            let state = self.session.process_new_packets()?;
            has_ended = state.peer_has_closed();
            let mut part = vec![0; state.plaintext_bytes_to_read()];
            self.session.reader().read_exact(&mut part).expect("it is there");
            plain.extend(part);
        }
        self.leave();
        Ok((plain, has_ended))
    }

    fn say(&mut self, bytes: &[u8]) {
        self.session.writer().write_all(bytes).expect("there is room");
        self.leave();
    }

    fn leave(&mut self) {
        let mut sealed = Vec::new();
        while self.session.wants_write() {
            self.session.write_tls(&mut sealed).expect("a list has room");
        }
        self.pipe.say(&sealed);
    }
}

/// A client of a server at this URL, for whom this authority vouches.
fn connecting(url: &str, trusted: &TestAuthority) -> (Client<WebSocketWire<Pipe>>, Pipe) {
    let login = Login {
        access_token: "secret".to_owned(),
        expires_in_s: 900,
        account_id: 7,
        refresh_token: None,
        refresh_expires_in_s: None,
    };
    let api = Api::trusting(url, trusted.pem().as_bytes()).expect("it can be trusted");
    let connection = api.socket_connection(&login, None).expect("an address needs nobody to look it up");
    let pipe = Pipe::new();
    (Client::new(WebSocketWire::new(pipe.clone(), connection)), pipe)
}

fn open() -> (Client<WebSocketWire<Pipe>>, Server) {
    let authority = TestAuthority::default();
    let (mut client, pipe) = connecting("https://127.0.0.1:9", &authority);
    let mut server = Server::new(&authority, &pipe);
    assert!(client.poll(Duration::ZERO).is_empty(), "it begins");
    assert_eq!(server.take(), Ok((Vec::new(), false)), "with TLS");
    assert!(client.poll(Duration::ZERO).is_empty(), "it asks for the upgrade");
    let (request, _) = server.take().expect("they have shaken hands");
    server.say(&agreement(&request));
    assert_eq!(client.poll(Duration::ZERO), [Change::Opened], "it was agreed to");
    (client, server)
}

#[test]
fn messages_and_datagrams_pass_both_ways_and_nobody_reads_along() {
    let (mut client, mut server) = open();
    client.hello("test");
    client.flush();
    let raw = server.pipe.ways().up.clone();
    assert!(!raw.windows(6).any(|window| window == b"secret"), "the token goes encrypted");
    let (sent, _) = server.take().expect("it is TLS");
    let sent = frames(&sent);
    assert!(sent[0].1.windows(6).any(|window| window == b"secret"), "and is there: {sent:?}");

    let pong = Payload::of_message(CODEC, &ServerMessage::Pong { nonce: 5 }).expect("it can be written");
    let mut said = Vec::new();
    write_frame(Opcode::Binary, &pong.envelope(None), &mut said);
    write_frame(Opcode::Binary, &[LANE_BYTE; 900], &mut said);
    server.say(&said);
    client.wire_mut().update(Duration::ZERO);
    let mut datagram = Vec::new();
    assert!(client.wire_mut().take_lane(&mut datagram), "a datagram has come");
    assert_eq!(datagram, [LANE_BYTE; 900]);
    assert_eq!(client.poll(Duration::ZERO), [Change::Pong { nonce: 5 }], "and a message");
}

#[test]
fn what_is_said_in_a_tick_leaves_in_one_write() {
    let (mut client, mut server) = open();
    for tick in 0..50 {
        let before = server.pipe.ways().writes;
        for _ in 0..3 {
            client.ping();
        }
        client.wire_mut().send_lane(&[LANE_BYTE; 60]);
        client.flush();
        client.poll(Duration::ZERO);
        assert_eq!(server.pipe.ways().writes - before, 1, "in tick {tick}");
        let (sent, _) = server.take().expect("it is TLS");
        assert_eq!(frames(&sent).len(), 4, "with all of it in tick {tick}");
    }
}

#[test]
fn a_server_that_does_not_read_loses_no_message() {
    let (mut client, mut server) = open();
    let mut received = Vec::new();
    for room in [0, 7, 100, 3, 0, 200] {
        server.pipe.ways().room = room;
        client.ping();
        client.flush();
        received.extend(server.take().expect("a record may come in parts").0);
    }
    server.pipe.ways().room = usize::MAX;
    client.flush();
    received.extend(server.take().expect("it is TLS").0);
    assert_eq!(frames(&received).len(), 6, "all of them come in the end");
    assert_eq!(client.traffic().datagrams_out, 6, "as they were counted");
}

#[test]
fn a_server_that_nobody_vouches_for_is_told_nothing() {
    let (authority, other) = (TestAuthority::default(), TestAuthority::default());
    for (url, trusted) in [("https://127.0.0.1:9", &other), ("https://[::1]:9", &authority)] {
        let (mut client, pipe) = connecting(url, trusted);
        let mut server = Server::new(&authority, &pipe);
        client.poll(Duration::ZERO);
        server.take().expect("it begins to shake hands");
        assert_eq!(client.poll(Duration::ZERO), [Change::Closed(Ending::BadServer)], "{url}");
        assert!(server.take().is_err(), "all it hears is what was wrong: {url}");
    }
    let (mut client, pipe) = connecting("https://127.0.0.1:9", &authority);
    client.poll(Duration::ZERO);
    pipe.sent();
    pipe.say(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    assert_eq!(client.poll(Duration::ZERO), [Change::Closed(Ending::BadServer)], "it speaks no TLS at all");
}

#[test]
fn who_leaves_ends_the_session_and_a_link_that_breaks_does_not() {
    let (mut client, mut server) = open();
    client.close();
    let (sent, has_ended) = server.take().expect("it is TLS");
    assert_eq!(frames(&sent), [(Opcode::Close, 1_000_u16.to_be_bytes().to_vec())], "a goodbye");
    assert!(has_ended, "and TLS says that it is whole");

    let (mut client, server) = open();
    server.pipe.ways().is_over = true;
    assert_eq!(client.poll(Duration::ZERO), [Change::Closed(Ending::TimedOut)], "a link that broke");

    let (mut client, mut server) = open();
    server.session.send_close_notify();
    server.leave();
    assert_eq!(client.poll(Duration::ZERO), [Change::Closed(Ending::TimedOut)], "no close frame came before");
}
