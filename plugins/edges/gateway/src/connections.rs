//! Open connections: so many in all, so many from one address and from one network, and when it gets tight those who ask for
//! something before those who only sit there.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hypogeum_accounts::network_of;
use hypogeum_metering::announced_network_of;
use parking_lot::{Mutex, MutexGuard};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::config::GatewayConfig;

/// How long an answer has to reach its socket before its connection counts as idle.
const ANSWER_MS: u64 = 250;
/// How often an idle connection is looked for while every one of them is being answered.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// What a connection does now, as [`Activity::state`] has it: no request has come yet, its last one is answered, one is being
/// answered, or it is being closed.
const FRESH: u8 = 0;
const IDLE: u8 = 1;
const BUSY: u8 = 2;
const CLOSING: u8 = 3;

/// All open connections. Bounded by how many there may be: an address without any is forgotten.
#[derive(Debug)]
pub(crate) struct Connections {
    room: Arc<Semaphore>,
    address_max: usize,
    network_max: usize,
    loopback_max: usize,
    began: Instant,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    /// In the order they came.
    connections: BTreeMap<u64, Entry>,
    by_address: HashMap<IpAddr, usize>,
    by_network: HashMap<IpAddr, usize>,
    evicted: u64,
    refused: u64,
}

#[derive(Debug)]
struct Entry {
    activity: Arc<Activity>,
    /// The address and the network it is counted for: none for a proxy's, which connects for many.
    from: Option<(IpAddr, IpAddr)>,
}

/// How many connections there are, and what became of others since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct ConnectionCounts {
    pub(crate) open: usize,
    /// Idle ones closed to make room.
    pub(crate) evicted: u64,
    /// Closed unanswered, because their address or network had as many as it may.
    pub(crate) refused: u64,
}

/// What one connection does, for those who serve it.
#[derive(Debug)]
pub(crate) struct Activity {
    state: AtomicU8,
    /// It has shown a good access token.
    is_player: AtomicBool,
    idle_since_ms: AtomicU64,
    close: Notify,
    began: Instant,
}

/// One open connection; dropping it makes room.
#[derive(Debug)]
pub(crate) struct Connection {
    connections: Arc<Connections>,
    number: u64,
    pub(crate) activity: Arc<Activity>,
    _permit: OwnedSemaphorePermit,
}

impl Activity {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn turn(&self, from: u8, to: u8) -> bool {
        self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// A request of it is being answered.
    pub(crate) fn begin(&self) {
        // One that is being closed stays so: its request comes too late.
        let _ = self.turn(FRESH, BUSY) || self.turn(IDLE, BUSY);
    }

    /// It is answered.
    pub(crate) fn end(&self) {
        self.idle_since_ms.store(self.now_ms(), Ordering::Release);
        self.turn(BUSY, IDLE);
    }

    /// It has shown a good access token.
    pub(crate) fn note_player(&self) {
        self.is_player.store(true, Ordering::Release);
    }

    /// Waits until it is to be closed: at once where it makes room for another, and after `patience` where no whole request
    /// has come by then.
    pub(crate) async fn closing(&self, patience: Duration) {
        if tokio::time::timeout(patience, self.close.notified()).await.is_err() && !self.turn(FRESH, CLOSING) {
            self.close.notified().await;
        }
    }

    /// How much it is worth to keep: the least goes first. `None` where it cannot go now.
    fn worth(&self) -> Option<u8> {
        match self.state.load(Ordering::Acquire) {
            FRESH => Some(0),
            IDLE if self.now_ms().saturating_sub(self.idle_since_ms.load(Ordering::Acquire)) < ANSWER_MS => None,
            IDLE => Some(1 + u8::from(self.is_player.load(Ordering::Acquire))),
            _ => None,
        }
    }

    fn evict(&self) -> bool {
        let goes = self.turn(FRESH, CLOSING) || self.turn(IDLE, CLOSING);
        if goes {
            self.close.notify_one();
        }
        goes
    }
}

impl Connections {
    pub(crate) fn new(config: &GatewayConfig) -> Arc<Self> {
        Arc::new(Self {
            room: Arc::new(Semaphore::new(config.connections_max.clamp(1, Semaphore::MAX_PERMITS))),
            address_max: config.address_connections_max.max(1),
            network_max: config.network_connections_max.max(1),
            loopback_max: config.loopback_connections_max.max(1),
            began: Instant::now(),
            open: Mutex::default(),
        })
    }

