//! What stands in the way: boxes that stop bodies, shots and sight, found by cell.
//!
//! A body is a circle, but against boxes it counts as the square around it: a place is free where no box, grown by
//! the body's radius on all sides, holds it. Touching an edge is free. All answers are exact in whole numbers.

use hypogeum_protocol::Block;
use serde::{Deserialize, Serialize};

use crate::cells::{CELL, Cells};
use crate::turn::{distance, step};
use crate::{METRE, Position};

/// Side of the plain a shard has before anyone lays out its map.
const SIDE_DEFAULT: i32 = 1_000 * METRE;
/// Longest side of a map: everything about it fits 32 bits with room to spare.
const SIDE_MAX: i32 = 4_096 * METRE;
/// Longest stretch of a slide taken at once, so that a fast body cuts no corner.
const SLIDE_STEP: i32 = METRE / 2;

/// The map's side and its boxes. Whoever owns the map replaces it whole; it never changes in parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "shard", derive(bevy_ecs::resource::Resource))]
#[serde(from = "Image")]
pub struct Obstacles {
    side: i32,
    blocks: Vec<Block>,
    #[serde(skip)]
    index: Index,
}

/// What a snapshot holds of it: the index is built again.
#[derive(Deserialize)]
struct Image {
    side: i32,
    blocks: Vec<Block>,
}

impl From<Image> for Obstacles {
    fn from(image: Image) -> Self {
        Self::new(image.side, image.blocks)
    }
}

impl Default for Obstacles {
    fn default() -> Self {
        Self::new(SIDE_DEFAULT, Vec::new())
    }
}

/// The numbers of the blocks of each cell, cell after cell.
#[derive(Clone, Debug, Default)]
struct Index {
    cells: Cells,
    /// Where each cell's numbers begin in `blocks`, and where the last one's end.
    starts: Vec<u32>,
    blocks: Vec<u32>,
    /// One bit a cell, set where neither it nor any of the eight around it has a block.
    open: Vec<u64>,
}

impl Index {
    fn of(side: i32, blocks: &[Block]) -> Self {
        let cells = Cells::of(side);
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (number, block) in (0_u32..).zip(blocks) {
            for row in cells.column(block.y_min)..=cells.column(block.y_max) {
                for column in cells.column(block.x_min)..=cells.column(block.x_max) {
                    pairs.push((cells.index(column, row) as u32, number));
                }
            }
        }
        pairs.sort_unstable();
        let starts = (0..=cells.count() as u32).map(|cell| pairs.partition_point(|pair| pair.0 < cell) as u32);
        let mut open = vec![u64::MAX; cells.count().div_ceil(64)];
        for &(cell, _) in &pairs {
            let (column, row) = (cell as i32 % cells.columns, cell as i32 / cells.columns);
            for row in (row - 1).max(0)..=(row + 1).min(cells.columns - 1) {
                for column in (column - 1).max(0)..=(column + 1).min(cells.columns - 1) {
                    let around = cells.index(column, row);
                    open[around / 64] &= !(1 << (around % 64));
                }
            }
        }
        Self { cells, starts: starts.collect(), blocks: pairs.iter().map(|pair| pair.1).collect(), open }
    }

    /// Whether nothing at all is within `reach` of a place, as far as a look at one bit tells.
    fn is_open(&self, at: Position, reach: i32) -> bool {
        let cell = self.cells.index_at(at);
        reach < CELL && self.open.get(cell / 64).is_some_and(|bits| bits & 1 << (cell % 64) != 0)
    }

    fn numbers(&self, cell: usize) -> &[u32] {
        let (start, end) = (self.starts.get(cell), self.starts.get(cell + 1));
        let range = start.zip(end).map(|(start, end)| *start as usize..*end as usize);
        range.and_then(|range| self.blocks.get(range)).unwrap_or_default()
    }
}

/// A block grown by a body's radius, in numbers that cannot overflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grown {
    x_min: i64,
    y_min: i64,
    x_max: i64,
    y_max: i64,
}

