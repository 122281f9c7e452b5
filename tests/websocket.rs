//! The whole game over WebSocket: the binary, its HTTP port, and clients of another library.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use hypogeum_client::Api;
use hypogeum_envelope::{Codec, Payload, read_head, read_message};
use hypogeum_protocol::lane::{Ack, DownHead, Reader, Up};
use hypogeum_protocol::{ClientMessage, Input, ItemId, ServerMessage, limits};
use hypogeum_testkit::{Player, TestServer, http_get};
use serde_json::{Value, json};
use tungstenite::protocol::CloseFrame;
use tungstenite::{Message, WebSocket};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// A match of half a minute takes no longer; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);

struct Client {
    socket: WebSocket<TcpStream>,
    codec: Codec,
    asked: u32,
}

/// What comes from the server.
#[derive(Debug)]
enum Heard {
    /// A message, and the number of the request that it answers.
    Message(ServerMessage, Option<u32>),
    State(Vec<u8>),
    Closed(u16),
}

impl Client {
    fn connect(url: &str, codec: Codec) -> Self {
        Self::connect_for(url, codec, None)
    }

    /// Connects as a proxy on this machine does for this address.
    fn connect_for(url: &str, codec: Codec, forwarded: Option<&str>) -> Self {
        let host = url.strip_prefix("http://").expect("plain HTTP");
        let stream = TcpStream::connect(host).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        let address = format!("ws://{host}/v1/socket").parse().expect("an address");
        let mut request = tungstenite::ClientRequestBuilder::new(address).with_sub_protocol(codec.subprotocol());
        if let Some(forwarded) = forwarded {
            request = request.with_header("X-Forwarded-For", forwarded);
        }
        let (socket, answer) = tungstenite::client(request, stream).expect("an upgrade");
        let agreed = answer.headers().get("sec-websocket-protocol").and_then(|name| name.to_str().ok());
        assert_eq!(agreed, Some(codec.subprotocol()), "it is agreed on");
        Self { socket, codec, asked: 0 }
    }

    /// Comes in as a guest of this name. Returns the welcome, too.
    fn guest(url: &str, codec: Codec, name: &str) -> (Self, ServerMessage) {
        Self::guest_for(url, codec, name, None)
    }

    fn guest_for(url: &str, codec: Codec, name: &str, address: Option<&str>) -> (Self, ServerMessage) {
        let token = Api::new(url).and_then(|api| api.guest(name)).expect("guests are taken").access_token;
        let mut client = Self::connect_for(url, codec, address);
        let hello = json!({
            "protocol_version": limits::PROTOCOL_VERSION, "client": "test", "locale": "en", "access_token": token
        });
        client.say("hello", Some(1), &hello);
        let welcome = client.until("the welcome", |heard| match heard {
            Heard::Message(message @ ServerMessage::Welcome { .. }, Some(1)) => Some(message.clone()),
            _ => None,
        });
        (client, welcome)
    }

    fn say(&mut self, kind: &str, id: Option<u32>, payload: &Value) {
        let payload = Payload::of_type(self.codec, kind, payload).expect("it can be written");
        self.send(payload.envelope(id));
    }

    fn send(&mut self, envelope: Vec<u8>) {
        let message = match self.codec {
            Codec::MessagePack => Message::binary(envelope),
            Codec::Json => Message::text(String::from_utf8(envelope).expect("JSON is text")),
        };
        self.socket.send(message).expect("it can be sent");
    }

    /// Sends a message by a number of its own, and returns what answers it.
    fn ask(&mut self, message: &ClientMessage) -> ServerMessage {
        self.asked += 1;
        let id = 100 + self.asked;
        self.send(Payload::of_message(self.codec, message).expect("it can be written").envelope(Some(id)));
        self.until("the answer", |heard| match heard {
            Heard::Message(message, Some(answers)) if *answers == id => Some(message.clone()),
            _ => None,
        })
    }

