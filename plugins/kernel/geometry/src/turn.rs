//! Binary angles and lengths in whole numbers: one turn, the full circle, is 65,536 units; sines are scaled by [`UNIT`].
//!
//! Both tables are worked out by the compiler from their power series in 128-bit fixed point, so every machine has
//! the same ones; between two entries they are read by a straight line, which is off by less than one unit.

use crate::Position;

/// What `sin` and `cos` call 1.
pub const UNIT: i32 = 1 << 15;

/// A quarter of a circle in turns.
pub const QUARTER: u16 = 1 << 14;

/// Entries of a table, without the last one.
const ENTRIES: usize = 256;
/// Fixed point of the series.
const Q: u32 = 50;
/// π in that fixed point.
const PI: i128 = 3_537_118_876_014_220;

/// The sines of a quarter circle, scaled by 2^30.
static SINES: [i32; ENTRIES + 1] = sines();
/// The angles whose tangents are 0/256, 1/256, … 1, in 1/4096 turns.
static ANGLES: [i32; ENTRIES + 1] = angles();

const fn sines() -> [i32; ENTRIES + 1] {
    let mut table = [0; ENTRIES + 1];
    let mut entry = 0;
    while entry <= ENTRIES {
        // Taylor's series: x - x³/3! + x⁵/5! - …
        let x = PI * entry as i128 / (2 * ENTRIES as i128);
        let square = (x * x) >> Q;
        let (mut term, mut sum, mut n) = (x, x, 1);
        while n <= 12 {
            term = -((term * square) >> Q) / ((2 * n) * (2 * n + 1));
            sum += term;
            n += 1;
        }
        table[entry] = ((sum + (1 << (Q - 31))) >> (Q - 30)) as i32;
        entry += 1;
    }
    table
}

const fn angles() -> [i32; ENTRIES + 1] {
    let mut table = [0; ENTRIES + 1];
    let mut entry = 0;
    while entry <= ENTRIES {
        // Euler's series: with y = t²/(1 + t²), atan t = y/t · (1 + 2/3·y + 2·4/(3·5)·y² + …)
        let t = (entry as i128) << (Q - 8);
        let square = (t * t) >> Q;
        let y = (square << Q) / ((1 << Q) + square);
        let mut term = (t << Q) / ((1 << Q) + square);
        let (mut sum, mut n) = (0, 1);
        while n <= 60 {
            sum += term;
            term = ((term * y) >> Q) * (2 * n) / (2 * n + 1);
            n += 1;
        }
        table[entry] = (((sum << 28) + PI) / (2 * PI)) as i32;
        entry += 1;
    }
    table
}

/// The sine of an angle in turns, scaled by [`UNIT`]; off by less than 1.
#[must_use]
pub fn sin(turn: u16) -> i32 {
    let into = i32::from(turn % QUARTER);
    let along = if turn & QUARTER == 0 { into } else { i32::from(QUARTER) - into };
    let (entry, rest) = ((along / 64) as usize, i64::from(along % 64));
    let low = i64::from(SINES[entry]);
    let high = SINES.get(entry + 1).map_or(low, |high| i64::from(*high));
    let value = ((low * 64 + (high - low) * rest + (1 << 20)) >> 21) as i32;
    if turn & (2 * QUARTER) == 0 { value } else { -value }
}

/// The cosine of an angle in turns, scaled by [`UNIT`]; off by less than 1.
#[must_use]
pub fn cos(turn: u16) -> i32 {
    sin(turn.wrapping_add(QUARTER))
}

/// The direction of a vector in turns, rounded to the nearest; 0 for no vector at all.
#[must_use]
pub fn toward(dx: i32, dy: i32) -> u16 {
    let (ax, ay) = (u64::from(dx.unsigned_abs()), u64::from(dy.unsigned_abs()));
    let (low, high) = (ax.min(ay), ax.max(ay));
    if high == 0 {
        return 0;
    }
    let ratio = (low << 16) / high;
    let (entry, rest) = ((ratio >> 8) as usize, (ratio & 0xFF) as i32);
    let from = ANGLES[entry];
    let to = ANGLES.get(entry + 1).map_or(from, |to| *to);
    let fine = from + (to - from) * rest / 256;
    let eighth = ((fine + 2_048) >> 12) as u16;
    let quarter = if ay > ax { QUARTER - eighth } else { eighth };
    let half = if dx < 0 { 2 * QUARTER - quarter } else { quarter };
    if dy < 0 { half.wrapping_neg() } else { half }
}

