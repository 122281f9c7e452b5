//! What is within sight, and what stands before it.

use hypogeum_content::def::InterestRule;
use hypogeum_protocol::lane::{CELL, Cell, CellBox, PAGE_SLOTS};
use hypogeum_space::{Obstacles, Position, turn};

use super::Viewer;
use crate::pages::Page;
use crate::scene::Scene;

impl Viewer {
    /// The slots of a page that are seen, each tested for itself.
    pub(super) fn view(&self, page: &Page, eye: Position, obstacles: &Obstacles, clear: bool) -> u64 {
        let mut view = 0;
        for slot in 0..PAGE_SLOTS {
            view |= u64::from(self.within(eye, page.place(slot), 0)) << slot;
        }
        view &= page.occupied;
        if !clear {
            let mut left = view;
            while left != 0 {
                let slot = left.trailing_zeros() as usize;
                left &= left - 1;
                if !obstacles.sight(eye, page.place(slot)) {
                    view &= !(1 << slot);
                }
            }
        }
        view
    }

    pub(super) fn within(&self, eye: Position, place: Position, extent: i32) -> bool {
        let reach = u64::from(self.sight.unsigned_abs()) + u64::from(extent.unsigned_abs());
        turn::distance_squared(eye, place) <= reach * reach
    }

    /// Whether sight reaches the farthest corner of a cell.
    pub(super) fn reaches_all_of(&self, eye: Position, cell: Cell) -> bool {
        let (left, bottom) = cell.corner();
        let far = |at: i32, low: i32| at.abs_diff(low).max(at.abs_diff(low + CELL));
        let (x, y) = (u64::from(far(eye.x, left)), u64::from(far(eye.y, bottom)));
        let reach = u64::from(self.sight.unsigned_abs());
        x * x + y * y <= reach * reach
    }

    /// Whether a place is seen, by the same rule as things are.
    pub(super) fn sees(&self, eye: Position, place: Position, scene: &Scene, obstacles: &Obstacles) -> bool {
        let (home, there) = (Cell::of(eye.x, eye.y), Cell::of(place.x, place.y));
        let clear = scene.sightlines.clear(obstacles, home, there);
        let reached = match self.interest {
            InterestRule::Cells if clear => CellBox::around(eye.x, eye.y, self.sight).contains(there),
            InterestRule::Cells | InterestRule::Exact => self.within(eye, place, 0),
        };
        reached && (clear || obstacles.sight(eye, place))
    }
}
