//! The escrow is taken, the place is built, and the match begins.

use std::sync::Arc;

use bevy_ecs::prelude::{Commands, Component, Entity, Query, Res, ResMut};
use bevy_ecs::system::SystemParam;
use bevy_tasks::{Task, block_on};
use hypogeum_content::Content;
use hypogeum_hosting::{Journal, NewShard, Rates, build};
use hypogeum_journal::Header;
use hypogeum_protocol::{AccountId, ErrorCode, codec};
use hypogeum_sessions::{SessionsConfig, Stage};
use hypogeum_shard::host::StepPool;
use hypogeum_shard::{
    CommandBody, HostedKind, LineupSeat, MatchLineup, ModeRule, Occupant, Rules, Shard, ShardBrief, ShardConfig,
};
use hypogeum_store::SeatEscrow;

use crate::catalog::ModeCatalog;
use crate::lobby::{self, Lobby};
use crate::running_match::RunningMatch;
use crate::seating::Seating;

/// Seats from which on a match is built beside the ticks: to build 40 takes two milliseconds, to build 10,000 more than a
/// tick has.
const SEATS_BUILT_AT_ONCE: usize = 256;

/// What matches are built with.
#[derive(SystemParam)]
pub(crate) struct Builders<'w> {
    pub(crate) catalog: Res<'w, ModeCatalog>,
    pub(crate) config: Res<'w, SessionsConfig>,
    rates: Rates<'w>,
    journal: ResMut<'w, Journal>,
    pool: Res<'w, StepPool>,
}

/// A match that is being built.
#[derive(Component)]
pub(crate) struct Building {
    plan: Plan,
    task: Task<Option<Shard>>,
}

/// What a match is built from, for its log, and who is in it.
struct Plan {
    kind: HostedKind,
    setup: Vec<u8>,
    brief: ShardBrief,
}

/// The escrow is taken: the match is built, and begins with that.
pub(crate) fn begin(
    seating: &mut Seating<'_, '_>,
    builders: &mut Builders<'_>,
    commands: &mut Commands<'_, '_>,
    (entity, lobby): (Entity, &mut Lobby),
    taken: &[SeatEscrow],
) {
    let (kind, mode) = builders.catalog.mode(lobby.mode());
    let (kind, content) = (*kind, Arc::clone(mode.pack.content()));
    let lineup = lineup(lobby, (mode, &content), taken);
    let plan = Plan { kind, setup: codec::encode(&lineup), brief: lineup.brief() };
    let Some(tick_hz) = builders.rates.of_new(&kind, mode.tick_hz) else {
        return lobby::fail(seating, commands, (entity, lobby), ErrorCode::Unavailable);
    };
    let config = ShardConfig { seed: lobby.seed, tick_hz, content };
    if lineup.seats.len() <= SEATS_BUILT_AT_ONCE {
        let shard = build((lobby.id.into(), kind), config, &plan.setup);
        return open(seating, builders, commands, (entity, lobby), (&plan, shard));
    }
    let task = builders.pool.later({
        let (id, setup) = (lobby.id.into(), plan.setup.clone());
        move || build((id, kind), config, &setup)
    });
    commands.entity(entity).insert(Building { plan, task });
}

/// Opens the matches that are built by now.
pub(crate) fn open_built(
    mut seating: Seating,
    mut builders: Builders,
    mut lobbies: Query<(Entity, &mut Lobby, &mut Building)>,
    mut commands: Commands,
) {
    for (entity, mut lobby, mut building) in &mut lobbies {
        if building.task.is_finished() && !lobby.has_failed() {
            let shard = block_on(&mut building.task);
            commands.entity(entity).remove::<Building>();
            let built = (&building.plan, shard);
            open(&mut seating, &mut builders, &mut commands, (entity, &mut lobby), built);
        }
    }
}

