//! Places, directions and circles in a server's units. Bots are no part of the simulation: floats are fine here.

use hypogeum_geometry::Position;

/// Subunits of a metre.
const METRE: f64 = hypogeum_geometry::METRE as f64;

/// A place in subunits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) x: i32,
    pub(crate) y: i32,
}

impl Point {
    /// As the server's rules know it.
    pub(crate) const fn place(self) -> Position {
        Position { x: self.x, y: self.y }
    }

    pub(crate) fn distance(self, to: Self) -> f64 {
        self.square(to).sqrt()
    }

    /// The distance times itself, for who only compares.
    pub(crate) fn square(self, to: Self) -> f64 {
        let (dx, dy) = self.offset(to);
        dx * dx + dy * dy
    }

    fn offset(self, to: Self) -> (f64, f64) {
        (f64::from(to.x) - f64::from(self.x), f64::from(to.y) - f64::from(self.y))
    }

    /// The direction to another place in 1/65536 turns; 0 where they are the same.
    pub(crate) fn angle(self, to: Self) -> u16 {
        let (dx, dy) = self.offset(to);
        let turns = dy.atan2(dx) / std::f64::consts::TAU;
        (turns.rem_euclid(1.0) * 65_536.0).round() as u32 as u16
    }

    /// The place this share of the way to another.
    pub(crate) fn toward(self, to: Self, share: f64) -> Self {
        let (dx, dy) = self.offset(to);
        Self { x: (f64::from(self.x) + dx * share) as i32, y: (f64::from(self.y) + dy * share) as i32 }
    }

    /// The place so many subunits away in a direction.
    pub(crate) fn ahead(self, angle: u16, distance: f64) -> Self {
        let radians = f64::from(angle) / 65_536.0 * std::f64::consts::TAU;
        let (x, y) = (f64::from(self.x) + radians.cos() * distance, f64::from(self.y) + radians.sin() * distance);
        Self { x: x as i32, y: y as i32 }
    }
}

/// A circular area of the map, in subunits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Circle {
    pub(crate) middle: Point,
    pub(crate) radius: f64,
}

impl Circle {
    pub(crate) fn holds(&self, point: Point) -> bool {
        self.middle.square(point) <= self.radius * self.radius
    }

    /// Whether the straight line from one place to another comes into it.
    pub(crate) fn touches(&self, from: Point, to: Point) -> bool {
        let (dx, dy) = from.offset(to);
        let (mx, my) = from.offset(self.middle);
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 { ((mx * dx + my * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (mx - dx * along, my - dy * along);
        x * x + y * y <= self.radius * self.radius
    }
}

/// Centimetres in subunits.
pub(crate) fn from_cm(centimetres: u32) -> f64 {
    f64::from(centimetres) / 100.0 * METRE
}

/// Metres in subunits.
pub(crate) const fn metres(count: f64) -> f64 {
    count * METRE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_count_from_plus_x_toward_plus_y() {
        let here = Point::default();
        for (to, angle) in [((9, 0), 0), ((0, 9), 16_384), ((-9, 0), 32_768), ((0, -9), 49_152), ((9, 9), 8_192)] {
            assert_eq!(here.angle(Point { x: to.0, y: to.1 }), angle, "toward {to:?}");
        }
        let there = Point { x: 300, y: -400 };
        let circle = Circle { middle: Point { x: 50, y: 5 }, radius: 6.0 };
        assert!(circle.touches(here, Point { x: 90, y: 0 }), "the line passes five beside the middle");
        assert!(!circle.touches(here, Point { x: 40, y: 0 }), "this one ends before");
        assert!(!circle.touches(here, Point { x: 0, y: 90 }), "and this one leads elsewhere");
        assert!(here.ahead(here.angle(there), 500.0).distance(there) < 3.0, "there and back is the same place");
    }
}
