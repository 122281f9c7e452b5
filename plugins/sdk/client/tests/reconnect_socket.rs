//! A player over a WebSocket goes on after the link broke or the access token ended, at a server that is written by hand.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use hypogeum_client::{Api, ApiError, Change, Client, Login, Reconnect, Reconnected, WebSocketWire};
use hypogeum_envelope::{
    Codec, Credentials, Decoder, FrameLimits, Incoming, Opcode, Payload, RENEW, RENEWED, Renewed, read_head,
    read_payload, write_frame,
};
use hypogeum_protocol::{AccountId, ServerMessage, SessionId};

const CODEC: Codec = Codec::MessagePack;
/// Nothing here takes so long; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that refreshes whatever login, and hands over the sockets it agrees to.
struct Server {
    url: String,
    sockets: Receiver<Socket>,
}

/// The server's end of one WebSocket.
struct Socket {
    stream: TcpStream,
    decoder: Decoder,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let (out, sockets) = channel();
        std::thread::spawn(move || serve(&listener, &out));
        Self { url, sockets }
    }

    /// The next socket that somebody opens, and the token its hello shows.
    fn greeted(&self, player: &mut Player) -> (Socket, String) {
        let mut socket = player.until("a socket", |_| self.sockets.try_recv().ok());
        let hello = player.until("a hello", |_| socket.hear());
        assert_eq!(read_head(CODEC, &hello).expect("an envelope").kind, "hello");
        let token = read_payload::<Credentials>(CODEC, &hello).expect("it shows a token").access_token;
        (socket, token)
    }
}

fn serve(listener: &TcpListener, out: &Sender<Socket>) {
    for (number, stream) in listener.incoming().enumerate() {
        let mut stream = stream.expect("a connection");
        let mut request = Vec::new();
        let mut byte = [0];
        while !request.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).expect("a request");
            request.extend(byte);
        }
        let request = String::from_utf8(request).expect("HTTP is text");
        if request.starts_with("POST /v1/refresh ") {
            while byte != *b"}" {
                stream.read_exact(&mut byte).expect("one JSON object");
            }
            let body = format!(
                r#"{{"access_token":"fresh","expires_in_s":900,"account_id":7,"refresh_token":"refresh-{number}"}}"#
            );
            let length = body.len();
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
                .expect("the answer is sent");
            continue;
        }
        let key = request.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).expect("a key");
        let accept = tungstenite::handshake::derive_accept_key(key.as_bytes());
        let subprotocol = CODEC.subprotocol();
        write!(
            stream,
            "HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: {accept}\r\n\
             sec-websocket-protocol: {subprotocol}\r\n\r\n"
        )
        .expect("the answer is sent");
        stream.set_nonblocking(true).expect("a socket need not block");
        let decoder = Decoder::new(FrameLimits { message_bytes_max: 1 << 16, fragments_max: 4 });
        if out.send(Socket { stream, decoder }).is_err() {
            return;
        }
    }
}

impl Socket {
    /// The next message, if it is there.
    fn hear(&mut self) -> Option<Vec<u8>> {
        let mut buffer = [0; 4_096];
        if let Ok(length) = self.stream.read(&mut buffer) {
            self.decoder.feed(&buffer[..length]);
        }
        match self.decoder.take_next().expect("a client's frames") {
            Some(Incoming::Binary(bytes)) => Some(bytes.to_vec()),
            _ => None,
        }
    }

    fn say(&mut self, opcode: Opcode, contents: &[u8]) {
        let mut frame = Vec::new();
        write_frame(opcode, contents, &mut frame);
        self.stream.write_all(&frame).expect("it leaves");
    }
}

struct Player {
    client: Client<WebSocketWire<TcpStream>>,
    reconnect: Reconnect<WebSocketWire<TcpStream>>,
    last: Instant,
    seen: Vec<Change>,
    gave_up: Option<ApiError>,
}

impl Player {
    fn enter(server: &Server, refresh_token: Option<&str>) -> Self {
        let api = Api::new(&server.url).expect("the server's URL is good");
        let login = Login {
            access_token: "first".to_owned(),
            expires_in_s: 900,
            account_id: 7,
            refresh_token: refresh_token.map(str::to_owned),
            refresh_expires_in_s: None,
        };
        let connection = api.socket_connection(&login, None).expect("an address");
        let client = Client::connect_socket(connection).expect("it listens");
        let reconnect = Reconnect::new(api, login, None);
        Self { client, reconnect, last: Instant::now(), seen: Vec::new(), gave_up: None }
    }

