//! What a mind perceives: who is there, what lies about, what hurts.

use bevy_ecs::prelude::{Entity, Has, Or, Query, With, Without};
use hypogeum_combat::{Dead, Health, Side};
use hypogeum_items::{Container, Place};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules, Tick};
use hypogeum_space::turn::{angle_between, distance, distance_squared, toward};
use hypogeum_space::{Grid, METRE, Obstacles, Position};

use crate::sides::Sides;
use crate::{DangerMark, Landmarks, Npc, Perception, Threat};

/// Enemies looked for behind corners in one thought: rays cost, and nobody watches a whole crowd.
const LOOKS_MAX: usize = 6;
/// Beyond its senses, who has nobody in so much more still thinks rarely: as far as anyone walks meanwhile.
const MARGIN: i32 = 24 * METRE;
/// Pieces of loot looked at in one thought, the nearest first.
const LOOT_LOOKS_MAX: usize = 4;
/// Threat of an enemy just in sight; one that stands close counts [`THREAT_NEAR`] more.
const THREAT_SIGHT: u32 = 20;
const THREAT_NEAR: u32 = 80;

/// As whom [`Scene::participants`] are drawn, whatever their sides, and a side that none of them has.
pub(crate) const PARTICIPANTS: Side = Side(1);
const NO_PARTICIPANT: Side = Side(2);

/// Everyone alive who takes part and is no NPC.
pub(crate) type Participants<'world, 'state> =
    Query<'world, 'state, &'static Position, (With<Health>, Without<Npc>, Without<Dead>)>;
/// Everyone alive who can be fought.
pub(crate) type Fighters<'world, 'state> =
    Query<'world, 'state, (&'static Position, &'static Side, &'static Health), Without<Dead>>;

/// What lies on the ground, and what can be looted.
pub(crate) type Lying<'world, 'state> =
    Query<'world, 'state, (&'static Position, Has<Container>), Or<(With<Container>, With<Place>)>>;

/// All that minds look at while they decide; nothing of it changes meanwhile.
pub(crate) struct Scene<'a, 'world, 'state> {
    pub(crate) rules: &'a Rules,
    pub(crate) tick: Tick,
    pub(crate) directory: &'a NetIdIndex,
    pub(crate) grid: &'a Grid,
    pub(crate) obstacles: &'a Obstacles,
    pub(crate) landmarks: &'a Landmarks,
    pub(crate) sides: &'a Sides,
    /// Where participants stand, all of [`PARTICIPANTS`]; drawn only where a behaviour asks.
    pub(crate) participants: &'a Sides,
    pub(crate) taking_part: &'a Participants<'world, 'state>,
    pub(crate) fighters: &'a Fighters<'world, 'state>,
    pub(crate) lying: &'a Lying<'world, 'state>,
}

/// Who looks, from where and how far: the part of a mind that perceiving needs.
#[derive(Clone, Copy)]
pub(crate) struct Eye {
    pub(crate) id: NetId,
    pub(crate) at: Position,
    pub(crate) heading: u16,
    pub(crate) side: Side,
    pub(crate) perception: Perception,
}

/// Loot in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LootSeen {
    pub(crate) name: NetId,
    pub(crate) at: Position,
    pub(crate) container: bool,
}

/// The least few of all that is offered, in order: nobody sorts a whole crowd, nor makes a list of it.
struct Few<T, const MOST: usize>([Option<T>; MOST]);

impl<T, const MOST: usize> Default for Few<T, MOST> {
    fn default() -> Self {
        Self([const { None }; MOST])
    }
}

impl<T: Ord, const MOST: usize> Few<T, MOST> {
    fn offer(&mut self, mut one: T) {
        for place in &mut self.0 {
            match place {
                Some(kept) if *kept <= one => {}
                Some(kept) => core::mem::swap(kept, &mut one),
                None => {
                    *place = Some(one);
                    return;
                }
            }
        }
    }

    fn into_least(self) -> impl Iterator<Item = T> {
        self.0.into_iter().flatten()
    }
}

