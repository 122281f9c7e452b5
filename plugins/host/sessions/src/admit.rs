//! Bytes become messages; the malformed is refused.

use bevy_ecs::prelude::Query;
use hypogeum_protocol::{ErrorCode, codec, limits};

use crate::desk::Desk;
use crate::meter::Operation;
use crate::post::ABOUT_NOTHING;
use crate::session::{Frames, Mail, Session};

/// Tags a client message can have: 0 up to this.
const TAGS: u8 = 9;

/// Decodes the next frames of every session, a bounded number each.
pub(crate) fn admit(mut desk: Desk, mut sessions: Query<(Session, &mut Frames, &mut Mail)>) {
    for (mut session, mut frames, mut mail) in &mut sessions {
        mail.0.clear();
        let count = frames.0.len().min(limits::CLIENT_MESSAGES_PER_TICK_MAX);
        for bytes in frames.0.drain(..count) {
            if session.presence.closing.is_some() {
                break;
            }
            let tag = bytes.first().copied().filter(|tag| *tag < TAGS).unwrap_or(ABOUT_NOTHING);
            let Ok(message) = codec::decode_client(&bytes) else {
                desk.refuse_malformed(&mut session, tag);
                continue;
            };
            if let Err(code) = message.validate() {
                desk.counters.out_of_range += 1;
                desk.refuse(&mut session, code, tag, 0);
                continue;
            }
            let operation = Operation::of(&message);
            if let Err(retry_after_ms) = session.meter.take(operation, desk.tick.0) {
                desk.counters.too_soon += 1;
                // Inputs come again by themselves; telling of each dropped one would double the flood.
                if operation != Operation::Inputs {
                    desk.refuse(&mut session, ErrorCode::TooSoon, tag, retry_after_ms);
                }
                continue;
            }
            mail.0.push((tag, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hypogeum_protocol::ClientMessage;

    #[test]
    fn the_last_message_has_the_last_tag() {
        let bytes = codec::encode(&ClientMessage::AskNames { avatars: Vec::new() });
        assert_eq!(bytes.first(), Some(&(TAGS - 1)), "asking for names is the last kind of message");
    }
}
