//! What an account may be called.

use std::fmt;

use hypogeum_protocol::limits::{NAME_BYTES_MAX, NAME_CHARS_MAX, NAME_CHARS_MIN};
use unicode_normalization::UnicodeNormalization;

use crate::error::AccountError;
use crate::name_key::name_key;
use crate::name_letters::check_letters;

/// Longest name looked at. A composed name is at most [`NAME_BYTES_MAX`] long; typed with each mark apart it is longer.
const TYPED_BYTES_MAX: usize = 4 * NAME_BYTES_MAX;

/// A checked name: how it is shown, and the form by which it is unique.
///
/// Letters of any script are welcome, and marks on letters of their own script. It is composed (NFC), however it was typed.
/// Two names are one if they differ in case, in how they are composed, or in nothing that is seen within one script: see
/// [`AccountName::canonical`]. Letters of different scripts that look alike (Latin `a`, Cyrillic `а`) stay different.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName {
    canonical: String,
    shown: String,
    typed: String,
}

impl AccountName {
    /// Checks a name as someone typed it. Nothing is trimmed.
    ///
    /// # Errors
    /// The `Name…` variants of [`AccountError`].
    pub fn parse(text: &str) -> Result<Self, AccountError> {
        let name = Self::entered(text)?;
        let shown = name.shown.as_str();
        if shown.len() > NAME_BYTES_MAX {
            return Err(AccountError::NameBytes(shown.len()));
        }
        let chars = shown.chars().count();
        if !(NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&chars) {
            return Err(AccountError::NameLength(chars));
        }
        check_letters(shown)?;
        let begins_well = shown.starts_with(|first: char| first.is_alphabetic() || first.is_ascii_digit());
        if !begins_well || shown.ends_with(' ') || shown.contains("  ") {
            return Err(AccountError::NameShape);
        }
        Ok(name)
    }

    /// Takes a name entered at login: it is compared and nothing else, so anyone who has it by the rules of an earlier
    /// day finds it.
    ///
    /// # Errors
    /// [`AccountError::NameBytes`], and [`AccountError::NameCharacter`] for controls.
    pub fn entered(text: &str) -> Result<Self, AccountError> {
        if text.len() > TYPED_BYTES_MAX {
            return Err(AccountError::NameBytes(text.len()));
        }
        if let Some(control) = text.chars().find(|character| character.is_control()) {
            return Err(AccountError::NameCharacter(control));
        }
        Ok(Self { canonical: name_key(text), shown: text.nfc().collect(), typed: text.to_owned() })
    }

    /// The key of a text, whether it is a name by the rules of today or not.
    #[must_use]
    pub fn key_of(text: &str) -> String {
        name_key(text)
    }

    /// The form by which names are unique. Opaque: it is compared and kept, never shown.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The name as it was chosen, composed.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The name byte by byte as it was typed: what tells two old accounts apart whose names are one today.
    #[must_use]
    pub fn typed(&self) -> &str {
        &self.typed
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        AccountName::parse(text).unwrap_or_else(|error| panic!("{text:?} is a name: {error}")).canonical().to_owned()
    }

    #[test]
    fn names_of_many_scripts_are_accepted() {
        for name in [
            "Ada",
            "bot-07",
            "Zoë_Λ",
            "Иван Грозный",
            "李小龙",
            "محمد",
            "a1 b2",
            "कृष्ण",
            "น้ำฝน",
            "가나다",
            "עִבְרִית",
            "தமிழ்",
            "မြန်မာ",
            "ភាសា",
            "ກາວາ",
            "Ἀθηνᾶ",
            "মৌসুমী",
            "ਪੰਜਾਬੀ",
            "クジラ",
            "Nguyễn",
        ] {
            let parsed = AccountName::parse(name);
            assert!(parsed.is_ok(), "{name:?} is a name, but was refused: {parsed:?}");
        }
    }

    #[test]
    fn a_name_is_kept_composed_however_it_was_typed() {
        for (typed, shown) in [
            ("Jose\u{301}", "José"),
            ("\u{1100}\u{1161}\u{1102}\u{1161}\u{1103}\u{1161}", "가나다"),
            ("\u{0995}\u{09C7}\u{09BE}\u{0995}\u{09BE}", "\u{0995}\u{09CB}\u{0995}\u{09BE}"),
        ] {
            let name = AccountName::parse(typed).unwrap();
            assert_eq!((name.shown(), name.typed()), (shown, typed), "it is shown composed");
            assert_eq!(name.canonical(), key(shown), "and is the same name");
        }
    }

    #[test]
    fn invisible_and_directional_characters_are_refused() {
        for hidden in [
            "\u{200B}",
            "\u{200C}",
            "\u{200D}",
            "\u{202E}",
            "\u{2066}",
            "\u{FEFF}",
            "\u{3164}",
            "\u{AD}",
            "\u{34F}",
            "\u{180B}",
            "\u{FE0F}",
            "\u{E0101}",
            "\n",
            "\0",
        ] {
            let parsed = AccountName::parse(&format!("ad{hidden}a"));
            assert!(
                matches!(parsed, Err(AccountError::NameCharacter(_))),
                "{hidden:?} cannot be seen, yet it was accepted: {parsed:?}"
            );
        }
    }

