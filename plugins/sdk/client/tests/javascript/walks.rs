//! Random walks by the servers' rule of movement: a hundred thousand, in a thousand arenas.

use std::fmt::Write as _;

use hypogeum_geometry::turn::{distance, sin, step, toward};
use hypogeum_geometry::{Obstacles, Position, walked};
use hypogeum_protocol::Block;

use super::chance::{Chance, Digest};
use super::vectors;

const ARENAS: u32 = 1_000;
const WALKS: u32 = 100;
const STEPS: u32 = 10;
/// Of every so manyth arena each step of the first walk is written down.
const SAMPLED_EACH: u32 = 5;
/// Angles, strides and distances in one digest each.
const PAIRS: u32 = 20_000;

/// How far from the origin things stand and walks begin, in subunits, on maps that are larger.
const SPAN_MAX: i32 = 60_000;

struct Arena {
    side: i32,
    span: i32,
    radius: i32,
    obstacles: Obstacles,
}

impl Arena {
    fn of(chance: &mut Chance) -> Self {
        let radius = chance.pick(&[0, 90, 100, 102, 300]);
        let side = chance.pick(&[40, 150, 640, 15_360, 15_360, 38_400, 256_000, 1_048_576, 2_000_000]);
        let span = side.min(SPAN_MAX);
        let blocks = (0..chance.below(61)).map(|_| block(chance, span)).collect();
        Self { side, span, radius, obstacles: Obstacles::new(side, blocks) }
    }

    fn start(&self, chance: &mut Chance) -> Position {
        let Self { side, span, radius, .. } = *self;
        let far = [i32::MIN, i32::MIN + 7, i32::MAX, i32::MAX - 7, -70_000, 2_000_000];
        let edges = [0, radius, side - radius, side];
        let kind = chance.below(16);
        let mut coordinate = || match kind {
            0 => chance.pick(&far),
            1 => chance.pick(&edges),
            _ => chance.between(-300, span + 300),
        };
        let x = coordinate();
        Position { x, y: coordinate() }
    }

    /// Every place of a walk.
    fn walk(&self, chance: &mut Chance) -> Vec<Position> {
        let speed = match chance.below(8) {
            0 => chance.between(0, 65_535),
            1 => chance.between(-5, 5),
            _ => chance.between(20, 120),
        };
        let mut places = vec![self.start(chance)];
        let (mut at, mut direction) = (places[0], 0);
        for _ in 0..STEPS {
            direction = match chance.below(4) {
                0 => (chance.below(8).cast_signed() * 8_192 + chance.between(-1, 1)) as u16,
                1 => direction,
                _ => chance.below(65_536) as u16,
            };
            let percent = match chance.below(6) {
                0 => 100,
                1 => chance.below(256) as u8,
                _ => chance.below(101) as u8,
            };
            at = walked(&self.obstacles, at, direction, percent, speed, self.radius);
            places.push(at);
        }
        places
    }
}

fn block(chance: &mut Chance, span: i32) -> Block {
    let x_min = chance.between(-500, span + 500);
    let y_min = chance.between(-500, span + 500);
    let (width_max, height_max) = match chance.below(8) {
        0 => (1, 40_000),
        1 => (40_000, 1),
        2 => (300_000, 300_000),
        _ => (2_500, 2_500),
    };
    let width = chance.between(1, width_max);
    let height = chance.between(1, height_max);
    Block { x_min, y_min, x_max: x_min + width, y_max: y_min + height }
}

fn mix(digest: &mut Digest, at: Position) {
    digest.mix(at.x.cast_unsigned());
    digest.mix(at.y.cast_unsigned());
}

/// Digests of all sines, and of directions, strides and distances of random vectors.
fn angles() -> [String; 4] {
    let [mut sines, mut directions, mut strides, mut distances] = [Digest::default(); 4];
    for turn in 0..=u16::MAX {
        sines.mix(sin(turn).cast_unsigned());
    }
    let mut chance = Chance::keyed(0xA11C_E000);
    for _ in 0..PAIRS {
        let by = chance.below(31);
        let (dx, dy) = (chance.roll().cast_signed() >> by, chance.roll().cast_signed() >> by);
        let direction = toward(dx, dy);
        directions.mix(direction.into());
        let (x, y) = step(direction, dy);
        mix(&mut strides, Position { x, y });
        distances.mix(distance(Position { x: dx, y: 0 }, Position { x: 0, y: dy }).cast_unsigned());
    }
    [sines, directions, strides, distances].map(Digest::hex)
}

#[test]
fn walks_are_those_that_the_javascript_sdk_is_held_to() {
    let [sines, directions, strides, distances] = angles();
    let (mut digests, mut samples, mut held_up) = (Vec::new(), Vec::new(), 0);
    for key in 0..ARENAS {
        let mut chance = Chance::keyed(key);
        let arena = Arena::of(&mut chance);
        let mut digest = Digest::default();
        for walk in 0..WALKS {
            let places = arena.walk(&mut chance);
            places.iter().for_each(|at| mix(&mut digest, *at));
            held_up += u32::from(places.windows(2).any(|two| two[0].x == two[1].x && two[0].y != two[1].y));
            if walk == 0 && key.is_multiple_of(SAMPLED_EACH) {
                let places: Vec<String> = places.iter().map(|at| format!("{},{}", at.x, at.y)).collect();
                samples.push(format!("[{}]", places.join(",")));
            }
        }
        digests.push(format!("\"{}\"", digest.hex()));
    }
    assert!(held_up > 10_000, "walls were met: {held_up} walks slide along one");
    let mut text = String::from("{\n");
    let counts = format!(
        "\"arenas\":{ARENAS},\"walks\":{WALKS},\"steps\":{STEPS},\"sampled_each\":{SAMPLED_EACH},\"pairs\":{PAIRS}"
    );
    let turns = format!(
        "\"sines\":\"{sines}\",\"directions\":\"{directions}\",\"strides\":\"{strides}\",\"distances\":\"{distances}\""
    );
    let lines: Vec<String> = digests.chunks(10).map(|line| line.join(",")).collect();
    write!(
        text,
        "{counts},\n{turns},\n\"digests\":[\n{}\n],\n\"samples\":[\n{}\n]\n}}\n",
        lines.join(",\n"),
        samples.join(",\n")
    )
    .expect("a string takes whatever is written");
    vectors::check("walks.json", &text);
}