    // A poisoned lock still guards whole counters.
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock()
    }

    pub(crate) fn counts(&self) -> ConnectionCounts {
        let open = self.open();
        ConnectionCounts { open: open.connections.len(), evicted: open.evicted, refused: open.refused }
    }

    /// Room for one more, whoever it is. Where there is none, one that is idle is closed.
    pub(crate) async fn room(&self) -> OwnedSemaphorePermit {
        loop {
            if let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() {
                return permit;
            }
            self.open().evict_one(|_| true);
            // The semaphore is never closed.
            if let Ok(Ok(permit)) = tokio::time::timeout(LOOK_AGAIN, Arc::clone(&self.room).acquire_owned()).await {
                return permit;
            }
        }
    }

    /// One more connection, counted for nobody yet.
    pub(crate) fn accept(self: &Arc<Self>, permit: OwnedSemaphorePermit) -> Connection {
        let activity = Arc::new(Activity {
            state: AtomicU8::new(FRESH),
            is_player: AtomicBool::new(false),
            idle_since_ms: AtomicU64::new(0),
            close: Notify::new(),
            began: self.began,
        });
        let mut open = self.open();
        let number = open.next;
        open.next += 1;
        open.connections.insert(number, Entry { activity: Arc::clone(&activity), from: None });
        drop(open);
        Connection { connections: Arc::clone(self), number, activity, _permit: permit }
    }
}

impl Connection {
    /// Counts it for `address` and its network. `false` where either has as many as it may, and none of them is idle.
    pub(crate) fn count_for(&self, address: IpAddr) -> bool {
        let Connections { loopback_max, address_max, network_max, .. } = *self.connections;
        let (address, network) = (network_of(address), announced_network_of(address));
        let is_loopback = address.is_loopback();
        let (address_max, network_max) =
            if is_loopback { (loopback_max, loopback_max) } else { (address_max, network_max) };
        let mut open = self.connections.open();
        let (of_address, of_network) = (open.by_address.get(&address), open.by_network.get(&network));
        let fits = if of_address.is_some_and(|count| *count >= address_max) {
            // That makes room in the network, too.
            open.evict_one(|from| from.is_some_and(|(theirs, _)| theirs == address))
        } else if of_network.is_some_and(|count| *count >= network_max) {
            open.evict_one(|from| from.is_some_and(|(_, theirs)| theirs == network))
        } else {
            true
        };
        if !fits {
            open.refused += 1;
            return false;
        }
        *open.by_address.entry(address).or_default() += 1;
        *open.by_network.entry(network).or_default() += 1;
        if let Some(entry) = open.connections.get_mut(&self.number) {
            entry.from = Some((address, network));
        }
        true
    }
}

impl Open {
    /// Closes whichever of these is worth the least, the oldest first.
    fn evict_one(&mut self, of_these: impl Fn(Option<(IpAddr, IpAddr)>) -> bool) -> bool {
        let candidates = self.connections.values().filter(|entry| of_these(entry.from));
        let least = candidates.filter_map(|entry| Some((entry.activity.worth()?, entry))).min_by_key(|it| it.0);
        let goes = least.is_some_and(|(_, entry)| entry.activity.evict());
        self.evicted += u64::from(goes);
        goes
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        if let Some((address, network)) = open.connections.remove(&self.number).and_then(|entry| entry.from) {
            take_one(&mut open.by_address, address);
            take_one(&mut open.by_network, network);
        }
    }
}