impl Grown {
    fn new(block: Block, radius: i32) -> Self {
        let radius = i64::from(radius);
        Self {
            x_min: i64::from(block.x_min) - radius,
            y_min: i64::from(block.y_min) - radius,
            x_max: i64::from(block.x_max) + radius,
            y_max: i64::from(block.y_max) + radius,
        }
    }

    fn holds(self, at: Position) -> bool {
        let (x, y) = (i64::from(at.x), i64::from(at.y));
        self.x_min < x && x < self.x_max && self.y_min < y && y < self.y_max
    }

    /// Whether a line passes through the inside: neither an axis nor the line itself separates the two.
    pub(crate) fn cut_by(self, from: Position, to: Position) -> bool {
        let (x, y) = (i64::from(from.x), i64::from(from.y));
        let (dx, dy) = (i64::from(to.x) - x, i64::from(to.y) - y);
        if dx == 0 && dy == 0 {
            return self.holds(from);
        }
        if x.min(x + dx) >= self.x_max
            || x.max(x + dx) <= self.x_min
            || y.min(y + dy) >= self.y_max
            || y.max(y + dy) <= self.y_min
        {
            return false;
        }
        let side = |corner_x: i64, corner_y: i64| dx * (corner_y - y) - dy * (corner_x - x);
        let sides = [
            side(self.x_min, self.y_min),
            side(self.x_min, self.y_max),
            side(self.x_max, self.y_min),
            side(self.x_max, self.y_max),
        ];
        sides.iter().any(|side| *side > 0) && sides.iter().any(|side| *side < 0)
    }

    /// How much of a line of this length lies before the inside, rounded down; only for lines that cut it.
    fn reached_after(self, from: Position, to: Position, length: i32) -> i32 {
        let entry = |at: i64, by: i64, min: i64, max: i64| {
            let edge = if by > 0 { min - at } else { max - at };
            if by == 0 { 0 } else { (edge * i64::from(length)).div_euclid(by) }
        };
        let (x, y) = (i64::from(from.x), i64::from(from.y));
        let along_x = entry(x, i64::from(to.x) - x, self.x_min, self.x_max);
        let along_y = entry(y, i64::from(to.y) - y, self.y_min, self.y_max);
        along_x.max(along_y).clamp(0, i64::from(length)) as i32
    }
}

impl Obstacles {
    /// A map of this side (0 to 4,096 m in subunits, else the nearest) with these boxes.
    #[must_use]
    pub fn new(side: i32, blocks: Vec<Block>) -> Self {
        let side = side.clamp(0, SIDE_MAX);
        let index = Index::of(side, &blocks);
        Self { side, blocks, index }
    }

    /// Side of the square map in subunits.
    #[must_use]
    pub const fn side(&self) -> i32 {
        self.side
    }

    /// The boxes, as given.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Whether a body of this radius can stand there: on the map and in no box.
    #[must_use]
    pub fn free(&self, at: Position, radius: i32) -> bool {
        let on_map = radius..=self.side.saturating_sub(radius);
        on_map.contains(&at.x) && on_map.contains(&at.y) && self.clear(at, at, radius)
    }

    /// Whether a body of this radius can go straight from one place to the other.
    #[must_use]
    pub fn clear(&self, from: Position, to: Position, radius: i32) -> bool {
        if self.open_between(from, to, radius) {
            return true;
        }
        let mut clear = true;
        self.index.cells.along(from, to, radius, |cell| {
            clear = !self.in_cell(cell, radius).any(|block| block.cut_by(from, to));
            clear
        });
        clear
    }

    /// Whether one place can be seen from the other; the same both ways.
    #[must_use]
    pub fn sight(&self, from: Position, to: Position) -> bool {
        self.clear(from, to, 0)
    }

