//! Hazards that triggers and scripts let begin in rooms.

use hypogeum_script::Kind;

use crate::Content;
use crate::check::script::fault_at;
use crate::content::Sources;
use crate::def::{HazardDef, HazardShape, ScriptDef, TriggerAction, ZoneDef};
use crate::review::{Definition, Review};

const UNFIT: &str = "hazard that no room can have";

/// A room can have those that end by themselves, and no storms.
pub(crate) fn check_hazards(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, zone) in content.zones.iter() {
        let Some(source) = sources.get(&(ZoneDef::FOLDER, key.to_owned())) else { continue };
        let at = source.root().field("triggers");
        for (index, trigger) in zone.triggers.iter().enumerate() {
            for (place, action) in trigger.then.iter().enumerate() {
                let TriggerAction::Hazard { hazard, .. } = action else { continue };
                if let Some((found, expected)) = content.hazards.find(hazard.id()).and_then(unfit) {
                    let at = at.nth(index).field("then").nth(place).field("hazard");
                    review.fault(at, UNFIT, found, expected);
                }
            }
        }
    }
    for (_, key, def) in content.scripts.iter() {
        let Some(source) = sources.get(&(ScriptDef::FOLDER, key.to_owned())) else { continue };
        for literal in def.script.literals().iter().filter(|literal| literal.kind == Some(Kind::Hazard)) {
            let hazard = content.hazards.id(&literal.text).and_then(|id| content.hazards.find(id));
            if let Some((found, expected)) = hazard.and_then(unfit) {
                fault_at(&source.file, literal, UNFIT, (found.to_owned(), expected.to_owned()), None, review);
            }
        }
    }
}

/// What is wrong with a hazard for a room, and what would be right.
fn unfit(def: &HazardDef) -> Option<(&'static str, &'static str)> {
    if def.fits_a_room() {
        None
    } else if matches!(def.shape, HazardShape::Storm { .. }) {
        Some(("a storm", "a cloud, mines or a bombardment"))
    } else {
        Some(("duration_ms: 0", "one that ends by itself"))
    }
}
