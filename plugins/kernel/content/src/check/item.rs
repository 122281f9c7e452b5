//! Items.

use super::dispel;
use super::effect::check_change;
use super::ground::LIFETIMES_MS;
use crate::def::{ItemConflict, ItemDef, ItemKind, Slot};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for ItemDef {
    const FOLDER: &'static str = "items";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.range(at.field("value"), self.value, 0..=1_000_000);
        review.range(at.field("weight_g"), self.weight_g, 0..=1_000_000);
        if let Some(lifetime_ms) = self.ground_lifetime_ms {
            review.range(at.field("ground_lifetime_ms"), lifetime_ms, LIFETIMES_MS);
        }
        review.range(at.field("claim_ms"), self.claim_ms, 0..=600_000);
        self.check_slot(at, review);
        review.count(at.field("modifiers"), self.modifiers.len(), 0..=16);
        for (index, modifier) in self.modifiers.iter().enumerate() {
            check_change(at.field("modifiers").nth(index).field("by"), modifier.by, review);
        }
        if !self.modifiers.is_empty() && !self.is_worn() {
            review.fault(at.field("modifiers"), "modifiers on what is not worn", self.kind_name(), "no modifiers");
        }
        self.check_use(at, review);
        self.check_stack(at, review);
        self.check_durability(at, review);
        self.check_bag(at, review);
    }
}

impl ItemDef {
    fn is_worn(&self) -> bool {
        matches!(self.kind, ItemKind::Weapon | ItemKind::Armour | ItemKind::Trinket)
    }

    fn kind_name(&self) -> String {
        format!("{:?}", self.kind)
    }

    fn check_slot(&self, at: Spot<'_>, review: &mut Review<'_>) {
        let (fits, expected) = match self.kind {
            ItemKind::Weapon => (self.slot == Some(Slot::Weapon), "slot Weapon for a Weapon"),
            ItemKind::Armour => (matches!(self.slot, Some(Slot::Head | Slot::Body)), "slot Head or Body for Armour"),
            ItemKind::Trinket => (self.slot == Some(Slot::Trinket), "slot Trinket for a Trinket"),
            ItemKind::Consumable | ItemKind::Valuable => (self.slot.is_none(), "no slot for what is not worn"),
        };
        if !fits {
            let found = self.slot.map_or_else(|| "no slot".to_owned(), |slot| format!("{slot:?}"));
            let at = if self.slot.is_some() { at.field("slot") } else { at.field("kind") };
            review.fault(at, "slot does not fit the kind", found, expected);
        }
    }

    fn check_durability(&self, at: Spot<'_>, review: &mut Review<'_>) {
        if let Some(durability) = self.durability {
            review.range(at.field("durability"), durability, 1..=100_000);
            if !self.is_worn() {
                review.fault(
                    at.field("durability"),
                    "durability of what is not worn",
                    self.kind_name(),
                    "no durability",
                );
            }
        }
        review.range(at.field("blows_per_point"), self.blows_per_point, 1..=1_000);
        review.range(at.field("repairs"), self.repairs, 0..=100_000);
        if self.repairs > 0 && self.is_worn() {
            review.fault(at.field("repairs"), "repairs by what is worn", self.kind_name(), "no repairs");
        }
    }

    fn check_bag(&self, at: Spot<'_>, review: &mut Review<'_>) {
        let Some(holds) = self.holds else { return };
        review.range(at.field("holds"), holds, 1..=16);
        if self.is_worn() {
            review.fault(at.field("holds"), "bag that is worn", self.kind_name(), "no holds");
        }
        if self.kind == ItemKind::Consumable {
            review.fault(at.field("holds"), "bag that is consumed", self.kind_name(), "no holds");
        }
        if self.stack_max > 1 {
            review.fault(at.field("holds"), "bag that stacks", self.stack_max, "no holds, or no stack_max");
        }
    }

    fn check_stack(&self, at: Spot<'_>, review: &mut Review<'_>) {
        review.range(at.field("stack_max"), self.stack_max, 1..=1_000);
        if self.stack_max > 1 && self.is_worn() {
            review.fault(at.field("stack_max"), "stacks of what is worn", self.kind_name(), "no stack_max");
        }
        if self.stack_max > 1 && self.binds.is_some() {
            review.fault(at.field("binds"), "binding of what stacks", self.stack_max, "no binds, or no stack_max");
        }
        if self.stack_max > 1 && self.is_unique {
            review.fault(at.field("is_unique"), "one at most of what stacks", self.stack_max, "no stack_max");
        }
        if self.stack_max <= 1 && self.on_conflict == ItemConflict::Merge {
            review.fault(
                at.field("on_conflict"),
                "merging of what never stacks",
                "Merge",
                "First or Reject, or a stack_max",
            );
        }
        if let Some(plural) = &self.plural {
            review.name(at.field("plural"), plural);
            if self.stack_max <= 1 {
                review.fault(at.field("plural"), "plural of what never stacks", plural, "no plural, or a stack_max");
            }
        }
    }

    /// Weapons attack, consumables work when used, and nothing else does either.
    fn check_use(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        let kind = self.kind_name();
        dispel::check(at, &self.dispels, self.dispels_max, review);
        if !self.dispels.is_empty() && self.kind != ItemKind::Consumable {
            review.fault(at.field("dispels"), "dispel by what is not consumed", kind.clone(), "no dispels");
        }
        match &mut self.ability {
            Some(ability) => {
                review.link(at.field("ability"), ability);
                if self.kind != ItemKind::Weapon {
                    review.fault(at.field("ability"), "ability on what is no weapon", kind.clone(), "no ability");
                }
            }
            None if self.kind == ItemKind::Weapon => {
                review.fault(at.field("kind"), "weapon without attack", "no ability", "a key of abilities");
            }
            None => {}
        }
        match &mut self.on_use {
            Some(effect) => {
                review.link(at.field("on_use"), effect);
                if self.kind != ItemKind::Consumable {
                    review.fault(at.field("on_use"), "use of what is not consumed", kind, "no on_use");
                }
            }
            None if self.kind == ItemKind::Consumable && self.dispels.is_empty() => {
                review.fault(at.field("kind"), "consumable without use", "no on_use", "a key of effects");
            }
            None => {}
        }
    }
}
