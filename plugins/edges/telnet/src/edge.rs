//! The edge: a listener, and the thread behind it.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use hypogeum_protocol::link::LentLink;
use parking_lot::Mutex;

use crate::config::TelnetConfig;
use crate::counters::{SharedCounters, TelnetCounters};
use crate::door::Door;
use crate::doorkeeper::{Doorkeeper, Words};
use crate::error::TelnetError;
use crate::worker::{Mailbox, Parts, Worker};

/// Ends the wait of the edge's thread. Cheap to clone, and usable from any thread.
#[derive(Clone, Debug)]
pub struct Waker(Mailbox);

impl Waker {
    /// Lets what was given to the edge's queues leave at once. Once a tick is enough.
    pub fn wake(&self) {
        self.0.ring();
    }
}

/// Telnet with its thread. Dropping it says goodbye to everyone.
#[derive(Debug)]
pub struct TelnetEdge {
    local_addr: SocketAddr,
    door: Door,
    waker: Waker,
    counters: SharedCounters,
    stop: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl TelnetEdge {
    /// Opens its port, and starts its thread. The share of the link that it is lent has one worker for it, whose clients are shown no
    /// state from then on.
    ///
    /// # Errors
    /// Any [`TelnetError`]; nothing is left behind.
    pub fn start(
        config: TelnetConfig,
        lent: LentLink,
        doorkeeper: Arc<dyn Doorkeeper>,
        words: Arc<dyn Words>,
    ) -> Result<Self, TelnetError> {
        config.check()?;
        let address = config.listen;
        let listen = |cause: std::io::Error| match cause.kind() {
            ErrorKind::AddrInUse => TelnetError::PortTaken(address),
            _ => TelnetError::Listen { address, cause },
        };
        let listener = TcpListener::bind(address).map_err(listen)?;
        listener.set_nonblocking(true).map_err(listen)?;
        let local_addr = listener.local_addr().map_err(listen)?;
        lent.show_no_state();
        let (counters, stop) = (SharedCounters::default(), Arc::<AtomicBool>::default());
        let shared = (counters.clone(), stop.clone());
        let parts = Parts::new((config, listener), lent, (doorkeeper, words), shared).map_err(TelnetError::Poll)?;
        let (door, waker) = (Door::new(Arc::clone(&parts.places), parts.mailbox()), Waker(parts.mailbox()));
        let thread = std::thread::Builder::new().name("telnet".to_owned());
        let thread = thread.spawn(move || Worker::new(parts).run()).map_err(TelnetError::Thread)?;
        Ok(Self { local_addr, door, waker, counters, stop, thread: Mutex::new(Some(thread)) })
    }

    /// The address listened on, with the port that was taken.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The way in for WebSockets that speak as MUDs do.
    #[must_use]
    pub fn door(&self) -> Door {
        self.door.clone()
    }

    /// What ends the thread's wait.
    #[must_use]
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// Whether its thread still runs; `false` after [`Self::shutdown`], and where it panicked.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.thread.lock().as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Traffic and drops so far.
    #[must_use]
    pub fn counters(&self) -> TelnetCounters {
        self.counters.now()
    }

    /// Sends what waits, says goodbye to everyone, and ends the thread. Takes twice
    /// [`TelnetConfig::last_words_max`] at most; doing it again does nothing.
    pub fn shutdown(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.waker.wake();
        if self.thread.lock().take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the telnet thread panicked");
        }
    }
}

impl Drop for TelnetEdge {
    fn drop(&mut self) {
        self.shutdown();
    }
}
