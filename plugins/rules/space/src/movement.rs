//! Strides become places.

use bevy_ecs::prelude::{Query, Res};
use hypogeum_geometry::{Obstacles, Position, walked};

use crate::{Body, MoveIntent, MoveSpeed};

/// Everyone walks. Bodies do not block one another, so the order does not matter.
pub(crate) fn walk(obstacles: Res<Obstacles>, mut walkers: Query<(&mut Position, &MoveIntent, &MoveSpeed, &Body)>) {
    for (mut position, move_intent, move_speed, body) in &mut walkers {
        if move_intent.percent == 0 || move_speed.speed <= 0 {
            continue;
        }
        let next =
            walked(&obstacles, *position, move_intent.direction, move_intent.percent, move_speed.speed, body.radius);
        if next != *position {
            *position = next;
        }
    }
}