    fn hear(&mut self) -> Heard {
        match self.hear_any() {
            (Some(heard), _) => heard,
            (None, error) => panic!("an error: {error}"),
        }
    }

    /// The number that it is closed with, whatever comes before.
    fn closed(&mut self) -> u16 {
        loop {
            if let (Some(Heard::Closed(code)), _) = self.hear_any() {
                return code;
            }
        }
    }

    /// What comes; an error as text.
    fn hear_any(&mut self) -> (Option<Heard>, String) {
        loop {
            let bytes = match self.socket.read().expect("something comes") {
                Message::Binary(bytes) if bytes.first() == Some(&limits::LANE_BYTE) => {
                    return (Some(Heard::State(bytes.into())), String::new());
                }
                Message::Binary(bytes) if self.codec == Codec::MessagePack => bytes.to_vec(),
                Message::Text(text) if self.codec == Codec::Json => text.as_bytes().to_vec(),
                Message::Ping(_) | Message::Pong(_) => continue,
                Message::Close(Some(CloseFrame { code, .. })) => {
                    return (Some(Heard::Closed(code.into())), String::new());
                }
                other => panic!("of the wrong kind: {other:?}"),
            };
            let head = read_head(self.codec, &bytes).expect("an envelope");
            let message = match head.kind.as_str() {
                "error" => return (None, String::from_utf8_lossy(&bytes).into_owned()),
                kind => read_message(self.codec, &bytes, kind).expect("a message of the protocol"),
            };
            return (Some(Heard::Message(message, head.id)), String::new());
        }
    }

    /// What `found` makes of what comes; all else is passed over.
    fn until<T>(&mut self, what: &str, mut found: impl FnMut(&Heard) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            let heard = self.hear();
            if let Some(found) = found(&heard) {
                return found;
            }
            assert!(!matches!(heard, Heard::Closed(_)), "{what}, but it was closed: {heard:?}");
        }
        panic!("{what} never comes");
    }

    /// The way into a match: a place in line, a loadout, the beginning. Returns what the avatar is called.
    fn play(&mut self, mode: &str) -> u32 {
        let queued = self.ask(&ClientMessage::JoinQueue { mode: mode.to_owned() });
        assert!(matches!(queued, ServerMessage::Queued { .. }), "it waits: {queued:?}");
        let stash = self.until("the loadout", |heard| match heard {
            Heard::Message(ServerMessage::LoadoutOpen { stash, .. }, None) => Some(stash.clone()),
            _ => None,
        });
        let items: Vec<ItemId> = stash.iter().take(1).map(|item| item.item).collect();
        let chosen = self.ask(&ClientMessage::ChooseLoadout { items: items.clone() });
        assert_eq!(chosen, ServerMessage::LoadoutChosen { items }, "the choice stands");
        self.until("the match", |heard| match heard {
            Heard::Message(ServerMessage::MatchStarted { avatar, .. }, None) => Some(avatar.0),
            _ => None,
        })
    }
}

fn server(data: &tempfile::TempDir) -> TestServer {
    TestServer::start(BINARY, data.path(), &[("HYPOGEUM_AUTH__GUESTS", "loopback")]).expect("the server starts")
}

#[test]
fn a_match_is_played_by_json_and_messagepack_together() {
    let data = tempfile::tempdir().expect("a directory");
    let server = server(&data);
    let url = server.url.clone();
    let lane = std::thread::spawn({
        let url = url.clone();
        move || {
            let (mut client, _) = Client::guest(&url, Codec::MessagePack, "Packer");
            client.play("skirmish");
            play_on_the_lane(client)
        }
    });
    let (mut client, welcome) = Client::guest(&url, Codec::Json, "Texter");
    assert!(matches!(welcome, ServerMessage::Welcome { current_match: None, .. }), "it plays nothing yet");
    let avatar = client.play("skirmish");
    walk(&mut client);
    let names = client.ask(&ClientMessage::AskNames { avatars: vec![hypogeum_protocol::NetId(avatar)] });
    assert!(
        matches!(&names, ServerMessage::Roster { players, .. } if players.len() == 1 && players[0].name == "Texter"),
        "its own name: {names:?}"
    );
    client.say("leave_match", None, &json!({}));
    client.until("its settlement", |heard| {
        matches!(heard, Heard::Message(ServerMessage::Settled { .. }, None)).then_some(())
    });
    lane.join().expect("the other sees the state");
}

