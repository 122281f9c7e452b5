//! Matches of a server that died, going on in this one.

use bevy_app::{App, Plugin};
use hypogeum_hosting::{NewShard, ResumedShard, resume};
use hypogeum_sessions::{CurrentMatch, KeepsServer};
use parking_lot::Mutex;

use crate::running_match::RunningMatch;

/// Puts shards of an earlier run into a host that has not ticked yet, matches as matches. Each stands still until its players are
/// back, or have had their time. Wants [`HostPlugins`](crate::HostPlugins) added before it.
#[derive(Debug)]
pub struct ResumedPlugin {
    /// Taken by the app.
    resumed: Mutex<Vec<ResumedShard>>,
}

impl ResumedPlugin {
    /// For these shards.
    #[must_use]
    pub const fn new(resumed: Vec<ResumedShard>) -> Self {
        Self { resumed: Mutex::new(resumed) }
    }
}

impl Plugin for ResumedPlugin {
    fn build(&self, _app: &mut App) {}

    fn finish(&self, app: &mut App) {
        resume_matches(app, std::mem::take(&mut self.resumed.lock()));
    }
}

fn resume_matches(app: &mut App, resumed: Vec<ResumedShard>) {
    for ResumedShard { id, kind, brief, has_promised, shard, recorder, ended_visits } in resumed {
        let Some(mut new) = NewShard::new(id, kind, &brief, shard) else {
            tracing::error!(shard = %id, "a shard of an earlier run cannot go on here: its log stays as it is");
            continue;
        };
        new.hosted.grant_visits(ended_visits);
        let mut game = kind.as_match.map(|_| RunningMatch::new(id.into(), &new.hosted, &mut new.shard));
        if let Some(game) = &mut game {
            // Players who are done were settled already or are now: the store knows. They may play another match meanwhile.
            game.done.note(&new.shard, &game.rules, &mut new.hosted);
        }
        let world = app.world_mut();
        let entity = resume(world, new, recorder, has_promised);
        if let Some(game) = game {
            world.entity_mut(entity).insert((game, CurrentMatch(id.into()), KeepsServer));
        }
    }
}