impl Scene<'_, '_, '_> {
    /// The entity of a living enemy and its place; `None` for friends, the dead and the gone.
    pub(crate) fn enemy(&self, eye: &Eye, who: NetId) -> Option<Position> {
        let entity = self.directory.entity(who)?;
        self.enemy_entity(eye, who, entity)
    }

    fn enemy_entity(&self, eye: &Eye, who: NetId, entity: Entity) -> Option<Position> {
        let (at, side, health) = self.fighters.get(entity).ok()?;
        let hostile = who != eye.id && !side.is_friend(eye.side) && health.hp > 0;
        hostile.then_some(*at)
    }

    /// Whether no enemy can come into sight or hearing before one has thought again, however rarely.
    pub(crate) fn is_alone(&self, eye: &Eye) -> bool {
        let range = eye.perception.sight.max(eye.perception.hearing);
        self.sides.is_alone(eye.at, range.saturating_add(MARGIN), eye.side)
    }

    /// Whether no participant is within a distance of a place.
    pub(crate) fn is_afar(&self, at: Position, reach: i32) -> bool {
        self.participants.is_alone(at, reach, NO_PARTICIPANT)
    }

    /// Whether somebody takes part, and lives.
    pub(crate) fn takes_part(&self, who: NetId) -> bool {
        self.directory.entity(who).is_some_and(|entity| self.taking_part.contains(entity))
    }

    /// Minds every enemy it sees or hears, the near ones more.
    pub(crate) fn perceive(&self, eye: &Eye, threat: &mut Threat) {
        let range = eye.perception.sight.max(eye.perception.hearing);
        let square = |reach: i32| u64::from(reach.max(0).unsigned_abs()).pow(2);
        let (sight, hearing) = (square(eye.perception.sight), square(eye.perception.hearing));
        let mut unseen = Few::<(u64, NetId, Position), LOOKS_MAX>::default();
        self.grid.near(eye.at, range, |neighbour| {
            // Cheap questions first: most of a crowd are friends, behind one's back, or no bodies at all.
            let away = distance_squared(eye.at, neighbour.at);
            let heard = away <= hearing;
            if neighbour.radius == 0 || !heard && (away > sight || !in_view(eye, neighbour.at)) {
                return;
            }
            let Some(at) = self.enemy_entity(eye, neighbour.id, neighbour.entity) else { return };
            if heard {
                threat.raise(neighbour.id, threat_at(distance(eye.at, at), range));
            } else {
                unseen.offer((away, neighbour.id, at));
            }
        });
        for (_, id, at) in unseen.into_least() {
            if self.obstacles.sight(eye.at, at) {
                threat.raise(id, threat_at(distance(eye.at, at), range));
            }
        }
    }

    /// The nearest thing worth walking to that lies in sight.
    pub(crate) fn loot_in_sight(&self, eye: &Eye, shunned: NetId) -> Option<LootSeen> {
        let mut near = Few::<(i32, NetId, Position, bool), LOOT_LOOKS_MAX>::default();
        self.grid.near(eye.at, eye.perception.sight, |one| {
            // What lies about has no body.
            if one.radius == 0
                && one.id != shunned
                && let Ok((at, container)) = self.lying.get(one.entity)
            {
                near.offer((distance(eye.at, *at), one.id, *at, container));
            }
        });
        let seen = near.into_least().find(|seen| self.obstacles.sight(eye.at, seen.2))?;
        Some(LootSeen { name: seen.1, at: seen.2, container: seen.3 })
    }

    /// The first danger a place is in.
    pub(crate) fn danger_at(&self, at: Position) -> Option<DangerMark> {
        self.landmarks.dangers.iter().copied().find(|danger| danger.reaches(at))
    }
}

impl DangerMark {
    /// Whether it hurts there.
    #[must_use]
    pub fn reaches(&self, at: Position) -> bool {
        (distance(self.at, at) > self.radius) == self.outside
    }
}

fn in_view(eye: &Eye, at: Position) -> bool {
    let direction = toward(at.x.saturating_sub(eye.at.x), at.y.saturating_sub(eye.at.y));
    angle_between(direction, eye.heading) <= eye.perception.half_view
}

fn threat_at(away: i32, range: i32) -> u32 {
    let nearness = i64::from(range.saturating_sub(away).max(0)) * i64::from(THREAT_NEAR) / i64::from(range.max(METRE));
    THREAT_SIGHT + nearness as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn few_are_the_first_of_all_in_order(offered in prop::collection::vec(0_u32..50, 0..30)) {
            let mut few = Few::<u32, 6>::default();
            offered.iter().for_each(|one| few.offer(*one));
            let mut sorted = offered;
            sorted.sort_unstable();
            sorted.truncate(6);
            prop_assert_eq!(few.into_least().collect::<Vec<_>>(), sorted);
        }
    }
}
