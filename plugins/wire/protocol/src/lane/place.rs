//! Cells, and places within them.

/// Side of a cell in subunits: 32 m. Nine cells show what a player sees.
pub const CELL: i32 = 32 * 256;
/// How far out of its cell a thing is still counted to it: 2 m. Who walks to and fro over a border of cells stays in one of
/// them; to be in each in turn takes 8 m, which is more than a second for someone who walks.
pub const CELL_MARGIN: i32 = 2 * 256;
/// Subunits in a step of a place within a cell: 9 are 3.5 cm.
const STEP: i32 = 9;
/// Bits of a place within a cell, along each axis.
const AXIS_BITS: u32 = 10;
const _: () = assert!(CELL + 2 * CELL_MARGIN == STEP << AXIS_BITS);

/// A square of 32 m. The map's lower left corner is that of cell (0, 0); a map has at most 256 by 256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Cells up from the map's lower edge.
    pub row: u8,
    /// Cells to the right of the map's left edge.
    pub column: u8,
}

impl Cell {
    /// The cell of a place in subunits; what lies outside the map counts to its outermost cells.
    #[must_use]
    #[inline]
    pub const fn of(x: i32, y: i32) -> Self {
        Self { row: index(y), column: index(x) }
    }

    /// Whether a place is in it, or no further out than [`CELL_MARGIN`]: what was in it still is.
    #[must_use]
    #[inline]
    pub const fn keeps(self, x: i32, y: i32) -> bool {
        let (left, bottom) = self.corner();
        let (dx, dy) = (x.saturating_sub(left), y.saturating_sub(bottom));
        -CELL_MARGIN <= dx && dx < CELL + CELL_MARGIN && -CELL_MARGIN <= dy && dy < CELL + CELL_MARGIN
    }

    /// Its lower left corner in subunits.
    #[must_use]
    #[inline]
    pub const fn corner(self) -> (i32, i32) {
        (self.column as i32 * CELL, self.row as i32 * CELL)
    }
}

const fn index(along: i32) -> u8 {
    let index = along.div_euclid(CELL);
    if index < 0 {
        0
    } else if index > 255 {
        255
    } else {
        index as u8
    }
}

/// Cells from one corner to another, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellBox {
    /// The cell in the lower left corner.
    pub low: Cell,
    /// The cell in the upper right corner.
    pub high: Cell,
}

impl CellBox {
    /// The cells that anything within `reach` subunits of a place along each axis is in.
    #[must_use]
    pub const fn around(x: i32, y: i32, reach: i32) -> Self {
        Self {
            low: Cell::of(x.saturating_sub(reach), y.saturating_sub(reach)),
            high: Cell::of(x.saturating_add(reach), y.saturating_add(reach)),
        }
    }

    /// Whether a cell is one of them.
    #[must_use]
    pub const fn contains(&self, cell: Cell) -> bool {
        self.low.row <= cell.row
            && cell.row <= self.high.row
            && self.low.column <= cell.column
            && cell.column <= self.high.column
    }

    /// The same without its outermost cells on each side, as far as these are not at or beyond `middle`.
    #[must_use]
    pub const fn toward(self, middle: Cell) -> Self {
        const fn closer(edge: u8, middle: u8) -> u8 {
            if edge < middle {
                edge + 1
            } else if edge > middle {
                edge - 1
            } else {
                edge
            }
        }
        Self {
            low: Cell { row: closer(self.low.row, middle.row), column: closer(self.low.column, middle.column) },
            high: Cell { row: closer(self.high.row, middle.row), column: closer(self.high.column, middle.column) },
        }
    }

    /// All of them, row by row.
    pub fn cells(self) -> impl Iterator<Item = Cell> {
        (self.low.row..=self.high.row)
            .flat_map(move |row| (self.low.column..=self.high.column).map(move |column| Cell { row, column }))
    }
}

