//! The world by telnet: the binary, and a client that MUDs are played with, Debian's tintin++.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use hypogeum_client::Api;
use hypogeum_testkit::TestServer;
use serde_json::Value;

/// A test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often what a client has written is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);
const PASSWORD: &str = "correct horse battery";
/// The answer to who wants to fight where no enemy of that name is near.
const NOBODY: &str = "There is no such enemy here.";

fn start(data: &Path) -> (TestServer, SocketAddr) {
    let settings = [
        ("HYPOGEUM_WORLD__OPEN", "true"),
        ("HYPOGEUM_TELNET__OPEN", "true"),
        ("HYPOGEUM_TELNET__LISTEN", "127.0.0.1:0"),
        ("HYPOGEUM_AUTH__GUESTS", "loopback"),
    ];
    let server = TestServer::start(env!("CARGO_BIN_EXE_hypogeum"), data, &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log));
    let log = server.log();
    let (_, rest) = log.split_once("the port for telnet is open listening=").expect("it says where it listens");
    let address = rest.split_whitespace().next().and_then(|address| address.parse().ok()).expect("an address");
    (server, address)
}

/// tintin++ in a terminal of its own: what it shows there, and what it is told in GMCP, is written down.
struct Tintin {
    child: Child,
    keys: ChildStdin,
    said: PathBuf,
    gmcp: PathBuf,
    /// Up to where both were looked at.
    looked: (usize, usize),
}

impl Tintin {
    fn connect(folder: &Path, address: SocketAddr) -> Self {
        let (said, gmcp, script) = (folder.join("said.log"), folder.join("gmcp.log"), folder.join("play.tin"));
        let supports = r#"Core.Supports.Set ["Char 1","Char.Items 1","Room 1","Comm.Channel 1"]"#;
        let lines = [
            "#config {charset} {UTF-8}".to_owned(),
            format!(r"#event {{IAC WILL GMCP}} {{#send {{\xFF\xFD\xC9\}};#send {{\xFF\xFA\xC9{supports}\xFF\xF0\}}}}"),
            format!("#event {{IAC SB GMCP}} {{#line log {{{}}} {{%2}}}}", gmcp.display()),
            format!("#session {{hypogeum}} {{{}}} {{{}}}", address.ip(), address.port()),
        ];
        fs::write(&script, lines.join("\n") + "\n").expect("the test's own folder can be written to");
        let path = format!("{}:/usr/games", std::env::var("PATH").unwrap_or_default());
        // It wants a terminal, which `script` makes, and writes down what is shown there.
        let play = format!("stty rows 50 cols 100; tt++ -G {}", script.display());
        let mut child = Command::new("script")
            .args(["-qefc", &play])
            .arg(&said)
            .env("PATH", path)
            .env("HOME", folder)
            .env("TERM", "xterm-256color")
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("script and tintin++ are installed");
        let keys = child.stdin.take().expect("it is piped");
        Self { child, keys, said, gmcp, looked: (0, 0) }
    }

    fn types(&mut self, line: &str) {
        writeln!(self.keys, "{line}").expect("it takes keys");
    }

