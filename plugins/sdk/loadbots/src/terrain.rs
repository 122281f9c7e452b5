//! What a bot knows of the ground: blocks from the match's announcement, on a coarse raster built once per match.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::sync::{Arc, Weak};

use hypogeum_client::MatchView;
use hypogeum_geometry::Obstacles;
use hypogeum_protocol::{Block, MatchId};
use parking_lot::Mutex;

use crate::geometry::{Circle, Point};

/// Cells along a side at most; a search visits each once at worst.
const CELLS_PER_SIDE_MAX: u32 = 400;
/// Smallest cell: half a metre.
const CELL_MIN: u32 = 128;
/// Half a body's width and a little, in subunits.
const BODY: i32 = 118;
/// Cost of a straight step to the next cell.
const STEP: u32 = 10;
/// Cost of a diagonal one.
const DIAGONAL: u32 = 14;
/// What a step within a danger costs on top: a detour of eight cells is worth it.
const DANGER: u32 = 80;
/// Cells searched around a place that is blocked for one that is free.
const FREE_SEARCH_CELLS: i32 = 12;

/// The ground of one match.
#[derive(Debug)]
pub(crate) struct Terrain {
    cell: i32,
    width: i32,
    blocked: Vec<bool>,
    obstacles: Obstacles,
    exits_count: usize,
    /// For each cell, steps to each exit: who looks for one looks at all.
    ways_out: Vec<u16>,
}

/// No way leads there.
const NO_WAY: u16 = u16::MAX;

/// What a search for a path notes, used again by the next one that shares it.
#[derive(Debug, Default)]
pub(crate) struct Search {
    /// By cell; only what has the mark of this search means anything.
    cells: Vec<Trail>,
    mark: u32,
    open: BinaryHeap<Reverse<(u32, (i32, i32))>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Trail {
    mark: u32,
    cost: u32,
    came_by: u8,
}

impl Search {
    fn begin(&mut self, cells: usize) {
        self.open.clear();
        self.mark = self.mark.wrapping_add(1);
        if self.cells.len() != cells || self.mark == 0 {
            self.cells.clear();
            self.cells.resize(cells, Trail::default());
            self.mark = 1;
        }
    }

    fn cost(&self, index: usize) -> u32 {
        self.cells.get(index).filter(|trail| trail.mark == self.mark).map_or(u32::MAX, |trail| trail.cost)
    }

    fn note(&mut self, index: usize, cost: u32, came_by: u8) {
        self.cells[index] = Trail { mark: self.mark, cost, came_by };
    }
}

impl Terrain {
    pub(crate) fn new(side: i32, blocks: &[Block], exits: &[Point]) -> Self {
        let side = side.max(1).cast_unsigned();
        let cell = CELL_MIN.max(side.div_ceil(CELLS_PER_SIDE_MAX));
        let (cell, width) = (cell.cast_signed(), side.div_ceil(cell).cast_signed());
        let mut terrain = Self {
            cell,
            width,
            blocked: vec![false; (width * width) as usize],
            obstacles: Obstacles::new(side.cast_signed(), blocks.to_vec()),
            exits_count: exits.len(),
            ways_out: vec![],
        };
        for block in blocks {
            terrain.block(block);
        }
        let mut ways_out = vec![NO_WAY; terrain.blocked.len() * exits.len()];
        for (index, exit) in exits.iter().enumerate() {
            let to_this = ways_out.iter_mut().skip(index).step_by(exits.len());
            for (way, steps) in to_this.zip(terrain.steps_to(*exit)) {
                *way = u16::try_from(steps).unwrap_or(NO_WAY);
            }
        }
        terrain.ways_out = ways_out;
        terrain
    }

    /// Steps to a place from each cell, four ways: more than a straight walk, never less.
    fn steps_to(&self, goal: Point) -> Vec<u32> {
        let mut steps = vec![u32::MAX; self.blocked.len()];
        let mut next = VecDeque::new();
        if let Some(goal) = self.free_cell(goal) {
            steps[self.index(goal)] = 0;
            next.push_back(goal);
        }
        while let Some((col, row)) = next.pop_front() {
            let so_far = steps[self.index((col, row))];
            for cell in [(col + 1, row), (col - 1, row), (col, row + 1), (col, row - 1)] {
                if self.is_free(cell) && steps[self.index(cell)] == u32::MAX {
                    steps[self.index(cell)] = so_far + 1;
                    next.push_back(cell);
                }
            }
        }
        steps
    }

    /// How far it is to walk to each exit; `None` where no way leads there.
    pub(crate) fn ways_out(&self, from: Point) -> impl Iterator<Item = Option<f64>> {
        let start = self.free_cell(from).map_or(usize::MAX, |cell| self.index(cell).saturating_mul(self.exits_count));
        let steps = self.ways_out.get(start..).unwrap_or_default().iter().take(self.exits_count);
        steps.map(|steps| (*steps != NO_WAY).then(|| f64::from(*steps) * f64::from(self.cell)))
    }

