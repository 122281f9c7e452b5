//! A WebSocket as a wire of the Rust client: messages become envelopes on their way out, and messages again on their way in.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::Duration;

use hypogeum_client::{Ending, Traffic, Wire, WireState};
use hypogeum_envelope::{Codec, ErrorBody, Payload, client_type, read_head, read_message, read_payload};
use hypogeum_protocol::link::Lane;
use hypogeum_protocol::{CharacterId, ClientMessage, ErrorCode, ServerMessage, base64, codec, from_base64, limits};
use serde::Deserialize;
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// The type of state in an envelope.
const STATE: &str = "state";

/// A WebSocket of somebody with a token.
pub(crate) struct SocketLine {
    socket: WebSocket<TcpStream>,
    codec: Codec,
    access_token: String,
    character: Option<CharacterId>,
    /// What was asked by which number.
    asked: BTreeMap<u32, String>,
    /// Of these, what the document knows an answer to.
    unanswered: BTreeSet<u32>,
    messages: VecDeque<Vec<u8>>,
    state: VecDeque<Vec<u8>>,
    ended: Option<Ending>,
    traffic: Traffic,
}

impl SocketLine {
    pub(crate) fn open(url: &str, codec: Codec, access_token: &str, character: Option<CharacterId>) -> Self {
        let host = url.strip_prefix("http://").expect("plain HTTP");
        let stream = TcpStream::connect(host).expect("it listens");
        let address = format!("ws://{host}/v1/socket").parse().expect("an address");
        let request = tungstenite::ClientRequestBuilder::new(address).with_sub_protocol(codec.subprotocol());
        let (socket, _) = tungstenite::client(request, stream).expect("an upgrade");
        socket.get_ref().set_nonblocking(true).expect("it need not wait");
        Self {
            socket,
            codec,
            access_token: access_token.to_owned(),
            character,
            asked: BTreeMap::new(),
            unanswered: BTreeSet::new(),
            messages: VecDeque::new(),
            state: VecDeque::new(),
            ended: None,
            traffic: Traffic::default(),
        }
    }

    fn put(&mut self, message: Message) {
        self.traffic.datagrams_out += 1;
        self.traffic.bytes_out += message.len() as u64;
        match self.socket.send(message) {
            Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => {
                self.ended.get_or_insert(Ending::TimedOut);
            }
            Ok(()) => {}
        }
    }

    fn put_envelope(&mut self, envelope: Vec<u8>) {
        self.put(match self.codec {
            Codec::MessagePack => Message::binary(envelope),
            Codec::Json => Message::text(String::from_utf8(envelope).expect("JSON is text")),
        });
    }

    /// A hello says who it is; all else is written as it is.
    fn payload(&self, message: &ClientMessage) -> Payload {
        let payload = match message {
            ClientMessage::Hello { protocol_version, client, locale } => {
                let mut hello = json!({
                    "protocol_version": protocol_version, "client": client, "locale": locale,
                    "access_token": self.access_token,
                });
                if let (Some(CharacterId(id)), Value::Object(fields)) = (self.character, &mut hello) {
                    // A string of digits, as JavaScript would have to.
                    fields.insert("character_id".to_owned(), json!(id.to_string()));
                }
                Payload::of_type(self.codec, "hello", &hello)
            }
            message => Payload::of_message(self.codec, message),
        };
        payload.expect("it can be written")
    }

    fn take(&mut self, message: Message) {
        self.traffic.datagrams_in += 1;
        self.traffic.bytes_in += message.len() as u64;
        match (message, self.codec) {
            (Message::Binary(bytes), Codec::MessagePack) if bytes.first() == Some(&limits::LANE_BYTE) => {
                self.state.push_back(bytes.to_vec());
            }
            (Message::Binary(bytes), Codec::MessagePack) => self.take_envelope(&bytes),
            (Message::Text(text), Codec::Json) => self.take_envelope(text.as_bytes()),
            (Message::Close(_), _) => {
                self.ended.get_or_insert(Ending::ByServer);
            }
            (Message::Ping(_) | Message::Pong(_), _) => {}
            (other, _) => panic!("of the wrong kind: {other:?}"),
        }
    }

