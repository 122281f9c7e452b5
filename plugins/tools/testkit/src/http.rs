//! One question over HTTP, by hand: no client's retries or pools between a test and what the server says.

use std::io::{Write as _, read_to_string};
use std::net::TcpStream;

/// What a server answers to `GET path`: head and body. `url` is that of [`TestServer::url`](crate::TestServer::url).
///
/// # Panics
/// Where it does not answer.
#[must_use]
pub fn http_get(url: &str, path: &str) -> (String, String) {
    let address = url.strip_prefix("http://").expect("a plain address");
    let mut stream = TcpStream::connect(address).expect("the server's port is open");
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").expect("the server reads");
    let answer = read_to_string(stream).expect("the server answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    (head.to_owned(), body.to_owned())
}