/// Walks by `inputs` until a snapshot shows that it has moved.
fn walk(client: &mut Client) {
    let (mut seq, mut began) = (0, None);
    loop {
        seq += 1;
        let batch = vec![Input { seq, walk: 8_192 * (seq / 30 % 8) as u16, pace: 100, ..Input::default() }];
        client
            .send(Payload::of_message(client.codec, &ClientMessage::Inputs { batch }).expect("written").envelope(None));
        let own = client.until("a snapshot", |heard| match heard {
            Heard::Message(ServerMessage::Snapshot(snapshot), None) => Some((snapshot.own, snapshot.input_seq)),
            _ => None,
        });
        let (Some(own), applied) = own else { panic!("it is gone before it has walked") };
        let first = *began.get_or_insert((own.x, own.y));
        if applied > 0 && first != (own.x, own.y) {
            return;
        }
    }
}

/// Steers and acknowledges by the datagrams of the lane until it has walked by what it is shown there.
fn play_on_the_lane(mut client: Client) -> u32 {
    let (mut seq, mut newest, mut began) = (0_u16, None::<u16>, None);
    for shown in 1.. {
        seq += 1;
        let ack = newest.map(|newest| Ack { newest, before: u32::MAX });
        let input = Input { seq: seq.into(), walk: 16_384 * (seq / 30 % 4), pace: 100, ..Input::default() };
        let mut up = Vec::new();
        Up::new(seq, ack, false).with_inputs(std::iter::once(input)).write(&mut up);
        client.socket.send(Message::binary(up)).expect("it can be sent");
        let down = client.until("state", |heard| match heard {
            Heard::State(bytes) => Some(bytes.clone()),
            _ => None,
        });
        let head = DownHead::read(&mut Reader::new(&down)).expect("the bytes of a datagram");
        assert!(newest.is_none_or(|newest| head.seq.wrapping_sub(newest) < 100), "numbers rise: {head:?}");
        newest = Some(head.seq);
        let Some(own) = head.own else { panic!("it is gone before it has walked: {head:?}") };
        let first = *began.get_or_insert((own.x, own.y));
        // What was acknowledged is built on.
        if head.input_seq > 0 && first != (own.x, own.y) && !head.keyframe {
            return shown;
        }
    }
    unreachable!("it goes on until it returns")
}

#[test]
fn the_content_that_is_fetched_is_the_one_that_a_welcome_names() {
    let data = tempfile::tempdir().expect("a directory");
    let server = server(&data);
    let (_client, welcome) = Client::guest(&server.url, Codec::Json, "Reader");
    let ServerMessage::Welcome { content_hash, modes, .. } = welcome else { panic!("no welcome: {welcome:?}") };
    let api = Api::new(&server.url).expect("the server's URL is good");
    let manifest = api.content(None).expect("there is content");
    assert_eq!(manifest.content_hash, blake3::Hash::from_bytes(content_hash).to_hex().as_str(), "it is the same");
    for mode in modes {
        let name = format!("numbers/mode/{}", mode.name);
        let blob = manifest.blobs.iter().find(|blob| blob.name == name).unwrap_or_else(|| panic!("{name} is there"));
        let numbers = api.content_blob(&blob.hash).expect("it is fetched");
        let numbers: Value = serde_json::from_slice(&numbers).expect("it is JSON");
        assert!(numbers["items"].as_array().is_some_and(|items| !items.is_empty()), "{name}: {numbers}");
    }
}

