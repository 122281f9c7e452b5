//! SIGTERM and ctrl-c: the first asks for an orderly end, the second ends at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};

/// Exit code of a program ended by the second signal, as shells report SIGINT.
const EXIT_CODE_FORCED: i32 = 130;

/// A flag that the first signal raises.
///
/// # Errors
/// Where the system refuses to register a handler.
pub(crate) fn on_signal() -> io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // Registered first, this one sees the flag down at the first signal and up at the second.
        signal_hook::flag::register_conditional_shutdown(signal, EXIT_CODE_FORCED, Arc::clone(&stop))?;
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(stop)
}
