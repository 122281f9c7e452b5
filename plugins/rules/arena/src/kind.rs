//! The arena as a kind of shard: what a match is made from as a log keeps it, by keys of the content.

use hypogeum_content::def::ModeDef;
use hypogeum_content::{Content, ContentPack, Id};
use hypogeum_protocol::{AccountId, ItemId, MatchId};
use hypogeum_shard::{Genesis, SetupError, Shard, ShardKind};
use serde::{Deserialize, Serialize};

use crate::{MatchSetup, SeatSetup, new_match};

/// The kind of shard that is a match.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arena;

/// [`MatchSetup`] as it stands in a log. Seat n is entry n.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArenaSetup {
    /// Its name; the origin of every item found in it.
    pub match_id: MatchId,
    /// Key of the mode.
    pub mode: String,
    /// Who takes part, at most as many as the mode allows.
    pub seats: Vec<ArenaSeat>,
}

/// [`SeatSetup`] as it stands in a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArenaSeat {
    /// Whose; 0 for a seat that nobody took.
    pub account: AccountId,
    /// Shown to others.
    pub name: String,
    /// Experience level, 1 and up.
    pub level: u32,
    /// Skill, as matchmaking knows it.
    pub rating: i32,
    /// Played by a brain from the start.
    pub autopilot: bool,
    /// What it brings, with the key of each item's definition.
    pub items: Vec<(ItemId, String)>,
}

impl ArenaSetup {
    /// The setup of a match, by the keys of the content it runs on.
    #[must_use]
    pub fn new(setup: &MatchSetup, content: &Content) -> Self {
        let seat = |seat: &SeatSetup| ArenaSeat {
            account: seat.account,
            name: seat.name.clone(),
            level: seat.level,
            rating: seat.rating,
            autopilot: seat.autopilot,
            items: seat.items.iter().map(|(id, def)| (*id, content.items.key(*def).to_owned())).collect(),
        };
        Self {
            match_id: setup.match_id,
            mode: content.modes.key(setup.mode).to_owned(),
            seats: setup.seats.iter().map(seat).collect(),
        }
    }

    /// The same by the ids of a content.
    ///
    /// # Errors
    /// [`SetupError`]: the content lacks the mode or an item, or the mode has fewer seats.
    pub fn resolve(&self, content: &Content) -> Result<MatchSetup, SetupError> {
        let mode = self.mode_in(content)?;
        let most = content.modes[mode].players_max as usize;
        if self.seats.len() > most {
            return Err(SetupError::Seats { found: self.seats.len(), most });
        }
        let seats = self.seats.iter().map(|seat| seat.resolve(content)).collect::<Result<_, _>>()?;
        Ok(MatchSetup { match_id: self.match_id, mode, seats })
    }

    fn mode_in(&self, content: &Content) -> Result<Id<ModeDef>, SetupError> {
        content.modes.id(&self.mode).ok_or_else(|| SetupError::Missing { what: "mode", key: self.mode.clone() })
    }
}

impl ArenaSeat {
    fn resolve(&self, content: &Content) -> Result<SeatSetup, SetupError> {
        let mut items = Vec::with_capacity(self.items.len());
        for (id, key) in &self.items {
            let def = content.items.id(key);
            items.push((*id, def.ok_or_else(|| SetupError::Missing { what: "item", key: key.clone() })?));
        }
        Ok(SeatSetup {
            account: self.account,
            name: self.name.clone(),
            level: self.level,
            rating: self.rating,
            autopilot: self.autopilot,
            items,
        })
    }
}

impl ShardKind for Arena {
    const NAME: &'static str = "arena";
    type Setup = ArenaSetup;

    fn build(genesis: Genesis, setup: &ArenaSetup) -> Result<Shard, SetupError> {
        let setup = setup.resolve(&genesis.content)?;
        Ok(new_match(genesis, &setup))
    }

    fn content(setup: &ArenaSetup, content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack(setup.mode_in(content)?))
    }
}
