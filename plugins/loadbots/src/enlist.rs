//! Getting bots in over HTTP: a guest's place each, or an account and a login where there are no guests, and a connect
//! token, a few at a time.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use hypogeum_client::{Api, ApiError, Connection, Login};

/// Threads that ask at once. A server makes all accounts that are asked for at the same time in one transaction, so
/// more at once are sooner done; where it hashes passwords instead, they wait in its line.
const THREADS_MAX: usize = 32;
/// How long one bot tries again where the server says that may help.
const PATIENCE: Duration = Duration::from_secs(60);
/// Times one bot hears nothing before it gives up: of a crowd that comes at once, some connections break.
const UNHEARD_MAX: usize = 3;
/// Longest wait between two tries.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// Shortest one.
const WAIT_MIN: Duration = Duration::from_millis(50);

/// A bot that may connect, or may not.
pub(crate) struct Enlisted {
    /// Its place in the swarm, from 0.
    pub(crate) index: usize,
    pub(crate) outcome: Result<Connection, ApiError>,
}

/// Whom to enlist.
pub(crate) struct Roll<'a> {
    pub(crate) api: &'a Api,
    pub(crate) count: usize,
    pub(crate) name_prefix: &'a str,
    pub(crate) password: &'a str,
}

impl Roll<'_> {
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
            let outcome = self.connection(&self.name(index), &mut door, stop);
            if out.send(Enlisted { index, outcome }).is_err() {
                return;
            }
        }
    }

    fn connection(&self, name: &str, door: &mut Door, stop: &AtomicBool) -> Result<Connection, ApiError> {
        let (began, mut unheard) = (Instant::now(), 0);
        loop {
            match self.login(name, door).and_then(|login| self.api.connect_token(&login)) {
                Err(error) if began.elapsed() < PATIENCE && !stop.load(Ordering::Relaxed) => {
                    let is_unheard = matches!(error, ApiError::Unreachable { .. });
                    unheard += usize::from(is_unheard);
                    let again = (is_unheard && unheard < UNHEARD_MAX).then_some(WAIT_MIN);
                    let Some(wait) = error.retry_after().or(again) else { return Err(error) };
                    pause(wait.clamp(WAIT_MIN, WAIT_MAX), stop);
                }
                outcome => return outcome,
            }
        }
    }

    fn login(&self, name: &str, door: &mut Door) -> Result<Login, ApiError> {
        if *door == Door::Guests {
            match self.api.guest(name) {
                // This server takes no guests, or knows none: nor will it for the next bot.
                Err(error) if matches!(error.status(), Some(403 | 404)) => *door = Door::Passwords,
                // The name has a password from an earlier run.
                Err(error) if error.status() == Some(409) => {}
                outcome => return outcome,
            }
        }
        // Registers first: a login without an account counts as a failed one, and many of those lock an address out.
        match self.api.register(name, self.password) {
            // The name carries over from an earlier run.
            Err(error) if error.status() == Some(409) => {}
            registered => drop(registered?),
        }
        self.api.login(name, self.password)
    }
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
fn pause(wait: Duration, stop: &AtomicBool) {
    let until = Instant::now() + wait;
    while !stop.load(Ordering::Relaxed) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(WAIT_MIN));
    }
}
