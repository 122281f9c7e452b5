//! Ten million inputs for the fuzz target of this crate, without a nightly compiler: kept seeds with other bytes, cut, joined and
//! repeated in part, and bytes of no meaning.
//!
//! `cargo run --release -p hypogeum-telnet --features fuzzing --example inputs -- [COUNT [SEED]]`
//!
//! A target that fails panics; the same number replays it.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use hypogeum_telnet::fuzzing;

/// Inputs unless another number is given.
const COUNT: u64 = 10_000_000;
/// Longest input: some lines and subnegotiations, and a little more.
const BYTES_MAX: usize = 1_024;
/// Bytes that mean something: commands, options, ends of lines, what is erased.
const TELLING: [u8; 20] =
    [255, 255, 254, 253, 252, 251, 250, 240, 239, 246, 247, 248, 1, 24, 31, 42, 201, b'\r', b'\n', 127];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().map_or(Ok(COUNT), |count| count.parse())?;
    let seed = arguments.next().map_or(Ok(1), |seed| seed.parse())?;
    println!("telnet: {count} inputs of seed {seed}");
    let kept = kept()?;
    let (mut numbers, mut input) = (Numbers(seed), Vec::new());
    let began = Instant::now();
    for _ in 0..count {
        vary(&mut numbers, &kept, &mut input);
        fuzzing::telnet(&input);
    }
    let took = began.elapsed();
    let per_s = count as f64 / took.as_secs_f64();
    println!("telnet: none found anything, {:.1} s, {per_s:.0} inputs a second", took.as_secs_f64());
    Ok(())
}

/// What was kept of the target.
fn kept() -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz/seeds/telnet");
    let mut files: Vec<_> =
        std::fs::read_dir(folder)?.map(|file| file.map(|file| file.path())).collect::<Result<_, _>>()?;
    // In an order that is the same everywhere.
    files.sort();
    let kept = files.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    if kept.is_empty() { Err("no seeds were kept".into()) } else { Ok(kept) }
}

/// SplitMix64: <https://prng.di.unimi.it/splitmix64.c>.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// Below `end`, which is at least 1; nearly evenly.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.next() as u8
    }
}

/// Makes another input of what was kept.
fn vary(numbers: &mut Numbers, kept: &[Vec<u8>], input: &mut Vec<u8>) {
    input.clear();
    if numbers.below(32) == 0 {
        let length = numbers.below(256);
        input.extend((0..length).map(|_| numbers.byte()));
        return;
    }
    input.extend_from_slice(&kept[numbers.below(kept.len())]);
    for _ in 0..=numbers.below(6) {
        change(numbers, kept, input);
    }
    input.truncate(BYTES_MAX);
}

/// Changes it in one place.
fn change(numbers: &mut Numbers, kept: &[Vec<u8>], input: &mut Vec<u8>) {
    let at = numbers.below(input.len());
    let end = (at + numbers.below(16)).min(input.len());
    match numbers.below(8) {
        0 if !input.is_empty() => input[at] = numbers.byte(),
        1 if !input.is_empty() => input[at] ^= 1 << numbers.below(8),
        2 if !input.is_empty() => input[at] = TELLING[numbers.below(TELLING.len())],
        3 => input.insert(at, TELLING[numbers.below(TELLING.len())]),
        4 => drop(input.drain(at..end)),
        5 => input.extend_from_within(at..end),
        6 => input.truncate(at),
        _ => {
            let other = &kept[numbers.below(kept.len())];
            input.truncate(at);
            input.extend_from_slice(&other[numbers.below(other.len())..]);
        }
    }
}
