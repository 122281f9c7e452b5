//! A proxy between real sockets. Sleeps nowhere: every wait is for something that must come, and the limit on it only
//! turns a hang into a failure.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use hypogeum_link_conditioner::{Direction, Link, LinkConditions, Pushed, UdpProxy, UdpProxyCounters};

const SEED: u64 = 0x5EED;
/// Below what the system's usual receive buffer holds, so that only the proxy loses anything.
const BURST: u64 = 100;
const HANG: Duration = Duration::from_secs(20);
const FOREVER: Duration = Duration::from_secs(3_600);

fn conditions(text: &str) -> LinkConditions {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn socket() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("the loopback has ports");
    socket.set_read_timeout(Some(HANG)).expect("a timeout is set");
    socket
}

/// A server whose reading and answering is the test's, a proxy to it and a client of the proxy.
struct TestProxy {
    server: UdpSocket,
    proxy: UdpProxy,
    client: UdpSocket,
}

impl TestProxy {
    fn new(text: &str) -> Self {
        let (server, client) = (socket(), socket());
        let address = server.local_addr().expect("it is bound");
        let proxy = UdpProxy::start(address, conditions(text), SEED).expect("a proxy starts");
        client.connect(proxy.addr()).expect("the proxy has an address");
        Self { server, proxy, client }
    }

    fn say(&self, number: u64) {
        self.client.send(&number.to_le_bytes()).expect("the loopback takes it");
    }

    /// What the server hears next, and from where.
    fn heard(&self) -> (u64, SocketAddr) {
        let mut buffer = [0; 64];
        let (length, from) = self.server.recv_from(&mut buffer).expect("something comes");
        (number(&buffer[..length]), from)
    }

    /// What the client gets next.
    fn answered(&self) -> u64 {
        let mut buffer = [0; 64];
        let length = self.client.recv(&mut buffer).expect("an answer comes");
        number(&buffer[..length])
    }

    /// Waits until the proxy has done something.
    fn until(&self, what: &str, done: impl Fn(UdpProxyCounters) -> bool) -> UdpProxyCounters {
        let started = Instant::now();
        loop {
            let counters = self.proxy.counters();
            if done(counters) {
                return counters;
            }
            assert!(started.elapsed() < HANG, "{what} never came: {counters:?}");
            std::thread::yield_now();
        }
    }
}

fn number(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("numbers go to and fro"))
}

/// What lies in a socket, everything that was sent to it having been.
fn waiting(socket: &UdpSocket) -> Vec<u64> {
    let (mut buffer, mut found) = ([0; 64], Vec::new());
    socket.set_nonblocking(true).expect("sockets can");
    loop {
        match socket.recv(&mut buffer) {
            Ok(length) => found.push(number(&buffer[..length])),
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => panic!("the loopback fails: {error}"),
        }
    }
    socket.set_nonblocking(false).expect("sockets can");
    found
}

/// Which of the numbers from 0 a link lets through, in order, copies included.
fn foreseen(link: &mut Link, count: u64) -> Vec<u64> {
    let copies = |number| match link.push(Duration::ZERO, 0, &u64::to_le_bytes(number)) {
        Pushed::Once => 1,
        Pushed::Twice => 2,
        _ => 0,
    };
    (0..count)
        .zip((0..count).map(copies).collect::<Vec<_>>())
        .flat_map(|(number, copies)| vec![number; copies])
        .collect()
}

#[test]
fn the_seed_says_what_an_echo_through_the_proxy_loses() {
    let faults = "0ms,0ms,20%,burst=5%x3,dup=10%";
    let test = TestProxy::new(faults);
    let (mut up, mut down) = Link::pair(conditions(faults), SEED);
    let arriving = foreseen(&mut up, BURST);
    assert!(arriving.len() as u64 != BURST, "a seed under which nothing happens tests nothing");

    (0..BURST).for_each(|number| test.say(number));
    for (index, expected) in (0..).zip(&arriving) {
        let (heard, from) = test.heard();
        assert_eq!(heard, *expected, "the server hears what the seed lets through, in order, seed {SEED:#x}");
        test.server.send_to(&u64::to_le_bytes(index), from).expect("the loopback takes it");
    }
    let answers = foreseen(&mut down, arriving.len() as u64);
    for expected in &answers {
        assert_eq!(test.answered(), *expected, "so does the client, seed {SEED:#x}");
    }
    let counters = test.until("the last of both", |counters| {
        (counters.up.pushed, counters.down.pushed) == (BURST, arriving.len() as u64)
    });
    assert_eq!(counters.up, up.counters_when_drained(), "what is counted is what happened");
    assert_eq!(counters.down, down.counters_when_drained(), "both ways");
    assert_eq!((waiting(&test.server), waiting(&test.client)), (vec![], vec![]), "nothing else arrives");
}

trait Drained {
    fn counters_when_drained(&mut self) -> hypogeum_link_conditioner::LinkCounters;
}

impl Drained for Link {
    fn counters_when_drained(&mut self) -> hypogeum_link_conditioner::LinkCounters {
        while self.pop_due(Duration::MAX).is_some() {}
        self.counters()
    }
}

#[test]
fn a_delay_is_added_in_each_direction() {
    let test = TestProxy::new("30ms");
    let said = Instant::now();
    test.say(1);
    let (_, from) = test.heard();
    let heard = said.elapsed();
    test.server.send_to(&1_u64.to_le_bytes(), from).expect("the loopback takes it");
    assert_eq!(test.answered(), 1, "the answer comes");
    assert!(heard >= Duration::from_millis(30), "nothing is there before its time: {heard:?}");
    assert!(said.elapsed() >= Duration::from_millis(60), "the round trip takes both delays");
}

