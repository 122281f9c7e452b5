//! How messages become bytes for a connection, and its bytes messages: the only place in the host that knows. What is
//! shown of a shard is written elsewhere, page by page, once for all who see it.

use std::marker::PhantomData;

use hypogeum_protocol::codec::CodecError;
use hypogeum_protocol::link::{Class, Lane, RequestId, ToEdge};
use hypogeum_protocol::{ClientMessage, ConnectionId, ServerMessage, codec, limits};
use serde::Serialize;

use crate::about::About;

/// Tags a client message can have: 0 up to this.
const TAGS: u8 = 21;

/// A message on the reliable ordered channel. One class for the whole channel, and for its end: classes overtake each
/// other, and this channel keeps order.
#[must_use]
pub fn reliable(connection: ConnectionId, message: &ServerMessage) -> (Class, ToEdge) {
    answering(connection, message, None)
}

/// As [`reliable`], a message that answers a request.
pub(crate) fn answering(
    connection: ConnectionId,
    message: &ServerMessage,
    answers: Option<RequestId>,
) -> (Class, ToEdge) {
    framed(connection, codec::encode(message), answers)
}

const fn framed(connection: ConnectionId, bytes: Vec<u8>, answers: Option<RequestId>) -> (Class, ToEdge) {
    (Class::Critical, ToEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes, answers })
}

/// Reads a frame of a client: the message, and the tag by which an error answers it, that of [`About::NOTHING`] where it is
/// unknown.
pub(crate) fn read(bytes: &[u8]) -> (u8, Result<ClientMessage, CodecError>) {
    let tag = bytes.first().copied().filter(|tag| *tag < TAGS).unwrap_or(About::NOTHING.tag);
    (tag, codec::decode_client(bytes))
}

/// The protocol version of a hello that cannot be read, where it is one that is not spoken here: the version stands first in the
/// hellos of all versions, and what follows may be another.
pub(crate) fn other_version(bytes: &[u8]) -> Option<u16> {
    const HELLO: u8 = 0;
    let (tag, rest) = bytes.split_first()?;
    let (version, _) = codec::decode_front::<u16, 8>(rest).ok()?;
    let is_spoken = (limits::PROTOCOL_VERSION_MIN..=limits::PROTOCOL_VERSION).contains(&version);
    (*tag == HELLO && !is_spoken).then_some(version)
}

/// A message for many, all but one part of which is the same for everyone: what is the same is encoded once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared<P = ()> {
    before: Vec<u8>,
    after: Vec<u8>,
    part: PhantomData<fn(P)>,
}

impl Prepared {
    /// A message that is the same for everyone.
    #[must_use]
    pub fn alike(message: &ServerMessage) -> Self {
        Self { before: codec::encode(message), after: Vec::new(), part: PhantomData }
    }
}

impl<P: Serialize> Prepared<P> {
    /// What `message` makes of its part, which stands in it once and as it is. Where, is found by two parts that differ.
    ///
    /// # Panics
    /// Where one part's bytes begin as the whole other does, or `message` does something else with it.
    #[must_use]
    pub fn new((one, other): (&P, &P), message: impl Fn(&P) -> ServerMessage) -> Self {
        let (with_one, with_other) = (codec::encode(&message(one)), codec::encode(&message(other)));
        let part = codec::encode(one);
        let unlike = first_unlike(&part, &codec::encode(other)).zip(first_unlike(&with_one, &with_other));
        let at = unlike.and_then(|(in_part, in_message)| in_message.checked_sub(in_part));
        let at = at.expect("both parts differ, and so do their messages");
        let (before, after) = (with_one[..at].to_vec(), with_one[at + part.len()..].to_vec());
        let prepared = Self { before, after, part: PhantomData };
        assert_eq!(prepared.with(other), with_other, "the part stands in its message as it is");
        prepared
    }

    fn with(&self, part: &P) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.before.len() + self.after.len() + 16);
        bytes.extend_from_slice(&self.before);
        codec::encode_into(part, &mut bytes);
        bytes.extend_from_slice(&self.after);
        bytes
    }

    /// As [`reliable`], with a part.
    #[must_use]
    pub fn reliable(&self, connection: ConnectionId, part: &P) -> (Class, ToEdge) {
        framed(connection, self.with(part), None)
    }
}

/// Where two pieces of bytes differ first, if they do before one of them ends.
fn first_unlike(one: &[u8], other: &[u8]) -> Option<usize> {
    one.iter().zip(other).position(|(one, other)| one != other)
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{MatchId, NetId, RosterEntry, codec};

    use super::*;

    #[test]
    fn a_hello_of_another_version_is_known_by_its_beginning() {
        // As version 5 said it: tag, version, a name, and no language.
        let old = [&[0, 5, 7], b"example".as_slice()].concat();
        assert!(read(&old).1.is_err(), "it cannot be read any more");
        assert_eq!(other_version(&old), Some(5));
        let own = limits::PROTOCOL_VERSION as u8;
        for bytes in [&[0, own][..], &[1, 5], &[0], &[]] {
            assert_eq!(other_version(bytes), None, "{bytes:?}");
        }
        assert_eq!(other_version(&[0, 0xFB, 0xFF, 0xFF]), Some(u16::MAX), "nor is one from far ahead");
    }

    #[test]
    fn the_last_message_has_the_last_tag() {
        let last = ClientMessage::JoinQueueWith { mode: String::new(), properties: Vec::new(), query: String::new() };
        assert_eq!(codec::encode(&last).first(), Some(&(TAGS - 1)), "a ticket with a query is the last message");
        assert_eq!(
            read(&[TAGS]),
            (About::NOTHING.tag, Err(CodecError::UnknownTag(TAGS.into()))),
            "no message has the next"
        );
    }

    #[test]
    fn a_prepared_message_is_what_the_codec_writes() {
        // The part has other lengths, and its bytes stand elsewhere in the message as well.
        let message = |avatar: &NetId| ServerMessage::Roster {
            match_id: MatchId(1),
            players: [NetId(1), NetId(7), *avatar, NetId(7)]
                .map(|avatar| RosterEntry { avatar, name: "7".to_owned() })
                .to_vec(),
        };
        let prepared = Prepared::new((&NetId(7), &NetId(1)), message);
        for avatar in [0, 1, 7, 300, 70_000, u32::MAX].map(NetId) {
            assert_eq!(codec::decode_server(&prepared.with(&avatar)), Ok(message(&avatar)), "with {avatar}");
        }
        let alike = Prepared::alike(&ServerMessage::Goodbye);
        assert_eq!(alike.with(&()), codec::encode(&ServerMessage::Goodbye), "as it is");
    }
}
