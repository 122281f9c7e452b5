//! Strides become places.

use bevy_ecs::prelude::{Query, Res};
use hypogeum_geometry::{Obstacles, Position, walked};

use crate::{Body, MoveIntent, MoveSpeed};

/// Everyone walks. Bodies do not block one another, so the order does not matter.
pub(crate) fn walk(obstacles: Res<Obstacles>, mut walkers: Query<(&mut Position, &MoveIntent, &MoveSpeed, &Body)>) {
    for (mut position, stride, gait, body) in &mut walkers {
        if stride.percent == 0 || gait.speed <= 0 {
            continue;
        }
        let next = walked(&obstacles, *position, stride.direction, stride.percent, gait.speed, body.radius);
        if next != *position {
            *position = next;
        }
    }
}
