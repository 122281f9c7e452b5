//! When two names are one: the key by which names are unique.
//!
//! Compatible forms are taken apart, case is folded (full folding: `ẞ`, `ß` and `ss` are one), joiners are left out, and
//! each letter is replaced by the one it is mistaken for, as Unicode's list of confusables has it (UTS 39), within its
//! script. A letter that is mistaken for one of another script is written as its script and that letter, so that
//! Cyrillic `а` and Latin `a` stay two while two Cyrillic letters that both look like `a` are one.

use caseless::default_case_fold_str;
use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};
use unicode_security::skeleton;

/// The key of a name. Of any text: what is no name has one, too.
pub(crate) fn name_key(text: &str) -> String {
    let decomposed: String = text.nfd().collect();
    let compatible: String = default_case_fold_str(&decomposed).nfkc().collect();
    let folded: String = default_case_fold_str(&compatible).nfd().collect();
    let mut key = String::with_capacity(folded.len());
    for character in folded.chars().filter(|character| !matches!(character, '\u{200C}' | '\u{200D}')) {
        push_look(&mut key, character);
    }
    key.nfc().collect()
}

/// Adds what a letter looks like.
fn push_look(key: &mut String, character: char) {
    let mut buffer = [0; 4];
    let look: String = skeleton(character.encode_utf8(&mut buffer)).collect();
    let look = default_case_fold_str(&look);
    let own = character.script();
    let is_of_own = |look: char| matches!(look.script(), Script::Common | Script::Inherited) || look.script() == own;
    if matches!(own, Script::Common | Script::Inherited) || look.chars().all(is_of_own) {
        key.push_str(&look);
    } else {
        // No name has these brackets, so no name is written like this.
        key.extend(["(", own.short_name(), ":", &look, ")"]);
    }
}
