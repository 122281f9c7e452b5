//! The UDP edge: threads that own a socket each and meet the tick through queues.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use hypogeum_protocol::limits;
use hypogeum_protocol::link::{EdgeLink, LentLink};
use nix::sys::eventfd::EventFd;
use parking_lot::Mutex;

use crate::batches::{ReceiveBatch, SendBatches};
use crate::config::NetConfig;
use crate::error::NetError;
use crate::host::Host;
use crate::sources::SocketKind;
use crate::worker::{Clock, Worker, open_alarm, open_sockets};
use hypogeum_netcode::TokenMint;
use hypogeum_netcode::{Counters, CountersSnapshot};
use hypogeum_netcode::{Registry, ServerConfig};

/// Ends the wait of an edge's threads. Cheap to clone, and usable from any thread.
#[derive(Clone, Debug)]
pub struct Waker(Arc<[EventFd]>);

impl Waker {
    /// Lets what was given to the edge's queues leave at once. Once a tick is enough.
    pub fn wake(&self) {
        for alarm in &*self.0 {
            // It fails only where nobody has looked for 2⁶⁴ wakes.
            let _ = alarm.write(1);
        }
    }
}

/// A UDP port with its threads. Dropping it says goodbye to every client.
#[derive(Debug)]
pub struct UdpEdge {
    link: EdgeLink,
    counters: Arc<Counters>,
    local_addr: SocketAddr,
    clock: Clock,
    mint: TokenMint,
    waker: Waker,
    stop: Arc<AtomicBool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl UdpEdge {
    /// Opens the port and starts its threads; its tick meets no other edge.
    ///
    /// # Errors
    /// Any [`NetError`]; nothing is left behind.
    pub fn bind(config: NetConfig) -> Result<Self, NetError> {
        config.check()?;
        let link = LentLink::of_one(limits::EDGE_QUEUE_FRAMES_MAX, config.workers_count());
        Self::bind_to(config, link)
    }

    /// Opens the port and starts its threads: as many as the link that it is lent has workers for it.
    ///
    /// # Errors
    /// Any [`NetError`]; nothing is left behind.
    pub fn bind_to(config: NetConfig, link: LentLink) -> Result<Self, NetError> {
        Self::bind_with(config, link, Clock::start())
    }

    fn bind_with(config: NetConfig, link: LentLink, clock: Clock) -> Result<Self, NetError> {
        config.check()?;
        let workers_count = link.workers().len();
        let sockets = open_sockets(config.listen, workers_count).map_err(|source| match source.kind() {
            ErrorKind::AddrInUse => NetError::PortTaken(config.listen),
            _ => NetError::Bind { address: config.listen, source },
        })?;
        let bind_error = |source| NetError::Bind { address: config.listen, source };
        let local_addr = sockets[0].local_addr().map_err(bind_error)?;
        let kind = SocketKind::of(local_addr);
        for socket in &sockets {
            kind.ask_for_called_address(socket).map_err(|error| bind_error(error.into()))?;
        }
        let addresses = config.public_addresses(local_addr);
        let mint = TokenMint::new(
            config.private_key,
            config.protocol_id,
            addresses.clone(),
            config.timeout_s,
            config.token_lifetime_s,
        )?;

        let alarms: io::Result<Arc<[EventFd]>> = sockets.iter().map(|_| open_alarm()).collect();
        let alarms = alarms.map_err(bind_error)?;
        let server = ServerConfig {
            private_key: config.private_key,
            protocol_id: config.protocol_id,
            addresses,
            clients_max: config.connections_max,
            handshakes_per_s_max: config.handshakes_per_s_max.div_ceil(workers_count as u32),
            handshakes_per_s_per_prefix_max: config.handshakes_per_s_per_prefix_max.div_ceil(workers_count as u32),
        };
        let registry = Arc::new(Registry::new(config.connections_max));
        let edge = Self {
            link: link.link().clone(),
            counters: Arc::default(),
            local_addr,
            clock,
            mint,
            waker: Waker(alarms),
            stop: Arc::default(),
            threads: Mutex::default(),
        };
        for ((number, socket), worker) in sockets.into_iter().enumerate().zip(link.workers()) {
            let (link, counters) = (edge.link.clone(), edge.counters.clone());
            let unix_s = clock.now_unix_s();
            let host = Host::new(server.clone(), registry.clone(), link, worker, counters, Duration::ZERO, unix_s);
            let (alarms, counters, stop) = (edge.waker.0.clone(), edge.counters.clone(), edge.stop.clone());
            let run = move || {
                let (receiving, sending) = (ReceiveBatch::new(kind), SendBatches::new(kind));
                Worker { socket, alarms, number, host, clock, counters, stop, receiving, sending }.run();
            };
            // Where one cannot start, dropping the edge ends those before it.
            let name = format!("udp-{}-{number}", local_addr.port());
            let thread = std::thread::Builder::new().name(name).spawn(run).map_err(NetError::Thread)?;
            edge.threads.lock().push(thread);
        }
        Ok(edge)
    }

    /// The queues between this edge and a tick. What is given to them leaves within about 20 ms, or at once after
    /// [`Waker::wake`].
    #[must_use]
    pub fn link(&self) -> EdgeLink {
        self.link.clone()
    }

    /// The address listened on, with the port that was taken.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The address that clients try first.
    #[must_use]
    pub fn public_addr(&self) -> SocketAddr {
        self.mint.addresses().first().copied().unwrap_or(self.local_addr)
    }

    /// What makes connect tokens for this port.
    #[must_use]
    pub fn token_mint(&self) -> TokenMint {
        self.mint.clone()
    }

    /// The clock this edge judges the age of connect tokens by, in seconds since 1970: mint them by it. It keeps its own
    /// pace from the start on; tokens minted by a wall clock that was set back since would all be expired here.
    pub fn unix_clock(&self) -> impl Fn() -> u64 + Clone + Send + Sync + 'static {
        let clock = self.clock;
        move || clock.now_unix_s()
    }

