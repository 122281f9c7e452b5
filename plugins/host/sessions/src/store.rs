//! Questions on their way to the store.

use std::collections::VecDeque;

use bevy_ecs::prelude::{MessageWriter, Query, Res, ResMut, Resource};
use hypogeum_locale::Locales;
use hypogeum_protocol::{AccountId, MatchId};
use hypogeum_store::{StoreFailure, StorePort, StoreReply, StoreRequest};

use crate::greet::{self, Greeting};
use crate::in_turn::RETRY_S_MAX;
use crate::messages::StoreAnswered;
use crate::reply::Reply;
use crate::session::{CachedAccount, Session, SessionIndex, SessionItem, Stage};
use crate::settled::send_unacknowledged;
use crate::{HostTick, SessionsConfig};

/// Questions that may wait for a store that takes none before nobody is let in any more.
const WAITING_MAX: usize = 16_384;

/// Asks that could not be handed over yet, and how many answers are owed.
#[derive(Resource, Debug)]
pub struct Store {
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
    /// time, and by `is_crowded`: who goes away and comes again leaves a question behind each time.
    pub fn ask(&mut self, request: StoreRequest) {
        self.waiting.push_back(request);
        self.owed += 1;
    }

    /// Acknowledges the reports sent to an account: they will not be sent again. Sending alone is no proof: the connection may
    /// have been dead already. A player who says goodbye, leaves a shard or asks for another match has seen them.
    pub fn acknowledge_reports(&mut self, account: AccountId, cached: &mut CachedAccount) {
        cached.acknowledged.extend(&cached.sent);
        for match_id in cached.sent.drain(..) {
            self.ask(StoreRequest::AcknowledgeReport { account, match_id });
        }
    }

    /// Asks for what a session's account has now.
    pub fn read_again(&mut self, session: &SessionItem) {
        let (account, character, tag) = (session.who.account, session.who.character, session.who.session.0);
        self.ask(StoreRequest::LoadProfile { account, character, tag });
    }

    /// Asks at a later tick: what failed may work then.
    fn ask_at(&mut self, tick: u64, request: StoreRequest) {
        self.later.push((tick, request));
        self.owed += 1;
    }

    /// A match, or a visit, could not be undone: the store is asked again at a later tick, as long as that may help.
    fn not_undone(&mut self, match_id: MatchId, failure: &StoreFailure, tick: u64) {
        if failure.is_passing() {
            self.ask_at(tick, StoreRequest::AbandonMatch { match_id });
        } else {
            tracing::error!(%match_id, %failure, "a match could not be undone");
        }
    }

    /// Whether so much waits that newcomers must be refused.
    pub(crate) fn is_crowded(&self) -> bool {
        self.waiting.len() >= WAITING_MAX
    }

    /// The next answer.
    fn answer(&mut self) -> Option<StoreReply> {
        let reply = self.port.answer()?;
        self.owed = self.owed.saturating_sub(1);
        Some(reply)
    }

    /// Whether every question has its answer.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.owed == 0
    }
}

/// Takes every answer of the store: profiles are for sessions, all others are passed on to the crates above. An answer for a session
/// that is gone is dropped.
pub(crate) fn take_answers(
    mut store: ResMut<Store>,
    mut reply: Reply,
    (greeting, locales, config): (Res<Greeting>, Res<Locales>, Res<SessionsConfig>),
    (index, mut sessions): (Res<SessionIndex>, Query<Session>),
    mut answers: MessageWriter<StoreAnswered>,
) {
    while let Some(answer) = store.answer() {
        let (account, profile) = match &answer {
            StoreReply::Profile { account, profile, .. } => (Some(*account), profile.as_deref()),
            StoreReply::Failed { request, failure } => {
                reply.counters.store_failures += 1;
                match &**request {
                    StoreRequest::LoadProfile { account, .. } => (Some(*account), None),
                    StoreRequest::AbandonMatch { match_id } => {
                        store.not_undone(*match_id, failure, reply.tick.0 + config.ticks(RETRY_S_MAX));
                        (None, None)
                    }
                    _ => (None, None),
                }
            }
            _ => (None, None),
        };
        let entity = account.and_then(|account| index.session_of(account));
        if let Some(mut session) = entity.and_then(|entity| sessions.get_mut(entity).ok()) {
            if *session.stage == Stage::Loading {
                greet::profile_arrived(&mut reply, (&greeting, &locales), &mut session, profile);
            }
            if let StoreReply::Profile { profile: Some(profile), character, .. } = &answer {
                send_unacknowledged(&mut reply, &mut session, profile);
                session.cached.profile = Some(profile.clone());
                session.cached.character.clone_from(character);
            }
        }
        answers.write(StoreAnswered(answer));
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
