//! The edge: workers, and the door to them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use hypogeum_protocol::link::{EdgeLink, LentLink};
use parking_lot::Mutex;

use crate::config::WebSocketConfig;
use crate::counters::{SharedCounters, WebSocketCounters};
use crate::door::Door;
use crate::error::WebSocketError;
use crate::worker::{Mailbox, Worker};

/// Ends the wait of an edge's threads. Cheap to clone, and usable from any thread.
#[derive(Clone, Debug)]
pub struct Waker(Arc<[Mailbox]>);

impl Waker {
    /// Lets what was given to the edge's queues leave at once. Once a tick is enough.
    pub fn wake(&self) {
        self.0.iter().for_each(Mailbox::ring);
    }
}

/// WebSockets with their threads. Dropping it says goodbye to every client.
#[derive(Debug)]
pub struct WebSocketEdge {
    link: EdgeLink,
    door: Door,
    waker: Waker,
    counters: SharedCounters,
    stop: Arc<AtomicBool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl WebSocketEdge {
    /// Starts its threads: as many as the link that it is lent has workers for it.
    ///
    /// # Errors
    /// Any [`WebSocketError`]; nothing is left behind.
    pub fn start(config: &WebSocketConfig, lent: &LentLink) -> Result<Self, WebSocketError> {
        config.check()?;
        let (counters, stop) = (SharedCounters::default(), Arc::<AtomicBool>::default());
        let workers: Result<Vec<Worker>, _> = lent
            .workers()
            .map(|number| Worker::new((config.clone(), counters.clone(), stop.clone()), (lent.clone(), number)))
            .collect();
        let workers = workers.map_err(WebSocketError::Poll)?;
        let mailboxes: Arc<[Mailbox]> = workers.iter().map(Worker::mailbox).collect();
        let edge = Self {
            link: lent.link().clone(),
            door: Door::new(config, mailboxes.clone(), counters.clone()),
            waker: Waker(mailboxes),
            counters,
            stop,
            threads: Mutex::default(),
        };
        for mut worker in workers {
            // Where one cannot start, dropping the edge ends those before it.
            let name = format!("websocket-{}", worker.number);
            let thread = std::thread::Builder::new().name(name).spawn(move || worker.run());
            edge.threads.lock().push(thread.map_err(WebSocketError::Thread)?);
        }
        Ok(edge)
    }

    /// The queues between this edge and a tick.
    #[must_use]
    pub fn link(&self) -> EdgeLink {
        self.link.clone()
    }

    /// The way in for upgraded sockets.
    #[must_use]
    pub fn door(&self) -> Door {
        self.door.clone()
    }

    /// What ends the threads' wait.
    #[must_use]
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// Whether every thread still runs; `false` after [`Self::shutdown`], and where one panicked.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let threads = self.threads.lock();
        !threads.is_empty() && threads.iter().all(|thread| !thread.is_finished())
    }

    /// Traffic and drops so far.
    #[must_use]
    pub fn counters(&self) -> WebSocketCounters {
        self.counters.now()
    }

    /// Sends what waits, says goodbye to every client, and ends the threads. Takes
    /// [`WebSocketConfig::last_words_max`] at most; doing it again does nothing.
    pub fn shutdown(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.waker.wake();
        for thread in self.threads.lock().drain(..) {
            if thread.join().is_err() {
                tracing::error!("a WebSocket thread panicked");
            }
        }
    }
}

impl Drop for WebSocketEdge {
    fn drop(&mut self) {
        self.shutdown();
    }
}