/// Where something is in its cell, where it looks and how it fares, in 32 bits: from the lowest, ten bits along x and ten
/// along y in steps of 9 subunits (3.5 cm) from [`CELL_MARGIN`] before its corner on, eight of heading (1/256 turns), four of health (fifteenths, rounded up).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Motion(pub u32);

impl Motion {
    /// Packs it. A place that is further out of the cell than [`CELL_MARGIN`] is moved in as far.
    #[must_use]
    #[inline]
    pub const fn new(cell: Cell, (x, y): (i32, i32), heading: u8, hp_band: u8) -> Self {
        let (left, bottom) = cell.corner();
        let (x, y) = (coarse(x.saturating_sub(left)), coarse(y.saturating_sub(bottom)));
        Self(x | y << AXIS_BITS | (heading as u32) << (2 * AXIS_BITS) | (hp_band as u32 & 15) << (2 * AXIS_BITS + 8))
    }

    /// The middle of the square of 3.5 cm it is in, in subunits.
    #[must_use]
    pub const fn place(self, cell: Cell) -> (i32, i32) {
        let (left, bottom) = cell.corner();
        (left + fine(self.0), bottom + fine(self.0 >> AXIS_BITS))
    }

    /// Where it looks, in 1/256 turns.
    #[must_use]
    pub const fn heading(self) -> u8 {
        (self.0 >> (2 * AXIS_BITS)) as u8
    }

    /// Health in 1/15 of its whole, rounded up; 0 for what has none.
    #[must_use]
    pub const fn hp_band(self) -> u8 {
        (self.0 >> (2 * AXIS_BITS + 8)) as u8
    }
}

const fn coarse(within: i32) -> u32 {
    const BEYOND: i32 = STEP << AXIS_BITS;
    let within = within.saturating_add(CELL_MARGIN);
    let within = if within < 0 {
        0
    } else if within >= BEYOND {
        BEYOND - 1
    } else {
        within
    };
    // Of what is not negative the division is one multiplication.
    within as u32 / STEP as u32
}

const fn fine(packed: u32) -> i32 {
    (packed & ((1 << AXIS_BITS) - 1)) as i32 * STEP + STEP / 2 - CELL_MARGIN
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_comes_back_to_within_three_centimetres(x in 0..256 * CELL, y in 0..256 * CELL, heading: u8, band in 0_u8..16) {
            let cell = Cell::of(x, y);
            let motion = Motion::new(cell, (x, y), heading, band);
            let (near_x, near_y) = motion.place(cell);
            prop_assert!(near_x.abs_diff(x) <= 4 && near_y.abs_diff(y) <= 4, "({near_x}, {near_y}) is not near ({x}, {y})");
            prop_assert_eq!((motion.heading(), motion.hp_band()), (heading, band));
            prop_assert_eq!(Motion::new(cell, motion.place(cell), heading, band), motion, "packing again changes nothing");
        }

        #[test]
        fn a_place_a_little_out_of_a_cell_is_told_as_well(
            (row, column) in (1_u8..255, 1_u8..255), dx in -CELL_MARGIN..CELL + CELL_MARGIN, dy in -CELL_MARGIN..CELL + CELL_MARGIN,
        ) {
            let cell = Cell { row, column };
            let (left, bottom) = cell.corner();
            let (x, y) = (left + dx, bottom + dy);
            prop_assert!(cell.keeps(x, y) && !cell.keeps(left - CELL_MARGIN - 1, y) && !cell.keeps(x, bottom + CELL + CELL_MARGIN));
            let (near_x, near_y) = Motion::new(cell, (x, y), 0, 0).place(cell);
            prop_assert!(near_x.abs_diff(x) <= 4 && near_y.abs_diff(y) <= 4, "({near_x}, {near_y}) is not near ({x}, {y})");
        }

        #[test]
        fn no_place_is_beyond_packing(x: i32, y: i32, reach in 0_i32..1_000_000) {
            let cell = Cell::of(x, y);
            let _ = Motion::new(cell, (x, y), 0, 0).place(cell);
            prop_assert!(CellBox::around(x, y, reach).contains(cell));
        }
    }
}
