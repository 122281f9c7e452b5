//! The ground of a match, worked out from its seed alone: points of interest, exits, starts, obstacles.
//!
//! Nothing is ever sealed off: no two obstacles, and no obstacle and the map's edge, come closer than [`GAP`], which is
//! wider than any body; convex boxes that far apart cannot close a ring.

use hypogeum_content::Content;
use hypogeum_content::def::{MapDef, ModeDef};
use hypogeum_protocol::{Block, NetId};
use hypogeum_shard::{Dice, Purpose, Seed};
use hypogeum_space::{METRE, Obstacles, Position, cm, turn};

/// Least room between obstacles: two bodies and a half pass.
const GAP: i32 = 2 * METRE + METRE / 2;
/// Nothing but the ground itself this near to the edge.
const MARGIN: i32 = 4 * METRE;
/// Obstacles keep this far from where someone or something is put.
const CLEARANCE: i32 = 2 * METRE;
/// Starts keep this far from points of interest, where the guards are.
const START_DISTANCE: i32 = 8 * METRE;
/// Places tried for each point of interest; the one farthest from the others is taken.
const POI_TRIES: usize = 32;
/// Places tried for each obstacle.
const OBSTACLE_TRIES: usize = 24;
/// Room of a start along the edge; where there is less, participants begin all over the map.
const EDGE_ROOM: i32 = 3 * METRE + METRE / 2;
/// Room of a start beside that of a team-mate: around a corner of the map, too, they do not touch.
const TEAM_PITCH: i32 = 4 * METRE + METRE / 2;
/// Closest rows of starts all over the map.
const FIELD_PITCH_MIN: i32 = 3 * METRE + METRE / 2;
/// Places looked at for each start.
const START_CANDIDATES: usize = 6;
/// Exits lie on a ring of this share of the side about the middle, in percent: within reach of every start, and inside
/// what a storm leaves.
const EXIT_RING_PERCENT: i32 = 28;

/// A point of interest: its place and which of the map's kinds it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Poi {
    pub(crate) kind: u16,
    pub(crate) at: Position,
    pub(crate) radius: i32,
}

/// Where everything of a match lies, in subunits, before anyone comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) side: i32,
    pub(crate) pois: Vec<Poi>,
    pub(crate) exits: Vec<Position>,
    /// As many as a match has participants at most, far apart, in a random order; those of a team stand in a row, team by team.
    pub(crate) starts: Vec<Position>,
    pub(crate) blocks: Vec<Block>,
}

impl Layout {
    /// The ground of a mode under a seed.
    pub(crate) fn new(content: &Content, mode: &ModeDef, seed: Seed) -> Self {
        let map = &content.maps[mode.map.id()];
        let side = map.side_m as i32 * METRE;
        let dice = |name| Dice::new(seed, 0, NetId::NONE, Purpose::named(name));
        let pois = pois(map, side, &mut dice("layout pois"));
        let exits = exits(mode, side, &pois, &mut dice("layout exits"));
        let count = mode.players_max as usize;
        let mut layout = Self { side, pois, exits, starts: Vec::new(), blocks: Vec::new() };
        let starts_dice = &mut dice("layout starts");
        let crowd = 4 * (side - 2 * MARGIN) / EDGE_ROOM < count as i32;
        if let Some(teams) = &mode.teams {
            layout.starts = team_starts((teams.count as usize, teams.size as i32), side, &layout.pois, starts_dice);
        } else if !crowd {
            layout.starts = edge_starts(count, side, &layout.pois, starts_dice);
        }
        layout.strew(map, cm(mode.exits.radius_cm), &mut dice("layout obstacles"));
        if crowd && mode.teams.is_none() {
            layout.starts = field_starts(count, &layout, starts_dice);
        }
        layout
    }

    /// Whether participants begin all over the map, so that nothing can keep its distance from all starts.
    pub(crate) fn is_crowd(&self) -> bool {
        4 * (self.side - 2 * MARGIN) / EDGE_ROOM < self.starts.len() as i32
    }

