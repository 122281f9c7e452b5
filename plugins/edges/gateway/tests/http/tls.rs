//! The gateway over TLS, as a client of another library meets it.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bevy_app::App;
use hypogeum_gateway::{
    CertificateFiles, GatewayConfig, GatewayPlugin, HandshakeRates, RateLimit, Tls, TlsError, TrustedProxies,
    UpgradedSocket,
};
use hypogeum_testkit::{TestAuthority, TlsClient};
use rustls::StreamOwned;
use rustls::pki_types::CertificateDer;
use rustls::version::{TLS12, TLS13};
use serde_json::Value;
use tempfile::TempDir;

use crate::memory::Memory;
use crate::server::{SECRET, Server, gateway};
use crate::sockets::{TestDoor, head, request};

/// Nothing here takes so long; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(60);
const ASKS: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
const HSTS: &str = "strict-transport-security: max-age=600\r\n";

/// A folder with a certificate, and who has signed it.
struct Signed {
    authority: TestAuthority,
    folder: TempDir,
}

impl Signed {
    fn new() -> Self {
        let signed = Self { authority: TestAuthority::default(), folder: tempfile::tempdir().unwrap() };
        signed.renew();
        signed
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn files(&self) -> CertificateFiles {
        CertificateFiles { chain: self.path("chain.pem"), key: self.path("key.pem") }
    }

    /// Puts a new certificate in the place of the old one.
    fn renew(&self) {
        let CertificateFiles { chain, key } = self.files();
        self.authority.certificate().write(&chain, &key);
    }

    fn serve(&self, hsts_s: u32, change: impl FnOnce(&mut GatewayConfig)) -> (Server, impl Fn() -> UpgradedSocket) {
        let (sender, taken) = channel();
        let mut config = GatewayConfig::new("203.0.113.9:27500".parse().unwrap());
        change(&mut config);
        let door = TestDoor { taken: Mutex::new(sender), has_room: true };
        let gateway = gateway(config, &SECRET, Memory::default()).with_sockets(Arc::new(door));
        let gateway = gateway.with_tls(Tls::open(self.files(), hsts_s).unwrap());
        let plugin = GatewayPlugin::bind("127.0.0.1:0".parse().unwrap(), gateway).unwrap();
        App::empty().add_plugins(plugin.clone());
        plugin.admission().open();
        (Server::of(plugin), move || taken.recv().unwrap())
    }

    fn connect(&self, server: &Server) -> TlsClient {
        self.authority.connect(TcpStream::connect(server.address).unwrap(), &[&TLS13, &TLS12]).unwrap()
    }
}

fn ask(mut client: TlsClient) -> String {
    client.write_all(ASKS).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("TLS says that this is the end");
    answer
}

fn shown(client: &TlsClient) -> CertificateDer<'static> {
    client.conn.peer_certificates().unwrap()[0].clone().into_owned()
}

#[test]
fn requests_are_answered_over_both_versions_and_browsers_are_told_to_stay() {
    let signed = Signed::new();
    let (server, _) = signed.serve(600, |_| ());
    for version in [&TLS12, &TLS13] {
        let client = signed.authority.connect(TcpStream::connect(server.address).unwrap(), &[version]).unwrap();
        assert_eq!(client.conn.protocol_version(), Some(version.version));
        assert_eq!(client.conn.alpn_protocol(), Some(&b"http/1.1"[..]), "it is agreed on");
        let answer = ask(client);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(HSTS), "{answer}");
    }
    let (silent, _) = signed.serve(0, |_| ());
    let answer = ask(signed.connect(&silent));
    assert!(answer.starts_with("HTTP/1.1 200") && !answer.contains("strict-transport"), "none is wanted: {answer}");
    let clear = Server::plain().raw(ASKS);
    assert!(clear.starts_with("HTTP/1.1 200") && !clear.contains("strict-transport"), "none in the clear: {clear}");
}

