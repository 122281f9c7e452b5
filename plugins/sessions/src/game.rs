//! A match that began.

use bevy_ecs::prelude::{Component, Entity};
use hypogeum_arena::{MapBrief, counts, layout_hash, map_brief};
use hypogeum_content::def::ModeDef;
use hypogeum_content::{Content, Id};
use hypogeum_protocol::{AccountId, MatchId, NetId, Seat, ServerMessage};
use hypogeum_shard::{Shard, StateHash};

use crate::board::PlayerReport;

/// Whose seat it is.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) seat: Seat,
    /// Its avatar, also once that is gone.
    pub(crate) avatar: NetId,
    /// 0 for an autopilot.
    pub(crate) account: AccountId,
    pub(crate) name: String,
}

/// How far a match is, from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Its shard is stepped.
    Playing,
    /// The store has the order, tried so many times.
    Settling { tries: u32 },
}

/// A match that began; its world is the `Shard` beside it.
#[derive(Component, Debug)]
pub(crate) struct Match {
    pub(crate) entity: Entity,
    pub(crate) id: MatchId,
    pub(crate) mode: Id<ModeDef>,
    pub(crate) seed: u64,
    pub(crate) layout_hash: u64,
    pub(crate) npcs_total: u32,
    pub(crate) progress: Progress,
    pub(crate) humans: Vec<Holder>,
    pub(crate) filled: Vec<Holder>,
    brief: MapBrief,
    /// Where its world ended: the last step, and the hash after it.
    pub(crate) ended: (u32, StateHash),
    /// What the seats without account got, worked out when it was over.
    pub(crate) filled_reports: Vec<PlayerReport>,
}

impl Match {
    pub(crate) fn new(
        entity: Entity,
        id: MatchId,
        mode: Id<ModeDef>,
        seed: u64,
        humans: Vec<Holder>,
        filled: Vec<Holder>,
        shard: &mut Shard,
    ) -> Self {
        Self {
            entity,
            id,
            mode,
            seed,
            layout_hash: layout_hash(shard.world()),
            npcs_total: counts(shard.world_mut()).npcs_total,
            progress: Progress::Playing,
            humans,
            filled,
            brief: map_brief(shard.world()),
            ended: Default::default(),
            filled_reports: Vec::new(),
        }
    }

    /// What a participant is told when it begins, and again when it comes back.
    pub(crate) fn started_message(&self, content: &Content, seat: Seat) -> ServerMessage {
        let avatar = self.humans.iter().find(|holder| holder.seat == seat).map(|holder| holder.avatar);
        ServerMessage::MatchStarted {
            match_id: self.id,
            mode: content.modes.key(self.mode).to_owned(),
            seed: self.seed,
            avatar: avatar.unwrap_or(NetId::NONE),
            side: self.brief.side,
            obstacles: self.brief.obstacles.clone(),
            pois: self.brief.pois.clone(),
            exits: self.brief.exits.clone(),
        }
    }
}

/// How many seats these are.
pub(crate) fn seats(holders: &[Holder]) -> u32 {
    u32::try_from(holders.len()).unwrap_or(u32::MAX)
}
