//! Processes that benches measure: where they run, and what they spend.

use std::collections::BTreeMap;
use std::process::Command;

/// Gives all threads of a process these cores alone.
pub(crate) fn pin(process: u32, cores: &str) {
    let pinned = Command::new("taskset").args(["-a", "-p", "-c", cores, &process.to_string()]).output();
    assert!(pinned.is_ok_and(|done| done.status.success()), "a process may be pinned to {cores}");
}

/// All cores but the first, where there are any.
pub(crate) fn others() -> String {
    match std::thread::available_parallelism().map_or(1, usize::from) {
        1 => "0".to_owned(),
        cores => format!("1-{}", cores - 1),
    }
}

/// Seconds a process has spent on CPUs.
pub(crate) fn cpu_s(process: u32) -> f64 {
    spent_s(&format!("/proc/{process}/stat")).expect("it runs")
}

/// The same by the names of its threads; those that are numbered count together.
pub(crate) fn cpu_by_thread_s(process: u32) -> BTreeMap<String, f64> {
    let mut spent: BTreeMap<String, f64> = BTreeMap::new();
    for thread in std::fs::read_dir(format!("/proc/{process}/task")).expect("it runs").flatten() {
        let name = std::fs::read_to_string(thread.path().join("comm")).unwrap_or_default();
        // A thread may have ended meanwhile.
        let Some(seconds) = thread.path().join("stat").to_str().and_then(spent_s) else { continue };
        let name = name.trim().trim_end_matches(|sign: char| sign.is_ascii_digit() || " -()#".contains(sign));
        *spent.entry(name.to_owned()).or_default() += seconds;
    }
    spent
}

fn spent_s(stat: &str) -> Option<f64> {
    let stat = std::fs::read_to_string(stat).ok()?;
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    // User and system time, in hundredths of a second.
    let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
    Some((ticks(11) + ticks(12)) / 100.0)
}
