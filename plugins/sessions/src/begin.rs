//! The escrow is taken, and the match begins.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bevy_ecs::prelude::{Entity, Query};
use hypogeum_arena::{MatchSetup, SeatSetup, avatar, new_match};
use hypogeum_content::Content;
use hypogeum_progression::SeatEscrow;
use hypogeum_protocol::{AccountId, ErrorCode, NetId, Seat};
use hypogeum_shard::host::ShardInbox;
use hypogeum_shard::{Command, CommandBody, Genesis};

use crate::desk::Desk;
use crate::game::{Holder, Match};
use crate::lobby::{self, Lobby};
use crate::replicate::Views;
use crate::session::{Session, Stage};

/// The escrow is taken: the match begins.
pub(crate) fn begin(
    desk: &mut Desk,
    entity: Entity,
    lobby: &mut Lobby,
    sessions: &mut Query<Session>,
    taken: &[SeatEscrow],
) {
    let setup = setup(lobby, &desk.library.0, taken);
    let genesis = Genesis { seed: lobby.seed, tick_hz: desk.config.tick_hz, content: Arc::clone(&desk.library.0) };
    // A mode no map can be made of must not take the other matches with it.
    let Ok(mut shard) = catch_unwind(AssertUnwindSafe(|| new_match(genesis, &setup))) else {
        tracing::error!(match_id = %lobby.id, seed = lobby.seed, "a match could not be built");
        return lobby::fail(desk, entity, lobby, sessions, ErrorCode::Unavailable);
    };
    let seat_names = (0..).map(Seat).zip(&setup.seats);
    let mut humans = Vec::new();
    let mut filled = Vec::new();
    for (seat, setup) in seat_names {
        let avatar = avatar(shard.world(), seat).unwrap_or(NetId::NONE);
        let holder = Holder { seat, avatar, account: setup.account, name: setup.name.clone() };
        if setup.account.0 == 0 { filled.push(holder) } else { humans.push(holder) }
    }
    let game = Match::new(entity, lobby.id, lobby.mode, lobby.seed, humans, filled, &mut shard);
    let mut inbox = ShardInbox::default();
    for holder in &game.humans {
        let stage = Stage::InMatch { game: entity, seat: holder.seat };
        desk.directory.seats.insert(holder.account, stage);
        let session = desk.directory.by_account.get(&holder.account).copied();
        let present = match session.and_then(|session| sessions.get_mut(session).ok()) {
            Some(mut session) => {
                *session.stage = stage;
                session.steering.reset(desk.tick.0, 0);
                let message = game.started_message(&desk.library.0, holder.seat);
                desk.tell(&session.presence, &message);
                session.presence.listening().is_some()
            }
            None => false,
        };
        if !present {
            inbox.0.push(Command { seat: holder.seat, body: CommandBody::Present(false) });
        }
    }
    tracing::info!(match_id = %lobby.id, seed = lobby.seed, humans = game.humans.len(), "match begins");
    desk.commands.entity(entity).remove::<Lobby>().insert((game, shard, inbox, Views::default()));
}

fn setup(lobby: &Lobby, content: &Content, taken: &[SeatEscrow]) -> MatchSetup {
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
    MatchSetup { match_id: lobby.id, mode: lobby.mode, seats }
}