    /// Blocks each cell whose middle a body cannot stand on.
    fn block(&mut self, block: &Block) {
        let column = |edge: i64| edge.div_euclid(i64::from(self.cell)).clamp(0, i64::from(self.width) - 1) as i32;
        let (left, right) = (i64::from(block.x_min) - i64::from(BODY), i64::from(block.x_max) + i64::from(BODY));
        let (low, high) = (i64::from(block.y_min) - i64::from(BODY), i64::from(block.y_max) + i64::from(BODY));
        for row in column(low)..=column(high) {
            for col in column(left)..=column(right) {
                let middle = self.middle((col, row));
                if (left..=right).contains(&i64::from(middle.x)) && (low..=high).contains(&i64::from(middle.y)) {
                    let index = self.index((col, row));
                    self.blocked[index] = true;
                }
            }
        }
    }

    fn index(&self, (col, row): (i32, i32)) -> usize {
        (row * self.width + col) as usize
    }

    fn cell_at(&self, point: Point) -> (i32, i32) {
        let place = |value: i32| value.div_euclid(self.cell).clamp(0, self.width - 1);
        (place(point.x), place(point.y))
    }

    fn middle(&self, (col, row): (i32, i32)) -> Point {
        Point { x: col * self.cell + self.cell / 2, y: row * self.cell + self.cell / 2 }
    }

    fn is_free(&self, (col, row): (i32, i32)) -> bool {
        let inside = (0..self.width).contains(&col) && (0..self.width).contains(&row);
        inside && self.blocked.get(self.index((col, row))).is_some_and(|blocked| !blocked)
    }

    /// The free cell nearest to a place.
    fn free_cell(&self, point: Point) -> Option<(i32, i32)> {
        let (col, row) = self.cell_at(point);
        if self.is_free((col, row)) {
            return Some((col, row));
        }
        let ring = |radius: i32| {
            (-radius..=radius)
                .flat_map(move |dy| (-radius..=radius).map(move |dx| (dx, dy)))
                .filter(move |(dx, dy)| dx.abs().max(dy.abs()) == radius)
        };
        (1..=FREE_SEARCH_CELLS).flat_map(ring).map(|(dx, dy)| (col + dx, row + dy)).find(|cell| self.is_free(*cell))
    }

    /// Whether no block stands between two places: sight and shots pass.
    pub(crate) fn sees(&self, from: Point, to: Point) -> bool {
        self.obstacles.sight(from.place(), to.place())
    }

    /// Whether a body can walk straight from one place to another without a block or danger in its way.
    pub(crate) fn walks(&self, from: Point, to: Point, dangers: &[Circle]) -> bool {
        let steps = (from.distance(to) / f64::from(self.cell) * 2.0).ceil().max(1.0) as i32;
        let is_free = |step: i32| self.is_free(self.cell_at(from.toward(to, f64::from(step) / f64::from(steps))));
        !dangers.iter().any(|danger| danger.touches(from, to)) && (1..=steps).all(is_free)
    }

    /// Places to walk by, the last one `to` or the free place nearest to it. `None` where no way leads there.
    pub(crate) fn path(&self, from: Point, to: Point, dangers: &[Circle], search: &mut Search) -> Option<Vec<Point>> {
        if self.walks(from, to, dangers) {
            return Some(vec![to]);
        }
        let (start, goal) = (self.free_cell(from)?, self.free_cell(to)?);
        let mut path = self.search(start, goal, dangers, search)?;
        if self.cell_at(to) == goal {
            path.push(to);
        }
        Some(path)
    }

    /// A* over the cells, eight ways, never cutting a corner.
    fn search(
        &self,
        start: (i32, i32),
        goal: (i32, i32),
        dangers: &[Circle],
        search: &mut Search,
    ) -> Option<Vec<Point>> {
        const WAYS: [(i32, i32); 8] = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)];
        const NOWHERE: u8 = u8::MAX;
        let ahead = |(col, row): (i32, i32)| {
            let (dx, dy) = ((col - goal.0).unsigned_abs(), (row - goal.1).unsigned_abs());
            STEP * dx.max(dy) + (DIAGONAL - STEP) * dx.min(dy)
        };
        search.begin(self.blocked.len());
        search.note(self.index(start), 0, NOWHERE);
        search.open.push(Reverse((ahead(start), start)));
        while let Some(Reverse((estimate, cell))) = search.open.pop() {
            if cell == goal {
                break;
            }
            let so_far = search.cost(self.index(cell));
            if estimate > so_far.saturating_add(ahead(cell)) {
                continue;
            }
            for (way, (dx, dy)) in WAYS.iter().enumerate() {
                let next = (cell.0 + dx, cell.1 + dy);
                let open_way = self.is_free(next)
                    && (*dx == 0 || *dy == 0 || (self.is_free((next.0, cell.1)) && self.is_free((cell.0, next.1))));
                if !open_way {
                    continue;
                }
                let mut step = if *dx == 0 || *dy == 0 { STEP } else { DIAGONAL };
                if !dangers.is_empty() && dangers.iter().any(|danger| danger.holds(self.middle(next))) {
                    step += DANGER;
                }
                let index = self.index(next);
                if so_far + step < search.cost(index) {
                    search.note(index, so_far + step, way as u8);
                    search.open.push(Reverse((so_far + step + ahead(next), next)));
                }
            }
        }
        if search.cost(self.index(goal)) == u32::MAX {
            return None;
        }
        let mut path = Vec::new();
        let mut cell = goal;
        while cell != start {
            path.push(self.middle(cell));
            let (dx, dy) = WAYS.get(usize::from(search.cells[self.index(cell)].came_by))?;
            cell = (cell.0 - dx, cell.1 - dy);
        }
        path.reverse();
        Some(path)
    }
}

