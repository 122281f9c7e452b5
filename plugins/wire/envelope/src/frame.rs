//! Frames of a WebSocket as RFC 6455 has them, both ends, without extensions.

use std::ops::Range;

use crate::limits;

/// What the other end may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameLimits {
    /// Bytes of one message, and so of one frame.
    pub message_bytes_max: usize,
    /// Frames that one message comes in.
    pub fragments_max: u32,
}

impl Default for FrameLimits {
    fn default() -> Self {
        Self { message_bytes_max: limits::MESSAGE_BYTES_MAX, fragments_max: limits::FRAGMENTS_MAX }
    }
}

/// Why bytes are no frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A client masks what it sends.
    #[error("a frame is not masked")]
    Unmasked,
    /// A server does not.
    #[error("a server's frame is masked")]
    Masked,
    /// A bit that only an extension sets; none was agreed on.
    #[error("a reserved bit is set")]
    ReservedBit,
    /// No opcode of RFC 6455.
    #[error("the opcode {0} means nothing")]
    UnknownOpcode(u8),
    /// A ping, pong or close that is longer than 125 bytes, or comes in parts.
    #[error("a control frame is too long, or comes in parts")]
    BadControl,
    /// A close with half a code, or one that nobody may send.
    #[error("a close frame has no such code")]
    BadClose,
    /// A part that continues nothing, or a message that begins within another.
    #[error("a frame is out of its order")]
    OutOfOrder,
    /// More bytes than [`FrameLimits::message_bytes_max`].
    #[error("a message is too long")]
    TooLarge,
    /// More frames than [`FrameLimits::fragments_max`].
    #[error("a message comes in too many frames")]
    TooManyFragments,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opcode {
    /// A part of a message that is not its first.
    Continuation,
    /// A message of text.
    Text,
    /// A message of bytes.
    Binary,
    /// The end.
    Close,
    /// Asks for a pong.
    Ping,
    /// Answers a ping.
    Pong,
}

