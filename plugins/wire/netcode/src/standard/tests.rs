//! The two ends of the standard against each other, by hand and clock, without sockets.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::counters::DropReason;

const KEY: [u8; KEY_BYTES] = [11; KEY_BYTES];
const PROTOCOL: u64 = 77;
const NOW_UNIX_S: u64 = 1_000_000;
const STEP: Duration = Duration::from_millis(50);

fn server_address() -> SocketAddr {
    "10.0.0.1:27500".parse().unwrap()
}

fn client_address(number: usize) -> SocketAddr {
    SocketAddr::from(([127, 1, (number >> 8) as u8, number as u8], 5_000))
}

struct Given {
    client_id: u64,
    key: [u8; KEY_BYTES],
    protocol_id: u64,
    address: SocketAddr,
    expires_unix_s: u64,
}

impl Default for Given {
    fn default() -> Self {
        let expires_unix_s = NOW_UNIX_S + 30;
        Self { client_id: 1, key: KEY, protocol_id: PROTOCOL, address: server_address(), expires_unix_s }
    }
}

fn client(given: Given) -> Client {
    let grant = TokenGrant {
        client_id: given.client_id,
        protocol_id: given.protocol_id,
        addresses: &[given.address],
        timeout_s: 5,
        created_unix_s: NOW_UNIX_S,
        expires_unix_s: given.expires_unix_s,
        user_data: &[given.client_id as u8; 256],
    };
    let token = generate(&grant, &given.key).expect("the grant is valid");
    Client::new(ConnectToken::read(&token).expect("our token reads")).expect("it names a server")
}

/// A server with its clock and what it said last.
struct TestServer {
    server: Server,
    now: Duration,
    sent: Vec<(SocketAddr, Vec<u8>)>,
}

impl TestServer {
    fn new(clients_max: usize) -> Self {
        let config = ServerConfig {
            private_key: KEY,
            protocol_id: PROTOCOL,
            addresses: vec![server_address()],
            clients_max,
            handshakes_per_s_max: 10_000,
            handshakes_per_s_per_prefix_max: 2_500,
        };
        let registry = Arc::new(Registry::new(clients_max));
        let server = Server::new(config, registry, Duration::ZERO, NOW_UNIX_S);
        Self { server, now: Duration::ZERO, sent: Vec::new() }
    }

    fn advance(&mut self, by: Duration) -> Vec<ClientKey> {
        self.now += by;
        self.server.advance(self.now, NOW_UNIX_S + self.now.as_secs());
        let mut timed_out = Vec::new();
        self.server.sweep(&mut timed_out, &mut |to, bytes| self.sent.push((to.peer, bytes.to_vec())));
        timed_out
    }

    fn give(&mut self, from: SocketAddr, datagram: &[u8]) -> Option<ClientKey> {
        self.server.release_ended();
        match self
            .server
            .receive(from, &mut datagram.to_vec(), &mut |to, bytes| self.sent.push((to.peer, bytes.to_vec())))
        {
            Received::Connected { client, .. } => Some(client),
            _ => None,
        }
    }

    /// Lets client and server talk for `steps` of [`STEP`]; returns the connection if one was opened.
    fn talk(&mut self, client: &mut Client, from: SocketAddr, steps: usize) -> Option<ClientKey> {
        let mut opened = None;
        for _ in 0..steps {
            let mut datagrams = Vec::new();
            client.update(STEP, &mut |_, bytes| datagrams.push(bytes.to_vec()));
            for datagram in datagrams {
                opened = self.give(from, &datagram).or(opened);
            }
            self.advance(STEP);
            for (_, mut datagram) in self.sent.extract_if(.., |(to, _)| *to == from).collect::<Vec<_>>() {
                let _ = client.receive(&mut datagram);
            }
        }
        opened
    }

    fn dropped(&self, reason: DropReason) -> u64 {
        self.server.tally.dropped(reason)
    }
}

fn first_request(client: &mut Client) -> Vec<u8> {
    let mut request = Vec::new();
    client.update(Duration::ZERO, &mut |_, bytes| request = bytes.to_vec());
    request
}

