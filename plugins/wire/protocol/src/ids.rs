//! Names that outlive a process, a world or a connection. None is ever an index into memory.

use core::fmt;
use core::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::readable;

macro_rules! name {
    ($(#[$meta:meta])* $name:ident(u64)) => {
        name!(@ $(#[$meta])* $name(#[serde(deserialize_with = "readable::wide")] pub u64));
    };
    ($(#[$meta:meta])* $name:ident($inner:ty)) => {
        name!(@ $(#[$meta])* $name(pub $inner));
    };
    (@ $(#[$meta:meta])* $name:ident($($field:tt)*)) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name($($field)*);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

name! {
    /// An entity's name inside one shard: dense, starting at 1, never reused. 0 is nobody.
    NetId(u32)
}
name! {
    /// A seat of a match: 0 up to the number of participants. Commands come from seats.
    Seat(u16)
}
name! {
    /// A registered account, as the database numbers it. 0 is nobody (a filled seat).
    AccountId(u64)
}
name! {
    /// One account's presence on a server; outlives a connection. Also the netcode client id.
    SessionId(u64)
}
name! {
    /// One match, unique across restarts of the server and among all servers that have numbers of their own. From the low
    /// bits up: 40 bits that count, 16 bits of the server that began it.
    MatchId(u64)
}
name! {
    /// One shard: a match, a zone, a duel. Its number is unique as that of a match is, and the shard of a match has the
    /// match's.
    ShardId(u64)
}
name! {
    /// A character: a name and face an account plays under. 0 is none: the account plays under its own name.
    CharacterId(u64)
}
name! {
    /// One trade between two accounts, as the database numbers it.
    TradeId(u64)
}
name! {
    /// One accepted connection of one edge. Never reused while the process lives. From the low bits up: 6 bits of the
    /// edge's worker, 24 bits of its place with that worker, a running number.
    ConnectionId(u64)
}

impl ConnectionId {
    /// Bits that tell the worker.
    pub const WORKER_BITS: u32 = 6;
    /// Workers of all edges together.
    pub const WORKERS_MAX: usize = 1 << Self::WORKER_BITS;

    /// The name of a connection that a worker owns (below [`ConnectionId::WORKERS_MAX`]); `number` is below 2^58.
    #[must_use]
    pub const fn of_worker(worker: usize, number: u64) -> Self {
        debug_assert!(worker < Self::WORKERS_MAX, "names have no room for more workers");
        Self(number << Self::WORKER_BITS | worker as u64)
    }

    /// Which worker of the edge owns it.
    #[must_use]
    pub const fn worker(self) -> usize {
        (self.0 & ((1 << Self::WORKER_BITS) - 1)) as usize
    }
}

impl MatchId {
    /// Bits that count the matches of one server: a million million of them.
    pub const COUNT_BITS: u32 = 40;

    /// The first match of a server.
    #[must_use]
    pub const fn first_of(server: u16) -> Self {
        Self((server as u64) << Self::COUNT_BITS | 1)
    }

    /// The server that began it.
    #[must_use]
    pub const fn server(self) -> u16 {
        (self.0 >> Self::COUNT_BITS) as u16
    }

    /// The first match of a server that comes after all of `known`, whichever servers these are of.
    #[must_use]
    pub fn next_of(server: u16, known: impl IntoIterator<Item = Self>) -> Self {
        let own = known.into_iter().filter(|id| id.server() == server);
        own.map(|id| Self(id.0.saturating_add(1))).max().unwrap_or(Self(0)).max(Self::first_of(server))
    }
}

// What marks the origins of items that come from no match lies beyond what names a match.
const _: () = assert!(ItemId::SHOP_BIT > (u16::MAX as u64) << MatchId::COUNT_BITS, "no match is taken for a shop");

impl From<MatchId> for ShardId {
    fn from(id: MatchId) -> Self {
        Self(id.0)
    }
}

impl From<ShardId> for MatchId {
    fn from(id: ShardId) -> Self {
        Self(id.0)
    }
}

impl NetId {
    /// Nobody and nothing.
    pub const NONE: Self = Self(0);

    /// Whether this names an entity at all (it may still be gone).
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// An item instance's name, unique for ever: who minted it, and its number there.
///
/// Derived, not drawn: settling the same match twice names the same items, so a repeated grant is seen as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId {
    /// The match that minted it, or [`ItemId::STARTER_BIT`] with the account it was first given to.
    pub origin: u64,
    /// Its number within that origin.
    pub serial: u32,
}

impl ItemId {
    /// Set in `origin` where an item comes from an account's starter kit instead of a match.
    pub const STARTER_BIT: u64 = 1 << 62;
    /// Set in `origin`, with the account that bought it, where an item comes from the shop instead of a match.
    pub const SHOP_BIT: u64 = 1 << 61;
}

impl fmt::Display for ItemId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:x}-{}", self.origin, self.serial)
    }
}

/// Two numbers, or its name in formats that people read: JSON would not keep the first of them exact.
impl Serialize for ItemId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            (self.origin, self.serial).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for ItemId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return <String>::deserialize(deserializer)?.parse().map_err(D::Error::custom);
        }
        let (origin, serial) = Deserialize::deserialize(deserializer)?;
        Ok(Self { origin, serial })
    }
}

/// The text is no item's name as [`ItemId`] shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an item is named by lower hex digits, a hyphen and decimal digits, both without leading zeros")]
pub struct ItemIdError;

/// Longest name of an item: 16 hex digits, a hyphen, 10 decimal digits.
const ITEM_ID_BYTES_MAX: usize = 27;

impl FromStr for ItemId {
    type Err = ItemIdError;

    /// Reads what [`fmt::Display`] writes and nothing else, so that no item has two names.
    fn from_str(text: &str) -> Result<Self, ItemIdError> {
        if text.len() > ITEM_ID_BYTES_MAX {
            return Err(ItemIdError);
        }
        let (origin, serial) = text.split_once('-').ok_or(ItemIdError)?;
        let origin = u64::from_str_radix(origin, 16).map_err(|_| ItemIdError)?;
        let item = Self { origin, serial: serial.parse().map_err(|_| ItemIdError)? };
        // Signs, capitals and leading zeros parse, too: only the one way to write it counts.
        if item.to_string() == text { Ok(item) } else { Err(ItemIdError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_servers_never_name_two_matches_alike() {
        let known = [MatchId(7), MatchId(3), MatchId::first_of(1)];
        assert_eq!(MatchId::next_of(0, known), MatchId(8), "a server counts on from its own last");
        assert_eq!(MatchId::next_of(1, known), MatchId((1 << 40) + 2), "and not from another's");
        assert_eq!(MatchId::next_of(9, known), MatchId::first_of(9), "a new one begins");
        let last = MatchId::first_of(u16::MAX);
        assert_eq!((last.server(), MatchId(1).server()), (u16::MAX, 0), "a match says whose it is");
    }

    #[test]
    fn an_item_is_read_as_it_is_shown() {
        let ends = [(0, 0), (1, 1), (0xAB, 7), (ItemId::STARTER_BIT | 5, 3), (u64::MAX, u32::MAX)];
        for (origin, serial) in ends {
            let item = ItemId { origin, serial };
            assert_eq!(item.to_string().parse(), Ok(item), "{item} comes back");
        }
    }

    #[test]
    fn an_item_has_one_name_only() {
        let others = ["", "-", "1", "1-", "-1", "AB-7", "0ab-7", "ab-07", "+ab-7", "ab-+7", "ab--7", "ab-7 ", "ab-7-1"];
        let beyond = ["10000000000000000-0", "0-4294967296", "é-1", "ab\0-7", "1-1111111111111111111111111111111111"];
        for text in others.into_iter().chain(beyond) {
            assert_eq!(text.parse::<ItemId>(), Err(ItemIdError), "{text:?} is no item's name");
        }
    }
    proptest::proptest! {
        #[test]
        fn any_text_is_an_item_in_one_way_or_none(text in "\\PC{0,40}|[0-9a-fA-F+-]{0,30}|[0-9a-f]{1,16}-[0-9]{1,10}") {
            if let Ok(item) = text.parse::<ItemId>() {
                proptest::prop_assert_eq!(item.to_string(), text, "it is written as it is shown");
            }
        }

        #[test]
        fn every_item_is_read_as_it_is_shown(origin in proptest::num::u64::ANY, serial in proptest::num::u32::ANY) {
            let item = ItemId { origin, serial };
            proptest::prop_assert_eq!(item.to_string().parse(), Ok(item), "it comes back");
        }
    }
}
