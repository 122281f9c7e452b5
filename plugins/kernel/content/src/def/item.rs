//! Items: `assets/items/*.ron`.

use serde::{Deserialize, Serialize};

use super::{AbilityDef, EffectDef, ItemConflict, Magnitude, Stat};
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
    /// Put on anyone who consumes it. Every consumable has one or dispels, nothing else does.
    #[serde(default)]
    pub on_use: Option<Link<EffectDef>>,
    /// Tags of the effects that it takes off anyone who consumes it, at most 8; which of them may be dispelled otherwise does not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dispels: Vec<String>,
    /// Most effects that it takes off at once, 1–99, those that would last longest first; without it, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispels_max: Option<u32>,
    /// Worth of a piece in currency, 0–1,000,000.
    #[serde(default)]
    pub value: u32,
    /// How long it lies on the ground, 1,000–3,600,000, where things go after a time; without it, as long as the mode or the zone says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground_lifetime_ms: Option<u32>,
    /// What a piece of it weighs, 0–1,000,000 grams; of a bag without what is in it. It counts only for those whose body has a limit.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub weight_g: u32,
    /// Most pieces of it that lie in one stack and take one slot, 1–1,000; more than 1 only of what is not worn.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub stack_max: u32,
    /// Shown of several pieces, 1–48 characters; without it the name with an s. Only of what stacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plural: Option<String>,
    /// What it stands before it breaks, 1–100,000 points; only of what is worn. Without it, it never breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub durability: Option<u32>,
    /// How many blows cost a point of durability, 1–1,000: those its wearer deals of a weapon, those its wearer takes of all else.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub blows_per_point: u32,
    /// Points of durability that a piece of it gives back to what it is used on, 0–100,000; it is used up by that. Only of what is not
    /// worn.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub repairs: u32,
    /// When it is bound to whoever has it, and then never given, dropped, traded or sold; never of what stacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binds: Option<Binding>,
    /// Whether it belongs to a quest: it is not given, dropped, or lost by death.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_quest: bool,
    /// Whether one carries one of it at most; never of what stacks.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_unique: bool,
    /// How many items it has room for, 1–16, if it is a bag; only of what is neither worn nor stacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<u32>,
    /// What follows where acts on it cross.
    #[serde(default, skip_serializing_if = "ItemConflict::is_default")]
    pub on_conflict: ItemConflict,
    /// How long it is for whoever killed for it alone to pick up where it falls, 0–600,000 ms.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub claim_ms: u32,
}

/// When an item is bound to whoever has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Binding {
    /// As soon as somebody carries it.
    OnPickUp,
    /// As soon as somebody wears it.
    OnWear,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_nothing(number: &u32) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
pub(super) const fn is_false(whether: &bool) -> bool {
    !*whether
}

const fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_one(number: &u32) -> bool {
    *number == 1
}

impl ItemDef {
    /// How many blows it stands as new; `None`: it never breaks.
    #[must_use]
    pub fn blows_max(&self) -> Option<u32> {
        self.durability.map(|points| points.saturating_mul(self.blows_per_point.max(1)))
    }

    /// Points of durability left after so many blows; `None`: it never breaks.
    #[must_use]
    pub fn points_left(&self, wear: u32) -> Option<u32> {
        let left = self.blows_max()?.saturating_sub(wear);
        Some(left.div_ceil(self.blows_per_point.max(1)))
    }

    /// Whether it gives nothing any more after so many blows, until it is repaired.
    #[must_use]
    pub fn is_broken(&self, wear: u32) -> bool {
        self.blows_max().is_some_and(|most| wear >= most)
    }

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
