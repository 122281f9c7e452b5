//! Ways around obstacles for those who chase: A* over a raster of one-metre cells, bounded by a budget.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::regions::Regions;
use crate::turn::distance;
use crate::{METRE, Obstacles, Position};

/// Radius of the bodies ways are laid for, in subunits: half a metre. Wider ones may have to slide along corners.
pub const PATH_RADIUS: i32 = METRE / 2;
/// Most cells one search opens, whatever its budget.
pub const PATH_BUDGET_MAX: u32 = 2_048;

/// Cells opened in the search of a way that does not exist: enough to walk up to the wall.
const HOPELESS_BUDGET: u32 = 24;

/// Side of a raster cell.
const CELL: i32 = METRE;
/// Cost of a straight step; a diagonal one costs 14.
const STRAIGHT: u32 = 10;
const DIAGONAL: u32 = 14;
/// The eight steps, straight ones first: (columns, rows, cost).
const STEPS: [(i32, i32, u32); 8] = [
    (1, 0, STRAIGHT),
    (0, 1, STRAIGHT),
    (-1, 0, STRAIGHT),
    (0, -1, STRAIGHT),
    (1, 1, DIAGONAL),
    (-1, 1, DIAGONAL),
    (-1, -1, DIAGONAL),
    (1, -1, DIAGONAL),
];

/// The raster and the scratch of searches. A cache of [`Obstacles`]: anyone who changes them calls [`Paths::draw`].
#[derive(Debug, Default)]
#[cfg_attr(feature = "shard", derive(bevy_ecs::resource::Resource))]
pub struct Paths {
    columns: i32,
    /// One bit a cell, set where a body cannot stand.
    blocked: Vec<u64>,
    regions: Regions,
    seen: Seen,
    open: BinaryHeap<Reverse<Open>>,
    way: Vec<u32>,
}

/// A cell to be opened: the least estimate first, then the nearest to the goal, then the lowest cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    estimate: u32,
    to_go: u32,
    cell: u32,
    cost: u32,
}

/// What a search knows of one cell.
#[derive(Clone, Copy, Debug, Default)]
struct Note {
    search: u32,
    cell: u32,
    cost: u32,
    parent: u32,
    closed: bool,
}

/// Notes by cell: open addressing in a table that is never cleared, only outdated.
#[derive(Debug, Default)]
struct Seen {
    notes: Vec<Note>,
    search: u32,
}

/// Each opened cell notes at most eight others, and half of the table stays empty.
const NOTES: usize = (PATH_BUDGET_MAX as usize * 8 * 2).next_power_of_two();

impl Seen {
    fn begin(&mut self) {
        if self.notes.is_empty() || self.search == u32::MAX {
            self.notes.clear();
            self.notes.resize(NOTES, Note::default());
            self.search = 0;
        }
        self.search += 1;
    }

    /// The note of a cell; `cost` is `u32::MAX` where the search has not met it.
    fn note(&mut self, cell: u32) -> &mut Note {
        let mut slot = (cell.wrapping_mul(0x9E37_79B1) >> 15) as usize % NOTES;
        while self.notes[slot].search == self.search && self.notes[slot].cell != cell {
            slot = (slot + 1) % NOTES;
        }
        let note = &mut self.notes[slot];
        if note.search != self.search {
            *note = Note { search: self.search, cell, cost: u32::MAX, parent: cell, closed: false };
        }
        note
    }
}

impl Paths {
    /// The raster of these obstacles. In a shard, `space` keeps one as a resource.
    #[must_use]
    pub fn new(obstacles: &Obstacles) -> Self {
        let mut paths = Self::default();
        paths.draw(obstacles);
        paths
    }

    /// Draws the raster of these obstacles.
    pub fn draw(&mut self, obstacles: &Obstacles) {
        self.columns = (obstacles.side() / CELL).max(1);
        let cells = (self.columns * self.columns) as usize;
        self.blocked.clear();
        self.blocked.resize(cells.div_ceil(64), 0);
        // A cell is blocked where a box, grown by the radius, holds its middle.
        let first = |min: i32| (min.saturating_sub(PATH_RADIUS + CELL / 2)).div_euclid(CELL) + 1;
        let last = |max: i32| (max.saturating_add(PATH_RADIUS - CELL / 2) - 1).div_euclid(CELL);
        for block in obstacles.blocks() {
            for row in first(block.y_min).max(0)..=last(block.y_max).min(self.columns - 1) {
                for column in first(block.x_min).max(0)..=last(block.x_max).min(self.columns - 1) {
                    let cell = (row * self.columns + column) as usize;
                    self.blocked[cell / 64] |= 1 << (cell % 64);
                }
            }
        }
        self.regions.draw(self.columns.unsigned_abs(), &self.blocked);
    }

