//! Dangers of the place: shown when their time comes, hurting participants pulse by pulse, gone in the end. Those who
//! live there know them and take no harm.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{Commands, Entity, Query, Res, ResMut, With, Without};
use hypogeum_combat::{Dead, EffectRequest, HarmRequest};
use hypogeum_content::def::{HazardDef, HazardShape};
use hypogeum_protocol::{MatchPhase, NetId};
use hypogeum_shard::{Named, NetIds, Purpose, Rules, Tick};
use hypogeum_space::{Position, cm, turn};

use crate::state::{Ground, Hazard, HazardPlan, MatchClock, Mine, PlannedHazard, Seated};

const MINES: Purpose = Purpose::named("mines");
const SHELLS: Purpose = Purpose::named("shells");

/// How far a hazard reaches at a tick, in subunits; a storm's is the circle it leaves.
fn radius(shape: &HazardShape, side: i32, hurts_tick: u32, tick: u32, rules: &Rules) -> i32 {
    match *shape {
        HazardShape::Storm { final_radius_cm, closes_over_ms } => {
            // At first the circle holds the whole map, wherever its centre lies.
            let (whole, last) = (i64::from(side) * 3 / 4 + i64::from(side) / 8, i64::from(cm(final_radius_cm)));
            let closes = i64::from(rules.ticks(closes_over_ms).max(1));
            let closing = i64::from(tick.saturating_sub(hurts_tick)).min(closes);
            (whole - (whole - last).max(0) * closing / closes) as i32
        }
        HazardShape::Cloud { radius_cm }
        | HazardShape::Mines { radius_cm, .. }
        | HazardShape::Bombardment { radius_cm, .. } => cm(radius_cm),
    }
}

/// Brings in the hazards whose time has come, lets storms close, and takes away what is over.
pub(crate) fn come_and_go(
    tick: Res<Tick>,
    rules: Res<Rules>,
    ground: Res<Ground>,
    mut plan: ResMut<HazardPlan>,
    mut ids: ResMut<NetIds>,
    mut hazards: Query<(Entity, &mut Hazard)>,
    mut commands: Commands,
) {
    let due = plan.0.iter().take_while(|planned| planned.shows_tick <= tick.0).count();
    if due > 0 {
        let shown: Vec<PlannedHazard> = plan.0.drain(..due).collect();
        for planned in shown {
            let Some(def) = rules.content.hazards.find(planned.def) else { continue };
            let hurts_tick = tick.0.saturating_add(rules.ticks(def.warning_ms));
            let ends_tick = match def.duration_ms {
                0 => u32::MAX,
                duration_ms => hurts_tick.saturating_add(rules.ticks(duration_ms)),
            };
            let name = ids.mint();
            let radius = radius(&def.shape, ground.side, hurts_tick, tick.0, &rules);
            if let HazardShape::Mines { count, .. } = def.shape {
                let mut dice = rules.dice(*tick, name.0, MINES);
                for _ in 0..count {
                    let (x, y) = turn::step(dice.bits() as u16, dice.between(0, radius));
                    let at = Position { x: planned.at.x + x, y: planned.at.y + y };
                    commands.spawn((ids.mint(), Mine { def: planned.def, armed_tick: hurts_tick }, at));
                }
            }
            let hazard = Hazard { def: planned.def, radius, hurts_tick, ends_tick, next_pulse_tick: hurts_tick };
            commands.spawn((name, hazard, planned.at));
        }
    }
    for (entity, mut hazard) in &mut hazards {
        if tick.0 >= hazard.ends_tick {
            commands.entity(entity).despawn();
        } else if let Some(def) = rules.content.hazards.find(hazard.def) {
            let now = radius(&def.shape, ground.side, hazard.hurts_tick, tick.0, &rules);
            if now != hazard.radius {
                hazard.radius = now;
            }
        }
    }
}

/// A pulse on one participant.
fn hurt(
    def: &HazardDef,
    target: NetId,
    harm: &mut MessageWriter<HarmRequest>,
    effects: &mut MessageWriter<EffectRequest>,
) {
    if def.damage > 0 {
        harm.write(HarmRequest { source: NetId::NONE, target, amount: def.damage });
    }
    if let Some(effect) = &def.effect {
        effects.write(EffectRequest { source: NetId::NONE, target, effect: effect.id() });
    }
}

/// Hazards that are due hurt whoever they reach.
pub(crate) fn pulse(
    tick: Res<Tick>,
    rules: Res<Rules>,
    clock: Res<MatchClock>,
    mut hazards: Query<(&Named, &mut Hazard, &Position)>,
    participants: Query<(&Named, &Position), (With<Seated>, Without<Dead>)>,
    mut harm: MessageWriter<HarmRequest>,
    mut effects: MessageWriter<EffectRequest>,
) {
    if clock.phase != MatchPhase::Live {
        return;
    }
    for (named, mut hazard, centre) in &mut hazards {
        let Some(def) = rules.content.hazards.find(hazard.def) else { continue };
        if tick.0 < hazard.next_pulse_tick {
            continue;
        }
        hazard.next_pulse_tick = tick.0.saturating_add(rules.ticks(def.interval_ms).max(1));
        let (at, reach, outside) = match def.shape {
            HazardShape::Storm { .. } => (*centre, hazard.radius, true),
            HazardShape::Cloud { .. } => (*centre, hazard.radius, false),
            HazardShape::Bombardment { blast_cm, .. } => {
                let mut dice = rules.dice(*tick, named.0, SHELLS);
                let (x, y) = turn::step(dice.bits() as u16, dice.between(0, hazard.radius));
                (Position { x: centre.x + x, y: centre.y + y }, cm(blast_cm), false)
            }
            HazardShape::Mines { .. } => continue,
        };
        for (participant, place) in &participants {
            if (turn::distance(*place, at) > reach) == outside {
                hurt(def, participant.0, &mut harm, &mut effects);
            }
        }
    }
}

/// Mines go off under whoever comes near, once each, and hurt everyone around.
pub(crate) fn spring(
    tick: Res<Tick>,
    rules: Res<Rules>,
    clock: Res<MatchClock>,
    mines: Query<(Entity, &Mine, &Position)>,
    participants: Query<(&Named, &Position), (With<Seated>, Without<Dead>)>,
    mut harm: MessageWriter<HarmRequest>,
    mut effects: MessageWriter<EffectRequest>,
    mut commands: Commands,
) {
    if clock.phase != MatchPhase::Live {
        return;
    }
    for (entity, mine, centre) in &mines {
        let Some(def) = rules.content.hazards.find(mine.def) else { continue };
        let HazardShape::Mines { trigger_cm, blast_cm, .. } = def.shape else { continue };
        let within =
            |reach_cm| participants.iter().filter(move |(_, place)| turn::distance(**place, *centre) <= cm(reach_cm));
        if tick.0 < mine.armed_tick || within(trigger_cm).next().is_none() {
            continue;
        }
        for (participant, _) in within(blast_cm) {
            hurt(def, participant.0, &mut harm, &mut effects);
        }
        commands.entity(entity).despawn();
    }
}
