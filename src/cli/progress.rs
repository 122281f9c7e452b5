//! One line with the state of a swarm: redrawn on a terminal, a new one now and then elsewhere.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use hypogeum_loadbots::{Progress, SMALL_SWARM};
use hypogeum_protocol::MatchPhase;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::log;

/// Between two lines where nothing can be redrawn.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Columns of a line: a terminal has 80, and the spinner takes some.
const COLUMNS_MAX: usize = 77;

/// Writes to standard error, so that standard output stays for results.
pub(crate) struct Display {
    bar: Option<ProgressBar>,
    last: Cell<Option<Instant>>,
}

impl Display {
    /// A display that suits what standard error is.
    pub(crate) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {wide_msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style)
        });
        Self { bar, last: Cell::new(None) }
    }

    /// Shows where the bots are, and as much of `more` as finds room behind that.
    pub(crate) fn show(&self, progress: &Progress, more: &[String]) {
        let line = fitted(line(progress), more);
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

/// A line and as much of what follows as finds room beside it.
fn fitted(mut line: String, more: &[String]) -> String {
    for part in more {
        if line.chars().count() + 2 + part.chars().count() > COLUMNS_MAX {
            break;
        }
        line = format!("{line}  {part}");
    }
    line.chars().take(COLUMNS_MAX).collect()
}

/// What there is of several things, without those of which there is none.
fn counted(parts: &[(usize, &str)]) -> String {
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    parts.collect::<Vec<_>>().join(", ")
}

fn line(progress: &Progress) -> String {
    let Progress { wanted, connecting, queued, choosing, playing, returning, gone, done, .. } = *progress;
    let joining = wanted.saturating_sub(connecting + queued + choosing + returning + gone + done + playing);
    let ends = [(returning, "returning"), (done, "done"), (gone, "gone")];
    let Some(current) = &progress.current else {
        let begins = [(joining, "logging in"), (connecting, "connecting"), (queued, "queued"), (choosing, "choosing")];
        return format!("lobby  {}", counted(&[&begins[..], &ends].concat()));
    };
    if wanted > SMALL_SWARM {
        let measured = progress.measured.map_or_else(String::new, |(since, play)| {
            format!("measured {} of {} s  ", since.as_secs(), play.as_secs())
        });
        let under_way = joining + connecting + queued + choosing;
        let stand = counted(&[&[(playing, "playing"), (under_way, "on their way")][..], &ends].concat());
        return format!("{}  {measured}{stand}", current.mode);
    }
    let phase = match current.phase {
        Some(MatchPhase::Deploy) => "deploy",
        Some(MatchPhase::Live) => "live",
        Some(MatchPhase::Over) | None => "over",
    };
    let left_s = current.phase_ends_tick.saturating_sub(current.tick) / u32::from(current.tick_hz.max(1));
    let (minutes, seconds) = (left_s / 60, left_s % 60);
    let line = format!("{} {phase} {minutes:02}:{seconds:02}", current.mode);
    let stand = [(usize::from(current.alive), "alive"), (usize::from(current.extracted), "extracted")];
    format!("{line}  {}", counted(&[&stand[..], &ends[..1]].concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(set: impl FnOnce(&mut Progress)) -> Progress {
        let mut progress = Progress::default();
        set(&mut progress);
        progress
    }

    #[test]
    fn no_line_is_wider_than_a_terminal() {
        let all = progress(|all| {
            (all.wanted, all.connecting, all.queued, all.choosing) = (140, 10, 100, 10);
            (all.returning, all.done, all.gone) = (10, 5, 3);
        });
        let more: Vec<String> = vec!["tick 10.4/20.7 ms".into(), "in/out 2012.3/4423.9 MiB".into()];
        let lobby = fitted(line(&all), &more);
        assert!(lobby.chars().count() <= COLUMNS_MAX, "{lobby}");
        let few = progress(|few| (few.wanted, few.queued) = (24, 24));
        assert_eq!(line(&few), "lobby  24 queued", "what there is none of is not shown");
        assert_eq!(fitted(line(&few), &more), "lobby  24 queued  tick 10.4/20.7 ms  in/out 2012.3/4423.9 MiB");
    }
}