    /// Whether a way leads from one place to another; `None` where one of them is in no open cell and near none. Costs little
    /// more than two look-ups.
    #[must_use]
    pub fn connects(&self, from: Position, to: Position) -> Option<bool> {
        let (start, goal) = (self.cell_near(from)?, self.cell_near(to)?);
        Some(self.region(start) == self.region(goal))
    }

    fn region(&self, cell: u32) -> Option<u32> {
        let columns = self.columns.unsigned_abs();
        self.regions.of(cell % columns, cell / columns)
    }

    fn open_at(&self, column: i32, row: i32) -> bool {
        let range = 0..self.columns;
        if !range.contains(&column) || !range.contains(&row) {
            return false;
        }
        let cell = (row * self.columns + column) as usize;
        self.blocked.get(cell / 64).is_some_and(|bits| bits & (1 << (cell % 64)) == 0)
    }

    fn place(&self, cell: u32) -> (i32, i32) {
        (cell as i32 % self.columns, cell as i32 / self.columns)
    }

    fn middle(&self, cell: u32) -> Position {
        let (column, row) = self.place(cell);
        Position { x: column * CELL + CELL / 2, y: row * CELL + CELL / 2 }
    }

    /// The cell of a place, and if that is blocked the open one nearest to it, within two cells.
    fn cell_near(&self, at: Position) -> Option<u32> {
        let on_map = |coordinate: i32| coordinate.div_euclid(CELL).min(self.columns - 1).max(0);
        let (column, row) = (on_map(at.x), on_map(at.y));
        if self.open_at(column, row) {
            return Some((row * self.columns + column) as u32);
        }
        let mut best: Option<(i32, u32)> = None;
        for row in row - 2..=row + 2 {
            for column in column - 2..=column + 2 {
                if self.open_at(column, row) {
                    let cell = (row * self.columns + column) as u32;
                    let found = (distance(at, self.middle(cell)), cell);
                    best = Some(best.map_or(found, |best| best.min(found)));
                }
            }
        }
        best.map(|found| found.1)
    }

    /// Where to walk next, straight, to get from one place to another: the goal itself where the way is clear, else
    /// the farthest place on a way around that can be walked to straight. A search opens at most `budget` cells (at
    /// most [`PATH_BUDGET_MAX`], and few where no way exists); where it ends early, the way leads to the cell it found
    /// nearest to the goal. `None` where nothing leads any nearer.
    pub fn next_waypoint(
        &mut self,
        obstacles: &Obstacles,
        from: Position,
        to: Position,
        budget: u32,
    ) -> Option<Position> {
        // Who stands against a wall is within half a metre of it, and walks along it all the same.
        let wide = obstacles.free(from, PATH_RADIUS) && obstacles.free(to, PATH_RADIUS);
        if obstacles.clear(from, to, if wide { PATH_RADIUS } else { PATH_RADIUS / 2 }) {
            return Some(to);
        }
        let (start, goal) = (self.cell_near(from)?, self.cell_near(to)?);
        let hopeful = self.region(start) == self.region(goal);
        let end = self.search(start, goal, budget.min(if hopeful { PATH_BUDGET_MAX } else { HOPELESS_BUDGET }));
        if end == start {
            return (distance(self.middle(start), to) < distance(from, to)).then(|| self.middle(start));
        }
        self.way.clear();
        let mut cell = end;
        while cell != start {
            self.way.push(cell);
            cell = self.seen.note(cell).parent;
        }
        // The first steps of the way are at the back. Beside a wall none may be in a clear line: then step off it.
        let mut next = self.middle(start);
        let mut found = false;
        for cell in self.way.iter().rev() {
            let middle = self.middle(*cell);
            if obstacles.clear(from, middle, PATH_RADIUS) {
                (next, found) = (middle, true);
            } else if found {
                break;
            }
        }
        if !found && distance(from, next) < CELL / 4 {
            next = self.way.last().map_or(next, |cell| self.middle(*cell));
        }
        Some(next)
    }

