//! Items: `assets/items/*.ron`.

use serde::{Deserialize, Serialize};

use super::{AbilityDef, EffectDef, Magnitude, Stat};
use crate::Link;

/// A kind of item.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ItemDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// What it is for.
    pub kind: ItemKind,
    /// Where it is worn; `Weapon`, `Head` or `Body`, `Trinket` for those kinds, nothing for others.
    #[serde(default)]
    pub slot: Option<Slot>,
    /// What wearing it changes, at most 16; nothing where it is not worn.
    #[serde(default)]
    pub modifiers: Vec<Modifier>,
    /// The attack a weapon gives: ability slot 1 while it is worn. Every weapon has one, nothing else does.
    #[serde(default)]
    pub ability: Option<Link<AbilityDef>>,
    /// Put on anyone who consumes it. Every consumable has one, nothing else does.
    #[serde(default)]
    pub on_use: Option<Link<EffectDef>>,
    /// Worth of a piece in currency, 0–1,000,000.
    #[serde(default)]
    pub value: u32,
    /// Most pieces of it that lie in one stack and take one slot, 1–1,000; more than 1 only of what is not worn.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub stack_max: u32,
    /// Shown of several pieces, 1–48 characters; without it the name with an s. Only of what stacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plural: Option<String>,
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_one(number: &u32) -> bool {
    *number == 1
}

impl ItemDef {
    /// What so many pieces of it are called, in small letters, with the number or an article before it.
    #[must_use]
    pub fn called(&self, count: u32) -> String {
        let name = self.name.to_lowercase();
        if count != 1 {
            let plural = self.plural.as_ref().map_or_else(|| format!("{name}s"), |plural| plural.to_lowercase());
            return format!("{count} {plural}");
        }
        let is_vowel = name.starts_with(['a', 'e', 'i', 'o', 'u']);
        format!("{} {name}", if is_vowel { "an" } else { "a" })
    }
}

/// What an item is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum ItemKind {
    /// Worn, gives an attack.
    Weapon,
    /// Worn on head or body; protects by its modifiers.
    Armour,
    /// Worn round neck or finger; helps by its modifiers.
    Trinket,
    /// Used up, and puts the effect of `on_use` on its user.
    Consumable,
    /// Carried out to be sold.
    Valuable,
}

/// Where an item is worn; one each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Slot {
    /// In the hand.
    Weapon,
    /// On the head.
    Head,
    /// On the body.
    Body,
    /// Round the neck or finger.
    Trinket,
}

/// A change of a stat.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Modifier {
    /// The stat it changes.
    pub stat: Stat,
    /// By how much.
    pub by: Magnitude,
}
