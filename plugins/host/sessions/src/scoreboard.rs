//! The scoreboard of a running match, where its mode lets everyone know.

use bevy_ecs::prelude::{Query, Without};
use hypogeum_shard::Shard;
use hypogeum_shard::host::Crashed;

use crate::desk::Desk;
use crate::game::{Match, Progress};
use crate::names::{ScoreTable, scores_mark};
use crate::session::{Presence, Stage};
use crate::settle;

/// Tells everyone in a match how it stands, at most once a second and only where that has changed.
pub(crate) fn tell_scores(
    mut desk: Desk,
    mut games: Query<(&mut Match, &Shard), Without<Crashed>>,
    sessions: Query<(&Presence, &Stage)>,
) {
    let second = desk.config.ticks(1).max(1);
    for (mut game, shard) in &mut games {
        let tick = shard.tick().0;
        if game.progress != Progress::Playing || !u64::from(tick).is_multiple_of(second) {
            continue;
        }
        let Some(scores) = (game.rules.scores)(shard.world()) else { continue };
        let mark = scores_mark(&scores);
        if game.scores_mark == Some(mark) {
            continue;
        }
        game.scores_mark = Some(mark);
        let table = ScoreTable::of(scores);
        for holder in &game.humans {
            let session = desk.directory.by_account.get(&holder.account);
            let Some((presence, stage)) = session.and_then(|session| sessions.get(*session).ok()) else { continue };
            if settle::sits_in(stage, &game) && presence.listening().is_some() {
                desk.tell(presence, &table.message(&game, tick, holder));
            }
        }
    }
}