fn take_one(counts: &mut HashMap<IpAddr, usize>, key: IpAddr) {
    if let Some(count) = counts.get_mut(&key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Long enough for a task to see that its time is over.
    const ANSWERED: Duration = Duration::from_millis(20);

    fn connections(all: usize, address: usize, network: usize) -> Arc<Connections> {
        let mut config = GatewayConfig::new(([127, 0, 0, 1], 1).into());
        config.connections_max = all;
        config.address_connections_max = address;
        config.network_connections_max = network;
        Connections::new(&config)
    }

    fn open(connections: &Arc<Connections>, address: [u8; 4]) -> Option<Connection> {
        let permit = Arc::clone(&connections.room).try_acquire_owned().expect("there is room");
        Some(connections.accept(permit)).filter(|connection| connection.count_for(address.into()))
    }

    /// One whose request is being answered.
    fn open_busy(connections: &Arc<Connections>, address: [u8; 4]) -> Option<Connection> {
        open(connections, address).inspect(|connection| connection.activity.begin())
    }

    fn is_closing(connection: &Connection) -> bool {
        connection.activity.state.load(Ordering::Acquire) == CLOSING
    }

    #[test]
    fn one_address_takes_its_connections_and_no_others() {
        let all = connections(100, 2, 100);
        let (first, second) = (open_busy(&all, [192, 0, 2, 1]), open_busy(&all, [192, 0, 2, 1]));
        assert!(first.is_some() && second.is_some(), "two are allowed");
        assert!(open(&all, [192, 0, 2, 1]).is_none(), "a third is not");
        let others = open(&all, [192, 0, 2, 2]);
        assert!(others.is_some(), "others have connections of their own");
        drop(first);
        assert!(open(&all, [192, 0, 2, 1]).is_some(), "what was closed makes room");
        drop((second, others));
        let left = all.open();
        assert!(left.by_address.is_empty() && left.by_network.is_empty(), "nothing is remembered of who is gone");
        assert_eq!((left.connections.len(), left.refused), (0, 1), "one was refused");
    }

    #[test]
    fn one_network_takes_its_connections_and_no_others() {
        let all = connections(100, 100, 2);
        let taken = [open_busy(&all, [192, 0, 2, 1]), open_busy(&all, [192, 0, 2, 2])];
        assert!(taken.iter().all(Option::is_some), "two are allowed");
        assert!(open(&all, [192, 0, 2, 3]).is_none(), "a third neighbour is not");
        assert!(open(&all, [192, 0, 3, 1]).is_some(), "another network has its own");
    }

    #[test]
    fn an_idle_connection_makes_room_for_its_neighbour() {
        let all = connections(100, 2, 100);
        let idle = open(&all, [192, 0, 2, 1]).expect("there is room");
        let busy = open_busy(&all, [192, 0, 2, 1]).expect("there is room");
        let third = open(&all, [192, 0, 2, 1]);
        assert!(third.is_some() && is_closing(&idle), "who asks for nothing goes");
        assert!(!is_closing(&busy), "who is being answered stays");
    }

    #[test]
    fn strangers_go_before_players_and_the_oldest_first() {
        let all = connections(3, 100, 100);
        let player = open_busy(&all, [192, 0, 2, 1]).expect("there is room");
        player.activity.note_player();
        player.activity.state.store(IDLE, Ordering::Release);
        let (old, young) = (open(&all, [192, 0, 2, 2]), open(&all, [192, 0, 2, 3]));
        let (old, young) = (old.expect("there is room"), young.expect("there is room"));
        let evict = || all.open().evict_one(|_| true);
        assert!(evict() && is_closing(&old), "the oldest stranger goes first");
        assert!(evict() && is_closing(&young), "then the next");
        assert!(!is_closing(&player), "the player last");
    }

    #[tokio::test]
    async fn without_a_whole_request_a_connection_is_closed_and_with_one_it_stays() {
        let all = connections(3, 100, 100);
        let patience = Duration::ZERO;
        let (silent, asked) = (open(&all, [192, 0, 2, 1]), open_busy(&all, [192, 0, 2, 2]));
        let (silent, asked) = (silent.expect("there is room"), asked.expect("there is room"));
        silent.activity.closing(patience).await;
        assert!(is_closing(&silent), "its time is over");
        asked.activity.end();
        let closed = tokio::time::timeout(ANSWERED, asked.activity.closing(patience)).await;
        assert!(closed.is_err(), "a keep-alive connection has other limits");
    }
}
