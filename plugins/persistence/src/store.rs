//! One open data directory.

use std::path::Path;
use std::sync::Arc;

use hypogeum_progression::{StarterKit, StoreFailure, StoreReply, StoreRequest};
use hypogeum_protocol::{AccountId, MatchId};
use sqlx::Row;
use tokio::runtime::{Handle, Runtime};

use crate::creation::Creations;
use crate::error::OpenError;
use crate::open::{DirectoryLock, Pools, lock_directory, open_database};
use crate::rows::{BEGIN_WRITING, Refusal, unsigned};
use crate::{escrow, profile, settle};

/// What a crash had left behind, as found when opening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Matches that had begun and never ended.
    pub matches_abandoned: u32,
    /// Items that went from their escrow back to a stash.
    pub items_returned: u32,
}

/// One open data directory. A clone is another handle on the same one; the last to go closes it.
#[derive(Clone, Debug)]
pub struct Store {
    open: Arc<Open>,
}

#[derive(Debug)]
struct Open {
    pools: Pools,
    creations: Creations,
    recovered: Recovered,
    next_match: MatchId,
    /// All SQL runs here, so a caller that stops waiting does not stop a transaction half way.
    runtime: Option<Runtime>,
    /// Held until the database is closed.
    lock: Option<DirectoryLock>,
}

impl Store {
    /// Opens the directory, makes it and the database where missing, migrates, and sends the escrow of matches that a
    /// crash left unfinished home. New accounts will get `starter`. May be called from any thread, but waits for the
    /// disk.
    ///
    /// # Errors
    /// [`OpenError`]: one sentence for whoever starts the server. Nothing stays open then.
    pub fn open(path: &Path, starter: StarterKit) -> Result<Self, OpenError> {
        let lock = lock_directory(path)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("store-sql")
            .enable_time()
            .build()
            .map_err(OpenError::Threads)?;
        let opening = async {
            let pools = open_database(path).await?;
            let failed = |error: Refusal| OpenError::Database { path: path.to_owned(), cause: error.to_string() };
            let recovered = recover(&pools).await.map_err(failed)?;
            let next_match = next_match(&pools).await.map_err(failed)?;
            Ok((pools, recovered, next_match))
        };
        let (pools, recovered, next_match) = outside_async(|| runtime.block_on(opening))?;
        let (creations, creating) = Creations::new(pools.writer.clone(), Arc::new(starter));
        runtime.spawn(creating);
        let open = Open { pools, creations, recovered, next_match, runtime: Some(runtime), lock: Some(lock) };
        Ok(Self { open: Arc::new(open) })
    }

    /// What a crash had left behind.
    #[must_use]
    pub fn recovered(&self) -> Recovered {
        self.open.recovered
    }

    /// The first match number nobody had used when this store was opened. Count up from it.
    #[must_use]
    pub fn next_match(&self) -> MatchId {
        self.open.next_match
    }

    /// Answers one request, waiting for the disk. Not to be called from an async task.
    #[must_use]
    pub fn answer(&self, request: StoreRequest) -> StoreReply {
        let Some(runtime) = self.runtime() else {
            let failure = StoreFailure::Unavailable("the store is closing".into());
            return StoreReply::Failed { request: Box::new(request), failure };
        };
        let answered = runtime.block_on(self.answer_async(&request));
        answered.unwrap_or_else(|refusal| StoreReply::Failed { request: Box::new(request), failure: refusal.into() })
    }

    /// Answers many [`StoreRequest::LoadProfile`], in the order asked, at little more than the cost of one. `asked` is
    /// account and tag of each.
    pub(crate) fn answer_profiles(&self, asked: &[(AccountId, u64)]) -> Vec<StoreReply> {
        let load = profile::load(&self.pools().reader, asked.iter().map(|(account, _)| *account));
        let loaded = match self.runtime() {
            Some(runtime) => runtime.block_on(load).map_err(StoreFailure::from),
            None => Err(StoreFailure::Unavailable("the store is closing".into())),
        };
        let reply = |&(account, tag): &(AccountId, u64)| match &loaded {
            Ok(profiles) => {
                StoreReply::Profile { tag, account, profile: profiles.get(&account).cloned().map(Box::new) }
            }
            Err(failure) => StoreReply::Failed {
                request: Box::new(StoreRequest::LoadProfile { account, tag }),
                failure: failure.clone(),
            },
        };
        asked.iter().map(reply).collect()
    }

    async fn answer_async(&self, request: &StoreRequest) -> Result<StoreReply, Refusal> {
        let pools = self.pools();
        match request {
            StoreRequest::LoadProfile { account, tag } => {
                let profile = profile::load(&pools.reader, [*account]).await?.remove(account).map(Box::new);
                Ok(StoreReply::Profile { tag: *tag, account: *account, profile })
            }
            StoreRequest::TakeEscrow { match_id, mode, seed, seats } => {
                let mut changes = pools.writer.begin_with(BEGIN_WRITING).await?;
                let reply = escrow::take(&mut changes, *match_id, mode, *seed, seats).await?;
                changes.commit().await?;
                Ok(reply)
            }
            StoreRequest::Settle(order) => {
                let mut changes = pools.writer.begin_with(BEGIN_WRITING).await?;
                let reply = settle::settle_match(&mut changes, order).await?;
                changes.commit().await?;
                Ok(reply)
            }
            StoreRequest::AbandonMatch { match_id } => {
                let mut changes = pools.writer.begin_with(BEGIN_WRITING).await?;
                let items_returned = escrow::abandon(&mut changes, *match_id).await?;
                changes.commit().await?;
                Ok(StoreReply::Abandoned { match_id: *match_id, items_returned })
            }
        }
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
        outside_async(move || {
            runtime.block_on(async {
                pools.reader.close().await;
                pools.writer.close().await;
            });
            drop(runtime);
            drop(lock);
        });
    }
}

/// Runs what blocks on a runtime from a thread that belongs to none: the caller's may.
fn outside_async<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| match scope.spawn(work).join() {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

async fn recover(pools: &Pools) -> Result<Recovered, Refusal> {
    let mut changes = pools.writer.begin_with(BEGIN_WRITING).await?;
    let unfinished =
        sqlx::query("SELECT id FROM matches WHERE state = 'running' ORDER BY id").fetch_all(&mut *changes).await?;
    let mut recovered = Recovered::default();
    for row in unfinished {
        recovered.items_returned += escrow::abandon(&mut changes, MatchId(unsigned(row.try_get("id")?))).await?;
        recovered.matches_abandoned += 1;
    }
    changes.commit().await?;
    Ok(recovered)
}

async fn next_match(pools: &Pools) -> Result<MatchId, Refusal> {
    let row = sqlx::query("SELECT COALESCE(MAX(id), 0) + 1 AS next FROM matches").fetch_one(&pools.reader).await?;
    Ok(MatchId(unsigned(row.try_get("next")?)))
}
