//! The UDP edge: a thread that owns its socket and meets the tick through two queues.

use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use hypogeum_protocol::limits;
use hypogeum_protocol::link::EdgeLink;

use crate::config::NetConfig;
use crate::counters::{Counters, CountersSnapshot};
use crate::error::NetError;
use crate::host::Host;
use crate::mint::TokenMint;
use crate::netcode::ServerConfig;
use crate::socket_thread::{Clock, SocketThread, open_socket, open_waker};

/// Ends the wait of an edge's thread. Cheap to clone, and usable from any thread.
#[derive(Clone, Debug)]
pub struct Waker(Arc<UdpSocket>);

impl Waker {
    /// Lets what was given to the edge's queues leave at once. Once a tick is enough.
    pub fn wake(&self) {
        // Where it does not arrive, the thread wakes by itself a little later.
        let _ = self.0.send(&[]);
    }
}

/// A UDP port with its thread. Dropping it says goodbye to every client.
#[derive(Debug)]
pub struct UdpEdge {
    link: EdgeLink,
    counters: Arc<Counters>,
    local_addr: SocketAddr,
    clock: Clock,
    mint: TokenMint,
    waker: Waker,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl UdpEdge {
    /// Opens the port and starts the thread.
    ///
    /// # Errors
    /// Any [`NetError`]; nothing is left behind.
    pub fn bind(config: NetConfig) -> Result<Self, NetError> {
        Self::bind_with(config, Clock::start())
    }

    fn bind_with(config: NetConfig, clock: Clock) -> Result<Self, NetError> {
        config.check()?;
        let socket = open_socket(config.listen).map_err(|source| match source.kind() {
            ErrorKind::AddrInUse => NetError::PortTaken(config.listen),
            _ => NetError::Bind { address: config.listen, source },
        })?;
        let bind_error = |source| NetError::Bind { address: config.listen, source };
        let local_addr = socket.local_addr().map_err(bind_error)?;
        let addresses = config.public_addresses(local_addr);
        let mint = TokenMint::new(
            config.private_key,
            config.protocol_id,
            addresses.clone(),
            config.timeout_s,
            config.token_lifetime_s,
        )?;

        let (waker, waker_address) = open_waker(local_addr).map_err(bind_error)?;
        let waker = Waker(Arc::new(waker));
        let counters = Arc::new(Counters::default());
        let link = EdgeLink::new(1, limits::EDGE_QUEUE_FRAMES_MAX);
        let server = ServerConfig {
            private_key: config.private_key,
            protocol_id: config.protocol_id,
            addresses,
            clients_max: config.connections_max,
            handshakes_per_s_max: config.handshakes_per_s_max,
        };
        let host = Host::new(server, link.clone(), 0, counters.clone(), Duration::ZERO, clock.now_unix_s());
        let stop = Arc::new(AtomicBool::new(false));
        let mut thread =
            SocketThread { socket, waker_address, host, clock, counters: counters.clone(), stop: stop.clone() };
        let thread = std::thread::Builder::new()
            .name(format!("udp-{}", local_addr.port()))
            .spawn(move || thread.run())
            .map_err(NetError::Thread)?;
        Ok(Self { link, counters, local_addr, clock, mint, waker, stop, thread: Some(thread) })
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

    /// What ends the thread's wait; for the tick, which owns nothing of the edge but its queues.
    #[must_use]
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// [`Waker::wake`].
    pub fn wake(&self) {
        self.waker.wake();
    }

    /// Whether the thread still runs; `false` after [`Self::shutdown`], and where it panicked.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
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

    /// Sends what waits, says goodbye to every client, and ends the thread. Takes half a second at most; doing it again
    /// does nothing. Whatever is in the queues stays there.
    pub fn shutdown(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the socket thread panicked");
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
    use crate::{ClientEnd, DropReason, EndState};

    #[test]
    fn a_wall_clock_set_back_by_an_hour_locks_nobody_out() {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970");
        // To an edge whose wall clock was set back, the wall is an hour behind.
        let clock = Clock::started_at(wall + Duration::from_secs(3_600));
        let config = NetConfig::new("127.0.0.1:0".parse().expect("an address"), [3; 32]);
        let edge = UdpEdge::bind_with(config, clock).expect("any port is free");
        let ticket = SessionTicket { account: AccountId(7), name: "Zoë".to_owned() };
        let connect = |now_unix_s| ClientEnd::connect(&edge.token_mint().mint(SessionId(1), &ticket, now_unix_s));

        let mut late = connect(wall.as_secs()).expect("the token can be used");
        until(&mut late, |_| edge.counters().dropped(DropReason::TokenExpired) > 0);
        let mut client = connect(edge.unix_clock()()).expect("the token can be used");
        until(&mut client, |client| client.state() == EndState::Connected);
    }

    #[test]
    fn an_edge_that_was_shut_down_does_not_run() {
        let config = NetConfig::new("127.0.0.1:0".parse().expect("an address"), [3; 32]);
        let mut edge = UdpEdge::bind(config).expect("any port is free");
        assert!(edge.is_running(), "it runs from the start");
        edge.shutdown();
        assert!(!edge.is_running(), "whoever looks learns that it ended");
    }

    /// Lets a client live, as fast as time passes, until `seen` or until it gives up by itself.
    fn until(client: &mut ClientEnd, seen: impl Fn(&ClientEnd) -> bool) {
        const STEP: Duration = Duration::from_millis(5);
        while !seen(client) {
            assert!(!matches!(client.state(), EndState::Closed(_)), "it ended instead: {:?}", client.state());
            client.update(STEP);
            std::thread::sleep(STEP);
        }
    }
}