fn open(
    seating: &mut Seating<'_, '_>,
    builders: &mut Builders<'_>,
    commands: &mut Commands<'_, '_>,
    (entity, lobby): (Entity, &mut Lobby),
    (plan, shard): (&Plan, Option<Shard>),
) {
    let new = shard.and_then(|shard| NewShard::new(lobby.id.into(), plan.kind, &plan.brief, shard));
    let found = new.and_then(|mut new| {
        let game = RunningMatch::new(lobby.id, &new.hosted, &mut new.shard);
        (!game.rules.have_failed()).then_some((new, game))
    });
    let Some((mut new, game)) = found else {
        tracing::error!(match_id = %lobby.id, "a match could not be built");
        return lobby::fail(seating, commands, (entity, lobby), ErrorCode::Unavailable);
    };
    let config = new.shard.world().resource::<Rules>().clone();
    let (_, mode) = builders.catalog.mode(lobby.mode());
    new.record(&mut builders.journal, |key, unix_s| {
        let made_from = (plan.kind.name, plan.setup.clone());
        Header::new(lobby.id.into(), made_from, (&config, &mode.pack), key, unix_s)
    });
    let mut absent = Vec::new();
    for player in &new.hosted.players {
        let stage = Stage::Playing { shard: entity, seat: player.seat };
        seating.index.keep_place(player.account, stage);
        let session = seating.index.session_of(player.account);
        let listening = session.and_then(|session| seating.sessions.get_mut(session).ok()).and_then(|mut session| {
            *session.stage = stage;
            session.steering.reset(seating.reply.tick.0, 0);
            session.presence.listening()
        });
        match listening {
            Some(connection) => game.send_started(&mut seating.reply.outbound, connection, &new.hosted, player.seat),
            None => absent.push(player.seat),
        }
    }
    absent.into_iter().for_each(|seat| new.command(seat, CommandBody::Present(false)));
    let (mode, players) = (&new.hosted.title, new.hosted.players.len());
    tracing::info!(match_id = %lobby.id, mode, humans = players, "match begins");
    let mut entity = commands.entity(entity);
    entity.remove::<Lobby>().insert(game);
    new.insert_into(builders.rates.host(), &mut entity);
}

/// Who takes part in what, by the keys of the content the match runs on.
fn lineup(lobby: &Lobby, (mode, content): (&ModeRule, &Content), taken: &[SeatEscrow]) -> MatchLineup {
    let brought = |account: AccountId| {
        let items = taken.iter().filter(|escrow| escrow.account == account).flat_map(|escrow| &escrow.items);
        let known = items.filter(|item| content.items.id(&item.template).is_some());
        known.cloned().collect()
    };
    let mut seats: Vec<LineupSeat> = lobby
        .members
        .iter()
        .map(|member| LineupSeat {
            occupant: Occupant::Account(member.account),
            name: member.name.clone(),
            level: member.level,
            rating: member.rating,
            items: brought(member.account),
            character: None,
        })
        .collect();
    // An autopilot is as strong as the middle of those it plays against.
    let mut levels: Vec<u32> = lobby.members.iter().map(|member| member.level).collect();
    let mut ratings: Vec<i32> = lobby.members.iter().map(|member| member.rating).collect();
    levels.sort_unstable();
    ratings.sort_unstable();
    let middle = lobby.members.len() / 2;
    let (level, rating) = (levels.get(middle).copied().unwrap_or(1), ratings.get(middle).copied().unwrap_or(0));
    seats.extend((1..=lobby.found.filled).map(|number| LineupSeat {
        occupant: Occupant::Autopilot,
        name: format!("Autopilot {number}"),
        level,
        rating,
        items: Vec::new(),
        character: None,
    }));
    let parties: Vec<u16> = lobby.members.iter().map(|member| member.party).collect();
    MatchLineup {
        match_id: lobby.id,
        mode: mode.key.clone(),
        definition: mode.definition.clone(),
        seats,
        parties: if parties.iter().all(|party| *party == 0) { Vec::new() } else { parties },
    }
}
