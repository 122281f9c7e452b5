//! What can be said at all: how long it is, and of which characters.

use hypogeum_protocol::limits::{CHAT_BYTES_MAX, CHAT_GRAPHEMES_MAX, CHAT_MARKS_MAX};
use hypogeum_protocol::text::is_readable;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Why something cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadWords {
    /// There is nothing in it to read.
    Empty,
    /// It has more characters, as people count them, than may be said at once.
    TooLong,
    /// It has characters that hide, move or turn text, or letters with more marks than any script needs.
    Unreadable,
}

/// The joiners: they have no width, and hold together what stands beside them.
pub(crate) const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}')
}

/// Whether a character only changes the one before it.
pub(crate) fn is_mark(character: char) -> bool {
    is_combining_mark(character) || is_joiner(character)
}

/// What is said, as others are shown it: composed (NFC), and without spaces around it.
///
/// # Errors
/// [`BadWords`]: it cannot be said.
pub fn checked(words: &str) -> Result<String, BadWords> {
    checked_to(words, (CHAT_GRAPHEMES_MAX, CHAT_BYTES_MAX))
}

/// As [`checked`], with at most so many characters, as people count them, and bytes.
///
/// # Errors
/// [`BadWords`]: it cannot be said.
pub(crate) fn checked_to(words: &str, (graphemes_max, bytes_max): (usize, usize)) -> Result<String, BadWords> {
    if words.len() > bytes_max {
        return Err(BadWords::TooLong);
    }
    if !is_readable(words) {
        return Err(BadWords::Unreadable);
    }
    let words: String = words.trim().nfc().collect();
    if !words.chars().any(|character| !character.is_whitespace() && !is_mark(character)) {
        return Err(BadWords::Empty);
    }
    // Composing can make more bytes, of a few rare letters.
    if words.len() > bytes_max || words.graphemes(true).count() > graphemes_max {
        return Err(BadWords::TooLong);
    }
    let mut marks_count = 0;
    for character in words.chars() {
        marks_count = if is_mark(character) { marks_count + 1 } else { 0 };
        if marks_count > CHAT_MARKS_MAX {
            return Err(BadWords::Unreadable);
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn length_is_counted_as_people_count() {
        let family = "👨\u{200D}👩\u{200D}👧";
        assert_eq!(family.chars().count(), 5, "five for a computer");
        assert!(checked(&family.repeat(CHAT_BYTES_MAX / family.len())).is_ok(), "one for people, as far as bytes go");
        assert!(checked(&"e\u{301}".repeat(CHAT_GRAPHEMES_MAX)).is_ok(), "an accent is no character of its own");
        assert_eq!(checked(&"é".repeat(CHAT_GRAPHEMES_MAX + 1)), Err(BadWords::TooLong), "one too many");
        assert!(checked(&"🜏".repeat(CHAT_GRAPHEMES_MAX)).is_ok(), "of any script");
    }

    #[test]
    fn what_cannot_be_read_is_not_said() {
        for words in ["", "   ", "\u{200D}", " \u{301} "] {
            assert_eq!(checked(words), Err(BadWords::Empty), "{words:?} says nothing");
        }
        for words in ["\u{202E}olleh", "a\nb", "a\u{2028}b", "a\u{200B}b", "a\u{E0041}", "\u{1b}[2J"] {
            assert_eq!(checked(words), Err(BadWords::Unreadable), "{words:?} plays tricks");
        }
        let tower = |marks: usize| format!("Z{}", "\u{353}".repeat(marks));
        assert!(checked(&tower(CHAT_MARKS_MAX)).is_ok(), "some marks are a script");
        assert_eq!(checked(&tower(CHAT_MARKS_MAX + 1)), Err(BadWords::Unreadable), "more are a tower");
        let joined = format!("Z{}", "\u{353}\u{200D}".repeat(CHAT_MARKS_MAX));
        assert_eq!(checked(&joined), Err(BadWords::Unreadable), "joiners between them hide no tower");
        for words in ["שָׁלוֹם", "Tiếng Việt", "می‌خواهم", "क्षत्रिय", "👩🏽‍🚀", "مَرْحَبًا"]
        {
            assert!(checked(words).is_ok(), "{words} is what people write");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_said_is_bounded_and_said_the_same_again(words in "\\PC{0,400}") {
            if let Ok(said) = checked(&words) {
                prop_assert!(said.len() <= CHAT_BYTES_MAX && said.graphemes(true).count() <= CHAT_GRAPHEMES_MAX);
                prop_assert_eq!(checked(&said), Ok(said.clone()));
            }
        }

        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let _ = checked(&String::from_utf8_lossy(&bytes));
        }
    }
}
