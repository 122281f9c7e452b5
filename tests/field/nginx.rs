//! A real proxy before a server, and callers of many addresses.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use socket2::{Domain, Socket, Type};
use tempfile::TempDir;

use crate::files::PATIENCE;

/// An address of loopback, all of which are this machine's: the proxy is at `.1`, others are strangers.
pub(crate) const fn loopback(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, last)
}

/// An nginx that forwards to one server and names its callers, as its documentation has it.
pub(crate) struct Nginx {
    child: Child,
    _dir: TempDir,
    pub(crate) address: SocketAddr,
}

impl Nginx {
    /// Before the server at `url`.
    pub(crate) fn before(url: &str) -> Self {
        let began = Instant::now();
        loop {
            // Somebody else may take the port before nginx does; then it ends, and another is tried.
            let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
            if let Some(nginx) = Self::on(SocketAddr::new(loopback(1).into(), port), url) {
                return nginx;
            }
            assert!(began.elapsed() < PATIENCE, "nginx does not start");
        }
    }

    fn on(address: SocketAddr, url: &str) -> Option<Self> {
        let dir = tempfile::tempdir().expect("a directory for nginx");
        let at = dir.path().display();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {at}/{kind};"))
            .join(" ");
        let config = format!(
            "daemon off; master_process off; pid {at}/pid; error_log stderr; events {{ worker_connections 512; }}
             http {{ access_log off; {temporary} server {{ listen {address}; location / {{ proxy_pass {url};
             proxy_http_version 1.1; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }} }} }}"
        );
        let path = dir.path().join("nginx.conf");
        fs::write(&path, config).expect("its configuration can be written");
        let child = Command::new("nginx").arg("-e").arg("stderr").arg("-c").arg(&path).stdin(Stdio::null()).spawn();
        let mut child = child.expect("nginx can be run (Debian: nginx-light)");
        let began = Instant::now();
        while child.try_wait().expect("it can be asked").is_none() {
            if TcpStream::connect(address).is_ok() {
                return Some(Self { child, _dir: dir, address });
            }
            assert!(began.elapsed() < PATIENCE, "nginx does not listen");
            thread::sleep(Duration::from_millis(10));
        }
        None
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address in a server's URL.
pub(crate) fn address_of(url: &str) -> SocketAddr {
    url.trim_start_matches("http://").parse().expect("a URL of an address")
}

/// Posts JSON from one address to another; `first` goes before the request, `headers` are more lines of its head. What is
/// answered, or nothing where the connection is closed.
pub(crate) fn post(
    (from, to): (Ipv4Addr, SocketAddr),
    (first, headers): (&[u8], &str),
    path: &str,
    body: &Value,
) -> Option<(u16, Value)> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::new(from.into(), 0).into()).expect("loopback has this address");
    socket.connect(&to.into()).expect("somebody listens there");
    let mut stream = TcpStream::from(socket);
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n{headers}\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut answer = Vec::new();
    // Whoever is refused may be closed before all is sent: then there is no answer.
    let _ = stream.write_all(&[first, head.as_bytes()].concat());
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8(answer).expect("an answer is text");
    let status = text.split(' ').nth(1)?.parse().ok()?;
    let (_, body) = text.split_once("\r\n\r\n")?;
    let from = body.find('{')?;
    // A proxy may pass the body on in chunks.
    Some((status, serde_json::from_str(&body[from..=body.rfind('}')?]).expect("an answer is JSON")))
}
