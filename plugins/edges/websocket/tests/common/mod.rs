//! A server whose HTTP is as small as can be, a doorkeeper that knows tokens by their names, and clients of another library.

mod wire;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hypogeum_envelope::{Codec, Payload};
use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
use hypogeum_protocol::link::{
    Class, CloseReason, DatagramBatch, EdgeLink, FromEdge, Lane, RequestId, SessionTicket, ToEdge,
};
use hypogeum_protocol::{AccountId, ClientMessage, ConnectionId, ServerMessage, SessionId, codec, limits};
use hypogeum_websocket::{
    Admitted, Answer, Credentials, Doorkeeper, Refusal, Upgraded, WebSocketConfig, WebSocketEdge,
};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tungstenite::handshake::server::{Request, Response};
use tungstenite::http::HeaderValue;
use tungstenite::protocol::CloseFrame;
use tungstenite::{Message, WebSocket};
use wire::Trust;

pub(crate) use wire::Wire;

/// Nothing here takes so long; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Knows `good-7` as account 7, `brief-7` as account 7 for 2 s; never answers `slow`, answers `late-7` as `brief-7` once it is
/// asked something else, and has no time for `busy`.
#[derive(Default)]
struct TestKeeper {
    late: Mutex<Option<(String, Answer)>>,
}

impl Doorkeeper for TestKeeper {
    fn check(&self, Credentials { access_token, character_id }: Credentials, answer: Answer) {
        let refuse = |code: &str, retry_after_ms| {
            Err(Refusal { code: code.to_owned(), message: "no".to_owned(), retry_after_ms })
        };
        let known = |number: &str, expires_in| {
            let account = AccountId(number.parse().expect("a number"));
            let ticket = SessionTicket { account, name: format!("player {number}"), character: character_id };
            Ok(Admitted { session: SessionId(account.0 + 1_000), ticket, expires_in })
        };
        if let Some((number, late)) = self.late.lock().take() {
            late(known(&number, Duration::from_secs(2)));
        }
        let verdict = match access_token.split_once('-') {
            Some(("good", number)) => known(number, Duration::from_secs(900)),
            Some(("brief", number)) => known(number, Duration::from_secs(2)),
            Some(("late", number)) => {
                *self.late.lock() = Some((number.to_owned(), answer));
                return;
            }
            // It is dropped, and so never given.
            _ if access_token == "slow" => return,
            _ if access_token == "busy" => refuse("unavailable", Some(1_000)),
            _ => refuse("unauthorized", None),
        };
        answer(verdict);
    }

    fn renew(&self, access_token: String, answer: Answer) {
        self.check(Credentials { access_token, character_id: None }, answer);
    }
}

pub(crate) struct Server {
    pub(crate) edge: WebSocketEdge,
    pub(crate) link: EdgeLink,
    address: SocketAddr,
    events: Vec<FromEdge>,
    trust: Option<Trust>,
}

/// The upgrade, as a server makes it. Returns what was agreed on, too.
fn accept<Stream: Read + Write>(stream: Stream) -> (Stream, Codec) {
    let mut codec = Codec::MessagePack;
    #[expect(clippy::result_large_err, reason = "an upgrade is refused with a whole answer")]
    let choose = |request: &Request, mut response: Response| {
        let offered = request.headers().get("sec-websocket-protocol").and_then(|it| it.to_str().ok());
        if let Some(offered) = offered.and_then(Codec::of_subprotocol) {
            codec = offered;
            let name = HeaderValue::from_static(offered.subprotocol());
            response.headers_mut().insert("sec-websocket-protocol", name);
        }
        Ok(response)
    };
    let stream = match tungstenite::accept_hdr(stream, choose) {
        Ok(socket) => socket.into_inner(),
        Err(error) => panic!("an upgrade: {error}"),
    };
    (stream, codec)
}

impl Server {
    #[allow(dead_code, reason = "one test file is about TLS alone")]
    pub(crate) fn start(change: impl FnOnce(&mut WebSocketConfig)) -> Self {
        Self::start_with(None, EDGE_QUEUE_FRAMES_MAX, change)
    }

