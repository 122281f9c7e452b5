//! The escrow is taken, the place is built, and the match begins.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bevy_ecs::prelude::{Component, Entity, Query};
use bevy_tasks::{Task, block_on};
use hypogeum_content::Content;
use hypogeum_journal::Header;
use hypogeum_protocol::{AccountId, ErrorCode, MatchId, NetId, codec};
use hypogeum_shard::host::{OnCommand, ShardInbox, StepPool};
use hypogeum_shard::{
    Command, CommandBody, Genesis, HostedKind, LineupSeat, MatchLineup, ModeRule, Occupant, Rules, Shard, ShardBrief,
    Stepping,
};
use hypogeum_store::SeatEscrow;

use crate::desk::Desk;
use crate::game::{Holder, Match};
use crate::lobby::{self, Lobby};
use crate::replicate::Views;
use crate::session::{Session, Stage};

/// Seats from which on a match is built beside the ticks: to build 40 takes two milliseconds, to build 10,000 more than a
/// tick has.
const SEATS_BUILT_AT_ONCE: usize = 256;

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

/// A mode no map can be made of must not take the other matches with it.
fn build(kind: HostedKind, genesis: Genesis, setup: &[u8]) -> Option<Shard> {
    let built = catch_unwind(AssertUnwindSafe(|| (kind.build)(genesis, setup))).ok()?;
    built.inspect_err(|error| tracing::error!(kind = kind.name, %error, "a shard is refused by its kind")).ok()
}

/// The escrow is taken: the match is built, and begins with that.
pub(crate) fn begin(
    desk: &mut Desk,
    pool: &StepPool,
    entity: Entity,
    lobby: &mut Lobby,
    sessions: &mut Query<Session>,
    taken: &[SeatEscrow],
) {
    let (kind, mode) = desk.library.mode(lobby.mode);
    let (kind, content) = (*kind, Arc::clone(mode.pack.content()));
    let lineup = lineup(lobby, (mode, &content), taken);
    let plan = Plan { kind, setup: codec::encode(&lineup), brief: lineup.brief() };
    let genesis = Genesis { seed: lobby.seed, tick_hz: desk.config.tick_hz, content };
    if lineup.seats.len() <= SEATS_BUILT_AT_ONCE {
        let shard = build(kind, genesis, &plan.setup);
        return open(desk, entity, lobby, sessions, &plan, shard);
    }
    let task = pool.later({
        let setup = plan.setup.clone();
        move || build(kind, genesis, &setup)
    });
    desk.commands.entity(entity).insert(Building { plan, task });
}

/// Opens the matches that are built by now.
pub(crate) fn open_built(
    mut desk: Desk,
    mut sessions: Query<Session>,
    mut lobbies: Query<(Entity, &mut Lobby, &mut Building)>,
) {
    for (entity, mut lobby, mut building) in &mut lobbies {
        if building.task.is_finished() && !lobby.has_failed() {
            let shard = block_on(&mut building.task);
            desk.commands.entity(entity).remove::<Building>();
            open(&mut desk, entity, &mut lobby, &mut sessions, &building.plan, shard);
        }
    }
}

fn open(
    desk: &mut Desk,
    entity: Entity,
    lobby: &mut Lobby,
    sessions: &mut Query<Session>,
    plan: &Plan,
    shard: Option<Shard>,
) {
    let Some(mut shard) = shard else {
        tracing::error!(match_id = %lobby.id, "a match could not be built");
        return lobby::fail(desk, entity, lobby, sessions, ErrorCode::Unavailable);
    };
    let (game, views) = assemble((entity, lobby.id), plan.kind, &plan.brief, &mut shard);
    let (genesis, (_, mode)) = (shard.world().resource::<Rules>(), desk.library.mode(lobby.mode));
    let header = |key, unix_s| {
        let made_from = (plan.kind.name, plan.setup.clone());
        Header::new(lobby.id.into(), made_from, (genesis, &mode.pack), key, unix_s)
    };
    let recording = desk.journal.begin(header);
    let mut inbox = ShardInbox::default();
    for holder in &game.humans {
        let stage = Stage::InMatch { game: entity, seat: holder.seat };
        desk.directory.seats.insert(holder.account, stage);
        let session = desk.directory.by_account.get(&holder.account).copied();
        let present = match session.and_then(|session| sessions.get_mut(session).ok()) {
            Some(mut session) => {
                *session.stage = stage;
                session.steering.reset(desk.tick.0, 0);
                let listening = session.presence.listening();
                if let Some(connection) = listening {
                    desk.post.tell_encoded(connection, game.started_message(holder.seat));
                    game.tell_roster(&mut desk.post, connection);
                }
                listening.is_some()
            }
            None => false,
        };
        if !present {
            inbox.0.push(Command { seat: holder.seat, body: CommandBody::Present(false) });
        }
    }
    tracing::info!(match_id = %lobby.id, mode = game.mode, humans = game.humans.len(), "match begins");
    let mut entity = desk.commands.entity(entity);
    entity.remove::<Lobby>().insert((game, shard, inbox, views));
    if plan.kind.stepping == Stepping::OnCommand {
        entity.insert(OnCommand);
    }
    if let Some(recording) = recording {
        entity.insert(recording);
    }
}

/// What the host knows of a match besides its world: who plays, and who sees what.
pub(crate) fn assemble(
    (entity, id): (Entity, MatchId),
    kind: HostedKind,
    brief: &ShardBrief,
    shard: &mut Shard,
) -> (Match, Views) {
    let mut humans = Vec::new();
    let mut filled = Vec::new();
    for (seat, brief) in brief.numbered() {
        let avatar = (kind.avatar)(shard.world(), seat).unwrap_or(NetId::NONE);
        let account = brief.occupant.account();
        let holder = Holder { seat, avatar, account: account.unwrap_or(AccountId(0)), name: brief.name.clone() };
        if account.is_some() { humans.push(holder) } else { filled.push(holder) }
    }
    let view = (kind.view)(shard.world()).unwrap_or_default();
    let game = Match::new((entity, id), kind, brief.title.clone(), (humans, filled), shard);
    let views = Views::new(view.sight, view.interest, &game.humans);
    (game, views)
}

/// Who takes part in what, by the keys of the content the match runs on.
fn lineup(lobby: &Lobby, (mode, content): (&ModeRule, &Content), taken: &[SeatEscrow]) -> MatchLineup {
    let brought = |account: AccountId| {
        let items = taken.iter().filter(|escrow| escrow.account == account).flat_map(|escrow| &escrow.items);
        let known = items.filter(|item| content.items.id(&item.template).is_some());
        known.map(|item| (item.id, item.template.clone())).collect()
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
        })
        .collect();
    // An autopilot is as strong as the middle of those it plays against.
    let mut levels: Vec<u32> = lobby.members.iter().map(|member| member.level).collect();
    let mut ratings: Vec<i32> = lobby.members.iter().map(|member| member.rating).collect();
    levels.sort_unstable();
    ratings.sort_unstable();
    let middle = lobby.members.len() / 2;
    let (level, rating) = (levels.get(middle).copied().unwrap_or(1), ratings.get(middle).copied().unwrap_or(0));
    seats.extend((1..=lobby.filled).map(|number| LineupSeat {
        occupant: Occupant::Autopilot,
        name: format!("Autopilot {number}"),
        level,
        rating,
        items: Vec::new(),
    }));
    MatchLineup { match_id: lobby.id, mode: mode.key.clone(), definition: mode.definition.clone(), seats }
}
