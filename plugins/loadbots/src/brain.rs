//! What a bot wants and how it goes about it: view in, steering and acts out.

use hypogeum_client::{Steering, View};
use hypogeum_protocol::{Act, ErrorCode, GameEvent, NetId, RecordKind};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::behaviour::{Activity, Behaviour};
use crate::geometry::{Point, from_cm, metres};
use crate::kit::Kit;
use crate::route::Route;
use crate::senses::{Memory, Senses, Surroundings, place};
use crate::terrain::{Search, Terrain};

/// Ticks between two acts: a player's hands are no faster.
const ACT_EVERY_TICKS: u32 = 8;
/// From how near a bot tries to take something. The server knows the true reach and says so.
const TAKE_WITHIN: f64 = metres(1.2);
/// Attempts at one thing before it is given up.
const ATTEMPTS_MAX: u32 = 4;
/// Ticks on the way to one thing before it is given up.
const CHASE_TICKS_MAX: u32 = 150;
/// Both bodies' halves: reach is from edge to edge.
const BODIES: f64 = metres(0.7);
/// Enemies looked at for one in sight.
const TARGETS_MAX: usize = 8;
/// A weapon of at least this reach keeps its distance.
const RANGED_CM: u32 = 600;

/// One avatar's mind. Lives for one match.
#[derive(Debug)]
pub(crate) struct Brain {
    rng: StdRng,
    memory: Memory,
    route: Route,
    activity: Activity,
    thought_tick: Option<u32>,
    visited: Vec<usize>,
    poi: Option<usize>,
    taking: Option<Taking>,
    last_act: Option<(u32, u32, Act)>,
    unwearable: Vec<NetId>,
    is_full: bool,
    inventory_version: u32,
    /// What is carried and worn comes to, until that changes.
    kit: Option<Kit>,
    /// The tick of the last decision, and where it led.
    last: Option<(u32, Steering)>,
}

/// What bots think with, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Mind {
    around: Surroundings,
    search: Search,
}

#[derive(Debug)]
struct Taking {
    id: NetId,
    since_tick: u32,
    attempts: u32,
}

/// What a bot does in one tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) steering: Steering,
    pub(crate) act: Option<Act>,
}

