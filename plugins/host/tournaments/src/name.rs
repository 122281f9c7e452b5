//! What creatures are called.

use std::fmt;

/// Most characters of a name: a line of a battle has two.
pub const CREATURE_NAME_CHARS_MAX: usize = 24;

/// A name that a creature may have: 1 to 24 characters that can be shown, without spaces at its ends. Two may be called alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatureName(String);

/// Why a creature may not be called so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreatureNameError {
    /// Nothing, or nothing but spaces.
    #[error("the name is empty")]
    Empty,
    /// Too many characters.
    #[error("the name has {found} characters, at most {CREATURE_NAME_CHARS_MAX} are allowed")]
    TooLong {
        /// How many it has.
        found: usize,
    },
    /// A character that cannot be shown, or that changes how others are.
    #[error("U+{:04X} cannot be part of a name", *found as u32)]
    Character {
        /// Which one.
        found: char,
    },
}

impl CreatureName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`CreatureNameError`].
    pub fn parse(text: &str) -> Result<Self, CreatureNameError> {
        let name = text.trim();
        if name.is_empty() {
            return Err(CreatureNameError::Empty);
        }
        let found = name.chars().count();
        if found > CREATURE_NAME_CHARS_MAX {
            return Err(CreatureNameError::TooLong { found });
        }
        match name.chars().find(|char| !may_be_shown(*char)) {
            Some(found) => Err(CreatureNameError::Character { found }),
            None => Ok(Self(name.to_owned())),
        }
    }

    /// As it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CreatureName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// No control characters; no marks of direction, joiners, tags or fillers, which are not seen and change what is.
fn may_be_shown(char: char) -> bool {
    let is_hidden = matches!(char,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{E0FFF}');
    !char.is_control() && !is_hidden && (char == ' ' || !char.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_be_shown() {
        for name in ["Cinder", " Old Grimjaw ", "Ätna", "狐", "O'Hare-2", "|bar|"] {
            assert_eq!(CreatureName::parse(name).map(|name| name.to_string()), Ok(name.trim().to_owned()));
        }
    }

    #[test]
    fn names_that_cannot() {
        assert_eq!(CreatureName::parse("  "), Err(CreatureNameError::Empty));
        assert_eq!(CreatureName::parse(&"x".repeat(25)), Err(CreatureNameError::TooLong { found: 25 }));
        for found in ['\n', '\u{7}', '\u{202E}', '\u{200B}', '\u{FEFF}', '\u{E0041}'] {
            let refused = CreatureName::parse(&format!("a{found}b"));
            assert_eq!(refused, Err(CreatureNameError::Character { found }), "{found:?}");
        }
    }
}
