//! What stands in the way: boxes that stop bodies, shots and sight, found by cell.
//!
//! A body is a circle, but against boxes it counts as the square around it: a place is free where no box, grown by
//! the body's radius on all sides, holds it. Touching an edge is free. All answers are exact in whole numbers.

mod grown;
mod index;
mod slide;

#[cfg(test)]
mod tests;

use hypogeum_protocol::Block;
use serde::{Deserialize, Serialize};

use crate::turn::{distance, step};
use crate::{METRE, Position};

pub(crate) use grown::Grown;
use index::Index;

/// Side of the plain a shard has before anyone lays out its map.
const SIDE_DEFAULT: i32 = 1_000 * METRE;
/// Longest side of a map: everything about it fits 32 bits with room to spare.
const SIDE_MAX: i32 = 4_096 * METRE;

/// The map's side and its boxes. The owner of the map replaces it whole; it never changes in parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "shard", derive(bevy_ecs::resource::Resource))]
#[serde(from = "Image")]
pub struct Obstacles {
    side: i32,
    blocks: Vec<Block>,
    #[serde(skip)]
    index: Index,
}

/// What a snapshot holds of it: the index is built again.
#[derive(Deserialize)]
struct Image {
    side: i32,
    blocks: Vec<Block>,
}

impl From<Image> for Obstacles {
    fn from(image: Image) -> Self {
        Self::new(image.side, image.blocks)
    }
}

impl Default for Obstacles {
    fn default() -> Self {
        Self::new(SIDE_DEFAULT, Vec::new())
    }
}

impl Obstacles {
    /// A map of this side (0 to 4,096 m in subunits, else the nearest) with these boxes.
    #[must_use]
    pub fn new(side: i32, blocks: Vec<Block>) -> Self {
        let side = side.clamp(0, SIDE_MAX);
        let index = Index::of(side, &blocks);
        Self { side, blocks, index }
    }

    /// Side of the square map in subunits.
    #[must_use]
    pub const fn side(&self) -> i32 {
        self.side
    }

    /// The boxes, as given.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Whether a body of this radius can stand there: on the map and in no box.
    #[must_use]
    pub fn free(&self, at: Position, radius: i32) -> bool {
        let on_map = radius..=self.side.saturating_sub(radius);
        on_map.contains(&at.x) && on_map.contains(&at.y) && self.clear(at, at, radius)
    }

    /// Whether a body of this radius can go straight from one place to the other.
    #[must_use]
    pub fn clear(&self, from: Position, to: Position, radius: i32) -> bool {
        if self.open_between(from, to, radius) {
            return true;
        }
        let mut clear = true;
        self.index.cells.along(from, to, radius, |cell| {
            clear = !self.in_cell(cell, radius).any(|block| block.cut_by(from, to));
            clear
        });
        clear
    }

    /// Whether one place can be seen from the other; the same both ways.
    #[must_use]
    pub fn sight(&self, from: Position, to: Position) -> bool {
        self.clear(from, to, 0)
    }

    /// How far something of this radius gets from one place straight to the other before a box stops it, in subunits,
    /// rounded down; `None` where nothing does.
    #[must_use]
    pub fn stopped_after(&self, from: Position, to: Position, radius: i32) -> Option<i32> {
        if self.open_between(from, to, radius) {
            return None;
        }
        let length = distance(from, to);
        let mut stopped: Option<i32> = None;
        self.index.cells.along(from, to, radius, |cell| {
            for block in self.in_cell(cell, radius).filter(|block| block.cut_by(from, to)) {
                let reached = block.reached_after(from, to, length);
                stopped = Some(stopped.map_or(reached, |stopped| stopped.min(reached)));
            }
            true
        });
        stopped
    }

    /// How far a ray gets before the first box; `range` where there is none.
    #[must_use]
    pub fn ray(&self, from: Position, direction: u16, range: i32) -> i32 {
        self.stopped_after(from, beyond(from, direction, range), 0).map_or(range, |stopped| stopped.min(range))
    }

    /// Whether nothing is anywhere near a short way; `false` says nothing.
    #[inline]
    fn open_between(&self, from: Position, to: Position, radius: i32) -> bool {
        let away = from.x.abs_diff(to.x).max(from.y.abs_diff(to.y));
        let reach = i32::try_from(away).unwrap_or(i32::MAX).saturating_add(radius.max(0));
        self.index.is_open(from, reach)
    }

    /// The boxes that may cut a line between two places that are at most `radius` from these along each axis; some of them
    /// more than once.
    pub(crate) fn visit_boxes_along(&self, from: Position, to: Position, radius: i32, mut visit: impl FnMut(Grown)) {
        if self.open_between(from, to, radius) {
            return;
        }
        self.index.cells.along(from, to, radius, |cell| {
            let blocks = self.index.numbers(cell).iter().filter_map(|number| self.blocks.get(*number as usize));
            for block in blocks.filter(|block| Grown::new(**block, radius).cut_by(from, to)) {
                visit(Grown::new(*block, 0));
            }
            true
        });
    }

    #[inline]
    fn in_cell(&self, cell: usize, radius: i32) -> impl Iterator<Item = Grown> {
        let blocks = self.index.numbers(cell).iter().filter_map(|number| self.blocks.get(*number as usize));
        blocks.map(move |block| Grown::new(*block, radius))
    }
}

/// The place `range` away in a direction.
#[must_use]
pub fn beyond(from: Position, direction: u16, range: i32) -> Position {
    let (dx, dy) = step(direction, range);
    Position { x: from.x.saturating_add(dx), y: from.y.saturating_add(dy) }
}
