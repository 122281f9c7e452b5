//! Brackets as files show them, in each format for 2, 3, 4, 5, 8, 13 and 64.

use std::path::Path;

use hypogeum_brackets::Format;

use super::drawing::drawn;

/// One that changed is written beside the build, to be read and, if it is right, copied into the folder of golden files.
fn check(name: &str, format: Format) {
    let drawn: String = [2, 3, 4, 5, 8, 13, 64].map(|entrants| drawn(format, entrants)).concat();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/brackets/golden").join(name);
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    if drawn != expected {
        let written = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&written, &drawn).expect("a file can be written beside the build");
        let line = drawn.lines().zip(expected.lines()).position(|(one, other)| one != other);
        panic!("{} differs from {}, first in line {:?}", written.display(), golden.display(), line.map(|at| at + 1));
    }
}

#[test]
fn single_elimination_is_as_drawn() {
    check("single_elimination.txt", Format::SingleElimination { third_place: true });
}

#[test]
fn double_elimination_is_as_drawn() {
    check("double_elimination.txt", Format::DoubleElimination { grand_final_reset: true });
}

#[test]
fn swiss_rounds_are_as_drawn() {
    check("swiss.txt", Format::Swiss { rounds: 6 });
}

#[test]
fn round_robins_are_as_drawn() {
    check("round_robin.txt", Format::RoundRobin { legs: 1 });
}
