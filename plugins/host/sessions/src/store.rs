//! Questions on their way to the store.

use std::collections::VecDeque;

use bevy_ecs::prelude::{Res, ResMut, Resource};
use hypogeum_protocol::AccountId;
use hypogeum_store::{StorePort, StoreReply, StoreRequest};

use crate::HostTick;
use crate::session::Kept;

/// Questions that may wait for a store that takes none before nobody is let in any more.
const WAITING_MAX: usize = 16_384;

/// Asks that could not be handed over yet, and how many answers are owed.
#[derive(Resource, Debug)]
pub(crate) struct Store {
    port: StorePort,
    waiting: VecDeque<StoreRequest>,
    later: Vec<(u64, StoreRequest)>,
    owed: u64,
}

impl Store {
    pub(crate) const fn new(port: StorePort) -> Self {
        Self { port, waiting: VecDeque::new(), later: Vec::new(), owed: 0 }
    }

    /// Asks; it goes out at the end of the tick. What waits is bounded by sessions and matches, which ask one thing at a
    /// time, and by [`Store::is_crowded`]: who goes away and comes again leaves a question behind each time.
    pub(crate) fn ask(&mut self, request: StoreRequest) {
        self.waiting.push_back(request);
        self.owed += 1;
    }

    /// Notes that an account has heard everything its profile says it was not told.
    pub(crate) fn heard(&mut self, account: AccountId, kept: &mut Kept) {
        let untold = kept.0.as_mut().map(|profile| std::mem::take(&mut profile.untold)).unwrap_or_default();
        for (match_id, _) in untold {
            self.ask(StoreRequest::Heard { account, match_id });
        }
    }

    /// Asks at a later tick: what failed may work then.
    pub(crate) fn ask_at(&mut self, tick: u64, request: StoreRequest) {
        self.later.push((tick, request));
        self.owed += 1;
    }

    /// Whether so much waits that whoever comes now must be sent away.
    pub(crate) fn is_crowded(&self) -> bool {
        self.waiting.len() >= WAITING_MAX
    }

    /// The next answer.
    pub(crate) fn answer(&mut self) -> Option<StoreReply> {
        let reply = self.port.answer()?;
        self.owed = self.owed.saturating_sub(1);
        Some(reply)
    }

    /// Whether every question has its answer.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.owed == 0
    }
}

/// Hands questions to the store, as many as it takes.
pub(crate) fn persist(mut store: ResMut<Store>, tick: Res<HostTick>) {
    let store = &mut *store;
    store.waiting.extend(store.later.extract_if(.., |(due, _)| *due <= tick.0).map(|(_, request)| request));
    while let Some(request) = store.waiting.pop_front() {
        if let Err(request) = store.port.ask(request) {
            store.waiting.push_front(request);
            break;
        }
    }
}