    /// How far something of this radius gets from one place straight to the other before a box stops it, in subunits,
    /// rounded down; `None` where nothing does.
    #[must_use]
    pub fn stopped_after(&self, from: Position, to: Position, radius: i32) -> Option<i32> {
        if self.open_between(from, to, radius) {
            return None;
        }
        let length = distance(from, to);
        let mut stopped: Option<i32> = None;
        self.index.cells.along(from, to, radius, |cell| {
            for block in self.in_cell(cell, radius).filter(|block| block.cut_by(from, to)) {
                let reached = block.reached_after(from, to, length);
                stopped = Some(stopped.map_or(reached, |stopped| stopped.min(reached)));
            }
            true
        });
        stopped
    }

    /// How far a ray gets before the first box; `range` where there is none.
    #[must_use]
    pub fn ray(&self, from: Position, direction: u16, range: i32) -> i32 {
        self.stopped_after(from, beyond(from, direction, range), 0).map_or(range, |stopped| stopped.min(range))
    }

    /// Where a body ends up that wants to go `(dx, dy)` further: it stops at boxes and at the map's edge, and slides
    /// along them. One that stands in a box may leave it.
    #[must_use]
    pub fn slide(&self, from: Position, dx: i32, dy: i32, radius: i32) -> Position {
        let on_map = |at: Position| self.on_map(at.x, radius) == at.x && self.on_map(at.y, radius) == at.y;
        let to = Position { x: from.x.saturating_add(dx), y: from.y.saturating_add(dy) };
        if on_map(from) && self.open_between(from, to, radius) {
            return Position { x: self.on_map(to.x, radius), y: self.on_map(to.y, radius) };
        }
        self.slide_by_stretches(from, dx, dy, radius)
    }

    fn slide_by_stretches(&self, from: Position, dx: i32, dy: i32, radius: i32) -> Position {
        let stretches = (dx.unsigned_abs().max(dy.unsigned_abs()) / SLIDE_STEP as u32 + 1).min(STRETCHES_MAX);
        let (mut at, mut gone) = (from, (0, 0));
        for stretch in 1..=i64::from(stretches) {
            let part = |whole: i32| (i64::from(whole) * stretch / i64::from(stretches)) as i32;
            let next = (part(dx), part(dy));
            at = self.slide_along_x(at, next.0 - gone.0, radius);
            at = self.slide_along_y(at, next.1 - gone.1, radius);
            gone = next;
        }
        at
    }

    /// Whether nothing is anywhere near a short way; `false` says nothing.
    fn open_between(&self, from: Position, to: Position, radius: i32) -> bool {
        let away = from.x.abs_diff(to.x).max(from.y.abs_diff(to.y));
        let reach = i32::try_from(away).unwrap_or(i32::MAX).saturating_add(radius.max(0));
        self.index.is_open(from, reach)
    }

    fn slide_along_x(&self, from: Position, dx: i32, radius: i32) -> Position {
        let mut x = self.on_map(from.x.saturating_add(dx), radius);
        let to = Position { x, ..from };
        self.index.cells.along(from, to, radius, |cell| {
            for block in self.in_cell(cell, radius) {
                let beside = block.y_min < i64::from(from.y) && i64::from(from.y) < block.y_max;
                x = if beside { stop(from.x, x, block.x_min, block.x_max) } else { x };
            }
            true
        });
        Position { x, ..from }
    }

    fn slide_along_y(&self, from: Position, dy: i32, radius: i32) -> Position {
        let mut y = self.on_map(from.y.saturating_add(dy), radius);
        let to = Position { y, ..from };
        self.index.cells.along(from, to, radius, |cell| {
            for block in self.in_cell(cell, radius) {
                let beside = block.x_min < i64::from(from.x) && i64::from(from.x) < block.x_max;
                y = if beside { stop(from.y, y, block.y_min, block.y_max) } else { y };
            }
            true
        });
        Position { y, ..from }
    }

    fn on_map(&self, coordinate: i32, radius: i32) -> i32 {
        coordinate.min(self.side.saturating_sub(radius)).max(radius)
    }

