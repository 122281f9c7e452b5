//! A box as it stands in the way of a body: grown by the body's radius.

use hypogeum_protocol::Block;

use crate::Position;

/// A block grown by a body's radius, in numbers that cannot overflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grown {
    pub(super) x_min: i64,
    pub(super) y_min: i64,
    pub(super) x_max: i64,
    pub(super) y_max: i64,
}

impl Grown {
    #[inline]
    pub(super) fn new(block: Block, radius: i32) -> Self {
        let radius = i64::from(radius);
        Self {
            x_min: i64::from(block.x_min) - radius,
            y_min: i64::from(block.y_min) - radius,
            x_max: i64::from(block.x_max) + radius,
            y_max: i64::from(block.y_max) + radius,
        }
    }

    #[inline]
    fn holds(self, at: Position) -> bool {
        let (x, y) = (i64::from(at.x), i64::from(at.y));
        self.x_min < x && x < self.x_max && self.y_min < y && y < self.y_max
    }

    /// Whether a line passes through the inside: neither an axis nor the line itself separates the two.
    #[inline]
    pub(crate) fn cut_by(self, from: Position, to: Position) -> bool {
        let (x, y) = (i64::from(from.x), i64::from(from.y));
        let (dx, dy) = (i64::from(to.x) - x, i64::from(to.y) - y);
        if dx == 0 && dy == 0 {
            return self.holds(from);
        }
        if x.min(x + dx) >= self.x_max
            || x.max(x + dx) <= self.x_min
            || y.min(y + dy) >= self.y_max
            || y.max(y + dy) <= self.y_min
        {
            return false;
        }
        let side = |corner_x: i64, corner_y: i64| dx * (corner_y - y) - dy * (corner_x - x);
        let sides = [
            side(self.x_min, self.y_min),
            side(self.x_min, self.y_max),
            side(self.x_max, self.y_min),
            side(self.x_max, self.y_max),
        ];
        sides.iter().any(|side| *side > 0) && sides.iter().any(|side| *side < 0)
    }

    /// How much of a line of this length lies before the inside, rounded down; only for lines that cut it.
    #[inline]
    pub(super) fn reached_after(self, from: Position, to: Position, length: i32) -> i32 {
        let entry = |at: i64, by: i64, min: i64, max: i64| {
            let edge = if by > 0 { min - at } else { max - at };
            if by == 0 { 0 } else { (edge * i64::from(length)).div_euclid(by) }
        };
        let (x, y) = (i64::from(from.x), i64::from(from.y));
        let along_x = entry(x, i64::from(to.x) - x, self.x_min, self.x_max);
        let along_y = entry(y, i64::from(to.y) - y, self.y_min, self.y_max);
        along_x.max(along_y).clamp(0, i64::from(length)) as i32
    }
}
