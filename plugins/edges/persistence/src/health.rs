//! Whether the database answers, as the last who asked it found.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_store::StoreHealth;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::Notify;

use crate::lease::Lease;
use crate::refusal::{FailureKind, Refusal};
use crate::sql::Pool;
use crate::transaction::Transaction;

/// How often a database in trouble is asked whether it is back, and a lease is looked after.
const PING_PERIOD: Duration = Duration::from_secs(1);

/// Without an answer for this long the database counts as degraded: grants may have to wait. The request goes on.
const DOUBT_AFTER: Duration = Duration::from_secs(1);

/// What is known of the database.
#[derive(Debug)]
enum State {
    Good,
    /// It answers, but not with what was asked for.
    Failing,
    /// It does not answer. Nobody waits for it again before a ping came back: one by one, a tick's requests would wait
    /// for minutes.
    Unreachable(String),
    /// The lease is lost, and what answers may be no primary: only taking the lease again may end this.
    NotHeld(String),
    /// It belongs to another server now, and nothing of ours may be written any more.
    Lost,
}

/// Notes how requests went, and publishes that as [`StoreHealth`].
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    state: Arc<Mutex<State>>,
    health: StoreHealth,
    /// Wakes the watching task when trouble begins: most of it is over at once, as where one connection broke.
    troubled: Arc<Notify>,
}

impl Watch {
    pub(crate) fn new() -> Self {
        let (state, troubled) = (Arc::new(Mutex::new(State::Good)), Arc::new(Notify::new()));
        Self { state, health: StoreHealth::default(), troubled }
    }

    pub(crate) fn health(&self) -> StoreHealth {
        self.health.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Refuses at once while it is known that nobody answers.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match &*self.state() {
            State::Good | State::Failing => Ok(()),
            State::Unreachable(reason) | State::NotHeld(reason) => Err(Refusal::Unreachable(reason.clone())),
            State::Lost => Err(Refusal::Unreachable("another server has taken the database".to_owned())),
        }
    }

    /// A request was answered.
    pub(crate) fn good(&self) {
        let mut state = self.state();
        if !matches!(*state, State::Lost | State::NotHeld(_)) {
            *state = State::Good;
            self.health.recover();
        }
    }

    /// A request was refused.
    pub(crate) fn note(&self, refusal: &Refusal) {
        let mut state = self.state();
        let was_good = matches!(*state, State::Good);
        match (refusal.kind(), &*state) {
            (FailureKind::None | FailureKind::Broken | FailureKind::Conflict, _)
            | (_, State::Lost | State::NotHeld(_)) => return,
            (FailureKind::Failing, State::Unreachable(_)) => {}
            (FailureKind::Failing, _) => *state = State::Failing,
            (FailureKind::Unreachable, _) => *state = State::Unreachable(refusal.to_string()),
        }
        self.health.degrade();
        if was_good {
            self.troubled.notify_one();
        }
    }

    /// Nobody asks it anything before it is held again. Returns whether that, or the reason, has changed.
    fn give_up(&self, why: &Refusal) -> bool {
        let (mut state, why) = (self.state(), why.to_string());
        let is_news = !matches!(&*state, State::NotHeld(before) if *before == why);
        *state = State::NotHeld(why);
        self.health.degrade();
        is_news
    }

    /// It is held, so a ping may find out whether it is well. Returns whether that is a change.
    fn held(&self) -> bool {
        let mut state = self.state();
        let State::NotHeld(why) = &mut *state else { return false };
        *state = State::Unreachable(std::mem::take(why));
        true
    }

    /// Awaits an answer; while there is none for longer than usual, the health is degraded.
    async fn doubting<T>(&self, answer: impl Future<Output = T>) -> T {
        let mut answer = pin!(answer);
        if let Ok(answer) = tokio::time::timeout(DOUBT_AFTER, &mut answer).await {
            return answer;
        }
        self.health.degrade();
        let answer = answer.await;
        if self.is_good() {
            self.health.recover();
        }
        answer
    }

    fn lose(&self) {
        *self.state() = State::Lost;
        self.health.degrade();
    }

    fn is_good(&self) -> bool {
        matches!(*self.state(), State::Good)
    }
}

/// Keeps the lease, and asks a database in trouble whether it is back, until the runtime ends.
pub(crate) async fn keep_watch(watch: Watch, writer: Pool, mut lease: Option<Lease>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(PING_PERIOD) => {}
            () = watch.troubled.notified() => {}
        }
        if let Some(lease) = &mut lease {
            match watch.doubting(lease.keep()).await {
                Ok(true) => {}
                Ok(false) => {
                    tracing::error!("another server has taken the database: nothing is written to it any more");
                    watch.lose();
                    return;
                }
                Err(refusal) => {
                    writer.end_idle();
                    if watch.give_up(&refusal) {
                        tracing::error!(%refusal, "the database is not held now: nothing is granted before it is");
                    }
                    continue;
                }
            }
            if watch.held() {
                tracing::info!("the database is held again");
            }
        }
        if !watch.is_good() {
            match ping(&writer, &watch).await {
                Ok(()) => watch.good(),
                Err(refusal) => watch.note(&refusal),
            }
        }
    }
}

async fn ping(writer: &Pool, watch: &Watch) -> Result<(), Refusal> {
    let begin = match writer {
        Pool::Sqlite(_) => "BEGIN IMMEDIATE",
        Pool::Postgres(_) => "BEGIN",
    };
    let mut transaction = Transaction::begin(writer, begin, watch.clone()).await?;
    // A write, for a full disk can be read from.
    let answered = transaction.run("UPDATE pulse SET beats = beats + 1", &[]).await.map(|_| ());
    transaction.finish(answered).await
}