    /// The boxes that may cut a line between two places that are at most `radius` from these along each axis; some of them
    /// more than once.
    pub(crate) fn visit_boxes_along(&self, from: Position, to: Position, radius: i32, mut visit: impl FnMut(Grown)) {
        if self.open_between(from, to, radius) {
            return;
        }
        self.index.cells.along(from, to, radius, |cell| {
            let blocks = self.index.numbers(cell).iter().filter_map(|number| self.blocks.get(*number as usize));
            for block in blocks.filter(|block| Grown::new(**block, radius).cut_by(from, to)) {
                visit(Grown::new(*block, 0));
            }
            true
        });
    }

    fn in_cell(&self, cell: usize, radius: i32) -> impl Iterator<Item = Grown> {
        let blocks = self.index.numbers(cell).iter().filter_map(|number| self.blocks.get(*number as usize));
        blocks.map(move |block| Grown::new(*block, radius))
    }
}

/// Stretches of one slide at most: more than the fastest body needs in the slowest tick.
const STRETCHES_MAX: u32 = 64;

/// The place `range` away in a direction.
#[must_use]
pub fn beyond(from: Position, direction: u16, range: i32) -> Position {
    let (dx, dy) = step(direction, range);
    Position { x: from.x.saturating_add(dx), y: from.y.saturating_add(dy) }
}

