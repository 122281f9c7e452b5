//! A bad way between the two ends of TCP connections.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::rng::{below, derive};
use crate::udp_proxy::Direction;

/// Bytes passed on at once.
const CHUNK_BYTES: usize = 16 * 1_024;
/// Bytes of the answer that may still pass when a connection is cut around a word.
const ANSWER_BYTES_MAX: u64 = 48;

/// What a proxy did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpProxyCounters {
    /// Connections of clients that were accepted.
    pub connections: u64,
    /// Connections that were cut while they ran.
    pub cuts: u64,
    /// Bytes from clients to the server.
    pub bytes_up: u64,
    /// Bytes from the server to clients.
    pub bytes_down: u64,
}

/// Stands between TCP clients and a server until dropped; clients talk to [`addr`](Self::addr) as if it were the server.
///
/// What is set holds for all connections, those to come included, and at once for what is on its way. Where chance
/// decides, it is the seed's.
#[derive(Debug)]
pub struct TcpProxy {
    addr: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    server: SocketAddr,
    seed: u64,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Where new connections lead to, once that is another server than at the beginning.
    server: Option<SocketAddr>,
    over: bool,
    stalled: bool,
    refusing: bool,
    delay: Duration,
    /// Cuts the connection that carries the last of these many bytes.
    budget: Option<(Direction, u64)>,
    /// Cuts the connection on which this is said upwards, around it.
    word: Option<Vec<u8>>,
    /// Numbers drawn so far.
    drawn: u64,
    open: Vec<Arc<Connection>>,
    counters: TcpProxyCounters,
}

/// One client's connection and the one to the server.
#[derive(Debug)]
struct Connection {
    client: TcpStream,
    server: TcpStream,
    /// Bytes of the answer that still pass before it is cut.
    answer_left: Mutex<Option<u64>>,
    /// Whether its last bytes are on their way: nothing that comes after them passes, either way.
    is_ending: AtomicBool,
}

impl Connection {
    fn cut(&self) {
        // One that is closed already needs no closing.
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.server.shutdown(Shutdown::Both);
    }

    fn answer_left(&self) -> MutexGuard<'_, Option<u64>> {
        self.answer_left.lock()
    }
}

/// How much of a chunk passes, and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Pass,
    CutAfter(usize),
}

impl TcpProxy {
    /// A proxy to `server`, on a port of its own of the loopback.
    ///
    /// # Errors
    /// When the socket or the thread cannot be made.
    pub fn start(server: SocketAddr, seed: u64) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared { server, seed, state: Mutex::default(), changed: Condvar::new() });
        let accepted = Arc::clone(&shared);
        let accepting = thread::Builder::new().name("tcp-proxy".into()).spawn(move || accept(&listener, &accepted))?;
        Ok(Self { addr, shared, accepting: Some(accepting) })
    }

    /// Where clients connect to.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Whatever is read waits this long before it is passed on, either way.
    pub fn delay(&self, delay: Duration) {
        self.change(|state| state.delay = delay);
    }

    /// Nothing passes, but connections stay, until [`TcpProxy::resume`].
    pub fn stall(&self) {
        self.change(|state| state.stalled = true);
    }

    /// Everything passes again, first what was held up.
    pub fn resume(&self) {
        self.change(|state| state.stalled = false);
    }

    /// Leads new connections to another server from now on; those there are stay where they are.
    pub fn point(&self, server: SocketAddr) {
        self.change(|state| state.server = Some(server));
    }

    /// Whether new connections are closed as soon as they are there.
    pub fn refuse(&self, refusing: bool) {
        self.change(|state| state.refusing = refusing);
    }

    /// Cuts all connections there are.
    pub fn cut(&self) {
        self.change(|state| {
            for connection in state.open.drain(..) {
                state.counters.cuts += 1;
                connection.cut();
            }
        });
    }

    /// Lets so many bytes pass that way, counted over all connections, and then cuts the one that carries the last.
    pub fn cut_after(&self, direction: Direction, bytes: u64) {
        self.change(|state| state.budget = Some((direction, bytes)));
    }

    /// Cuts the connection on which `word` is next said upwards: before it, within it, after it, or within its answer, as
    /// chance has it. The word must come whole in one write of the client.
    pub fn cut_around(&self, word: &[u8]) {
        self.change(|state| state.word = Some(word.to_vec()));
    }

    /// What it did so far.
    #[must_use]
    pub fn counters(&self) -> TcpProxyCounters {
        self.shared.state().counters
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.shared.state());
        self.shared.changed.notify_all();
    }
}

