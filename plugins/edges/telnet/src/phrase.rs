//! What telnet itself says, before it is words.

use crate::doorkeeper::Words;

/// What the edge says, in the languages it brings along: tag, name of the file, and the file.
pub const MESSAGES: [(&str, &str, &str); 2] = [
    ("en", "telnet/en.ftl", include_str!("../locales/en.ftl")),
    ("de", "telnet/de.ftl", include_str!("../locales/de.ftl")),
];

/// A message, and what stands in its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase {
    pub(crate) id: &'static str,
    arguments: Vec<(&'static str, String)>,
}

impl Phrase {
    pub(crate) const fn new(id: &'static str) -> Self {
        Self { id, arguments: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    pub(crate) fn in_words(&self, words: &dyn Words, locale: &str) -> String {
        let arguments: Vec<(&'static str, &str)> =
            self.arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        words.words(locale, self.id, &arguments)
    }
}

macro_rules! phrases {
    ($($name:ident = $id:literal),* $(,)?) => {
        $(pub(crate) const $name: &str = $id;)*
        #[cfg(test)]
        const ALL: &[&str] = &[$($name),*];
    };
}

phrases! {
    GREETING = "telnet-greeting",
    CLEAR = "telnet-clear",
    ASK_NAME = "telnet-ask-name",
    ASK_PASSWORD = "telnet-ask-password",
    ASK_NEW_NAME = "telnet-ask-new-name",
    ASK_NEW_PASSWORD = "telnet-ask-new-password",
    ASK_PASSWORD_AGAIN = "telnet-ask-password-again",
    ASK_GUEST_NAME = "telnet-ask-guest-name",
    PASSWORDS_DIFFER = "telnet-passwords-differ",
    NO_CHARACTERS = "telnet-no-characters",
    CHARACTERS = "telnet-characters",
    CHARACTER = "telnet-character",
    ASK_CHARACTER = "telnet-ask-character",
    NO_SUCH_CHARACTER = "telnet-no-such-character",
    ASK_CHARACTER_NAME = "telnet-ask-character-name",
    ARCHETYPES = "telnet-archetypes",
    ASK_ARCHETYPE = "telnet-ask-archetype",
    ENTERING = "telnet-entering",
    LANGUAGE = "telnet-language",
    PROMPT = "telnet-prompt",
    GOODBYE = "telnet-goodbye",
    SERVER_ENDS = "telnet-server-ends",
    TAKEN_OVER = "telnet-taken-over",
    NOT_READING = "telnet-not-reading",
    IDLE = "telnet-idle",
    LOGIN_TIMEOUT = "telnet-login-timeout",
    LOGIN_CLOSED = "telnet-login-closed",
    TOO_LONG = "telnet-too-long",
    TOO_FAST = "telnet-too-fast",
    IN_A_MATCH = "telnet-in-a-match",
    HELP = "telnet-help",
    SET = "telnet-set",
    COMPLETIONS = "telnet-completions",
    WRONG_CREDENTIALS = "telnet-wrong-credentials",
    LOCKED_OUT = "telnet-locked-out",
    TOO_MANY_REQUESTS = "telnet-too-many-requests",
    NAME_TAKEN = "telnet-name-taken",
    INVALID_NAME = "telnet-invalid-name",
    WEAK_PASSWORD = "telnet-weak-password",
    GUESTS_REFUSED = "telnet-guests-refused",
    TOO_MANY_CHARACTERS = "telnet-too-many-characters",
    TRY_LATER = "telnet-try-later",
    NOT_DONE = "telnet-not-done",
    TOO_MANY_TRIES = "telnet-too-many-tries",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_in_every_language() {
        for (tag, _, text) in MESSAGES {
            let there: Vec<&str> = text.lines().filter_map(|line| line.split_once(" =")).map(|(id, _)| id).collect();
            let known: Vec<&str> = there.iter().copied().filter(|id| id.starts_with("telnet-")).collect();
            for id in ALL {
                assert!(known.contains(id), "{tag} has no {id}");
            }
            assert_eq!(known.len(), ALL.len(), "{tag} says what nobody says");
        }
    }
}
