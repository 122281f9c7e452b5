//! A square map cut into equal cells, and which of them a line touches.

use crate::{METRE, Position};

/// Side of a cell in subunits: 8 m, a few bodies' reach.
pub(crate) const CELL: i32 = 8 * METRE;
/// Cells along one side at most; places beyond belong to the last one.
const COLUMNS_MAX: i32 = 512;

/// How many cells of 8 m a map has along each side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells {
    pub(crate) columns: i32,
}

impl Default for Cells {
    fn default() -> Self {
        Self::of(0)
    }
}

impl Cells {
    /// The cells of a map with this side in subunits, at most 512 along each.
    #[must_use]
    pub const fn of(side: i32) -> Self {
        let columns = if side <= CELL { 1 } else { (side - 1) / CELL + 1 };
        Self { columns: if columns > COLUMNS_MAX { COLUMNS_MAX } else { columns } }
    }

    /// How many there are in all.
    #[must_use]
    #[inline]
    pub const fn count(self) -> usize {
        (self.columns * self.columns) as usize
    }

    /// The column (or row) a coordinate lies in; what is off the map belongs to the border.
    #[must_use]
    #[inline]
    pub fn column(self, coordinate: i32) -> i32 {
        coordinate.div_euclid(CELL).clamp(0, self.columns - 1)
    }

    /// The number of the cell in a column and a row.
    #[must_use]
    #[inline]
    pub const fn index(self, column: i32, row: i32) -> usize {
        (row * self.columns + column) as usize
    }

    /// The number of the cell a place lies in, counted row after row from the origin.
    #[must_use]
    #[inline]
    pub fn index_at(self, at: Position) -> usize {
        self.index(self.column(at.x), self.column(at.y))
    }

    /// Visits every cell within `margin` of a line, column by column from left to right, until `visit` says `false`.
    // Most lines go along an axis; only where that is seen here, nothing is divided.
    #[inline(always)]
    pub fn along(self, from: Position, to: Position, margin: i32, mut visit: impl FnMut(usize) -> bool) {
        let (left, right) = if from.x <= to.x { (from, to) } else { (to, from) };
        let run = i64::from(right.x) - i64::from(left.x);
        let rise = i64::from(right.y) - i64::from(left.y);
        let height = |x: i64| if run == 0 { i64::from(left.y) } else { i64::from(left.y) + (x * rise).div_euclid(run) };
        let reach = |coordinate: i32, by: i32| self.column(coordinate.saturating_add(by));
        for column in reach(left.x, -margin)..=reach(right.x, margin) {
            // The stretch of the line whose margin can touch this column; one more on both ends against rounding.
            let edge = i64::from(column) * i64::from(CELL) - i64::from(left.x) - i64::from(margin);
            let past = if column == self.columns - 1 { run } else { edge + i64::from(CELL) + 2 * i64::from(margin) };
            let begin = if column == 0 { 0 } else { edge.clamp(0, run) };
            let (start, end) = (height(begin), height(past.clamp(0, run)));
            let (start, end) = if run == 0 { (start, i64::from(right.y)) } else { (start, end) };
            let narrow = |y: i64| i32::try_from(y).unwrap_or(if y < 0 { i32::MIN } else { i32::MAX });
            let low = reach(narrow(start.min(end)), -margin - 1);
            let high = reach(narrow(start.max(end)), margin + 1);
            for row in low..=high {
                if !visit(self.index(column, row)) {
                    return;
                }
            }
        }
    }
}
