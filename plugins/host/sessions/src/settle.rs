//! The end of a match: verdicts become one order, and its answer becomes news for everyone.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Entity, Query, ResMut};
use hypogeum_journal::{Close, LogState};
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::{AccountId, ErrorCode, SettledReport};
use hypogeum_shard::Shard;
use hypogeum_shard::host::ShardInbox;
use hypogeum_store::{StoreFailure, StoreRequest};

use crate::board::{Finished, MatchReport, PlayerReport};
use crate::desk::Desk;
use crate::done_seats::tell_settled;
use crate::game::{Holder, Match, Progress, seats};
use crate::names::ResultTable;
use crate::recording::{Recording, Worth};
use crate::session::{Session, SessionItem, Stage};

/// Records what matches that are over were worth.
pub(crate) fn settle_matches(mut desk: Desk, mut games: Query<(&mut Match, &Shard, Option<&mut Recording>)>) {
    for (mut game, shard, recording) in &mut games {
        if game.progress != Progress::Playing {
            continue;
        }
        if (game.rules.is_over)(shard.world()) {
            let grants = game.grants(shard, game.humans.iter().map(|holder| holder.seat));
            end(&mut game, shard);
            if let Some(mut recording) = recording {
                desk.journal.grant(&mut recording, game.ended, Worth::OfAll, grants.clone());
            }
            game.order = Some(game.order_of(grants));
            // It is over: no step may change what was ordered.
            desk.commands.entity(game.entity).remove::<ShardInbox>();
        }
    }
}

/// Notes where a match's world ended, and what the seats without account got.
pub(crate) fn end(game: &mut Match, shard: &Shard) {
    game.progress = Progress::Recording;
    game.ended = (shard.tick().0, shard.hash());
    let report = |holder: &Holder| {
        let verdict = (game.rules.grant)(shard.world(), holder.seat)?;
        let report = SettledReport {
            outcome: verdict.outcome,
            kills: verdict.kills,
            damage_dealt: verdict.damage_dealt,
            xp_gained: verdict.xp_gained,
            level: 0,
            items_secured: u32::try_from(verdict.items_secured.len()).unwrap_or(u32::MAX),
            currency_gained: verdict.currency_gained,
            rating: 0,
        };
        Some(PlayerReport { account: AccountId(0), name: holder.name.clone(), filled: true, report })
    };
    game.filled_reports = game.filled.iter().filter_map(report).collect();
    game.table = ResultTable::of(game, shard);
}

/// Ends matches whose log was given up: nothing more is promised or granted that could not be proved. A match is undone if
/// nobody was told that it counts and the disk can be trusted; else it stays as its log has it, until the next start.
pub(crate) fn end_lost(mut desk: Desk, games: Query<(&Match, &Recording)>, mut sessions: Query<Session>) {
    desk.post.break_lost_promises();
    for (game, recording) in &games {
        if !recording.is_lost() {
            continue;
        }
        if desk.journal.is_broken() || recording.has_promised() {
            tracing::error!(match_id = %game.id, "the log of a match is lost: the next start goes on with what it has");
            send_home(&mut desk, game, &mut sessions, ErrorCode::Unavailable);
        } else {
            tracing::error!(match_id = %game.id, "the log of a match is lost, and the match is undone");
            abandon(&mut desk, game, Some(recording), &mut sessions, ErrorCode::Unavailable);
        }
    }
}

/// Ends a match whose shard panicked and that cannot be built again. It is undone, unless somebody got out or is done and has
/// not got what it is worth: then its log stays as it is, and the next start goes on after the last good step.
pub(crate) fn end_crashed(desk: &mut Desk, game: &Match, recording: &Recording, sessions: &mut Query<Session>) {
    if recording.has_recorded_promise() || !game.done.is_quiet() {
        tracing::error!(match_id = %game.id, "the next start goes on with it");
        send_home(desk, game, sessions, ErrorCode::Unavailable);
    } else {
        tracing::error!(match_id = %game.id, "a match that crashed is undone");
        abandon(desk, game, Some(recording), sessions, ErrorCode::Unavailable);
    }
}

