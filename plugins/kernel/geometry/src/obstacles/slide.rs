//! Where a body gets to that walks: along what stands in its way.

use super::Obstacles;
use crate::{METRE, Position};

/// Longest stretch of a slide taken at once, so that a fast body cuts no corner.
const SLIDE_STEP: i32 = METRE / 2;

/// Stretches of one slide at most: more than the fastest body needs in the slowest tick.
const STRETCHES_MAX: u32 = 64;

impl Obstacles {
    /// Where a body ends up that wants to go `(dx, dy)` further: it stops at boxes and at the map's edge, and slides
    /// along them. One that stands in a box may leave it.
    #[must_use]
    pub fn slide(&self, from: Position, dx: i32, dy: i32, radius: i32) -> Position {
        let on_map = |at: Position| self.on_map(at.x, radius) == at.x && self.on_map(at.y, radius) == at.y;
        let to = Position { x: from.x.saturating_add(dx), y: from.y.saturating_add(dy) };
        if on_map(from) && self.open_between(from, to, radius) {
            return Position { x: self.on_map(to.x, radius), y: self.on_map(to.y, radius) };
        }
        self.slide_by_stretches(from, dx, dy, radius)
    }

    pub(super) fn slide_by_stretches(&self, from: Position, dx: i32, dy: i32, radius: i32) -> Position {
        let stretches = (dx.unsigned_abs().max(dy.unsigned_abs()) / SLIDE_STEP as u32 + 1).min(STRETCHES_MAX);
        let (mut at, mut gone) = (from, (0, 0));
        for stretch in 1..=i64::from(stretches) {
            let part = |whole: i32| (i64::from(whole) * stretch / i64::from(stretches)) as i32;
            let next = (part(dx), part(dy));
            at = self.slide_along_x(at, next.0 - gone.0, radius);
            at = self.slide_along_y(at, next.1 - gone.1, radius);
            gone = next;
        }
        at
    }

    fn slide_along_x(&self, from: Position, dx: i32, radius: i32) -> Position {
        let mut x = self.on_map(from.x.saturating_add(dx), radius);
        let to = Position { x, ..from };
        self.index.cells.along(from, to, radius, |cell| {
            for block in self.in_cell(cell, radius) {
                let beside = block.y_min < i64::from(from.y) && i64::from(from.y) < block.y_max;
                x = if beside { stop(from.x, x, block.x_min, block.x_max) } else { x };
            }
            true
        });
        Position { x, ..from }
    }

    fn slide_along_y(&self, from: Position, dy: i32, radius: i32) -> Position {
        let mut y = self.on_map(from.y.saturating_add(dy), radius);
        let to = Position { y, ..from };
        self.index.cells.along(from, to, radius, |cell| {
            for block in self.in_cell(cell, radius) {
                let beside = block.x_min < i64::from(from.x) && i64::from(from.x) < block.x_max;
                y = if beside { stop(from.y, y, block.y_min, block.y_max) } else { y };
            }
            true
        });
        Position { y, ..from }
    }

    fn on_map(&self, coordinate: i32, radius: i32) -> i32 {
        coordinate.min(self.side.saturating_sub(radius)).max(radius)
    }
}

/// How far one gets from `from` toward `to` when `min..max` is in the way; who stands inside may leave.
fn stop(from: i32, to: i32, min: i64, max: i64) -> i32 {
    let (start, end) = (i64::from(from), i64::from(to));
    if start <= min && min < end {
        min as i32
    } else if end < max && max <= start {
        max as i32
    } else {
        to
    }
}
