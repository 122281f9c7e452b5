//! Which sides stand about where: tells with a few look-ups that no enemy is near.

use hypogeum_combat::Side;
use hypogeum_space::{METRE, Position};

/// Side of a square, in subunits.
const SQUARE: i32 = 16 * METRE;
/// The last side with a bit of its own; those behind it share one.
const OWN_BIT_MAX: u16 = 62;

/// The sides in each square of the ground, a bit each. Drawn from those who live, whenever somebody wants to know; never kept.
#[derive(Debug, Default)]
pub(crate) struct Sides {
    columns: i32,
    squares: Vec<u64>,
    /// Squares that are not empty.
    used: Vec<u32>,
}

impl Sides {
    /// Draws all fighters of a ground of this side.
    pub(crate) fn draw(&mut self, side: i32, fighters: impl Iterator<Item = (Position, Side)>) {
        let columns = side.max(0) / SQUARE + 1;
        if self.columns == columns {
            for square in self.used.drain(..) {
                self.squares[square as usize] = 0;
            }
        } else {
            self.columns = columns;
            self.used.clear();
            self.squares.clear();
            self.squares.resize((columns * columns) as usize, 0);
        }
        for (at, side) in fighters {
            let square = self.column(at.y) * self.columns + self.column(at.x);
            let bits = &mut self.squares[square as usize];
            if *bits == 0 {
                self.used.push(square.unsigned_abs());
            }
            *bits |= bit(side);
        }
    }

    fn column(&self, coordinate: i32) -> i32 {
        (coordinate / SQUARE).clamp(0, self.columns - 1)
    }

    /// Whether nobody of another side is within a distance of a place. May say no where nobody is: squares are coarse, and who
    /// has no side of its own is never sure.
    pub(crate) fn is_alone(&self, at: Position, reach: i32, own: Side) -> bool {
        let own = if (1..=OWN_BIT_MAX).contains(&own.0) { bit(own) } else { 0 };
        let (left, right) = (self.column(at.x.saturating_sub(reach)), self.column(at.x.saturating_add(reach)));
        let mut rows = self.column(at.y.saturating_sub(reach))..=self.column(at.y.saturating_add(reach));
        rows.all(|row| {
            let range = (row * self.columns + left) as usize..=(row * self.columns + right) as usize;
            self.squares.get(range).is_some_and(|squares| squares.iter().all(|bits| bits & !own == 0))
        })
    }
}

const fn bit(side: Side) -> u64 {
    // Side 0 is everyone for themselves, and a side without a bit of its own may be any.
    1 << if side.0 > OWN_BIT_MAX { OWN_BIT_MAX + 1 } else { side.0 }
}

#[cfg(test)]
mod tests {
    use hypogeum_space::turn::distance;
    use proptest::prelude::*;

    use super::*;

    const GROUND: i32 = 300 * METRE;

    fn one() -> impl Strategy<Value = (Position, Side)> {
        let side = prop_oneof![0..4_u16, 60..70_u16];
        (-METRE..GROUND + METRE, -METRE..GROUND + METRE, side).prop_map(|(x, y, side)| (Position { x, y }, Side(side)))
    }

    proptest! {
        #[test]
        fn who_is_alone_has_no_enemy_near(
            fighters in prop::collection::vec(one(), 1..12), reach in 0..100 * METRE, before in prop::collection::vec(one(), 0..6),
        ) {
            let mut sides = Sides::default();
            sides.draw(GROUND, before.iter().copied());
            sides.draw(GROUND, fighters.iter().copied());
            let (at, own) = fighters[0];
            let is_enemy = |(there, side): &(Position, Side)| !side.spares(own) && distance(at, *there) <= reach;
            if sides.is_alone(at, reach, own) {
                prop_assert!(!fighters[1..].iter().any(is_enemy), "somebody is near");
            }
            let far = |(there, side): &(Position, Side)| side.spares(own) || distance(at, *there) > reach + 2 * SQUARE;
            if (1..=OWN_BIT_MAX).contains(&own.0) && fighters[1..].iter().all(far) {
                let mut fresh = Sides::default();
                fresh.draw(GROUND, fighters.iter().copied());
                prop_assert_eq!(sides.is_alone(at, reach, own), fresh.is_alone(at, reach, own), "no trace of before is left");
            }
        }
    }

    #[test]
    fn friends_are_no_enemies() {
        let (mut sides, at) = (Sides::default(), |x_m: i32| Position { x: x_m * METRE, y: 8 * METRE });
        sides.draw(GROUND, [(at(8), Side(2)), (at(20), Side(2)), (at(120), Side(3))].into_iter());
        assert!(sides.is_alone(at(8), 50 * METRE, Side(2)), "a friend is near, an enemy far");
        assert!(!sides.is_alone(at(8), 120 * METRE, Side(2)), "not far enough");
        assert!(!sides.is_alone(at(8), 50 * METRE, Side(0)), "who has no side has no friends");
    }
}
