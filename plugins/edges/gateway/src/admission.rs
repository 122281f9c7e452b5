//! Whether anyone is let in, whether anything is granted, and what troubles the server.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bevy_ecs::prelude::Resource;
use parking_lot::{Mutex, MutexGuard};

/// Whether the server admits clients, as the host says. Closed at first. Clones share it.
///
/// | the host says | `/readyz` | requests |
/// |---|---|---|
/// | [`Admission::close`] | 503 `draining` | all 503 `draining`, but who plays may refresh their login, and renew it on a WebSocket |
/// | [`Admission::refuse`] | 503 `unready` with reasons | what would grant something 503 `try_later`; play goes on |
/// | [`Admission::degrade`] | 200 `degraded` with reasons | as ever |
/// | nothing, and it is open | 200 `ready` | as ever |
///
/// Reasons are words of the code, so there are few. Each is taken back by the same word.
#[derive(Resource, Clone, Debug, Default)]
pub struct Admission {
    state: Arc<AdmissionState>,
}

#[derive(Debug, Default)]
struct AdmissionState {
    open: AtomicBool,
    /// Whether `troubles` names a reason to grant nothing: all that requests look at.
    refusing: AtomicBool,
    troubles: Mutex<Troubles>,
}

#[derive(Debug, Default)]
struct Troubles {
    degraded: BTreeSet<&'static str>,
    refused: BTreeSet<&'static str>,
}

/// How the server is, as [`Admission::health`] finds it. Reasons are in alphabetical order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// All is well.
    Ready,
    /// Something is wrong, and everything works.
    Degraded(Vec<&'static str>),
    /// Nothing is granted.
    Unready(Vec<&'static str>),
    /// Nobody is let in.
    Draining,
}

impl Admission {
    /// Lets players in.
    pub fn open(&self) {
        self.state.open.store(true, Ordering::Release);
    }

    /// Lets nobody in any more: the server drains.
    pub fn close(&self) {
        self.state.open.store(false, Ordering::Release);
    }

    /// Whether players are let in.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state.open.load(Ordering::Acquire)
    }

    /// Something is wrong that operators should know of, such as `"database"`; everything works all the same.
    pub fn degrade(&self, reason: &'static str) {
        self.troubles().degraded.insert(reason);
    }

    /// Takes [`Admission::degrade`] back.
    pub fn recover(&self, reason: &'static str) {
        self.troubles().degraded.remove(reason);
    }

    /// Nothing may be granted now: no new accounts, no trades, no shop. Logins and connect tokens are given out as ever.
    pub fn refuse(&self, reason: &'static str) {
        let mut troubles = self.troubles();
        troubles.refused.insert(reason);
        self.state.refusing.store(true, Ordering::Release);
    }

    /// Takes [`Admission::refuse`] back. Grants are taken again once no reason is left.
    pub fn allow(&self, reason: &'static str) {
        let mut troubles = self.troubles();
        troubles.refused.remove(reason);
        self.state.refusing.store(!troubles.refused.is_empty(), Ordering::Release);
    }

    /// Whether nothing may be granted now.
    #[must_use]
    pub fn is_refusing(&self) -> bool {
        self.state.refusing.load(Ordering::Acquire)
    }

    pub(crate) fn health(&self) -> Health {
        if !self.is_open() {
            return Health::Draining;
        }
        let troubles = self.troubles();
        let words = |reasons: &BTreeSet<&'static str>| reasons.iter().copied().collect();
        match (troubles.refused.is_empty(), troubles.degraded.is_empty()) {
            (true, true) => Health::Ready,
            (true, false) => Health::Degraded(words(&troubles.degraded)),
            (false, _) => Health::Unready(words(&troubles.refused)),
        }
    }

    // A poisoned lock still guards whole sets.
    fn troubles(&self) -> MutexGuard<'_, Troubles> {
        self.state.troubles.lock()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_are_taken_again_once_no_reason_against_it_is_left() {
        let admission = Admission::default();
        admission.open();
        admission.refuse("outbox");
        admission.refuse("journal");
        admission.refuse("outbox");
        assert_eq!(admission.health(), Health::Unready(vec!["journal", "outbox"]), "both reasons, each once");
        admission.allow("outbox");
        assert!(admission.is_refusing(), "one reason is left");
        admission.allow("outbox");
        admission.allow("journal");
        assert!(!admission.is_refusing(), "none is left");
        assert_eq!(admission.health(), Health::Ready, "all is well");
    }

    #[test]
    fn the_worst_trouble_is_reported() {
        let admission = Admission::default();
        admission.degrade("database");
        assert_eq!(admission.health(), Health::Draining, "nobody is let in: nothing else counts");
        admission.open();
        assert_eq!(admission.health(), Health::Degraded(vec!["database"]), "something is wrong");
        assert!(!admission.is_refusing(), "but everything works");
        admission.clone().refuse("outbox");
        assert_eq!(admission.health(), Health::Unready(vec!["outbox"]), "clones share it");
        admission.allow("outbox");
        admission.recover("database");
        assert_eq!(admission.health(), Health::Ready, "all is well");
    }
}
