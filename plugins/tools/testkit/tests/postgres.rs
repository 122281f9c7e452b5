//! A cluster does what a test will do to it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use hypogeum_testkit::postgres::TestPostgres;

/// Whether the server greets: the answer to a request for TLS is one byte.
fn greets(port: u16, patience: Duration) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    stream.set_read_timeout(Some(patience)).unwrap();
    let mut answer = [0];
    stream.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).is_ok() && stream.read_exact(&mut answer).is_ok()
}

#[test]
fn a_cluster_stops_starts_pauses_and_is_gone() {
    let server = TestPostgres::new();
    let (port, long, short) = (server.port(), Duration::from_secs(60), Duration::from_millis(50));
    assert_ne!(server.url(), server.url(), "each URL is another database");
    assert!(greets(port, long), "a new server greets");
    server.stop(true);
    assert!(!greets(port, long), "a stopped one does not");
    server.start();
    assert!(greets(port, long), "a started one does again");
    server.pause();
    assert!(!greets(port, short), "a paused one takes the connection and says nothing");
    server.resume();
    assert!(greets(port, long), "until it goes on");
    server.stop(false);
    server.start();
    drop(server);
    assert!(!greets(port, long), "dropped, it is gone");
}