impl Brain {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            memory: Memory::default(),
            route: Route::default(),
            activity: Activity::Idle,
            thought_tick: None,
            visited: Vec::new(),
            poi: None,
            taking: None,
            last_act: None,
            unwearable: Vec::new(),
            is_full: false,
            inventory_version: 0,
            kit: None,
            last: None,
        }
    }

    /// What it does now, for reports and tests.
    pub(crate) const fn activity(&self) -> Activity {
        self.activity
    }

    /// Remembers under which sequence the last act went out, so that its refusal is understood.
    pub(crate) fn acted(&mut self, seq: u32) {
        if let Some((known, _, _)) = &mut self.last_act {
            *known = seq;
        }
    }

    /// Takes note of what happened.
    pub(crate) fn notice(&mut self, events: &[GameEvent], view: &View) {
        let avatar = view.current.as_ref().map_or(NetId::NONE, |current| current.avatar);
        let tick = view.snapshot.as_ref().map_or(0, |snapshot| snapshot.tick);
        for event in events {
            self.memory.notice(event, avatar, tick);
            if let GameEvent::Refused { seq, code } = event {
                self.refused(*seq, *code);
            }
        }
    }

    fn refused(&mut self, seq: u32, code: ErrorCode) {
        let Some((_, _, act)) = self.last_act.filter(|(known, _, _)| *known == seq) else { return };
        match (act, code) {
            (_, ErrorCode::TooSoon | ErrorCode::OutOfReach) => {}
            (Act::PickUp { .. } | Act::Loot { .. }, ErrorCode::Full) => self.is_full = true,
            (Act::PickUp { item: thing } | Act::Loot { container: thing }, _) => self.give_up(thing),
            (Act::Equip { item } | Act::Use { item }, _) => {
                self.unwearable.push(item);
                self.kit = None;
            }
            (Act::Unequip { .. } | Act::Drop { .. }, _) => {}
        }
    }

    fn give_up(&mut self, thing: NetId) {
        self.memory.given_up.insert(thing);
        self.taking = None;
    }

    /// Decides for one tick; `None` where there is no avatar to steer. Where nothing new was seen, or it looked less than
    /// so many ticks ago, it goes on as before.
    pub(crate) fn decide(
        &mut self,
        view: &View,
        terrain: &Terrain,
        behaviour: &Behaviour,
        mind: &mut Mind,
        look_every_ticks: u32,
    ) -> Option<Decision> {
        let snapshot = view.snapshot.as_ref()?;
        let tick = snapshot.tick;
        if let Some((last, steering)) = self.last
            && snapshot.own.is_some()
            && tick.checked_sub(last).is_some_and(|since| since < look_every_ticks)
        {
            return Some(Decision { steering: Steering { ability: 0, ..steering }, act: None });
        }
        if self.inventory_version != view.inventory_version {
            self.inventory_version = view.inventory_version;
            self.is_full = false;
            self.kit = None;
        }
        let kit = *self.kit.get_or_insert_with(|| Kit::of(&view.inventory, &self.unwearable, behaviour));
        let leaving = self.activity == Activity::Extract;
        let Mind { around, search } = mind;
        let mut senses = Senses::new(view, (behaviour, leaving), &mut self.memory, around)?;
        if self.is_full {
            senses.around.loot.clear();
        }
        self.think(&mut senses, terrain, behaviour);
        let mut decision = Decision::default();
        let goal = match self.activity {
            Activity::Idle => None,
            Activity::Explore => self.explore(&senses),
            Activity::Loot => self.loot(&senses, &mut decision),
            Activity::Fight => fight(&senses, &kit, terrain),
            Activity::Flee => Some(self.flee(&senses, terrain)),
            Activity::EscapeHazard => escape(&senses),
            Activity::Extract => senses.exits.best.and_then(|exit| {
                let inside = senses.here.distance(exit.place.middle) < exit.place.radius * 0.6;
                (!inside).then_some(exit.place.middle)
            }),
        };
        decision.steering.aim = senses.own.heading;
        if let Some(goal) = goal {
            // Whoever flees a danger must not be kept in by the wish to avoid it.
            let inside = senses.is_dangerous(senses.here);
            let dangers = if inside { &[][..] } else { &senses.around.dangers[..] };
            let at = (senses.here, senses.tick);
            if let Some(angle) = self.route.walk(at, goal, terrain, dangers, (&mut self.rng, search)) {
                decision.steering.walk = angle;
                decision.steering.aim = angle;
                decision.steering.pace = 100;
            }
        }
        if behaviour.attacks {
            self.attack(&senses, &kit, terrain, behaviour, &mut decision.steering);
        }
        let due = self.last_act.is_none_or(|(_, tick, _)| senses.tick >= tick.saturating_add(ACT_EVERY_TICKS));
        decision.act = if due { self.tend(&senses, &kit, behaviour).or(decision.act) } else { None };
        if let Some(act) = decision.act {
            self.last_act = Some((0, senses.tick, act));
            if matches!(act, Act::PickUp { .. } | Act::Loot { .. })
                && let Some(taking) = &mut self.taking
            {
                taking.attempts += 1;
            }
        }
        self.last = Some((tick, decision.steering));
        Some(decision)
    }

    /// Now and then: what it wants most.
    fn think(&mut self, senses: &mut Senses<'_>, terrain: &Terrain, behaviour: &Behaviour) {
        let due = self.thought_tick.is_none_or(|thought| {
            senses.tick.saturating_sub(thought) >= behaviour.think_every_ticks.value() || senses.tick < thought
        });
        if !due {
            return;
        }
        self.thought_tick = Some(senses.tick);
        senses.plan_exit(terrain);
        self.memory.exits = senses.exits;
        let wanted = choose(behaviour, senses);
        if wanted != self.activity {
            self.activity = wanted;
            self.route.stop();
            self.taking = None;
        }
    }

    /// The next point of interest, nearest first with a little chance; all over again once all are visited.
    fn explore(&mut self, senses: &Senses<'_>) -> Option<Point> {
        let pois = &senses.current.pois;
        let middle = |index: usize| pois.get(index).map(|poi| Point { x: poi.x, y: poi.y });
        if let Some(index) = self.poi
            && let Some(place) = middle(index)
        {
            let radius = pois.get(index).map_or(0.0, |poi| f64::from(poi.radius));
            let arrived = senses.here.distance(place) < (radius * 0.4).max(metres(1.5));
            if !arrived && !senses.is_dangerous(place) {
                return Some(place);
            }
            self.visited.push(index);
            self.poi = None;
        }
        if self.visited.len() >= pois.len() {
            self.visited.clear();
        }
        let mut nearest: Option<(f64, usize)> = None;
        for index in (0..pois.len()).filter(|index| !self.visited.contains(index)) {
            let Some(place) = middle(index).filter(|place| !senses.is_dangerous(*place)) else { continue };
            let distance = senses.here.distance(place) * self.rng.random_range(0.7..1.3);
            if nearest.is_none_or(|(known, _)| distance < known) {
                nearest = Some((distance, index));
            }
        }
        self.poi = nearest.map(|(_, index)| index);
        // With nowhere to go, the middle of the map is where others are, too.
        let centre = Point { x: senses.current.side / 2, y: senses.current.side / 2 };
        self.poi.and_then(middle).or(Some(centre))
    }

    fn loot(&mut self, senses: &Senses<'_>, decision: &mut Decision) -> Option<Point> {
        let known = self.taking.as_ref().map(|taking| taking.id);
        let target = senses.around.loot.iter().find(|near| Some(near.record.id) == known);
        let target = target.or_else(|| senses.around.loot.first()).map(|near| near.record)?;
        if known != Some(target.id) {
            self.taking = Some(Taking { id: target.id, since_tick: senses.tick, attempts: 0 });
        }
        let taking = self.taking.as_ref()?;
        if taking.attempts > ATTEMPTS_MAX || senses.tick.saturating_sub(taking.since_tick) > CHASE_TICKS_MAX {
            self.give_up(target.id);
            return None;
        }
        if senses.here.distance(place(&target)) <= TAKE_WITHIN {
            decision.act = Some(match target.kind {
                RecordKind::Container => Act::Loot { container: target.id },
                _ => Act::PickUp { item: target.id },
            });
        }
        Some(place(&target))
    }

    /// Away from those who are near, weighed by nearness; sideways along walls where that way is blocked.
    fn flee(&mut self, senses: &Senses<'_>, terrain: &Terrain) -> Point {
        let (mut x, mut y) = (0.0, 0.0);
        for enemy in senses.around.enemies.iter().take(4).map(|near| &near.record) {
            let distance = senses.here.distance(place(enemy)).max(1.0);
            x += f64::from(senses.here.x - enemy.x) / (distance * distance);
            y += f64::from(senses.here.y - enemy.y) / (distance * distance);
        }
        let away = (y.atan2(x) / std::f64::consts::TAU).rem_euclid(1.0) * 65_536.0;
        let away = away as u32 as u16;
        let ways = [0_u16, 8_192, 57_344, 16_384, 49_152];
        let open = ways.iter().map(|turn| senses.here.ahead(away.wrapping_add(*turn), metres(8.0)));
        let found = open.into_iter().find(|to| terrain.walks(senses.here, *to, &senses.around.dangers));
        found.unwrap_or_else(|| senses.here.ahead(self.rng.random(), metres(8.0)))
    }

    /// Aims at whoever is in reach and in sight, and uses what is ready.
    fn attack(
        &mut self,
        senses: &Senses<'_>,
        kit: &Kit,
        terrain: &Terrain,
        behaviour: &Behaviour,
        steering: &mut Steering,
    ) {
        let weapon = from_cm(kit.reach_cm) + BODIES;
        let farthest =
            behaviour.abilities.iter().map(|ability| from_cm(ability.within_cm.value())).fold(weapon, f64::max);
        // They stand nearest first.
        let mut in_reach = senses.around.enemies.iter().map(|near| place(&near.record)).take(TARGETS_MAX);
        let in_reach = in_reach
            .find(|enemy| senses.here.square(*enemy) <= farthest * farthest && terrain.sees(senses.here, *enemy));
        let Some(enemy) = in_reach else { return };
        let error = behaviour.aim_error.value().cast_signed();
        let error = if error > 0 { self.rng.random_range(-error..=error) } else { 0 };
        steering.aim = senses.here.angle(enemy).wrapping_add(error as u16);
        let distance = senses.here.distance(enemy);
        let is_ready = |slot: u32| senses.own.cooling.checked_shr(slot - 1).is_some_and(|bits| bits & 1 == 0);
        let special = behaviour.abilities.iter().find(|ability| {
            is_ready(ability.slot.value())
                && distance <= from_cm(ability.within_cm.value())
                && senses.own.mp >= ability.mana.value()
        });
        // An ability the server refuses must not keep the weapon from being used.
        let special = special.filter(|_| self.rng.random_ratio(2, 3));
        steering.ability = match special {
            Some(ability) => ability.slot.value() as u8,
            None if distance <= weapon && is_ready(1) => 1,
            None => 0,
        };
    }

    /// Heals, wears what is better, and drinks before a fight.
    fn tend(&self, senses: &Senses<'_>, kit: &Kit, behaviour: &Behaviour) -> Option<Act> {
        let hp_percent = u64::from(senses.own.hp) * 100 / u64::from(senses.own.hp_max.max(1));
        let is_hurt = hp_percent < u64::from(behaviour.heal_below_hp.value());
        let heal = kit.heal.filter(|_| is_hurt && !self.just_used(senses.tick, senses.tick_hz));
        let boosts = self.activity == Activity::Fight && kit.wear.is_none();
        let boost = kit.boost.filter(|_| boosts && !self.just_used(senses.tick, senses.tick_hz));
        let wear = kit.wear.map(|item| Act::Equip { item });
        heal.map(|item| Act::Use { item }).or(wear).or(boost.map(|item| Act::Use { item }))
    }

    /// Whether the last act was to use something, within three seconds: it takes a while to help.
    fn just_used(&self, tick: u32, tick_hz: u32) -> bool {
        self.last_act.is_some_and(|(_, used, act)| {
            matches!(act, Act::Use { .. }) && tick.saturating_sub(used) < tick_hz.saturating_mul(3)
        })
    }
}