impl Drop for TcpProxy {
    fn drop(&mut self) {
        self.change(|state| state.over = true);
        self.cut();
        // The thread that accepts waits for a connection: here is one.
        let _ = TcpStream::connect(self.addr);
        if self.accepting.take().is_some_and(|thread| thread.join().is_err()) && !thread::panicking() {
            panic!("the proxy's thread has panicked");
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Waits as long as what has been read now has to; `false`: the proxy is over.
    fn hold(&self) -> bool {
        let since = Instant::now();
        let mut state = self.state();
        loop {
            if state.over {
                return false;
            }
            let left = state.delay.saturating_sub(since.elapsed());
            if state.stalled {
                self.changed.wait(&mut state);
            } else if left.is_zero() {
                return true;
            } else {
                self.changed.wait_for(&mut state, left);
            }
        }
    }

    /// What becomes of a chunk.
    fn judge(&self, connection: &Connection, direction: Direction, chunk: &[u8]) -> Verdict {
        let state = &mut *self.state();
        // Read and set under the lock: an answer to the last bytes is never quicker than the cut.
        if connection.is_ending.load(Ordering::Relaxed) {
            return Verdict::CutAfter(0);
        }
        let verdict = self.judge_running(state, connection, direction, chunk);
        connection.is_ending.store(verdict != Verdict::Pass, Ordering::Relaxed);
        verdict
    }

    fn judge_running(&self, state: &mut State, connection: &Connection, direction: Direction, chunk: &[u8]) -> Verdict {
        let bytes = chunk.len() as u64;
        match direction {
            Direction::Up => state.counters.bytes_up += bytes,
            Direction::Down => state.counters.bytes_down += bytes,
        }
        if direction == Direction::Down
            && let Some(left) = &mut *connection.answer_left()
        {
            if *left <= bytes {
                return Verdict::CutAfter(usize::try_from(*left).unwrap_or(0));
            }
            *left -= bytes;
        }
        if let Some((counted, left)) = &mut state.budget
            && *counted == direction
        {
            if *left <= bytes {
                let passing = usize::try_from(*left).unwrap_or(0);
                state.budget = None;
                return Verdict::CutAfter(passing);
            }
            *left -= bytes;
        }
        if direction == Direction::Up
            && let Some(word) = &state.word
            && let Some(at) = chunk.windows(word.len()).position(|window| window == word.as_slice())
        {
            let length = word.len() as u64;
            state.word = None;
            let roll = derive(self.seed, state.drawn);
            state.drawn += 1;
            // As often within the word as within its answer.
            let point = below(roll, 2 * (length + 1));
            if point <= length {
                return Verdict::CutAfter(at + usize::try_from(point).unwrap_or(0));
            }
            *connection.answer_left() = Some(below(derive(roll, 1), ANSWER_BYTES_MAX));
        }
        Verdict::Pass
    }

    fn close(&self, connection: &Arc<Connection>, was_cut: bool) {
        connection.cut();
        let mut state = self.state();
        let before = state.open.len();
        state.open.retain(|open| !Arc::ptr_eq(open, connection));
        if was_cut && state.open.len() < before {
            state.counters.cuts += 1;
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    while let Ok((client, _)) = listener.accept() {
        {
            let state = shared.state();
            if state.over {
                return;
            }
            if state.refusing {
                continue;
            }
        }
        // Where it cannot begin, the client sees its connection closed.
        let _ = begin(client, shared);
    }
}

fn begin(client: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    let address = shared.state().server.unwrap_or(shared.server);
    let server = TcpStream::connect(address)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let ways = [
        (Direction::Up, client.try_clone()?, server.try_clone()?),
        (Direction::Down, server.try_clone()?, client.try_clone()?),
    ];
    let connection =
        Arc::new(Connection { client, server, answer_left: Mutex::new(None), is_ending: AtomicBool::new(false) });
    {
        let mut state = shared.state();
        state.open.push(Arc::clone(&connection));
        state.counters.connections += 1;
    }
    for (direction, from, to) in ways {
        let (shared, connection) = (Arc::clone(shared), Arc::clone(&connection));
        thread::Builder::new()
            .name("tcp-proxy-way".into())
            .spawn(move || carry(&shared, &connection, direction, from, to))?;
    }
    Ok(())
}

/// Carries one way until either end closes or the connection is cut.
fn carry(shared: &Shared, connection: &Arc<Connection>, direction: Direction, mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut was_cut = false;
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let chunk = buffer.get(..length).unwrap_or_default();
        if !shared.hold() {
            break;
        }
        let (passing, cut) = match shared.judge(connection, direction, chunk) {
            Verdict::Pass => (chunk, false),
            Verdict::CutAfter(bytes) => (chunk.get(..bytes).unwrap_or(chunk), true),
        };
        if to.write_all(passing).is_err() {
            break;
        }
        if cut {
            was_cut = true;
            break;
        }
    }
    shared.close(connection, was_cut);
}
