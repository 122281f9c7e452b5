//! A shard of this host: what it is, and who is in it.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::Component;
use bevy_ecs::system::EntityCommands;
use hypogeum_journal::{EndedVisit, Header};
use hypogeum_protocol::{AccountId, CharacterId, ItemId, MatchId, NetId, Seat, ShardId};
use hypogeum_shard::host::{AtRest, ShardInbox, StepPace};
use hypogeum_shard::{
    Command, CommandBody, HostedKind, LineupSeat, Occupant, Occupants, Rules, Shard, ShardBrief, Stepping,
};

use crate::absence::Absences;
use crate::asked_by::AskedBy;
use crate::asking::ask;
use crate::recording::{Journal, Recording};
use crate::replicate::Views;

/// The seat of a player.
#[derive(Clone, Debug)]
pub struct PlayerSeat {
    /// Number of the seat in its shard.
    pub seat: Seat,
    /// Its avatar, also once that is gone; [`NetId::NONE`] where seats have none.
    pub avatar: NetId,
    /// Whose it is.
    pub account: AccountId,
    /// As others are shown it.
    pub name: String,
}

/// A seat that an autopilot plays.
#[derive(Clone, Debug)]
pub struct AutopilotSeat {
    /// Number of the seat in its shard.
    pub seat: Seat,
    /// Its avatar, also once that is gone; [`NetId::NONE`] where seats have none.
    pub avatar: NetId,
    /// As players are shown it.
    pub name: String,
}

/// A seat, whoever has it.
#[derive(Clone, Copy, Debug)]
pub struct SeatInfo<'a> {
    /// Number of the seat in its shard.
    pub seat: Seat,
    /// Its avatar, also once that is gone; [`NetId::NONE`] where seats have none.
    pub avatar: NetId,
    /// Who plays it.
    pub occupant: Occupant,
    /// As others are shown it.
    pub name: &'a str,
}

impl<'a> From<&'a PlayerSeat> for SeatInfo<'a> {
    fn from(PlayerSeat { seat, avatar, account, name }: &'a PlayerSeat) -> Self {
        Self { seat: *seat, avatar: *avatar, occupant: Occupant::Account(*account), name }
    }
}

impl<'a> From<&'a AutopilotSeat> for SeatInfo<'a> {
    fn from(AutopilotSeat { seat, avatar, name }: &'a AutopilotSeat) -> Self {
        Self { seat: *seat, avatar: *avatar, occupant: Occupant::Autopilot, name }
    }
}

/// A shard of this host; its world is the [`Shard`] on the same entity, while there is one.
#[derive(Component, Debug)]
pub struct HostedShard {
    /// Its name in logs and in the store.
    pub id: ShardId,
    /// What is played.
    pub kind: HostedKind,
    /// What people call it: the key of its mode or zone.
    pub title: String,
    /// Seats of accounts, rising.
    pub players: Vec<PlayerSeat>,
    /// Seats of autopilots, rising.
    pub autopilots: Vec<AutopilotSeat>,
    /// The number of the next seat of an open shard.
    pub(crate) next_seat: u32,
    /// The visits to an open shard that go on, by seat.
    pub(crate) visits: BTreeMap<Seat, OpenVisit>,
    /// Seats whose players need to do nothing more in it.
    pub(crate) free: BTreeSet<Seat>,
    pub(crate) absences: Absences,
    /// What visits were worth that ended, and of which nothing is on record yet.
    pub(crate) ended_visits: Vec<EndedVisit>,
}

/// A visit to an open shard that goes on.
#[derive(Clone, Debug)]
pub(crate) struct OpenVisit {
    /// The number by which the store knows it.
    pub(crate) id: MatchId,
    /// What was checked out for it.
    pub(crate) brought: Vec<ItemId>,
    /// The character that was checked out for it.
    pub(crate) character: Option<CharacterId>,
    /// What its player has asked to enter by.
    pub(crate) asked_by: AskedBy,
}

impl OpenVisit {
    pub(crate) fn new(id: MatchId, brings: &LineupSeat) -> Self {
        let character = brings.character.as_ref().map(|character| character.id);
        let brought = brings.items.iter().map(|item| item.id).collect();
        Self { id, brought, character, asked_by: AskedBy::default() }
    }

    /// Whether the store holds something for it.
    pub(crate) const fn has_brought(&self) -> bool {
        self.character.is_some() || !self.brought.is_empty()
    }
}

