//! How a hazard goes: it is shown, a storm closes, it ends.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{Commands, Entity, Query, Res, World};
use hypogeum_content::Id;
use hypogeum_content::def::{HazardDef, HazardShape};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdOf, NetIds, Purpose, Rules, Tick};
use hypogeum_space::{Position, cm, turn};

use super::{Hazard, HazardEnded, HazardGround, Mine};

const MINES: Purpose = Purpose::named("mines");

/// How far a hazard reaches at a tick, in subunits, and no farther than its ground does; a storm's is the circle it leaves.
fn radius(
    shape: &HazardShape,
    centre: Position,
    ground: &HazardGround,
    hurts_tick: u32,
    tick: u32,
    rules: &Rules,
) -> i32 {
    match *shape {
        HazardShape::Storm { final_radius_cm, closes_over_ms } => {
            // At first the circle just holds all of the ground.
            let (whole, last) = (i64::from(ground.farthest(centre)) + 1, i64::from(cm(final_radius_cm)));
            let closes = i64::from(rules.ticks(closes_over_ms).max(1));
            let closing = i64::from(tick.saturating_sub(hurts_tick)).min(closes);
            (whole - (whole - last).max(0) * closing / closes) as i32
        }
        HazardShape::Cloud { radius_cm }
        | HazardShape::Mines { radius_cm, .. }
        | HazardShape::Bombardment { radius_cm, .. } => cm(radius_cm).min(ground.farthest(centre)),
    }
}

/// Shows a hazard about a place: it hurts once its warning is over, and on its ground only. Mines that would lie beyond the
/// ground lie at its edge. Returns its name; `None` where the content does not have it.
pub fn show_hazard(world: &mut World, hazard: Id<HazardDef>, at: Position, ground: HazardGround) -> Option<NetId> {
    let (rules, tick) = (world.resource::<Rules>().clone(), *world.resource::<Tick>());
    let def = rules.content.hazards.find(hazard)?;
    let hurts_tick = tick.0.saturating_add(rules.ticks(def.warning_ms));
    let ends_tick = match def.duration_ms {
        0 => u32::MAX,
        duration_ms => hurts_tick.saturating_add(rules.ticks(duration_ms)),
    };
    let name = world.resource_mut::<NetIds>().allocate();
    let radius = radius(&def.shape, at, &ground, hurts_tick, tick.0, &rules);
    if let HazardShape::Mines { count, .. } = def.shape {
        let mut dice = rules.dice(tick, name.0, MINES);
        for _ in 0..count {
            let (x, y) = turn::step(dice.bits() as u16, dice.between(0, radius));
            let place = ground.nearest(Position { x: at.x + x, y: at.y + y });
            let mine = Mine { def: hazard, ground, armed_tick: hurts_tick, ends_tick };
            let named = world.resource_mut::<NetIds>().allocate();
            world.spawn((named, mine, place));
        }
    }
    let id = name.0;
    world.spawn((name, Hazard { def: hazard, ground, radius, hurts_tick, ends_tick, next_pulse_tick: hurts_tick }, at));
    Some(id)
}

/// Lets storms close, and takes away what is over.
pub(super) fn advance(
    tick: Res<Tick>,
    rules: Res<Rules>,
    mut hazards: Query<(Entity, &NetIdOf, &mut Hazard, &Position)>,
    mines: Query<(Entity, &Mine)>,
    mut ended: MessageWriter<HazardEnded>,
    mut commands: Commands,
) {
    for (entity, _) in mines.iter().filter(|(_, mine)| tick.0 >= mine.ends_tick) {
        commands.entity(entity).despawn();
    }
    let mut over = Vec::new();
    for (entity, named, mut hazard, centre) in &mut hazards {
        if tick.0 >= hazard.ends_tick {
            over.push(HazardEnded { id: named.0, def: hazard.def, at: *centre });
            commands.entity(entity).despawn();
        } else if let Some(def) = rules.content.hazards.find(hazard.def) {
            let now = radius(&def.shape, *centre, &hazard.ground, hazard.hurts_tick, tick.0, &rules);
            if now != hazard.radius {
                hazard.radius = now;
            }
        }
    }
    over.sort_unstable_by_key(|ended| ended.id);
    ended.write_batch(over);
}