    #[test]
    fn a_mark_stands_on_a_letter_of_its_script_and_once() {
        for (wrong, why) in [
            ("ad\u{94D}a", "a Devanagari mark on a Latin letter"),
            ("ada\u{E49}", "a Thai mark on a Latin letter"),
            ("ada\u{334}", "a stroke through any letter"),
            ("\u{E19}\u{E49}\u{E49}\u{E19}", "the same mark twice, which shows as one"),
            ("\u{E49}\u{E19}\u{E19}", "a mark at the beginning"),
            ("\u{915} \u{94D}\u{915}", "a mark on a space"),
            ("\u{915}\u{94D}\u{93E}\u{94D}\u{93E}\u{94D}\u{93E}", "a heap of marks"),
        ] {
            assert!(AccountName::parse(wrong).is_err(), "{why}: {wrong:?}");
        }
    }

    #[test]
    fn joiners_stand_where_they_shape_letters_and_make_no_other_name() {
        let joined = "\u{915}\u{94D}\u{200D}\u{937}\u{93E}";
        assert_eq!(key(joined), key("\u{915}\u{94D}\u{937}\u{93E}"), "after a virama one may stand");
        assert_eq!(AccountName::parse(joined).unwrap().shown(), joined, "and is shown");
        assert_eq!(key("می\u{200C}خواهم"), key("میخواهم"), "between Arabic letters, too");
        for wrong in ["\u{915}\u{200D}\u{937}\u{93E}", "\u{915}\u{94D}\u{200D}", "ada\u{200C}b", "می\u{200D}خواهم"]
        {
            assert!(AccountName::parse(wrong).is_err(), "{wrong:?} joins nothing");
        }
    }

    #[test]
    fn shape_and_length_are_checked() {
        assert_eq!(AccountName::parse("ab"), Err(AccountError::NameLength(2)), "two characters are too few");
        assert_eq!(AccountName::parse(&"x".repeat(25)), Err(AccountError::NameLength(25)), "25 are too many");
        assert_eq!(AccountName::parse(&"x".repeat(97)), Err(AccountError::NameBytes(97)), "bytes are bounded first");
        let endless = format!("a{}", "\u{301}".repeat(10_000));
        assert_eq!(AccountName::parse(&endless), Err(AccountError::NameBytes(20_001)), "before anything is composed");
        for crooked in [" ada", "ada ", "a  b", "-ada", "___"] {
            assert_eq!(AccountName::parse(crooked), Err(AccountError::NameShape), "{crooked:?} has no good shape");
        }
    }

    #[test]
    fn names_that_differ_in_case_only_are_one_name() {
        for (one, other) in [
            ("ADA", "ada"),
            ("ΣΑΣ", "σας"),
            ("GROSS", "groß"),
            ("STRAẞE", "straße"),
            ("ẞab", "ssab"),
            ("ẞab", "ßab"),
            ("ǅab", "ǆab"),
        ] {
            assert_eq!(key(one), key(other), "{one} and {other} must be the same account");
        }
    }

    #[test]
    fn names_that_are_written_alike_are_one_name() {
        for (one, other) in [
            ("ﬁsh", "fish"),
            ("\u{8C48}abc", "\u{F900}abc"),
            ("ＡＤＡ", "ada"),
            ("b0b", "bob"),
            ("player1", "playerl"),
            ("rnary", "mary"),
            ("ıab", "iab"),
        ] {
            let keys = [one, other].map(name_key);
            assert_eq!(keys[0], keys[1], "{one} and {other} look alike");
        }
    }

    #[test]
    fn names_that_look_different_stay_two() {
        let names = [
            "ada",
            "аda",
            "адa",
            "adа",
            "bot-01",
            "bot-02",
            "bot-10",
            "bot-11",
            "José",
            "Jose",
            "นำ้ฝน",
            "นำฝน",
            "李小龙",
            "李小龍",
        ];
        for (at, one) in names.iter().enumerate() {
            for other in &names[at + 1..] {
                assert_ne!(name_key(one), name_key(other), "{one} and {other} are two names");
            }
        }
    }

    #[test]
    fn keys_stay_what_they_are_until_the_rules_change() {
        // Kept in databases: where this fails, NAME_RULES of the store is raised, and every key made again.
        for (name, expected) in
            [("Ada", "ada"), ("Bob-10", "bob-lo"), ("Emma", "ernrna"), ("Ад", "(Cyrl:a)д"), ("groß", "gross")]
        {
            assert_eq!(name_key(name), expected, "the key of {name}");
        }
    }

    #[test]
    fn what_is_entered_is_taken_as_it_is() {
        let old = "a\u{903}bc";
        assert!(AccountName::parse(old).is_err(), "nobody gets this name any more");
        assert_eq!(AccountName::entered(old).unwrap().canonical(), name_key(old), "but who has it logs in");
        assert!(AccountName::entered("a\0b").is_err(), "controls were nobody's name");
    }
}
