//! Where each activity leads.

use hypogeum_combat::AbilitySlots;
use hypogeum_content::def::Activity;
use hypogeum_shard::Purpose;
use hypogeum_space::turn::{distance, toward};
use hypogeum_space::{METRE, Position, beyond};

use crate::Brain;
use crate::drive::Facts;
use crate::steer::reaches;

const WANDER: Purpose = Purpose::named("wander");
/// How far a stroll leads at most.
const STROLL: i32 = 6 * METRE;
/// Chance of a thought at rest to become a stroll, in basis points.
const STROLL_CHANCE: u32 = 1_500;
/// Longest stroll: what is not reached by then is behind a wall.
const STROLL_MS: u32 = 8_000;
/// How far one looks for a way out when fleeing.
const FLIGHT: i32 = 8 * METRE;
/// How near is there.
pub(crate) const THERE: i32 = METRE / 2;
/// How near a point of interest counts as visited.
const VISITED: i32 = 4 * METRE;
/// Longest way to a point of interest before it counts as visited all the same.
const EXPLORE_MS: u32 = 40_000;
/// How near to a downed friend one stays: within every reach that a mode may have but the shortest.
const BESIDE: i32 = METRE;
/// How far beyond a danger's edge is safe.
const SAFE: i32 = 2 * METRE;
/// Turns of flight tried, from straight away to either side.
const FLIGHT_TURNS: [u16; 7] = [0, 0x1000, 0xF000, 0x2000, 0xE000, 0x4000, 0xC000];

/// Where the activity a mind has chosen leads; `None` to stay.
pub(crate) fn goal_of(facts: &Facts<'_, '_, '_>, brain: &mut Brain, slots: &AbilitySlots) -> Option<Position> {
    match brain.activity {
        Activity::Idle | Activity::CallForHelp => None,
        Activity::Wander => wander(facts, brain),
        Activity::Fight => facts.target.map(|(_, at)| at),
        Activity::Kite => kite(facts, brain, slots),
        Activity::Flee => facts.target.map(|(_, at)| away_from(facts, at)),
        Activity::Return => facts.home.map(|home| home.at).filter(|home| distance(facts.eye.at, *home) > THERE),
        Activity::Explore => explore(facts, brain),
        Activity::Loot => facts.loot().map(|loot| loot.at),
        Activity::Extract => extract(facts),
        Activity::EscapeHazard => escape(facts),
        Activity::Revive => facts.downed_mate().filter(|at| !is_beside(facts, *at)),
    }
}

/// Whether one is near enough to a place to revive who lies there: nobody is revived through a wall.
fn is_beside(facts: &Facts<'_, '_, '_>, at: Position) -> bool {
    distance(facts.eye.at, at) <= BESIDE && facts.scene.obstacles.sight(facts.eye.at, at)
}

fn wander(facts: &Facts<'_, '_, '_>, brain: &Brain) -> Option<Position> {
    let scene = facts.scene;
    if let Some(goal) = brain.goal {
        let lost = scene.tick.0.saturating_sub(brain.goal_since_tick) > scene.rules.ticks(STROLL_MS);
        return (!lost && distance(facts.eye.at, goal) > THERE).then_some(goal);
    }
    let mut dice = scene.rules.dice(scene.tick, facts.eye.id, WANDER);
    if !dice.chance(STROLL_CHANCE) {
        return None;
    }
    let about = facts.home.map_or(facts.eye.at, |home| home.at);
    let span = facts.home.map_or(STROLL, |home| STROLL.min(home.leash / 2));
    let goal = Position {
        x: about.x.saturating_add(dice.between(-span, span)),
        y: about.y.saturating_add(dice.between(-span, span)),
    };
    scene.obstacles.free(goal, METRE / 2).then_some(goal)
}

/// Between two thirds and nine tenths of its longest reach, nearer being too near and farther too far.
fn kite(facts: &Facts<'_, '_, '_>, brain: &Brain, slots: &AbilitySlots) -> Option<Position> {
    let (_, at) = facts.target?;
    let away = distance(facts.eye.at, at);
    // Who only helps keeps out of the way.
    let reach = reaches(&facts.scene.rules.content, slots).map(|(_, reach)| reach).max().unwrap_or(FLIGHT);
    if !brain.sees_target || away > reach / 10 * 9 {
        Some(at)
    } else if away < reach / 3 * 2 {
        Some(away_from(facts, at))
    } else {
        None
    }
}

