//! The way to a goal.

use hypogeum_space::turn::distance;
use hypogeum_space::{METRE, Paths, Position};

use crate::Brain;
use crate::activity::THERE;
use crate::senses::Scene;

/// Cells opened in one search of a way: three or four corners. Farther ways are found bit by bit.
const PATH_BUDGET: u32 = 400;
/// How far a goal may move before the way to it is searched again.
const DRIFT: i32 = 2 * METRE;

/// Sets where to walk: straight where nothing stands in the way, else along a way around, kept while it is good.
pub(super) fn set_goal(
    scene: &Scene<'_, '_, '_>,
    paths: &mut Paths,
    brain: &mut Brain,
    at: Position,
    radius: i32,
    goal: Option<Position>,
) {
    let Some(goal) = goal else {
        brain.goal = None;
        return;
    };
    let kept = brain.goal.is_some_and(|old| distance(old, goal) <= DRIFT);
    if !kept {
        brain.goal_since_tick = scene.tick.0;
    }
    let way_is_good = kept
        && brain.goal != Some(brain.waypoint)
        && distance(at, brain.waypoint) > THERE
        && scene.obstacles.clear(at, brain.waypoint, radius);
    brain.goal = Some(goal);
    if scene.obstacles.clear(at, goal, radius) {
        brain.waypoint = goal;
    } else if !way_is_good {
        brain.waypoint = paths.next_waypoint(scene.obstacles, at, goal, PATH_BUDGET).unwrap_or(goal);
    }
}