/// The drive with the highest score, the first winning a tie.
fn choose(behaviour: &Behaviour, senses: &Senses<'_>) -> Activity {
    let mut best: Option<(i64, Activity)> = None;
    for drive in behaviour.drives.iter().filter(|drive| drive.when.iter().all(|condition| senses.holds(*condition))) {
        let added = drive.add.iter().filter(|(condition, _)| senses.holds(*condition));
        let score = i64::from(drive.score) + added.map(|(_, score)| i64::from(*score)).sum::<i64>();
        if best.is_none_or(|(known, _)| score > known) {
            best = Some((score, drive.activity));
        }
    }
    best.map_or(Activity::Idle, |(_, activity)| activity)
}

/// Up to the nearest enemy, or around it with a weapon that reaches far.
fn fight(senses: &Senses<'_>, kit: &Kit, terrain: &Terrain) -> Option<Point> {
    let enemy = place(&senses.around.enemies.first()?.record);
    let distance = senses.here.distance(enemy);
    let near = distance <= from_cm(kit.reach_cm) * 0.75 + BODIES;
    if !near || !terrain.sees(senses.here, enemy) {
        return Some(enemy);
    }
    if kit.reach_cm < RANGED_CM {
        return None;
    }
    // In reach with a bow: keep moving sideways, changing sides, and away from whoever comes close.
    let side: u16 = if (senses.tick / 25).is_multiple_of(2) { 16_384 } else { 49_152 };
    let close = distance < from_cm(RANGED_CM);
    let turn = if close { 32_768 } else { side };
    Some(senses.here.ahead(senses.here.angle(enemy).wrapping_add(turn), metres(4.0)))
}

/// Out of the nearest danger by its edge, or back into the storm's circle.
fn escape(senses: &Senses<'_>) -> Option<Point> {
    if let Some(shelter) = senses.shelter_from(senses.here) {
        return Some(shelter.middle);
    }
    let danger = senses.around.dangers.iter().find(|danger| danger.holds(senses.here))?;
    let away = danger.middle.angle(senses.here);
    Some(danger.middle.ahead(away, danger.radius + metres(1.5)))
}