/// Orders the settlement of matches whose worth would survive a power failure.
pub(crate) fn order_settlements(mut desk: Desk, mut games: Query<(&mut Match, Option<&Recording>)>) {
    for (mut game, recording) in &mut games {
        let state = recording.map(|recording| recording.recorder.state());
        let is_next = game.progress == Progress::Recording && !game.done.is_asking();
        if is_next && state.is_none_or(LogState::is_settlement_durable) {
            hypogeum_crash::crash_point!("settlement_durable");
            game.progress = Progress::Settling { number: desk.settlements.join(game.id) };
        }
    }
    while let Some(match_id) = desk.settlements.next(desk.tick.0) {
        let game = games.iter_mut().find(|(game, _)| game.id == match_id);
        let request = game.and_then(|(mut game, _)| match game.progress {
            Progress::Settling { .. } => game.order.take().map(StoreRequest::Settle),
            // Its last seats that were done before the end have their turn first.
            Progress::Playing | Progress::Recording => game.done.take_order().map(StoreRequest::SettleSeats),
        });
        match request {
            Some(request) => desk.store.ask(request),
            None => desk.settlements.answered(),
        }
    }
}

/// The store has granted everything.
pub(crate) fn settled(
    desk: &mut Desk,
    game: &mut Match,
    recording: Option<&Recording>,
    sessions: &mut Query<Session>,
    finished: &mut ResMut<Finished>,
    (reports, ratings): (&[(AccountId, SettledReport)], &[(AccountId, i32)]),
) {
    desk.settlements.answered();
    let mut players = Vec::new();
    let reports: BTreeMap<AccountId, &SettledReport> =
        reports.iter().map(|(account, report)| (*account, report)).collect();
    let ratings: BTreeMap<AccountId, i32> = ratings.iter().copied().collect();
    for holder in &game.humans {
        let entity = leave_seat(desk, game, holder.account);
        let report = reports.get(&holder.account).map(|report| (*report).clone());
        let mut session = entity.and_then(|entity| sessions.get_mut(entity).ok());
        if let Some(elsewhere) = session.take_if(|session| !sits_in(&session.stage, game)) {
            read_anew(desk, &elsewhere);
        }
        let Some(report) = report else {
            tracing::error!(match_id = %game.id, account = %holder.account, "a seat got no report");
            if let Some(mut session) = session {
                desk.send_home(&mut session, ErrorCode::Unavailable);
            }
            continue;
        };
        players.push(PlayerReport {
            account: holder.account,
            name: holder.name.clone(),
            filled: false,
            // Who was done before was told the rating it had then.
            report: SettledReport {
                rating: ratings.get(&holder.account).copied().unwrap_or(report.rating),
                ..report.clone()
            },
        });
        if let Some(mut session) = session {
            tell_settled(desk, &mut session, game.id, report);
        }
    }
    tell_ended(desk, game, sessions, &ratings);
    players.append(&mut game.filled_reports);
    let (ticks, state_hash) = game.ended;
    tracing::info!(match_id = %game.id, ticks, %state_hash, "match settled");
    finished.add(MatchReport {
        id: game.id,
        mode: game.mode.clone(),
        ticks,
        tick_hz: desk.config.tick_hz,
        humans: seats(&game.humans),
        npcs: game.npcs_total,
        content_hash: game.content_hash,
        state_hash,
        layout_hash: game.layout_hash,
        players,
    });
    hypogeum_crash::crash_point!("settlement_told");
    if let Some(recording) = recording {
        desk.journal.close(&recording.recorder, Close::Settled);
    }
    desk.commands.entity(game.entity).despawn();
}