#[test]
fn a_handshake_connects_both_ends_and_payloads_flow() {
    let mut test = TestServer::new(4);
    let mut client = client(Given::default());
    let key = test.talk(&mut client, client_address(1), 10).expect("the server accepts a good token");
    assert_eq!(client.state(), ClientState::Connected, "the client hears of it");
    let mut down = Vec::new();
    assert!(test.server.send_payload(key, b"down", &mut |_, bytes| down = bytes.to_vec()), "the client is there");
    assert_eq!(client.receive(&mut down), Ok(Some(&b"down"[..])), "what the server sends arrives");
    let mut up = Vec::new();
    assert!(client.send_payload(b"up", &mut |_, bytes| up = bytes.to_vec()), "the server is there");
    let copy = up.clone();
    match test.server.receive(client_address(1), &mut up, &mut |_, _| {}) {
        Received::Payload { client, bytes } => assert_eq!((client, bytes), (key, &b"up"[..]), "and the other way"),
        other => panic!("a payload should come of it, not {other:?}"),
    }
    test.give(client_address(1), &copy);
    assert_eq!(test.dropped(DropReason::Replayed), 1, "the same datagram again is a replay");
}

#[test]
fn a_token_that_is_not_for_this_server_now_is_refused() {
    let elsewhere = "10.0.0.2:27500".parse().unwrap();
    for (given, reason) in [
        (Given { key: [12; KEY_BYTES], ..Given::default() }, DropReason::TokenForged),
        (Given { protocol_id: 78, ..Given::default() }, DropReason::WrongProtocol),
        (Given { address: elsewhere, ..Given::default() }, DropReason::TokenElsewhere),
        (Given { expires_unix_s: NOW_UNIX_S, ..Given::default() }, DropReason::TokenExpired),
    ] {
        let mut test = TestServer::new(4);
        let request = {
            let mut client = client(Given { expires_unix_s: NOW_UNIX_S + 9, ..given });
            let mut request = first_request(&mut client);
            if reason == DropReason::TokenExpired {
                request[22..30].copy_from_slice(&NOW_UNIX_S.to_le_bytes());
            }
            request
        };
        test.give(client_address(1), &request);
        assert_eq!(test.dropped(reason), 1, "the drop is counted as {}", reason.label());
        assert!(test.sent.is_empty(), "and nobody answers");
    }
}

#[test]
fn a_token_is_tied_to_one_address_and_one_connection() {
    let mut test = TestServer::new(4);
    let mut honest = client(Given::default());
    let request = first_request(&mut honest);
    test.give(client_address(1), &request);
    test.give(client_address(2), &request);
    assert_eq!(test.dropped(DropReason::TokenReused), 1, "another address cannot show the same token");
    let key = test.talk(&mut honest, client_address(1), 10).expect("the first address connects");
    test.give(client_address(1), &request);
    assert_eq!(test.dropped(DropReason::AlreadyConnected), 1, "a late copy means nothing while connected");
    test.server.disconnect(key, &mut |_, _| {});
    test.give(client_address(1), &request);
    assert_eq!(test.dropped(DropReason::TokenReused), 2, "a token that opened a connection opens no second one");
}

#[test]
fn the_same_client_id_is_ignored_while_connected() {
    let mut test = TestServer::new(4);
    let first = test.talk(&mut client(Given::default()), client_address(1), 10).expect("the first one connects");
    let mut second = client(Given::default());
    assert!(test.talk(&mut second, client_address(2), 10).is_none(), "the second one waits");
    assert!(test.dropped(DropReason::AlreadyConnected) > 0, "its requests are counted");
    test.server.disconnect(first, &mut |_, _| {});
    assert!(test.talk(&mut second, client_address(2), 10).is_some(), "once the first is gone it gets in");
}

