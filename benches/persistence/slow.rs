//! What a database that does not answer for five seconds takes from the tick: nothing, or something waits that must not.
//!
//! The long match, by the clock, over PostgreSQL: five seconds in which all its processes are stopped, five in which they
//! run, by turns.

use std::time::{Duration, Instant};

use hypogeum_persistence::Store;
use hypogeum_testkit::postgres::TestPostgres;

use crate::figure;
use crate::long_match::{LongMatch, PLAYERS, shipped, starter};

const TICK_HZ: u32 = 30;
const TURN_TICKS: u32 = 5 * TICK_HZ;
const TURNS: u32 = 12;
/// A tick with a slow database against one without.
const RATIO_MAX: f64 = 1.1;

pub(crate) fn measure() {
    let cluster = TestPostgres::new();
    let data = tempfile::tempdir().expect("a folder");
    let store = Store::connect(data.path(), &cluster.url(), starter()).expect("a new database");
    let mut game = LongMatch::begin(store, &shipped(), data.path());
    while game.host.status.read().matches.is_empty() {
        game.tick();
    }
    // Everyone has found somebody to fight.
    for _ in 0..30 * TICK_HZ {
        game.tick();
    }
    let (mut stopped, mut running) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let slow = turn % 2 == 1;
        if slow {
            cluster.pause();
        }
        let mut deadline = Instant::now();
        for _ in 0..TURN_TICKS {
            std::thread::sleep(deadline.saturating_duration_since(Instant::now()));
            let took = game.tick();
            if slow {
                stopped.push(took)
            } else {
                running.push(took)
            }
            deadline += Duration::from_secs(1) / TICK_HZ;
        }
        if slow {
            cluster.resume();
        }
    }
    let (stopped, running) = (p99_ms(stopped), p99_ms(running));
    println!("tick p99 {running:.3} ms with a database that answers, {stopped:.3} ms with one that does not");
    figure("tick_p99_slow_database_against_good", PLAYERS, stopped / running, Some(RATIO_MAX));
}

fn p99_ms(mut ticks: Vec<Duration>) -> f64 {
    ticks.sort_unstable();
    ticks[(ticks.len() - 1) * 99 / 100].as_secs_f64() * 1e3
}
