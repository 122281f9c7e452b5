//! Handles the store's answers about settlements, and reports them to the players.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Entity, MessageReader, Query, Res, ResMut};
use bevy_ecs::system::SystemParam;
use hypogeum_hosting::{HostedShard, Recording};
use hypogeum_journal::Close;
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::{AccountId, ErrorCode, MatchId, SettledReport};
use hypogeum_sessions::{Reply, SessionsConfig, Stage, StoreAnswered, send_settled};
use hypogeum_shard::Occupant;
use hypogeum_store::{StoreFailure, StoreReply, StoreRequest};

use crate::host_status::{Finished, MatchReport, PlayerReport, count};
use crate::running_match::{Progress, RunningMatch};
use crate::seating::{Ending, Seating};
use crate::settle::Settlements;

/// Where settlements stand.
#[derive(SystemParam)]
pub(crate) struct Ledger<'w> {
    settlements: ResMut<'w, Settlements>,
    finished: ResMut<'w, Finished>,
    config: Res<'w, SessionsConfig>,
}

type MatchParts<'a> = (Entity, &'a mut RunningMatch, &'a HostedShard, Option<&'a Recording>);

/// Handles the store's answers about settlements.
pub(crate) fn take_answers(
    mut answers: MessageReader<StoreAnswered>,
    mut ending: Ending,
    mut ledger: Ledger,
    mut games: Query<(Entity, &mut RunningMatch, &HostedShard, Option<&Recording>)>,
) {
    for StoreAnswered(answer) in answers.read() {
        let of_match = match answer {
            StoreReply::Settled { match_id, .. } | StoreReply::SeatsSettled { match_id, .. } => Some(*match_id),
            StoreReply::Failed { request, .. } => match &**request {
                StoreRequest::Settle(order) | StoreRequest::SettleSeats(order) => Some(order.match_id),
                _ => None,
            },
            _ => None,
        };
        let Some(match_id) = of_match else { continue };
        let found = games.iter_mut().find(|(_, game, ..)| game.id == match_id);
        let game = found.map(|(entity, game, hosted, recording)| (entity, game.into_inner(), hosted, recording));
        match answer {
            StoreReply::Settled { reports, ratings, .. } => {
                if let Some(game) = game {
                    settled(&mut ending, &mut ledger, game, (reports, ratings));
                }
            }
            StoreReply::SeatsSettled { reports, .. } => {
                ledger.settlements.0.answered();
                seats_settled(&mut ending.seating, game, match_id, reports);
            }
            StoreReply::Failed { request, failure } => match &**request {
                StoreRequest::Settle(order) => {
                    if let Some(game) = game {
                        not_settled(&mut ending, &mut ledger, game, order, failure);
                    }
                }
                StoreRequest::SettleSeats(order) => seats_not_settled(&ending, &mut ledger, game, order, failure),
                _ => {}
            },
            _ => {}
        }
    }
}

/// The store has granted everything.
fn settled(
    ending: &mut Ending<'_, '_>,
    ledger: &mut Ledger<'_>,
    (entity, game, hosted, recording): MatchParts<'_>,
    (reports, ratings): (&[(AccountId, SettledReport)], &[(AccountId, i32)]),
) {
    ledger.settlements.0.answered();
    let reports: BTreeMap<AccountId, &SettledReport> =
        reports.iter().map(|(account, report)| (*account, report)).collect();
    let ratings: BTreeMap<AccountId, i32> = ratings.iter().copied().collect();
    let mut players = Vec::new();
    for player in &hosted.players {
        let seating = &mut ending.seating;
        let session = seating.leave_seat(entity, player.account);
        let is_here = |session: &Entity| seating.sessions.get(*session).is_ok_and(|it| it.stage.is_in(entity));
        let sits_here = session.filter(is_here);
        if let (Some(elsewhere), None) = (session, sits_here) {
            read_rating(seating, elsewhere);
        }
        let Some(report) = reports.get(&player.account).map(|report| (*report).clone()) else {
            tracing::error!(match_id = %game.id, account = %player.account, "a seat got no report");
            if let Some(mut session) = sits_here.and_then(|session| seating.sessions.get_mut(session).ok()) {
                seating.reply.make_idle(&mut session, ErrorCode::Unavailable);
            }
            continue;
        };
        // A player who was done earlier was sent the rating it had then.
        let rating = ratings.get(&player.account).copied().unwrap_or(report.rating);
        let final_report = SettledReport { rating, ..report.clone() };
        let (account, name) = (player.account, player.name.clone());
        players.push(PlayerReport { occupant: Occupant::Account(account), name, report: final_report });
        if let Some(session) = sits_here {
            end_for_session(seating, session, game.id, report);
        }
    }
    send_ended(&mut ending.seating, game, &ratings);
    players.append(&mut game.filled_reports);
    ledger.finish(game, hosted, players);
    hypogeum_crash::crash_point!("settlement_told");
    if let Some(recording) = recording {
        ending.journal.close(&recording.recorder, Close::Settled);
    }
    ending.commands.entity(entity).despawn();
}

