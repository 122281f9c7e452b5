//! Parts of a log: a shard that never ends is recorded in parts, each of which begins with all that it needs of those before.

use std::fmt;

use hypogeum_protocol::{MatchId, Seat, ShardId};
use hypogeum_shard::StateHash;
use serde::{Deserialize, Serialize};

use crate::entry::{Header, VisitEntry};
use crate::visitors::Visit;

/// How a part begins: it stands in the header of each, and the snapshot of the step it names follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// 1 and up.
    pub number: u32,
    /// The last step of the part before; 0 in the first.
    pub tick: u32,
    /// The state after it; 0 in the first.
    pub hash: StateHash,
    /// The lowest number that no seat has had, 0 to 65,536.
    pub next_seat: u32,
    /// Visits that go on, by rising seats.
    pub seated: Vec<(Seat, Visit)>,
    /// Visits that ended in that step and of which nothing is on record, by rising seats.
    pub leaving: Vec<(Seat, Visit)>,
    /// Those of the seats above that were promised something, rising.
    pub promised: Vec<Seat>,
    /// The highest number that a visit has had, of each server that has drawn one.
    pub last_visits: Vec<MatchId>,
    /// The visit that the store has granted last, as far as it was known then. A database that knows it knows all visits on record in
    /// the parts before but those of [`Part::ended`].
    pub granted: Option<MatchId>,
    /// Records of visits that a database may lack which knows [`Part::granted`], in the order in which they ended.
    pub ended: Vec<VisitEntry>,
}

impl Part {
    /// How the first part of a log begins.
    #[must_use]
    pub fn first() -> Self {
        Self { number: 1, ..Self::default() }
    }
}

/// Which log: of which shard, and which part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogId {
    /// The shard.
    pub shard_id: ShardId,
    /// The number of the part, 1 and up; 0 where the log has no parts, as that of a match.
    pub part: u32,
}

impl LogId {
    /// The log of a shard that is not recorded in parts.
    #[must_use]
    pub const fn whole(shard_id: ShardId) -> Self {
        Self { shard_id, part: 0 }
    }

    /// The part before; `None` for the first, and where there are no parts.
    #[must_use]
    pub const fn before(self) -> Option<Self> {
        match self.part {
            0 | 1 => None,
            part => Some(Self { part: part - 1, ..self }),
        }
    }

    /// As folders are named.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name.split_once(PART) {
            None => Some(Self::whole(ShardId(name.parse().ok()?))),
            Some((shard, part)) => {
                let part = part.parse().ok().filter(|part| *part > 0)?;
                Some(Self { shard_id: ShardId(shard.parse().ok()?), part })
            }
        }
    }
}

/// What stands between the numbers of a shard and a part.
const PART: &str = "-part-";

impl fmt::Display for LogId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            0 => write!(formatter, "{}", self.shard_id),
            part => write!(formatter, "{}{PART}{part}", self.shard_id),
        }
    }
}

impl Header {
    /// Makes it the header of the first part of a log. Others begin by themselves, each at a snapshot.
    #[must_use]
    pub fn in_parts(self) -> Self {
        Self { part: Some(Box::new(Part::first())), ..self }
    }

    /// The log it begins.
    #[must_use]
    pub fn log_id(&self) -> LogId {
        LogId { shard_id: self.shard_id, part: self.part.as_ref().map_or(0, |part| part.number) }
    }

    /// Where the log goes on whose part before this one is another log; `None` where it begins at its beginning.
    pub(crate) fn continues(&self) -> Option<&Part> {
        self.part.as_deref().filter(|part| part.number > 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_called_as_its_folder_is() {
        for id in [LogId::whole(ShardId(7)), LogId { shard_id: ShardId(7), part: 12 }] {
            assert_eq!(LogId::parse(&id.to_string()), Some(id), "{id}");
        }
        for other in ["", "7-part-0", "7-part-", "-part-2", "7.partial", "7-part-1-part-2", "seven"] {
            assert_eq!(LogId::parse(other), None, "{other:?} is no log's");
        }
        assert_eq!(LogId { shard_id: ShardId(7), part: 1 }.before(), None, "nothing comes before the first");
    }
}