    fn strew(&mut self, map: &MapDef, exit_radius: i32, dice: &mut Dice) {
        let (short, long) = (cm(map.obstacles.side_cm_min), cm(map.obstacles.side_cm_max));
        for _ in 0..map.obstacles.count {
            for _ in 0..OBSTACLE_TRIES {
                let (width, height) = (dice.between(short, long), dice.between(short, long));
                let x_min = dice.between(GAP, self.side - GAP - width);
                let y_min = dice.between(GAP, self.side - GAP - height);
                let block = Block { x_min, y_min, x_max: x_min + width, y_max: y_min + height };
                if self.has_room_for(&block, exit_radius) {
                    self.blocks.push(block);
                    break;
                }
            }
        }
    }

    fn has_room_for(&self, block: &Block, exit_radius: i32) -> bool {
        block.x_max <= self.side - GAP
            && block.y_max <= self.side - GAP
            && self.blocks.iter().all(|other| apart(block, other) >= GAP)
            && self.starts.iter().all(|start| distance(block, *start) >= CLEARANCE)
            && self.exits.iter().all(|exit| distance(block, *exit) >= exit_radius + METRE)
            // Half of a point of interest stays open: containers and guards stand there.
            && self.pois.iter().all(|poi| distance(block, poi.at) >= CLEARANCE + poi.radius / 2)
    }
}

/// The distance between two boxes along the axis on which they are farther apart; 0 where they overlap.
fn apart(one: &Block, other: &Block) -> i32 {
    let x = (one.x_min - other.x_max).max(other.x_min - one.x_max);
    let y = (one.y_min - other.y_max).max(other.y_min - one.y_max);
    x.max(y).max(0)
}

/// The distance from a place to a box along the axis on which it is farther.
fn distance(block: &Block, at: Position) -> i32 {
    apart(block, &Block { x_min: at.x, y_min: at.y, x_max: at.x, y_max: at.y })
}

fn pois(map: &MapDef, side: i32, dice: &mut Dice) -> Vec<Poi> {
    let mut placed: Vec<Poi> = Vec::new();
    for (kind, def) in map.pois.iter().enumerate() {
        let radius = cm(def.radius_cm);
        let edge = (MARGIN + radius).min(side / 2);
        for _ in 0..def.count {
            let candidates: Vec<Position> = (0..POI_TRIES)
                .map(|_| Position { x: dice.between(edge, side - edge), y: dice.between(edge, side - edge) })
                .collect();
            let room = |at: &Position| {
                placed.iter().map(|other| turn::distance(*at, other.at) - other.radius).min().unwrap_or(i32::MAX)
            };
            if let Some(&at) = candidates.iter().max_by_key(|at| (room(at), at.x, at.y)) {
                placed.push(Poi { kind: kind as u16, at, radius });
            }
        }
    }
    placed
}

fn exits(mode: &ModeDef, side: i32, pois: &[Poi], dice: &mut Dice) -> Vec<Position> {
    let count = mode.exits.count.max(1);
    let share = 65_536 / count as i32;
    let first = dice.between(0, 65_535);
    (0..count as i32)
        .map(|index| {
            // Of a few places in its part of the ring, the one farthest from points of interest.
            let candidates: Vec<Position> = (0..8)
                .map(|_| {
                    let angle = first + share * index + dice.between(-share / 6, share / 6);
                    let ring = side * (EXIT_RING_PERCENT + dice.between(-3, 3)) / 100;
                    let (x, y) = turn::step(angle.rem_euclid(65_536) as u16, ring);
                    Position { x: side / 2 + x, y: side / 2 + y }
                })
                .collect();
            let room = |at: &Position| pois.iter().map(|poi| turn::distance(*at, poi.at)).min().unwrap_or(0);
            candidates.into_iter().max_by_key(|at| (room(at), at.x, at.y)).unwrap_or_default()
        })
        .collect()
}