    /// What ends the threads' wait; for the tick, which owns nothing of the edge but its queues.
    #[must_use]
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// [`Waker::wake`].
    pub fn wake(&self) {
        self.waker.wake();
    }

    /// Whether every thread still runs; `false` after [`Self::shutdown`], and where one panicked.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let threads = self.threads.lock();
        !threads.is_empty() && threads.iter().all(|thread| !thread.is_finished())
    }

    /// Traffic and drops so far.
    #[must_use]
    pub fn counters(&self) -> CountersSnapshot {
        self.counters.snapshot()
    }

    /// The counters themselves, for one who reports them while the edge is owned elsewhere.
    #[must_use]
    pub fn shared_counters(&self) -> Arc<Counters> {
        self.counters.clone()
    }

    /// Sends what waits, says goodbye to every client, and ends the threads. Takes half a second at most; doing it again
    /// does nothing. Whatever is in the queues stays there.
    pub fn shutdown(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.waker.wake();
        for thread in self.threads.lock().drain(..) {
            if thread.join().is_err() {
                tracing::error!("a socket thread panicked");
            }
        }
    }
}

impl Drop for UdpEdge {
    fn drop(&mut self) {
        self.shutdown();
    }
}

#[cfg(test)]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use hypogeum_protocol::link::SessionTicket;
    use hypogeum_protocol::{AccountId, SessionId};

    use super::*;
    use hypogeum_client::{ClientSocket, ConnectionState};
    use hypogeum_netcode::DropReason;

    #[test]
    fn a_wall_clock_set_back_by_an_hour_locks_nobody_out() {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        // To an edge whose wall clock was set back, the wall is an hour behind.
        let clock = Clock::started_at(wall + Duration::from_secs(3_600));
        let config = NetConfig::new("127.0.0.1:0".parse().expect("an address"), [3; 32]);
        let link = LentLink::of_one(limits::EDGE_QUEUE_FRAMES_MAX, 1);
        let edge = UdpEdge::bind_with(config, link, clock).expect("any port is free");
        let ticket = SessionTicket { account: AccountId(7), name: "Zoë".to_owned(), character: None };
        let connect = |now_unix_s| ClientSocket::connect(&edge.token_mint().mint(SessionId(1), &ticket, now_unix_s));

        let mut late = connect(wall.as_secs()).expect("the token can be used");
        until(&mut late, |_| edge.counters().dropped(DropReason::TokenExpired) > 0);
        let mut client = connect(edge.unix_clock()()).expect("the token can be used");
        until(&mut client, |client| client.state() == ConnectionState::Connected);
    }

    #[test]
    fn an_edge_that_was_shut_down_does_not_run() {
        let config = NetConfig::new("127.0.0.1:0".parse().expect("an address"), [3; 32]);
        let edge = UdpEdge::bind(config).expect("any port is free");
        assert!(edge.is_running(), "it runs from the start");
        edge.shutdown();
        assert!(!edge.is_running(), "it shows that it ended");
    }

    /// Lets a client live, as fast as time passes, until `seen` or until it gives up by itself.
    fn until(client: &mut ClientSocket, seen: impl Fn(&ClientSocket) -> bool) {
        const STEP: Duration = Duration::from_millis(5);
        while !seen(client) {
            assert!(!matches!(client.state(), ConnectionState::Closed(_)), "it ended instead: {:?}", client.state());
            client.update(STEP);
            std::thread::sleep(STEP);
        }
    }
}
