//! How a bot goes about what it wants.

use hypogeum_client::Steering;
use hypogeum_protocol::{Act, RecordKind};
use rand::RngExt;

use super::{Brain, Decision, Taking};
use crate::behaviour::{Activity, Behaviour};
use crate::geometry::{Point, from_cm, metres};
use crate::kit::Kit;
use crate::senses::{Senses, place};
use crate::terrain::Terrain;

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

impl Brain {
    /// The next point of interest, nearest first with a little chance; all over again once all are visited.
    pub(super) fn explore(&mut self, senses: &Senses<'_>) -> Option<Point> {
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

    pub(super) fn loot(&mut self, senses: &Senses<'_>, decision: &mut Decision) -> Option<Point> {
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
    pub(super) fn flee(&mut self, senses: &Senses<'_>, terrain: &Terrain) -> Point {
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

    /// Aims at anyone who is in reach and in sight, and uses what is ready.
    pub(super) fn attack(
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
    pub(super) fn tend(&self, senses: &Senses<'_>, kit: &Kit, behaviour: &Behaviour) -> Option<Act> {
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

/// Up to the nearest enemy, or around it with a weapon that reaches far.
pub(super) fn fight(senses: &Senses<'_>, kit: &Kit, terrain: &Terrain) -> Option<Point> {
    let enemy = place(&senses.around.enemies.first()?.record);
    let distance = senses.here.distance(enemy);
    let near = distance <= from_cm(kit.reach_cm) * 0.75 + BODIES;
    if !near || !terrain.sees(senses.here, enemy) {
        return Some(enemy);
    }
    if kit.reach_cm < RANGED_CM {
        return None;
    }
    // In reach with a bow: keep moving sideways, changing sides, and away from anyone who comes close.
    let side: u16 = if (senses.tick / 25).is_multiple_of(2) { 16_384 } else { 49_152 };
    let close = distance < from_cm(RANGED_CM);
    let turn = if close { 32_768 } else { side };
    Some(senses.here.ahead(senses.here.angle(enemy).wrapping_add(turn), metres(4.0)))
}

/// Out of the nearest danger by its edge, or back into the storm's circle.
pub(super) fn escape(senses: &Senses<'_>) -> Option<Point> {
    if let Some(shelter) = senses.shelter_from(senses.here) {
        return Some(shelter.middle);
    }
    let danger = senses.around.dangers.iter().find(|danger| danger.holds(senses.here))?;
    let away = danger.middle.angle(senses.here);
    Some(danger.middle.ahead(away, danger.radius + metres(1.5)))
}
