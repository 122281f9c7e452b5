//! Something to be done in one transaction, tried again where it lost against another.

use crate::refusal::{FailureKind, Refusal};
use crate::sql::{Bind, Row};
use crate::store::Store;
use crate::transaction::{Pools, Transaction};

/// How often it is tried again because another wanted the same at the same time.
const CONFLICTS_MAX: u32 = 8;

/// What is done in one transaction, and safe to be done again where it is not known whether it was.
pub(crate) trait Change: Send + Sync {
    /// What it comes to, where it is not refused.
    type Done: Send;

    /// Does it; where it is refused, the transaction is undone.
    fn apply(&self, changes: &mut Transaction) -> impl Future<Output = Result<Self::Done, Refusal>> + Send;
}

impl Pools {
    /// Does it, and keeps it.
    pub(crate) async fn change<C: Change>(&self, change: &C) -> Result<C::Done, Refusal> {
        let mut tries = 0;
        loop {
            let mut changes = self.begin().await?;
            let done = change.apply(&mut changes).await;
            match changes.finish(done).await {
                Err(refusal) if refusal.kind() == FailureKind::Conflict && tries < CONFLICTS_MAX => tries += 1,
                finished => return finished,
            }
        }
    }
}

impl Store {
    /// Does it on the store's own runtime: a caller that stops waiting does not stop it half way.
    pub(crate) async fn change<C: Change + 'static>(&self, change: C) -> Result<C::Done, Refusal>
    where
        C::Done: 'static,
    {
        let pools = self.pools().clone();
        self.on_runtime(async move { pools.change(&change).await }).await
    }

    /// Reads with one statement on the store's own runtime.
    pub(crate) async fn rows(&self, statement: &'static str, binds: Vec<Bind>) -> Result<Vec<Row>, Refusal> {
        let pools = self.pools().clone();
        self.on_runtime(async move { pools.read(statement, &binds).await }).await
    }

    /// Does it on the store's own runtime, whether the caller goes on waiting or not.
    pub(crate) async fn on_runtime<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
    ) -> Result<T, Refusal> {
        let closing = || Refusal::Unreachable("the store is closing".to_owned());
        self.runtime().ok_or_else(closing)?.spawn(work).await.map_err(|_| closing())?
    }
}
