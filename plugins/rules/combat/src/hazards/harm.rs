//! Whom a hazard reaches, and what it does to them.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{Commands, Component, Entity, Query, Res, With, Without};
use hypogeum_content::Id;
use hypogeum_content::def::{HazardDef, HazardShape};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdOf, Purpose, Rules, Tick};
use hypogeum_space::{Grid, Position, cm, turn};

use super::{Hazard, HazardsHurtAll, Mine};
use crate::messages::HazardHarm;
use crate::{CombatDisabled, Dead, EffectRequest, Health};

const SHELLS: Purpose = Purpose::named("shells");

/// Whether a place is within a distance of another.
fn within(centre: Position, reach: i32, place: Position) -> bool {
    turn::distance_squared(centre, place) <= i64::from(reach.max(0)).unsigned_abs().pow(2)
}

/// A pulse on somebody.
fn hurt(
    (hazard, def): (Id<HazardDef>, &HazardDef),
    target: NetId,
    harm: &mut MessageWriter<HazardHarm>,
    effects: &mut MessageWriter<EffectRequest>,
) {
    if def.damage > 0 {
        harm.write(HazardHarm { hazard, target, amount: def.damage });
    }
    if let Some(effect) = &def.effect {
        effects.write(EffectRequest { source: NetId::NONE, target, effect: effect.id() });
    }
}

/// Those with hit points who know the place, and take harm only under [`HazardsHurtAll`].
type Others<'w, 's, D, E> = Query<'w, 's, D, (With<Health>, Without<E>, Without<Dead>)>;

/// Hazards that are due hurt everyone they reach.
pub(super) fn pulse<E: Component>(
    (tick, rules, combat_disabled, all): (Res<Tick>, Res<Rules>, Res<CombatDisabled>, Res<HazardsHurtAll>),
    mut hazards: Query<(&NetIdOf, &mut Hazard, &Position)>,
    endangered: Query<(&NetIdOf, &Position), (With<E>, Without<Dead>)>,
    others: Others<(&'static NetIdOf, &'static Position), E>,
    mut harm: MessageWriter<HazardHarm>,
    mut effects: MessageWriter<EffectRequest>,
) {
    if combat_disabled.0 {
        return;
    }
    for (named, mut hazard, centre) in &mut hazards {
        let Some(def) = rules.content.hazards.find(hazard.def) else { continue };
        if tick.0 < hazard.next_pulse_tick {
            continue;
        }
        hazard.next_pulse_tick = tick.0.saturating_add(rules.ticks(def.interval_ms).max(1));
        assert!(hazard.next_pulse_tick > tick.0, "a hazard hurts once in a tick");
        let (at, reach, outside) = match def.shape {
            HazardShape::Storm { .. } => (*centre, hazard.radius, true),
            HazardShape::Cloud { .. } => (*centre, hazard.radius, false),
            HazardShape::Bombardment { blast_cm, .. } => {
                let mut dice = rules.dice(*tick, named.0, SHELLS);
                let (x, y) = turn::step(dice.bits() as u16, dice.between(0, hazard.radius));
                let falls = hazard.ground.nearest(Position { x: centre.x + x, y: centre.y + y });
                (falls, cm(blast_cm), false)
            }
            HazardShape::Mines { .. } => continue,
        };
        let others = others.iter().take(if all.0 { usize::MAX } else { 0 });
        for (who, place) in endangered.iter().chain(others) {
            if hazard.ground.holds(*place) && within(at, reach, *place) != outside {
                hurt((hazard.def, def), who.0, &mut harm, &mut effects);
            }
        }
    }
}

/// Mines of a field go off under anyone who comes near, once each, and hurt everyone around.
pub(super) fn spring<E: Component>(
    (tick, rules, combat_disabled, all): (Res<Tick>, Res<Rules>, Res<CombatDisabled>, Res<HazardsHurtAll>),
    grid: Res<Grid>,
    mines: Query<(Entity, &Mine, &Position)>,
    endangered: Query<(), (With<E>, Without<Dead>)>,
    others: Others<(), E>,
    mut harm: MessageWriter<HazardHarm>,
    mut effects: MessageWriter<EffectRequest>,
    mut commands: Commands,
) {
    if combat_disabled.0 {
        return;
    }
    for (entity, mine, centre) in &mines {
        let Some(def) = rules.content.hazards.find(mine.def) else { continue };
        let HazardShape::Mines { trigger_cm, blast_cm, .. } = def.shape else { continue };
        if tick.0 < mine.armed_tick {
            continue;
        }
        let near = |reach_cm, visit: &mut dyn FnMut(NetId)| {
            grid.near(*centre, cm(reach_cm), |one| {
                let is_reached = within(*centre, cm(reach_cm), one.at) && mine.ground.holds(one.at);
                let is_endangered = |entity| endangered.contains(entity) || all.0 && others.contains(entity);
                if is_reached && is_endangered(one.entity) {
                    visit(one.id);
                }
            });
        };
        let mut sprung = false;
        near(trigger_cm, &mut |_| sprung = true);
        if sprung {
            near(blast_cm, &mut |who| hurt((mine.def, def), who, &mut harm, &mut effects));
            commands.entity(entity).despawn();
        }
    }
}
