//! What is said and answered, as messages: each reads them in its own language.

use hypogeum_locale::{LocaleFile, Message};
use hypogeum_protocol::{ChatChannel, ErrorCode, Ignored};

use crate::words::BadWords;

/// What chat says, in the languages it brings along. A studio's own files go over them.
pub const MESSAGES: &[LocaleFile] = &[
    LocaleFile::new("en", "chat/en.ftl", include_str!("../locales/en.ftl")),
    LocaleFile::new("de", "chat/de.ftl", include_str!("../locales/de.ftl")),
];

/// A line as others are shown it, or who said it.
pub(crate) fn line(
    channel: ChatChannel,
    (from, to): (&str, &str),
    (words, is_emote): (&str, bool),
    is_own: bool,
) -> Message {
    let id = match channel {
        ChatChannel::Room if is_emote => "chat-emote",
        ChatChannel::Room if is_own => "chat-you-say",
        ChatChannel::Room => "chat-says",
        ChatChannel::Zone if is_own && !is_emote => "chat-you-shout",
        ChatChannel::Zone if !is_emote => "chat-shouts",
        ChatChannel::Whisper if is_own => "chat-you-tell",
        ChatChannel::Whisper => "chat-tells-you",
        _ if is_emote => "chat-emote-afar",
        _ => "chat-line",
    };
    Message::new(id).with("from", from).with("to", to).with("words", words).with("channel", Message::new(name(channel)))
}

const fn name(channel: ChatChannel) -> &'static str {
    match channel {
        ChatChannel::Room => "chat-room",
        ChatChannel::Zone => "chat-zone",
        ChatChannel::Party => "chat-party",
        ChatChannel::Whisper => "chat-whisper",
        ChatChannel::Global => "chat-global",
    }
}

/// Why something was not said or done, and when trying again may help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: ErrorCode,
    pub(crate) retry_after_ms: u32,
    pub(crate) why: Message,
}

impl Refused {
    pub(crate) const fn new(code: ErrorCode, id: &'static str) -> Self {
        Self::because(code, Message::new(id))
    }

    pub(crate) const fn because(code: ErrorCode, why: Message) -> Self {
        Self { code, retry_after_ms: 0, why }
    }

    pub(crate) const fn after(code: ErrorCode, retry_after_ms: u32, why: Message) -> Self {
        Self { code, retry_after_ms, why }
    }

    pub(crate) fn too_soon(retry_after_ms: u32) -> Self {
        let why = Message::new("chat-too-soon").with("seconds", retry_after_ms.div_ceil(1_000));
        Self::after(ErrorCode::TooSoon, retry_after_ms, why)
    }

    pub(crate) const fn unavailable() -> Self {
        Self::after(ErrorCode::Unavailable, 5_000, Message::new("chat-unavailable"))
    }

    pub(crate) fn nobody(name: &str) -> Self {
        let name: String = name.chars().take(32).collect();
        Self::because(ErrorCode::NoSuchEntity, Message::new("chat-nobody").with("name", name))
    }
}

impl From<BadWords> for Refused {
    fn from(bad: BadWords) -> Self {
        let id = match bad {
            BadWords::Empty => "chat-empty",
            BadWords::TooLong => "chat-too-long",
            BadWords::Unreadable => "chat-unreadable",
        };
        Self::new(ErrorCode::OutOfRange, id)
    }
}

/// What is answered to who ignores somebody.
pub(crate) fn ignored(name: &str, ignored: Ignored) -> Message {
    let id = match ignored {
        Ignored::Not => "chat-heard",
        Ignored::Muted => "chat-muted",
        Ignored::Blocked => "chat-blocked",
    };
    Message::new(id).with("name", name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use hypogeum_locale::{LocaleId, Locales};

    use super::*;

    #[test]
    fn every_message_has_words_in_every_language() {
        let locales = Locales::new(MESSAGES.iter().cloned()).expect("they can be read");
        assert_eq!(locales.differences(&BTreeMap::new()), []);
        let source = [include_str!("text.rs"), include_str!("speak.rs"), include_str!("answers.rs")];
        let source = source.into_iter().chain([include_str!("asks.rs"), include_str!("audience.rs")]);
        let (mut said, prefix) = (0, concat!("\"", "chat-"));
        let known = hypogeum_locale::message_ids(&MESSAGES[0]);
        let ends = source.flat_map(|text| text.split(prefix).skip(1)).filter_map(|rest| rest.split('"').next());
        for end in ends.filter(|end| !end.is_empty() && !end.contains('{')) {
            assert!(known.contains(&format!("chat-{end}")), "chat-{end} has words");
            said += 1;
        }
        assert!(said > 30, "they were found");
        assert_eq!(locales.words(LocaleId::default(), &Message::new("chat-yourself")), "You think about it.");
    }
}
