//! One open database.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_crash::crash_point;
use hypogeum_progression::{RewardRules, StarterKit};
use hypogeum_protocol::{MatchId, ShardId};
use hypogeum_store::{StoreFailure, StoreHealth, StoreReply, StoreRequest};
use tokio::runtime::{Handle, Runtime};

use crate::change::Change;
use crate::creation::Creations;
use crate::directory::{DataDirLock, lock_directory};
use crate::error::OpenError;
use crate::health::keep_watch;
use crate::open::{self, Address, Database};
use crate::outbox::AcknowledgeReports;
use crate::pairing::pair;
use crate::place::Place;
use crate::refusal::Refusal;
use crate::rows::unsigned;
use crate::transaction::{Pools, Transaction};
use crate::{brought, chat, ended_games, escrow, friends, outside_async, profile, scores, settle, visits};

/// How long closing waits for a database that does not answer.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// What was undone of a run before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Matches that had begun and never ended.
    pub matches_abandoned: u32,
    /// Items that went from their escrow back to a stash.
    pub items_returned: u32,
}

/// One open database. A clone is another handle on the same one; the last to go closes it.
#[derive(Clone, Debug)]
pub struct Store {
    open: Arc<Open>,
}

#[derive(Debug)]
struct Open {
    pools: Pools,
    creations: Creations,
    found: FirstLook,
    /// All SQL runs here, so a caller that stops waiting does not stop a transaction half way.
    runtime: Option<Runtime>,
    /// Held until the database is closed.
    lock: Option<DataDirLock>,
}

impl Store {
    /// Opens the SQLite database of a data directory; makes both where missing, and migrates. New accounts will get
    /// `starter`. May be called from any thread, but waits for the disk.
    ///
    /// # Errors
    /// [`OpenError`]: one sentence for the operator. Nothing stays open then.
    pub fn open(path: &Path, starter: StarterKit) -> Result<Self, OpenError> {
        Self::open_at(path, None, starter)
    }

    /// As [`Store::open`], but what is kept is kept in the PostgreSQL database at `url`, `postgres://…`, from version 14
    /// on. It must be there; its tables are made. One server at a time has it, and holds the data directory, too.
    ///
    /// # Errors
    /// [`OpenError`]: one sentence for the operator, without the password in `url`. Nothing stays open
    /// then.
    pub fn connect(path: &Path, url: &str, starter: StarterKit) -> Result<Self, OpenError> {
        Self::open_at(path, Some(url), starter)
    }

    fn open_at(path: &Path, url: Option<&str>, starter: StarterKit) -> Result<Self, OpenError> {
        let (address, place) = Address::of(path, url)?;
        let lock = lock_directory(path)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("store-sql")
            .enable_all()
            .build()
            .map_err(OpenError::Threads)?;
        let opening = async {
            let database = open::open(&address, &place).await?;
            pair(path, &database.identity, &place)?;
            let found = first_look(&database.pools, &place).await?;
            Ok((database, found))
        };
        let (database, found) = outside_async::run(|| runtime.block_on(opening))?;
        let Database { pools, lease, .. } = database;
        let (creations, creating) = Creations::new(pools.clone(), Arc::new(starter));
        runtime.spawn(creating);
        runtime.spawn(keep_watch(pools.watch.clone(), pools.writer.clone(), lease));
        let open = Open { pools, creations, found, runtime: Some(runtime), lock: Some(lock) };
        Ok(Self { open: Arc::new(open) })
    }

    /// The matches that had begun and not ended when this store was opened, and the open shards that held something or had
    /// visitors who brought something, in the order of their numbers. They hold what was brought into them until they are
    /// settled or abandoned.
    #[must_use]
    pub fn unfinished(&self) -> Vec<MatchId> {
        self.open.found.unfinished.clone()
    }

    /// The visits to open shards for which something was checked out, and that had not ended when this store was opened, each
    /// with its shard, in the order of their numbers.
    #[must_use]
    pub fn unfinished_visits(&self) -> Vec<(MatchId, ShardId)> {
        self.open.found.visits.clone()
    }

