//! One line that tells how a swarm stands: redrawn on a terminal, now and then a new one elsewhere.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use hypogeum_loadbots::{Progress, SMALL_SWARM};
use hypogeum_protocol::MatchPhase;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::log;

/// Between two lines where nothing can be redrawn.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Writes to standard error, so that standard output stays for results.
pub(crate) struct Display {
    bar: Option<ProgressBar>,
    last: Cell<Option<Instant>>,
}

impl Display {
    /// A display that suits what standard error is.
    pub(crate) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style =
                ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style)
        });
        Self { bar, last: Cell::new(None) }
    }

    /// Shows where the bots are; `more` follows as it is.
    pub(crate) fn show(&self, progress: &Progress, more: &str) {
        let line = format!("{}{more}", line(progress));
        match &self.bar {
            Some(bar) => {
                bar.set_message(line);
                bar.tick();
            }
            None if self.last.get().is_none_or(|last| last.elapsed() >= LINE_EVERY) => {
                self.last.set(Some(Instant::now()));
                log::line("INFO", &line, &[]);
            }
            None => {}
        }
    }

    /// Writes a line that stays.
    pub(crate) fn note(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => log::line("INFO", &line, &[]),
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn line(progress: &Progress) -> String {
    let Progress { wanted, connecting, queued, choosing, playing, returning, gone, done, .. } = progress;
    let joining = wanted.saturating_sub(connecting + queued + choosing + returning + gone + done + playing);
    let measured = progress
        .measured
        .map_or_else(String::new, |(since, play)| format!("measured {} of {} s  ", since.as_secs(), play.as_secs()));
    let Some(current) = &progress.current else {
        return format!(
            "lobby     {joining} logging in, {connecting} connecting, {queued} queued, {choosing} choosing, {done} done, {gone} gone"
        );
    };
    if *wanted > SMALL_SWARM {
        let under_way = joining + connecting + queued + choosing;
        return format!(
            "{}  {measured}{playing} of {wanted} playing, {under_way} on their way, {done} done, {gone} gone",
            current.mode
        );
    }
    let phase = match current.phase {
        Some(MatchPhase::Deploy) => "deploy",
        Some(MatchPhase::Live) => "live",
        Some(MatchPhase::Over) | None => "over",
    };
    let left_s = current.phase_ends_tick.saturating_sub(current.tick) / u32::from(current.tick_hz.max(1));
    format!(
        "{} {phase:<6} {:02}:{:02}  alive {:>3}  extracted {:>3}",
        current.mode,
        left_s / 60,
        left_s % 60,
        current.alive,
        current.extracted
    )
}
