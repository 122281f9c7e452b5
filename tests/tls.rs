//! The binary with TLS: who comes by it, what becomes of its certificate, and where it has to be there.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, Instant};

use hypogeum_client::{Api, Change, Client, Ending, Reconnect, Reconnected, WebSocketWire};
use hypogeum_protocol::limits;
use hypogeum_testkit::link_conditioner::TcpProxy;
use hypogeum_testkit::{Ended, TestAuthority, TestServer, TlsClient};
use rustls::pki_types::CertificateDer;
use rustls::version::{TLS12, TLS13};
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// Nothing here takes so long; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

type SocketClient = Client<WebSocketWire<TcpStream>>;

/// A server with a certificate, in a folder of its own.
struct Shop {
    authority: TestAuthority,
    server: TestServer,
    data: tempfile::TempDir,
}

fn start(data: &Path, settings: &[(&str, &str)]) -> Result<TestServer, Ended> {
    let path = |name: &str| data.join(name).display().to_string();
    let (chain, key) = (path("chain.pem"), path("key.pem"));
    let tls = [("HYPOGEUM_TLS__CERTIFICATE", chain.as_str()), ("HYPOGEUM_TLS__KEY", key.as_str())];
    TestServer::start(BINARY, data, &[&tls[..], settings].concat())
}

impl Shop {
    fn open() -> Self {
        let (authority, data) = (TestAuthority::default(), tempfile::tempdir().expect("a directory"));
        authority.certificate().write(&data.path().join("chain.pem"), &data.path().join("key.pem"));
        let server = start(data.path(), &[("HYPOGEUM_AUTH__GUESTS", "loopback")]).expect("the server starts");
        Self { authority, server, data }
    }

    fn connect(&self) -> TlsClient {
        let address = self.server.url.strip_prefix("https://").expect("it says that it speaks TLS");
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        self.authority.connect(stream, &[&TLS13, &TLS12]).expect("they shake hands")
    }

    fn certificate(&self) -> CertificateDer<'static> {
        self.connect().conn.peer_certificates().expect("it shows one")[0].clone().into_owned()
    }

    fn api(&self) -> Api {
        Api::trusting(&self.server.url, self.authority.pem().as_bytes()).expect("it can be trusted")
    }

    fn until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < deadline, "{what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The first answer with this number.
fn answer(socket: &mut WebSocket<TlsClient>, id: u32) -> Value {
    loop {
        if let Message::Text(text) = socket.read().expect("something comes") {
            let heard: Value = serde_json::from_str(&text).expect("it is JSON");
            if heard["id"] == id {
                return heard;
            }
        }
    }
}

#[test]
fn somebody_plays_by_https_and_wss() {
    let shop = Shop::open();
    let token = shop.api().guest("Ada").expect("guests are taken").access_token;
    let stranger = Api::new(&shop.server.url).expect("a URL").guest("Ada").expect_err("nobody else vouches for it");
    assert_eq!(stranger.code(), "unreachable", "{stranger}");
    let mut client = shop.connect();
    client.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").expect("it reads");
    let mut told = String::new();
    client.read_to_string(&mut told).expect("it answers");
    assert!(told.contains("strict-transport-security: max-age=31536000\r\n"), "for a year: {told}");
    let request = tungstenite::ClientRequestBuilder::new("wss://localhost/v1/socket".parse().expect("an address"))
        .with_sub_protocol("hypogeum.json.v1");
    let (mut socket, _) = tungstenite::client(request, shop.connect()).expect("an upgrade");
    let hello = json!({
        "protocol_version": limits::PROTOCOL_VERSION, "client": "test", "locale": "en", "access_token": token
    });
    let hello = json!({"v": 1, "type": "hello", "id": 1, "payload": hello});
    socket.send(Message::text(hello.to_string())).expect("it can be sent");
    assert_eq!(answer(&mut socket, 1)["type"], "welcome");
    let ping = json!({"v": 1, "type": "ping", "id": 2, "payload": {"nonce": 5}});
    socket.send(Message::text(ping.to_string())).expect("it can be sent");
    assert_eq!(answer(&mut socket, 2), json!({"v": 1, "type": "pong", "id": 2, "payload": {"nonce": 5}}));
    let ended = shop.server.terminate();
    assert!(ended.status.success(), "it ends in order: {}", ended.log);
}