impl Opcode {
    const fn number(self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    const fn of(number: u8) -> Result<Self, FrameError> {
        Ok(match number {
            0 => Self::Continuation,
            1 => Self::Text,
            2 => Self::Binary,
            8 => Self::Close,
            9 => Self::Ping,
            10 => Self::Pong,
            other => return Err(FrameError::UnknownOpcode(other)),
        })
    }

    const fn is_control(self) -> bool {
        matches!(self, Self::Close | Self::Ping | Self::Pong)
    }
}

/// What the other end has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incoming<'a> {
    /// A message of text; whether it is UTF-8 was not looked at.
    Text(&'a [u8]),
    /// A message of bytes.
    Binary(&'a [u8]),
    /// A ping: a pong with the same bytes answers it.
    Ping(&'a [u8]),
    /// A pong.
    Pong,
    /// The end, with its code if it has one. Nothing counts that comes after it.
    Close(Option<u16>),
}

/// Longest contents of a control frame.
const CONTROL_BYTES_MAX: usize = 125;
/// Bytes of the mask.
const MASK_BYTES: usize = 4;
/// Memory that an idle connection keeps for what comes next.
const KEPT_BYTES: usize = 512;

/// Makes messages of the bytes of one client, or of one server. It keeps no more than one message and what was
/// [fed](Decoder::feed) at last.
#[derive(Debug, Default)]
pub struct Decoder {
    limits: FrameLimits,
    /// What comes is a server's, and so not masked.
    is_of_server: bool,
    /// What has arrived and is not a message yet; what stands before `read` is done with.
    buffer: Vec<u8>,
    read: usize,
    /// The parts of a message so far, and what it is.
    parts: Vec<u8>,
    parts_of: Option<Opcode>,
    parts_count: u32,
    /// The last thing handed out was [`Self::parts`].
    parts_are_out: bool,
}

/// The head of a frame.
struct FrameHead {
    is_last: bool,
    opcode: Opcode,
    mask: [u8; MASK_BYTES],
    contents: Range<usize>,
}

impl Decoder {
    /// A decoder with these limits.
    #[must_use]
    pub fn new(limits: FrameLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// The same for what a server sends: a client's end.
    #[must_use]
    pub fn of_server(limits: FrameLimits) -> Self {
        Self { limits, is_of_server: true, ..Self::default() }
    }

    /// Takes what has arrived.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// How many bytes it holds that are not handed out.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.buffer.len() - self.read + self.parts.len()
    }

    /// The next message or control frame; `None` where more has to arrive first.
    ///
    /// # Errors
    /// Any [`FrameError`]; the connection is to be closed then.
    pub fn take_next(&mut self) -> Result<Option<Incoming<'_>>, FrameError> {
        if std::mem::take(&mut self.parts_are_out) {
            self.parts = Vec::new();
        }
        loop {
            let Some(head) = self.head()? else {
                self.keep_rest();
                return Ok(None);
            };
            self.read = head.contents.end;
            if !self.is_of_server {
                mask_with(&mut self.buffer[head.contents.clone()], head.mask);
            }
            match (head.opcode, head.is_last) {
                (Opcode::Ping, _) => return Ok(Some(Incoming::Ping(&self.buffer[head.contents]))),
                (Opcode::Pong, _) => return Ok(Some(Incoming::Pong)),
                (Opcode::Close, _) => {
                    return close_code(&self.buffer[head.contents]).map(|it| Some(Incoming::Close(it)));
                }
                (Opcode::Text, true) => return Ok(Some(Incoming::Text(&self.buffer[head.contents]))),
                (Opcode::Binary, true) => return Ok(Some(Incoming::Binary(&self.buffer[head.contents]))),
                (Opcode::Text | Opcode::Binary, false) => {
                    self.parts_of = Some(head.opcode);
                    self.parts_count = 1;
                    self.parts.extend_from_slice(&self.buffer[head.contents]);
                }
                (Opcode::Continuation, is_last) => {
                    self.parts_count += 1;
                    self.parts.extend_from_slice(&self.buffer[head.contents]);
                    if is_last {
                        self.parts_are_out = true;
                        let parts = self.parts.as_slice();
                        return Ok(Some(match self.parts_of.take() {
                            Some(Opcode::Text) => Incoming::Text(parts),
                            _ => Incoming::Binary(parts),
                        }));
                    }
                }
            }
        }
    }

    /// Reads the head of the next frame, and holds it to the limits before the rest has arrived; `None` where the frame is not
    /// whole yet.
    fn head(&self) -> Result<Option<FrameHead>, FrameError> {
        let bytes = &self.buffer[self.read..];
        let Some((&[first, second], rest)) = bytes.split_first_chunk() else { return Ok(None) };
        if first & 0x70 != 0 {
            return Err(FrameError::ReservedBit);
        }
        let (is_last, opcode) = (first & 0x80 != 0, Opcode::of(first & 0x0F)?);
        match (second & 0x80 != 0, self.is_of_server) {
            (false, false) => return Err(FrameError::Unmasked),
            (true, true) => return Err(FrameError::Masked),
            _ => {}
        }
        let (length, rest) = match second & 0x7F {
            126 => match rest.split_first_chunk() {
                Some((length, rest)) => (u64::from(u16::from_be_bytes(*length)), rest),
                None => return Ok(None),
            },
            127 => match rest.split_first_chunk() {
                Some((length, rest)) => (u64::from_be_bytes(*length), rest),
                None => return Ok(None),
            },
            length => (u64::from(length), rest),
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        self.check(opcode, is_last, length)?;
        let (mask, rest) = match rest.split_first_chunk() {
            // A mask of zeros changes nothing.
            _ if self.is_of_server => (&[0; MASK_BYTES], rest),
            Some(masked) => masked,
            None => return Ok(None),
        };
        if rest.len() < length {
            return Ok(None);
        }
        let start = self.buffer.len() - rest.len();
        Ok(Some(FrameHead { is_last, opcode, mask: *mask, contents: start..start + length }))
    }

    fn check(&self, opcode: Opcode, is_last: bool, length: usize) -> Result<(), FrameError> {
        if opcode.is_control() {
            let is_good = is_last && length <= CONTROL_BYTES_MAX;
            return if is_good { Ok(()) } else { Err(FrameError::BadControl) };
        }
        if (opcode == Opcode::Continuation) != self.parts_of.is_some() {
            return Err(FrameError::OutOfOrder);
        }
        if self.parts_of.is_some() && self.parts_count >= self.limits.fragments_max {
            return Err(FrameError::TooManyFragments);
        }
        let fits = self.parts.len().checked_add(length).is_some_and(|all| all <= self.limits.message_bytes_max);
        if fits { Ok(()) } else { Err(FrameError::TooLarge) }
    }

    /// Moves what is not a whole frame to the front, and gives memory back that only a crowd of messages needed.
    fn keep_rest(&mut self) {
        self.buffer.drain(..self.read);
        self.read = 0;
        if self.buffer.capacity() > KEPT_BYTES.max(2 * self.buffer.len()) {
            self.buffer.shrink_to(KEPT_BYTES.max(self.buffer.len()));
        }
    }
}

/// Masks what is not masked, and the other way round.
fn mask_with(contents: &mut [u8], mask: [u8; MASK_BYTES]) {
    for (byte, mask) in contents.iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= mask;
    }
}

/// The code of a close frame. The reason after it is for people, and nobody reads it here.
fn close_code(contents: &[u8]) -> Result<Option<u16>, FrameError> {
    match contents {
        [] => Ok(None),
        [high, low, ..] => {
            let code = u16::from_be_bytes([*high, *low]);
            // 1004 to 1006 and 1015 never travel; what is below 1000 or not given out means nothing.
            let may_travel = matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999);
            if may_travel { Ok(Some(code)) } else { Err(FrameError::BadClose) }
        }
        [_] => Err(FrameError::BadClose),
    }
}

/// Appends one whole frame, as servers send it: unmasked.
pub fn write_frame(opcode: Opcode, contents: &[u8], out: &mut Vec<u8>) {
    write_head(opcode, contents.len(), 0, out);
    out.extend_from_slice(contents);
}

/// Appends one whole frame, as clients send it: under a mask that nobody can foresee, another for each frame.
pub fn write_masked_frame(opcode: Opcode, contents: &[u8], mask: [u8; MASK_BYTES], out: &mut Vec<u8>) {
    write_head(opcode, contents.len(), 0x80, out);
    out.extend_from_slice(&mask);
    let start = out.len();
    out.extend_from_slice(contents);
    mask_with(&mut out[start..], mask);
}

fn write_head(opcode: Opcode, length: usize, masked: u8, out: &mut Vec<u8>) {
    out.push(0x80 | opcode.number());
    match length {
        0..=125 => out.push(masked | length as u8),
        126..=0xFFFF => {
            out.push(masked | 126);
            out.extend_from_slice(&(length as u16).to_be_bytes());
        }
        _ => {
            out.push(masked | 127);
            out.extend_from_slice(&(length as u64).to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A frame as a client sends it.
    fn masked(first: u8, contents: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write_masked_frame(Opcode::Binary, contents, [1, 2, 3, 4], &mut out);
        out[0] = first;
        out
    }

    fn all(decoder: &mut Decoder) -> Result<Vec<String>, FrameError> {
        let mut found = Vec::new();
        while let Some(incoming) = decoder.take_next()? {
            found.push(match incoming {
                Incoming::Text(bytes) => format!("text {}", String::from_utf8_lossy(bytes)),
                Incoming::Binary(bytes) => format!("binary {}", bytes.len()),
                other => format!("{other:?}"),
            });
        }
        Ok(found)
    }

    fn read(bytes: &[u8]) -> Result<Vec<String>, FrameError> {
        let mut decoder = Decoder::new(FrameLimits { message_bytes_max: 1_000, fragments_max: 3 });
        decoder.feed(bytes);
        all(&mut decoder)
    }

    #[test]
    fn a_message_in_parts_is_one_also_with_a_ping_between() {
        let bytes = [masked(0x01, b"hel"), masked(0x89, b"?"), masked(0x00, b"l"), masked(0x80, b"o")].concat();
        assert_eq!(read(&bytes), Ok(vec!["Ping([63])".to_owned(), "text hello".to_owned()]));
        let mut decoder = Decoder::default();
        let mut found = Vec::new();
        for byte in [bytes.clone(), bytes].concat() {
            decoder.feed(&[byte]);
            found.extend(all(&mut decoder).expect("it is the same in the smallest pieces"));
        }
        assert_eq!(found.len(), 4, "both messages and both pings: {found:?}");
        assert_eq!(decoder.held_bytes(), 0, "nothing is left");
    }

    #[test]
    fn a_client_reads_what_is_not_masked_and_nothing_else() {
        let mut decoder = Decoder::of_server(FrameLimits::default());
        let mut bytes = Vec::new();
        write_frame(Opcode::Binary, &[5; 300], &mut bytes);
        write_frame(Opcode::Ping, b"", &mut bytes);
        decoder.feed(&bytes);
        assert_eq!(all(&mut decoder), Ok(vec!["binary 300".to_owned(), "Ping([])".to_owned()]));
        decoder.feed(&masked(0x82, b"hello"));
        assert_eq!(decoder.take_next(), Err(FrameError::Masked), "a server masks nothing");
        let same = masked(0x81, b"Hello");
        // "Hello" under 37 fa 21 3d, as RFC 6455 has it in section 5.7.
        let mut known = Vec::new();
        write_masked_frame(Opcode::Text, b"Hello", [0x37, 0xFA, 0x21, 0x3D], &mut known);
        assert_eq!(known, [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]);
        assert_eq!(read(&known), read(&same), "whatever the mask");
    }

    #[test]
    fn what_breaks_the_rules_is_named_before_it_has_arrived() {
        let long = masked(0x82, &[0; 1_001]);
        assert_eq!(read(&long[..8]), Err(FrameError::TooLarge), "its length is enough");
        assert_eq!(read(&[0x82, 0xFF, 255, 255, 255, 255, 255, 255, 255, 255]), Err(FrameError::TooLarge), "2^64 - 1");
        let parts = [masked(0x02, &[0; 600]), masked(0x80, &[0; 600])].concat();
        assert_eq!(read(&parts), Err(FrameError::TooLarge), "the parts count together");
        let many = [masked(0x02, b""), masked(0x00, b""), masked(0x00, b""), masked(0x00, b"")].concat();
        assert_eq!(read(&many), Err(FrameError::TooManyFragments), "empty parts count, too");
        assert_eq!(read(&[0x82, 0x00]), Err(FrameError::Unmasked));
        assert_eq!(read(&[0xC2, 0x80]), Err(FrameError::ReservedBit));
        assert_eq!(read(&[0x83, 0x80]), Err(FrameError::UnknownOpcode(3)));
        assert_eq!(read(&masked(0x09, b"")), Err(FrameError::BadControl), "a ping in parts");
        assert_eq!(read(&masked(0x89, &[0; 126])), Err(FrameError::BadControl), "a long ping");
        assert_eq!(read(&masked(0x80, b"")), Err(FrameError::OutOfOrder), "it continues nothing");
        assert_eq!(read(&[masked(0x01, b""), masked(0x81, b"")].concat()), Err(FrameError::OutOfOrder), "two at once");
    }

    #[test]
    fn a_close_has_a_whole_code_that_may_travel_or_none() {
        let close = |contents: &[u8]| read(&masked(0x88, contents));
        assert_eq!(close(&[]), Ok(vec!["Close(None)".to_owned()]));
        assert_eq!(close(b"\x03\xE8bye"), Ok(vec!["Close(Some(1000))".to_owned()]));
        for wrong in [&[3][..], &[0, 0], &[3, 0xED], &[0xFF, 0xFF]] {
            assert_eq!(close(wrong), Err(FrameError::BadClose), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_are_read_alike(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0_usize..300) {
            let mut decoder = Decoder::new(FrameLimits { message_bytes_max: 1_000, fragments_max: 3 });
            let (front, back) = bytes.split_at(at.min(bytes.len()));
            decoder.feed(front);
            let mut found = all(&mut decoder);
            if let Ok(found) = &mut found {
                decoder.feed(back);
                match all(&mut decoder) {
                    Ok(more) => found.extend(more),
                    Err(_) => return Ok(()),
                }
            }
            if let (Ok(whole), Ok(found)) = (read(&bytes), found) {
                prop_assert_eq!(whole, found);
            }
        }

        #[test]
        fn what_is_written_has_the_length_it_says(length in 0_usize..70_000) {
            let mut out = Vec::new();
            write_frame(Opcode::Binary, &vec![7; length], &mut out);
            let head = match length { 0..=125 => 2, 126..=65_535 => 4, _ => 10 };
            prop_assert_eq!(out.len(), head + length);
        }
    }
}