    /// One whose queues hold so many frames of each class.
    #[allow(dead_code, reason = "one test file is about full queues")]
    pub(crate) fn with_queues(frames_max: usize, change: impl FnOnce(&mut WebSocketConfig)) -> Self {
        Self::start_with(None, frames_max, change)
    }

    /// One whose sockets come by TLS.
    #[allow(dead_code, reason = "not every test file is about TLS")]
    pub(crate) fn start_tls(change: impl FnOnce(&mut WebSocketConfig)) -> Self {
        Self::start_with(Some(Trust::new()), EDGE_QUEUE_FRAMES_MAX, change)
    }

    fn start_with(trust: Option<Trust>, frames_max: usize, change: impl FnOnce(&mut WebSocketConfig)) -> Self {
        let mut config = WebSocketConfig::default();
        change(&mut config);
        let (link, [lent]) = EdgeLink::lend(frames_max, [config.workers]);
        let edge = WebSocketEdge::start(&config, &lent).expect("it can be started");
        let listener = TcpListener::bind("127.0.0.1:0").expect("any port is free");
        let address = listener.local_addr().expect("it has an address");
        let (door, tls) = (edge.door(), trust.as_ref().map(Trust::server));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.expect("a client");
                let peer = stream.peer_addr().expect("it has an address");
                let (stream, tls, codec) = match tls.clone() {
                    None => {
                        let (stream, codec) = accept(stream);
                        (stream, None, codec)
                    }
                    Some(tls) => {
                        let (stream, codec) = accept(wire::accept(stream, tls));
                        (stream.sock, Some(Box::new(stream.conn)), codec)
                    }
                };
                let permit = door.room_for(peer.ip()).expect("there is room");
                let doorkeeper = Arc::new(TestKeeper::default());
                door.take(Upgraded { stream, tls, received: Vec::new(), codec, permit, doorkeeper });
            }
        });
        Self { edge, link, address, events: Vec::new(), trust }
    }

    /// A client that has not said hello.
    pub(crate) fn stranger(&self, codec: Codec) -> Client {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let request = tungstenite::ClientRequestBuilder::new("ws://localhost/v1/socket".parse().expect("an address"))
            .with_sub_protocol(codec.subprotocol());
        // Both versions of TLS, by turns.
        let stream = Wire::new(stream, self.trust.as_ref(), codec == Codec::MessagePack);
        let (socket, _) = tungstenite::client(request, stream).expect("an upgrade");
        Client { socket, codec }
    }

    /// A client that the tick has welcomed, and its connection.
    pub(crate) fn player(&mut self, codec: Codec, number: u64) -> (Client, ConnectionId) {
        self.newcomer(codec, &format!("good-{number}"))
    }

    /// The same with this token.
    pub(crate) fn newcomer(&mut self, codec: Codec, token: &str) -> (Client, ConnectionId) {
        let mut client = self.stranger(codec);
        client.hello(token, Some(1));
        let connection = self.expect("it comes in", |event| match event {
            FromEdge::Opened { connection, .. } => Some(*connection),
            _ => None,
        });
        let (_, request) = self.expect_message(connection);
        self.answer(connection, &ServerMessage::Pong { nonce: 99 }, request);
        self.edge.waker().wake();
        assert_eq!(client.hear()["payload"]["nonce"], 99, "the tick's answer to the hello");
        (client, connection)
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
    pub(crate) fn expect_message(&mut self, from: ConnectionId) -> (ClientMessage, Option<RequestId>) {
        self.expect("a message comes", |event| match event {
            FromEdge::Frame { connection, bytes, request, .. } if *connection == from => {
                Some((codec::decode_client(bytes).expect("our own codec"), *request))
            }
            _ => None,
        })
    }

    /// Why a connection ended.
    pub(crate) fn expect_end(&mut self, of: ConnectionId) -> CloseReason {
        self.expect("it ends", |event| match event {
            FromEdge::Closed { connection, reason } if *connection == of => Some(*reason),
            _ => None,
        })
    }

    pub(crate) fn answer(&self, connection: ConnectionId, message: &ServerMessage, answers: Option<RequestId>) {
        let bytes = codec::encode(message);
        let frame = ToEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes, answers };
        self.link.out(connection).frames.push(Class::Critical, frame).expect("there is room");
    }

    /// Wants to know whether somebody is there.
    #[allow(dead_code, reason = "not every test file wants to know")]
    pub(crate) fn probe(&self, connection: ConnectionId) {
        self.link.out(connection).frames.push(Class::Gameplay, ToEdge::Probe { connection }).expect("there is room");
        self.edge.waker().wake();
    }

    #[allow(dead_code, reason = "not every test file shows something")]
    pub(crate) fn show(&self, connection: ConnectionId, state: &[u8]) {
        let mut batch = DatagramBatch::default();
        batch.push(connection, state);
        self.link.out(connection).datagrams.leave(&mut batch);
        self.edge.waker().wake();
    }

    /// Waits until something holds.
    #[allow(dead_code, reason = "not every test file waits for something")]
    pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < deadline, "{what}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Somebody else comes, asks and is answered: nothing has hurt the server.
    pub(crate) fn is_well(&mut self) {
        let (mut client, connection) = self.player(Codec::Json, 4_242);
        client.say(&json!({"v": 1, "type": "ping", "id": 8, "payload": {"nonce": 5}}));
        let (message, request) = self.expect_message(connection);
        assert_eq!((message, request), (ClientMessage::Ping { nonce: 5 }, Some(RequestId(8))), "it is heard");
        self.answer(connection, &ServerMessage::Pong { nonce: 5 }, request);
        self.edge.waker().wake();
        assert_eq!(client.hear(), json!({"v": 1, "type": "pong", "id": 8, "payload": {"nonce": 5}}), "it is answered");
    }
}

