//! What the log takes from the tick: two worlds of ten thousand, one recorded and one not, by turns and by the clock.

use std::time::{Duration, Instant};

use hypogeum_journal::{JournalConfig, JournalHealth, JournalPlugin};

use crate::crowd::Crowd;
use crate::figure;
use crate::host::Host;

const PLAYERS: usize = 10_000;
const TICK_HZ: u32 = 30;
/// Ticks before anything counts, of each world.
const WARM_UP_TICKS: u32 = 120;
/// Ticks of a turn: long enough for several syncs and, every second turn, a snapshot.
const TURN_TICKS: u32 = 150;
const TURNS: u32 = 8;
const SNAPSHOT_S: u32 = 10;
const RATIO_MAX: f64 = 1.05;

struct World {
    host: Host,
    crowd: Crowd,
    ticks: Vec<Duration>,
}

pub(crate) fn measure() {
    let data = tempfile::tempdir().expect("a folder");
    let config = JournalConfig::new(data.path().join("journal"));
    let mut journal = JournalPlugin::open(data.path(), config).expect("the folder can be written to");
    journal.recording.snapshot_s = SNAPSHOT_S;
    let mut on = World::open(Some(journal.clone()));
    let mut off = World::open(None);
    for turn in 0..TURNS {
        for world in if turn % 2 == 0 { [&mut on, &mut off] } else { [&mut off, &mut on] } {
            world.turn();
        }
    }
    assert_eq!(journal.watch().health(), JournalHealth::Good, "everything got to the disk");
    let (on, off) = (on.percentiles(), off.percentiles());
    println!("ticks with the log:    p50 {:.2} ms  p99 {:.2} ms  max {:.2} ms", on.0, on.1, on.2);
    println!("ticks without the log: p50 {:.2} ms  p99 {:.2} ms  max {:.2} ms", off.0, off.1, off.2);
    figure("tick_p50_log_on_against_off", PLAYERS, on.0 / off.0, Some(RATIO_MAX));
    figure("tick_p99_log_on_against_off", PLAYERS, on.1 / off.1, Some(RATIO_MAX));
}

impl World {
    fn open(journal: Option<JournalPlugin>) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let (host, link) = Host::open(PLAYERS, TICK_HZ, threads, journal);
        let crowd = Crowd::new(PLAYERS, link);
        let mut world = Self { host, crowd, ticks: Vec::new() };
        world.crowd.connect();
        while !world.crowd.all_play() {
            world.host.tick();
            world.host.answer();
            world.crowd.look(Instant::now());
        }
        for _ in 0..WARM_UP_TICKS {
            world.tick();
        }
        world.ticks.clear();
        world
    }

    fn tick(&mut self) {
        self.crowd.act();
        let began = Instant::now();
        self.host.tick();
        self.ticks.push(began.elapsed());
        self.host.answer();
        self.crowd.look(Instant::now());
    }

    /// Some seconds by the clock.
    fn turn(&mut self) {
        let period = Duration::from_secs(1) / TICK_HZ;
        let mut deadline = Instant::now();
        for _ in 0..TURN_TICKS {
            std::thread::sleep(deadline.saturating_duration_since(Instant::now()));
            self.tick();
            deadline += period;
        }
    }

    /// Milliseconds: the middle, the 99th percentile, the longest.
    fn percentiles(mut self) -> (f64, f64, f64) {
        self.ticks.sort_unstable();
        let at = |share: usize| self.ticks[(self.ticks.len() - 1) * share / 100].as_secs_f64() * 1e3;
        (at(50), at(99), at(100))
    }
}
