//! How threads beside the tick tell what has changed in the database, and ask where somebody is: HTTP, a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bevy_ecs::prelude::Resource;
use hypogeum_hosting::{Answer, Promise, promise};
use hypogeum_protocol::{AccountId, Whereabouts};
use hypogeum_store::{Bounded, VisibleTo};

/// What may wait for the tick. What is told beyond it is not pushed, but whoever is here is read again; a question is refused.
const WAITING_MAX: usize = 8_192;

/// The way to the tick. A clone leads to the same.
#[derive(Resource, Clone, Debug)]
pub struct SocialPort(pub(crate) Arc<Bounded<Asked>>, Arc<AtomicBool>);

impl Default for SocialPort {
    fn default() -> Self {
        Self(Arc::new(Bounded::new(WAITING_MAX)), Arc::default())
    }
}

/// What stands in the database from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocialNews {
    /// Somebody has asked somebody to be friends.
    Requested {
        /// Who asks.
        from: AccountId,
        /// As it is called.
        from_name: String,
        /// Who is asked.
        to: AccountId,
    },
    /// Two are friends.
    Accepted {
        /// Each, as it is called.
        friends: [(AccountId, String); 2],
    },
    /// Two are friends no longer, or one has declined.
    Parted {
        /// The two, in any order.
        both: [AccountId; 2],
    },
    /// Somebody blocks somebody, or does no longer.
    Blocked {
        /// Who blocks.
        account: AccountId,
        /// Who is blocked.
        other: AccountId,
        /// `false`: no longer.
        is_blocked: bool,
    },
    /// Somebody was told something to read.
    Messaged {
        /// Whose message it is.
        to: AccountId,
        /// How many messages it has not read.
        unread: u64,
    },
    /// Somebody says who may see where it is.
    VisibleTo {
        /// Whose whereabouts these are.
        account: AccountId,
        /// Who may see it.
        visible_to: VisibleTo,
    },
}

#[derive(Debug)]
pub(crate) enum Asked {
    News(SocialNews),
    Look { viewer: AccountId, others: Vec<AccountId>, promise: Promise<Vec<Whereabouts>> },
}

impl SocialPort {
    /// Tells what has changed.
    pub fn tell(&self, news: SocialNews) {
        // What finds no room stands in the database.
        if self.0.try_push(Asked::News(news)).is_err() {
            self.1.store(true, Ordering::Release);
        }
    }

    /// Whether something was told that found no room, since this was asked last.
    pub(crate) fn take_missed(&self) -> bool {
        self.1.swap(false, Ordering::AcqRel)
    }

    /// Where others are, as far as somebody may see it: one answer for each, in their order.
    pub fn look(&self, viewer: AccountId, others: Vec<AccountId>) -> Answer<Vec<Whereabouts>> {
        let (promise, answer) = promise();
        // Refused, it is dropped, and the answer is that there will be none.
        drop(self.0.try_push(Asked::Look { viewer, others, promise }));
        answer
    }
}

/// The tick's end of the port: it ends with the host's app, and all who wait are told.
#[derive(Resource, Debug)]
pub(crate) struct PortEnd(pub(crate) SocialPort);

impl Drop for PortEnd {
    fn drop(&mut self) {
        let queue = &self.0.0;
        queue.close();
        while queue.try_pop().is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_no_room_is_noticed_once() {
        let port = SocialPort::default();
        let news = SocialNews::Blocked { account: AccountId(1), other: AccountId(2), is_blocked: true };
        (0..WAITING_MAX).for_each(|_| port.tell(news.clone()));
        assert!(!port.take_missed(), "so many wait");
        port.clone().tell(news);
        assert_eq!([port.take_missed(), port.take_missed()], [true, false], "one more does not");
    }
}
