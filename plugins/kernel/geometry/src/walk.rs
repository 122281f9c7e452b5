//! Where a body that walks is a tick later.

use crate::turn::step;
use crate::{Obstacles, Position};

/// Where a body of this radius is after one tick that wants to walk in a direction (1/65536 turns), at a share (0–100 %)
/// of its full speed (subunits a tick). Servers move bodies by it, and clients predict by it.
#[must_use]
pub fn walked(obstacles: &Obstacles, from: Position, direction: u16, percent: u8, speed: i32, radius: i32) -> Position {
    let length = i64::from(speed.max(0)) * i64::from(percent.min(100)) / 100;
    if length == 0 {
        return from;
    }
    let (dx, dy) = step(direction, length as i32);
    obstacles.slide(from, dx, dy, radius)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::turn::distance;

    proptest! {
        #[test]
        fn nobody_is_faster_than_full_speed(direction: u16, percent: u8, speed in 0..600) {
            let start = Position { x: 100_000, y: 100_000 };
            let end = walked(&Obstacles::default(), start, direction, percent, speed, 90);
            prop_assert!(distance(start, end) <= speed + 1, "{speed} allowed, {} gone", distance(start, end));
        }

        #[test]
        fn a_full_stride_uses_the_full_speed(direction: u16, speed in 1..600) {
            let start = Position { x: 100_000, y: 100_000 };
            let end = walked(&Obstacles::default(), start, direction, 100, speed, 90);
            prop_assert!(distance(start, end) >= speed - 2, "{speed} allowed, {} gone", distance(start, end));
        }
    }
}