    fn frame(&mut self) {
        let elapsed = self.last.elapsed();
        self.last += elapsed;
        if let Reconnected::GaveUp(error) = self.reconnect.watch(&mut self.client, elapsed) {
            self.gave_up = Some(error);
        }
        let changes = self.client.poll(elapsed);
        if changes.contains(&Change::Opened) {
            self.client.hello("test");
        }
        self.seen.extend(changes);
        self.client.flush();
        std::thread::yield_now();
    }

    fn until<T>(&mut self, what: &str, mut found: impl FnMut(&mut Self) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            if let Some(found) = found(self) {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "waited in vain for {what}: {:?}", self.seen);
            self.frame();
        }
    }
}

#[test]
fn a_link_that_breaks_is_replaced_by_another_with_a_fresh_token() {
    let server = Server::start();
    let mut player = Player::enter(&server, Some("refresh"));
    let (socket, token) = server.greeted(&mut player);
    assert_eq!(token, "first", "as it has logged in");
    drop(socket);
    let (socket, token) = server.greeted(&mut player);
    assert_eq!(token, "fresh", "for the old one may be what has ended");
    let refresh_token = player.reconnect.login().refresh_token.clone();
    assert_eq!(refresh_token.as_deref(), Some("refresh-1"), "the login is the one of the only refresh there was");
    drop(socket);
    let (_socket, _) = server.greeted(&mut player);
    assert_eq!(player.gave_up, None, "and so each time");
}

#[test]
fn a_token_that_ends_soon_is_renewed_and_the_socket_stays() {
    let server = Server::start();
    let mut player = Player::enter(&server, Some("refresh"));
    let (mut socket, _) = server.greeted(&mut player);
    player.client.poll(Duration::from_secs(850));
    let shown = player.until("a renewal", |_| socket.hear());
    let head = read_head(CODEC, &shown).expect("an envelope");
    assert_eq!(head.kind, RENEW);
    assert_eq!(read_payload::<Credentials>(CODEC, &shown).expect("a token").access_token, "fresh");
    let renewed = Payload::of_type(CODEC, RENEWED, &Renewed { expires_in_s: 900 }).expect("it can be written");
    socket.say(Opcode::Binary, &renewed.envelope(head.id));
    let is_renewed = |player: &mut Player| player.client.wire().token_left() > Duration::from_secs(800);
    player.until("the new token", |player| is_renewed(player).then_some(()));
    assert!(server.sockets.try_recv().is_err(), "nobody has opened another socket");
    assert!(!player.seen.iter().any(|change| matches!(change, Change::Closed(_))), "nor closed this one");
}

#[test]
fn a_server_that_ends_is_come_back_to_and_an_account_that_plays_elsewhere_is_not() {
    let server = Server::start();
    let mut player = Player::enter(&server, Some("refresh"));
    let (mut socket, _) = server.greeted(&mut player);
    socket.say(Opcode::Close, &1001_u16.to_be_bytes());
    let (mut socket, _) = server.greeted(&mut player);
    let welcome = ServerMessage::Welcome {
        session: SessionId(1),
        account: AccountId(7),
        name: "Ada".to_owned(),
        protocol_version: 1,
        tick_hz: 30,
        content_hash: [0; 32],
        modes: vec![],
        current_match: None,
        locale: String::new(),
    };
    socket.say(Opcode::Binary, &Payload::of_message(CODEC, &welcome).expect("it can be written").envelope(None));
    player.until("the welcome", |player| player.client.view().session.as_ref().map(|_| ()));
    socket.say(Opcode::Close, &4409_u16.to_be_bytes());
    let is_over = |player: &mut Player| player.client.wire().close_code() == Some(4409);
    player.until("the end", |player| is_over(player).then_some(()));
    let watched = player.reconnect.watch(&mut player.client, Duration::from_secs(60));
    assert!(matches!(watched, Reconnected::Fine), "two devices would take over in turn: {watched:?}");
}

#[test]
fn a_guest_whose_token_has_ended_is_told_that_it_has_to_come_in_again() {
    let server = Server::start();
    let mut player = Player::enter(&server, None);
    let (mut socket, _) = server.greeted(&mut player);
    socket.say(Opcode::Close, &4401_u16.to_be_bytes());
    let error = player.until("the end", |player| player.gave_up.take());
    assert_eq!(error, ApiError::NotRefreshable);
    assert!(server.sockets.try_recv().is_err(), "nothing is tried that would not help");
}