#[test]
fn a_new_certificate_is_taken_and_open_connections_stay() {
    let signed = Signed::new();
    let (server, _) = signed.serve(600, |config| config.read_timeout = PATIENCE);
    let mut early = signed.connect(&server);
    early.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    assert!(head(&mut early).starts_with("http/1.1 200"));
    let old = shown(&early);
    signed.renew();
    let deadline = Instant::now() + PATIENCE;
    while shown(&signed.connect(&server)) == old {
        assert!(Instant::now() < deadline, "the new certificate is never shown");
        std::thread::sleep(Duration::from_millis(20));
    }
    early.write_all(ASKS).unwrap();
    let mut answer = String::new();
    early.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("HTTP/1.1 200"), "what was open is still answered: {answer}");
}

#[test]
fn without_tls_somebody_is_told_so_and_garbage_ends_the_connection() {
    let signed = Signed::new();
    let (server, _) = signed.serve(600, |_| ());
    let told = server.raw(ASKS);
    assert!(told.starts_with("HTTP/1.1 400") && told.ends_with("ask by https or wss\n"), "{told}");
    for garbage in [&[0; 100][..], &[22, 3, 1, 0, 4, 1, 2, 3, 4, 5, 6, 7, 8], &[22, 3, 1, 255, 255], b"\r\n\r\n"] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(garbage).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        // A reset is as good an end as any.
        let _ = stream.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP"), "{garbage:?} is no request: {answer:?}");
    }
    assert!(ask(signed.connect(&server)).starts_with("HTTP/1.1 200"), "others are answered");
}

#[test]
fn who_shakes_no_hands_is_closed_and_keeps_nobody_out() {
    let signed = Signed::new();
    let (server, _) = signed.serve(600, |config| config.loopback_connections_max = 2);
    let begun = |server: &Server| {
        let mut stream = TcpStream::connect(server.address).unwrap();
        // The head of a record, of which nothing follows.
        stream.write_all(&[22, 3, 1, 2, 0]).unwrap();
        stream
    };
    let mut waiting = [begun(&server), TcpStream::connect(server.address).unwrap(), begun(&server), begun(&server)];
    assert!(ask(signed.connect(&server)).starts_with("HTTP/1.1 200"), "one who asks goes before them");
    let mut answer = Vec::new();
    let _ = waiting[0].read_to_end(&mut answer);
    assert!(answer.is_empty(), "it has made room for others");

    let (server, _) = signed.serve(600, |config| config.first_request_timeout = Duration::from_secs(1));
    let mut silent = TcpStream::connect(server.address).unwrap();
    let _ = silent.read_to_end(&mut answer);
    assert!(answer.is_empty(), "its time is over, and nothing was said");
    let _ = begun(&server).read_to_end(&mut answer);
    assert!(answer.is_empty(), "neither has one that stops in the middle any longer");
    let mut shaken = signed.connect(&server);
    let _ = shaken.read_to_end(&mut answer);
    assert!(answer.is_empty(), "a handshake is no request");
}

#[test]
fn a_proxy_says_before_the_handshake_who_has_connected() {
    let signed = Signed::new();
    let (server, _) = signed.serve(600, |config| {
        config.trusted_proxies = TrustedProxies::new(vec!["127.0.0.1".parse().unwrap()]);
        config.proxy_protocol = true;
    });
    for (header, status) in [("PROXY UNKNOWN\r\n", 200), ("PROXY TCP4 192.0.2.1 10.0.0.1 8080 80\r\n", 403)] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(header.as_bytes()).unwrap();
        let mut client = signed.authority.connect(stream, &[&TLS13]).unwrap();
        client.write_all(b"GET /v1/status HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{header}: {answer}");
    }
}

