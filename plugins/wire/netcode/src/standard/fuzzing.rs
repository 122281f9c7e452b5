//! Fuzz targets that must see inside the standard: see [`crate::fuzzing`].

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::packet::REQUEST_BYTES;
use super::seal::{PacketKey, seal_token};
use super::token::{PrivateToken, generate};
use super::*;

const KEY: [u8; KEY_BYTES] = [11; KEY_BYTES];
const PROTOCOL: u64 = 77;
const NOW_UNIX_S: u64 = 1_000_000;
const EXPIRES_UNIX_S: u64 = NOW_UNIX_S + 30;
const NONCE: [u8; TOKEN_NONCE_BYTES] = [5; TOKEN_NONCE_BYTES];
/// Bytes of a token's private part before it is sealed.
const SECRET_BYTES: usize = PRIVATE_BYTES - TAG_BYTES;

fn server_address() -> SocketAddr {
    SocketAddr::from(([10, 0, 0, 1], 27_500))
}

fn address(number: u8) -> SocketAddr {
    SocketAddr::from(([127, 1, 0, number], 5_000))
}

fn server(clients_max: usize) -> Server {
    let config = ServerConfig {
        private_key: KEY,
        protocol_id: PROTOCOL,
        addresses: vec![server_address()],
        clients_max,
        handshakes_per_s_max: 10_000,
        handshakes_per_s_per_prefix_max: 10_000,
    };
    Server::new(config, Arc::new(Registry::new(clients_max)), Duration::ZERO, NOW_UNIX_S)
}

fn additional(expires_unix_s: u64) -> Vec<u8> {
    [&VERSION[..], &PROTOCOL.to_le_bytes(), &expires_unix_s.to_le_bytes()].concat()
}

/// A token's private part that says `secret`, sealed as a server expects it.
fn sealed_private(secret: &[u8]) -> [u8; PRIVATE_BYTES] {
    let mut text = [0; SECRET_BYTES];
    let length = secret.len().min(SECRET_BYTES);
    text[..length].copy_from_slice(&secret[..length]);
    let sealed = seal_token(&text, &NONCE, &KEY, &additional(EXPIRES_UNIX_S)).expect("it has the right length");
    sealed.try_into().expect("a tag makes it whole")
}

/// A connect token as its client reads it, and its private part as a server reads it: the same bytes serve as both.
pub fn connect_token(data: &[u8]) {
    if let Ok(token) = ConnectToken::read(data) {
        assert!((1..=ADDRESSES_MAX).contains(&token.addresses.len()), "it names servers");
        let mut client = Client::new(token).expect("whatever names a server makes a client");
        client
            .update(Duration::ZERO, &mut |_, bytes| assert_eq!(bytes.len(), REQUEST_BYTES, "a request has one length"));
    }
    if let Ok(token) = PrivateToken::read(data) {
        assert!((1..=ADDRESSES_MAX).contains(&token.addresses.len()), "it names servers");
    }
}

/// Cuts bytes into parts, each behind two bytes: what to do with it, and its length in steps of six.
fn parts(mut data: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let ([what, length], rest) = data.split_first_chunk::<2>()?;
        let (part, rest) = rest.split_at(rest.len().min(usize::from(*length) * 6));
        data = rest;
        Some((*what, part))
    })
}

/// Datagrams of strangers: raw, or requests whose private part is sealed by the right key, whatever it says.
pub fn netcode_strangers(data: &[u8]) {
    let mut server = server(2);
    let mut now = Duration::ZERO;
    for (what, part) in parts(data) {
        let from = address(what >> 4);
        let mut datagram = match what & 3 {
            0 | 1 => part.to_vec(),
            _ => {
                let expires = EXPIRES_UNIX_S.to_le_bytes();
                [&[0][..], VERSION, &PROTOCOL.to_le_bytes(), &expires, &NONCE, &sealed_private(part)].concat()
            }
        };
        let (received, mut sent) = (datagram.len(), 0);
        let _ = server.receive(from, &mut datagram, &mut |to, bytes| {
            assert_eq!(to.peer, from, "only who asked is answered");
            sent += bytes.len();
        });
        assert!(sent <= received, "nobody unproven gets more bytes than it sent: {sent} for {received}");
        assert_eq!(server.clients_count(), 0, "nobody who never saw a challenge is let in");
        now += Duration::from_millis(u64::from(what & 4) * 200);
        server.advance(now, NOW_UNIX_S + now.as_secs());
        server.sweep(&mut Vec::new(), &mut |_, _| panic!("a stranger is sent something unasked"));
        server.release_ended();
    }
}

