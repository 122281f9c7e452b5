//! A match that began.

use std::sync::Arc;

use bevy_ecs::prelude::{Component, Entity, EntityWorldMut};
use bevy_ecs::system::EntityCommand;
use hypogeum_arena::{MapBrief, counts, layout_hash, map_brief};
use hypogeum_content::def::ModeDef;
use hypogeum_content::{Content, Id};
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::{AccountId, MatchId, NetId, Seat, ServerMessage, codec};
use hypogeum_shard::{Rules, Shard, StateHash};
use hypogeum_space::cm;

use crate::absence::Absences;
use crate::board::PlayerReport;
use crate::done_seats::DoneSeats;
use crate::names::{ResultTable, roster};

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
    /// It is over, and what it was worth is on its way into the log.
    Recording,
    /// It waits for the store to grant it, as the one of this number.
    Settling { number: u64 },
}

/// A match that began; its world is the `Shard` beside it.
#[derive(Component, Debug)]
pub(crate) struct Match {
    pub(crate) entity: Entity,
    pub(crate) id: MatchId,
    /// What it began with, whatever new matches are made of.
    pub(crate) content: Arc<Content>,
    pub(crate) mode: Id<ModeDef>,
    pub(crate) layout_hash: u64,
    pub(crate) npcs_total: u32,
    pub(crate) progress: Progress,
    pub(crate) humans: Vec<Holder>,
    pub(crate) filled: Vec<Holder>,
    /// What everyone is told at the beginning, and where in it the avatar stands.
    started: Vec<u8>,
    avatar_at: usize,
    /// Who everyone is, as participants are told.
    pub(crate) roster: Vec<Vec<u8>>,
    /// What it was worth, once it is over, until the store is asked to grant it.
    pub(crate) order: Option<SettlementOrder>,
    /// Where its world ended: the last step, and the hash after it.
    pub(crate) ended: (u32, StateHash),
    /// What the seats without account got, worked out when it was over.
    pub(crate) filled_reports: Vec<PlayerReport>,
    /// Who is done while others play.
    pub(crate) done: DoneSeats,
    /// Whose player is away.
    pub(crate) absences: Absences,
    /// What the scoreboard was told by last; none: somebody has not heard it.
    pub(crate) scores_mark: Option<u64>,
    /// How it went for everyone, worked out when it was over.
    pub(crate) table: ResultTable,
}

impl Match {
    pub(crate) fn new(
        entity: Entity,
        id: MatchId,
        mode: Id<ModeDef>,
        humans: Vec<Holder>,
        filled: Vec<Holder>,
        shard: &mut Shard,
    ) -> Self {
        let content = Arc::clone(&shard.world().resource::<Rules>().content);
        let (started, avatar_at) = started(id, mode, map_brief(shard.world()), &content);
        let roster = roster(id, &humans, &filled);
        Self {
            entity,
            id,
            content,
            mode,
            layout_hash: layout_hash(shard.world()),
            npcs_total: counts(shard.world_mut()).npcs_total,
            progress: Progress::Playing,
            humans,
            filled,
            started,
            avatar_at,
            roster,
            order: None,
            ended: Default::default(),
            filled_reports: Vec::new(),
            done: DoneSeats::default(),
            absences: Absences::default(),
            scores_mark: None,
            table: ResultTable::default(),
        }
    }

    /// Key of its mode.
    pub(crate) fn mode_key(&self) -> &str {
        self.content.modes.key(self.mode)
    }

    /// What a participant is told when it begins, and again when it comes back: encoded, for of all that only the avatar
    /// differs from seat to seat.
    pub(crate) fn started_message(&self, seat: Seat) -> Vec<u8> {
        let at = self.humans.binary_search_by_key(&seat, |holder| holder.seat).ok();
        let avatar = at.map_or(NetId::NONE, |at| self.humans[at].avatar);
        let (before, after) = self.started.split_at(self.avatar_at);
        let mut bytes = Vec::with_capacity(self.started.len() + 4);
        bytes.extend_from_slice(before);
        codec::encode_into(&avatar, &mut bytes);
        bytes.extend_from_slice(&after[NOBODY_BYTES..]);
        bytes
    }
}

/// Lets the scoreboard be told again, changed or not: somebody has come back.
pub(crate) fn tell_scores_anew() -> impl EntityCommand {
    |mut entity: EntityWorldMut| {
        if let Some(mut game) = entity.get_mut::<Match>() {
            game.scores_mark = None;
        }
    }
}

/// Bytes of [`NetId::NONE`].
const NOBODY_BYTES: usize = 1;

/// The message every participant gets at the beginning, with nobody as its avatar, and where that stands.
fn started(id: MatchId, mode: Id<ModeDef>, brief: MapBrief, content: &Content) -> (Vec<u8>, usize) {
    let radius = content.modes.find(mode).map_or(0, |mode| cm(mode.avatar.radius_cm));
    let mode = content.modes.key(mode).to_owned();
    let before = codec::encode(&(id, &mode)).len();
    let message = ServerMessage::MatchStarted {
        match_id: id,
        mode,
        avatar: NetId::NONE,
        radius,
        side: brief.side,
        obstacles: brief.obstacles,
        pois: brief.pois,
        exits: brief.exits,
    };
    // The message's tag is one byte.
    (codec::encode(&message), 1 + before)
}

/// How many seats these are.
pub(crate) fn seats(holders: &[Holder]) -> u32 {
    u32::try_from(holders.len()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_put_together_is_what_the_codec_writes() {
        let content =
            Content::from_files([("hazards/none.ron", "")].into_iter().take(0)).expect("no content is content");
        let brief = MapBrief { side: 70_000, obstacles: Vec::new(), pois: Vec::new(), exits: Vec::new() };
        let holder = Holder { seat: Seat(7), avatar: NetId(70_000), account: AccountId(1), name: "Zoë".into() };
        let (id, mode) = (MatchId(300), Id::new(0));
        let expected = ServerMessage::MatchStarted {
            match_id: id,
            mode: content.modes.key(mode).to_owned(),
            avatar: holder.avatar,
            radius: 0,
            side: 70_000,
            obstacles: Vec::new(),
            pois: Vec::new(),
            exits: Vec::new(),
        };
        let (started, avatar_at) = started(id, mode, brief, &content);
        let game = Match {
            entity: Entity::PLACEHOLDER,
            id,
            content: Arc::new(content),
            mode,
            layout_hash: 0,
            npcs_total: 0,
            progress: Progress::Playing,
            humans: vec![holder],
            filled: Vec::new(),
            started,
            avatar_at,
            roster: Vec::new(),
            order: None,
            ended: Default::default(),
            filled_reports: Vec::new(),
            done: DoneSeats::default(),
            absences: Absences::default(),
            scores_mark: None,
            table: ResultTable::default(),
        };
        assert_eq!(codec::decode_server(&game.started_message(Seat(7))), Ok(expected), "byte for byte");
    }
}
