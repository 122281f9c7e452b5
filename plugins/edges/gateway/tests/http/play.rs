//! The browser client beside the gateway's own routes: what is served, how, and that nothing else is.

use std::io::{Read, Write};
use std::net::TcpStream;

use hypogeum_gateway::GatewayConfig;
use hypogeum_play::{PageFile, files, routes};

use crate::memory::Memory;
use crate::server::{SECRET, Server, gateway};

/// An answer, its body in bytes.
#[derive(Debug)]
struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("an answer has a status")
    }

    /// All values of a header, in one line.
    fn header(&self, name: &str) -> Option<String> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let found: Vec<&str> = lines.filter(|(is, _)| is.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect();
        (!found.is_empty()).then(|| found.join(", "))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn server() -> Server {
    let config = GatewayConfig::new("203.0.113.9:27500".parse().unwrap());
    Server::serve(gateway(config, &SECRET, Memory::default()).with_routes(routes()))
}

/// Asks for a path as it is written here, with more lines of a head.
fn ask(server: &Server, method: &str, path: &str, more: &str) -> Answer {
    let mut stream = TcpStream::connect(server.address).unwrap();
    let request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{more}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head ends") + 4;
    Answer { head: String::from_utf8_lossy(&bytes[..end]).into_owned(), body: bytes[end..].to_vec() }
}

fn address(file: &PageFile) -> String {
    format!("/play/{}", if file.path == "index.html" { "" } else { file.path })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ftl") => "text/plain; charset=utf-8",
        other => panic!("nothing says what {other:?} is"),
    }
}

/// What a browser has to be told with each answer.
fn assert_guarded(answer: &Answer) {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.split("; ").any(|one| one == rule), "{rule} is missing: {answer:?}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "nothing is loosened: {policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cache-control", "no-cache"),
    ] {
        assert_eq!(answer.header(name).as_deref(), Some(value), "{name}: {}", answer.head);
    }
    let vary = answer.header("vary").unwrap_or_default();
    assert!(vary.contains("accept-encoding") && vary.contains("origin"), "caches keep forms apart: {vary}");
}

#[test]
fn each_file_is_served_as_it_is_and_gzipped() {
    let server = server();
    for file in files() {
        let path = address(file);
        let plain = ask(&server, "GET", &path, "");
        assert_eq!((plain.status(), plain.header("content-encoding")), (200, None), "{path}: {}", plain.head);
        assert!(plain.body == file.content, "{path} is the file");
        let gzipped = ask(&server, "GET", &path, "Accept-Encoding: br, gzip\r\n");
        assert_eq!(gzipped.header("content-encoding").as_deref(), Some("gzip"), "{path}: {}", gzipped.head);
        assert!(gzipped.body == file.gzipped, "{path} is the file gzipped");
        assert_eq!(plain.header("etag"), gzipped.header("etag"), "{path} is one file in both forms");
        for answer in [&plain, &gzipped] {
            assert_guarded(answer);
            assert_eq!(answer.header("content-type").as_deref(), Some(media_type(file.path)), "{path}");
            assert_eq!(answer.header("content-length"), Some(answer.body.len().to_string()), "{path}");
        }
    }
}

