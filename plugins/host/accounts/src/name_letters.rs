//! Which letters and marks a name is made of.

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_script::{Script, UnicodeScript};

use crate::error::AccountError;

/// Letters that show nothing: Unicode counts these fillers as letters.
const BLANK_LETTERS: [char; 4] = ['\u{115F}', '\u{1160}', '\u{3164}', '\u{FFA0}'];
/// Marks that show nothing: inherent vowels of Khmer, and what chooses between forms of a Mongolian letter.
const BLANK_MARKS: [char; 7] = ['\u{17B4}', '\u{17B5}', '\u{180B}', '\u{180C}', '\u{180D}', '\u{180E}', '\u{180F}'];
/// Marks on one letter: as many as any script writes in names.
const MARKS_MAX: usize = 4;
/// Its combining class makes a mark a virama: it takes a consonant its vowel, so that it joins the next.
const VIRAMA: u8 = 9;
const NON_JOINER: char = '\u{200C}';
const JOINER: char = '\u{200D}';

/// Whether all of a composed name is letters, digits, `_`, `-`, spaces, marks on letters of their own script, and joiners
/// where they shape how letters are written: after a virama, and `U+200C` between Arabic letters.
pub(crate) fn check_letters(text: &str) -> Result<(), AccountError> {
    let (mut before, mut base, mut marks) = (None, Script::Common, 0);
    let mut chars = text.chars().peekable();
    while let Some(character) = chars.next() {
        let is_good = if matches!(character, NON_JOINER | JOINER) {
            let joins_next = chars.peek().is_some_and(|next| is_letter(*next) && next.script() == base);
            let after_virama = before.is_some_and(|before| canonical_combining_class(before) == VIRAMA);
            let in_arabic = character == NON_JOINER && base == Script::Arabic && before.is_some_and(is_letter);
            joins_next && (after_virama || in_arabic)
        } else if is_combining_mark(character) {
            marks += 1;
            marks <= MARKS_MAX && before != Some(character) && belongs_to(character, base)
        } else {
            marks = 0;
            let is_letter = is_letter(character);
            base = if is_letter { character.script() } else { Script::Common };
            is_letter || character.is_ascii_digit() || matches!(character, '_' | '-' | ' ')
        };
        if !is_good {
            return Err(AccountError::NameCharacter(character));
        }
        before = Some(character);
    }
    Ok(())
}

fn is_letter(character: char) -> bool {
    character.is_alphabetic() && !is_combining_mark(character) && !BLANK_LETTERS.contains(&character)
}

/// Whether a mark is one of the script of the letter it stands on, and not of every script.
fn belongs_to(mark: char, base: Script) -> bool {
    let scripts = mark.script_extension();
    let is_of_all = scripts.is_common() || scripts.is_inherited();
    let is_of_none = matches!(base, Script::Common | Script::Inherited | Script::Unknown);
    !is_of_all && !is_of_none && !BLANK_MARKS.contains(&mark) && scripts.contains_script(base)
}