/// The vector of this length in this direction, each part rounded to the nearest.
#[must_use]
pub fn step(direction: u16, length: i32) -> (i32, i32) {
    let part = |share: i32| ((i64::from(share) * i64::from(length) + i64::from(UNIT / 2)) >> 15) as i32;
    (part(cos(direction)), part(sin(direction)))
}

/// The whole part of a square root.
#[must_use]
pub fn isqrt(value: u64) -> u32 {
    value.isqrt() as u32
}

/// The square of the distance between two places.
#[must_use]
#[inline]
pub fn distance_squared(from: Position, to: Position) -> u64 {
    let (dx, dy) = (i64::from(from.x).abs_diff(i64::from(to.x)), i64::from(from.y).abs_diff(i64::from(to.y)));
    // Each is below 2^32, so only the farthest corners of the number range could overflow, and they may saturate.
    (dx * dx).saturating_add(dy * dy)
}

/// The distance between two places in subunits, rounded down.
#[must_use]
pub fn distance(from: Position, to: Position) -> i32 {
    i32::try_from(isqrt(distance_squared(from, to))).unwrap_or(i32::MAX)
}

/// The smaller of the two angles between two directions, 0 to half a circle.
#[must_use]
pub fn angle_between(one: u16, other: u16) -> u16 {
    one.wrapping_sub(other).min(other.wrapping_sub(one))
}

/// Degrees as turns, rounded to the nearest; 360 and more as the widest angle there is.
#[must_use]
pub fn degrees(degrees: u32) -> u16 {
    u16::try_from((u64::from(degrees) * 65_536 + 180) / 360).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_tables_say_what_the_textbook_says() {
        for turn in 0..=u16::MAX {
            let angle = f64::from(turn) / 65_536.0 * std::f64::consts::TAU;
            let (dx, dy) = (angle.cos() * f64::from(UNIT), angle.sin() * f64::from(UNIT));
            assert!((f64::from(sin(turn)) - dy).abs() < 1.0, "the sine of {turn} is {dy}, not {}", sin(turn));
            assert!((f64::from(cos(turn)) - dx).abs() < 1.0, "the cosine of {turn} is {dx}, not {}", cos(turn));
            let back = toward((dx * 8_192.0) as i32, (dy * 8_192.0) as i32);
            assert!(angle_between(turn, back) <= 1, "the direction {turn} comes back as {back}");
        }
    }

    #[test]
    fn the_eight_winds_are_exact() {
        let winds = [(9, 0), (9, 9), (0, 9), (-9, 9), (-9, 0), (-9, -9), (0, -9), (9, -9)];
        for (index, (dx, dy)) in winds.into_iter().enumerate() {
            assert_eq!(usize::from(toward(dx, dy)), index * 8_192, "({dx}, {dy}) is wind {index}");
        }
        assert_eq!(step(0, 1_000), (1_000, 0), "along x");
        assert_eq!(step(QUARTER, 1_000), (0, 1_000), "along y");
        assert_eq!(toward(i32::MIN, 0), 32_768, "the farthest west is west");
        assert_eq!(toward(0, 0), 0, "no vector has direction 0");
        assert_eq!((degrees(90), degrees(360)), (QUARTER, u16::MAX), "degrees become turns");
    }

    proptest! {
        #[test]
        fn a_step_is_as_long_as_asked(direction: u16, length in 0..1_000_000) {
            let (x, y) = step(direction, length);
            let gone = distance(Position::default(), Position { x, y });
            prop_assert!((gone - length).abs() <= 1 + length / 20_000, "{gone} instead of {length}");
        }

        #[test]
        fn any_vector_has_a_direction(dx: i32, dy: i32) {
            let expected = f64::from(dy).atan2(f64::from(dx)) / std::f64::consts::TAU * 65_536.0;
            let expected = expected.round() as i64 as u16;
            prop_assert!(angle_between(toward(dx, dy), expected) <= 1, "({dx}, {dy}) points to {expected}");
        }
    }
}