impl Ledger<'_> {
    /// Shows how a match went.
    fn finish(&mut self, game: &RunningMatch, hosted: &HostedShard, players: Vec<PlayerReport>) {
        let (ticks, state_hash) = game.ended;
        tracing::info!(match_id = %game.id, ticks, %state_hash, "match settled");
        self.finished.add(MatchReport {
            id: game.id,
            mode: hosted.title.clone(),
            ticks,
            tick_hz: game.tick_hz,
            humans: count(&hosted.players),
            npcs: game.npcs_total,
            content_hash: game.content_hash,
            state_hash,
            layout_hash: game.layout_hash,
            players,
        });
    }
}

/// Ends a match for one session: it is sent what it got, and becomes idle.
fn end_for_session(seating: &mut Seating<'_, '_>, session: Entity, match_id: MatchId, report: SettledReport) {
    let Ok(mut session) = seating.sessions.get_mut(session) else { return };
    Reply::free(&mut session);
    session.steering.stop();
    send_settled(&mut seating.reply, &mut seating.store, &mut session, (match_id, report));
}

/// Updates the rating of a player who was done earlier: the next queue uses it.
fn read_rating(seating: &mut Seating<'_, '_>, session: Entity) {
    let goes_on = |stage: &Stage| matches!(stage, Stage::Idle | Stage::Queued);
    let session = seating.sessions.get_mut(session).ok();
    if let Some(session) = session.filter(|it| goes_on(&it.stage) && it.presence.listening().is_some()) {
        seating.store.read_again(&session);
    }
}

/// Sends the result table to everyone who took part and is connected, also to those who were done earlier and do something else.
fn send_ended(seating: &mut Seating<'_, '_>, game: &RunningMatch, ratings: &BTreeMap<AccountId, i32>) {
    let Some(table) = &game.table else { return };
    for (account, rating) in ratings {
        let session = seating.index.session_of(*account).and_then(|session| seating.sessions.get(session).ok());
        if let Some(connection) = session.and_then(|session| session.presence.listening()) {
            table.send(&mut seating.reply.outbound, connection, (*account, *rating));
        }
    }
}

/// Handles a failure of the store: it is asked again as long as that may help.
fn not_settled(
    ending: &mut Ending<'_, '_>,
    ledger: &mut Ledger<'_>,
    (entity, game, hosted, recording): MatchParts<'_>,
    order: &SettlementOrder,
    failure: &StoreFailure,
) {
    let Progress::Settling { number } = game.progress else { return };
    if !failure.is_passing() {
        tracing::error!(match_id = %game.id, %failure, "a settlement was refused and the match is undone");
        ledger.settlements.0.answered();
        return ending.abandon((entity, game, hosted, recording), ErrorCode::Unavailable);
    }
    let tick = ending.seating.reply.tick.0;
    if ledger.settlements.0.failed(number, game.id, tick, ledger.config.tick_hz) {
        tracing::warn!(match_id = %game.id, %failure, "settlements have to wait for the store");
    }
    game.order = Some(order.clone());
}

/// Handles a grant to some seats: they are sent their report, and are free.
fn seats_settled(
    seating: &mut Seating<'_, '_>,
    game: Option<MatchParts<'_>>,
    match_id: MatchId,
    reports: &[(AccountId, SettledReport)],
) {
    // The match was undone meanwhile: those concerned are notified at their next hello.
    let Some((entity, game, ..)) = game else { return };
    game.done.end_turn();
    for (account, report) in reports {
        let session = seating.leave_seat(entity, *account);
        let is_here = |session: &Entity| seating.sessions.get(*session).is_ok_and(|it| it.stage.is_in(entity));
        if let Some(session) = session.filter(is_here) {
            end_for_session(seating, session, match_id, report.clone());
        }
    }
    hypogeum_crash::crash_point!("seat_told");
}

/// Handles a failure of the store: it is asked again as long as that may help. What it refuses for good is left to the end of the match.
fn seats_not_settled(
    ending: &Ending<'_, '_>,
    ledger: &mut Ledger<'_>,
    game: Option<MatchParts<'_>>,
    order: &SettlementOrder,
    failure: &StoreFailure,
) {
    let waiting = game.and_then(|(_, game, ..)| Some((game.done.turn()?, game)));
    let Some((turn, game)) = waiting else { return ledger.settlements.0.answered() };
    if !failure.is_passing() {
        tracing::error!(match_id = %game.id, %failure, "seats that are done could not be settled: they wait for the end");
        ledger.settlements.0.answered();
        game.done.end_turn();
        return;
    }
    let tick = ending.seating.reply.tick.0;
    if ledger.settlements.0.failed(turn, game.id, tick, ledger.config.tick_hz) {
        tracing::warn!(match_id = %game.id, %failure, "settlements have to wait for the store");
    }
    game.done.ask_again(order.clone());
}