#[test]
fn a_session_moves_between_the_doors() {
    let data = tempfile::tempdir().expect("a directory");
    let server = server(&data);
    let (mut first, _) = Client::guest(&server.url, Codec::MessagePack, "Mover");
    let (mut second, _) = Client::guest(&server.url, Codec::Json, "Mover");
    assert_eq!(first.closed(), 4409, "the newer one counts");
    let queued = second.ask(&ClientMessage::JoinQueue { mode: "skirmish".to_owned() });
    assert!(matches!(queued, ServerMessage::Queued { .. }), "and it plays: {queued:?}");
    let mut over_udp = Player::guest(&server.url, "Mover");
    assert_eq!(second.closed(), 4409, "over UDP, too");
    over_udp.until("its place in line", |player| player.view().queue.is_some());
    let (mut third, _) = Client::guest(&server.url, Codec::MessagePack, "Mover");
    assert_eq!(third.ask(&ClientMessage::Ping { nonce: 3 }), ServerMessage::Pong { nonce: 3 }, "and back");
    third.until("its place in line", |heard| {
        matches!(heard, Heard::Message(ServerMessage::Queued { .. }, None)).then_some(())
    });
    let ended = server.terminate();
    assert!(ended.status.success(), "it ends in order: {}", ended.log);
}

/// Says hello by this number, and reads on until it is closed: what came, as JSON, and the number of the end.
fn refused_hello(url: &str, name: &str, id: u32) -> (Vec<Value>, u16) {
    let token = Api::new(url).and_then(|api| api.guest(name)).expect("guests are taken").access_token;
    let mut client = Client::connect(url, Codec::Json);
    let hello = json!({
        "protocol_version": limits::PROTOCOL_VERSION, "client": "test", "locale": "en", "access_token": token
    });
    client.say("hello", Some(id), &hello);
    let mut heard = Vec::new();
    loop {
        match client.socket.read().expect("something comes") {
            Message::Text(text) => heard.push(serde_json::from_str(&text).expect("JSON")),
            Message::Close(Some(CloseFrame { code, .. })) => return (heard, code.into()),
            _ => {}
        }
    }
}

#[test]
fn a_second_device_is_refused_while_the_first_answers_and_let_in_when_it_does_not() {
    let data = tempfile::tempdir().expect("a directory");
    let settings = [("HYPOGEUM_AUTH__GUESTS", "loopback"), ("HYPOGEUM_SERVER__SECOND_DEVICE", "is_refused")];
    let server = TestServer::start(BINARY, data.path(), &settings).expect("the server starts");
    let (mut first, _) = Client::guest(&server.url, Codec::MessagePack, "Mover");
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let reading = std::thread::spawn(move || {
        first.socket.get_mut().set_read_timeout(Some(Duration::from_millis(20))).expect("a timeout");
        while stopped.try_recv() != Err(std::sync::mpsc::TryRecvError::Disconnected) {
            // Reading answers pings; that nothing else comes for a while is no error.
            let _ = first.socket.read();
        }
        first
    });
    let (heard, code) = refused_hello(&server.url, "Mover", 5);
    let [error] = heard.as_slice() else { panic!("one answer: {heard:?}") };
    assert_eq!((&error["id"], &error["payload"]["code"]), (&json!(5), &json!("taken_over")), "{error}");
    assert_eq!(code, 4409, "the account's other connection counts");
    drop(stop);
    let mut first = reading.join().expect("it reads on");
    // From here on nobody reads, and so nobody answers: its link might as well be cut.
    let (mut second, _) = Client::guest(&server.url, Codec::Json, "Mover");
    assert_eq!(second.ask(&ClientMessage::Ping { nonce: 3 }), ServerMessage::Pong { nonce: 3 }, "it is let in");
    first.socket.get_mut().set_read_timeout(Some(PATIENCE)).expect("a timeout");
    assert_eq!(first.closed(), 4409, "the first one is sent away");
}

