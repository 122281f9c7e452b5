//! Getting bots in over HTTP: a guest's place each, or an account and a login where there are no guests, and a connect
//! token, a few at a time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use hypogeum_client::{Api, ApiError, Login};
use hypogeum_protocol::CharacterId;

use crate::entrance::Entrance;
use crate::swarm::Logins;
use crate::transport::Transport;

/// Threads that ask at once. A server makes all accounts that are asked for at the same time in one transaction, so
/// more at once are sooner done; where it hashes passwords instead, they wait in its line.
const THREADS_MAX: usize = 32;
/// How long one bot tries again where the server says that may help.
const PATIENCE: Duration = Duration::from_secs(60);
/// Times one bot hears nothing before it gives up: of a crowd that comes at once, some connections break.
const UNHEARD_MAX: usize = 3;
/// For so long after the start nobody counts them: the server may have been started a moment ago.
const STARTING_UP: Duration = Duration::from_secs(3);
/// Longest wait between two tries: a server keeps a place for who comes when it was told to.
const WAIT_MAX: Duration = PATIENCE;
/// Shortest wait between two tries, where the server says to come again at once.
const WAIT_MIN: Duration = Duration::from_millis(50);

/// A bot that may connect, or may not.
pub(crate) struct Enlisted {
    /// Its place in the swarm, from 0.
    pub(crate) index: usize,
    pub(crate) outcome: Result<Entrance, ApiError>,
}

/// Whom to enlist.
pub(crate) struct LoginQueue<'a> {
    pub(crate) api: &'a Api,
    pub(crate) count: usize,
    pub(crate) name_prefix: &'a str,
    pub(crate) password: &'a str,
    /// Whether each connects as a character of its own name.
    pub(crate) as_characters: bool,
    /// What they connect over.
    pub(crate) transport: Transport,
    /// When the first asked.
    pub(crate) began: Instant,
    /// What each bot came in with, for when it must come back.
    pub(crate) logins: &'a Logins,
}

impl LoginQueue<'_> {
    pub(crate) fn name(&self, index: usize) -> String {
        format!("{}-{:03}", self.name_prefix, index + 1)
    }

    pub(crate) fn thread_count(&self) -> usize {
        self.count.min(THREADS_MAX)
    }

    /// Enlists one bot after the other until none is left. Run by several threads with one `next`.
    pub(crate) fn enlist(&self, next: &AtomicUsize, stop: &AtomicBool, out: &Sender<Enlisted>) {
        let mut door = Door::Guests;
        while !stop.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= self.count {
                return;
            }
            let mut entry = Entry::default();
            let outcome = self.entrance(index, &mut door, &mut entry, stop);
            if let Some(login) = entry.login {
                self.logins.put(index, login);
            }
            if out.send(Enlisted { index, outcome }).is_err() {
                return;
            }
        }
    }

    fn entrance(
        &self,
        index: usize,
        door: &mut Door,
        entry: &mut Entry,
        stop: &AtomicBool,
    ) -> Result<Entrance, ApiError> {
        let (began, mut unheard) = (Instant::now(), 0);
        loop {
            match self.try_entrance(index, door, entry) {
                Err(error) if began.elapsed() < PATIENCE && !stop.load(Ordering::Relaxed) => {
                    let is_unheard = matches!(error, ApiError::Unreachable { .. });
                    unheard += usize::from(is_unheard && self.began.elapsed() >= STARTING_UP);
                    let again = (is_unheard && unheard < UNHEARD_MAX).then_some(WAIT_MIN);
                    let Some(wait) = error.retry_after().or(again) else { return Err(error) };
                    pause(wait.clamp(WAIT_MIN, WAIT_MAX), stop);
                }
                outcome => return outcome,
            }
        }
    }

    /// Whatever was done is kept over every refusal that waiting mends, so that nobody waits in the first line again because
    /// of the second.
    fn try_entrance(&self, index: usize, door: &mut Door, entry: &mut Entry) -> Result<Entrance, ApiError> {
        let name = &self.name(index);
        let login = match entry.login.take() {
            Some(login) => login,
            None => self.login(name, door, &mut entry.is_registered)?,
        };
        let entrance = self.entrance_of(&login, index);
        // One that is good for nothing any more is got again.
        if !matches!(&entrance, Err(error) if error.status() == Some(401)) {
            entry.login = Some(login);
        }
        entrance
    }

    /// What lets a bot in, as its character where it plays one.
    fn entrance_of(&self, login: &Login, index: usize) -> Result<Entrance, ApiError> {
        let character = if self.as_characters { Some(self.character(login, &self.name(index))?) } else { None };
        Entrance::of(self.api, login, character, self.transport.is_web_socket(index))
    }

    /// The character of a bot, which is made where there is none.
    pub(crate) fn character(&self, login: &Login, name: &str) -> Result<CharacterId, ApiError> {
        let known = self.api.characters(login)?.into_iter().find(|character| character.name == name);
        match known {
            Some(character) => Ok(character.id),
            None => Ok(self.api.create_character(login, name)?.id),
        }
    }

    /// A login for a bot that has been here before, whose last one is good for nothing any more.
    pub(crate) fn login_again(&self, index: usize) -> Result<Login, ApiError> {
        self.login(&self.name(index), &mut Door::Guests, &mut false)
    }

    fn login(&self, name: &str, door: &mut Door, is_registered: &mut bool) -> Result<Login, ApiError> {
        if *door == Door::Guests && !*is_registered {
            match self.api.guest(name) {
                // This server takes no guests, or knows none: nor will it for the next bot.
                Err(error) if matches!(error.status(), Some(403 | 404)) => *door = Door::Passwords,
                // The name has a password from an earlier run.
                Err(error) if error.status() == Some(409) => {}
                outcome => return outcome,
            }
        }
        // Registers first: a login without an account counts as a failed one, and many of those slow an address down.
        if !*is_registered {
            match self.api.register(name, self.password) {
                // The name carries over from an earlier run.
                Err(error) if error.status() == Some(409) => {}
                registered => drop(registered?),
            }
            *is_registered = true;
        }
        self.api.login(name, self.password)
    }
}

