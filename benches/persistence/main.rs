//! What it costs to keep everything: grants on both databases, the size of logs, what the log takes from the tick, and how
//! soon ten thousand players are back after their server was killed.
//!
//! There is no peer: what is wanted stands in its place. `-- grants`, `-- log`, `-- tick`, `-- slow` or
//! `-- recovery` runs one part.

mod grants;
mod log_size;
mod recovery;
mod slow;
mod tick;

#[allow(dead_code, reason = "the bench of the world asks more of its crowd")]
#[path = "../world/crowd.rs"]
mod crowd;
#[allow(dead_code, reason = "the bench of the world asks more of its host")]
#[path = "../world/host.rs"]
mod host;
#[path = "../harness/long_match.rs"]
mod long_match;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let wants = |part: &str| asked.is_empty() || asked.iter().any(|word| word == part);
    if wants("grants") {
        grants::measure();
    }
    if wants("log") {
        log_size::measure();
    }
    if wants("tick") {
        tick::measure();
    }
    if wants("slow") {
        slow::measure();
    }
    if wants("recovery") {
        recovery::measure();
    }
}

/// Prints a figure, beside what is wanted where that is said.
fn figure(name: &str, clients: usize, ours: f64, wanted: Option<f64>) {
    match wanted {
        Some(wanted) => println!(
            "RESULT name={name} clients={clients} ours={ours:.3} peer=none limit={wanted} ratio={:.3}",
            ours / wanted
        ),
        None => println!("RESULT name={name} clients={clients} ours={ours:.1} peer=none"),
    }
}
