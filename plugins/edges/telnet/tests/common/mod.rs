//! An edge, a doorkeeper that knows one account, words that are their ids, and clients that are sockets.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
use hypogeum_protocol::link::{Class, CloseReason, EdgeLink, FromEdge, Lane, SessionTicket, ToEdge};
use hypogeum_protocol::{
    AccountId, CharacterId, ClientMessage, ConnectionId, MatchId, NetId, ServerMessage, SessionId, codec,
};
use hypogeum_telnet::{Answer, Answered, Arguments, Ask, Doorkeeper, Origin, Refusal, TelnetConfig, TelnetEdge, Words};
use hypogeum_world_messages::WorldNews;
use parking_lot::Mutex;

pub(crate) const IAC: u8 = 255;
pub(crate) const DONT: u8 = 254;
pub(crate) const DO: u8 = 253;
pub(crate) const WONT: u8 = 252;
pub(crate) const WILL: u8 = 251;
pub(crate) const SB: u8 = 250;
pub(crate) const SE: u8 = 240;

/// Nothing here takes so long; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Knows `ann` by `open sesame`, with one character; never answers `slow`.
#[derive(Default)]
struct TestKeeper {
    asked: Arc<Mutex<Vec<String>>>,
}

impl Doorkeeper for TestKeeper {
    fn ask(&self, ask: Ask, _: Origin, answer: Answer) {
        self.asked.lock().push(format!("{ask:?}"));
        let logged_in =
            || Ok(Answered::LoggedIn { access_token: "token".to_owned(), expires_in: Duration::from_secs(900) });
        let refused = Refusal { code: "wrong_credentials", message: "no".to_owned(), retry_after_ms: None };
        answer(match ask {
            Ask::LogIn { name, .. } if name == "slow" => return,
            Ask::LogIn { name, password } if name == "ann" && password == "open sesame" => logged_in(),
            Ask::LogIn { .. } => Err(refused),
            Ask::Register { .. } | Ask::Guest { .. } | Ask::Stay { .. } => logged_in(),
            Ask::Characters { .. } => Ok(Answered::Characters(vec![(CharacterId(7), "Ann".to_owned())])),
            Ask::CreateCharacter { .. } => Ok(Answered::Created(CharacterId(8))),
            Ask::ComeIn { character, .. } => {
                let ticket =
                    SessionTicket { account: AccountId(1), name: "Ann".to_owned(), character: Some(character) };
                Ok(Answered::ComesIn { session: SessionId(5), ticket })
            }
            Ask::LogOut { .. } => return,
        });
    }

    fn players_count(&self) -> usize {
        3
    }
}

/// Says ids, and what stands in their places.
struct TestWords;

impl Words for TestWords {
    fn words(&self, _: &str, id: &'static str, arguments: Arguments<'_>) -> String {
        let arguments: Vec<String> = arguments.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        format!("{id}{}", arguments.concat())
    }

    fn item(&self, _: &str, template: &str, count: u32) -> String {
        format!("{count} {template}")
    }

    fn archetype(&self, _: &str, key: &str) -> String {
        key.to_owned()
    }

    fn nearest(&self, wish: &str) -> String {
        wish.to_owned()
    }
}

pub(crate) struct Server {
    pub(crate) edge: TelnetEdge,
    pub(crate) link: EdgeLink,
    asked: Arc<Mutex<Vec<String>>>,
    events: Vec<FromEdge>,
}

