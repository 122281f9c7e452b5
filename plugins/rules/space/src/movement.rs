//! Strides become places.

use bevy_ecs::prelude::{Query, Res};

use crate::turn::step;
use crate::{Body, Gait, Obstacles, Position, Stride};

/// Where a stride takes a body in one tick. Clients predict with the same function.
#[must_use]
pub fn walked(obstacles: &Obstacles, from: Position, stride: Stride, speed: i32, radius: i32) -> Position {
    let length = i64::from(speed.max(0)) * i64::from(stride.percent.min(100)) / 100;
    if length == 0 {
        return from;
    }
    let (dx, dy) = step(stride.direction, length as i32);
    obstacles.slide(from, dx, dy, radius)
}

/// Everyone walks. Bodies do not block one another, so the order does not matter.
pub(crate) fn walk(obstacles: Res<Obstacles>, mut walkers: Query<(&mut Position, &Stride, &Gait, &Body)>) {
    for (mut position, stride, gait, body) in &mut walkers {
        if stride.percent == 0 || gait.speed <= 0 {
            continue;
        }
        let next = walked(&obstacles, *position, *stride, gait.speed, body.radius);
        if next != *position {
            *position = next;
        }
    }
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
            let end = walked(&Obstacles::default(), start, Stride { direction, percent }, speed, 90);
            prop_assert!(distance(start, end) <= speed + 1, "{speed} allowed, {} gone", distance(start, end));
        }

        #[test]
        fn a_full_stride_uses_the_full_speed(direction: u16, speed in 1..600) {
            let start = Position { x: 100_000, y: 100_000 };
            let end = walked(&Obstacles::default(), start, Stride { direction, percent: 100 }, speed, 90);
            prop_assert!(distance(start, end) >= speed - 2, "{speed} allowed, {} gone", distance(start, end));
        }
    }
}
