//! Results on standard output. Whoever reads them may have gone, as `head` does: that is no reason to panic, as the macros
//! of the standard library do.

use std::fmt::Arguments;
use std::io::{self, Write};

/// Writes to standard output, as far as somebody reads it.
pub(crate) fn write(text: Arguments<'_>) {
    let mut out = io::stdout().lock();
    let _ = out.write_fmt(text).and_then(|()| out.flush());
}

/// `print!` without its panic.
macro_rules! say {
    ($($part:tt)*) => { $crate::say::write(format_args!($($part)*)) };
}

/// `println!` without its panic.
macro_rules! sayln {
    ($($part:tt)*) => { $crate::say::write(format_args!("{}\n", format_args!($($part)*))) };
}

/// `eprintln!` without its panic, in the shape of the log where there is one.
macro_rules! complain {
    ($($part:tt)*) => { $crate::log::line("ERROR", &format_args!($($part)*), &[]) };
}