#[test]
fn a_rust_client_outlives_its_access_token_and_its_link() {
    const PASSWORD: &str = "correct horse battery";
    let shop = Shop::open();
    let address: SocketAddr = shop.server.url.trim_start_matches("https://").parse().expect("an address");
    let proxy = TcpProxy::start(address, 5).expect("a proxy");
    let url = format!("https://{}", proxy.addr());
    let api = Api::trusting(&url, shop.authority.pem().as_bytes()).expect("it can be trusted");
    api.register("Grace", PASSWORD).expect("the name is free");
    let login = api.login("Grace", PASSWORD).expect("it is registered");
    let stranger = Api::new(&url).expect("a URL").socket_connection(&login, None).expect("an address");
    let mut stranger = Client::connect_socket(stranger).expect("it listens");
    shop.until("the client finds that nobody vouches for it", || {
        stranger.poll(Duration::ZERO) == [Change::Closed(Ending::BadServer)]
    });
    let connection = api.socket_connection(&login, None).expect("an address");
    let mut client = Client::connect_socket(connection).expect("it listens");
    let mut reconnect = Reconnect::new(api, login, None);
    let (mut last, mut resumed_count, mut closed_count) = (Instant::now(), 0, 0);
    let mut frame = |client: &mut SocketClient| {
        let elapsed = last.elapsed();
        last += elapsed;
        match reconnect.watch(client, elapsed) {
            Reconnected::Resumed => resumed_count += 1,
            Reconnected::GaveUp(error) => panic!("the server lets it in: {error}"),
            Reconnected::Fine | Reconnected::Trying => {}
        }
        for change in client.poll(elapsed) {
            match change {
                Change::Opened => client.hello("test"),
                Change::Closed(_) => closed_count += 1,
                _ => {}
            }
        }
        client.flush();
        (resumed_count, closed_count)
    };
    let is_welcome = |client: &SocketClient| client.view().session.is_some();
    shop.until("the welcome", || frame(&mut client) == (0, 0) && is_welcome(&client));
    // So much time goes by, as far as the client knows.
    client.poll(Duration::from_secs(850));
    let is_renewed = |client: &SocketClient| client.wire().token_left() > Duration::from_secs(800);
    assert!(!is_renewed(&client), "its token ends soon");
    shop.until("another token", || frame(&mut client) == (0, 0) && is_renewed(&client));
    proxy.cut();
    shop.until("another welcome", || {
        let (resumed_count, closed_count) = frame(&mut client);
        resumed_count >= 1 && resumed_count == closed_count && is_welcome(&client)
    });
}

#[test]
fn a_broken_certificate_changes_nothing_and_a_good_one_is_taken_without_a_restart() {
    let shop = Shop::open();
    let (chain, key) = (shop.data.path().join("chain.pem"), shop.data.path().join("key.pem"));
    let old = shop.certificate();
    std::fs::write(&chain, "no certificate").expect("it can be written");
    shop.until("the error is logged", || shop.server.log().contains("the new certificate cannot be used"));
    assert_eq!(shop.certificate(), old, "the old one stays");
    shop.authority.certificate().write(&chain, &key);
    shop.until("the new one is shown", || shop.certificate() != old);
    // It is in use before that is logged, and lines are written by another thread.
    shop.until("that is logged", || shop.server.log().contains("a new certificate is in use"));
}

#[test]
fn no_port_that_others_reach_is_in_the_clear_by_mistake() {
    let data = tempfile::tempdir().expect("a directory");
    let everywhere = ("HYPOGEUM_HTTP__LISTEN", "0.0.0.0:0");
    let refused = TestServer::start(BINARY, data.path(), &[everywhere]).expect_err("passwords would be read along");
    assert_eq!(refused.status.code(), Some(1), "{}", refused.log);
    for way_out in ["certificate and key of [tls]", "plaintext = true in [http]"] {
        assert!(refused.log.contains(way_out), "{way_out} is a way out: {}", refused.log);
    }
    let behind_a_proxy = [everywhere, ("HYPOGEUM_HTTP__PLAINTEXT", "true")];
    let server = TestServer::start(BINARY, data.path(), &behind_a_proxy).expect("it is meant");
    assert!(server.url.starts_with("http://"), "{}", server.url);
    drop(server);
    let missing = start(data.path(), &[]).expect_err("there is no certificate");
    assert!(missing.log.contains("chain.pem: cannot be read"), "{}", missing.log);
    TestAuthority::default().certificate().write(&data.path().join("chain.pem"), &data.path().join("key.pem"));
    let server = start(data.path(), &[everywhere]).expect("that is what TLS is for");
    assert!(server.url.starts_with("https://"), "{}", server.url);
}
