//! What abilities and items take off others, and by which tags of effects.

use std::collections::BTreeSet;

use crate::Content;
use crate::content::Sources;
use crate::def::{AbilityDef, ItemDef};
use crate::locate::Spot;
use crate::review::{Definition, Review};

/// Most tags of an effect, and of what dispels.
pub(super) const TAGS_MAX: usize = 8;

/// The form of what an ability or an item dispels.
pub(super) fn check(at: Spot<'_>, dispels: &[String], dispels_max: Option<u32>, review: &mut Review<'_>) {
    check_tags(at.field("dispels"), dispels, review);
    if let Some(dispels_max) = dispels_max {
        review.range(at.field("dispels_max"), dispels_max, 1..=99);
        if dispels.is_empty() {
            let at = at.field("dispels_max");
            review.fault(at, "bound on what is not dispelled", dispels_max, "no dispels_max, or dispels");
        }
    }
}

/// Tags are keys.
pub(super) fn check_tags(at: Spot<'_>, tags: &[String], review: &mut Review<'_>) {
    review.count(at, tags.len(), 0..=TAGS_MAX);
    for (index, tag) in tags.iter().enumerate() {
        review.word(at.nth(index).named("tag"), tag);
    }
}

/// What is dispelled is the tag of some effect.
pub(super) fn check_known(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    let tags: BTreeSet<&str> =
        content.effects.iter().flat_map(|(.., effect)| effect.tags.iter().map(String::as_str)).collect();
    let abilities = content.abilities.iter().map(|(_, key, def)| ((AbilityDef::FOLDER, key.to_owned()), &def.dispels));
    let items = content.items.iter().map(|(_, key, def)| ((ItemDef::FOLDER, key.to_owned()), &def.dispels));
    for (file, dispels) in abilities.chain(items) {
        let Some(source) = sources.get(&file) else { continue };
        for (index, tag) in dispels.iter().enumerate() {
            if !tags.contains(tag.as_str()) {
                let at = source.root().field("dispels").nth(index);
                review.known(at, "tag", tag, tags.iter().copied());
            }
        }
    }
}
