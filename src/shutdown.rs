//! Signals: what asks for an end, what asks for another look at the configuration, and what means nothing here.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::signal::{
    SIGALRM, SIGHUP, SIGINT, SIGIO, SIGPROF, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGXFSZ,
};
use signal_hook::iterator::Signals;
use signal_hook::low_level::signal_name;

/// Exit code of a program that was made to end at once, as shells report SIGINT.
const EXIT_CODE_FORCED: i32 = 130;
/// Ask for an orderly end.
const ENDING: [i32; 3] = [SIGINT, SIGTERM, SIGQUIT];
/// Mean nothing here, and would end a process that does not say so. SIGXFSZ comes with an error for the writer.
const IGNORED: [i32; 7] = [SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGIO, SIGXFSZ];

/// A flag that the first signal raises; the second ends the process at once. For what has nothing to bring to an end.
///
/// # Errors
/// Where the system refuses to register a handler.
pub(crate) fn on_signal() -> io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in ENDING.into_iter().chain([SIGHUP]) {
        // Registered first, this one sees the flag down at the first signal and up at the second.
        signal_hook::flag::register_conditional_shutdown(signal, EXIT_CODE_FORCED, Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}

/// What a signal asks of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To end in order.
    End,
    /// To read again what can change while it runs.
    Reload,
}

/// The signals of a server. The first that asks for an end begins it, the second hastens it, the third ends the process.
#[derive(Debug)]
pub(crate) struct ServerSignals {
    signals: Signals,
    /// SIGHUP asks to reload; where there is nothing to reload, to end.
    reloads: bool,
    ends_asked: u32,
    /// The next signal that asks for an end ends the process.
    forced: Arc<AtomicBool>,
}

impl ServerSignals {
    /// Takes every signal from now on that would end the process without a word.
    ///
    /// # Errors
    /// Where the system refuses to register a handler.
    pub(crate) fn take(reloads: bool) -> io::Result<Self> {
        let forced = Arc::new(AtomicBool::new(false));
        for signal in ENDING {
            // In the handler itself: it works also where nobody looks for signals any more.
            signal_hook::flag::register_conditional_shutdown(signal, EXIT_CODE_FORCED, Arc::clone(&forced))?;
        }
        let signals = Signals::new(ENDING.into_iter().chain([SIGHUP]).chain(IGNORED))?;
        Ok(Self { signals, reloads, ends_asked: 0, forced })
    }

    /// What was asked since the last look. Signals that mean nothing are logged.
    pub(crate) fn look(&mut self) -> Option<Asked> {
        let mut asked = None;
        for signal in self.signals.pending() {
            let name = signal_name(signal).unwrap_or("a signal");
            if IGNORED.contains(&signal) {
                tracing::info!(signal = name, "a signal that means nothing here is ignored");
            } else if signal == SIGHUP && self.reloads {
                asked = asked.or(Some(Asked::Reload));
            } else {
                self.ends_asked += 1;
                tracing::info!(signal = name, "asked to end");
                asked = Some(Asked::End);
            }
        }
        if self.ends_asked >= 2 {
            self.forced.store(true, Ordering::Release);
        }
        asked
    }

    /// Whether the end is to come soon: it was asked for twice.
    pub(crate) fn is_hastened(&mut self) -> bool {
        self.look();
        self.ends_asked >= 2
    }
}
