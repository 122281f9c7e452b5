//! Which cells see all of which others: worked out once for a pair, for obstacles never move.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

use hypogeum_protocol::lane::{CELL, CELL_MARGIN, Cell, CellBox};
use hypogeum_space::{Obstacles, Occluders, Position};

/// How many cells further a pair is remembered; sight rarely reaches beyond four.
const REACH: usize = 4;
const SPAN: usize = 2 * REACH + 1;

const UNKNOWN: u8 = 0;
const CLEAR: u8 = 1;
const BLOCKED: u8 = 2;

/// Remembered answers of one map. Threads that ask at once may both work an answer out; it is the same.
#[derive(Debug, Default)]
pub(crate) struct Sightlines {
    /// No other map of this process has it.
    pub(crate) id: u64,
    side: usize,
    /// What they were worked out for.
    map: (i32, usize),
    /// By the cell that looks, row by row: what it sees of those around it, row by row.
    known: Vec<[AtomicU8; SPAN * SPAN]>,
}

/// What one cell sees: for anyone who asks about many others.
#[derive(Clone, Copy)]
pub(crate) struct SightlinesFrom<'a> {
    from: Cell,
    obstacles: &'a Obstacles,
    known: Option<&'a [AtomicU8; SPAN * SPAN]>,
}

fn middle(cell: Cell) -> Position {
    let (left, bottom) = cell.corner();
    Position { x: left + CELL / 2, y: bottom + CELL / 2 }
}

/// Whether nothing stands between any place of one cell and any of the other, a margin around both included: what the line
/// between their middles sweeps with a cell's width and the margins is all the room there is between them.
fn work_out(obstacles: &Obstacles, from: Cell, to: Cell) -> bool {
    obstacles.clear(middle(from), middle(to), CELL / 2 + CELL_MARGIN)
}

impl Sightlines {
    /// Forgets everything where the map is another.
    pub(crate) fn prepare(&mut self, obstacles: &Obstacles) {
        let map = (obstacles.side(), obstacles.blocks().len());
        if self.map != map {
            static MAPS: AtomicU64 = AtomicU64::new(1);
            self.id = MAPS.fetch_add(1, Relaxed);
            self.map = map;
            self.side = usize::try_from(map.0 / CELL + 1).unwrap_or(1).clamp(1, 256);
            self.known.clear();
            self.known.resize_with(self.side * self.side, || [const { AtomicU8::new(UNKNOWN) }; SPAN * SPAN]);
        }
    }

    /// What is seen from a cell.
    #[inline]
    pub(crate) fn from<'a>(&'a self, obstacles: &'a Obstacles, from: Cell) -> SightlinesFrom<'a> {
        let (row, column) = (usize::from(from.row), usize::from(from.column));
        let known = if column < self.side { self.known.get(row * self.side + column) } else { None };
        SightlinesFrom { from, obstacles, known }
    }

    /// Whether everything that counts to one cell sees everything that counts to the other.
    #[inline]
    pub(crate) fn clear(&self, obstacles: &Obstacles, from: Cell, to: Cell) -> bool {
        self.from(obstacles, from).clear(to)
    }
}

impl SightlinesFrom<'_> {
    /// Whether everything that counts to this cell sees everything that counts to the other.
    #[inline]
    pub(crate) fn clear(&self, to: Cell) -> bool {
        match self.pair(to).map(|known| known.load(Relaxed)) {
            Some(CLEAR) => true,
            Some(BLOCKED) => false,
            _ => self.look(to),
        }
    }

    /// The same for all cells of a box at once.
    pub(crate) fn all_clear(&self, CellBox { low, high }: CellBox) -> bool {
        (low.row..=high.row).all(|row| (low.column..=high.column).all(|column| self.clear(Cell { row, column })))
    }

    /// Where the answer of a pair is remembered, if they are near enough.
    #[inline]
    fn pair(&self, to: Cell) -> Option<&AtomicU8> {
        let up = (usize::from(to.row) + REACH).wrapping_sub(self.from.row.into());
        let right = (usize::from(to.column) + REACH).wrapping_sub(self.from.column.into());
        if up < SPAN && right < SPAN { self.known?.get(up * SPAN + right) } else { None }
    }

    #[cold]
    fn look(&self, to: Cell) -> bool {
        let clear = work_out(self.obstacles, self.from, to);
        if let Some(known) = self.pair(to) {
            known.store(if clear { CLEAR } else { BLOCKED }, Relaxed);
        }
        clear
    }
}

/// Pairs of cells whose boxes one thread remembers.
const PAIRS: usize = 1 << 11;

/// The boxes between cells that do not see all of one another, of the pairs asked for last. Keep one for each thread.
#[derive(Debug, Default)]
pub(crate) struct PairOccluders {
    /// By a hash of map and pair; begun when the first is asked for.
    kept: Vec<(Option<(u64, Cell, Cell)>, Occluders)>,
}

impl PairOccluders {
    /// The boxes between two cells of a map, which `map` names.
    pub(crate) fn between(&mut self, map: u64, obstacles: &Obstacles, from: Cell, to: Cell) -> &Occluders {
        if self.kept.is_empty() {
            self.kept.resize_with(PAIRS, Default::default);
        }
        let pair = map << 32 | u64::from(u32::from_be_bytes([from.row, from.column, to.row, to.column]));
        let place = (pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - PAIRS.ilog2())) as usize;
        let (of, occluders) = &mut self.kept[place];
        if *of != Some((map, from, to)) {
            *of = Some((map, from, to));
            occluders.gather(obstacles, middle(from), middle(to), CELL / 2 + CELL_MARGIN);
        }
        occluders
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hypogeum_protocol::Block;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn in_clear_cells_everything_sees_everything(
            blocks in prop::collection::vec((0..6 * CELL, 0..6 * CELL, 1..CELL, 1..CELL), 0..6),
            (x, y) in (0..6 * CELL, 0..6 * CELL),
            (to_x, to_y) in (0..6 * CELL, 0..6 * CELL),
            out in prop::array::uniform4(-CELL_MARGIN..=CELL_MARGIN),
        ) {
            let block = |(x, y, wide, high)| Block { x_min: x, y_min: y, x_max: x + wide, y_max: y + high };
            let obstacles = Obstacles::new(6 * CELL, blocks.into_iter().map(block).collect());
            let mut sightlines = Sightlines::default();
            sightlines.prepare(&obstacles);
            let (from_cell, to_cell) = (Cell::of(x, y), Cell::of(to_x, to_y));
            // Who came out of a cell counts to it for a while.
            let from = Position { x: x + out[0], y: y + out[1] };
            let to = Position { x: to_x + out[2], y: to_y + out[3] };
            prop_assume!(from_cell.keeps(from.x, from.y) && to_cell.keeps(to.x, to.y));
            for _ in 0..2 {
                if sightlines.clear(&obstacles, from_cell, to_cell) {
                    prop_assert!(obstacles.sight(from, to), "{from:?} does not see {to:?}");
                }
            }
        }
    }
}