    /// Abandons matches nobody can go on with: what they hold returns to the stashes. One that cannot be reached stays
    /// as it is, and is unfinished at the next opening again.
    pub fn abandon_unfinished(&self, matches: &[MatchId]) -> Recovered {
        let mut recovered = Recovered::default();
        for &match_id in matches {
            match self.answer(StoreRequest::AbandonMatch { match_id }) {
                StoreReply::Abandoned { items_returned, .. } => {
                    recovered.matches_abandoned += 1;
                    recovered.items_returned += items_returned;
                }
                StoreReply::Failed { failure, .. } => tracing::error!(%match_id, %failure, "a match is not undone"),
                _ => {}
            }
        }
        recovered
    }

    /// The first match of a server that was in nobody's use when this store was opened. Count up from it.
    #[must_use]
    pub fn next_match(&self, server: u16) -> MatchId {
        MatchId::next_of(server, self.open.found.last_matches.iter().copied())
    }

    /// Counts matches that are settled from now on for these achievements, and rewards them. What was said first stays.
    pub fn count_for(&self, rules: RewardRules) {
        // A second one changes nothing.
        let _ = self.open.pools.rules.set(rules);
    }

    /// Whether requests are answered now. It is asked every second while they are not, so it knows without traffic.
    #[must_use]
    pub fn health(&self) -> StoreHealth {
        self.open.pools.watch.health()
    }

    /// Answers one request, waiting for the database: a few seconds where that does not answer. Not to be called from
    /// an async task.
    #[must_use]
    pub fn answer(&self, request: StoreRequest) -> StoreReply {
        let Some(runtime) = self.runtime() else {
            let failure = StoreFailure::Unavailable("the store is closing".into());
            return StoreReply::Failed { request: Box::new(request), failure };
        };
        let answered = runtime.block_on(self.answer_async(&request));
        answered.unwrap_or_else(|refusal| StoreReply::Failed { request: Box::new(request), failure: refusal.into() })
    }

    async fn answer_async(&self, request: &StoreRequest) -> Result<StoreReply, Refusal> {
        if let StoreRequest::LoadProfile { account, character, tag } = request {
            let mut loaded = profile::load(self.pools(), &[(*account, *character)]).await?;
            let character = loaded.sheet(*account, *character);
            let profile = loaded.profiles.remove(account).map(Box::new);
            return Ok(StoreReply::Profile { tag: *tag, account: *account, profile, character });
        }
        if let StoreRequest::Chat(request) = request {
            return chat::answer(self.pools(), request).await.map(StoreReply::Chat);
        }
        if let StoreRequest::Games(request) = request {
            return ended_games::answer(self.pools(), request).await.map(StoreReply::Games);
        }
        if let StoreRequest::Social(request) = request {
            return friends::answer(self.pools(), request).await.map(StoreReply::Social);
        }
        if let StoreRequest::Scores(request) = request {
            return scores::answer(self.pools(), request).await.map(StoreReply::Scores);
        }
        match request {
            StoreRequest::TakeEscrow { .. } => crash_point!("before_escrow"),
            StoreRequest::CheckOut(_) => crash_point!("before_check_out"),
            _ => {}
        }
        let answered = self.pools().change(&Asked(request)).await;
        match request {
            StoreRequest::TakeEscrow { .. } => crash_point!("after_escrow"),
            StoreRequest::CheckOut(_) => crash_point!("after_check_out"),
            StoreRequest::SettleSeats(_) => crash_point!("after_seat_commit"),
            StoreRequest::Settle(_) => crash_point!("after_settle_commit"),
            StoreRequest::SettleVisit { .. } => crash_point!("after_visit_commit"),
            _ => {}
        }
        answered
    }

    pub(crate) fn pools(&self) -> &Pools {
        &self.open.pools
    }

    pub(crate) fn creations(&self) -> &Creations {
        &self.open.creations
    }

