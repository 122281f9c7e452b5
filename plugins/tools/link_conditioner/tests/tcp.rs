//! A proxy between the ends of real connections.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use hypogeum_link_conditioner::{Direction, TcpProxy};

const SEED: u64 = 0x5EED;
/// Limits what would be a hang; nothing is measured by it.
const HANG: Duration = Duration::from_secs(20);

/// A server that says back what it hears, to each client until it leaves; what it heard comes out at the end.
fn echo(clients: usize) -> (SocketAddr, JoinHandle<Vec<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let serving = std::thread::spawn(move || {
        let serve = |mut stream: TcpStream| {
            let (mut heard, mut buffer) = (Vec::new(), [0; 256]);
            while let Ok(length @ 1..) = stream.read(&mut buffer) {
                heard.extend_from_slice(&buffer[..length]);
                if stream.write_all(&buffer[..length]).is_err() {
                    break;
                }
            }
            heard
        };
        let streams = listener.incoming().take(clients).map(Result::unwrap);
        let threads: Vec<_> = streams.map(|stream| std::thread::spawn(move || serve(stream))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    (addr, serving)
}

fn connect(proxy: &TcpProxy) -> TcpStream {
    let stream = TcpStream::connect(proxy.addr()).unwrap();
    stream.set_read_timeout(Some(HANG)).unwrap();
    stream
}

/// Says something and returns what comes back before the connection ends or is as long.
fn said_back(stream: &mut TcpStream, text: &[u8]) -> Vec<u8> {
    let mut answer = vec![0; text.len()];
    let mut length = 0;
    if stream.write_all(text).is_ok() {
        while length < answer.len() {
            match stream.read(&mut answer[length..]) {
                Ok(0) => break,
                Ok(more) => length += more,
                Err(error) => {
                    assert_ne!(error.kind(), ErrorKind::WouldBlock, "nothing came");
                    break;
                }
            }
        }
    }
    answer.truncate(length);
    answer
}

#[test]
fn what_is_said_passes_and_takes_as_long_as_it_shall() {
    let (server, serving) = echo(1);
    let proxy = TcpProxy::start(server, SEED).unwrap();
    let mut client = connect(&proxy);
    assert_eq!(said_back(&mut client, b"hello"), b"hello", "it comes back");
    let delay = Duration::from_millis(30);
    proxy.delay(delay);
    let began = Instant::now();
    assert_eq!(said_back(&mut client, b"slow"), b"slow", "slower, but it comes");
    assert!(began.elapsed() >= 2 * delay, "each way takes that long");
    let counters = proxy.counters();
    assert_eq!((counters.bytes_up, counters.bytes_down, counters.cuts), (9, 9, 0), "all of it was counted");
    drop(client);
    assert_eq!(serving.join().unwrap(), [b"helloslow"], "the server heard everything");
}

#[test]
fn nothing_passes_a_stall_until_it_ends() {
    let (server, serving) = echo(1);
    let proxy = TcpProxy::start(server, SEED).unwrap();
    let mut client = connect(&proxy);
    assert_eq!(said_back(&mut client, b"1"), b"1", "it passes");
    proxy.stall();
    client.write_all(b"2").unwrap();
    client.set_read_timeout(Some(Duration::from_millis(30))).unwrap();
    let mut byte = [0];
    let error = client.read(&mut byte).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "silence, no end: {error}");
    proxy.resume();
    client.set_read_timeout(Some(HANG)).unwrap();
    client.read_exact(&mut byte).unwrap();
    assert_eq!(&byte, b"2", "what was held up comes");
    drop(client);
    serving.join().unwrap();
}

#[test]
fn a_cut_ends_what_there_is_and_nothing_after_it() {
    let (server, serving) = echo(2);
    let proxy = TcpProxy::start(server, SEED).unwrap();
    let mut first = connect(&proxy);
    assert_eq!(said_back(&mut first, b"1"), b"1", "it passes");
    proxy.cut();
    assert_eq!(said_back(&mut first, b"2"), b"", "it is cut");
    proxy.refuse(true);
    assert_eq!(said_back(&mut connect(&proxy), b"3"), b"", "nobody is let in");
    proxy.refuse(false);
    let mut second = connect(&proxy);
    assert_eq!(said_back(&mut second, b"4"), b"4", "then somebody is");
    drop(second);
    assert_eq!(serving.join().unwrap(), [b"1", b"4"], "the server heard those two");
    assert_eq!(proxy.counters().cuts, 1, "one was cut");
}

#[test]
fn so_many_bytes_pass_and_no_more() {
    for (direction, heard, answer) in
        [(Direction::Up, &b"abcde"[..], &b""[..]), (Direction::Down, b"abcdefgh", b"abcde")]
    {
        let (server, serving) = echo(1);
        let proxy = TcpProxy::start(server, SEED).unwrap();
        proxy.cut_after(direction, 5);
        let mut client = connect(&proxy);
        let answered = said_back(&mut client, b"abcdefgh");
        assert!(answer.starts_with(&answered) || answered == answer, "{direction:?}: {answered:?} came back");
        assert_eq!(serving.join().unwrap(), [heard], "{direction:?}: so much arrived");
    }
}

#[test]
fn a_word_is_cut_at_every_place_around_it_and_the_same_for_the_same_seed() {
    let once = |seed| {
        let (server, serving) = echo(1);
        let proxy = TcpProxy::start(server, seed).unwrap();
        proxy.cut_around(b"COMMIT");
        let mut client = connect(&proxy);
        assert_eq!(said_back(&mut client, b"before "), b"before ", "what comes before it passes");
        let _ = said_back(&mut client, b"the COMMIT and after it a good deal more than may pass: 0123456789");
        drop(client);
        serving.join().unwrap().remove(0).len() - "before ".len()
    };
    let places: Vec<usize> = (0..40).map(once).collect();
    let within = places.iter().filter(|place| (4..=10).contains(*place)).count();
    assert!(places.iter().all(|place| *place >= 4), "what comes before the word always passes: {places:?}");
    assert!((5..36).contains(&within), "sometimes the word does, sometimes not: {places:?}");
    assert_eq!(places[..5], (0..5).map(once).collect::<Vec<_>>(), "the same seed cuts at the same place");
}
