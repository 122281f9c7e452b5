//! Connections that ask for nothing take neither the journal's descriptors nor anybody's place.

use std::io::{Read, Write, read_to_string};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream};
use std::process::{Command, Stdio};

use hypogeum_testkit::Player;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use socket2::{Domain, Socket, Type};

use crate::files::{Readiness, until_readiness};
use crate::mute::MuteServer;
use crate::people::until_answered;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// So many that no usual limit of descriptors holds them.
const IDLE: usize = 3_100;

/// As many descriptors as the system allows: both ends of each connection are this machine's.
fn raise_own_limit() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit can be read");
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).expect("a limit can be raised");
    assert!(hard > IDLE as u64 + 512, "this test needs {IDLE} descriptors of its own, and {hard} are allowed");
}

/// A connection from this address of this machine.
fn connect_from(from: Ipv4Addr, to: SocketAddrV4) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket can be made");
    socket.bind(&SocketAddrV4::new(from, 0).into()).expect("the address is this machine's");
    socket.connect(&to.into()).expect("the server's port is open");
    socket.into()
}

fn port_of(url: &str) -> SocketAddrV4 {
    url.strip_prefix("http://").and_then(|address| address.parse().ok()).expect("a plain address")
}

/// Someone plays, and others may come, whatever else is connected.
fn play_goes_on(server: &MuteServer, player: &mut Player, newcomer: &str) {
    until_answered(player);
    until_readiness(&server.url, &Readiness::ready());
    until_answered(&mut Player::guest(&server.url, newcomer));
}

#[test]
fn thousands_of_idle_connections_cost_nobody_anything_with_few_descriptors() {
    raise_own_limit();
    let data = tempfile::tempdir().expect("a directory for the test");
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 1024 && exec \"$0\" serve", BINARY]);
    // So that the journal opens files all the time.
    let settings = [("HYPOGEUM_JOURNAL__SNAPSHOT_S", "1")];
    let server = MuteServer::run(&mut shell, data.path(), Stdio::null(), &settings);
    let mut ada = Player::guest(&server.url, "Ada");
    ada.queue("blitz");
    ada.bring(&[]);
    ada.until("the match", |player| player.own().is_some());
    let to = port_of(&server.url);
    let mut idle: Vec<TcpStream> = Vec::new();
    for number in 0..IDLE {
        idle.push(connect_from(Ipv4Addr::new(127, 0, 1, (number / 256) as u8 + 1), to));
        if number % 500 == 0 {
            play_goes_on(&server, &mut ada, &format!("Guest {number}"));
        }
    }
    play_goes_on(&server, &mut ada, "Grace");
    drop(idle);
    play_goes_on(&server, &mut ada, "Barbara");
    let ended = server.terminate();
    assert_eq!(ended.code(), Some(0), "it ends in order: {ended}");
}

#[test]
fn a_dozen_networks_that_connect_as_often_as_they_may_keep_nobody_out() {
    raise_own_limit();
    let data = tempfile::tempdir().expect("a directory for the test");
    let settings = [("HYPOGEUM_HTTP__TRUSTED_PROXIES", "[\"127.0.0.1\"]"), ("HYPOGEUM_HTTP__PROXY_PROTOCOL", "true")];
    let server = MuteServer::open(Command::new(BINARY).arg("serve"), data.path(), Stdio::null(), &settings);
    let to: SocketAddr = port_of(&server.url).into();
    let connect = |from: Ipv4Addr| {
        let mut stream = TcpStream::connect(to).expect("the server's port is open");
        write!(stream, "PROXY TCP4 {from} 192.0.2.1 40000 80\r\n").expect("the server reads");
        stream
    };
    let networks = (0..12_u8).flat_map(|network| (0..=255_u8).map(move |host| Ipv4Addr::new(203, 0, network, host)));
    let idle: Vec<TcpStream> = networks.map(connect).collect();
    for network in 100..104 {
        let mut stream = connect(Ipv4Addr::new(203, 0, network, 1));
        write!(stream, "GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("the server reads");
        let answer = read_to_string(stream).expect("the server answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "a stranger of another network is answered: {answer}");
    }
    for mut stream in idle {
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let ended = server.terminate();
    assert_eq!(ended.code(), Some(0), "it ends in order: {ended}");
}
