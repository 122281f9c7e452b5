//! Bounds of frames and envelopes, each with its reason.

/// Largest message of a client. The largest honest one is a command of 1,024 bytes as base64, or a loadout of 16 names of items.
pub const MESSAGE_BYTES_MAX: usize = 8 * 1_024;
/// Largest envelope that is read at all: the largest message of a server, 64 KiB in our own codec, as JSON.
pub const ENVELOPE_BYTES_MAX: usize = 512 * 1_024;
/// Frames that one message may come in. Browsers send one; libraries that stream a few.
pub const FRAGMENTS_MAX: u32 = 16;
/// Maps and lists within one another. Our deepest message has five.
pub const DEPTH_MAX: usize = 16;
/// Bytes of a `type`: the longest name of a message has 15.
pub const TYPE_BYTES_MAX: usize = 32;
/// Bytes of the sentence that says what is wrong with an envelope.
pub const REASON_BYTES_MAX: usize = 160;
