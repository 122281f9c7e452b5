//! A server that says what it is told to.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use super::{Api, Login};

/// Answers exactly one request with `status` and `body`, and hands back what was asked.
pub(super) fn answering(status: &'static str, body: impl Into<String>) -> (Api, JoinHandle<String>) {
    answering_all(vec![(status, body.into())])
}

/// Answers as many requests, one connection each, and hands back all that was asked.
pub(super) fn answering_all(answers: Vec<(&'static str, String)>) -> (Api, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let api = Api::new(&format!("http://{}", listener.local_addr().expect("bound"))).expect("a plain URL");
    let asked = std::thread::spawn(move || {
        let answer = |(status, body): (&str, String)| {
            let (mut stream, _) = listener.accept().expect("one client");
            let request = request(&mut stream);
            let length = body.len();
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
                .expect("the answer is sent");
            request
        };
        answers.into_iter().map(answer).collect::<Vec<_>>().join("\n")
    });
    (api, asked)
}

/// A login that holds both tokens.
pub(super) fn login() -> Login {
    Login {
        access_token: "secret".into(),
        expires_in_s: 60,
        account_id: 1,
        refresh_token: Some("again".into()),
        refresh_expires_in_s: Some(60),
    }
}

fn request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut chunk = [0; 4_096];
    // Every body asked for here is one JSON object, and only a POST has one.
    let is_whole = |request: &[u8]| match request {
        [b'P', ..] => request.ends_with(b"}"),
        _ => request.ends_with(b"\r\n\r\n"),
    };
    while !is_whole(&request) {
        let read = stream.read(&mut chunk).expect("the request");
        assert!(read > 0, "the request ends before its body does");
        request.extend_from_slice(&chunk[..read]);
    }
    String::from_utf8_lossy(&request).into_owned()
}
