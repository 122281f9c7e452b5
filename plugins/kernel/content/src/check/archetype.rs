//! Archetypes.

use hypogeum_protocol::limits::INVENTORY_ITEMS_MAX;

use super::mode::check_avatar;
use crate::def::ArchetypeDef;
use crate::limits::DESCRIPTION_BYTES_MAX;
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for ArchetypeDef {
    const FOLDER: &'static str = "archetypes";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.prose(at.field("description"), &self.description, DESCRIPTION_BYTES_MAX);
        check_avatar(at.field("avatar"), &mut self.avatar, review);
        let items = at.field("starter_items");
        review.links(items, &mut self.starter_items);
        let (count, slots) = (self.starter_items.len(), self.avatar.inventory_slots as usize);
        if count > slots.min(INVENTORY_ITEMS_MAX) {
            review.fault(items, "starter items do not fit", count, format!("at most the {slots} inventory slots"));
        }
    }
}
