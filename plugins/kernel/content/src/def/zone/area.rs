//! Where rooms lie, and the edges that they share.

use serde::{Deserialize, Serialize};

/// A rectangle of ground, in metres from the zone's corner of the smallest coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AreaDef {
    /// Its left edge, in metres.
    pub x: u32,
    /// Its lower edge, in metres.
    pub y: u32,
    /// From its left edge to its right one, in metres, at least 3.
    pub width: u32,
    /// From its lower edge to its upper one, in metres, at least 3.
    pub height: u32,
}

/// Which way an edge runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Along y, at one x.
    Vertical,
    /// Along x, at one y.
    Horizontal,
}

/// The edge that two areas have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedEdge {
    /// Which way it runs.
    pub axis: Axis,
    /// The coordinate that all of it has: x of a vertical edge, y of a horizontal one.
    pub at_m: u32,
    /// Where it begins along its axis.
    pub from_m: u32,
    /// Where it ends along its axis, more than `from_m`.
    pub to_m: u32,
}

impl AreaDef {
    /// Its right edge, in metres; saturates, so that numbers beyond all ranges do no harm.
    #[must_use]
    pub const fn right_m(&self) -> u32 {
        self.x.saturating_add(self.width)
    }

    /// Its upper edge, in metres; saturates.
    #[must_use]
    pub const fn top_m(&self) -> u32 {
        self.y.saturating_add(self.height)
    }

    /// Whether some ground is in both. Areas that only touch do not overlap.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let is_across = self.x.max(other.x) < self.right_m().min(other.right_m());
        is_across && self.y.max(other.y) < self.top_m().min(other.top_m())
    }

    /// The edge where this area and another one touch; none where they lie apart, overlap, or meet in a corner only.
    #[must_use]
    pub fn shared_edge(&self, other: &Self) -> Option<SharedEdge> {
        let (left, right) = (self.x.max(other.x), self.right_m().min(other.right_m()));
        let (low, high) = (self.y.max(other.y), self.top_m().min(other.top_m()));
        if left == right && low < high {
            Some(SharedEdge { axis: Axis::Vertical, at_m: left, from_m: low, to_m: high })
        } else if low == high && left < right {
            Some(SharedEdge { axis: Axis::Horizontal, at_m: low, from_m: left, to_m: right })
        } else {
            None
        }
    }
}

impl SharedEdge {
    /// Wall that stays at each end of an edge, unless the opening takes all of it.
    pub const POST_CM: u32 = 50;

    /// Its length.
    #[must_use]
    pub const fn length_cm(&self) -> u32 {
        self.to_m.saturating_sub(self.from_m).saturating_mul(100)
    }

    /// Whether an opening of this width fits: [`SharedEdge::POST_CM`] stay at each end, or it takes the whole edge.
    #[must_use]
    pub const fn fits(&self, width_cm: u32) -> bool {
        let length_cm = self.length_cm();
        width_cm == length_cm || width_cm <= length_cm.saturating_sub(2 * Self::POST_CM)
    }

    /// Where an opening of this width begins and ends along the axis, in centimetres from the zone's corner: about the
    /// middle of the edge. For a width that fits.
    #[must_use]
    pub const fn opening_cm(&self, width_cm: u32) -> (u32, u32) {
        let from_cm = self.from_m.saturating_mul(100).saturating_add(self.length_cm().saturating_sub(width_cm) / 2);
        (from_cm, from_cm.saturating_add(width_cm))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: AreaDef = AreaDef { x: 10, y: 10, width: 20, height: 10 };

    fn area(x: u32, y: u32, width: u32, height: u32) -> AreaDef {
        AreaDef { x, y, width, height }
    }

    #[test]
    fn rooms_side_by_side_share_an_upright_edge() {
        let edge = Some(SharedEdge { axis: Axis::Vertical, at_m: 30, from_m: 12, to_m: 20 });
        let east = area(30, 12, 5, 40);
        assert_eq!(SQUARE.shared_edge(&east), edge, "as far as both reach");
        assert_eq!(east.shared_edge(&SQUARE), edge, "whichever of them is asked");
        assert!(!SQUARE.overlaps(&east), "what only touches does not overlap");
    }

    #[test]
    fn a_room_above_another_shares_a_level_edge() {
        let edge = SharedEdge { axis: Axis::Horizontal, at_m: 20, from_m: 10, to_m: 15 };
        assert_eq!(SQUARE.shared_edge(&area(0, 20, 15, 5)), Some(edge), "as far as both reach");
    }

    #[test]
    fn rooms_apart_overlapping_or_at_a_corner_share_none() {
        assert_eq!(SQUARE.shared_edge(&area(31, 10, 5, 10)), None, "a metre lies between them");
        assert_eq!(SQUARE.shared_edge(&area(30, 20, 5, 5)), None, "a corner is no edge");
        assert_eq!(SQUARE.shared_edge(&area(29, 10, 5, 10)), None, "they overlap");
        assert!(SQUARE.overlaps(&area(29, 10, 5, 10)), "by a metre");
        assert!(SQUARE.overlaps(&SQUARE), "an area overlaps itself");
    }

    #[test]
    fn an_opening_leaves_a_post_at_each_end_or_no_wall_at_all() {
        let edge = SharedEdge { axis: Axis::Vertical, at_m: 0, from_m: 2, to_m: 6 };
        assert!(edge.fits(300), "half a metre stays at each end");
        assert!(!edge.fits(301), "a thinner post does not stand");
        assert!(edge.fits(400), "all of it leaves no post");
        assert!(!edge.fits(401), "nothing is wider than its wall");
    }

    #[test]
    fn an_opening_lies_in_the_middle() {
        let edge = SharedEdge { axis: Axis::Horizontal, at_m: 0, from_m: 2, to_m: 6 };
        assert_eq!(edge.opening_cm(200), (300, 500), "a metre of wall on both sides");
        assert_eq!(edge.opening_cm(400), (200, 600), "or all of it");
    }

    #[test]
    fn numbers_beyond_all_ranges_do_no_harm() {
        let huge = area(u32::MAX, 0, u32::MAX, u32::MAX);
        assert_eq!(SQUARE.shared_edge(&huge), None, "it begins where this one has ended");
        assert!(!SQUARE.overlaps(&huge), "and lies elsewhere");
    }
}