impl Server {
    pub(crate) fn start(change: impl FnOnce(&mut TelnetConfig)) -> Self {
        let mut config = TelnetConfig::new("127.0.0.1:0".parse().expect("an address"));
        change(&mut config);
        let (link, [lent]) = EdgeLink::lend(EDGE_QUEUE_FRAMES_MAX, [1]);
        let keeper = TestKeeper::default();
        let asked = Arc::clone(&keeper.asked);
        let edge = TelnetEdge::start(config, lent, Arc::new(keeper), Arc::new(TestWords)).expect("it can be started");
        Self { edge, link, asked, events: Vec::new() }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.edge.local_addr()).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_nodelay(true).expect("it is a socket");
        stream
    }

    /// Somebody who has been greeted.
    pub(crate) fn stranger(&self) -> Client<TcpStream> {
        let mut client = Client::new(self.connect());
        client.until_text("telnet-ask-name");
        client
    }

    /// Somebody in the world, and their connection.
    pub(crate) fn player(&mut self) -> (Client<TcpStream>, ConnectionId) {
        let mut client = self.stranger();
        client.log_in();
        let connection = self.let_in();
        self.tell(connection, &words("begin", "Here it begins."));
        client.until_text("Here it begins.");
        client.until_text("telnet-prompt");
        (client, connection)
    }

    /// Welcomes whoever comes in next into the world.
    pub(crate) fn let_in(&mut self) -> ConnectionId {
        let connection = self.expect("somebody comes in", |event| match event {
            FromEdge::Opened { connection, .. } => Some(*connection),
            _ => None,
        });
        assert!(matches!(self.expect_message(connection), ClientMessage::Hello { .. }), "it says hello");
        self.tell(connection, &welcome());
        assert!(matches!(self.expect_message(connection), ClientMessage::EnterWorld { .. }), "it wants in");
        self.tell(connection, &started());
        connection
    }

    /// What the tick hears first that `found` wants; all before it is forgotten.
    pub(crate) fn expect<T>(&mut self, what: &str, found: impl Fn(&FromEdge) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.link.incoming.drain_into(&mut self.events, usize::MAX);
            if let Some(at) = self.events.iter().position(|event| found(event).is_some()) {
                let event = self.events.remove(at);
                return found(&event).expect("it was there a moment ago");
            }
            assert!(Instant::now() < deadline, "{what}, but the tick heard {:?}", self.events);
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The next message of a connection.
    pub(crate) fn expect_message(&mut self, from: ConnectionId) -> ClientMessage {
        self.expect("a message comes", |event| match event {
            FromEdge::Frame { connection, bytes, .. } if *connection == from => {
                Some(codec::decode_client(bytes).expect("our own codec"))
            }
            _ => None,
        })
    }

    /// The next line that somebody has typed in the world.
    pub(crate) fn expect_line(&mut self, from: ConnectionId) -> String {
        let message = self.expect_message(from);
        let ClientMessage::Command { body, .. } = message else { panic!("{message:?} is no command") };
        match hypogeum_world_messages::WorldCommand::decode(&body) {
            Ok(hypogeum_world_messages::WorldCommand::Line { words }) => words,
            other => panic!("{other:?} is no line"),
        }
    }

    /// Why a connection ended.
    pub(crate) fn expect_end(&mut self, of: ConnectionId) -> CloseReason {
        self.expect("it ends", |event| match event {
            FromEdge::Closed { connection, reason } if *connection == of => Some(*reason),
            _ => None,
        })
    }

    pub(crate) fn tell(&self, connection: ConnectionId, message: &ServerMessage) {
        let bytes = codec::encode(message);
        let frame = ToEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes, answers: None };
        self.link.out(connection).frames.push(Class::Critical, frame).expect("there is room");
        self.edge.waker().wake();
    }

    /// What the doorkeeper was asked.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().clone()
    }

    /// Waits until something holds.
    pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < deadline, "{what}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Somebody else comes, says something and is heard: nothing has hurt the server.
    pub(crate) fn is_well(&mut self) {
        let (mut client, connection) = self.player();
        client.send(b"look\r\n");
        assert_eq!(self.expect_line(connection), "look", "it is heard");
    }
}

pub(crate) fn words(id: &str, words: &str) -> ServerMessage {
    let news = WorldNews::Told { id: id.to_owned(), arguments: Vec::new(), words: words.to_owned() };
    ServerMessage::Told { tick: 1, body: news.encode() }
}

pub(crate) fn news(news: &WorldNews) -> ServerMessage {
    ServerMessage::Told { tick: 1, body: news.encode() }
}

fn welcome() -> ServerMessage {
    ServerMessage::Welcome {
        session: SessionId(5),
        account: AccountId(1),
        name: "Ann".to_owned(),
        protocol_version: 9,
        tick_hz: 30,
        content_hash: [0; 32],
        modes: Vec::new(),
        current_match: None,
        locale: "en".to_owned(),
    }
}

fn started() -> ServerMessage {
    ServerMessage::MatchStarted {
        match_id: MatchId(1),
        mode: "town".to_owned(),
        tick_hz: 20,
        avatar: NetId(1),
        radius: 1,
        side: 1,
        obstacles: Vec::new(),
        pois: Vec::new(),
        exits: Vec::new(),
    }
}

/// A client's end.
pub(crate) struct Client<S> {
    pub(crate) stream: S,
    /// What was read and not looked at.
    seen: Vec<u8>,
}

impl<S: Read + Write> Client<S> {
    pub(crate) const fn new(stream: S) -> Self {
        Self { stream, seen: Vec::new() }
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("it can be sent");
        self.stream.flush().expect("it can be sent");
    }

    /// All up to these bytes, and them; what is behind is kept.
    pub(crate) fn until(&mut self, wanted: &[u8]) -> Vec<u8> {
        let mut chunk = [0; 4_096];
        loop {
            if let Some(at) = self.seen.windows(wanted.len()).position(|window| window == wanted) {
                return self.seen.drain(..at + wanted.len()).collect();
            }
            let count = self.stream.read(&mut chunk).expect("something comes");
            let seen = String::from_utf8_lossy(&self.seen).into_owned();
            assert!(count > 0, "it ends before {:?} comes: {seen:?}", String::from_utf8_lossy(wanted));
            self.seen.extend_from_slice(&chunk[..count]);
        }
    }

    pub(crate) fn until_text(&mut self, wanted: &str) -> String {
        String::from_utf8_lossy(&self.until(wanted.as_bytes())).into_owned()
    }

    /// All up to the end of the connection.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let mut chunk = [0; 4_096];
        loop {
            match self.stream.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => self.seen.extend_from_slice(&chunk[..count]),
                Err(error) if ended(&error) => break,
                Err(error) => panic!("it does not end: {error}"),
            }
        }
        std::mem::take(&mut self.seen)
    }

    pub(crate) fn rest_text(&mut self) -> String {
        String::from_utf8_lossy(&self.rest()).into_owned()
    }

    pub(crate) fn log_in(&mut self) {
        self.send(b"ann\r\n");
        self.until_text("telnet-ask-password");
        self.send(b"open sesame\r\n");
        self.until_text("telnet-ask-character");
        self.send(b"1\r\n");
        self.until_text("telnet-entering");
    }
}

/// Whether an error is how a connection ends that the other side has closed.
fn ended(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof)
}

pub(crate) fn subnegotiation(option: u8, contents: &[u8]) -> Vec<u8> {
    [&[IAC, SB, option][..], contents, &[IAC, SE]].concat()
}
