//! A character as it is kept between visits: by keys, so that it means the same on another content and another build.

use hypogeum_content::Content;
use hypogeum_protocol::codec::{self, CodecError};
use hypogeum_protocol::{ItemId, limits};
use serde::{Deserialize, Serialize};

/// Experience of level 2; level n + 1 begins at n² times that.
const XP_OF_LEVEL: u32 = 100;
/// The highest level.
pub const LEVEL_MAX: u32 = 100;

/// The level that so much experience is worth, 1 to [`LEVEL_MAX`].
#[must_use]
pub const fn level_of(xp: u32) -> u32 {
    let level = (xp / XP_OF_LEVEL).isqrt() + 1;
    if level < LEVEL_MAX { level } else { LEVEL_MAX }
}

/// The experience at which the level after this one begins; at the highest level that of this one.
#[must_use]
pub const fn xp_of_next(level: u32) -> u32 {
    let level = if level < LEVEL_MAX { level } else { LEVEL_MAX - 1 };
    XP_OF_LEVEL * level * level
}

/// What the store keeps of a character besides its name and what it carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Body {
    /// Which layout this is.
    version: u8,
    /// Key of its archetype.
    pub(crate) archetype: String,
    /// Experience, all its life.
    pub(crate) xp: u32,
    /// Hit points and mana; none of one that was never anywhere: it is whole.
    pub(crate) vitals: Option<(u32, u32)>,
    /// The room it is in, and where exactly; without a place it stands in the middle, without a room at the shrine.
    pub(crate) room: String,
    /// Where it stands, in subunits.
    pub(crate) at: Option<(i32, i32)>,
    /// Where it looks, in 1/65,536 turns.
    pub(crate) heading: u16,
    /// What it wears of what it carries.
    pub(crate) worn: Vec<ItemId>,
    /// Keys of effects, how many of each, and for how many milliseconds more.
    pub(crate) effects: Vec<(String, u32, u32)>,
    /// It has never been anywhere, and gets what its archetype starts with.
    pub(crate) is_new: bool,
}

impl Body {
    const VERSION: u8 = 1;

    /// One that was never anywhere, of an archetype; of the first one where the key is empty.
    pub(crate) fn newborn(content: &Content, archetype: &str) -> Option<Self> {
        let archetype = match archetype {
            "" => content.archetypes.iter().next().map(|(_, key, _)| key)?,
            key => content.archetypes.id(key).map(|_| key)?,
        };
        Some(Self { version: Self::VERSION, archetype: archetype.to_owned(), is_new: true, ..Self::default() })
    }

    /// One that has been somewhere.
    pub(crate) fn of_archetype(archetype: &str) -> Self {
        Self { version: Self::VERSION, archetype: archetype.to_owned(), ..Self::default() }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// # Errors
    /// [`CodecError`]: these bytes are no body, or one of a later build.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let body: Self = codec::decode::<Self, { limits::CHARACTER_BYTES_MAX }>(bytes)?;
        if body.version == Self::VERSION { Ok(body) } else { Err(CodecError::UnknownTag(body.version.into())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_take_more_and_more() {
        assert_eq!([0, 99, 100, 399, 400, 900].map(level_of), [1, 1, 2, 2, 3, 4], "each takes more than the last");
        assert_eq!(level_of(u32::MAX), LEVEL_MAX, "there is a highest one");
        for level in 1..LEVEL_MAX {
            let next = xp_of_next(level);
            assert_eq!((level_of(next - 1), level_of(next)), (level, level + 1), "level {level} ends where it says");
        }
        assert_eq!(xp_of_next(LEVEL_MAX), xp_of_next(LEVEL_MAX - 1), "after the highest there is none");
    }
}
