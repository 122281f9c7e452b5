//! Dangers of the place: shown when their time comes, hurting participants pulse by pulse, gone in the end. Those who
//! live there know them and take no harm.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{Commands, Entity, Local, Query, Res, ResMut, With, Without};
use hypogeum_combat::{Dead, EffectRequest, HarmRequest};
use hypogeum_content::def::{HazardDef, HazardShape};
use hypogeum_protocol::{MatchPhase, NetId};
use hypogeum_shard::{Named, NetIds, Purpose, Rules, Tick};
use hypogeum_space::{Position, cm, turn};

use crate::state::{Ground, Hazard, HazardPlan, MatchClock, Mine, PlannedHazard, Seated};

const MINES: Purpose = Purpose::named("mines");
const SHELLS: Purpose = Purpose::named("shells");

/// How far a hazard reaches at a tick, in subunits; a storm's is the circle it leaves.
fn radius(shape: &HazardShape, centre: Position, side: i32, hurts_tick: u32, tick: u32, rules: &Rules) -> i32 {
    match *shape {
        HazardShape::Storm { final_radius_cm, closes_over_ms } => {
            // At first the circle just holds the whole map.
            let far = |at: i32| at.max(side - at);
            let corner = turn::distance(Position::default(), Position { x: far(centre.x), y: far(centre.y) });
            let (whole, last) = (i64::from(corner) + 1, i64::from(cm(final_radius_cm)));
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
    mut hazards: Query<(Entity, &mut Hazard, &Position)>,
    mines: Query<(Entity, &Mine)>,
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
            let radius = radius(&def.shape, planned.at, ground.side, hurts_tick, tick.0, &rules);
            if let HazardShape::Mines { count, .. } = def.shape {
                let mut dice = rules.dice(*tick, name.0, MINES);
                for _ in 0..count {
                    let (x, y) = turn::step(dice.bits() as u16, dice.between(0, radius));
                    let at = Position { x: planned.at.x + x, y: planned.at.y + y };
                    let mine = Mine { def: planned.def, armed_tick: hurts_tick, ends_tick };
                    commands.spawn((ids.mint(), mine, at));
                }
            }
            let hazard = Hazard { def: planned.def, radius, hurts_tick, ends_tick, next_pulse_tick: hurts_tick };
            commands.spawn((name, hazard, planned.at));
        }
    }
    for (entity, _) in mines.iter().filter(|(_, mine)| tick.0 >= mine.ends_tick) {
        commands.entity(entity).despawn();
    }
    for (entity, mut hazard, centre) in &mut hazards {
        if tick.0 >= hazard.ends_tick {
            commands.entity(entity).despawn();
        } else if let Some(def) = rules.content.hazards.find(hazard.def) {
            let now = radius(&def.shape, *centre, ground.side, hazard.hurts_tick, tick.0, &rules);
            if now != hazard.radius {
                hazard.radius = now;
            }
        }
    }
}

/// Whether a place is within a distance of another.
fn within(centre: Position, reach: i32, place: Position) -> bool {
    turn::distance_squared(centre, place) <= i64::from(reach.max(0)).unsigned_abs().pow(2)
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
            if within(at, reach, *place) != outside {
                hurt(def, participant.0, &mut harm, &mut effects);
            }
        }
    }
}

/// Mines of a field go off under whoever comes near, once each, and hurt everyone around.
pub(crate) fn spring(
    tick: Res<Tick>,
    rules: Res<Rules>,
    clock: Res<MatchClock>,
    mines: Query<(Entity, &Mine, &Position)>,
    participants: Query<(&Named, &Position), (With<Seated>, Without<Dead>)>,
    mut harm: MessageWriter<HarmRequest>,
    mut effects: MessageWriter<EffectRequest>,
    mut commands: Commands,
    mut walkers: Local<Vec<(NetId, Position)>>,
) {
    if clock.phase != MatchPhase::Live {
        return;
    }
    walkers.clear();
    walkers.extend(participants.iter().map(|(named, place)| (named.0, *place)));
    for (entity, mine, centre) in &mines {
        let Some(def) = rules.content.hazards.find(mine.def) else { continue };
        let HazardShape::Mines { trigger_cm, blast_cm, .. } = def.shape else { continue };
        let near = |reach_cm| walkers.iter().filter(move |walker| within(*centre, cm(reach_cm), walker.1));
        if tick.0 < mine.armed_tick || near(trigger_cm).next().is_none() {
            continue;
        }
        for (participant, _) in near(blast_cm) {
            hurt(def, *participant, &mut harm, &mut effects);
        }
        commands.entity(entity).despawn();
    }
}
