//! What is typed becomes lines.

use super::charset;

/// Longest line in bytes, its end aside: as long as a command of the world may be.
pub(crate) const LINE_BYTES_MAX: usize = hypogeum_world_messages::LINE_BYTES_MAX;
/// Bytes of a line that are skipped where it is longer. One that goes on is never meant to end.
const SKIPPED_BYTES_MAX: usize = 16 << 10;

const BACKSPACE: u8 = 8;
const DELETE: u8 = 127;

/// What a byte completes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Typed {
    /// A whole line, without what cannot be shown.
    Line(String),
    /// A line that was too long, and is dropped.
    TooLong,
    /// One that does not end.
    Endless,
}

/// Puts lines together.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    bytes: Vec<u8>,
    skipped: usize,
    /// The last byte was a carriage return: what belongs to it is no other line.
    was_return: bool,
}

impl Lines {
    /// Takes one byte. A line ends with CR LF, CR NUL, or either alone.
    pub(crate) fn take(&mut self, byte: u8) -> Option<Typed> {
        let was_return = std::mem::replace(&mut self.was_return, byte == b'\r');
        match byte {
            b'\n' | 0 if was_return => None,
            b'\r' | b'\n' => Some(self.end()),
            BACKSPACE | DELETE => {
                self.erase();
                None
            }
            _ if self.bytes.len() < LINE_BYTES_MAX && self.skipped == 0 => {
                self.bytes.push(byte);
                None
            }
            _ => {
                self.skipped += 1;
                (self.skipped > SKIPPED_BYTES_MAX).then_some(Typed::Endless)
            }
        }
    }

    /// Takes the last character back.
    pub(crate) fn erase(&mut self) {
        if self.skipped > 0 {
            return;
        }
        // In UTF-8 a character goes with all its bytes.
        while self.bytes.last().is_some_and(|last| (0x80..0xC0).contains(last)) {
            self.bytes.pop();
        }
        self.bytes.pop();
    }

    /// Whether something was typed that is not ended.
    pub(crate) const fn has_begun(&self) -> bool {
        !self.bytes.is_empty() || self.skipped > 0
    }

    /// Takes all of it back.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.skipped = 0;
    }

    /// Bytes that are kept until more come.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) const fn held_bytes(&self) -> usize {
        self.bytes.len()
    }

    fn end(&mut self) -> Typed {
        let is_too_long = self.skipped > 0;
        let line = charset::decode(&self.bytes);
        self.clear();
        // In UTF-8 it may be longer than it came.
        if is_too_long || line.len() > LINE_BYTES_MAX { Typed::TooLong } else { Typed::Line(line) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(bytes: &[u8]) -> Vec<Typed> {
        let mut lines = Lines::default();
        bytes.iter().filter_map(|byte| lines.take(*byte)).collect()
    }

    fn line(text: &str) -> Typed {
        Typed::Line(text.to_owned())
    }

    #[test]
    fn a_line_ends_in_each_of_the_ways_there_are() {
        let expected = ["a", "b", "c", "d", "", "e"].map(line);
        assert_eq!(typed(b"a\r\nb\r\0c\nd\r\r\ne\n"), expected);
    }

    #[test]
    fn what_was_typed_is_taken_back() {
        assert_eq!(typed("wesü\x08\x7ft\n".as_bytes()), [line("wet")]);
        assert_eq!(typed(b"\x08\x08a\n"), [line("a")], "where there is nothing, nothing is taken");
    }

    #[test]
    fn a_long_line_is_dropped_and_an_endless_one_is_known() {
        let longest = "x".repeat(LINE_BYTES_MAX);
        assert_eq!(
            typed(format!("{longest}\nx{longest}\na\n").as_bytes()),
            [line(&longest), Typed::TooLong, line("a")]
        );
        let endless = vec![b'x'; LINE_BYTES_MAX + SKIPPED_BYTES_MAX + 1];
        assert_eq!(typed(&endless), [Typed::Endless]);
    }
}