/// The grounds of the matches under way, shared by the bots in them.
#[derive(Clone, Debug, Default)]
pub(crate) struct MapCache(Arc<Mutex<BTreeMap<MatchId, Weak<Terrain>>>>);

impl MapCache {
    pub(crate) fn terrain(&self, of: &MatchView) -> Arc<Terrain> {
        let mut known = self.0.lock();
        if let Some(terrain) = known.get(&of.id).and_then(Weak::upgrade) {
            return terrain;
        }
        let terrain = {
            let exits: Vec<Point> = of.exits.iter().map(|exit| Point { x: exit.x, y: exit.y }).collect();
            Arc::new(Terrain::new(of.side, &of.obstacles, &exits))
        };
        known.retain(|_, terrain| terrain.strong_count() > 0);
        known.insert(of.id, Arc::downgrade(&terrain));
        terrain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x_m: i32, y_m: i32) -> Point {
        Point { x: x_m * 256, y: y_m * 256 }
    }

    fn wall() -> Terrain {
        // From the lower edge to 30 m, at 20 m.
        let block = Block { x_min: 20 * 256, y_min: 0, x_max: 21 * 256, y_max: 30 * 256 };
        Terrain::new(40 * 256, &[block], &[at(30, 10)])
    }

    #[test]
    fn a_path_leads_around_a_wall_and_never_through_it() {
        let terrain = wall();
        let path = terrain.path(at(10, 10), at(30, 10), &[], &mut Search::default()).expect("there is a way round");
        assert_eq!(path.last(), Some(&at(30, 10)), "it ends where it should");
        assert!(path.iter().any(|point| point.y > 30 * 256), "it goes round the upper end");
        let legs = std::iter::once(at(10, 10)).chain(path.iter().copied()).zip(path.iter().copied());
        for (from, to) in legs {
            assert!(terrain.sees(from, to), "the leg from {from:?} to {to:?} stays clear of the wall");
        }
    }

    #[test]
    fn the_way_to_an_exit_is_as_long_as_it_is_to_walk() {
        let way = wall().ways_out(at(10, 10)).next().flatten().expect("there is a way round");
        assert!((way / 256.0 - 60.0).abs() < 3.0, "20 m up, 20 m across, 20 m down is not {} m", way / 256.0);
        assert_eq!(wall().ways_out(at(10, 10)).count(), 1, "there is no second exit");
    }

    #[test]
    fn a_place_behind_closed_walls_has_no_path() {
        let block = Block { x_min: 20 * 256, y_min: -256, x_max: 21 * 256, y_max: 41 * 256 };
        let terrain = Terrain::new(40 * 256, &[block], &[at(30, 10)]);
        assert_eq!(
            terrain.path(at(10, 10), at(30, 10), &[], &mut Search::default()),
            None,
            "the wall goes from edge to edge"
        );
    }

    #[test]
    fn a_place_inside_a_block_leads_to_its_edge() {
        let terrain = wall();
        let path = terrain
            .path(at(10, 10), Point { x: 20 * 256 + 128, y: 10 * 256 }, &[], &mut Search::default())
            .expect("to its edge");
        let end = path.last().expect("at least one place");
        assert!((end.x - (20 * 256 + 128)).abs() < 512, "it ends beside the wall, at {end:?}");
    }

    #[test]
    fn a_danger_on_the_straight_line_is_walked_around() {
        let terrain = Terrain::new(40 * 256, &[], &[]);
        let danger = Circle { middle: at(20, 20), radius: 4.0 * 256.0 };
        let path = terrain.path(at(5, 20), at(35, 20), &[danger], &mut Search::default()).expect("an open field");
        assert!(path.iter().all(|point| !danger.holds(*point)), "no place of the path is in danger");
    }

    #[test]
    fn sight_ends_at_blocks_and_goes_over_nothing_else() {
        let terrain = wall();
        assert!(!terrain.sees(at(10, 10), at(30, 10)), "the wall stands between");
        assert!(terrain.sees(at(10, 35), at(30, 35)), "above the wall it is free");
        assert!(terrain.sees(at(10, 5), at(10, 25)), "beside it too");
    }

    #[test]
    fn a_map_of_nonsense_sizes_is_still_ground() {
        for side in [i32::MIN, -1, 0, 1] {
            let block = Block { x_min: i32::MIN, y_min: i32::MAX, x_max: i32::MAX, y_max: i32::MIN };
            let terrain = Terrain::new(side, &[block], &[at(0, 0)]);
            assert!(
                terrain.path(at(0, 0), at(1, 1), &[], &mut Search::default()).is_none_or(|path| !path.is_empty()),
                "no panic at {side}"
            );
        }
    }
}
