//! What a chat asks of the store: what was said, who ignores whom, what was reported.

use hypogeum_protocol::link::RequestId;
use hypogeum_protocol::{AccountId, CharacterId, ChatChannel, Ignored};

/// Lines of one channel of one place that are kept; older ones go as newer ones come.
pub const CHANNEL_LINES_KEPT_MAX: usize = 1_000;
/// Lines between two people that are kept.
pub const WHISPER_LINES_KEPT_MAX: usize = 200;
/// How long any line is kept, in days.
pub const LINES_KEPT_DAYS: u64 = 90;
/// Lines before a reported one, and after it, that moderators are shown with it.
pub const REPORT_LINES_AROUND: usize = 10;

/// Somebody as others know it: an account, or a character of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Speaker {
    /// Whose it is.
    pub account: AccountId,
    /// Which character; `None`: the account under its own name.
    pub character: Option<CharacterId>,
}

impl Speaker {
    fn key(self) -> (u64, u64) {
        (self.account.0, self.character.map_or(0, |character| character.0))
    }
}

/// Under which name lines are kept that are read together: a room, a zone, two people who whisper.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChatKey(String);

impl ChatKey {
    const WHISPER: &str = "whisper:";

    /// The channel of everyone.
    #[must_use]
    pub fn global() -> Self {
        Self("global".to_owned())
    }

    /// A place.
    #[must_use]
    pub fn zone(place: &str) -> Self {
        Self(format!("zone:{place}"))
    }

    /// A room of a place.
    #[must_use]
    pub fn room(place: &str, room: &str) -> Self {
        Self(format!("room:{place}/{room}"))
    }

    /// A party.
    #[must_use]
    pub fn party(party: u64) -> Self {
        Self(format!("party:{party}"))
    }

    /// Two people, whichever of them speaks.
    #[must_use]
    pub fn whisper(one: Speaker, other: Speaker) -> Self {
        let (first, second) = (one.key().min(other.key()), one.key().max(other.key()));
        Self(format!("{}{}.{}:{}.{}", Self::WHISPER, first.0, first.1, second.0, second.1))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many lines are kept under it.
    #[must_use]
    pub fn lines_kept_max(&self) -> usize {
        if self.0.starts_with(Self::WHISPER) { WHISPER_LINES_KEPT_MAX } else { CHANNEL_LINES_KEPT_MAX }
    }
}

/// A line as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpokenLine {
    /// Its name, below 2^63; later lines have higher ones.
    pub id: u64,
    /// What it is kept under.
    pub key: ChatKey,
    /// Whose words they are.
    pub account: AccountId,
    /// Who said it, as others are shown it.
    pub from: String,
    /// To whom it was whispered; empty on other channels.
    pub to: String,
    /// What was said.
    pub words: String,
    /// It is something that was done.
    pub is_emote: bool,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
}

/// Which lines are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatSource {
    /// What is kept under a key.
    Key(ChatKey),
    /// What was whispered between two, of whom one is called so.
    With {
        /// One of the two.
        speaker: Speaker,
        /// The name of the other, which need not be here.
        name: String,
    },
}

/// A page that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadChat {
    /// Who asks. It comes back with the answer, as all of this does.
    pub account: AccountId,
    /// The channel it has asked for.
    pub channel: ChatChannel,
    /// Where that is.
    pub source: ChatSource,
    /// Lines before this one; 0: the newest.
    pub before: u64,
    /// How many at most.
    pub lines_max: usize,
    /// The number that its client gave the request: the answer has the same.
    pub request: Option<RequestId>,
}

/// What a chat asks. Each gets one [`ChatReply`], or fails whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatRequest {
    /// What accounts have settled about others, and what moderators have about them. One that nobody knows has nothing.
    Load {
        /// The accounts.
        accounts: Vec<AccountId>,
    },
    /// Keeps lines, and puts away those that are too many or too old. Asked again it does nothing.
    Keep {
        /// In any order.
        lines: Vec<SpokenLine>,
    },
    /// Reads a page, without lines of those whom the account ignores, or who block it.
    Read(ReadChat),
    /// An account ignores whoever is called so, or does no longer. Asked again it does nothing.
    Ignore {
        /// Who ignores.
        account: AccountId,
        /// The name of an account or a character: it is the account that is ignored, under all its names.
        name: String,
        /// How far.
        ignored: Ignored,
    },
    /// Shows a line to the moderators, with those around it as they are then. Asked again it does nothing.
    Report {
        /// Who reports.
        account: AccountId,
        /// The line.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A moderator silences an account.
    Silence {
        /// The account that may not speak.
        account: AccountId,
        /// Until when, in seconds since 1970; 0: it may speak.
        until_s: u64,
    },
}

/// What the store answers to a chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatReply {
    /// Answers [`ChatRequest::Load`], in the order asked.
    Loaded(Vec<ChatSettings>),
    /// Answers [`ChatRequest::Keep`].
    Kept,
    /// Answers [`ChatRequest::Read`].
    Page {
        /// As asked.
        asked: ReadChat,
        /// The oldest first; of nobody's, where nobody has the name that was asked for.
        lines: Vec<SpokenLine>,
    },
    /// Answers [`ChatRequest::Ignore`].
    Ignored {
        /// As asked.
        account: AccountId,
        /// As asked.
        ignored: Ignored,
        /// The account that is ignored, and the name as it is written.
        whom: Result<(AccountId, String), IgnoreRefusal>,
    },
    /// Answers [`ChatRequest::Report`].
    Reported {
        /// As asked.
        account: AccountId,
        /// As asked.
        line: u64,
        /// What came of it.
        outcome: ReportOutcome,
    },
    /// Answers [`ChatRequest::Silence`].
    Silenced {
        /// As asked.
        account: AccountId,
        /// As asked.
        until_s: u64,
    },
}

/// What an account has settled about others, and what moderators have about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatSettings {
    /// Whose settings these are.
    pub account: AccountId,
    /// Whom it ignores, at most [`IGNORED_MAX`](hypogeum_protocol::limits::IGNORED_MAX).
    pub ignored: Vec<(AccountId, Ignored)>,
    /// Until when it may not speak, in seconds since 1970.
    pub silenced_until_s: u64,
}

/// Why somebody is not ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IgnoreRefusal {
    /// Nobody is called so.
    NoSuchName,
    /// It is the account itself.
    Oneself,
    /// The account ignores as many as it may.
    TooMany,
}

/// What came of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportOutcome {
    /// Moderators will see it.
    Taken,
    /// The same account has reported this line before.
    TakenBefore,
    /// The line is not kept.
    NoSuchLine,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_who_whisper_share_one_key_and_nobody_else_has_it() {
        let speaker = |account, character: u64| Speaker {
            account: AccountId(account),
            character: (character > 0).then_some(CharacterId(character)),
        };
        let (one, other) = (speaker(1, 12), speaker(2, 0));
        assert_eq!(ChatKey::whisper(one, other), ChatKey::whisper(other, one), "whoever speaks");
        assert_ne!(ChatKey::whisper(one, other), ChatKey::whisper(speaker(1, 1), speaker(2, 2)), "others have another");
        assert_ne!(ChatKey::whisper(one, other), ChatKey::whisper(speaker(1, 13), other), "so has another character");
        assert_eq!(ChatKey::whisper(one, other).lines_kept_max(), WHISPER_LINES_KEPT_MAX, "and fewer lines");
    }
}
