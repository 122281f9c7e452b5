//! What the fuzz targets of `fuzz/` do with their bytes, and the seeds that were kept, replayed as tests.

use hypogeum_protocol::ClientMessage;

use crate::limits::{ENVELOPE_BYTES_MAX, TYPE_BYTES_MAX};
use crate::{Codec, Decoder, FrameLimits, Payload, read_head, read_message};

/// An envelope of a client: JSON where the first byte is even, else MessagePack.
pub fn envelope(data: &[u8]) {
    let Some((first, bytes)) = data.split_first() else { return };
    let codec = if first % 2 == 0 { Codec::Json } else { Codec::MessagePack };
    let Ok(head) = read_head(codec, bytes) else { return };
    assert!(head.kind.len() <= TYPE_BYTES_MAX, "no type is longer than types are");
    let Ok(message) = read_message::<ClientMessage>(codec, bytes, &head.kind) else { return };
    let _ = message.validate();
    for codec in Codec::ALL {
        let written = Payload::of_message(codec, &message).map(|payload| payload.envelope(head.id));
        let written = written.unwrap_or_default();
        // What is written out may be longer than what was read: names of fields, base64.
        if written.len() <= ENVELOPE_BYTES_MAX {
            assert_eq!(read_head(codec, &written).as_ref(), Ok(&head), "its head is read again");
            assert_eq!(read_message(codec, &written, &head.kind).as_ref(), Ok(&message), "and so is the message");
        }
    }
}

/// Frames of a client, in pieces whose length the first byte says.
pub fn frames(data: &[u8]) {
    let Some((first, bytes)) = data.split_first() else { return };
    let limits = FrameLimits { message_bytes_max: 512, fragments_max: 4 };
    let piece = usize::from(*first).max(1);
    let mut decoder = Decoder::new(limits);
    for bytes in bytes.chunks(piece) {
        decoder.feed(bytes);
        loop {
            match decoder.take_next() {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => return,
            }
        }
        // The parts of a message, and a frame that is not whole with its head.
        assert!(decoder.held_bytes() <= 2 * limits.message_bytes_max + 14, "it holds no more than one message");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/replay.rs"));

    #[test]
    fn kept_envelopes_are_read_or_refused() {
        replay("envelope", super::envelope);
    }

    #[test]
    fn kept_frames_are_read_or_refused() {
        replay("websocket_frames", super::frames);
    }

    /// All that was kept of a target.
    fn seeds(name: &str) -> Vec<Vec<u8>> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz/seeds").join(name);
        let seeds = std::fs::read_dir(folder).expect("seeds were kept");
        seeds.map(|seed| std::fs::read(seed.expect("a seed").path()).expect("its bytes")).collect()
    }

    proptest! {
        #[test]
        fn kept_inputs_with_other_bytes_are_read_or_refused(
            pick in any::<prop::sample::Index>(),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            is_cut in any::<bool>(),
        ) {
            for (name, target) in [("envelope", super::envelope as fn(&[u8])), ("websocket_frames", super::frames)] {
                let seeds = seeds(name);
                let mut bytes = seeds[pick.index(seeds.len())].clone();
                for (at, byte) in &changes {
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                    if is_cut {
                        bytes.truncate(at.max(1));
                    }
                }
                target(&bytes);
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            super::envelope(&bytes);
            super::frames(&bytes);
        }
    }
}
