//! Two thousand who type.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How often everyone is listened to.
const FRAME: Duration = Duration::from_millis(10);
/// From one line of somebody to the next.
const LINE_EVERY: Duration = Duration::from_secs(5);
/// Who may be in the dialogue at once.
const LOGGING_IN_MAX: usize = 50;
/// Everyone is in within so long.
const PATIENCE: Duration = Duration::from_secs(180);
/// A line of each; the first is the one whose answer is measured.
const LINES: [&str; 12] = [
    "look",
    "north",
    "east",
    "kill wolf",
    "look",
    "south",
    "west",
    "say who goes there?",
    "inventory",
    "kill rat",
    "north",
    "stats",
];
/// What the dialogue asks, and what is said to it.
const DIALOGUE: [(&[u8], &str); 4] = [
    (b"Your name", "guest"),
    (b"A name for this visit", "NAME"),
    (b"A name for your character", "NAME"),
    (b"One of these", "warrior"),
];
/// What comes once somebody is in.
const PROMPT: &[u8] = b"<hp ";
/// What a look is answered with.
const ANSWER: &[u8] = b"Exits: ";
/// Bytes that are kept of what was shown: the longest of the words that are waited for may be cut.
const KEPT_BYTES: usize = 32;
const WANTS_DATA: &[u8] =
    b"\xFF\xFD\xC9\xFF\xFA\xC9Core.Supports.Set [\"Char 1\",\"Room 1\",\"Comm.Channel 1\"]\xFF\xF0";

struct Person {
    name: String,
    stream: TcpStream,
    /// The end of what was shown.
    seen: Vec<u8>,
    /// Questions of the dialogue that are answered.
    answered: usize,
    is_in: bool,
    typed: usize,
    next_at: Instant,
    /// When it has looked.
    looked: Option<Instant>,
}

pub(crate) struct Crowd {
    people: Vec<Person>,
    chunk: Box<[u8]>,
    pub(crate) lines: u64,
    pub(crate) bytes: u64,
    pub(crate) answers: Vec<Duration>,
    address: SocketAddr,
    wanted: usize,
}

impl Crowd {
    pub(crate) fn connect(address: SocketAddr, wanted: usize) -> Self {
        let (people, chunk) = (Vec::with_capacity(wanted), vec![0; 64 << 10].into());
        Self { people, chunk, lines: 0, bytes: 0, answers: Vec::new(), address, wanted }
    }

    /// Lets everyone in.
    pub(crate) fn log_in(&mut self) {
        let began = Instant::now();
        while self.playing() < self.wanted {
            while self.people.len() < self.wanted && self.people.len() - self.playing() < LOGGING_IN_MAX {
                self.come();
            }
            self.frame(true);
            assert!(began.elapsed() < PATIENCE, "only {} get in", self.playing());
        }
        println!("{} in one zone after {:.1} s", self.wanted, began.elapsed().as_secs_f64());
    }

    pub(crate) fn playing(&self) -> usize {
        self.people.iter().filter(|person| person.is_in).count()
    }

    /// Forgets what was counted.
    pub(crate) fn forget(&mut self) {
        (self.lines, self.bytes) = (0, 0);
        self.answers.clear();
    }

    pub(crate) fn play(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            self.frame(true);
        }
    }

    fn come(&mut self) {
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_nodelay(true).expect("it is a socket");
        let number = self.people.len();
        if number.is_multiple_of(4) {
            stream.write_all(WANTS_DATA).expect("it can be sent");
        }
        stream.set_nonblocking(true).expect("it is a socket");
        // Everyone has a moment of their own.
        let next_at = Instant::now() + LINE_EVERY * (number as u32 % 997) / 997;
        let name = format!("Walker{number}");
        let (seen, typed) = (Vec::new(), number);
        self.people.push(Person { name, stream, seen, answered: 0, is_in: false, typed, next_at, looked: None });
    }

    fn frame(&mut self, may_type: bool) {
        let began = Instant::now();
        let Self { people, chunk, lines, bytes, answers, .. } = self;
        for person in people {
            *bytes += person.listen(chunk, answers);
            if may_type && person.is_in && person.next_at <= Instant::now() {
                person.types();
                *lines += 1;
            }
        }
        std::thread::sleep(FRAME.saturating_sub(began.elapsed()));
    }
}

impl Person {
    fn listen(&mut self, chunk: &mut [u8], answers: &mut Vec<Duration>) -> u64 {
        let mut bytes = 0;
        loop {
            match self.stream.read(chunk) {
                Ok(0) => panic!("{} is sent away: {}", self.name, String::from_utf8_lossy(&self.seen)),
                Ok(count) => {
                    bytes += count as u64;
                    self.seen.extend_from_slice(&chunk[..count]);
                    self.notice(answers);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return bytes,
                Err(error) => panic!("{}: {error}", self.name),
            }
        }
    }

    fn notice(&mut self, answers: &mut Vec<Duration>) {
        while let Some((question, answer)) = DIALOGUE.get(self.answered)
            && has(&self.seen, question)
        {
            let answer = answer.replace("NAME", &self.name);
            self.send(&answer);
            self.answered += 1;
            self.seen.clear();
        }
        self.is_in |= self.answered == DIALOGUE.len() && has(&self.seen, PROMPT);
        if self.looked.is_some() && has(&self.seen, ANSWER) {
            answers.extend(self.looked.take().map(|at| at.elapsed()));
        }
        let cut = self.seen.len().saturating_sub(KEPT_BYTES);
        self.seen.drain(..cut);
    }

    fn types(&mut self) {
        self.next_at += LINE_EVERY;
        self.typed += 1;
        let line = LINES[self.typed % LINES.len()];
        if line == "look" {
            self.seen.clear();
            self.looked = Some(Instant::now());
        }
        self.send(line);
    }

    fn send(&mut self, line: &str) {
        let sent = self.stream.write_all(format!("{line}\r\n").as_bytes());
        assert!(sent.is_ok(), "{} can type", self.name);
    }
}

fn has(seen: &[u8], wanted: &[u8]) -> bool {
    seen.windows(wanted.len()).any(|window| window == wanted)
}