/// The rating of one who was done before is another now: the next queue goes by it.
fn read_anew(desk: &mut Desk, session: &SessionItem) {
    let goes_on = matches!(*session.stage, Stage::Idle | Stage::Queued { .. });
    if goes_on && session.presence.listening().is_some() {
        let (account, tag) = (session.who.account, session.who.session.0);
        desk.store.ask(StoreRequest::LoadProfile { account, tag });
    }
}

/// Tells everyone who took part and is here how it went for all, also those who were done before and do something else.
fn tell_ended(desk: &mut Desk, game: &Match, sessions: &Query<Session>, ratings: &BTreeMap<AccountId, i32>) {
    for (account, rating) in ratings {
        let session = desk.directory.by_account.get(account).and_then(|session| sessions.get(*session).ok());
        if let Some(connection) = session.and_then(|session| session.presence.listening()) {
            desk.post.tell_encoded(connection, game.table.message(*account, *rating));
        }
    }
}

/// The store could not: it is asked again as long as that may help.
pub(crate) fn not_settled(
    desk: &mut Desk,
    game: &mut Match,
    recording: Option<&Recording>,
    sessions: &mut Query<Session>,
    order: SettlementOrder,
    failure: &StoreFailure,
) {
    let Progress::Settling { number } = game.progress else { return };
    if !failure.is_passing() {
        tracing::error!(match_id = %game.id, %failure, "a settlement was refused and the match is undone");
        desk.settlements.answered();
        return abandon(desk, game, recording, sessions, ErrorCode::Unavailable);
    }
    if desk.settlements.failed(number, game.id, desk.tick.0, desk.config.tick_hz) {
        tracing::warn!(match_id = %game.id, %failure, "settlements have to wait for the store");
    }
    game.order = Some(order);
}

/// Undoes a match: everyone is told and idle, and what they brought goes home.
pub(crate) fn abandon(
    desk: &mut Desk,
    game: &Match,
    recording: Option<&Recording>,
    sessions: &mut Query<Session>,
    code: ErrorCode,
) {
    desk.store.ask(StoreRequest::AbandonMatch { match_id: game.id });
    if let Some(recording) = recording {
        desk.journal.close(&recording.recorder, Close::Undone);
    }
    send_home(desk, game, sessions, code);
}

/// Whether a session is in this very match: an account whose match waits for a restart may play another meanwhile.
pub(crate) fn sits_in(stage: &Stage, match_: &Match) -> bool {
    holds_seat(stage, match_.entity)
}

/// As [`sits_in`], of the match that is this entity.
pub(crate) fn holds_seat(stage: &Stage, entity: Entity) -> bool {
    matches!(stage, Stage::InMatch { game, .. } if *game == entity)
}

/// Gives up the seat of an account in this match, and no other. Returns the account's session, if it has one.
pub(crate) fn leave_seat(desk: &mut Desk, game: &Match, account: AccountId) -> Option<Entity> {
    if desk.directory.seats.get(&account).is_some_and(|stage| sits_in(stage, game)) {
        desk.directory.seats.remove(&account);
    }
    desk.directory.by_account.get(&account).copied()
}

/// Ends a match here: everyone in it is told and idle.
fn send_home(desk: &mut Desk, game: &Match, sessions: &mut Query<Session>, code: ErrorCode) {
    for holder in &game.humans {
        let entity = leave_seat(desk, game, holder.account);
        if let Some(mut session) = entity.and_then(|entity| sessions.get_mut(entity).ok())
            && sits_in(&session.stage, game)
        {
            let heard = session.presence.listening().is_some();
            desk.send_home(&mut session, code);
            // Who is sent away needs no stash any more.
            if desk.draining.is_begun() {
                continue;
            }
            if heard {
                let tag = session.who.session.0;
                desk.store.ask(StoreRequest::LoadProfile { account: holder.account, tag });
            } else if session.presence.connection.is_some() {
                *session.stage = Stage::Arriving;
            }
        }
    }
    desk.commands.entity(game.entity).despawn();
}