/// Places along the edge, evenly spread over those that no point of interest is near to.
fn edge_starts(count: usize, side: i32, pois: &[Poi], dice: &mut Dice) -> Vec<Position> {
    let inner = side - 2 * MARGIN;
    let total = count * START_CANDIDATES;
    let offset = dice.between(0, 4 * inner - 1);
    let along: Vec<Position> = (0..total)
        .map(|index| {
            on_edge((offset + (4 * i64::from(inner) * index as i64 / total as i64) as i32) % (4 * inner), inner)
        })
        .collect();
    let quiet: Vec<Position> = along
        .iter()
        .filter(|at| pois.iter().all(|poi| turn::distance(**at, poi.at) >= poi.radius + START_DISTANCE))
        .copied()
        .collect();
    let from = if quiet.len() >= count { quiet } else { along };
    let mut starts: Vec<Position> = (0..count).map(|index| from[index * from.len() / count]).collect();
    dice.shuffle(&mut starts);
    starts
}

/// Places along the edge for teams: those of one side by side, teams spread over where no point of interest is near to any.
fn team_starts((count, size): (usize, i32), side: i32, pois: &[Poi], dice: &mut Dice) -> Vec<Position> {
    let inner = side - 2 * MARGIN;
    let whole = 4 * inner;
    // Two neighbours never overlap, however few places are quiet.
    let total = (count * START_CANDIDATES).min((whole / (size * TEAM_PITCH)).max(1) as usize).max(count);
    let offset = dice.between(0, whole - 1);
    let row = |index: usize| -> Vec<Position> {
        let first = offset + (i64::from(whole) * index as i64 / total as i64) as i32;
        (0..size).map(|member| on_edge((first + member * TEAM_PITCH) % whole, inner)).collect()
    };
    let along: Vec<Vec<Position>> = (0..total).map(row).collect();
    let is_quiet = |at: &Position| pois.iter().all(|poi| turn::distance(*at, poi.at) >= poi.radius + START_DISTANCE);
    let quiet: Vec<Vec<Position>> = along.iter().filter(|row| row.iter().all(is_quiet)).cloned().collect();
    let from = if quiet.len() >= count { quiet } else { along };
    let mut rows: Vec<Vec<Position>> = (0..count).map(|index| from[index * from.len() / count].clone()).collect();
    dice.shuffle(&mut rows);
    rows.concat()
}

/// Places all over the map in rows, the rows as far apart as the number allows, that nothing and no point of interest
/// is near to. Fewer than `count` only where a map is full: then starts are shared.
fn field_starts(count: usize, layout: &Layout, dice: &mut Dice) -> Vec<Position> {
    let obstacles = Obstacles::new(layout.side, layout.blocks.clone());
    let inner = layout.side - 2 * MARGIN;
    let widest = turn::isqrt(i64::from(inner).pow(2) as u64 / count.max(1) as u64) as i32;
    let mut pitch = widest.max(FIELD_PITCH_MIN);
    let from = loop {
        let quiet = field(&obstacles, &layout.pois, pitch);
        if quiet.len() >= count || pitch <= FIELD_PITCH_MIN {
            break quiet;
        }
        pitch = (pitch - pitch / 32 - 1).max(FIELD_PITCH_MIN);
    };
    let taken = count.min(from.len());
    let mut starts: Vec<Position> = (0..taken).map(|index| from[index * from.len() / taken]).collect();
    if starts.is_empty() {
        starts.push(Position { x: layout.side / 2, y: layout.side / 2 });
    }
    dice.shuffle(&mut starts);
    starts
}

