//! Finding what is near: flat arrays sorted by cell.

use hypogeum_space::{METRE, Position};

/// Side of a cell in subunits: a few cells cover what anyone sees.
const CELL: i32 = 16 * METRE;

/// A cell: row first, so that a row's neighbours lie side by side.
pub(crate) type Cell = (i32, i32);

/// The cell of a place.
pub(crate) const fn cell_of(at: Position) -> Cell {
    (at.y.div_euclid(CELL), at.x.div_euclid(CELL))
}

/// The stretches of `cells`, which is sorted, that hold everything within `radius` of a place (and some beyond).
pub(crate) fn stretches(cells: &[Cell], at: Position, radius: i32) -> impl Iterator<Item = core::ops::Range<usize>> {
    let low = cell_of(Position { x: at.x.saturating_sub(radius), y: at.y.saturating_sub(radius) });
    let high = cell_of(Position { x: at.x.saturating_add(radius), y: at.y.saturating_add(radius) });
    (low.0..=high.0).map(move |row| {
        let start = cells.partition_point(|cell| *cell < (row, low.1));
        let length = cells[start..].partition_point(|cell| *cell <= (row, high.1));
        start..start + length
    })
}
