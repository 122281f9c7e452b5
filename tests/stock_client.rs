//! A client made of stock renet and renet_netcode and of `PROTOCOL.md` alone: it connects, is welcomed and plays.

use std::net::UdpSocket;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hypogeum_protocol::{ServerMessage, codec};
use hypogeum_testkit::{Player, TestServer};
use renet::{ConnectionConfig, DefaultChannel, RenetClient};
use renet_netcode::{ClientAuthentication, ConnectToken, NetcodeClientTransport};

const FRAME: Duration = Duration::from_millis(16);
/// Only a backstop: without what is waited for, the test has failed.
const PATIENCE: Duration = Duration::from_secs(60);

struct Stock {
    client: RenetClient,
    transport: NetcodeClientTransport,
    heard: Vec<ServerMessage>,
}

impl Stock {
    fn connect(url: &str, name: &str) -> Self {
        let connection = Player::connection(url, name);
        let connect_token = ConnectToken::read(&mut connection.token.as_slice()).expect("a token stock renet reads");
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket of its own");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        let transport = NetcodeClientTransport::new(now, ClientAuthentication::Secure { connect_token }, socket)
            .expect("stock netcode takes the token");
        Self { client: RenetClient::new(ConnectionConfig::default()), transport, heard: Vec::new() }
    }

    fn say(&mut self, bytes: &[u8]) {
        self.client.send_message(DefaultChannel::ReliableOrdered, bytes.to_vec());
    }

    fn frame(&mut self) {
        self.client.update(FRAME);
        self.transport.update(FRAME, &mut self.client).expect("the connection holds");
        // Channels 0 and 2, as renet's defaults number them.
        for channel in [0_u8, 2] {
            while let Some(bytes) = self.client.receive_message(channel) {
                self.heard.push(codec::decode_server(&bytes).expect("every message is as documented"));
            }
        }
        self.transport.send_packets(&mut self.client).expect("the connection holds");
        thread::sleep(FRAME);
    }
}

fn until(what: &str, clients: &mut [Stock], mut holds: impl FnMut(&Stock) -> bool) {
    let began = Instant::now();
    while !clients.iter().all(&mut holds) {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        for client in clients.iter_mut() {
            client.frame();
        }
    }
}

#[test]
fn it_learns_its_session_its_modes_and_its_match() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(env!("CARGO_BIN_EXE_hypogeum"), data.path(), &[]).expect("the server starts");
    let mut clients = [Stock::connect(&server.url, "Stock One"), Stock::connect(&server.url, "Stock Two")];
    until("the handshake", &mut clients, |stock| stock.client.is_connected());
    for stock in &mut clients {
        // ClientMessage::Hello: tag 0, protocol version 9, five bytes of name, no locale.
        stock.say(&[0x00, 0x09, 0x05, b's', b't', b'o', b'c', b'k', 0x00]);
    }
    until("the welcome", &mut clients, |stock| {
        stock.heard.iter().any(|message| match message {
            ServerMessage::Welcome { name, modes, .. } => {
                name.starts_with("Stock") && modes.iter().any(|mode| mode.name == "skirmish")
            }
            _ => false,
        })
    });
    for stock in &mut clients {
        // ClientMessage::JoinQueue: tag 1, eight bytes of mode.
        stock.say(&[&[0x01, 0x08], b"skirmish".as_slice()].concat());
    }
    until("the match", &mut clients, |stock| {
        stock
            .heard
            .iter()
            .any(|message| matches!(message, ServerMessage::MatchStarted { avatar, .. } if avatar.is_some()))
    });
    until("a snapshot with its own avatar", &mut clients, |stock| {
        stock.heard.iter().any(|message| matches!(message, ServerMessage::Snapshot(snapshot) if snapshot.own.is_some()))
    });
}