pub(crate) struct Client {
    pub(crate) socket: WebSocket<Wire>,
    pub(crate) codec: Codec,
}

impl Client {
    pub(crate) fn hello(&mut self, token: &str, id: Option<u32>) {
        let payload = json!({
            "protocol_version": limits::PROTOCOL_VERSION, "client": "test", "locale": "en", "access_token": token
        });
        self.say_payload("hello", id, &payload);
    }

    pub(crate) fn say_payload(&mut self, kind: &str, id: Option<u32>, payload: &Value) {
        let envelope = Payload::of_type(self.codec, kind, payload).expect("it can be written").envelope(id);
        let message = match self.codec {
            Codec::Json => Message::text(String::from_utf8(envelope).expect("JSON is text")),
            Codec::MessagePack => Message::binary(envelope),
        };
        self.socket.send(message).expect("it can be sent");
    }

    /// Says any JSON.
    pub(crate) fn say(&mut self, envelope: &Value) {
        self.socket.send(Message::text(envelope.to_string())).expect("it can be sent");
    }

    /// Sends any bytes, below TLS where there is any.
    #[allow(dead_code, reason = "not every test file is hostile")]
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        // The other side may have closed already: that is what is looked at then.
        let _ = self.socket.get_mut().socket().write_all(bytes);
    }

    /// The next message, pings aside.
    pub(crate) fn receive(&mut self) -> Message {
        loop {
            match self.socket.read().expect("something comes") {
                Message::Ping(_) | Message::Pong(_) => {}
                message => return message,
            }
        }
    }

    /// The next envelope, as JSON.
    pub(crate) fn hear(&mut self) -> Value {
        let message = self.receive();
        match (&message, self.codec) {
            (Message::Text(text), Codec::Json) => serde_json::from_str(text).expect("JSON"),
            (Message::Binary(bytes), Codec::MessagePack) => rmp_to_json(bytes),
            _ => panic!("no envelope: {message:?}"),
        }
    }

    /// The number of the close frame that ends it, after at most so many envelopes.
    pub(crate) fn closed(&mut self) -> (u16, Vec<Value>) {
        let mut heard = Vec::new();
        loop {
            match self.receive() {
                Message::Close(Some(CloseFrame { code, .. })) => return (code.into(), heard),
                Message::Text(text) => heard.push(serde_json::from_str(&text).expect("JSON")),
                Message::Binary(bytes) => heard.push(rmp_to_json(&bytes)),
                other => panic!("neither an envelope nor the end: {other:?}"),
            }
        }
    }
}

/// MessagePack as JSON, bytes as a list.
pub(crate) fn rmp_to_json(bytes: &[u8]) -> Value {
    rmp_serde::from_slice(bytes).expect("MessagePack")
}
