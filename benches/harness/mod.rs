//! What benches share: a clock that counts only work, and the line each figure ends as.

use std::time::Duration;

use nix::time::{ClockId, clock_gettime};

/// Time this thread has spent on a CPU: a machine that is busy with something else does not count.
pub(crate) fn thread_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("the system keeps accounts").into()
}

/// The middle one.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Prints a figure.
pub(crate) fn result(name: &str, clients: usize, ours: f64, peer: f64) {
    println!("RESULT name={name} clients={clients} ours={ours:.2} peer={peer:.2} ratio={:.4}", ours / peer);
}
