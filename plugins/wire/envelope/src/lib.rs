//! What travels in a WebSocket: its frames, and the envelopes in them. No socket, no clock, no thread.
//!
//! - A [`Decoder`] makes messages of what a socket brings, within [`FrameLimits`]; [`write_frame`] makes frames of
//!   what a server says, [`write_masked_frame`] of what a client does.
//! - An envelope is one message of ours: `{v, type, id?, payload}`, as MessagePack or JSON ([`Codec`]). [`read_head`] says of
//!   which type it is, [`read_message`] and [`read_payload`] read the rest; a [`Payload`] is written once and put into as
//!   many envelopes as there are receivers.
//!
//! - What only a WebSocket says stands here: [`Credentials`], [`ErrorBody`], the [`CloseCode`] of its end, and which message answers
//!   which ([`ANSWERS`]).
//!
//! The other messages are those of `hypogeum-protocol`. `PROTOCOL.md` beside that crate describes all of it.

mod answers;
mod close_code;
mod codec;
mod credentials;
mod error_body;
mod frame;
mod json;
mod read;
mod tagged;
mod write;

#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod limits;

pub use answers::{ANSWERS, RENEW, RENEWED, STATE};
pub use close_code::CloseCode;
pub use codec::Codec;
pub use credentials::{Credentials, Renewed};
pub use error_body::{ErrorBody, client_type};
pub use frame::{Decoder, FrameError, FrameLimits, Incoming, Opcode, write_frame, write_masked_frame};
pub use read::{EnvelopeError, Head, read_head, read_message, read_payload};
pub use write::Payload;

/// The version of the envelope, its `v`.
pub const ENVELOPE_VERSION: u32 = 1;
