//! Dangers of the place: shown when their time comes, hurting participants pulse by pulse, gone in the end. Those who
//! live there know them and take no harm.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{Commands, Entity, Query, Res, ResMut, With, Without};
use hypogeum_combat::{Dead, EffectRequest, HarmRequest};
use hypogeum_content::def::{HazardDef, HazardShape};
use hypogeum_protocol::{MatchPhase, NetId};
use hypogeum_shard::{NetIdOf, NetIds, Purpose, Rules, Tick};
use hypogeum_space::{Grid, Position, cm, turn};

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
pub(crate) fn schedule_hazards(
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
    debug_assert!(plan.0.is_sorted_by_key(|planned| planned.shows_tick), "hazards come in the order of their ticks");
    if due > 0 {
        let shown: Vec<PlannedHazard> = plan.0.drain(..due).collect();
        for planned in shown {
            let Some(def) = rules.content.hazards.find(planned.def) else { continue };
            let hurts_tick = tick.0.saturating_add(rules.ticks(def.warning_ms));
            let ends_tick = match def.duration_ms {
                0 => u32::MAX,
                duration_ms => hurts_tick.saturating_add(rules.ticks(duration_ms)),
            };
            let name = ids.allocate();
            let radius = radius(&def.shape, planned.at, ground.side, hurts_tick, tick.0, &rules);
            if let HazardShape::Mines { count, .. } = def.shape {
                let mut dice = rules.dice(*tick, name.0, MINES);
                for _ in 0..count {
                    let (x, y) = turn::step(dice.bits() as u16, dice.between(0, radius));
                    let at = Position { x: planned.at.x + x, y: planned.at.y + y };
                    let mine = Mine { def: planned.def, armed_tick: hurts_tick, ends_tick };
                    commands.spawn((ids.allocate(), mine, at));
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

/// Hazards that are due hurt everyone they reach.
pub(crate) fn pulse(
    tick: Res<Tick>,
    rules: Res<Rules>,
    clock: Res<MatchClock>,
    mut hazards: Query<(&NetIdOf, &mut Hazard, &Position)>,
    participants: Query<(&NetIdOf, &Position), (With<Seated>, Without<Dead>)>,
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
        assert!(hazard.next_pulse_tick > tick.0, "a hazard hurts once in a tick");
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

/// Mines of a field go off under anyone who comes near, once each, and hurt everyone around.
pub(crate) fn spring(
    tick: Res<Tick>,
    rules: Res<Rules>,
    clock: Res<MatchClock>,
    grid: Res<Grid>,
    mines: Query<(Entity, &Mine, &Position)>,
    participants: Query<(), (With<Seated>, Without<Dead>)>,
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
        if tick.0 < mine.armed_tick {
            continue;
        }
        let near = |reach_cm, visit: &mut dyn FnMut(NetId)| {
            grid.near(*centre, cm(reach_cm), |one| {
                if within(*centre, cm(reach_cm), one.at) && participants.contains(one.entity) {
                    visit(one.id);
                }
            });
        };
        let mut sprung = false;
        near(trigger_cm, &mut |_| sprung = true);
        if sprung {
            near(blast_cm, &mut |who| hurt(def, who, &mut harm, &mut effects));
            commands.entity(entity).despawn();
        }
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_combat::{Effect, Health};

    use super::*;
    use crate::test_shard::{TestShard, quiet, shipped};

    /// A live blitz of two, the first at a place, the second in a corner far away.
    fn live_with(first: impl Fn(&TestShard) -> Position) -> TestShard {
        let mut test = quiet("blitz", 2);
        test.go_live();
        let at = first(&test);
        test.set(0, at);
        test.set(1, Position { x: 512, y: 512 });
        test
    }

    fn whole(test: &TestShard, seat: usize) -> bool {
        let health: Health = test.of(seat);
        health.hp == health.hp_max
    }

    /// A shipped hazard's definition, and in ticks its warning, its duration and its interval.
    fn of(key: &str) -> (HazardDef, u32, u32, u32) {
        let content = shipped();
        let def = content.hazards[content.hazards.id(key).expect("the hazard ships")].clone();
        let ticks = |ms: u32| ms * 30 / 1_000;
        let times = (ticks(def.warning_ms), ticks(def.duration_ms), ticks(def.interval_ms));
        (def, times.0, times.1, times.2)
    }

    #[test]
    fn a_storm_holds_the_map_at_first_closes_and_hurts_outside_only() {
        let (def, warning, _, interval) = of("storm");
        let HazardShape::Storm { final_radius_cm, closes_over_ms } = def.shape else { panic!("a storm is a storm") };
        let (last, closes) = (cm(final_radius_cm), closes_over_ms * 30 / 1_000);
        let mut test = live_with(TestShard::middle);
        let middle = test.middle();
        test.plan("storm", Position { x: middle.x + 1_000, y: middle.y - 1_000 });
        test.step(&[]);
        let shown = test.shard.tick().0;
        let storm = |test: &mut TestShard| {
            let world = test.shard.world_mut();
            *world.query::<&Hazard>().single(world).expect("one storm")
        };
        let first = storm(&mut test);
        assert_eq!(first.hurts_tick, shown + warning, "it is shown ahead");
        test.until(first.hurts_tick + 1);
        assert!(whole(&test, 1), "even a corner is inside at first");
        assert_eq!(storm(&mut test).next_pulse_tick, first.hurts_tick + interval, "it pulses from then on");
        test.until(first.hurts_tick + closes * 3 / 4);
        let half = storm(&mut test);
        assert!(half.radius < first.radius, "it closes");
        assert!(!whole(&test, 1), "who stays in the corner is hurt");
        test.until(first.hurts_tick + closes - 1);
        assert!(storm(&mut test).radius > last, "the last step is still to come");
        test.steps(1);
        assert_eq!(storm(&mut test).radius, last, "in the end it has its last radius");
        test.steps(60);
        assert_eq!(storm(&mut test).radius, last, "and keeps it");
        assert!(whole(&test, 0), "who stands in the middle is never hurt");
    }

    #[test]
    fn a_cloud_warns_then_hurts_and_poisons_inside_only_then_is_gone() {
        let (_, warning, duration, _) = of("gas_cloud");
        let mut test = live_with(TestShard::middle);
        test.plan("gas_cloud", test.middle());
        test.step(&[]);
        assert_eq!(test.count::<Hazard>(), 1, "it is shown");
        test.steps(warning - 1);
        assert!(whole(&test, 0) && test.count::<Effect>() == 0, "a warning hurts nobody");
        test.steps(1);
        assert!(!whole(&test, 0) && test.count::<Effect>() == 1, "then it hurts and poisons");
        assert!(whole(&test, 1), "not those outside");
        test.set(0, Position { x: 1_024, y: 512 });
        test.steps(duration - 1);
        assert_eq!(test.count::<Hazard>(), 1, "it lasts its time");
        test.steps(1);
        assert_eq!(test.count::<Hazard>(), 0, "and is gone");
    }

    #[test]
    fn mines_wait_until_armed_and_go_off_once() {
        let (def, warning, ..) = of("minefield");
        let HazardShape::Mines { count, trigger_cm, .. } = def.shape else { panic!("a minefield has mines") };
        let mut test = live_with(TestShard::middle);
        test.plan("minefield", test.middle());
        test.step(&[]);
        let world = test.shard.world_mut();
        let lie: Vec<Position> = world.query_filtered::<&Position, With<Mine>>().iter(world).copied().collect();
        assert_eq!(lie.len(), count as usize, "as many as the field has");
        test.set(0, lie[0]);
        test.steps(warning - 1);
        assert!(whole(&test, 0), "a mine that is not armed does nothing");
        let sprung = lie.iter().filter(|at| turn::distance(**at, lie[0]) <= cm(trigger_cm)).count();
        test.steps(1);
        assert_eq!(test.count::<Mine>(), lie.len() - sprung, "those it stands on are gone");
        assert!(!whole(&test, 0), "it was hurt");
        let hp_max = test.of::<Health>(0).hp_max;
        test.set(0, Health { hp: hp_max, hp_max });
        test.steps(60);
        assert!(whole(&test, 0), "and never again");
    }

    #[test]
    fn mines_are_gone_with_their_field() {
        let mut test = live_with(TestShard::middle);
        test.plan("minefield", Position { x: 20_000, y: 20_000 });
        test.step(&[]);
        let (ends, count) = (test.shard.tick().0 + 3, test.count::<Mine>());
        let world = test.shard.world_mut();
        for mut mine in world.query::<&mut Mine>().iter_mut(world) {
            mine.ends_tick = ends;
        }
        test.steps(2);
        assert!(count > 0 && test.count::<Mine>() == count, "until then they lie there");
        test.steps(1);
        assert_eq!(test.count::<Mine>(), 0, "no mine outlives its field");
    }

    #[test]
    fn shells_fall_into_their_field_only() {
        let (_, warning, duration, _) = of("shelling");
        let mut test = live_with(TestShard::middle);
        test.plan("shelling", test.middle());
        test.steps(warning + duration + 1);
        assert!(whole(&test, 1), "the corner is out of reach");
        assert_eq!(test.count::<Hazard>(), 0, "it is over");
    }
}
