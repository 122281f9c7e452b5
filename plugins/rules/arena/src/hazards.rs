//! When the hazards of a match are shown: by the plan that it began with.

use bevy_ecs::prelude::World;
use hypogeum_combat::{HazardGround, show_hazard};
use hypogeum_shard::Tick;

use crate::state::{Ground, HazardPlan, PlannedHazard};

/// Shows the hazards whose time has come.
pub(crate) fn show_planned(world: &mut World) {
    let tick = world.resource::<Tick>().0;
    let plan = &world.resource::<HazardPlan>().0;
    debug_assert!(plan.is_sorted_by_key(|planned| planned.shows_tick), "hazards come in the order of their ticks");
    let due = plan.iter().take_while(|planned| planned.shows_tick <= tick).count();
    if due == 0 {
        return;
    }
    let ground = HazardGround::whole(world.resource::<Ground>().side);
    let shown: Vec<PlannedHazard> = world.resource_mut::<HazardPlan>().0.drain(..due).collect();
    for planned in shown {
        show_hazard(world, planned.def, planned.at, ground);
    }
}

#[cfg(test)]
mod tests {
    use bevy_ecs::prelude::With;
    use hypogeum_combat::{Effect, Hazard, Health, Mine};
    use hypogeum_content::def::{HazardDef, HazardShape};
    use hypogeum_npc::spawn_npc;
    use hypogeum_shard::NetIdIndex;
    use hypogeum_space::{Position, cm, turn};

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
    fn npcs_are_hurt_only_where_the_mode_says_so() {
        for mode in ["blitz", "throng"] {
            let mut test = quiet(mode, 2);
            test.go_live();
            let (at, wolf) = (test.middle(), shipped().npcs.id("wolf").expect("the wolf ships"));
            let name = spawn_npc(test.shard.world_mut(), wolf, at, 0).expect("the wolf comes");
            let (_, warning, ..) = of("gas_cloud");
            test.plan("gas_cloud", at);
            test.steps(warning + 1);
            let world = test.shard.world();
            let entity = world.resource::<NetIdIndex>().entity(name).expect("the wolf is there");
            let health = world.get::<Health>(entity).expect("a wolf has hit points");
            assert_eq!(health.hp < health.hp_max, mode == "throng", "{mode}: {health:?}");
        }
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
