//! What is said and answered, in words.

use hypogeum_protocol::{ChatChannel, ErrorCode, Ignored};

use crate::words::BadWords;

/// A line as others are shown it, or who said it.
pub(crate) fn line(
    channel: ChatChannel,
    (from, to): (&str, &str),
    (words, is_emote): (&str, bool),
    is_own: bool,
) -> String {
    match channel {
        ChatChannel::Room if is_emote => format!("{from} {words}"),
        ChatChannel::Room if is_own => format!("You say, \"{words}\""),
        ChatChannel::Room => format!("{from} says, \"{words}\""),
        ChatChannel::Zone if is_own && !is_emote => format!("You shout, \"{words}\""),
        ChatChannel::Zone if !is_emote => format!("{from} shouts, \"{words}\""),
        ChatChannel::Whisper if is_own => format!("You tell {to}, \"{words}\""),
        ChatChannel::Whisper => format!("{from} tells you, \"{words}\""),
        _ if is_emote => format!("[{}] {from} {words}", name(channel)),
        _ => format!("[{}] {from}: {words}", name(channel)),
    }
}

pub(crate) const fn name(channel: ChatChannel) -> &'static str {
    match channel {
        ChatChannel::Room => "room",
        ChatChannel::Zone => "zone",
        ChatChannel::Party => "party",
        ChatChannel::Whisper => "whisper",
        ChatChannel::Global => "global",
    }
}

/// Why something was not said or done, and when trying again may help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: ErrorCode,
    pub(crate) retry_after_ms: u32,
    pub(crate) text: String,
}

impl Refused {
    pub(crate) fn new(code: ErrorCode, text: impl Into<String>) -> Self {
        Self { code, retry_after_ms: 0, text: text.into() }
    }

    pub(crate) fn after(code: ErrorCode, retry_after_ms: u32, text: impl Into<String>) -> Self {
        Self { code, retry_after_ms, text: text.into() }
    }

    pub(crate) fn too_soon(retry_after_ms: u32) -> Self {
        let seconds = retry_after_ms.div_ceil(1_000);
        Self::after(ErrorCode::TooSoon, retry_after_ms, format!("Not so fast: wait {seconds} s."))
    }

    pub(crate) fn unavailable() -> Self {
        Self::after(ErrorCode::Unavailable, 5_000, "That does not work now. Try again later.")
    }

    pub(crate) fn nobody(name: &str) -> Self {
        let name: String = name.chars().take(32).collect();
        Self::new(ErrorCode::NoSuchEntity, format!("Nobody here is called {name}."))
    }
}

impl From<BadWords> for Refused {
    fn from(bad: BadWords) -> Self {
        let text = match bad {
            BadWords::Empty => "What do you want to say?",
            BadWords::TooLong => "That cannot be said: it is too long.",
            BadWords::Unreadable => "That cannot be said: it contains characters that cannot be shown.",
        };
        Self::new(ErrorCode::OutOfRange, text)
    }
}

/// What is answered to who ignores somebody.
pub(crate) fn ignored(name: &str, ignored: Ignored) -> String {
    match ignored {
        Ignored::Not => format!("You hear {name} again."),
        Ignored::Muted => format!("You hear {name} no more."),
        Ignored::Blocked => format!("You and {name} hear each other no more."),
    }
}
