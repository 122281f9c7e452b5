//! The same dialogue and the same world in the frames of a WebSocket, as MUDs have them.

mod common;

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use common::{DO, IAC, Server, words};
use hypogeum_envelope::{Decoder, FrameLimits, Incoming, Opcode, write_masked_frame};
use hypogeum_protocol::link::CloseReason;
use hypogeum_telnet::{Origin, Subprotocol, Upgraded};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A client whose upgrade is done.
struct Client {
    stream: TcpStream,
    decoder: Decoder,
    /// What came in binary frames, and in text frames.
    words: Vec<u8>,
    data: Vec<String>,
    has_ended: bool,
}

impl Client {
    fn connect(server: &Server, subprotocol: Subprotocol) -> Self {
        let listener = TcpListener::bind((HERE, 0)).expect("any port is free");
        let stream = TcpStream::connect(listener.local_addr().expect("it has one")).expect("it listens");
        let (accepted, _) = listener.accept().expect("somebody connects");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
        let door = server.edge.door();
        let permit = door.room_for(HERE).expect("there is room");
        let origin = Origin { address: HERE, is_local: true };
        door.take(Upgraded { stream: accepted, tls: None, received: Vec::new(), subprotocol, origin, permit });
        let decoder = Decoder::of_server(FrameLimits { message_bytes_max: 1 << 20, fragments_max: 1 });
        Self { stream, decoder, words: Vec::new(), data: Vec::new(), has_ended: false }
    }

    fn send(&mut self, opcode: Opcode, contents: &[u8]) {
        let mut frame = Vec::new();
        write_masked_frame(opcode, contents, [1, 2, 3, 4], &mut frame);
        self.stream.write_all(&frame).expect("it can be sent");
    }

    fn types(&mut self, line: &str) {
        self.send(Opcode::Binary, line.as_bytes());
    }

    /// Reads until something holds.
    fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        use std::io::Read;
        let mut chunk = [0; 4_096];
        while !holds(self) {
            let shown = String::from_utf8_lossy(&self.words).into_owned();
            let count = self.stream.read(&mut chunk).expect("something comes");
            assert!(count > 0, "{what}, but it ends: {shown:?}");
            self.decoder.feed(&chunk[..count]);
            while let Some(came) = self.decoder.take_next().expect("these are frames") {
                match came {
                    Incoming::Binary(bytes) => self.words.extend_from_slice(bytes),
                    Incoming::Text(bytes) => self.data.push(String::from_utf8_lossy(bytes).into_owned()),
                    Incoming::Close(_) => self.has_ended = true,
                    Incoming::Ping(_) | Incoming::Pong => {}
                }
            }
        }
    }

    /// Waits for words, and forgets all up to them.
    fn until_text(&mut self, wanted: &str) {
        let find = |client: &Self| {
            let wanted = wanted.as_bytes();
            client.words.windows(wanted.len()).position(|window| window == wanted)
        };
        self.until(wanted, |client| find(client).is_some());
        let at = find(self).expect("it was there a moment ago");
        self.words.drain(..at + wanted.len());
    }

    fn log_in(&mut self) {
        for (asked, said) in
            [("telnet-ask-name", "ann"), ("telnet-ask-password", "open sesame"), ("telnet-ask-character", "1")]
        {
            self.until_text(asked);
            self.types(said);
        }
        self.until_text("telnet-entering");
    }
}

#[test]
fn words_and_gmcp_have_frames_of_their_own() {
    let mut server = Server::start(|_| {});
    let mut client = Client::connect(&server, Subprotocol::Gmcp);
    client.send(Opcode::Text, br#"Core.Hello {"client":"tester","version":"1"}"#);
    client.send(Opcode::Text, br#"Core.Supports.Set ["Char 1"]"#);
    client.log_in();
    let connection = server.let_in();
    server.tell(connection, &words("hits-you", "Der Wolf trifft dich für 3 – au."));
    client.until_text("\x1b[38;5;203mDer Wolf trifft dich für 3 – au.");
    client.until("who one is", |client| client.data.iter().any(|told| told.starts_with("Char.Name {")));
    client.send(Opcode::Text, b"Core.Ping");
    client.until("the ping", |client| client.data.iter().any(|told| told == "Core.Ping"));
    client.types("look\nnorth");
    assert_eq!([server.expect_line(connection), server.expect_line(connection)], ["look", "north"]);
    assert!(!client.words.contains(&IAC), "no telnet among it");
    client.send(Opcode::Close, &1000_u16.to_be_bytes());
    assert_eq!(server.expect_end(connection), CloseReason::ByPeer);
    client.until("the end", |client| client.has_ended);
}

#[test]
fn telnet_goes_through_as_it_is_and_a_terminal_has_no_data() {
    let mut server = Server::start(|_| {});
    let mut client = Client::connect(&server, Subprotocol::Telnet);
    client.until("its options", |client| client.words.windows(2).any(|window| window == [IAC, DO]));
    client.until_text("telnet-ask-name");
    client.types("ann\r\n");
    client.until_text("telnet-ask-password");
    let mut client = Client::connect(&server, Subprotocol::Terminal);
    client.log_in();
    let connection = server.let_in();
    client.send(Opcode::Text, b"Core.Ping");
    assert_eq!(server.expect_end(connection), CloseReason::Hostile, "text has no meaning there");
}

#[test]
fn a_place_is_taken_while_somebody_is_there() {
    let server = Server::start(|config| config.connections_max = 1);
    let mut client = Client::connect(&server, Subprotocol::Terminal);
    client.until_text("telnet-ask-name");
    assert!(server.edge.door().room_for(HERE).is_none(), "there is no other");
    drop(client);
    Server::until("it is free again", || server.edge.door().room_for(HERE).is_some());
}