#[test]
fn a_full_server_denies_and_has_room_again_after_a_goodbye() {
    let mut test = TestServer::new(1);
    let mut first = client(Given::default());
    test.talk(&mut first, client_address(1), 10).expect("there is one place");
    let mut second = client(Given { client_id: 2, ..Given::default() });
    assert!(test.talk(&mut second, client_address(2), 10).is_none(), "there is no second one");
    assert_eq!(second.state(), ClientState::Ended(Ended::Denied), "and the client knows why");
    let mut goodbye = Vec::new();
    first.disconnect(&mut |_, bytes| goodbye.push(bytes.to_vec()));
    for datagram in goodbye {
        test.give(client_address(1), &datagram);
    }
    assert_eq!(test.server.clients_count(), 0, "the goodbye frees the place");
    let mut third = client(Given { client_id: 3, ..Given::default() });
    assert!(test.talk(&mut third, client_address(3), 10).is_some(), "so the next one gets in");
}

#[test]
fn silence_ends_a_connection_at_both_ends() {
    let mut test = TestServer::new(4);
    let mut client = client(Given::default());
    let key = test.talk(&mut client, client_address(1), 10).expect("it connects");
    assert!(test.advance(Duration::from_millis(4_500)).is_empty(), "under five seconds are within the token's timeout");
    assert_eq!(test.advance(Duration::from_secs(1)), [key], "more are not");
    client.update(Duration::from_secs(6), &mut |_, _| {});
    assert_eq!(client.state(), ClientState::Ended(Ended::TimedOut), "the client gives up too");
}

#[test]
fn a_client_that_missed_its_keep_alive_is_told_again() {
    let mut test = TestServer::new(4);
    let mut client = client(Given::default());
    let request = first_request(&mut client);
    test.give(client_address(1), &request);
    client.receive(&mut test.sent.remove(0).1).expect("the challenge is genuine");
    let mut response = Vec::new();
    client.update(STEP, &mut |_, bytes| response = bytes.to_vec());
    test.give(client_address(1), &response).expect("the response completes the handshake");
    test.sent.clear();
    test.give(client_address(1), &response);
    client.receive(&mut test.sent.remove(0).1).expect("the second keep-alive is genuine");
    assert_eq!(client.state(), ClientState::Connected, "a repeated response is answered");
}

#[test]
fn a_client_whose_server_never_answers_tries_the_next_and_gives_up() {
    let other = "10.0.0.2:27500".parse().unwrap();
    let grant = TokenGrant {
        client_id: 1,
        protocol_id: PROTOCOL,
        addresses: &[other, server_address()],
        timeout_s: 5,
        created_unix_s: NOW_UNIX_S,
        expires_unix_s: NOW_UNIX_S + 30,
        user_data: &[0; 256],
    };
    let token = ConnectToken::read(&generate(&grant, &KEY).unwrap()).unwrap();
    let mut client = Client::new(token).unwrap();
    client.update(Duration::from_millis(5_001), &mut |_, _| {});
    assert_eq!(client.server_address(), server_address(), "the second address is tried");
    client.update(Duration::from_millis(5_001), &mut |_, _| {});
    assert_eq!(client.state(), ClientState::Ended(Ended::Unanswered), "then there is none left");
}

#[test]
fn an_address_that_never_answered_gets_fewer_bytes_than_it_sent() {
    let mut test = TestServer::new(4);
    let request = first_request(&mut client(Given::default()));
    for _ in 0..20 {
        test.give(client_address(1), &request);
        test.advance(STEP);
    }
    let sent_bytes: usize = test.sent.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(sent_bytes > 0, "the requests were answered");
    assert!(sent_bytes < 20 * request.len(), "with fewer bytes than they had: {sent_bytes}");
    test.sent.clear();
    test.advance(Duration::from_secs(60));
    assert!(test.sent.is_empty(), "nothing is sent unasked");
}

#[test]
fn a_flood_of_handshakes_is_cut_to_its_budget() {
    let mut test = TestServer::new(4);
    test.server.handshakes = handshake_budget::HandshakeBudget::new(3, 3, Duration::ZERO);
    for number in 0..10 {
        let request = first_request(&mut client(Given { client_id: number + 1, ..Given::default() }));
        test.give(client_address(number as usize), &request);
    }
    assert_eq!(test.dropped(DropReason::HandshakesBusy), 7, "seven of ten are over a budget of three");
}