/// The place within reach of a few strides that is farthest from someone and not dangerous.
fn away_from(facts: &Facts<'_, '_, '_>, from: Position) -> Position {
    let (scene, at) = (facts.scene, facts.eye.at);
    let away = toward(at.x.saturating_sub(from.x), at.y.saturating_sub(from.y));
    let spot = |turn: u16| {
        let direction = away.wrapping_add(turn);
        let free = scene.obstacles.ray(at, direction, FLIGHT).saturating_sub(METRE).max(0);
        let spot = beyond(at, direction, free);
        let edge = scene.obstacles.side().saturating_sub(METRE).max(METRE);
        Position { x: spot.x.clamp(METRE, edge), y: spot.y.clamp(METRE, edge) }
    };
    let score = |spot: Position| {
        let danger = if scene.danger_at(spot).is_some() { FLIGHT } else { 0 };
        distance(from, spot).saturating_sub(danger)
    };
    let mut best = (i32::MIN, at);
    for spot in FLIGHT_TURNS.map(spot) {
        if score(spot) > best.0 {
            best = (score(spot), spot);
        }
    }
    best.1
}

/// The nearest point of interest it has not been to; when it has been to all, it starts over.
fn explore(facts: &Facts<'_, '_, '_>, brain: &mut Brain) -> Option<Position> {
    let (scene, at) = (facts.scene, facts.eye.at);
    // A bit each: points beyond the 64th are only come across.
    let pois = || (0_u32..64).zip(scene.landmarks.pois.iter().copied());
    let lost = scene.tick.0.saturating_sub(brain.goal_since_tick) > scene.rules.ticks(EXPLORE_MS);
    for (bit, poi) in pois() {
        if distance(at, poi) <= VISITED || (lost && brain.goal == Some(poi)) {
            brain.visited |= 1 << bit;
        }
    }
    let nearest = |visited: u64| {
        pois().filter(|(bit, _)| visited & (1 << bit) == 0).min_by_key(|(bit, poi)| (distance(at, *poi), *bit))
    };
    // Halfway there another one may be nearer: it keeps to its choice.
    let kept = pois().find(|(bit, poi)| brain.visited & (1 << bit) == 0 && brain.goal == Some(*poi));
    kept.or_else(|| nearest(brain.visited))
        .or_else(|| {
            brain.visited = 0;
            nearest(0)
        })
        .map(|(_, poi)| poi)
}

/// Well inside the nearest open exit, or the one that opens first.
fn extract(facts: &Facts<'_, '_, '_>) -> Option<Position> {
    let (scene, at) = (facts.scene, facts.eye.at);
    let open = scene.landmarks.exits.iter().filter(|exit| exit.opens_in != u32::MAX);
    let exit = open.min_by_key(|exit| (!exit.open, exit.opens_in, distance(at, exit.at), exit.at))?;
    (distance(at, exit.at) > exit.radius / 2).then_some(exit.at)
}

/// The shortest way out of the danger it stands in.
fn escape(facts: &Facts<'_, '_, '_>) -> Option<Position> {
    let (danger, at) = (facts.danger()?, facts.eye.at);
    let direction = toward(at.x.saturating_sub(danger.at.x), at.y.saturating_sub(danger.at.y));
    let safe = if danger.outside { danger.radius.saturating_sub(SAFE) } else { danger.radius.saturating_add(SAFE) };
    let spot = beyond(danger.at, direction, safe.max(0));
    if danger.outside || facts.scene.obstacles.free(spot, METRE / 2) {
        return Some(spot);
    }
    let spots = FLIGHT_TURNS.map(|turn| beyond(danger.at, direction.wrapping_add(turn), safe));
    let free = spots.into_iter().find(|spot| facts.scene.obstacles.free(*spot, METRE / 2));
    Some(free.unwrap_or(spot))
}
