//! What the store answers.

use bevy_ecs::prelude::{Entity, Query, Res, ResMut};
use hypogeum_progression::Profile;
use hypogeum_protocol::{AccountId, ErrorCode, MatchId};
use hypogeum_shard::host::StepPool;
use hypogeum_store::{StoreFailure, StoreReply, StoreRequest};

use crate::desk::Desk;
use crate::game::Match;
use crate::lobby::{self, Lobby};
use crate::recording::Recording;
use crate::session::{Session, Stage};
use crate::{begin, board, done_seats, greet, settle, settling};

/// Passes every answer to whoever asked. An answer for somebody who is gone is dropped.
pub(crate) fn take_answers(
    mut desk: Desk,
    mut sessions: Query<Session>,
    mut lobbies: Query<(Entity, &mut Lobby)>,
    mut games: Query<(&mut Match, Option<&Recording>)>,
    mut finished: ResMut<board::Finished>,
    pool: Res<StepPool>,
) {
    while let Some(reply) = desk.store.answer() {
        match reply {
            StoreReply::Profile { account, profile, .. } => {
                profile_arrived(&mut desk, &mut sessions, &mut lobbies, account, profile);
            }
            StoreReply::EscrowTaken { match_id, taken, refused } => {
                let found = lobbies.iter_mut().find(|(_, lobby)| lobby.id == match_id && !lobby.has_failed());
                let Some((entity, mut lobby)) = found else {
                    // Its lobby failed meanwhile: whatever was taken goes home.
                    desk.store.ask(StoreRequest::AbandonMatch { match_id });
                    continue;
                };
                lobby::tell_refused(&mut desk, &sessions, &refused);
                begin::begin(&mut desk, &pool, entity, &mut lobby, &mut sessions, &taken);
            }
            StoreReply::Settled { match_id, reports, ratings, .. } => {
                if let Some((mut game, recording)) = games.iter_mut().find(|(game, _)| game.id == match_id) {
                    let told = (&reports[..], &ratings[..]);
                    settle::settled(&mut desk, &mut game, recording, &mut sessions, &mut finished, told);
                }
            }
            StoreReply::SeatsSettled { match_id, reports } => {
                let mut found = games.iter_mut().find(|(game, _)| game.id == match_id);
                let game = found.as_mut().map(|(game, _)| &mut **game);
                done_seats::seats_settled(&mut desk, game, &mut sessions, match_id, reports);
            }
            StoreReply::Abandoned { .. } | StoreReply::Heard { .. } => {}
            StoreReply::Failed { request, failure } => {
                failed(&mut desk, &mut sessions, &mut lobbies, &mut games, *request, &failure);
            }
        }
    }
}

/// A profile was read: `None` where the account is gone.
fn profile_arrived(
    desk: &mut Desk,
    sessions: &mut Query<Session>,
    lobbies: &mut Query<(Entity, &mut Lobby)>,
    account: AccountId,
    profile: Option<Box<Profile>>,
) {
    let Some(entity) = desk.directory.by_account.get(&account).copied() else {
        if let Some(profile) = profile {
            stash_arrived(desk, sessions, lobbies, account, &profile);
        }
        return;
    };
    let Ok(mut session) = sessions.get_mut(entity) else { return };
    match (*session.stage, profile) {
        (Stage::Loading, profile) => greet::profile_arrived(desk, &mut session, profile),
        (Stage::Loadout { .. }, Some(profile)) => {
            session.kept.0 = Some(profile.clone());
            stash_arrived(desk, sessions, lobbies, account, &profile);
        }
        (Stage::Loadout { lobby }, None) => no_profile(desk, sessions, lobbies, lobby),
        (_, Some(profile)) => session.kept.0 = Some(profile),
        (_, None) => {}
    }
}

/// The store could not do what was asked.
fn failed(
    desk: &mut Desk,
    sessions: &mut Query<Session>,
    lobbies: &mut Query<(Entity, &mut Lobby)>,
    games: &mut Query<(&mut Match, Option<&Recording>)>,
    request: StoreRequest,
    failure: &StoreFailure,
) {
    desk.counters.store_failures += 1;
    match request {
        StoreRequest::LoadProfile { account, tag } => profile_failed(desk, sessions, lobbies, account, MatchId(tag)),
        StoreRequest::TakeEscrow { match_id, .. } => {
            tracing::warn!(%match_id, %failure, "no escrow, so no match");
            if failure.is_passing() {
                // Whether it was taken nobody knows. If it was, it goes home.
                desk.store.ask(StoreRequest::AbandonMatch { match_id });
            }
            if let Some((entity, mut lobby)) = lobbies.iter_mut().find(|(_, lobby)| lobby.id == match_id) {
                lobby::fail(desk, entity, &mut lobby, sessions, ErrorCode::Unavailable);
            }
        }
        StoreRequest::SettleSeats(order) => {
            let mut found = games.iter_mut().find(|(game, _)| game.id == order.match_id);
            let game = found.as_mut().map(|(game, _)| &mut **game);
            done_seats::seats_not_settled(desk, game, order, failure);
        }
        StoreRequest::Settle(order) => {
            let found = games.iter_mut().find(|(game, _)| game.id == order.match_id);
            if let Some((mut game, recording)) = found {
                settle::not_settled(desk, &mut game, recording, sessions, order, failure);
            }
        }
        // The next hello says it all again, and who was not noted to have heard hears it again.
        StoreRequest::Heard { .. } => {}
        StoreRequest::AbandonMatch { match_id } if failure.is_passing() => {
            let due = desk.tick.0 + desk.config.ticks(settling::RETRY_S_MAX);
            desk.store.ask_at(due, StoreRequest::AbandonMatch { match_id });
        }
        StoreRequest::AbandonMatch { match_id } => {
            tracing::error!(%match_id, %failure, "a match could not be undone");
        }
    }
}

fn stash_arrived(
    desk: &mut Desk,
    sessions: &mut Query<Session>,
    lobbies: &mut Query<(Entity, &mut Lobby)>,
    account: AccountId,
    profile: &Profile,
) {
    if let Some(Stage::Loadout { lobby }) = desk.directory.seats.get(&account).copied()
        && let Ok((_, mut lobby)) = lobbies.get_mut(lobby)
    {
        lobby::profile_arrived(desk, &mut lobby, sessions, account, profile);
    }
}

fn no_profile(
    desk: &mut Desk,
    sessions: &mut Query<Session>,
    lobbies: &mut Query<(Entity, &mut Lobby)>,
    lobby: Entity,
) {
    if let Ok((entity, mut lobby)) = lobbies.get_mut(lobby) {
        lobby::fail(desk, entity, &mut lobby, sessions, ErrorCode::Unavailable);
    }
}

fn profile_failed(
    desk: &mut Desk,
    sessions: &mut Query<Session>,
    lobbies: &mut Query<(Entity, &mut Lobby)>,
    account: AccountId,
    asked_by: MatchId,
) {
    if let Some((entity, _)) = lobbies.iter().find(|(_, lobby)| lobby.id == asked_by) {
        return no_profile(desk, sessions, lobbies, entity);
    }
    let entity = desk.directory.by_account.get(&account).copied();
    if let Some(mut session) = entity.and_then(|entity| sessions.get_mut(entity).ok())
        && *session.stage == Stage::Loading
    {
        greet::profile_failed(desk, &mut session);
    }
}
