//! The scoreboard of a running match, where its mode shows it to everyone.

use bevy_ecs::prelude::{Entity, Query, Res, Without};
use hypogeum_hosting::HostedShard;
use hypogeum_sessions::{Presence, Reply, SessionIndex, SessionsConfig, Stage};
use hypogeum_shard::Shard;
use hypogeum_shard::host::Crashed;

use crate::names::{ScoreTable, scores_mark};
use crate::running_match::{Progress, RunningMatch};

/// Sends everyone in a match, or who watches it, the scores, at most once a second and only where they have changed.
pub(crate) fn send_scores(
    mut reply: Reply,
    (config, index): (Res<SessionsConfig>, Res<SessionIndex>),
    mut games: Query<(Entity, &mut RunningMatch, &HostedShard, &Shard), Without<Crashed>>,
    sessions: Query<(&Presence, &Stage)>,
) {
    let second = config.ticks(1).max(1);
    for (entity, mut game, hosted, shard) in &mut games {
        let tick = shard.tick().0;
        if game.progress != Progress::Playing || !u64::from(tick).is_multiple_of(second) {
            continue;
        }
        let Some(scores) = game.rules.scores(shard) else { continue };
        let mark = scores_mark(&scores);
        if game.scores_mark == Some(mark) {
            continue;
        }
        game.scores_mark = Some(mark);
        let table = ScoreTable::of(scores);
        for player in &hosted.players {
            let session = index.session_of(player.account).and_then(|session| sessions.get(session).ok());
            let Some((presence, stage)) = session else { continue };
            let sees = stage.is_in(entity) || (stage.may_watch() && game.watchers.has(player.seat));
            if sees && presence.listening().is_some() {
                reply.send(presence, &table.message(game.id, tick, player));
            }
        }
    }
}
