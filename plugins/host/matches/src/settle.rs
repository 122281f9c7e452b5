//! The end of a match by its rules: verdicts become one order for the store.

use bevy_ecs::prelude::{Commands, Entity, Query, Res, ResMut, Resource};
use hypogeum_hosting::{AutopilotSeat, GrantScope, HostedShard, Journal, Recording};
use hypogeum_journal::LogState;
use hypogeum_protocol::{MatchId, SettledReport};
use hypogeum_sessions::{HostTick, InTurn, Store};
use hypogeum_shard::host::ShardInbox;
use hypogeum_shard::{Occupant, Shard};
use hypogeum_store::StoreRequest;

use crate::host_status::PlayerReport;
use crate::names::ResultTable;
use crate::running_match::{Progress, RunningMatch};

/// Matches whose worth is on the disk and that the store is not asked to grant now, in the order in which they got there.
#[derive(Resource, Debug, Default)]
pub(crate) struct Settlements(pub(crate) InTurn<MatchId>);

/// Records what matches that are over were worth.
pub(crate) fn settle_matches(
    mut journal: ResMut<Journal>,
    mut games: Query<(Entity, &mut RunningMatch, &HostedShard, &Shard, Option<&mut Recording>)>,
    mut commands: Commands,
) {
    for (entity, mut game, hosted, shard, recording) in &mut games {
        if game.progress != Progress::Playing || !game.rules.is_over(shard) {
            continue;
        }
        let grants = game.grants(shard, hosted.players.iter().map(|player| player.seat));
        end(&mut game, hosted, shard);
        if game.rules.have_failed() {
            // Nothing of it is granted.
            continue;
        }
        game.progress = Progress::Recording;
        if let Some(mut recording) = recording {
            journal.grant(&mut recording, game.ended, GrantScope::Everyone, grants.clone());
        }
        game.order = Some(game.order_of(grants));
        // It is over: no step may change what was ordered.
        commands.entity(entity).remove::<ShardInbox>();
    }
}

/// Notes where a match's world ended, and what the seats without account got.
fn end(game: &mut RunningMatch, hosted: &HostedShard, shard: &Shard) {
    game.ended = (shard.tick().0, shard.hash());
    let report = |autopilot: &AutopilotSeat| {
        let verdict = game.rules.grant(shard, autopilot.seat)?;
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
        Some(PlayerReport { occupant: Occupant::Autopilot, name: autopilot.name.clone(), report })
    };
    game.filled_reports = hosted.autopilots.iter().filter_map(report).collect();
    game.table = Some(ResultTable::of(game, hosted, shard));
}

/// Orders the settlement of matches whose worth would survive a power failure.
pub(crate) fn order_settlements(
    tick: Res<HostTick>,
    (mut store, mut settlements): (ResMut<Store>, ResMut<Settlements>),
    mut games: Query<(&mut RunningMatch, Option<&Recording>)>,
) {
    for (mut game, recording) in &mut games {
        let state = recording.map(|recording| recording.recorder.state());
        let is_next = game.progress == Progress::Recording && !game.done.is_asking();
        if is_next && state.is_none_or(LogState::is_settlement_durable) {
            hypogeum_crash::crash_point!("settlement_durable");
            game.progress = Progress::Settling { number: settlements.0.join(game.id) };
        }
    }
    while let Some((_, match_id)) = settlements.0.next(tick.0) {
        let game = games.iter_mut().find(|(game, _)| game.id == match_id);
        let request = game.and_then(|(mut game, _)| match game.progress {
            Progress::Settling { .. } => game.order.take().map(StoreRequest::Settle),
            // Its last seats that were done before the end have their turn first.
            Progress::Playing | Progress::Recording => game.done.take_order().map(StoreRequest::SettleSeats),
        });
        match request {
            Some(request) => store.ask(request),
            None => settlements.0.answered(),
        }
    }
}