#[test]
fn who_shakes_hands_too_often_is_closed_and_others_are_not() {
    let signed = Signed::new();
    let (rare, often) = (RateLimit { per_s: 1, burst: 2 }, RateLimit { per_s: 1_000, burst: 1_000 });
    let by_address = HandshakeRates { address: rare, network: often };
    let by_network = HandshakeRates { address: often, network: rare };
    for (handshakes, other) in [(by_address, "192.0.2.250"), (by_network, "192.0.3.1")] {
        let (server, _) = signed.serve(600, |config| {
            config.trusted_proxies = TrustedProxies::new(vec!["127.0.0.1".parse().unwrap()]);
            config.proxy_protocol = true;
            config.handshakes = handshakes;
        });
        let shake = |header: &str| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.write_all(header.as_bytes()).unwrap();
            signed.authority.connect(stream, &[&TLS13])
        };
        let come = |address: &str| shake(&format!("PROXY TCP4 {address} 10.0.0.1 8080 443\r\n"));
        let address = |count: usize| match handshakes.network == rare {
            true => format!("192.0.2.{}", count % 200),
            false => "192.0.2.1".to_owned(),
        };
        let refusal = (0..1_000).find_map(|count| come(&address(count)).err());
        let refusal = refusal.expect("who comes faster than one a second is refused");
        let closes = [ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
        assert!(closes.contains(&refusal.kind()), "it is closed without a word of TLS: {refusal:?}");
        assert!(come(other).is_ok(), "{other} is not counted with it");
        let mut local = shake("PROXY UNKNOWN\r\n").expect("the proxy itself is not counted");
        local.write_all(b"GET /v1/status HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        local.read_to_string(&mut answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let counts = serde_json::from_str::<Value>(body).unwrap()["http"]["handshakes"].clone();
        assert_eq!(counts["refused"], 1, "it is counted: {counts}");
        assert!(counts["made"].as_u64() >= Some(1), "and so is the one who asks: {counts}");
    }
}

#[test]
fn a_connection_is_handed_over_with_its_session_and_all_that_came_after_its_request() {
    let signed = Signed::new();
    let (server, taken) = signed.serve(600, |_| ());
    for version in [&TLS12, &TLS13] {
        let mut client = signed.authority.connect(TcpStream::connect(server.address).unwrap(), &[version]).unwrap();
        client.write_all(&[request("").as_bytes(), b"early"].concat()).unwrap();
        let head = head(&mut client);
        assert!(head.starts_with("http/1.1 101") && head.contains(HSTS), "{head}");
        let UpgradedSocket { stream, tls, mut received, .. } = taken();
        stream.set_nonblocking(false).unwrap();
        let mut stream = StreamOwned::new(*tls.expect("it came by TLS"), stream);
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
fn files_that_are_no_certificate_are_refused_by_name() {
    let signed = Signed::new();
    let open = |chain: &str, key: &str| {
        let files = CertificateFiles { chain: signed.path(chain), key: signed.path(key) };
        Tls::open(files, 0).expect_err("they are no good")
    };
    let missing = open("none.pem", "key.pem");
    assert!(matches!(missing, TlsError::Unreadable { .. }) && missing.to_string().contains("none.pem"), "{missing}");
    let exchanged = open("key.pem", "key.pem");
    assert!(
        matches!(exchanged, TlsError::Malformed { .. }) && exchanged.to_string().contains("key.pem"),
        "{exchanged}"
    );
    assert!(matches!(open("chain.pem", "chain.pem"), TlsError::Malformed { .. }), "a certificate is no key");
    signed.authority.certificate().write(&signed.path("other.pem"), &signed.path("other.key"));
    let mixed = open("chain.pem", "other.key");
    assert!(matches!(mixed, TlsError::Unfit { .. }), "the key of another certificate: {mixed}");
    std::fs::write(signed.path("large.pem"), vec![b'#'; 2 << 20]).unwrap();
    assert!(matches!(open("large.pem", "key.pem"), TlsError::Unreadable { .. }), "a file of any length");
}
