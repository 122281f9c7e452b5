//! Sockets of people who are logged in and do nothing: what they take of a core and of memory, on the real binary.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use hypogeum_client::{Api, SocketConnection, Wire, WireState};
use hypogeum_protocol::{ServerMessage, codec};
use socket2::{Domain, Protocol, Socket, Type};

use crate::process::{cpu_s, raise_descriptors, resident_kb};
use crate::swarm::{OurPlayer, Player, Swarm, ending};
use crate::{limited, start};

/// Sockets that are wanted, and the memory and core they may take.
const SOCKETS: usize = 20_000;
const SOCKET_KB_MAX: f64 = 24.0;
/// Files that a server has beside its sockets: HTTP's 4,096 above all.
const OTHER_FILES: usize = 4_500;
/// Processes of clients. Each has an address of loopback of its own, so that ports last.
const PROCESSES: usize = 4;
/// Threads of each that log people in.
const LOGIN_THREADS: usize = 8;
/// How often a client is listened to.
const FRAME: Duration = Duration::from_millis(50);
/// Sockets that a process opens in each frame.
const CONNECTS_PER_FRAME: usize = 32;
/// What people do who came in may still be going on for so long.
const SETTLING: Duration = Duration::from_secs(3);
/// The longest all may take to come in.
const PATIENCE: Duration = Duration::from_secs(300);

/// Opens as many sockets as the limits of this machine allow, and watches the server for so long.
pub(crate) fn measure(wanted: Option<usize>, watched: Duration) {
    // A server keeps a file for a match of every eight who may come in.
    let count = wanted.unwrap_or(SOCKETS).min(raise_descriptors().saturating_sub(OTHER_FILES) / 9 * 8);
    let folder = tempfile::tempdir().expect("a folder");
    let sockets_max = (count + 64).to_string();
    let sockets_max = sockets_max.as_str();
    let settings =
        [("HYPOGEUM_WEBSOCKET__CONNECTIONS_MAX", sockets_max), ("HYPOGEUM_UDP__CONNECTIONS_MAX", sockets_max)];
    let server = start(folder.path(), &settings);
    let before_kb = resident_kb(server.process());
    let began = Instant::now();
    let share = count.div_ceil(PROCESSES);
    let mut clients: Vec<Swarm> = (0..PROCESSES)
        .map(|number| {
            let (first, count) = (number * share, share.min(count - number * share));
            let numbers = [number, first, count].map(|number| number.to_string());
            let mut words = vec!["--idle".to_owned(), server.url.clone()];
            words.extend(numbers);
            Swarm::of(&words)
        })
        .collect();
    let welcome: u64 = clients.iter_mut().map(|clients| clients.numbers()[0]).sum();
    println!("{welcome} of {count} sockets are open and welcome after {:.1} s", began.elapsed().as_secs_f64());
    std::thread::sleep(SETTLING);
    let used = cpu_s(server.process());
    std::thread::sleep(watched);
    let percent = (cpu_s(server.process()) - used) / watched.as_secs_f64() * 100.0;
    let each_kb = (resident_kb(server.process()) - before_kb) / welcome as f64;
    let open: u64 = clients.into_iter().map(|clients| clients.end_with_numbers()[0]).sum();
    assert_eq!(open, welcome, "nobody was lost meanwhile");
    println!("the server takes {percent:.1} % of a core meanwhile, its ticks included");
    limited("websocket_idle_sockets", count, open as f64, SOCKETS as f64);
    limited("websocket_kb_per_socket", count, each_kb, SOCKET_KB_MAX);
    let _ = server.terminate();
}

/// The clients' process: `arguments` are the server's URL, the process's number, and the first and the number of its clients.
pub(crate) fn run(arguments: &[String]) {
    let [url, numbers @ ..] = arguments else { panic!("idle clients need a server") };
    let number = |at: usize| numbers[at].parse::<usize>().expect("a number");
    let (process, first, count) = (number(0), number(1), number(2));
    raise_descriptors();
    let ended = ending();
    let source = Ipv4Addr::new(127, 0, 0, 2 + process as u8);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (out, logins) = channel();
        for _ in 0..LOGIN_THREADS.min(count) {
            let (out, next, url) = (out.clone(), &next, url.as_str());
            scope.spawn(move || {
                let api = Api::new(url).expect("the server's URL is good");
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        return;
                    }
                    let login = api.guest(&format!("Idler{}", first + index)).expect("guests are let in");
                    let connection = api.socket_connection(&login, None).expect("an address is known");
                    out.send(connection).expect("somebody connects");
                }
            });
        }
        drop(out);
        let began = Instant::now();
        let (mut players, mut welcome, mut is_told) = (Vec::<OurPlayer>::new(), 0, false);
        while !ended.load(Ordering::Relaxed) {
            assert!(is_told || began.elapsed() < PATIENCE, "{welcome} of {count} are welcome");
            // A few in each frame: HTTP keeps only so many connections waiting for their first request, which a frame sends.
            for connection in logins.try_iter().take(CONNECTS_PER_FRAME) {
                players.push(connect(source, connection));
            }
            for player in &mut players {
                player.update(FRAME, &mut |_| {});
                while let Some(message) = player.wire.receive() {
                    let message = codec::decode_server(&message).expect("a message of the protocol");
                    welcome += usize::from(matches!(message, ServerMessage::Welcome { .. }));
                }
            }
            if welcome == count && !std::mem::replace(&mut is_told, true) {
                println!("{welcome}");
            }
            std::thread::sleep(FRAME);
        }
        println!("{}", players.iter().filter(|player| player.wire.state() == WireState::Open).count());
    });
}

/// A client that comes from this address of loopback.
fn connect(source: Ipv4Addr, connection: SocketConnection) -> OurPlayer {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP)).expect("a socket");
    socket.bind(&SocketAddr::from((source, 0)).into()).expect("a free port");
    socket.connect(&connection.address.into()).expect("it listens");
    let stream = TcpStream::from(socket);
    stream.set_nodelay(true).and_then(|()| stream.set_nonblocking(true)).expect("a socket need not block");
    OurPlayer::over(stream, connection)
}
