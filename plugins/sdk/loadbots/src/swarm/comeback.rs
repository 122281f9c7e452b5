//! The way back for bots whose server fell silent: a few threads ask for connect tokens with the logins there are, until
//! the server, or the one that takes its place, gives some. They also get other access tokens for WebSockets, which end with theirs.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::thread::Scope;
use std::time::Duration;

use hypogeum_client::{ApiError, Login};
use parking_lot::{Mutex, MutexGuard};

use crate::driver::{Arrival, BotRequest, Wanted};
use crate::enlist::{LoginQueue, pause};
use crate::entrance::Entrance;

/// Threads that ask at once. The others wait for their turn, so that a server that has just started is not run over.
const THREADS_MAX: usize = 32;
/// How long one bot may be away.
const PATIENCE: Duration = Duration::from_secs(120);
/// Least and most time between two asks of a server that does not answer, and most where it says when.
const WAIT_MIN: Duration = Duration::from_millis(100);
const WAIT_UNTOLD_MAX: Duration = Duration::from_millis(400);
const WAIT_MAX: Duration = Duration::from_secs(5);

/// What each bot of a swarm logged in with, by its place there.
#[derive(Debug)]
pub(crate) struct Logins(Mutex<Vec<Option<Login>>>);

impl Logins {
    pub(crate) fn of(count: usize) -> Self {
        Self(Mutex::new(vec![None; count]))
    }

    pub(crate) fn put(&self, index: usize, login: Login) {
        if let Some(place) = self.lock().get_mut(index) {
            *place = Some(login);
        }
    }

    fn take(&self, index: usize) -> Option<Login> {
        self.lock().get_mut(index).and_then(Option::take)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<Login>>> {
        // Each change is whole by itself.
        self.0.lock()
    }
}

/// Those who are lost or need another token, and those who ask for them.
pub(super) struct Comeback<'a> {
    pub(super) queue: &'a LoginQueue<'a>,
    pub(super) doors: &'a [Sender<Arrival>],
    pub(super) over: &'a AtomicBool,
    pub(super) waiting: Mutex<VecDeque<BotRequest>>,
    pub(super) working: AtomicUsize,
}

impl<'a> Comeback<'a> {
    pub(super) fn new(queue: &'a LoginQueue<'a>, doors: &'a [Sender<Arrival>], over: &'a AtomicBool) -> Self {
        Self { queue, doors, over, waiting: Mutex::default(), working: AtomicUsize::new(0) }
    }

