//! What brains are told of the place.

use bevy_ecs::prelude::{Local, Query, Res, ResMut};
use hypogeum_content::def::HazardShape;
use hypogeum_npc::{DangerMark, ExitMark, Landmarks};
use hypogeum_protocol::{MatchPhase, NetId};
use hypogeum_shard::{NetIdOf, Rules, Tick};
use hypogeum_space::Position;

use crate::state::{Ground, Hazard, MatchClock};

/// Writes the landmarks of this tick again; they are a cache of the match's state.
pub(crate) fn mark(
    tick: Res<Tick>,
    rules: Res<Rules>,
    clock: Res<MatchClock>,
    ground: Res<Ground>,
    hazards: Query<(&NetIdOf, &Hazard, &Position)>,
    mut marks: ResMut<Landmarks>,
    mut dangers: Local<Vec<(NetId, DangerMark)>>,
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
    dangers.extend(hazards.iter().map(|(named, hazard, at)| {
        let def = rules.content.hazards.find(hazard.def);
        let outside = def.is_some_and(|def| matches!(def.shape, HazardShape::Storm { .. }));
        (named.0, DangerMark { at: *at, radius: hazard.radius, outside })
    }));
    dangers.sort_unstable_by_key(|danger| danger.0);
    marks.dangers.clear();
    marks.dangers.extend(dangers.drain(..).map(|danger| danger.1));
}
