//! The escrow is taken, the place is built, and the match begins.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bevy_ecs::prelude::{Component, Entity, Query};
use bevy_tasks::{Task, block_on};
use hypogeum_arena::{MatchSetup, SeatSetup, avatar_name, new_match};
use hypogeum_content::{Content, Id};
use hypogeum_progression::SeatEscrow;
use hypogeum_protocol::{AccountId, ErrorCode, NetId, Seat};
use hypogeum_replay::header;
use hypogeum_shard::host::{ShardInbox, StepPool};
use hypogeum_shard::{Command, CommandBody, Genesis, Rules, Shard};
use hypogeum_space::cm;

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
    setup: MatchSetup,
    task: Task<Option<Shard>>,
}

/// A mode no map can be made of must not take the other matches with it.
fn build(genesis: Genesis, setup: &MatchSetup) -> Option<Shard> {
    catch_unwind(AssertUnwindSafe(|| new_match(genesis, setup))).ok()
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
    let content = Arc::clone(desk.library.pack(lobby.mode).content());
    let setup = setup(lobby, (desk.library.0.modes.key(lobby.mode), &content), taken);
    let genesis = Genesis { seed: lobby.seed, tick_hz: desk.config.tick_hz, content };
    if setup.seats.len() <= SEATS_BUILT_AT_ONCE {
        let shard = build(genesis, &setup);
        return open(desk, entity, lobby, sessions, &setup, shard);
    }
    let task = pool.later({
        let setup = setup.clone();
        move || build(genesis, &setup)
    });
    desk.commands.entity(entity).insert(Building { setup, task });
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
            open(&mut desk, entity, &mut lobby, &mut sessions, &building.setup, shard);
        }
    }
}

fn open(
    desk: &mut Desk,
    entity: Entity,
    lobby: &mut Lobby,
    sessions: &mut Query<Session>,
    setup: &MatchSetup,
    shard: Option<Shard>,
) {
    let Some(mut shard) = shard else {
        tracing::error!(match_id = %lobby.id, "a match could not be built");
        return lobby::fail(desk, entity, lobby, sessions, ErrorCode::Unavailable);
    };
    let (game, views) = assemble(entity, setup, &mut shard);
    let (genesis, pack) = (shard.world().resource::<Rules>(), desk.library.pack(lobby.mode));
    let recording = desk.journal.begin(|key, unix_s| header(genesis, pack, setup, key, unix_s));
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
    tracing::info!(match_id = %lobby.id, mode = game.mode_key(), humans = game.humans.len(), "match begins");
    let mut entity = desk.commands.entity(entity);
    entity.remove::<Lobby>().insert((game, shard, inbox, views));
    if let Some(recording) = recording {
        entity.insert(recording);
    }
}

/// What the host knows of a match besides its world: who plays, and who sees what.
pub(crate) fn assemble(entity: Entity, setup: &MatchSetup, shard: &mut Shard) -> (Match, Views) {
    let mut humans = Vec::new();
    let mut filled = Vec::new();
    for (seat, setup) in (0..).map(Seat).zip(&setup.seats) {
        let avatar = avatar_name(shard.world(), seat).unwrap_or(NetId::NONE);
        let holder = Holder { seat, avatar, account: setup.account, name: setup.name.clone() };
        if setup.account.0 == 0 { filled.push(holder) } else { humans.push(holder) }
    }
    let game = Match::new(entity, setup.match_id, setup.mode, humans, filled, shard);
    let avatar = game.content.modes.find(setup.mode).map(|mode| &mode.avatar);
    let (sight, interest) = avatar.map_or_else(Default::default, |avatar| (cm(avatar.sight_cm), avatar.interest));
    let views = Views::new(sight, interest, &game.humans);
    (game, views)
}

/// Who takes part in what, by the places of the content the match runs on.
fn setup(lobby: &Lobby, (mode, content): (&str, &Content), taken: &[SeatEscrow]) -> MatchSetup {
    let brought = |account: AccountId| {
        let items = taken.iter().filter(|escrow| escrow.account == account).flat_map(|escrow| &escrow.items);
        items.filter_map(|item| Some((item.id, content.items.id(&item.template)?))).collect()
    };
    let mut seats: Vec<SeatSetup> = lobby
        .members
        .iter()
        .map(|member| SeatSetup {
            account: member.account,
            name: member.name.clone(),
            level: member.level,
            rating: member.rating,
            autopilot: false,
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
    seats.extend((1..=lobby.filled).map(|number| SeatSetup {
        account: AccountId(0),
        name: format!("Autopilot {number}"),
        level,
        rating,
        autopilot: true,
        items: Vec::new(),
    }));
    // A pack has its mode.
    let mode = content.modes.id(mode).unwrap_or(Id::new(0));
    MatchSetup { match_id: lobby.id, mode, seats }
}
