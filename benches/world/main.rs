//! Ten thousand players in one world: what a tick of the whole host costs, how many events it validates and applies, how
//! soon somebody hears of what another did, and how much memory a player takes.
//!
//! The host is the real one, in this process and without sockets: sessions, one shard of the mode `throng` with its NPCs,
//! replication on the datagram lane. The players are scripted, not free: they walk, aim at anyone who is near, strike
//! and throw, pick up and loot, acknowledge what they are shown, and check every datagram they get. There is no peer to
//! measure beside: nobody else holds 10,000 players in one world, so the limit of the requirement stands in its place.
//!
//! The log is on, as it is on a server: every step goes to a folder for a while, with a snapshot each ten seconds. `-- --no-log`
//! leaves it out, to see what it takes.
//!
//! First ticks run back to back, which gives their cost and the events a second; then at 30 Hz by the clock, with inputs
//! that come at any time between two ticks, which gives what a tick costs then and how long news takes.

mod crowd;
mod host;
mod memory;

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crowd::Crowd;
use host::Host;
use hypogeum_journal::{JournalConfig, JournalHealth, JournalPlugin};

const PLAYERS: usize = 10_000;
const TICK_HZ: u32 = 30;
/// Ticks before anything counts: everyone has found somebody to fight.
const WARM_UP_TICKS: u32 = 150;
const MEASURED_TICKS: usize = 450;
const PACED_TICKS: u32 = 300;
/// Parts of a tick in which the inputs of a part of the players arrive.
const SLICES: usize = 64;

fn main() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let is_logged = !std::env::args().any(|argument| argument == "--no-log");
    let data = tempfile::tempdir().expect("a folder");
    let journal = is_logged.then(|| {
        let config = JournalConfig::new(data.path().join("journal"));
        JournalPlugin::open(data.path(), config).expect("the folder can be written to")
    });
    let watch = journal.as_ref().map(JournalPlugin::watch);
    let before = memory::resident_bytes();
    let (mut host, link) = Host::open(PLAYERS, TICK_HZ, threads, journal);
    let mut crowd = Crowd::new(PLAYERS, link);
    let own = crowd.bytes();
    enter(&mut host, &mut crowd);
    for _ in 0..WARM_UP_TICKS {
        crowd.act();
        host.tick();
        crowd.look(Instant::now());
    }
    let per_player = memory::resident_bytes().saturating_sub(before).saturating_sub(own) / PLAYERS;

    let (ticks, busy) = back_to_back(&mut host, &mut crowd);
    assert_eq!(host.status().connected, PLAYERS, "nobody was lost");
    for (stage, histogram) in host.stages().iter() {
        println!("stage {stage:<10} p50 {:>6} µs  p99 {:>6} µs", histogram.at(500), histogram.at(990));
    }
    println!("back to back on {threads} threads: {}", spread(&ticks, "tick"));
    busy.print(&crowd);
    println!("sent reliably in these ticks: {:?}", crowd.reliable);

    let (paced_ticks, heard) = paced(&mut host, &mut crowd);
    assert!(heard.len() > 1_000, "enough was heard of to speak of percentiles: {}", heard.len());
    println!(
        "by the clock: {}; {} dodged blows heard of, {}",
        spread(&paced_ticks, "tick"),
        heard.len(),
        spread(&heard, "news")
    );
    assert_eq!(crowd.divergences(), 0, "every datagram agreed with its check");
    if let Some(watch) = watch {
        assert_eq!(watch.health(), JournalHealth::Good, "everything got to the disk");
    }

    let log = if is_logged { "on" } else { "off" };
    let result = |name: &str, ours: f64, limit: f64| {
        let ratio = ours / limit;
        println!(
            "RESULT name={name} clients={PLAYERS} log={log} sockets=none ours={ours:.2} peer=none limit={limit} ratio={ratio:.3}"
        );
    };
    let a_second = |count: u64| count as f64 / busy.time.as_secs_f64();
    result("world_tick_ms_p99", ms(&ticks, 99), 20.0);
    result("world_tick_by_clock_ms_p99", ms(&paced_ticks, 99), 20.0);
    result("events_per_s", a_second(busy.events), 1_000_000.0);
    result("events_per_s_without_commands", a_second(busy.events - busy.commands), 1_000_000.0);
    result("events_per_s_at_30_hz", (busy.events * u64::from(TICK_HZ)) as f64 / MEASURED_TICKS as f64, 1_000_000.0);
    result("propagation_ms_p99", ms(&heard, 99), 40.0);
    result("bytes_per_player", per_player as f64, 24.0 * 1_024.0);
}

