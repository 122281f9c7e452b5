//! A length is a claim, not an order: what a few bytes can make a reader allocate is bounded.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use hypogeum_protocol::{Chunk, codec, limits};

thread_local! {
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, noting the largest piece each thread asked for.
struct Noting;

#[expect(unsafe_code, reason = "an allocator cannot be wrapped without; every call goes to the system's, unchanged")]
// SAFETY: each method passes its arguments to `System`, which upholds the contract, and only notes a number besides.
// `Cell<usize>` with a constant initialiser neither allocates nor needs dropping, so no call recurses.
unsafe impl GlobalAlloc for Noting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on; the pointer came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size);
        // SAFETY: the caller's promises are passed on; the pointer came from `System`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Noting = Noting;

fn note(bytes: usize) {
    // Gone while a thread ends; nothing is measured then.
    let _ = LARGEST.try_with(|largest| largest.set(largest.get().max(bytes)));
}

/// The largest piece asked for while `read` runs.
fn largest_piece(read: impl FnOnce()) -> usize {
    LARGEST.set(0);
    read();
    LARGEST.get()
}

#[test]
fn the_measure_sees_what_is_allocated() {
    let seen = largest_piece(|| drop(std::hint::black_box(Vec::<u8>::with_capacity(123_456))));
    assert!(seen >= 123_456, "a test that cannot fail is none: {seen}");
    // What a list of a message would do without `vec_as_it_comes`: believe its count, up to serde's 1 MiB.
    let claim = codec::encode(&u64::MAX);
    let seen = largest_piece(|| assert!(codec::decode::<Vec<u64>, 64>(&claim).is_err(), "there are no elements"));
    assert!(seen > limits::SERVER_MESSAGE_BYTES_MAX, "the measure would see a list that believes its count: {seen}");
}

#[test]
fn a_list_or_text_that_claims_to_be_huge_allocates_next_to_nothing() {
    let claims = [u64::MAX, 1 << 62, 1 << 32, 1 << 20, 60_000];
    // Everything up to a length: hello's name, a loadout, a batch, chunks that are asked for; a welcome's name, obstacles,
    // records, events, items, chunks that lie near, a chunk, doors.
    let client: [&[u8]; 4] = [&[0, 1], &[3], &[5], &[15, 1]];
    let server: [&[u8]; 8] =
        [&[0, 1, 1], &[6, 1, 0, 1, 1, 1], &[12, 1, 1, 0], &[9, 1], &[8, 1], &[22, 1, 1], &[23, 1, 0, 0], &[24, 1]];
    for claim in claims {
        for start in client {
            let bytes = [start, &codec::encode(&claim), &[1; 8]].concat();
            let largest = largest_piece(|| assert!(codec::decode_client(&bytes).is_err(), "{bytes:?} is a lie"));
            let bound = limits::CLIENT_MESSAGE_BYTES_MAX;
            assert!(largest <= bound, "{largest} bytes for the claim of {claim} after {start:?}");
        }
        for start in server {
            let bytes = [start, &codec::encode(&claim), &[1; 8]].concat();
            let largest = largest_piece(|| assert!(codec::decode_server(&bytes).is_err(), "{bytes:?} is a lie"));
            let bound = limits::SERVER_MESSAGE_BYTES_MAX;
            assert!(largest <= bound, "{largest} bytes for the claim of {claim} after {start:?}");
        }
        // Obstacles, doors and rooms of a chunk.
        for start in [&[][..], &[0], &[0, 0]] {
            let bytes = [start, &codec::encode(&claim), &[1; 8]].concat();
            let largest = largest_piece(|| assert!(Chunk::decode(&bytes).is_err(), "{bytes:?} is a lie"));
            let bound = limits::CHUNK_BYTES_MAX;
            assert!(largest <= bound, "{largest} bytes for the claim of {claim} after {start:?}");
        }
    }
}
