//! What people begin with, against what they can carry.

use crate::content::Sources;
use crate::def::{ArchetypeDef, AvatarDef, ItemDef, ModeDef};
use crate::locate::Spot;
use crate::review::{Definition, Review};
use crate::{Content, Link};

/// Nobody begins with more than it may carry: what a newcomer could not pick up again is a mistake.
pub(super) fn check_starters(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, def) in content.archetypes.iter() {
        let Some(source) = sources.get(&(ArchetypeDef::FOLDER, key.to_owned())) else { continue };
        check_weight(content, &def.avatar, &def.starter_items, source.root().field("starter_items"), review);
    }
    for (_, key, def) in content.modes.iter() {
        let Some(source) = sources.get(&(ModeDef::FOLDER, key.to_owned())) else { continue };
        let at = source.root().field("rewards").field("starter_items");
        check_weight(content, &def.avatar, &def.rewards.starter_items, at, review);
    }
}

fn check_weight(content: &Content, avatar: &AvatarDef, items: &[Link<ItemDef>], at: Spot<'_>, review: &mut Review<'_>) {
    // A limit of nothing has been said to be out of range.
    let Some(weight_max_g) = avatar.weight_max_g.filter(|most| *most > 0) else { return };
    let weights = items.iter().filter_map(|item| content.items.find(item.id())).map(|item| u64::from(item.weight_g));
    let weight_g: u64 = weights.sum();
    if weight_g > u64::from(weight_max_g) {
        let expected = format!("at most the {weight_max_g} g of weight_max_g");
        review.fault(at, "starter items are too heavy", format!("{weight_g} g"), expected);
    }
}