/// A percentile of times that rise, in milliseconds.
fn ms(times: &[Duration], share: usize) -> f64 {
    times[(times.len() - 1) * share / 100].as_secs_f64() * 1e3
}

/// How long most take, nearly all, and the longest.
fn spread(times: &[Duration], what: &str) -> String {
    format!("{what} p50 {:.2} ms  p99 {:.2} ms  max {:.2} ms", ms(times, 50), ms(times, 99), ms(times, 100))
}

/// Brings everyone into one match.
fn enter(host: &mut Host, crowd: &mut Crowd) {
    let began = Instant::now();
    crowd.connect();
    while !crowd.all_play() {
        host.tick();
        host.answer();
        crowd.look(Instant::now());
        assert!(began.elapsed() < Duration::from_secs(120), "everyone gets in: {:?}", host.status());
    }
    println!("{PLAYERS} in one world after {:.1} s", began.elapsed().as_secs_f64());
}

/// What ticks that run back to back have done.
#[derive(Default)]
struct Busy {
    time: Duration,
    commands: u64,
    events: u64,
    snapshots: u64,
}

impl Busy {
    fn print(&self, crowd: &Crowd) {
        println!(
            "{} inputs and deeds, {} events in {:.2} s of ticks; {} at 30 Hz",
            self.commands,
            self.events - self.commands,
            self.time.as_secs_f64(),
            self.events * u64::from(TICK_HZ) / MEASURED_TICKS as u64,
        );
        println!(
            "{:.1} snapshots a player and second at 30 Hz, {:.0} bytes each, {:.1} things around",
            self.snapshots as f64 * f64::from(TICK_HZ) / (MEASURED_TICKS * PLAYERS) as f64,
            crowd.bytes_per_datagram(),
            crowd.things_around(),
        );
    }
}

fn back_to_back(host: &mut Host, crowd: &mut Crowd) -> (Vec<Duration>, Busy) {
    host.forget_times();
    crowd.reliable = Default::default();
    let (mut ticks, mut busy) = (Vec::new(), Busy::default());
    let before = host.status().counters;
    for _ in 0..MEASURED_TICKS {
        crowd.act();
        let began = Instant::now();
        host.tick();
        ticks.push(began.elapsed());
        busy.time += began.elapsed();
        crowd.look(Instant::now());
    }
    let after = host.status().counters;
    busy.commands = after.commands - before.commands;
    busy.events = busy.commands + after.events - before.events;
    busy.snapshots = after.snapshots - before.snapshots;
    assert!(busy.commands as usize > MEASURED_TICKS * PLAYERS * 9 / 10, "nearly everyone steers in every tick");
    ticks.sort_unstable();
    (ticks, busy)
}

/// Runs ticks by the clock while the players, on a thread of their own, act and look between them. Returns how long the ticks took, and
/// how long news, both rising.
fn paced(host: &mut Host, crowd: &mut Crowd) -> (Vec<Duration>, Vec<Duration>) {
    let period = Duration::from_secs(1) / TICK_HZ;
    crowd.note_news();
    let (over, mut ticks) = (AtomicBool::new(false), Vec::new());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (mut slice, mut deadline) = (0, Instant::now());
            while !over.load(Relaxed) {
                crowd.act_slice(slice % SLICES, SLICES);
                slice += 1;
                deadline += period / SLICES as u32;
                while Instant::now() < deadline {
                    crowd.look(Instant::now());
                    std::thread::sleep(Duration::from_micros(200));
                }
            }
        });
        let mut deadline = Instant::now();
        for _ in 0..PACED_TICKS {
            std::thread::sleep(deadline.saturating_duration_since(Instant::now()));
            let began = Instant::now();
            host.tick();
            ticks.push(began.elapsed());
            deadline += period;
        }
        over.store(true, Relaxed);
    });
    let mut news = crowd.take_news();
    ticks.sort_unstable();
    news.sort_unstable();
    (ticks, news)
}