    /// Takes note of who needs something now, and starts as many threads as that takes. They end when nobody waits any more.
    pub(super) fn look_after<'scope>(&'scope self, requests: &Receiver<BotRequest>, scope: &'scope Scope<'scope, '_>) {
        let mut waiting = self.lock();
        waiting.extend(requests.try_iter());
        let wanted = waiting.len().min(THREADS_MAX.saturating_sub(self.working.load(Ordering::Relaxed)));
        drop(waiting);
        for _ in 0..wanted {
            self.working.fetch_add(1, Ordering::Relaxed);
            scope.spawn(|| {
                self.work();
                self.working.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }

    fn work(&self) {
        loop {
            let Some(request) = self.lock().pop_front() else { return };
            let key = request.key;
            let arrival = match request.wanted {
                Wanted::Connection => Arrival::Back { key, outcome: self.entrance(&request) },
                Wanted::Token => Arrival::Token { key, outcome: self.token(request.index) },
            };
            if let Some(door) = self.doors.get(request.driver) {
                // A driver that is gone has panicked, or the run is over.
                let _ = door.send(arrival);
            }
        }
    }

    fn come_back(&self, login: &mut Login, index: usize, is_new: bool) -> Result<Entrance, ApiError> {
        let queue = self.queue;
        let is_web_socket = queue.transport.is_web_socket(index);
        if is_web_socket && !is_new {
            // Its token may have been what ended, and nobody but the socket says so.
            *login = queue.api.refresh(login)?;
        }
        let character = match queue.as_characters {
            true => Some(queue.character(login, &queue.name(index))?),
            false => None,
        };
        match is_web_socket {
            true => Entrance::of(queue.api, login, character, true),
            false => queue.api.come_back(login, character, Duration::ZERO).map(Entrance::Udp),
        }
    }

    /// Asks until there is an answer that waiting does not change, for as long as anybody may be away.
    fn entrance(&self, lost: &BotRequest) -> Result<Entrance, ApiError> {
        let mut login = match self.queue.logins.take(lost.index) {
            Some(login) => login,
            None => self.queue.login_again(lost.index)?,
        };
        let (mut tries, mut is_new) = (0, false);
        let outcome = loop {
            let error = match self.come_back(&mut login, lost.index, is_new) {
                Ok(entrance) => break Ok(entrance),
                Err(error) => error,
            };
            if is_void(&error) && !is_new {
                // A guest's login is not refreshed: guests come in again by name.
                match self.queue.login_again(lost.index) {
                    Ok(again) => (login, is_new) = (again, true),
                    Err(error) => break Err(error),
                }
                continue;
            }
            if self.over.load(Ordering::Relaxed) || lost.at.elapsed() >= PATIENCE || !error.is_passing() {
                break Err(error);
            }
            pause(wait(error.retry_after(), lost.index, tries), self.over);
            tries += 1;
        };
        self.queue.logins.put(lost.index, login);
        outcome
    }

    /// Another access token of a bot's account. It is asked for once: a bot that gets none wants one again.
    fn token(&self, index: usize) -> Result<Login, ApiError> {
        let known = self.queue.logins.take(index);
        let login = match known.as_ref().map(|login| self.queue.api.refresh(login)) {
            Some(Ok(login)) => login,
            Some(Err(error)) if !is_void(&error) => {
                known.into_iter().for_each(|login| self.queue.logins.put(index, login));
                return Err(error);
            }
            // A guest comes in again by name, or the bot did while this was asked.
            Some(Err(_)) | None => self.queue.login_again(index)?,
        };
        self.queue.logins.put(index, login.clone());
        Ok(login)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<BotRequest>> {
        // Each change is whole by itself.
        self.waiting.lock()
    }
}

/// Whether what a bot came in with is good for nothing any more.
fn is_void(error: &ApiError) -> bool {
    error.status() == Some(401) || matches!(error, ApiError::NotRefreshable)
}

/// Between two asks of one bot: as long as the server says, or ever longer, and up to half as long again, so that those
/// who were lost together do not come together.
fn wait(told: Option<Duration>, index: usize, tries: u32) -> Duration {
    let untold = WAIT_MIN.saturating_mul(1 << tries.min(8)).min(WAIT_UNTOLD_MAX);
    let base = told.unwrap_or(untold).clamp(WAIT_MIN, WAIT_MAX);
    let share = (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(tries) >> 56;
    base + base * share as u32 / 512
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::time::Instant;

    use hypogeum_client::Api;

    use super::*;
    use crate::transport::Transport;

    /// What is asked where a bot that came in with this refresh token needs another access token, and whether it gets one. The server
    /// answers a refresh with this status, and takes guests.
    fn renewed(refresh_token: Option<&str>, refresh_status: u16) -> (Vec<String>, Result<String, String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let api = Api::new(&format!("http://{}", listener.local_addr().expect("bound"))).expect("a plain URL");
        let logins = Logins::of(1);
        let login = |access_token: &str, refresh_token: Option<&str>| Login {
            access_token: access_token.to_owned(),
            expires_in_s: 900,
            account_id: 7,
            refresh_token: refresh_token.map(str::to_owned),
            refresh_expires_in_s: None,
        };
        logins.put(0, login("old", refresh_token));
        let queue = LoginQueue {
            api: &api,
            count: 1,
            name_prefix: "bot",
            password: "correct horse",
            as_characters: false,
            transport: Transport::WebSocket,
            began: Instant::now(),
            logins: &logins,
        };
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (listener, is_over) = (&listener, &over);
            let asked = scope.spawn(move || {
                let mut asked = Vec::new();
                for stream in listener.incoming() {
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                    let (mut stream, mut request) = (stream.expect("a connection"), Vec::new());
                    // Every body asked for here is one JSON object.
                    while !request.ends_with(b"}") {
                        let mut byte = [0];
                        stream.read_exact(&mut byte).expect("the request");
                        request.extend(byte);
                    }
                    let request = String::from_utf8(request).expect("text");
                    let path = request.split(' ').nth(1).expect("a path").to_owned();
                    let status = if path == "/v1/refresh" { refresh_status } else { 200 };
                    let body = r#"{"code":"no","access_token":"new","expires_in_s":900,"account_id":7}"#;
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
            let outcome = Comeback::new(&queue, &[], &over).token(0);
            over.store(true, Ordering::Relaxed);
            drop(std::net::TcpStream::connect(listener.local_addr().expect("bound")));
            let kept = logins.take(0).map(|login| login.access_token);
            let outcome = outcome.map(|login| login.access_token).map_err(|error| error.code().to_owned());
            let expected = outcome.clone().unwrap_or_else(|_| "old".to_owned());
            assert_eq!(kept, Some(expected), "the login there is is kept for the next time");
            (asked.join().expect("the server ends"), outcome)
        })
    }

    #[test]
    fn a_bot_gets_another_token_by_its_refresh_token_or_by_its_name() {
        let path = |paths: &[&str]| -> Vec<String> { paths.iter().map(|path| (*path).to_owned()).collect() };
        let new = Ok("new".to_owned());
        assert_eq!(renewed(Some("refresh"), 200), (path(&["/v1/refresh"]), new.clone()), "it has one");
        assert_eq!(renewed(None, 200), (path(&["/v1/guests"]), new.clone()), "it is a guest");
        assert_eq!(renewed(Some("used"), 401), (path(&["/v1/refresh", "/v1/guests"]), new), "its login is over");
        let unavailable = (path(&["/v1/refresh"]), Err("no".to_owned()));
        assert_eq!(renewed(Some("refresh"), 503), unavailable, "and asks again later where there is none");
    }

    #[test]
    fn those_who_were_lost_together_ask_at_different_times_and_never_too_often() {
        let waits: std::collections::BTreeSet<Duration> = (0..24).map(|index| wait(None, index, 0)).collect();
        assert!(waits.len() > 12, "they are spread: {waits:?}");
        for tries in 0..40 {
            for told in [None, Some(Duration::ZERO), Some(Duration::from_millis(700)), Some(Duration::from_secs(900))] {
                let wait = wait(told, tries as usize, tries);
                assert!((WAIT_MIN..=WAIT_MAX * 2).contains(&wait), "{wait:?} after {tries} tries, told {told:?}");
                assert!(
                    told.is_none_or(|told| wait >= told.min(WAIT_MAX)),
                    "not before its turn: {wait:?} of {told:?}"
                );
            }
        }
    }
}
