//! Connections become WebSockets, and their edge is told whose they are.

use std::io::{Read, Write};
use std::net::{IpAddr, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use bevy_app::App;
use hypogeum_gateway::{ApiError, GatewayConfig, GatewayPlugin, SocketDoor, SocketPlace, SocketWish, UpgradedSocket};
use hypogeum_protocol::CharacterId;
use serde_json::json;

use crate::memory::Memory;
use crate::server::{SECRET, Server, gateway};

/// Hands on what it takes.
pub(crate) struct TestDoor {
    pub(crate) taken: Mutex<Sender<UpgradedSocket>>,
    pub(crate) has_room: bool,
}

impl SocketDoor for TestDoor {
    fn subprotocols(&self) -> &[&'static str] {
        &["first", "second"]
    }

    fn place_for(&self, address: IpAddr, _: &'static str) -> Option<SocketPlace> {
        assert!(address.is_loopback(), "it is asked by the address of the client");
        let taken = self.taken.lock().unwrap().clone();
        self.has_room.then(|| -> SocketPlace { Box::new(move |socket| taken.send(socket).unwrap()) })
    }
}

fn server(has_room: bool) -> (Server, Receiver<UpgradedSocket>) {
    let (sender, taken) = channel();
    let mut config = GatewayConfig::new("203.0.113.9:27500".parse().unwrap());
    config.origins = vec!["https://play.example.org".to_owned()];
    let door = TestDoor { taken: Mutex::new(sender), has_room };
    let gateway = gateway(config, &SECRET, Memory::default()).with_sockets(Arc::new(door));
    let plugin = GatewayPlugin::bind("127.0.0.1:0".parse().unwrap(), gateway).unwrap();
    App::empty().add_plugins(plugin.clone());
    plugin.admission().open();
    (Server::of(plugin), taken)
}

/// A request to be upgraded, with more headers.
pub(crate) fn request(more: &str) -> String {
    format!(
        "GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{more}\r\n"
    )
}

/// The head of an answer.
pub(crate) fn head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap().to_lowercase()
}

#[test]
fn a_connection_is_handed_over_with_all_that_came_after_its_request() {
    let (server, taken) = server(true);
    for (offer, expected) in [("", "first"), ("Sec-WebSocket-Protocol: x, second\r\n", "second")] {
        let mut client = TcpStream::connect(server.address).unwrap();
        client.write_all(&[request(offer).as_bytes(), b"early"].concat()).unwrap();
        let head = head(&mut client);
        assert!(head.starts_with("http/1.1 101"), "{head}");
        assert!(head.contains("\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"), "{head}");
        let named = format!("\r\nsec-websocket-protocol: {expected}\r\n");
        assert_eq!(head.contains(&named), !offer.is_empty(), "only what was offered is named: {head}");
        let UpgradedSocket { mut stream, mut received, subprotocol, .. } = taken.recv().unwrap();
        assert_eq!(subprotocol, expected);
        stream.set_nonblocking(false).unwrap();
        client.write_all(b" and late").unwrap();
        while received.len() < "early and late".len() {
            let mut bytes = [0; 64];
            let count = stream.read(&mut bytes).unwrap();
            assert!(count > 0, "nobody has closed it");
            received.extend_from_slice(&bytes[..count]);
        }
        assert_eq!(received, b"early and late", "nothing is lost on the way");
        stream.write_all(b"!").unwrap();
        let mut answer = [0];
        client.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"!", "and it is the edge that answers");
    }
}

#[test]
fn what_is_no_upgrade_gets_an_answer() {
    let (server, taken) = server(true);
    let raw = |request: &str| server.raw(request.as_bytes());
    let plain = raw("GET /v1/socket HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    assert!(plain.starts_with("HTTP/1.1 426") && plain.contains("sec-websocket-version: 13"), "{plain}");
    let other = raw(&request("Sec-WebSocket-Protocol: third\r\n").replace("Connection: ", "Connection: close, "));
    assert!(other.starts_with("HTTP/1.1 400") && other.contains(r#""known":["first","second"]"#), "{other}");
    let page = raw(&request("Origin: https://evil.example\r\n").replace("Connection: ", "Connection: close, "));
    assert!(page.starts_with("HTTP/1.1 403") && page.contains("origin_refused"), "{page}");
    assert!(taken.try_recv().is_err(), "none of these is handed over");
    let mut good = TcpStream::connect(server.address).unwrap();
    good.write_all(request("Origin: https://play.example.org\r\n").as_bytes()).unwrap();
    assert!(head(&mut good).starts_with("http/1.1 101"), "an allowed page");
}

#[test]
fn where_there_is_no_room_and_where_there_is_no_edge_nothing_is_upgraded() {
    let (full, _taken) = server(false);
    let closing = request("").replace("Connection: ", "Connection: close, ");
    let answer = full.raw(closing.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains(r#""code":"busy""#), "{answer}");
    assert!(answer.contains("\r\nretry-after: ") && answer.contains(r#""retry_after_ms":"#), "and when: {answer}");
    let answer = Server::plain().raw(closing.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
}

#[test]
fn a_token_says_whose_a_socket_is() {
    let (server, taken) = server(true);
    let login = server.player("Ada");
    let mut client = TcpStream::connect(server.address).unwrap();
    client.write_all(request("").as_bytes()).unwrap();
    head(&mut client);
    let socket = taken.recv().unwrap();
    let wish = |token: &str, wish| {
        let (sender, answer) = channel();
        socket.check.ask(token.to_owned(), wish, Box::new(move |verdict| sender.send(verdict).unwrap()));
        answer.recv().unwrap()
    };
    let ask = |token: &str, character| wish(token, SocketWish::ComeIn(character));
    let token = login["access_token"].as_str().unwrap();
    let player = ask(token, None).unwrap();
    assert_eq!((player.ticket.name.as_str(), player.ticket.character), ("Ada", None), "it is hers");
    assert!((1..=900).contains(&player.expires_in.as_secs()), "it ends as the token does: {:?}", player.expires_in);
    assert_ne!(player.session, ask(token, None).unwrap().session, "each has a session of its own");
    let (_, made) = server.ask(&login, "POST", "/v1/characters", &json!({"name": "Grace"}));
    let character = CharacterId(made["character_id"].as_u64().unwrap());
    let played = ask(token, Some(character)).unwrap().ticket;
    assert_eq!((played.name.as_str(), played.character), ("Grace", Some(character)), "or her character's");
    assert_eq!(ask(token, Some(CharacterId(999))), Err(ApiError::NoSuchCharacter));
    for wrong in ["", "no token", &"x".repeat(10_000)] {
        assert!(matches!(ask(wrong, None), Err(ApiError::Unauthorized(_))), "{wrong:.20} proves nothing");
    }
    server.admission.close();
    assert_eq!(ask(token, None), Err(ApiError::Draining), "a server that ends lets nobody in");
    let stays = wish(token, SocketWish::Stay).unwrap();
    assert_eq!((stays.ticket.account, stays.ticket.character), (player.ticket.account, None), "but who is in may stay");
    server.admission.open();
    server.ask(&login, "POST", "/v1/logout", &serde_json::Value::Null);
    assert_eq!(ask(token, None), Err(ApiError::LoginClosed), "a login that was closed lets nobody in");
    assert_eq!(wish(token, SocketWish::Stay), Err(ApiError::LoginClosed), "nor stay");
}