#[test]
fn three_thousand_clients_share_one_server() {
    let mut test = TestServer::new(3_000);
    for number in 0..3_000 {
        let mut client = client(Given { client_id: number as u64 + 1, ..Given::default() });
        let request = first_request(&mut client);
        test.give(client_address(number), &request);
        client.receive(&mut test.sent.pop().expect("a challenge comes").1).expect("it is genuine");
        let mut response = Vec::new();
        client.update(STEP, &mut |_, bytes| response = bytes.to_vec());
        test.give(client_address(number), &response).expect("the client is let in");
        client.receive(&mut test.sent.pop().expect("a keep-alive comes").1).expect("it is genuine");
        assert_eq!(client.state(), ClientState::Connected, "client {number} is connected");
    }
    assert_eq!(test.server.clients_count(), 3_000, "there is no cap at 1,024");
    test.advance(KEEP_ALIVE_DUE);
    assert_eq!(test.sent.len(), 3_000, "each of them is kept alive");
}

/// More than a tenth of the tokens' five seconds.
const KEEP_ALIVE_DUE: Duration = Duration::from_millis(501);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_address_gets_more_bytes_than_it_sent_before_it_answered(
        acts in prop::collection::vec((0_usize..6, 0_u8..8, any::<u64>()), 1..120),
    ) {
        // Two of three places are taken soon, so that denials are among the answers.
        let mut test = TestServer::new(3);
        let mut strangers: Vec<Client> =
            (0..6).map(|number| client(Given { client_id: number + 1, ..Given::default() })).collect();
        let mut requests: Vec<Vec<u8>> = strangers.iter_mut().map(first_request).collect();
        // The last one shows a token of another key.
        requests[5] = first_request(&mut client(Given { key: [12; KEY_BYTES], ..Given::default() }));
        let (mut received, mut sent) = ([0_usize; 6], [0_usize; 6]);
        let mut verified = [false; 6];
        for (who, act, noise) in acts {
            let from = client_address(who);
            let datagrams = match act {
                0..=2 => vec![requests[who].clone()],
                3 => vec![requests[(who + 1) % 6].clone()],
                4 => vec![noise.to_le_bytes().to_vec()],
                5 => vec![vec![noise as u8; noise as usize % 1_400 + 1]],
                6 => {
                    let mut datagrams = Vec::new();
                    strangers[who].update(STEP * 3, &mut |_, bytes| datagrams.push(bytes.to_vec()));
                    datagrams
                }
                _ => {
                    test.advance(Duration::from_millis(noise % 500));
                    Vec::new()
                }
            };
            for datagram in datagrams {
                received[who] += datagram.len();
                verified[who] |= test.give(from, &datagram).is_some();
            }
            for (to, mut datagram) in std::mem::take(&mut test.sent) {
                let whom = (0..6).find(|number| client_address(*number) == to).expect("nobody else is there");
                sent[whom] += datagram.len();
                prop_assert!(verified[whom] || sent[whom] <= received[whom], "{whom}: {} for {}", sent[whom], received[whom]);
                let _ = strangers[whom].receive(&mut datagram);
            }
        }
    }

    #[test]
    fn random_datagrams_from_anyone_disturb_nobody(
        datagrams in prop::collection::vec((0_usize..3, any::<u8>(), prop::collection::vec(any::<u8>(), 0..1_500)), 1..40),
    ) {
        let mut test = TestServer::new(4);
        let mut honest = client(Given::default());
        let key = test.talk(&mut honest, client_address(1), 10).expect("it connects");
        // Address 2 is in the middle of a handshake, address 0 is unknown.
        let request = first_request(&mut client(Given { client_id: 2, ..Given::default() }));
        test.give(client_address(2), &request);
        let count = datagrams.len() as u64;
        for (from, prefix, mut datagram) in datagrams {
            if let Some(first) = datagram.first_mut() { *first = prefix; }
            test.give(client_address(from), &datagram);
        }
        prop_assert_eq!(test.server.tally.dropped_in_all(), count, "each of them is counted");
        let still_here = test.server.send_payload(key, b"still here", &mut |_, _| {});
        prop_assert!(still_here, "the honest client is still connected");
    }
}