/// How far one gets from `from` toward `to` when `min..max` is in the way; who stands inside may leave.
fn stop(from: i32, to: i32, min: i64, max: i64) -> i32 {
    let (start, end) = (i64::from(from), i64::from(to));
    if start <= min && min < end {
        min as i32
    } else if end < max && max <= start {
        max as i32
    } else {
        to
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIDE: i32 = 60 * METRE;
    const RADIUS: i32 = 100;

    fn block(x_min: i32, y_min: i32, x_max: i32, y_max: i32) -> Block {
        Block { x_min, y_min, x_max, y_max }
    }

    fn blocks() -> impl Strategy<Value = Vec<Block>> {
        let one = (0..SIDE, 0..SIDE, 1..2_500, 1..2_500).prop_map(|(x, y, w, h)| block(x, y, x + w, y + h));
        prop::collection::vec(one, 0..60)
    }

    fn place() -> impl Strategy<Value = Position> {
        (RADIUS..=SIDE - RADIUS, RADIUS..=SIDE - RADIUS).prop_map(|(x, y)| Position { x, y })
    }

    #[test]
    fn a_body_slides_along_a_wall_and_stops_in_a_corner() {
        let map = Obstacles::new(SIDE, vec![block(2_000, 0, 2_200, 8_000)]);
        let start = Position { x: 1_500, y: 1_000 };
        let end = map.slide(start, 1_000, 600, RADIUS);
        assert_eq!(end, Position { x: 1_900, y: 1_600 }, "it keeps its way along the wall");
        let corner = map.slide(end, 1_000, -9_000, RADIUS);
        assert_eq!(corner, Position { x: 1_900, y: RADIUS }, "wall and map edge hold it");
    }

    #[test]
    fn nothing_tunnels_through_a_thin_wall() {
        let map = Obstacles::new(SIDE, vec![block(5_000, 0, 5_001, SIDE)]);
        let start = Position { x: 1_000, y: 4_000 };
        assert_eq!(map.slide(start, 12_000, 0, RADIUS).x, 4_900, "the wall is one subunit thick and holds");
        assert_eq!(map.ray(start, 0, 12_000), 4_000, "a ray stops there, too");
        assert!(!map.sight(start, Position { x: 6_000, y: 4_000 }), "and nobody sees through it");
    }

    #[test]
    fn an_edge_can_be_walked_along_and_looked_along() {
        let map = Obstacles::new(SIDE, vec![block(2_000, 2_000, 3_000, 3_000)]);
        let (from, to) = (Position { x: 1_000, y: 2_000 }, Position { x: 4_000, y: 2_000 });
        assert!(map.sight(from, to), "touching an edge is not passing through");
        assert!(!map.sight(Position { y: 2_001, ..from }, to), "one subunit further it is");
        assert!(map.free(Position { x: 1_900, y: 2_500 }, RADIUS), "a body may touch a wall");
        assert!(!map.free(Position { x: 1_901, y: 2_500 }, RADIUS), "but not enter it");
    }

    #[test]
    fn who_stands_in_a_box_can_leave_it() {
        let map = Obstacles::new(SIDE, vec![block(2_000, 2_000, 3_000, 3_000)]);
        let out = map.slide(Position { x: 2_500, y: 2_500 }, 900, 0, RADIUS);
        assert_eq!(out.x, 3_400, "nothing holds it inside");
    }

    #[test]
    fn what_is_restored_answers_as_before() {
        let map = Obstacles::new(SIDE, vec![block(5_000, 0, 5_100, SIDE)]);
        let bytes = hypogeum_protocol::codec::encode(&map);
        let back: Obstacles = hypogeum_protocol::codec::decode::<_, 4_096>(&bytes).expect("what was saved is readable");
        assert_eq!(back.ray(Position { x: 0, y: 500 }, 0, 9_000), 5_000, "its index is there again");
    }

    proptest! {
        #[test]
        fn no_walk_ends_in_a_box_or_off_the_map(
            blocks in blocks(),
            start in place(),
            steps in prop::collection::vec((-3_000..3_000, -3_000..3_000), 1..30),
        ) {
            let map = Obstacles::new(SIDE, blocks);
            prop_assume!(map.free(start, RADIUS));
            let mut at = start;
            for (dx, dy) in steps {
                let next = map.slide(at, dx, dy, RADIUS);
                prop_assert!(map.free(next, RADIUS), "{next:?} is not free, coming from {at:?} by ({dx}, {dy})");
                prop_assert!((next.x - at.x).abs() <= dx.abs() && (next.y - at.y).abs() <= dy.abs(), "it went too far");
                at = next;
            }
        }

        #[test]
        fn in_the_open_a_walk_is_the_same_without_looking(
            one in blocks().prop_map(|mut blocks| { blocks.truncate(2); blocks }),
            (x, y) in (-300..SIDE + 300, -300..SIDE + 300), (dx, dy) in (-900..900, -900..900),
        ) {
            let map = Obstacles::new(SIDE, one);
            let at = Position { x, y };
            prop_assert_eq!(map.slide(at, dx, dy, RADIUS), map.slide_by_stretches(at, dx, dy, RADIUS));
        }

        #[test]
        fn sight_is_mutual_and_agrees_with_every_box(blocks in blocks(), from in place(), to in place()) {
            let map = Obstacles::new(SIDE, blocks.clone());
            let seen = map.sight(from, to);
            prop_assert_eq!(seen, map.sight(to, from), "who sees is seen");
            let one_by_one = blocks.iter().all(|block| !Grown::new(*block, 0).cut_by(from, to));
            prop_assert_eq!(seen, one_by_one, "the cells hide no box");
        }

        #[test]
        fn every_box_in_the_way_is_found_at_any_width(
            blocks in blocks(), from in place(), to in place(), radius in 0..600,
        ) {
            let map = Obstacles::new(SIDE, blocks.clone());
            let one_by_one = blocks.iter().all(|block| !Grown::new(*block, radius).cut_by(from, to));
            prop_assert_eq!(map.clear(from, to, radius), one_by_one, "the cells hide no box");
        }

        #[test]
        fn a_ray_is_as_long_as_sight(blocks in blocks(), from in place(), to in place()) {
            let map = Obstacles::new(SIDE, blocks);
            match map.stopped_after(from, to, 0) {
                None => prop_assert!(map.sight(from, to), "nothing stopped it, so one sees"),
                Some(stopped) => {
                    prop_assert!(!map.sight(from, to), "it was stopped, so one does not see");
                    prop_assert!((0..=distance(from, to)).contains(&stopped), "{stopped} is beyond the end");
                }
            }
        }
    }
}