    fn take_envelope(&mut self, bytes: &[u8]) {
        let head = read_head(self.codec, bytes).expect("an envelope");
        if let Some(id) = head.id {
            self.unanswered.remove(&id);
            let asked = self.asked.get(&id).expect("a number that was given");
            let is_answer = head.kind == ErrorBody::TYPE || answers(asked).contains(&head.kind);
            assert!(is_answer, "PROTOCOL.md does not say that {} answers {asked}", head.kind);
        } else {
            let waits = |id: &&u32| answers(&self.asked[*id]).contains(&head.kind);
            let waiting = self.unanswered.iter().find(waits);
            assert_eq!(waiting, None, "PROTOCOL.md says that {} answers it, by its number", head.kind);
        }
        let message = match head.kind.as_str() {
            STATE => {
                let text: String = read_payload(self.codec, bytes).expect("a string");
                self.state.push_back(from_base64(&text).expect("of base64"));
                return;
            }
            ErrorBody::TYPE => error(read_payload(self.codec, bytes).expect("an error")),
            kind => read_message::<ServerMessage>(self.codec, bytes, kind).expect("a message of the protocol"),
        };
        self.messages.push_back(codec::encode(&message));
    }
}

/// An error as it is told.
#[derive(Deserialize)]
struct Told {
    code: String,
    about: Option<String>,
    retry_after_ms: Option<u32>,
}

/// The same as the Rust client knows it.
fn error(told: Told) -> ServerMessage {
    let code: ErrorCode = serde_json::from_value(Value::String(told.code)).expect("a code of section 6");
    let is_about = |tag: &u8| told.about.is_some() && client_type(*tag) == told.about.as_deref();
    let about = (0..u8::MAX).find(is_about).unwrap_or(u8::MAX);
    ServerMessage::Error { code, about, retry_after_ms: told.retry_after_ms.unwrap_or(0) }
}

/// What answers this request, as the document says.
fn answers(asked: &str) -> Vec<String> {
    let document = include_str!("../../plugins/wire/protocol/PROTOCOL.md");
    let (_, table) = document.split_once("<!-- websocket answers -->").expect("there is a table of answers");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let words = rows.map(|row| row.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    words
        .filter(|words| words.first().is_some_and(|request| request == asked))
        .flat_map(|mut it| it.split_off(1))
        .collect()
}

impl Wire for SocketLine {
    fn update(&mut self, _: Duration) {
        loop {
            match self.socket.read() {
                Ok(message) => self.take(message),
                Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => return,
                Err(_) => {
                    self.ended.get_or_insert(Ending::TimedOut);
                    return;
                }
            }
        }
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        self.messages.pop_front()
    }

    fn send(&mut self, lane: Lane, bytes: Vec<u8>) {
        let message = codec::decode_client(&bytes).expect("the client speaks the protocol");
        let payload = self.payload(&message);
        let id = (lane != Lane::Unreliable).then(|| {
            let id = self.asked.len() as u32;
            let kind = client_type(bytes[0]).expect("each message has a type");
            self.asked.insert(id, kind.to_owned());
            if !answers(kind).is_empty() {
                self.unanswered.insert(id);
            }
            id
        });
        self.put_envelope(payload.envelope(id));
    }

    fn send_lane(&mut self, datagram: &[u8]) {
        match self.codec {
            Codec::MessagePack => self.put(Message::binary(datagram.to_vec())),
            Codec::Json => {
                let state = Payload::of_type(Codec::Json, STATE, base64(datagram).as_str()).expect("it can be written");
                self.put_envelope(state.envelope(None));
            }
        }
    }

    fn take_lane(&mut self, out: &mut Vec<u8>) -> bool {
        out.clear();
        let Some(state) = self.state.pop_front() else { return false };
        out.extend_from_slice(&state);
        true
    }

    fn flush(&mut self) {
        // What finds no room leaves with the next one.
        let _ = self.socket.flush();
    }

    fn state(&self) -> WireState {
        self.ended.map_or(WireState::Open, WireState::Closed)
    }

    fn traffic(&self) -> Traffic {
        self.traffic
    }

    fn close(&mut self) {
        let _ = self.socket.close(None);
        self.ended.get_or_insert(Ending::ByClient);
    }
}
