//! What is within sight, and what stands before it.

use hypogeum_content::def::InterestRule;
use hypogeum_protocol::NetId;
use hypogeum_protocol::lane::{CELL, CELL_MARGIN, Cell, CellBox};
use hypogeum_space::{Obstacles, Position, turn};

use super::{NOWHERE, Viewer};
use crate::pages::{Page, Slots};
use crate::scene::Scene;
use crate::things::Area;

/// How much further than sight what is shown already stays shown: 4 m. To come and go by turns takes 8 m, which is more than a
/// second for someone who walks. It widens the distance alone: what stands behind a wall is hidden at once.
pub(super) const SIGHT_MARGIN: i32 = 1_024;

/// Squares of the distances at which something comes into sight, and at which it leaves it.
pub(super) fn limits_squared(sight: i32, extent: i32) -> (u64, u64) {
    let enter = u64::from(sight.unsigned_abs()) + u64::from(extent.unsigned_abs());
    let leave = enter + u64::from(SIGHT_MARGIN.unsigned_abs());
    (enter * enter, leave * leave)
}

impl Viewer {
    /// The cells of interest, which those of the last time stay a little longer than others come.
    pub(super) fn cells_of_interest(&self, eye: Position, reach: i32, within_reach: CellBox) -> CellBox {
        if self.interest == InterestRule::Exact {
            // What may be shown of them is at the things' own distance to say; a thing may count to the next cell.
            return CellBox::around(eye.x, eye.y, reach.saturating_add(SIGHT_MARGIN + CELL_MARGIN));
        }
        let (CellBox { low, high }, was) = (within_reach, self.followed.0);
        if was == NOWHERE || was == within_reach {
            return within_reach;
        }
        let most = CellBox::around(eye.x, eye.y, reach.saturating_add(SIGHT_MARGIN));
        CellBox {
            low: Cell {
                row: low.row.min(was.low.row.max(most.low.row)),
                column: low.column.min(was.low.column.max(most.low.column)),
            },
            high: Cell {
                row: high.row.max(was.high.row.min(most.high.row)),
                column: high.column.max(was.high.column.min(most.high.column)),
            },
        }
    }

    /// The cells of what is within reach now, without those that only stay for a while.
    pub(super) fn cells_within(&self, eye: Position, reach: i32) -> CellBox {
        match self.interest {
            InterestRule::Cells => CellBox::around(eye.x, eye.y, reach),
            // A thing may count to the next cell.
            InterestRule::Exact => CellBox::around(eye.x, eye.y, reach.saturating_add(CELL_MARGIN)),
        }
    }

    /// The slots of a page that are seen, each tested for itself: those of `shown`, which were seen before, a little further.
    #[inline]
    pub(super) fn view(sight: i32, (page, slots, shown): (&Page, &Slots, u64), eye: Position) -> u64 {
        if Self::reaches_all_of(sight, eye, page.cell) {
            return page.occupied;
        }
        let sight = sight.unsigned_abs();
        let (near, far) = slots.within(eye, sight, sight + SIGHT_MARGIN.unsigned_abs());
        (near | far & shown) & page.occupied
    }

    pub(super) fn within(&self, eye: Position, place: Position) -> bool {
        turn::distance_squared(eye, place) <= limits_squared(self.sight, 0).0
    }

    /// The areas that are perceived: those that were before, a little further.
    pub(super) fn areas<'a>(
        &mut self,
        scene: &'a Scene,
        eye: Position,
        shown: &mut Vec<NetId>,
        mut show: impl FnMut(&'a Area),
    ) {
        shown.clear();
        for area in &scene.areas {
            let (enter, leave) = limits_squared(self.sight, area.extent);
            let distance = turn::distance_squared(eye, area.at);
            if distance <= enter || distance <= leave && self.areas_shown.binary_search(&area.id).is_ok() {
                shown.push(area.id);
                show(area);
            }
        }
        core::mem::swap(&mut self.areas_shown, shown);
    }

    /// Whether sight reaches the farthest place that counts to a cell.
    pub(super) fn reaches_all_of(sight: i32, eye: Position, cell: Cell) -> bool {
        let (left, bottom) = cell.corner();
        let far = |at: i32, low: i32| at.abs_diff(low - CELL_MARGIN).max(at.abs_diff(low + CELL + CELL_MARGIN));
        let (x, y) = (u64::from(far(eye.x, left)), u64::from(far(eye.y, bottom)));
        let reach = u64::from(sight.unsigned_abs());
        x * x + y * y <= reach * reach
    }

    /// Whether a place is seen, by the same rule as things are.
    pub(super) fn sees(&self, eye: Position, place: Position, scene: &Scene, obstacles: &Obstacles) -> bool {
        let there = Cell::of(place.x, place.y);
        let clear = scene.sightlines.clear(obstacles, self.home, there);
        let reached = match self.interest {
            InterestRule::Cells if clear => CellBox::around(eye.x, eye.y, self.sight).contains(there),
            InterestRule::Cells | InterestRule::Exact => self.within(eye, place),
        };
        reached && (clear || obstacles.sight(eye, place))
    }
}