    pub(crate) fn runtime(&self) -> Option<&Handle> {
        self.open.runtime.as_ref().map(Runtime::handle)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let (Some(runtime), lock) = (self.runtime.take(), self.lock.take()) else { return };
        let pools = self.pools.clone();
        outside_async::run(move || {
            if runtime.block_on(async { tokio::time::timeout(CLOSE_TIMEOUT, pools.close()).await }).is_err() {
                tracing::warn!("the database did not let go in time");
            }
            drop(runtime);
            drop(lock);
        });
    }
}

/// A request that changes something.
pub(crate) struct Asked<'a>(pub(crate) &'a StoreRequest);

impl Change for Asked<'_> {
    type Done = StoreReply;

    async fn apply(&self, changes: &mut Transaction) -> Result<StoreReply, Refusal> {
        match self.0 {
            StoreRequest::TakeEscrow { match_id, mode, seed, seats } => {
                escrow::take(changes, *match_id, mode, *seed, seats).await
            }
            StoreRequest::SettleSeats(order) => {
                let settled = settle::settle_some(changes, order).await;
                crash_point!("before_seat_commit");
                settled
            }
            StoreRequest::Settle(order) => {
                let settled = settle::settle_match(changes, order).await;
                crash_point!("before_settle_commit");
                settled
            }
            StoreRequest::CheckOut(asked) => visits::check_out(changes, asked).await,
            StoreRequest::SettleVisit { visit, shard, place, grant } => {
                let settled = visits::settle_visit(changes, (*visit, *shard), place, grant).await;
                crash_point!("before_visit_commit");
                settled
            }
            StoreRequest::KeepCharacters { kept } => {
                let count = brought::keep(changes, kept).await?;
                Ok(StoreReply::CharactersKept { count })
            }
            StoreRequest::AcknowledgeReport { account, match_id } => {
                AcknowledgeReports(&[(*account, *match_id)]).apply(changes).await?;
                Ok(StoreReply::ReportAcknowledged { account: *account, match_id: *match_id })
            }
            StoreRequest::AbandonMatch { match_id } => {
                let items_returned = escrow::abandon(changes, *match_id).await?;
                Ok(StoreReply::Abandoned { match_id: *match_id, items_returned })
            }
            StoreRequest::LoadProfile { .. }
            | StoreRequest::Chat(_)
            | StoreRequest::Games(_)
            | StoreRequest::Scores(_)
            | StoreRequest::Social(_) => Err(StoreFailure::Broken("this is answered elsewhere".to_owned()).into()),
        }
    }
}

/// What a database has as it is opened.
#[derive(Debug, Default)]
struct FirstLook {
    /// Matches, and open shards, that hold something or are not over.
    unfinished: Vec<MatchId>,
    /// Visits that are not over, and their shards.
    visits: Vec<(MatchId, ShardId)>,
    /// The last match of each server that began some.
    last_matches: Vec<MatchId>,
}

async fn first_look(pools: &Pools, place: &Place) -> Result<FirstLook, OpenError> {
    async fn read(view: &mut Transaction) -> Result<FirstLook, Refusal> {
        let mut found = FirstLook { visits: visits::running(view).await?, ..FirstLook::default() };
        let unfinished = "SELECT DISTINCT COALESCE(shard, id) AS id FROM matches WHERE state = 'running' ORDER BY 1";
        for row in view.rows(unfinished, &[]).await? {
            found.unfinished.push(MatchId(unsigned(row.number("id")?)));
        }
        // As MatchId::COUNT_BITS has it.
        const { assert!(MatchId::COUNT_BITS == 40) };
        for row in view.rows("SELECT MAX(id) AS last FROM matches GROUP BY id >> 40", &[]).await? {
            found.last_matches.push(MatchId(unsigned(row.number("last")?)));
        }
        Ok(found)
    }
    let mut view = pools.view().await.map_err(|refusal| place.failed(&refusal))?;
    let found = read(&mut view).await;
    view.finish(found).await.map_err(|refusal| place.failed(&refusal))
}
