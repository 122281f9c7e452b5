//! Reads over HTTP by people who are logged in, on connections that stay open: how many a second of a core of the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use hypogeum_client::{Api, Login};

use crate::process::cpu_s;
use crate::{limited, start};

/// Connections, each of somebody else.
const CONNECTIONS: usize = 32;
const READS_PER_CORE_S_MIN: f64 = 5_000.0;
/// What is read: something of one's own, which the database knows, and something that is the same for all.
const OWN: &str = "/v1/characters";
const CONSTANT: &str = "/v1/creature-types";

/// Reads for so long, each of the two.
pub(crate) fn measure(read: Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path(), &[]);
    let api = Api::new(&server.url).expect("the server's URL is good");
    let logins: Vec<Login> = (0..CONNECTIONS)
        .map(|number| {
            let login = api.guest(&format!("Reader{number}")).expect("guests are let in");
            api.create_character(&login, &format!("Reader{number}")).expect("an account can have a character");
            login
        })
        .collect();
    let host = server.url.strip_prefix("http://").expect("plain HTTP");
    for path in [CONSTANT, OWN] {
        let (began, used) = (Instant::now(), cpu_s(server.process()));
        let reads: usize = std::thread::scope(|scope| {
            let reading = logins.iter().map(|login| scope.spawn(|| reads_of(host, path, login, began + read)));
            let reading: Vec<_> = reading.collect();
            reading.into_iter().map(|one| one.join().expect("it reads")).sum()
        });
        let (took, used) = (began.elapsed().as_secs_f64(), cpu_s(server.process()) - used);
        let per_core = reads as f64 / used;
        println!("{reads} of {path}: {:.0} a second, {per_core:.0} for a second of a core", reads as f64 / took);
        if path == OWN {
            limited("rest_reads_per_s", CONNECTIONS, per_core, READS_PER_CORE_S_MIN);
        }
    }
    let _ = server.terminate();
}

/// Reads as fast as it is answered; how often.
fn reads_of(host: &str, path: &str, login: &Login, until: Instant) -> usize {
    let mut stream = TcpStream::connect(host).expect("it listens");
    stream.set_nodelay(true).expect("a socket can be told");
    let mut reader = BufReader::new(stream.try_clone().expect("another handle"));
    let token = &login.access_token;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\r\n");
    let (mut count, mut line, mut body) = (0, String::new(), Vec::new());
    while Instant::now() < until {
        stream.write_all(request.as_bytes()).expect("it is asked");
        let mut length = 0;
        line.clear();
        reader.read_line(&mut line).expect("it answers");
        assert!(line.starts_with("HTTP/1.1 200"), "{path}: {line}");
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).expect("it answers");
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().expect("a number");
            }
        }
        assert!(length > 0, "an answer says how long it is");
        body.resize(length, 0);
        reader.read_exact(&mut body).expect("it is whole");
        count += 1;
    }
    count
}
