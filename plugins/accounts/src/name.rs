//! What an account may be called.

use std::fmt;

use hypogeum_protocol::limits::{NAME_BYTES_MAX, NAME_CHARS_MAX, NAME_CHARS_MIN};

use crate::error::AccountError;

/// Letters that show nothing: Unicode counts these fillers as letters.
const BLANK_LETTERS: [char; 6] = ['\u{115F}', '\u{1160}', '\u{3164}', '\u{FFA0}', '\u{17B4}', '\u{17B5}'];

/// A checked name: how it is shown, and the form by which it is unique.
///
/// Letters of any script are welcome. Controls, bidirectional marks, zero-width characters and combining marks that
/// are no letters are not, so that no two names can be told apart by bytes only. Letters that merely look alike
/// (Latin `a`, Cyrillic `а`) stay different names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName {
    canonical: String,
    shown: String,
}

impl AccountName {
    /// Checks a name as someone typed it. Nothing is trimmed or replaced.
    ///
    /// # Errors
    /// The `Name…` variants of [`AccountError`].
    pub fn parse(text: &str) -> Result<Self, AccountError> {
        if text.len() > NAME_BYTES_MAX {
            return Err(AccountError::NameBytes(text.len()));
        }
        let chars = text.chars().count();
        if !(NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&chars) {
            return Err(AccountError::NameLength(chars));
        }
        if let Some(stranger) = text.chars().find(|&character| !allowed(character)) {
            return Err(AccountError::NameCharacter(stranger));
        }
        let begins_well = text.starts_with(|first: char| first.is_alphabetic() || first.is_ascii_digit());
        if !begins_well || text.ends_with(' ') || text.contains("  ") {
            return Err(AccountError::NameShape);
        }
        Ok(Self { canonical: fold(text), shown: text.to_owned() })
    }

    /// The form by which names are unique: without case.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The name as it was chosen.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown.fmt(formatter)
    }
}

fn allowed(character: char) -> bool {
    let letter = character.is_alphabetic() && !BLANK_LETTERS.contains(&character);
    letter || character.is_ascii_digit() || matches!(character, '_' | '-' | ' ')
}

/// Upper case and then lower case, letter by letter: unlike lower case alone it makes one of `ς` and `σ`, `ß` and `ss`.
pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_scripts_are_accepted() {
        for name in ["Ada", "bot-07", "Zoë_Λ", "Иван Грозный", "李小龙", "محمد", "a1 b2"] {
            let parsed = AccountName::parse(name);
            assert!(parsed.is_ok(), "{name:?} is a name, but was refused: {parsed:?}");
        }
    }

    #[test]
    fn invisible_and_directional_characters_are_refused() {
        for hidden in ["\u{200B}", "\u{200D}", "\u{202E}", "\u{2066}", "\u{FEFF}", "\u{3164}", "\u{AD}", "\n", "\0"] {
            let parsed = AccountName::parse(&format!("ad{hidden}a"));
            assert!(
                matches!(parsed, Err(AccountError::NameCharacter(_))),
                "{hidden:?} cannot be seen, yet it was accepted: {parsed:?}"
            );
        }
    }

    #[test]
    fn shape_and_length_are_checked() {
        assert_eq!(AccountName::parse("ab"), Err(AccountError::NameLength(2)), "two characters are too few");
        assert_eq!(AccountName::parse(&"x".repeat(25)), Err(AccountError::NameLength(25)), "25 are too many");
        assert_eq!(AccountName::parse(&"x".repeat(97)), Err(AccountError::NameBytes(97)), "bytes are bounded first");
        for crooked in [" ada", "ada ", "a  b", "-ada", "___"] {
            assert_eq!(AccountName::parse(crooked), Err(AccountError::NameShape), "{crooked:?} has no good shape");
        }
    }

    #[test]
    fn names_that_differ_in_case_only_are_one_name() {
        for (one, other) in [("ADA", "ada"), ("ΣΑΣ", "σας"), ("GROSS", "groß")] {
            let (one, other) = (AccountName::parse(one).unwrap(), AccountName::parse(other).unwrap());
            assert_eq!(one.canonical(), other.canonical(), "{one} and {other} must be the same account");
        }
    }
}
