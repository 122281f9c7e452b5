//! A match that began.

use bevy_ecs::prelude::Component;
use hypogeum_content::def::WatchRule;
use hypogeum_hosting::HostedShard;
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::{ConnectionId, Grant, MatchId, NetId, Seat, ServerMessage};
use hypogeum_sessions::{Outbound, Prepared};
use hypogeum_shard::{MapBrief, Rules, Shard, StateHash};

use crate::done_seats::DoneSeats;
use crate::host_status::PlayerReport;
use crate::names::{ResultTable, roster};
use crate::rules::MatchRules;
use crate::watching::Watchers;

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

/// A match that began: a hosted shard with an end. Its world and who is in it stand beside it on the same entity.
#[derive(Component, Debug)]
pub(crate) struct RunningMatch {
    pub(crate) id: MatchId,
    /// Its kind's rules for matches.
    pub(crate) rules: MatchRules,
    /// Steps a second.
    pub(crate) tick_hz: u32,
    /// Of the content it began with, whatever new matches are made of.
    pub(crate) content_hash: [u8; 32],
    pub(crate) layout_hash: u64,
    pub(crate) npcs_total: u32,
    pub(crate) progress: Progress,
    /// The message to everyone at the beginning, each with its own avatar.
    started: Prepared<NetId>,
    /// The names of all participants, as they are sent.
    roster: Vec<Prepared>,
    /// What it was worth, once it is over, until the store is asked to grant it.
    pub(crate) order: Option<SettlementOrder>,
    /// Where its world ended: the last step, and the hash after it.
    pub(crate) ended: (u32, StateHash),
    /// What the seats without account got, worked out when it was over.
    pub(crate) filled_reports: Vec<PlayerReport>,
    /// Seats that are done while others play.
    pub(crate) done: DoneSeats,
    /// [Mark](crate::names::scores_mark) of the scoreboard sent last; `None`: somebody does not have it yet.
    pub(crate) scores_mark: Option<u64>,
    /// How it went for everyone, worked out when it was over.
    pub(crate) table: Option<ResultTable>,
    /// Whom those may watch who are done.
    pub(crate) watch: WatchRule,
    pub(crate) watchers: Watchers,
}

impl RunningMatch {
    pub(crate) fn new(id: MatchId, hosted: &HostedShard, shard: &mut Shard) -> Self {
        let rules = hosted.kind.as_match.expect("only kinds that are matches are played as such");
        let rules = MatchRules::new(id, rules);
        let (tick_hz, content_hash) = {
            let rules = shard.world().resource::<Rules>();
            (rules.tick_hz, rules.content.hash)
        };
        let watch = rules.watch(shard);
        let started = started(id, &hosted.title, tick_hz, &rules.map(shard));
        let overview = rules.status(shard);
        Self {
            id,
            rules,
            tick_hz,
            content_hash,
            layout_hash: overview.layout_hash,
            npcs_total: overview.npcs_total,
            progress: Progress::Playing,
            started,
            roster: roster(id, hosted.seats()),
            order: None,
            ended: Default::default(),
            filled_reports: Vec::new(),
            done: DoneSeats::default(),
            scores_mark: None,
            table: None,
            watch,
            watchers: Watchers::default(),
        }
    }

    /// Whether it goes on, and may be watched by those who are done.
    pub(crate) fn is_watched(&self, shard: &Shard) -> bool {
        self.watch != WatchRule::Nobody && self.progress == Progress::Playing && !self.rules.is_over(shard)
    }

    /// Tells a participant that the match begins and who the others are, and again when it comes back.
    pub(crate) fn send_started(
        &self,
        outbound: &mut Outbound,
        connection: ConnectionId,
        hosted: &HostedShard,
        seat: Seat,
    ) {
        let avatar = hosted.player(seat).map_or(NetId::NONE, |player| player.avatar);
        self.send_started_as(outbound, connection, avatar);
    }

    /// The same for one who sees by the eyes of an avatar, its own or not.
    pub(crate) fn send_started_as(&self, outbound: &mut Outbound, connection: ConnectionId, avatar: NetId) {
        outbound.send_prepared(connection, &self.started, &avatar);
        for slice in &self.roster {
            outbound.send_prepared(connection, slice, &());
        }
    }

    /// What the store is asked to grant.
    pub(crate) fn order_of(&self, grants: Vec<Grant>) -> SettlementOrder {
        SettlementOrder::of_match(self.id, grants)
    }

    /// What the match is worth for some seats, in their order; one that is still inside is left out.
    pub(crate) fn grants(&self, shard: &Shard, seats: impl IntoIterator<Item = Seat>) -> Vec<Grant> {
        seats.into_iter().filter_map(|seat| self.rules.grant(shard, seat)).collect()
    }
}

/// The message every participant gets at the beginning.
fn started(id: MatchId, mode: &str, tick_hz: u32, brief: &MapBrief) -> Prepared<NetId> {
    Prepared::new((&NetId::NONE, &NetId(1)), |avatar| ServerMessage::MatchStarted {
        match_id: id,
        mode: mode.to_owned(),
        tick_hz: u16::try_from(tick_hz).unwrap_or(u16::MAX),
        avatar: *avatar,
        radius: brief.radius,
        side: brief.side,
        obstacles: brief.obstacles.clone(),
        pois: brief.pois.clone(),
        exits: brief.exits.clone(),
    })
}
