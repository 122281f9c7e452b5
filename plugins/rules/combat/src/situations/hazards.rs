//! Hazards keep to their ground and to what combat allows.

use hypogeum_shard::Tick;

use super::*;

/// A square of so many centimetres to each side of the middle of the tests' map.
fn ground(half_cm: i32) -> HazardGround {
    let at = |cm: i32| 50 * METRE + cm * METRE / 100;
    let corner = |cm: i32| Position { x: at(cm), y: at(cm) };
    HazardGround { low: corner(-half_cm), high: corner(half_cm) }
}

impl TestShard {
    /// Shows a hazard in the middle of the map; returns the tick of its first pulse.
    fn show(&mut self, key: &str, ground: HazardGround) -> u32 {
        let hazard = self.shard.world().resource::<Rules>().content.hazards.id(key).expect("it is one of the tests'");
        let middle = Position { x: 50 * METRE, y: 50 * METRE };
        let shown = show_hazard(self.shard.world_mut(), hazard, middle, ground).expect("the content has it");
        self.of::<Hazard>(shown).hurts_tick
    }

    fn until(&mut self, tick: u32) {
        while self.shard.world().resource::<Tick>().0 < tick {
            self.step();
        }
    }
}

#[test]
fn a_hazard_hurts_nobody_beyond_its_ground() {
    let mut fight = TestShard::new();
    let (inside, beyond) = (fight.add(100, 0, "sword", 0), fight.add(250, 0, "sword", 0));
    let sheltered = fight.add(-100, 0, "sword", 0);
    let entity = fight.shard.world().resource::<NetIdIndex>().entity(sheltered).expect("it is there");
    fight.shard.world_mut().entity_mut(entity).insert(Sheltered);
    let hurts_tick = fight.show("gas", ground(200));
    fight.until(hurts_tick);
    assert_eq!(fight.hp(inside), 110, "who is on its ground is hurt");
    assert_eq!(fight.hp(beyond), 120, "who stands beyond it is not, however near");
    assert_eq!(fight.hp(sheltered), 120, "nor who is sheltered");
}

#[test]
fn mines_lie_on_the_ground_of_their_field() {
    let mut fight = TestShard::new();
    let hurts_tick = fight.show("mines", ground(200));
    fight.until(hurts_tick);
    let world = fight.shard.world_mut();
    let lie: Vec<Position> = world.query_filtered::<&Position, With<Mine>>().iter(world).copied().collect();
    assert_eq!(lie.len(), 40, "all of them lie there");
    assert!(lie.iter().all(|at| ground(200).holds(*at)), "and none beyond a wall: {lie:?}");
}

#[test]
fn while_combat_is_disabled_hazards_wait() {
    let mut fight = TestShard::new();
    let one = fight.add(0, 0, "sword", 0);
    fight.shard.world_mut().resource_mut::<CombatDisabled>().0 = true;
    fight.show("mines", ground(100));
    let hurts_tick = fight.show("gas", ground(100));
    fight.until(hurts_tick + HZ);
    assert_eq!((fight.hp(one), fight.count::<Mine>()), (120, 40), "nobody is hurt, and no mine goes off");
    fight.shard.world_mut().resource_mut::<CombatDisabled>().0 = false;
    fight.step();
    assert!(fight.hp(one) < 120 && fight.count::<Mine>() < 40, "then they do what they are there for");
}

/// A shard in which only inhabitants stand: no hazard hurts them but under [`HazardsHurtAll`].
fn among_inhabitants(hurts_all: bool) -> TestShard {
    let mut fight = TestShard::hurting::<Sheltered>();
    fight.shard.world_mut().insert_resource(HazardsHurtAll(hurts_all));
    fight
}

#[test]
fn those_who_live_there_take_no_harm_unless_all_do() {
    for (hurts_all, hp) in [(false, 120), (true, 110)] {
        let mut fight = among_inhabitants(hurts_all);
        let (inside, beyond) = (fight.add(100, 0, "sword", 0), fight.add(250, 0, "sword", 0));
        let hurts_tick = fight.show("gas", ground(200));
        fight.until(hurts_tick);
        assert_eq!(fight.hp(inside), hp, "hazards hurt all: {hurts_all}");
        assert_eq!(fight.hp(beyond), 120, "beyond its ground it hurts nobody");
    }
}

#[test]
fn mines_go_off_under_those_who_live_there_only_where_hazards_hurt_all() {
    for hurts_all in [false, true] {
        let mut fight = among_inhabitants(hurts_all);
        let one = fight.add(0, 0, "sword", 0);
        let hurts_tick = fight.show("mines", ground(100));
        fight.until(hurts_tick + 1);
        assert_eq!(fight.count::<Mine>() < 40, hurts_all, "a mine has gone off");
        assert_eq!(fight.hp(one) < 120, hurts_all, "and hurt");
    }
}

#[test]
fn what_is_over_is_told() {
    let mut fight = TestShard::new();
    fight.show("gas", ground(100));
    fight.show("mines", ground(100));
    let ends_tick = hazards(fight.shard.world()).iter().map(|(_, hazard, _)| hazard.ends_tick).min().expect("two");
    fight.until(ends_tick - 1);
    let names: Vec<NetId> = hazards(fight.shard.world()).iter().map(|(name, ..)| *name).collect();
    assert_eq!((&*fight.told().ended, names.len()), (&[][..], 2), "both are there");
    fight.step();
    assert_eq!(fight.told().ended, names, "in the order of names");
    assert_eq!((hazards(fight.shard.world()), fight.count::<Mine>()), (Vec::new(), 0), "and nothing of them is left");
}
