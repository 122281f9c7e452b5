//! Which blocks are in which cell.

use hypogeum_protocol::Block;

use crate::Position;
use crate::cells::{CELL, Cells};

/// The numbers of the blocks of each cell, cell after cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    pub(super) cells: Cells,
    /// Where each cell's numbers begin in `blocks`, and where the last one's end.
    starts: Vec<u32>,
    blocks: Vec<u32>,
    /// One bit a cell, set where neither it nor any of the eight around it has a block.
    open: Vec<u64>,
}

impl Index {
    pub(super) fn of(side: i32, blocks: &[Block]) -> Self {
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
    #[inline]
    pub(super) fn is_open(&self, at: Position, reach: i32) -> bool {
        let cell = self.cells.index_at(at);
        reach < CELL && self.open.get(cell / 64).is_some_and(|bits| bits & 1 << (cell % 64) != 0)
    }

    /// The numbers of the blocks in a cell; none where there is no such cell.
    #[inline]
    pub(super) fn numbers(&self, cell: usize) -> &[u32] {
        let (start, end) = (self.starts.get(cell), self.starts.get(cell + 1));
        let range = start.zip(end).map(|(start, end)| *start as usize..*end as usize);
        range.and_then(|range| self.blocks.get(range)).unwrap_or_default()
    }
}
