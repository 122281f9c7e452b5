//! A length is a claim, not an order: what a few bytes of an envelope can make a reader allocate is bounded.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use hypogeum_envelope::limits::MESSAGE_BYTES_MAX;
use hypogeum_envelope::{Codec, Decoder, read_head, read_message};
use hypogeum_protocol::ClientMessage;

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

fn packed(kind: &str, field: &str, value: &[u8]) -> Vec<u8> {
    let text = |text: &str| [&[0xA0 | text.len() as u8], text.as_bytes()].concat();
    [b"\x83\xA1v\x01\xA4type".to_vec(), text(kind), text("payload"), vec![0x81], text(field), value.to_vec()].concat()
}

#[test]
fn a_list_text_or_map_that_claims_to_be_huge_allocates_next_to_nothing() {
    // Texts, bytes, lists and maps of 4 GiB, of 64 KiB, and an extension.
    let claims: [&[u8]; 8] = [
        &[0xDB, 255, 255, 255, 255],
        &[0xC6, 255, 255, 255, 255],
        &[0xDD, 255, 255, 255, 255],
        &[0xDF, 255, 255, 255, 255],
        &[0xDA, 255, 255],
        &[0xDC, 255, 255],
        &[0xDE, 255, 255],
        &[0xC9, 255, 255, 255, 255, 1],
    ];
    let fields = [("join_queue", "mode"), ("choose_loadout", "items"), ("command", "body"), ("ask_names", "avatars")];
    for claim in claims {
        for (kind, field) in fields {
            let bytes = packed(kind, field, &[claim, &[1; 8]].concat());
            let largest = largest_piece(|| {
                assert!(read_head(Codec::MessagePack, &bytes).is_err(), "{claim:?} is a lie");
                let read = read_message::<ClientMessage>(Codec::MessagePack, &bytes, kind);
                assert!(read.is_err(), "{claim:?} is a lie");
            });
            assert!(largest <= 1_024, "{largest} bytes for {claim:?} in {kind}");
        }
    }
}

#[test]
fn the_longest_messages_allocate_little_more_than_they_have() {
    let names = r#""1-1","#.repeat(1_200);
    let long = format!(r#"{{"v":1,"type":"choose_loadout","payload":{{"items":[{}]}}}}"#, names.trim_end_matches(','));
    assert!(long.len() <= MESSAGE_BYTES_MAX, "{} bytes are no more than may be sent", long.len());
    let largest = largest_piece(|| {
        let read = read_message::<ClientMessage>(Codec::Json, long.as_bytes(), "choose_loadout");
        assert!(read.is_ok_and(|message| message.validate().is_err()), "it is read, and has too many items");
    });
    assert!(largest <= MESSAGE_BYTES_MAX + (64 << 10), "{largest} bytes for a message of {}", long.len());
}

#[test]
fn a_frame_that_claims_to_be_huge_allocates_next_to_nothing() {
    for length in [u64::MAX, 1 << 32, 1 << 20, MESSAGE_BYTES_MAX as u64 + 1] {
        let frame = [&[0x82, 0xFF][..], &length.to_be_bytes(), &[0; 4]].concat();
        let largest = largest_piece(|| {
            let mut decoder = Decoder::default();
            decoder.feed(&frame);
            assert!(decoder.take_next().is_err(), "{length} is too long");
        });
        assert!(largest <= 1_024, "{largest} bytes for a frame of {length}");
    }
}
