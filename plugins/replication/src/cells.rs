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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_within_the_radius_is_missed(
            mut places in prop::collection::vec((-200_000_i32..200_000, -200_000_i32..200_000), 0..200),
            (x, y) in (-200_000_i32..200_000, -200_000_i32..200_000),
            radius in 0_i32..60_000,
        ) {
            places.sort_unstable_by_key(|&(x, y)| cell_of(Position { x, y }));
            let cells: Vec<Cell> = places.iter().map(|&(x, y)| cell_of(Position { x, y })).collect();
            let found: Vec<_> = stretches(&cells, Position { x, y }, radius).flat_map(|stretch| places[stretch].to_vec()).collect();
            let near = |place: &&(i32, i32)| place.0.abs_diff(x) <= radius as u32 && place.1.abs_diff(y) <= radius as u32;
            for place in places.iter().filter(near) {
                prop_assert!(found.contains(place), "{place:?} is near and not found");
            }
            prop_assert!(found.len() <= places.len(), "nothing is found twice");
        }
    }
}