#[test]
fn whoever_finds_no_room_is_told_when_to_try_again() {
    let data = tempfile::tempdir().expect("a directory");
    let settings = [("HYPOGEUM_AUTH__GUESTS", "loopback"), ("HYPOGEUM_UDP__CONNECTIONS_MAX", "1")];
    let server = TestServer::start(BINARY, data.path(), &settings).expect("the server starts");
    let _first = Client::guest(&server.url, Codec::MessagePack, "First");
    let (heard, code) = refused_hello(&server.url, "Second", 7);
    let [error] = heard.as_slice() else { panic!("one answer: {heard:?}") };
    assert_eq!((&error["id"], &error["payload"]["code"]), (&json!(7), &json!("unavailable")), "{error}");
    assert!(error["payload"]["retry_after_ms"].as_u64().is_some_and(|wait_ms| wait_ms > 0), "until when: {error}");
    assert_eq!(code, 1013, "not now");
}

/// Asks for a WebSocket as a proxy on this machine does for this address: the connection, and the head of the answer with what came
/// with it.
fn upgrade_for(url: &str, address: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").expect("plain HTTP")).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let request = format!(
        "GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-Forwarded-For: {address}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("it can be sent");
    let (mut answer, mut bytes) = (String::new(), [0; 4_096]);
    while !answer.contains("\r\n\r\n") || (answer.contains("503") && !answer.ends_with('}')) {
        let count = stream.read(&mut bytes).expect("an answer");
        assert!(count > 0, "it ends before its answer does: {answer}");
        answer.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    (stream, answer)
}

#[test]
fn a_network_with_as_many_sockets_as_it_may_have_is_told_when_to_come_again() {
    let data = tempfile::tempdir().expect("a directory");
    let settings = [
        ("HYPOGEUM_AUTH__GUESTS", "loopback"),
        ("HYPOGEUM_HTTP__TRUSTED_PROXIES", r#"["127.0.0.1"]"#),
        ("HYPOGEUM_WEBSOCKET__CONNECTIONS_PER_NETWORK_MAX", "2"),
        ("HYPOGEUM_WEBSOCKET__CONNECTIONS_PER_ADDRESS_MAX", "2"),
    ];
    let server = TestServer::start(BINARY, data.path(), &settings).expect("the server starts");
    let _two_of_a_network = [("First", "192.0.2.1"), ("Second", "192.0.2.2")]
        .map(|(name, address)| Client::guest_for(&server.url, Codec::Json, name, Some(address)));
    let (_, refused) = upgrade_for(&server.url, "192.0.2.3");
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains(r#""code":"busy""#), "a third one: {refused}");
    assert!(refused.contains(r#""retry_after_ms":"#), "may come again: {refused}");
    let (_neighbour, answer) = upgrade_for(&server.url, "192.0.3.1");
    assert!(answer.starts_with("HTTP/1.1 101"), "another network has its own: {answer}");
    let (_, status) = http_get(&server.url, "/v1/status");
    let status: Value = serde_json::from_str(&status).expect("it is JSON");
    assert_eq!(status["websocket"]["no_room_for_network"], 1, "and it is counted: {}", status["websocket"]);
}

#[test]
fn a_token_of_nobody_opens_nothing() {
    let data = tempfile::tempdir().expect("a directory");
    let server = server(&data);
    let mut client = Client::connect(&server.url, Codec::Json);
    let hello =
        json!({"protocol_version": limits::PROTOCOL_VERSION, "client": "", "locale": "", "access_token": "no token"});
    client.say("hello", Some(9), &hello);
    let Message::Text(text) = client.socket.read().expect("an answer") else { panic!("it is JSON") };
    let answer: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(
        (answer["id"].as_u64(), answer["payload"]["code"].as_str()),
        (Some(9), Some("unauthorized")),
        "{answer}"
    );
    assert!(matches!(client.hear(), Heard::Closed(4401)), "and that is all");
}