    /// Waits until it shows this; what was shown since the last look.
    fn until(&mut self, wanted: &str) -> String {
        let began = Instant::now();
        loop {
            let all = plain(&fs::read(&self.said).unwrap_or_default());
            let shown = all.get(self.looked.0..).unwrap_or_default();
            if let Some(at) = shown.find(wanted) {
                let end = at + wanted.len();
                self.looked.0 += end;
                return shown[..end].to_owned();
            }
            assert!(began.elapsed() < PATIENCE, "{wanted:?} is never shown, but {shown:?}");
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until it is told this in GMCP, and it is so.
    fn until_told(&mut self, message: &str, mut is_so: impl FnMut(&Value) -> bool) -> Value {
        let began = Instant::now();
        loop {
            let all = fs::read_to_string(&self.gmcp).unwrap_or_default();
            // The last line may be half written.
            let whole = all.rfind('\n').map_or(0, |at| at + 1);
            let mut at = self.looked.1.min(whole);
            for line in all[at..whole].lines() {
                at += line.len() + 1;
                let told = line.split_once(' ').filter(|(name, _)| *name == message);
                let body = told.map(|(_, body)| serde_json::from_str::<Value>(body).expect("GMCP is JSON"));
                if let Some(body) = body.filter(|body| is_so(body)) {
                    self.looked.1 = at;
                    return body;
                }
            }
            assert!(began.elapsed() < PATIENCE, "{message} never says it: {all}");
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Goes through an exit, and waits until it is in the room of this key.
    fn walks(&mut self, word: &str, room: &str) {
        self.types(word);
        self.until_told("Room.Info", |info| info["id"] == room);
    }
}

impl Drop for Tintin {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What was written, without colours.
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut plain = String::new();
    let mut is_escape = false;
    for character in text.chars() {
        match character {
            '\x1b' => is_escape = true,
            _ if is_escape => is_escape = !character.is_ascii_alphabetic(),
            '\r' => {}
            _ => plain.push(character),
        }
    }
    plain
}

#[test]
fn somebody_registers_walks_fights_dies_wakes_and_quits() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let (server, address) = start(data.path());
    let mut ada = Tintin::connect(data.path(), address);
    ada.until("Your name");
    ada.types("new");
    ada.until("A name for your account");
    ada.types("Ada");
    ada.until("A password");
    ada.types(PASSWORD);
    ada.until("The same password again");
    ada.types(PASSWORD);
    ada.until("A name for your character");
    ada.types("Adala");
    ada.until("One of these");
    ada.types("mage");
    ada.until("Chapel of the Last Wick");
    let room = ada.until_told("Room.Info", |info| info["id"] == "chapel");
    assert_eq!((&room["area"], &room["safe"]), (&Value::from("lanternfoot"), &Value::from(true)));
    assert!(room["exits"].get("east").is_some(), "it has exits: {room}");
    let whole = ada.until_told("Char.Vitals", |vitals| vitals["hp"].as_u64().is_some_and(|hp| hp > 0));
    assert_eq!(whole["hp"], whole["maxhp"], "nobody has hurt her yet");
    let prompt = format!("<hp {0}/{0} mp", whole["maxhp"]);
    ada.types("look");
    ada.until("Exits: ");
    ada.until(&prompt);
    ada.types("say good evening");
    ada.until("You say, \"good evening\"");
    ada.walks("east", "square");
    ada.walks("north", "north_gate");
    ada.walks("north", "trailhead");
    ada.walks("north", "pinewood");
    // There are six wolves, and she fights them with her bare hands.
    ada.types("remove spear");
    dies(&mut ada);
    ada.until_told("Char.Vitals", |vitals| vitals["hp"].as_u64() < whole["maxhp"].as_u64());
    ada.until("You wake at the shrine");
    ada.types("quit");
    ada.until("Until next time.");
    let said = fs::read_to_string(&ada.said).expect("it was written");
    assert!(!said.contains(PASSWORD), "a password is shown by nobody");
    drop(ada);
    // She has an account like any other.
    let api = Api::new(&server.url).expect("a URL");
    assert!(api.login("Ada", PASSWORD).is_ok(), "she may come another way");
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "the server ends in order: {}", ended.log);
    assert!(!ended.log.contains(PASSWORD), "nor is it logged");
}

/// Fights wolves until they have won. A wood is wide, and wolves see no farther than they do: where none is near she looks for one.
fn dies(who: &mut Tintin) {
    let began = Instant::now();
    let mut asked = plain(&fs::read(&who.said).unwrap_or_default()).len();
    // Each so often that she gets there.
    let mut ways = ["west", "west", "west", "west", "east", "east", "east", "east"].into_iter().cycle();
    for second in 0.. {
        let all = plain(&fs::read(&who.said).unwrap_or_default());
        if all.contains("You are dead. You will wake") {
            return;
        }
        assert!(began.elapsed() < PATIENCE * 4, "no wolf is strong enough: {}", &all[who.looked.0..]);
        if second % 5 == 0 {
            if all.get(asked..).is_some_and(|answers| answers.contains(NOBODY)) {
                who.types(ways.next().expect("it has no end"));
            }
            asked = all.len();
            // Whoever has killed one goes for the next, and whom she passes is seen.
            who.types("kill wolf");
        }
        thread::sleep(Duration::from_secs(1));
    }
}

/// A client that is a socket.
struct Line {
    stream: TcpStream,
    seen: Vec<u8>,
}

impl Line {
    fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        Self { stream, seen: Vec::new() }
    }

    fn types(&mut self, line: &str) {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).expect("it can be sent");
    }

    /// Waits until one of these comes, and says which.
    fn until(&mut self, wanted: &[&[u8]]) -> usize {
        let mut chunk = [0; 4_096];
        loop {
            let found = |wanted: &&[u8]| self.seen.windows(wanted.len()).position(|window| window == *wanted);
            let first = wanted.iter().enumerate().filter_map(|(which, it)| found(it).map(|at| (at + it.len(), which)));
            if let Some((end, which)) = first.min() {
                self.seen.drain(..end);
                return which;
            }
            let count = self.stream.read(&mut chunk).expect("something comes");
            assert!(count > 0, "it ends with {:?}", String::from_utf8_lossy(&self.seen));
            self.seen.extend_from_slice(&chunk[..count]);
        }
    }
}

#[test]
fn who_guesses_over_http_has_guessed_here_too() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let (server, address) = start(data.path());
    let api = Api::new(&server.url).expect("a URL");
    api.register("Ada", PASSWORD).expect("she is new");
    for _ in 0..5 {
        assert!(api.login("Ada", "a guess of many").is_err(), "that is not it");
    }
    let mut line = Line::connect(address);
    line.until(&[b"Your name"]);
    // So few would be free, had there been none before. The lock may have ended meanwhile; then another guess begins the next.
    let is_locked = (0..4).any(|_| {
        line.types("Ada");
        line.until(&[b"Password:"]);
        line.types("a guess of many");
        let which = line.until(&[b"Too many failed logins", b"No account has this name"]);
        line.until(&[b"Your name"]);
        which == 0
    });
    assert!(is_locked, "they count together");
}

#[test]
fn the_dialogue_and_the_world_speak_german_in_latin_1() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let (_server, address) = start(data.path());
    let mut line = Line::connect(address);
    line.until(&[b"Your name"]);
    line.types("sprache de");
    line.until(&[b"Dein Name"]);
    line.types("gast");
    line.until(&[b"Ein Name f\xfcr diesen Besuch"]);
    line.types("Grete");
    line.until(&[b"Ein Name f\xfcr deine Figur"]);
    line.types("Greta");
    line.until(&[b"oder nichts f\xfcr das erste"]);
    line.types("");
    line.until(&[b"Du betrittst die Welt"]);
    line.until(&[b"<tp "]);
    line.types("/charset utf-8");
    line.until(&[b"eingestellt"]);
    line.types("say Grüße");
    line.until(&["Grüße".as_bytes()]);
}
