//! The thread that answers the tick.

use std::thread::JoinHandle;

use hypogeum_store::{StorePort, StoreReply};

use crate::error::OpenError;
use crate::store::Store;
use crate::together::answer;

/// A thread that takes requests from a port in order and answers each; those of a kind that is cheaper together are
/// answered together where they stand in a row.
///
/// When replies are not fetched and their queue is full, it stops taking requests until there is room: the tick
/// notices by its own requests being handed back.
#[derive(Debug)]
pub struct StoreThread {
    port: StorePort,
    thread: Option<JoinHandle<()>>,
}

impl StoreThread {
    /// Starts answering.
    ///
    /// # Errors
    /// [`OpenError::Threads`] where the system gives no thread.
    pub fn start(store: Store, port: StorePort) -> Result<Self, OpenError> {
        let served = port.clone();
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || serve(&store, &served))
            .map_err(OpenError::Threads)?;
        Ok(Self { port, thread: Some(thread) })
    }

    /// Whether it still answers; `false` where it panicked, or its port was closed and nothing waits any more.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Takes no more requests, answers all that wait, and ends. Returns the replies nobody has fetched yet.
    #[must_use = "a reply may say that something was not kept"]
    pub fn finish(mut self) -> Vec<StoreReply> {
        self.port.close();
        let unfetched = std::iter::from_fn(|| self.port.replies.pop()).collect();
        self.join();
        unfetched
    }

    fn join(&mut self) {
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the store's thread has panicked");
        }
    }
}

impl Drop for StoreThread {
    /// As [`StoreThread::finish`], but replies that find no room are lost. What they report is kept nevertheless.
    fn drop(&mut self) {
        self.port.close();
        self.port.replies.close();
        self.join();
    }
}

fn serve(store: &Store, port: &StorePort) {
    /// Ends the wait for replies, also when the thread panics.
    struct CloseReplies<'port>(&'port StorePort);
    impl Drop for CloseReplies<'_> {
        fn drop(&mut self) {
            self.0.close();
            self.0.replies.close();
        }
    }
    let _closing = CloseReplies(port);
    let mut failures = FailureLog::default();
    while let Some(request) = port.requests.pop() {
        for reply in answer(store, port, request) {
            failures.report(&reply);
            if port.replies.push(reply).is_err() {
                tracing::debug!("a reply of the store had no reader");
            }
        }
    }
}

/// Whether requests fail. Logged when it begins and when it ends: requests tried again every tick must not fill the log.
#[derive(Default)]
struct FailureLog {
    failing: bool,
}

impl FailureLog {
    fn report(&mut self, reply: &StoreReply) {
        match reply {
            StoreReply::Failed { failure, .. } if failure.is_passing() => {
                if !self.failing {
                    tracing::error!(%failure, "requests to the store fail");
                }
                self.failing = true;
            }
            StoreReply::Failed { failure, .. } => tracing::warn!(%failure, "a request to the store was refused"),
            _ if self.failing => {
                tracing::info!("requests to the store are answered again");
                self.failing = false;
            }
            _ => {}
        }
    }
}