    /// Searches; answers with the goal or, failing that, the cell nearest to it.
    fn search(&mut self, start: u32, goal: u32, budget: u32) -> u32 {
        let (goal_column, goal_row) = self.place(goal);
        let estimate = |column: i32, row: i32| {
            let (dx, dy) = (column.abs_diff(goal_column), row.abs_diff(goal_row));
            dx.max(dy) * STRAIGHT + dx.min(dy) * (DIAGONAL - STRAIGHT)
        };
        self.seen.begin();
        self.open.clear();
        let (column, row) = self.place(start);
        let to_go = estimate(column, row);
        self.seen.note(start).cost = 0;
        self.open.push(Reverse(Open { estimate: to_go, to_go, cell: start, cost: 0 }));
        let mut nearest = (to_go, start);
        let mut opened = 0;
        while let Some(Reverse(here)) = self.open.pop() {
            let note = self.seen.note(here.cell);
            if note.closed {
                continue;
            }
            note.closed = true;
            nearest = nearest.min((here.to_go, here.cell));
            opened += 1;
            if here.cell == goal || opened > budget {
                break;
            }
            let (column, row) = self.place(here.cell);
            for (dx, dy, step) in STEPS {
                let (column, row) = (column + dx, row + dy);
                // No cutting of corners: a diagonal needs both its sides open.
                let open = self.open_at(column, row)
                    && (step == STRAIGHT || self.open_at(column - dx, row) && self.open_at(column, row - dy));
                if !open {
                    continue;
                }
                let (cell, cost) = ((row * self.columns + column) as u32, here.cost + step);
                let note = self.seen.note(cell);
                if cost < note.cost {
                    (note.cost, note.parent) = (cost, here.cell);
                    let to_go = estimate(column, row);
                    self.open.push(Reverse(Open { estimate: cost + to_go, to_go, cell, cost }));
                }
            }
        }
        nearest.1
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::Block;
    use proptest::prelude::*;

    use super::*;
    use crate::turn::toward;
    use crate::walked;

    const SIDE: i32 = 40 * METRE;

    fn metres(x: i32, y: i32) -> Position {
        Position { x: x * METRE, y: y * METRE }
    }

    fn wall(x_min: i32, y_min: i32, x_max: i32, y_max: i32) -> Block {
        Block { x_min: x_min * METRE, y_min: y_min * METRE, x_max: x_max * METRE, y_max: y_max * METRE }
    }

    /// Walks as a chaser does, asking every five ticks; says whether it arrived.
    fn arrives(obstacles: &Obstacles, from: Position, to: Position, radius: i32) -> bool {
        let mut paths = Paths::new(obstacles);
        let mut at = from;
        for _ in 0..400 {
            let Some(next) = paths.next_waypoint(obstacles, at, to, 2_000) else { return false };
            for _ in 0..5 {
                let (away, direction) = (distance(at, next), toward(next.x - at.x, next.y - at.y));
                at = walked(obstacles, at, direction, 100, away.min(43), radius);
            }
            if distance(at, to) < METRE {
                return true;
            }
        }
        false
    }

    #[test]
    fn an_open_field_is_crossed_straight() {
        let obstacles = Obstacles::new(SIDE, Vec::new());
        let mut paths = Paths::new(&obstacles);
        let goal = metres(30, 20);
        assert_eq!(paths.next_waypoint(&obstacles, metres(2, 2), goal, 10), Some(goal), "no search is needed");
    }

    #[test]
    fn a_raster_nobody_drew_leads_nowhere() {
        let obstacles = Obstacles::new(SIDE, vec![wall(10, 0, 11, 40)]);
        assert_eq!(
            Paths::default().next_waypoint(&obstacles, metres(2, 2), metres(30, 2), 10),
            None,
            "and does no harm"
        );
    }

    #[test]
    fn a_wall_with_one_gap_is_got_through() {
        let obstacles = Obstacles::new(SIDE, vec![wall(20, 0, 21, 30), wall(20, 33, 21, 40)]);
        assert!(arrives(&obstacles, metres(5, 5), metres(35, 5), 100), "the gap is far off the straight line");
    }

    #[test]
    fn a_pocket_is_left_backwards() {
        let pocket = vec![wall(10, 10, 25, 11), wall(24, 10, 25, 26), wall(10, 25, 25, 26)];
        let obstacles = Obstacles::new(SIDE, pocket);
        assert!(arrives(&obstacles, metres(20, 18), metres(35, 18), 100), "the only way out leads away from the goal");
    }

    #[test]
    fn behind_a_closed_wall_one_gets_as_near_as_possible() {
        let obstacles = Obstacles::new(SIDE, vec![wall(20, 0, 21, 40)]);
        let mut paths = Paths::new(&obstacles);
        let way = paths.next_waypoint(&obstacles, metres(5, 5), metres(35, 5), 2_000);
        assert!(way.is_some_and(|place| place.x > 15 * METRE), "it walks up to the wall: {way:?}");
        assert!(!arrives(&obstacles, metres(5, 5), metres(35, 5), 100), "and never gets through");
    }

    #[test]
    fn a_closed_room_is_another_region_until_it_is_opened() {
        let room = vec![wall(10, 10, 20, 11), wall(10, 19, 20, 20), wall(10, 10, 11, 20), wall(19, 10, 20, 20)];
        let mut paths = Paths::new(&Obstacles::new(SIDE, room.clone()));
        let (outside, inside) = (metres(5, 15), metres(15, 15));
        assert_eq!(paths.connects(outside, inside), Some(false), "no way leads in");
        assert_eq!(paths.connects(outside, metres(35, 15)), Some(true), "one leads around it");
        let opened = Obstacles::new(SIDE, room[..3].to_vec());
        paths.draw(&opened);
        assert_eq!(paths.connects(outside, inside), Some(true), "a wall less, and one can go in");
        assert_eq!(Paths::default().connects(outside, inside), None, "nobody knows before it is drawn");
    }

    #[test]
    fn who_hugs_a_wall_gets_off_it() {
        let obstacles = Obstacles::new(SIDE, vec![wall(10, 10, 20, 20)]);
        let start = Position { x: 10 * METRE - 60, y: 15 * METRE };
        assert!(arrives(&obstacles, start, metres(25, 15), 60), "its body is narrower than the ways are laid for");
    }

    fn scene() -> impl Strategy<Value = Obstacles> {
        let one = (0..38, 0..38, 1..6, 1..6).prop_map(|(x, y, w, h)| wall(x, y, x + w, y + h));
        prop::collection::vec(one, 0..40).prop_map(|blocks| Obstacles::new(SIDE, blocks))
    }

    /// Whether any way of straight steps between open cells leads there.
    fn connected(paths: &Paths, from: u32, to: u32) -> bool {
        let mut reached = vec![from];
        let mut next = 0;
        while let Some(cell) = reached.get(next).copied() {
            next += 1;
            let (column, row) = paths.place(cell);
            for (dx, dy, _) in &STEPS[..4] {
                let cell = ((row + dy) * paths.columns + column + dx) as u32;
                if paths.open_at(column + dx, row + dy) && !reached.contains(&cell) {
                    reached.push(cell);
                }
            }
        }
        reached.contains(&to)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_can_be_reached_is_reached(obstacles in scene(), from in (1..39, 1..39), to in (1..39, 1..39)) {
            let middle = |(x, y)| Position { x: x * METRE + CELL / 2, y: y * METRE + CELL / 2 };
            let (from, to) = (middle(from), middle(to));
            let paths = Paths::new(&obstacles);
            prop_assume!(obstacles.free(from, PATH_RADIUS) && obstacles.free(to, PATH_RADIUS));
            let (start, goal) = (paths.cell_near(from).expect("it is open"), paths.cell_near(to).expect("it is open"));
            prop_assert_eq!(paths.connects(from, to), Some(connected(&paths, start, goal)), "regions are true");
            prop_assume!(connected(&paths, start, goal));
            prop_assert!(arrives(&obstacles, from, to, 100), "from {from:?} to {to:?}");
        }

        #[test]
        fn the_same_question_has_the_same_answer(obstacles in scene(), from in (1..39, 1..39), to in (1..39, 1..39)) {
            let (from, to) = (metres(from.0, from.1), metres(to.0, to.1));
            let (mut fresh, mut used) = (Paths::new(&obstacles), Paths::new(&obstacles));
            for budget in [50, 3, 2_000] {
                used.next_waypoint(&obstacles, to, from, budget);
            }
            let answer = used.next_waypoint(&obstacles, from, to, 300);
            prop_assert_eq!(fresh.next_waypoint(&obstacles, from, to, 300), answer, "earlier searches leave no trace");
        }
    }
}
