//! What brains are told of the place; `npc` adds its dangers.

use bevy_ecs::prelude::{Query, Res, ResMut, With, Without};
use hypogeum_combat::{Dead, Downed, Side};
use hypogeum_npc::{DownedMark, ExitMark, Landmarks};
use hypogeum_protocol::MatchPhase;
use hypogeum_shard::{NetIdOf, Tick};
use hypogeum_space::Position;

use crate::state::{Ground, MatchClock};

/// Writes the landmarks of this tick again; they are a cache of the match's state.
pub(crate) fn mark(
    tick: Res<Tick>,
    (clock, ground): (Res<MatchClock>, Res<Ground>),
    downed: Query<(&NetIdOf, &Side, &Position), (With<Downed>, Without<Dead>)>,
    mut marks: ResMut<Landmarks>,
) {
    marks.side = ground.side;
    marks.ticks_left = match clock.phase {
        MatchPhase::Deploy => u32::MAX,
        MatchPhase::Live | MatchPhase::Over => clock.ends_tick.saturating_sub(tick.0),
    };
    marks.pois.clear();
    marks.pois.extend(ground.pois.iter().map(|poi| poi.at));
    marks.exits.clear();
    marks.exits.extend(ground.exits.iter().map(|exit| ExitMark {
        at: exit.at,
        radius: exit.radius,
        open: exit.is_open(tick.0),
        opens_in: if tick.0 >= exit.closes_tick { u32::MAX } else { exit.opens_tick.saturating_sub(tick.0) },
    }));
    marks.downed.clear();
    marks.downed.extend(downed.iter().map(|(named, side, at)| DownedMark { who: named.0, side: *side, at: *at }));
    marks.downed.sort_unstable_by_key(|mark| mark.who);
}