#[test]
fn overtaken_datagrams_arrive_all_the_same() {
    let test = TestProxy::new("20ms,10ms,0%,reorder=20%x15ms");
    (0..BURST).for_each(|number| test.say(number));
    let heard: Vec<u64> = (0..BURST).map(|_| test.heard().0).collect();
    let all: BTreeSet<u64> = heard.iter().copied().collect();
    assert_eq!(all.len() as u64, BURST, "each comes once, seed {SEED:#x}");
    assert!(!heard.is_sorted(), "not in the order they were sent, seed {SEED:#x}");
    assert!(test.proxy.counters().up.reordered > 0, "which is counted");
}

#[test]
fn clients_have_addresses_of_their_own_and_get_their_own_answers() {
    let test = TestProxy::new("0ms");
    let clients: Vec<UdpSocket> = (0..50).map(|_| socket()).collect();
    let mut seen = BTreeSet::new();
    for (index, client) in (0_u64..).zip(&clients) {
        client.send_to(&index.to_le_bytes(), test.proxy.addr()).expect("the loopback takes it");
        let (heard, from) = test.heard();
        assert_eq!(heard, index, "the server hears whom it should");
        assert!(seen.insert(from), "from an address nobody else has");
        test.server.send_to(&(index + 1_000).to_le_bytes(), from).expect("the loopback takes it");
    }
    for (index, client) in (0_u64..).zip(&clients) {
        let mut buffer = [0; 64];
        let (length, from) = client.recv_from(&mut buffer).expect("an answer comes");
        assert_eq!(number(&buffer[..length]), index + 1_000, "the answer is this client's");
        assert_eq!(from, test.proxy.addr(), "and comes from where it spoke to");
    }
    assert_eq!(test.proxy.counters().clients, 50, "all are counted");
}

#[test]
fn a_blackout_takes_everything_until_it_ends() {
    let test = TestProxy::new("0ms");
    test.say(1);
    let (_, server_side) = test.heard();
    test.proxy.blackout(FOREVER);
    test.say(2);
    test.server.send_to(&3_u64.to_le_bytes(), server_side).expect("the loopback takes it");
    test.until("both in the dark", |counters| counters.up.cut == 1 && counters.down.cut == 1);
    test.proxy.blackout(Duration::ZERO);
    test.say(4);
    assert_eq!(test.heard(), (4, server_side), "the next thing heard is what was said after, from the same address");
    test.server.send_to(&5_u64.to_le_bytes(), server_side).expect("the loopback takes it");
    assert_eq!(test.answered(), 5, "both ways");
}

#[test]
fn conditions_change_while_it_runs() {
    let test = TestProxy::new("0ms,0ms,100%");
    test.say(1);
    test.until("the loss", |counters| counters.up.lost == 1);
    test.proxy.set_conditions(LinkConditions::PERFECT);
    test.say(2);
    assert_eq!(test.heard().0, 2, "the link is perfect now");
}

#[test]
fn old_datagrams_are_sent_again_from_the_same_and_from_a_strange_address() {
    let test = TestProxy::new("0ms,0ms,0%");
    test.say(1);
    test.say(2);
    let (_, server_side) = test.heard();
    assert_eq!(test.heard(), (2, server_side), "both are heard once");
    test.server.send_to(&3_u64.to_le_bytes(), server_side).expect("the loopback takes it");
    assert_eq!(test.answered(), 3, "and answered");

    test.proxy.set_conditions(conditions("0ms,0ms,100%"));
    assert_eq!(test.proxy.replay_old(Direction::Up, 1), 1, "the oldest is sent again, whatever the link is like");
    assert_eq!(test.heard(), (1, server_side), "from where it first came");
    assert_eq!(test.proxy.replay_old(Direction::Down, 10), 1, "there is no more than one answer");
    assert_eq!(test.answered(), 3, "which the client gets again");
    assert_eq!(test.proxy.replay_old_as_stranger(10).expect("there are sockets"), 2, "both, by somebody else");
    let (first, stranger) = test.heard();
    assert_eq!((first, test.heard()), (1, (2, stranger)), "in order");
    assert_ne!(stranger, server_side, "from an address the server has not seen");
    assert_eq!(test.proxy.counters().replayed, 4, "all are counted");
}

#[test]
fn a_server_that_moves_is_found_again() {
    let mut test = TestProxy::new("0ms");
    test.say(1);
    let (_, server_side) = test.heard();
    // The first server's port is closed now: what is sent there comes back as an error, and must not harm what follows.
    test.server = socket();
    test.say(2);
    test.until("a word to nobody", |counters| counters.up.passed == 2);
    let address = test.server.local_addr().expect("it is bound");
    test.proxy.set_server(address).expect("it is on the same loopback");
    test.say(3);
    assert_eq!(test.heard(), (3, server_side), "the next word reaches the new server, from the same address");
    test.server.send_to(&4_u64.to_le_bytes(), server_side).expect("the loopback takes it");
    assert_eq!(test.answered(), 4, "and the answer comes back");
}

#[test]
fn a_proxy_that_is_dropped_gives_its_port_back() {
    let TestProxy { server, proxy, client } = TestProxy::new("10s");
    let address = proxy.addr();
    client.send(b"under way").expect("the loopback takes it");
    drop(proxy);
    let listener = UdpSocket::bind(address).expect("the port is free again");
    let again = UdpProxy::over(listener, server.local_addr().expect("it is bound"), LinkConditions::PERFECT, SEED)
        .expect("a proxy starts on a given socket");
    client.send(&7_u64.to_le_bytes()).expect("the loopback takes it");
    let mut buffer = [0; 64];
    let (length, _) = server.recv_from(&mut buffer).expect("something comes");
    assert_eq!(number(&buffer[..length]), 7, "what was under way is gone, what is new arrives");
    drop(again);
}