impl HostedShard {
    /// Every seat: first those of players, then those of autopilots, each rising.
    pub fn seats(&self) -> impl Iterator<Item = SeatInfo<'_>> {
        self.players.iter().map(SeatInfo::from).chain(self.autopilots.iter().map(SeatInfo::from))
    }

    /// Whether the player of a seat needs to do nothing more here, and may be elsewhere.
    #[must_use]
    pub fn is_free(&self, seat: Seat) -> bool {
        self.free.contains(&seat)
    }

    /// Lets the player of a seat go: nobody waits for it any more. Returns whether that is the first time.
    pub fn free(&mut self, seat: Seat) -> bool {
        self.free.insert(seat)
    }

    /// Notes what visits were worth that ended in the last step of an earlier run, before that was on record: it is recorded and
    /// granted in the next tick.
    pub fn grant_visits(&mut self, ended: Vec<EndedVisit>) {
        self.ended_visits.extend(ended);
    }

    /// Whether the player of a seat has been away for so many ticks of the host.
    #[must_use]
    pub fn is_away_for(&self, seat: Seat, tick: u64, ticks: u64) -> bool {
        self.absences.last(seat, tick, ticks)
    }

    /// The visit that goes on in a seat, where it holds a character.
    #[must_use]
    pub fn visit_of(&self, seat: Seat) -> Option<(MatchId, CharacterId)> {
        let visit = self.visits.get(&seat)?;
        Some((visit.id, visit.character?))
    }

    /// The place of a seat among the players.
    #[must_use]
    pub fn player(&self, seat: Seat) -> Option<&PlayerSeat> {
        let at = self.players.binary_search_by_key(&seat, |player| player.seat).ok()?;
        self.players.get(at)
    }
}

/// A shard of a kind in which nobody has a seat, because it goes by turns: what is done in each tick for those who sit in shards is
/// not done for it.
#[derive(Component, Clone, Copy, Debug)]
pub struct Seatless;

/// A shard that is about to be hosted.
#[derive(Debug)]
pub struct NewShard {
    /// What the host knows of it.
    pub hosted: HostedShard,
    /// Its world, as it begins on this host.
    pub shard: Shard,
    views: Views,
    inbox: ShardInbox,
    recording: Option<Recording>,
}

impl NewShard {
    /// Puts together what the host knows of a shard besides its world: who is in it, and who sees what. `None` where its kind
    /// cannot say.
    #[must_use]
    pub fn new(id: ShardId, kind: HostedKind, brief: &ShardBrief, shard: Shard) -> Option<Self> {
        let world = shard.world();
        let occupants = world.get_resource::<Occupants>();
        let seats: Vec<(Seat, Occupant, &str)> = match occupants {
            Some(occupants) => occupants.iter().map(|(seat, it)| (seat, it.occupant, it.name.as_str())).collect(),
            None => brief.numbered().map(|(seat, it)| (seat, it.occupant, it.name.as_str())).collect(),
        };
        let avatars = || seats.iter().map(|(seat, ..)| (kind.avatar)(world, *seat).unwrap_or(NetId::NONE)).collect();
        let avatars: Vec<NetId> = ask(id, "avatar", avatars)?;
        let rule = ask(id, "view", || (kind.view)(world))?.unwrap_or_default();
        let (mut players, mut autopilots) = (Vec::new(), Vec::new());
        for ((seat, occupant, name), avatar) in seats.into_iter().zip(avatars) {
            let name = name.to_owned();
            match occupant {
                Occupant::Account(account) => players.push(PlayerSeat { seat, avatar, account, name }),
                Occupant::Autopilot => autopilots.push(AutopilotSeat { seat, avatar, name }),
            }
        }
        let views = Views::new(rule, world.resource::<Rules>().tick_hz, &players);
        let next_seat = occupants.map_or(0, Occupants::next_seat);
        let visits = occupants.map(|occupants| {
            let visit = |(seat, brings)| Some((seat, OpenVisit::new(occupants.visit_of(seat)?, brings)));
            occupants.iter().filter_map(visit).collect()
        });
        let hosted = HostedShard {
            id,
            kind,
            title: brief.title.clone(),
            players,
            autopilots,
            next_seat,
            visits: visits.unwrap_or_default(),
            free: BTreeSet::new(),
            absences: Absences::default(),
            ended_visits: Vec::new(),
        };
        Some(Self { hosted, shard, views, inbox: ShardInbox::default(), recording: None })
    }

    /// Begins its log, where shards are recorded: in parts where it is open, for then it may never end.
    pub fn record(&mut self, journal: &mut Journal, header: impl FnOnce([u8; 32], u64) -> Header) {
        let is_open = self.hosted.kind.is_open;
        self.recording = journal.begin(|key, unix_s| {
            let header = header(key, unix_s);
            if is_open { header.in_parts() } else { header }
        });
    }

    /// Goes on with the log it has.
    pub(crate) fn go_on_recording(&mut self, recording: Option<Recording>) {
        self.recording = recording;
    }

    /// A command for its next step.
    pub fn command(&mut self, seat: Seat, body: CommandBody) {
        self.inbox.0.push(Command { seat, body });
    }

    /// Makes an entity of the host, which has `host_hz` ticks a second, this shard. It takes its first step in the
    /// next tick in which its rate makes one due.
    pub fn insert_into(self, host_hz: u32, entity: &mut EntityCommands<'_>) {
        let Self { hosted, shard, views, inbox, recording } = self;
        match hosted.kind.stepping {
            Stepping::AtItsRate => {
                let shard_hz = shard.world().resource::<Rules>().tick_hz;
                entity.insert(StepPace::new(shard_hz, host_hz, hosted.id.0));
            }
            Stepping::OnCommand => {
                entity.insert(AtRest(true));
            }
        }
        if hosted.kind.as_turn_based.is_some() {
            entity.insert(Seatless);
        }
        entity.insert((hosted, shard, views, inbox));
        if let Some(recording) = recording {
            entity.insert(recording);
        }
    }
}