/// How far a bot has come.
#[derive(Default)]
struct Entry {
    is_registered: bool,
    login: Option<Login>,
}

/// How bots come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// By name alone.
    Guests,
    /// With a password.
    Passwords,
}

/// Waits, but not past a stop.
pub(crate) fn pause(wait: Duration, stop: &AtomicBool) {
    let until = Instant::now() + wait;
    while !stop.load(Ordering::Relaxed) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(WAIT_MIN));
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::sync::mpsc::channel;

    use super::*;

    /// Lets bots enlist one after the other, at a server that gives each path the status `answers` says; what happened to
    /// them, and what was asked. Whatever is asked, one body serves for all answers.
    fn enlist(count: usize, answers: &[(&'static str, u16)]) -> (Vec<Option<u16>>, Vec<String>) {
        enlist_with(count, Answers(answers.iter().map(|(path, status)| (*path, vec![*status])).collect()))
    }

    /// The statuses each path is answered with, one after the other; the last one for all that come after.
    struct Answers(Vec<(&'static str, Vec<u16>)>);

    impl Answers {
        fn next(&mut self, path: &str) -> u16 {
            let (_, statuses) = self.0.iter_mut().find(|(known, _)| *known == path).expect("a known path");
            if statuses.len() > 1 { statuses.remove(0) } else { statuses[0] }
        }
    }

    /// As [`enlist`], with several answers for a path.
    fn enlist_with(count: usize, mut answers: Answers) -> (Vec<Option<u16>>, Vec<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let over = &over;
            let asked = scope.spawn(move || {
                let mut asked = Vec::new();
                for stream in listener.incoming() {
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    let mut stream = stream.expect("a connection");
                    let mut request = Vec::new();
                    let mut chunk = [0; 4_096];
                    // Every body asked for here is one JSON object.
                    while !request.ends_with(b"}") {
                        let read = stream.read(&mut chunk).expect("the request");
                        request.extend_from_slice(&chunk[..read]);
                    }
                    let request = String::from_utf8(request).expect("text");
                    let path = request.split(' ').nth(1).expect("a path").to_owned();
                    let status = answers.next(&path);
                    let token = "B".repeat(2_730) + "A=";
                    let wait = if matches!(status, 429 | 503) { r#""retry_after_ms":1,"# } else { "" };
                    let body = format!(
                        r#"{{"code":"no",{wait}"access_token":"x","expires_in_s":30,"account_id":1,"name":"x","session_id":1,
                        "connect_token":"{token}","server_address":"127.0.0.1:9","protocol_version":1}}"#
                    );
                    let length = body.len();
                    write!(
                        stream,
                        "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                    )
                    .expect("the answer is sent");
                    asked.push(path);
                }
                asked
            });
            let api = Api::new(&format!("http://{address}")).expect("a plain URL");
            let (name_prefix, password, logins) = ("bot", "correct horse", Logins::of(count));
            let roll = LoginQueue {
                api: &api,
                count,
                name_prefix,
                password,
                as_characters: false,
                transport: Transport::Udp,
                began: Instant::now(),
                logins: &logins,
            };
            let (out, enlisted) = channel();
            roll.enlist(&AtomicUsize::new(0), &AtomicBool::new(false), &out);
            over.store(true, Ordering::Relaxed);
            drop(std::net::TcpStream::connect(address));
            drop(out);
            let statuses = enlisted.iter().map(|enlisted| match enlisted.outcome {
                Ok(_) => None,
                Err(error) => Some(error.status().unwrap_or_else(|| panic!("no refusal but {error}"))),
            });
            (statuses.collect(), asked.join().expect("the server ends"))
        })
    }

    #[test]
    fn a_guest_needs_no_password() {
        let (outcomes, asked) = enlist(2, &[("/v1/guests", 200), ("/v1/connect", 200)]);
        assert_eq!(outcomes, [None, None], "both may connect");
        assert_eq!(asked, ["/v1/guests", "/v1/connect", "/v1/guests", "/v1/connect"], "with two asks each");
    }

    #[test]
    fn where_there_are_no_guests_bots_register_and_ask_for_that_once() {
        for status in [403, 404] {
            let answers = [("/v1/guests", status), ("/v1/accounts", 201), ("/v1/login", 200), ("/v1/connect", 200)];
            let (outcomes, asked) = enlist(2, &answers);
            assert_eq!(outcomes, [None, None], "both may connect");
            let way = ["/v1/accounts", "/v1/login", "/v1/connect"];
            assert_eq!(asked, [&["/v1/guests"][..], &way, &way].concat(), "the second does not try to be a guest");
        }
    }

    #[test]
    fn a_name_that_has_a_password_is_entered_with_it() {
        let answers = [("/v1/guests", 409), ("/v1/accounts", 409), ("/v1/login", 200), ("/v1/connect", 200)];
        let (outcomes, asked) = enlist(2, &answers);
        assert_eq!(outcomes, [None, None], "both may connect");
        let way = ["/v1/guests", "/v1/accounts", "/v1/login", "/v1/connect"];
        assert_eq!(asked, [way, way].concat(), "the next may still be a guest");
    }

    #[test]
    fn a_refused_connect_token_is_asked_for_again_with_the_login_there_is() {
        let busy = Answers(vec![("/v1/guests", vec![200]), ("/v1/connect", vec![429, 503, 200])]);
        let (outcomes, asked) = enlist_with(1, busy);
        assert_eq!(outcomes, [None], "it may connect in the end");
        assert_eq!(asked, ["/v1/guests", "/v1/connect", "/v1/connect", "/v1/connect"], "and was a guest once");
    }

    #[test]
    fn a_refused_login_is_asked_for_again_without_registering_again() {
        let answers = [("/v1/guests", vec![403]), ("/v1/accounts", vec![201]), ("/v1/login", vec![429, 200])];
        let busy = Answers(answers.into_iter().chain([("/v1/connect", vec![200])]).collect());
        let (outcomes, asked) = enlist_with(1, busy);
        assert_eq!(outcomes, [None], "it may connect in the end");
        let way = ["/v1/guests", "/v1/accounts", "/v1/login", "/v1/login", "/v1/connect"];
        assert_eq!(asked, way, "and registers once");
    }

    #[test]
    fn a_refusal_that_waiting_does_not_mend_is_told() {
        let (outcomes, asked) = enlist(1, &[("/v1/guests", 400)]);
        assert_eq!((outcomes, asked.len()), (vec![Some(400)], 1), "it is asked once");
    }
}