#[test]
fn a_browser_that_has_a_file_is_told_so() {
    let server = server();
    let first = ask(&server, "GET", "/play/", "");
    let tag = first.header("etag").unwrap();
    for tags in [tag.clone(), format!("\"other\", {tag}"), tag.replace("W/", ""), "*".to_owned()] {
        let again = ask(&server, "GET", "/play/", &format!("If-None-Match: {tags}\r\nAccept-Encoding: gzip\r\n"));
        assert_eq!((again.status(), again.body.len()), (304, 0), "{tags}: {}", again.head);
        assert_eq!(again.header("etag"), Some(tag.clone()), "{}", again.head);
        // The head of this answer takes the place of the one that was kept.
        assert_guarded(&again);
    }
    let other = ask(&server, "GET", "/play/", "If-None-Match: W/\"00000000000000000000000000000000\"\r\n");
    assert_eq!(other.status(), 200, "another file was kept: {}", other.head);
    let module = ask(&server, "GET", "/play/src/main.js", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!(module.status(), 200, "each file has a tag of its own: {}", module.head);
}

#[test]
fn a_head_has_no_body() {
    let server = server();
    for more in ["", "Accept-Encoding: gzip\r\n"] {
        let (whole, head) = (ask(&server, "GET", "/play/", more), ask(&server, "HEAD", "/play/", more));
        assert_eq!((head.status(), head.body.len()), (200, 0), "{}", head.head);
        for name in ["content-length", "content-type", "content-encoding", "etag"] {
            assert_eq!(head.header(name), whole.header(name), "{name} is that of the whole");
        }
    }
}

#[test]
fn without_its_slash_the_page_is_elsewhere() {
    let server = server();
    for (path, place) in
        [("/play", "/play/"), ("/play?lang=de", "/play/?lang=de"), ("/play?//evil.example", "/play/?//evil.example")]
    {
        let answer = ask(&server, "GET", path, "");
        assert_eq!((answer.status(), answer.header("location").as_deref()), (308, Some(place)), "{}", answer.head);
    }
    assert_eq!(ask(&server, "GET", "/play/?lang=de", "").status(), 200, "a query changes nothing");
}

#[test]
fn nothing_else_is_found() {
    let server = server();
    let nowhere = ask(&server, "GET", "/nowhere", "");
    for path in [
        "/play/nothing.js",
        "/play/src",
        "/play/src/",
        "/play//src/main.js",
        "/play/index.html",
        "/play/package.json",
        "/play/tsconfig.json",
        "/play/dev_server.js",
        "/play/test/browser/rig.js",
        "/play/node_modules/typescript/package.json",
        "/play/sdk/node_socket.js",
        "/play/..",
        "/play/../..",
        "/play/../../Cargo.toml",
        "/play/../../../../../../etc/passwd",
        "/play/%2e%2e/%2e%2e/etc/passwd",
        "/play/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/play/..%2f..%2fCargo.toml",
        "/play/..%5c..%5cCargo.toml",
        "/play/src/../src/main.js",
        "/play/src/%6dain.js",
        "/play/src/main.js%00",
        "/play/src/main.js/",
        "/play/SRC/main.js",
        "/plays",
    ] {
        let answer = ask(&server, "GET", path, "Accept-Encoding: gzip\r\n");
        assert_eq!((answer.status(), answer.text()), (404, nowhere.text()), "{path}: as everywhere else");
        assert_eq!(answer.header("content-type").as_deref(), Some("application/json"), "{path}: {}", answer.head);
        assert_eq!(answer.header("cache-control").as_deref(), Some("no-store"), "{path}: {}", answer.head);
    }
    for method in ["POST", "PUT", "DELETE"] {
        let answer = ask(&server, method, "/play/", "Content-Length: 0\r\n");
        assert_eq!(answer.status(), 405, "{method}: {}", answer.head);
        assert!(answer.text().contains("method_not_allowed"), "{method}: {}", answer.text());
    }
}

#[test]
fn a_gateway_without_it_has_no_page() {
    let server = Server::plain();
    for path in ["/play", "/play/", "/play/src/main.js"] {
        assert_eq!(ask(&server, "GET", path, "").status(), 404, "{path}");
    }
}

#[test]
fn a_page_of_another_host_is_told_nothing_more() {
    let answer = ask(&server(), "GET", "/play/src/main.js", "Origin: https://evil.example\r\n");
    assert_eq!(answer.header("access-control-allow-origin"), None, "{}", answer.head);
    assert_eq!(answer.header("cross-origin-resource-policy").as_deref(), Some("same-origin"), "{}", answer.head);
}
