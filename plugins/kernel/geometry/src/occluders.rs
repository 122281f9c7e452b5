//! What may hide one region from another, looked up once for many lines of sight.

use crate::obstacles::Grown;
use crate::{Obstacles, Position};

/// The boxes that may stand between two regions. Anyone who asks for many lines of sight from one region to the other
/// gathers them once; each line is then tested against these few boxes alone. Gathering again uses the same buffer.
///
/// ```
/// use hypogeum_geometry::{METRE, Obstacles, Occluders, Position};
/// use hypogeum_protocol::Block;
///
/// let at = |x: i32, y: i32| Position { x: x * METRE, y: y * METRE };
/// let wall = Block { x_min: 10 * METRE, y_min: 0, x_max: 11 * METRE, y_max: 10 * METRE };
/// let obstacles = Obstacles::new(40 * METRE, vec![wall]);
/// let mut occluders = Occluders::default();
/// occluders.gather(&obstacles, at(4, 8), at(20, 12), 8 * METRE);
/// assert!(occluders.hide(at(2, 5), at(20, 5)), "the wall stands between");
/// assert!(!occluders.hide(at(2, 12), at(12, 20)), "this line passes above it");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Occluders {
    boxes: Vec<Grown>,
}

impl Occluders {
    /// Finds the boxes that may cut a line between any two places that are at most `radius` subunits from `from` and from
    /// `to` along each axis.
    pub fn gather(&mut self, obstacles: &Obstacles, from: Position, to: Position, radius: i32) {
        self.boxes.clear();
        obstacles.visit_boxes_along(from, to, radius, |found| {
            if !self.boxes.contains(&found) {
                self.boxes.push(found);
            }
        });
    }

    /// Whether one of them hides a place of one region from a place of the other; what [`Obstacles::sight`] denies.
    #[must_use]
    pub fn hide(&self, eye: Position, place: Position) -> bool {
        self.boxes.iter().any(|found| found.cut_by(eye, place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::METRE;
    use hypogeum_protocol::Block;
    use proptest::prelude::*;

    const SIDE: i32 = 200 * METRE;

    proptest! {
        #[test]
        fn between_the_regions_they_hide_what_is_not_seen_and_nothing_else(
            blocks in prop::collection::vec((0..SIDE, 0..SIDE, 1..20 * METRE, 1..20 * METRE), 0..30),
            from in (0..SIDE, 0..SIDE),
            to in (0..SIDE, 0..SIDE),
            radius in 0..30 * METRE,
            spots in prop::collection::vec(prop::array::uniform4(-1.0..=1.0_f64), 16),
        ) {
            let block = |(x, y, wide, high)| Block { x_min: x, y_min: y, x_max: x + wide, y_max: y + high };
            let obstacles = Obstacles::new(SIDE, blocks.into_iter().map(block).collect());
            let (from, to) = (Position { x: from.0, y: from.1 }, Position { x: to.0, y: to.1 });
            let off = |at: Position, right: f64, up: f64| {
                let by = |share: f64| (share * f64::from(radius)) as i32;
                Position { x: at.x + by(right), y: at.y + by(up) }
            };
            let mut occluders = Occluders::default();
            for (from, to) in [(from, to), (to, from), (from, from)] {
                occluders.gather(&obstacles, from, to, radius);
                for [right, up, to_right, to_up] in &spots {
                    let (eye, place) = (off(from, *right, *up), off(to, *to_right, *to_up));
                    prop_assert_eq!(occluders.hide(eye, place), !obstacles.sight(eye, place), "{:?} to {:?}", eye, place);
                }
            }
        }
    }
}
