//! What a ticket says of itself and asks of others, why one is not taken, and why one still waits.

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;
use crate::limits;
use crate::readable;

/// What a ticket says of itself under one key, for the queries of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property {
    /// 1 to [`limits::PROPERTY_KEY_BYTES_MAX`] lower-case letters, digits, `_`, `.` and `-` of ASCII.
    pub key: String,
    /// What is said.
    pub value: PropertyValue,
}

/// What a property holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyValue {
    /// 1 to [`limits::PROPERTY_TEXT_BYTES_MAX`] bytes, without control characters.
    Text {
        /// The text; upper and lower case differ.
        text: String,
    },
    /// A whole number.
    Number {
        /// The number.
        #[serde(deserialize_with = "readable::wide_signed")]
        number: i64,
    },
}

impl Property {
    /// Whether a client may send it: lengths alone. What is in it is refused with its place.
    pub(crate) const fn in_range(&self) -> bool {
        let is_short = match &self.value {
            PropertyValue::Text { text } => text.len() <= limits::PROPERTY_TEXT_BYTES_MAX,
            PropertyValue::Number { .. } => true,
        };
        is_short && self.key.len() <= limits::PROPERTY_KEY_BYTES_MAX
    }
}

/// Why a property is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PropertyFault {
    /// Its key is empty, or has a character that no key has.
    BadKey,
    /// One before it has the same key.
    SameKey,
    /// Its text is empty, or has a control character.
    BadText,
}

/// Why a query is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryFault {
    /// There are more than [`limits::QUERY_CLAUSES_MAX`] clauses.
    TooManyClauses,
    /// A clause has more than [`limits::QUERY_VALUES_MAX`] values.
    TooManyValues,
    /// No key stands where a clause begins, or a character that no key has.
    BadKey,
    /// No colon follows the key.
    NoColon,
    /// No value follows a colon or a `|`.
    NoValue,
    /// What follows `<`, `>` or `..` is no whole number of 64 bits.
    BadNumber,
    /// A range ends below its beginning.
    EmptyRange,
    /// A quotation mark has no second one.
    OpenQuote,
    /// A character that means nothing here: a control character, or a quotation mark within a word.
    BadCharacter,
}

/// What of a ticket was in the way when somebody wanted to play, alone or with a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueRefusal {
    /// Only the leader queues for a party.
    NotLeader {
        /// Who leads it.
        leader: AccountId,
    },
    /// It has more members than the mode takes of one party.
    PartyTooLarge {
        /// How many it has.
        members: u16,
        /// How many it may have.
        members_max: u16,
    },
    /// A member is not connected.
    MemberAway {
        /// The first of the party who is not.
        account: AccountId,
    },
    /// A member waits, or plays, or is in a place of the world.
    MemberBusy {
        /// The first of the party who does.
        account: AccountId,
    },
    /// The ratings of its best and its worst member are further apart than the mode allows.
    RatingsTooWide {
        /// How far they are apart.
        spread: u32,
        /// How far they may be.
        spread_max: u32,
    },
    /// A property of the ticket is not what it should be.
    BadProperty {
        /// Its place in the list, from 0 on.
        place: u16,
        /// What is wrong.
        fault: PropertyFault,
    },
    /// The query cannot be read.
    BadQuery {
        /// Where reading ended: bytes from its beginning.
        at: u16,
        /// What is wrong there.
        fault: QueryFault,
    },
}

/// How a wait stands, and which of those nearest in rating fell to which rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueWhy {
    /// Key of the mode that is waited for.
    pub mode: String,
    /// For how long this client has waited.
    pub waited_ms: u32,
    /// How much longer it may take, going by those who went last. `None`: nobody has gone, or they waited less than this client.
    pub estimate_ms: Option<u32>,
    /// Rating distance accepted now.
    pub window: u32,
    /// Rating distance accepted at first.
    pub window_start: u32,
    /// How much that grows each second.
    pub window_per_s: u32,
    /// And how far it grows.
    pub window_max: u32,
    /// People in line for the mode, the own party included.
    pub in_line: u16,
    /// Others in line that were looked at, the nearest in rating first, at most 256. A party is one. Each is one of the four that follow.
    pub looked_at: u16,
    /// This client might play with these.
    pub fitting: u16,
    /// Their rating is beyond its window.
    pub beyond_window: u16,
    /// Its rating is beyond their window.
    pub beyond_theirs: u16,
    /// They are parties for whom a match has no room beside it.
    pub too_many: u16,
}

/// What [`QueueWhy`] does not tell of a ticket that has a query or properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryWhy {
    /// Others among those nearest in rating that its query rules out, or that rule it out by theirs; [`QueueWhy::looked_at`] does not
    /// count them.
    pub ruled_out: u16,
    /// How many of its clauses without a sign still hold.
    pub shoulds: u16,
    /// When one fewer of them does. `None`: none holds, or the mode lets none go.
    pub next_relaxed_ms: Option<u32>,
}