/// The crossings of rows and columns so far apart at which a participant may begin.
fn field(obstacles: &Obstacles, pois: &[Poi], pitch: i32) -> Vec<Position> {
    let along = || (MARGIN..=obstacles.side() - MARGIN).step_by(pitch as usize);
    let mut quiet = Vec::new();
    for y in along() {
        // A row passes few points of interest.
        let reach = |poi: &Poi| poi.radius + START_DISTANCE;
        let near: Vec<&Poi> = pois.iter().filter(|poi| (poi.at.y - y).abs() < reach(poi)).collect();
        let row = along().map(|x| Position { x, y });
        quiet.extend(row.filter(|at| {
            near.iter().all(|poi| turn::distance(*at, poi.at) >= reach(poi)) && obstacles.free(*at, CLEARANCE)
        }));
    }
    quiet
}

/// The place so far along the square that runs [`MARGIN`] inside the edge.
fn on_edge(way: i32, inner: i32) -> Position {
    let (leg, rest) = (way / inner, way % inner);
    let (x, y) = match leg {
        0 => (rest, 0),
        1 => (inner, rest),
        2 => (inner - rest, inner),
        _ => (0, inner - rest),
    };
    Position { x: MARGIN + x, y: MARGIN + y }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_shard::shipped;

    #[test]
    fn the_same_seed_makes_the_same_ground_and_another_seed_another() {
        let content = shipped();
        for (_, _, mode) in content.modes.iter() {
            assert_eq!(
                Layout::new(&content, mode, Seed::numbered(7)),
                Layout::new(&content, mode, Seed::numbered(7)),
                "{}",
                mode.name
            );
            assert_ne!(
                Layout::new(&content, mode, Seed::numbered(7)),
                Layout::new(&content, mode, Seed::numbered(8)),
                "{}",
                mode.name
            );
        }
    }

    #[test]
    fn everyone_can_stand_where_they_are_put_and_nothing_closes_a_ring() {
        let content = shipped();
        for seed in 0..40 {
            for (_, key, mode) in content.modes.iter() {
                let layout = Layout::new(&content, mode, Seed::numbered(seed));
                let body = cm(mode.avatar.radius_cm);
                let obstacles = Obstacles::new(layout.side, layout.blocks.clone());
                let places = layout.starts.iter().chain(&layout.exits).copied();
                for at in places.chain(layout.pois.iter().map(|poi| poi.at)) {
                    assert!(obstacles.free(at, body), "{key}, seed {seed}: {at:?} is taken");
                }
                for (index, block) in layout.blocks.iter().enumerate() {
                    for other in &layout.blocks[..index] {
                        assert!(apart(block, other) > 2 * body, "{key}, seed {seed}: {block:?} touches {other:?}");
                    }
                    let edge =
                        block.x_min.min(block.y_min).min(layout.side - block.x_max).min(layout.side - block.y_max);
                    assert!(edge > 2 * body, "{key}, seed {seed}: {block:?} touches the edge");
                }
            }
        }
    }

    #[test]
    fn participants_start_apart_and_at_a_distance_from_guards() {
        let content = shipped();
        for seed in 0..40 {
            for (_, key, mode) in content.modes.iter() {
                let layout = Layout::new(&content, mode, Seed::numbered(seed));
                assert_eq!(layout.starts.len(), mode.players_max as usize, "{key}: a start for each");
                // From left to right: one who is near comes soon.
                let mut starts = layout.starts.clone();
                starts.sort_unstable();
                for (index, start) in starts.iter().enumerate() {
                    let near = |other: &&Position| other.x - start.x <= 3 * METRE;
                    for other in starts[index + 1..].iter().take_while(near) {
                        let apart = turn::distance(*start, *other);
                        assert!(apart > 3 * METRE, "{key}, seed {seed}: {start:?} is next to {other:?}");
                    }
                    for poi in &layout.pois {
                        let away = turn::distance(*start, poi.at) - poi.radius;
                        assert!(away >= START_DISTANCE, "{key}, seed {seed}: {start:?} is at {poi:?}");
                    }
                }
            }
        }
    }
}
