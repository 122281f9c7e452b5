//! What matches cost: a pass of the matchmaker, full matches on one core, and ten thousand minds in one place.
//!
//! `cargo bench --bench matches` runs all of it; `-- minds`, `pass`, `steps` or `server` one part.

mod minds;
mod pass;
mod server;
mod steps;

fn main() {
    let parts: [(&str, fn()); 4] =
        [("minds", minds::run), ("pass", pass::run), ("steps", steps::run), ("server", server::run)];
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    for word in &wanted {
        assert!(parts.iter().any(|(name, _)| name == word), "there is no part `{word}`: minds, pass, steps, server");
    }
    for (name, run) in parts {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            run();
        }
    }
}
