//! What words look like, whatever they are written with: case, accents, other scripts, digits and signs for letters.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

use crate::words::is_mark;

/// A letter as it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) letter: char,
    /// The bytes of the text that look like it, marks included.
    pub(crate) at: Range<usize>,
    /// Something that is no letter stands before it, or nothing.
    pub(crate) is_apart: bool,
}

/// The letters of a text, as they look.
pub(crate) fn fold(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::with_capacity(text.len());
    let mut is_apart = true;
    let mut before: Option<char> = None;
    let mut rest = text.char_indices().peekable();
    while let Some((start, character)) = rest.next() {
        let end = start + character.len_utf8();
        if is_mark(character) {
            // It belongs to the letter before it, if that is one.
            if let Some(last) = letters.last_mut().filter(|last| last.at.end == start) {
                last.at.end = end;
            }
            continue;
        }
        let next = rest.peek().map(|(_, next)| *next);
        let looks = match sign(before, character, next) {
            Some(letter) => vec![letter],
            None => looks_of(character),
        };
        before = Some(character);
        if looks.is_empty() {
            is_apart = true;
        }
        for letter in looks {
            letters.push(Letter { letter, at: start..end, is_apart });
            is_apart = false;
        }
    }
    letters
}

/// The letter that a sign stands for between letters: `@` and `$` may begin a word, `!` ends sentences.
fn sign(before: Option<char>, sign: char, next: Option<char>) -> Option<char> {
    let is_letter = |beside: Option<char>| beside.is_some_and(char::is_alphanumeric);
    match sign {
        '@' if is_letter(next) => Some('a'),
        '$' if is_letter(next) => Some('s'),
        '€' if is_letter(next) => Some('e'),
        '!' | '|' if is_letter(before) && is_letter(next) => Some('l'),
        '+' if is_letter(before) && is_letter(next) => Some('t'),
        _ => None,
    }
}

/// What a character looks like: small Latin letters where it looks like some. Twice, because what a capital looks like has a
/// small form that looks like something else.
fn looks_of(character: char) -> Vec<char> {
    if !character.is_alphanumeric() {
        return Vec::new();
    }
    let plain: String = character.nfkd().filter(|character| !is_mark(*character)).collect();
    let lowered = |text: &str| skeleton(text).flat_map(char::to_lowercase).collect::<String>();
    lowered(&lowered(&plain)).chars().filter(|character| character.is_alphanumeric()).map(letter_of).collect()
}

/// The letter that a digit stands for, and one for those that look alike in most fonts.
const fn letter_of(character: char) -> char {
    match character {
        '0' => 'o',
        '1' | 'i' | 'ı' => 'l',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        '8' => 'b',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(text: &str) -> String {
        fold(text).into_iter().map(|letter| letter.letter).collect()
    }

    #[test]
    fn what_looks_alike_folds_to_the_same() {
        let alike = [
            (
                "badword",
                ["BadWord", "b4dw0rd", "b\u{301}a\u{308}dword", "bаdwоrd", "ＢＡＤＷＯＲＤ", "𝒃𝒂𝒅𝒘𝒐𝒓𝒅", "b@dword"],
            ),
            ("slime", ["SLIME", "sl1me", "sl!me", "$lime", "ѕlіmе", "ｓｌｉｍｅ", "s|ime"]),
        ];
        for (word, others) in alike {
            for other in others {
                assert_eq!(looks(other), looks(word), "{other} looks like {word}");
            }
        }
        assert_ne!(looks("bad"), looks("bed"), "what differs differs");
        assert_eq!(looks("bad!"), looks("bad"), "a sentence ends with a mark, not with a letter");
    }

    #[test]
    fn a_letter_knows_where_it_stands() {
        let letters = fold("a \u{e9}e\u{301}");
        let at: Vec<_> = letters.iter().map(|letter| (letter.at.clone(), letter.is_apart)).collect();
        assert_eq!(at, [(0..1, true), (2..4, true), (4..7, false)], "with its marks, and what is before it");
    }
}