/// A server and a client who have met.
struct Ends {
    server: Server,
    client: Client,
    key: ClientKey,
    /// What either seals with, so that the bytes can say what is inside.
    to_server: PacketKey,
    to_client: PacketKey,
}

impl Ends {
    fn met() -> Self {
        let grant = TokenGrant {
            client_id: 1,
            protocol_id: PROTOCOL,
            addresses: &[server_address()],
            timeout_s: 5,
            created_unix_s: NOW_UNIX_S,
            expires_unix_s: EXPIRES_UNIX_S,
            user_data: &[1; 256],
        };
        let token = ConnectToken::read(&generate(&grant, &KEY).expect("a fair grant")).expect("a token of ours");
        let (to_server, to_client) =
            (PacketKey::new(&token.client_to_server_key), PacketKey::new(&token.server_to_client_key));
        let (mut server, mut client) = (server(2), Client::new(token).expect("it names a server"));
        let mut key = None;
        for _ in 0..3 {
            let (mut up, mut down) = (Vec::new(), Vec::new());
            client.update(Duration::from_millis(1), &mut |_, bytes| up = bytes.to_vec());
            if let Received::Connected { client, .. } =
                server.receive(address(1), &mut up, &mut |_, bytes| down = bytes.to_vec())
            {
                key = Some(client);
            }
            let _ = client.receive(&mut down);
        }
        assert_eq!(client.state(), ClientState::Connected, "two fair ends meet");
        Self { server, client, key: key.expect("the server knows it"), to_server, to_client }
    }
}

/// Seals `text` as a datagram of any kind with any sequence. `shape` is its first byte.
fn sealed(shape: u8, sequence: u64, text: &[u8], key: &PacketKey) -> Vec<u8> {
    let sequence_bytes = usize::from(shape >> 4).min(8);
    let sequence = if sequence_bytes == 8 { sequence } else { sequence & ((1 << (8 * sequence_bytes)) - 1) };
    let additional = [&VERSION[..], &PROTOCOL.to_le_bytes(), &[shape]].concat();
    let mut body = [text, &[0; TAG_BYTES]].concat();
    assert!(key.seal(sequence, &additional, &mut body), "there is room for a tag");
    [&[shape][..], &sequence.to_le_bytes()[..sequence_bytes], &body].concat()
}

/// Datagrams between two ends who have met: raw ones, and ones the other end sealed, whatever is inside.
pub fn netcode_ends(data: &[u8]) {
    let Ends { mut server, mut client, key, to_server, to_client } = Ends::met();
    let mut now = Duration::ZERO;
    for (what, part) in parts(data) {
        // A sealed part says first what it pretends to be.
        let genuine = |key: &PacketKey| {
            let (head, text) = part.split_first_chunk::<3>()?;
            let [shape, low, high] = *head;
            Some(sealed(shape, u64::from(low) | u64::from(high) << 56, text, key))
        };
        match what & 7 {
            0 => drop(server.receive(address(1), &mut part.to_vec(), &mut |_, _| {})),
            1 => drop(client.receive(&mut part.to_vec())),
            2 | 3 => {
                let Some(mut datagram) = genuine(&to_server) else { continue };
                if let Received::Payload { client, bytes } = server.receive(address(1), &mut datagram, &mut |_, _| {}) {
                    assert_eq!(
                        (client, bytes),
                        (key, part.get(3..).unwrap_or_default()),
                        "a payload is what was sealed"
                    );
                }
            }
            4 | 5 => {
                let Some(mut datagram) = genuine(&to_client) else { continue };
                if let Ok(Some(bytes)) = client.receive(&mut datagram) {
                    assert_eq!(bytes, part.get(3..).unwrap_or_default(), "a payload is what was sealed");
                }
            }
            6 => {
                let mut datagram = Vec::new();
                if client.send_payload(part, &mut |_, bytes| datagram = bytes.to_vec()) {
                    assert!(datagram.len() <= DATAGRAM_BYTES_MAX, "it fits a datagram");
                    let _ = server.receive(address(1), &mut datagram, &mut |_, _| {});
                }
            }
            _ => {
                now += Duration::from_millis(u64::from(what >> 3) * 50);
                server.advance(now, NOW_UNIX_S + now.as_secs());
                server.sweep(&mut Vec::new(), &mut |_, bytes| assert!(bytes.len() <= DATAGRAM_BYTES_MAX, "it fits"));
                server.release_ended();
                client.update(Duration::from_millis(u64::from(what >> 3) * 50), &mut |_, _| {});
            }
        }
    }
    assert!(server.clients_count() <= 1, "nobody else was let in");
}
