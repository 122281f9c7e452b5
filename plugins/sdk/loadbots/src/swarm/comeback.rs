//! The way back for bots whose server fell silent: a few threads ask for connect tokens with the logins there are, until
//! the server, or the one that takes its place, gives some.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::thread::Scope;
use std::time::Duration;

use hypogeum_client::{ApiError, Login};
use parking_lot::{Mutex, MutexGuard};

use crate::driver::{Arrival, Lost};
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

/// Those who are lost, and those who ask for them.
pub(super) struct Comeback<'a> {
    pub(super) queue: &'a LoginQueue<'a>,
    pub(super) doors: &'a [Sender<Arrival>],
    pub(super) over: &'a AtomicBool,
    pub(super) waiting: Mutex<VecDeque<Lost>>,
    pub(super) working: AtomicUsize,
}

impl<'a> Comeback<'a> {
    pub(super) fn new(queue: &'a LoginQueue<'a>, doors: &'a [Sender<Arrival>], over: &'a AtomicBool) -> Self {
        Self { queue, doors, over, waiting: Mutex::default(), working: AtomicUsize::new(0) }
    }

    /// Takes note of who is lost now, and starts as many threads as that takes. They end when nobody waits any more.
    pub(super) fn look_after<'scope>(&'scope self, lost: &Receiver<Lost>, scope: &'scope Scope<'scope, '_>) {
        let mut waiting = self.lock();
        waiting.extend(lost.try_iter());
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
            let Some(lost) = self.lock().pop_front() else { return };
            let outcome = self.entrance(&lost);
            if let Some(door) = self.doors.get(lost.driver) {
                // A driver that is gone has panicked, or the run is over.
                let _ = door.send(Arrival::Back { key: lost.key, outcome });
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
    fn entrance(&self, lost: &Lost) -> Result<Entrance, ApiError> {
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
            let is_void = error.status() == Some(401) || matches!(error, ApiError::NotRefreshable);
            if is_void && !is_new {
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

    fn lock(&self) -> MutexGuard<'_, VecDeque<Lost>> {
        // Each change is whole by itself.
        self.waiting.lock()
    }
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
    use super::*;

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
