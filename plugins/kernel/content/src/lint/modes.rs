//! Modes and maps that do not play as they read.

use super::fighters::look_at_speed;
use super::root;
use crate::Content;
use crate::content::Sources;
use crate::def::{HazardShape, HazardUse, MapDef, ModeDef, PoiDef};
use crate::locate::Spot;
use crate::review::Review;

pub(super) fn look(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, mode) in content.modes.iter() {
        let Some(at) = root::<ModeDef>(sources, key) else { continue };
        look_at_speed(mode.avatar.stats, at.field("avatar").field("stats"), review);
        look_at_ratings(mode, at.field("rating_window"), review);
        for (index, usage) in mode.hazards.iter().enumerate() {
            look_at_storm(content, mode, usage, at.field("hazards").nth(index), review);
        }
    }
    for (_, key, map) in content.maps.iter() {
        let Some(at) = root::<MapDef>(sources, key) else { continue };
        for (index, poi) in map.pois.iter().enumerate() {
            look_at_room(content, poi, at.field("pois").nth(index).field("guards"), review);
        }
    }
}

/// A window that never opens pairs only those whose ratings are the same.
fn look_at_ratings(mode: &ModeDef, at: Spot<'_>, review: &mut Review<'_>) {
    let window = mode.rating_window;
    if window.start == 0 && (window.per_s == 0 || window.max == 0) {
        let expected = "a start, or a growth per_s towards a max, above 0";
        review.warn(at, "only equal ratings meet", "a window of 0 that does not grow", expected, None);
    }
}

fn look_at_storm(content: &Content, mode: &ModeDef, usage: &HazardUse, at: Spot<'_>, review: &mut Review<'_>) {
    let (Some(hazard), Some(map)) = (content.hazards.find(usage.hazard.id()), content.maps.find(mode.map.id())) else {
        return;
    };
    let HazardShape::Storm { final_radius_cm, closes_over_ms } = hazard.shape else { return };
    let (side_cm, radius_cm) = (u64::from(map.side_m) * 100, u64::from(final_radius_cm));
    let key = usage.hazard.key();
    if 2 * radius_cm * radius_cm >= side_cm * side_cm {
        // Half of the diagonal.
        let expected =
            format!("less than {} on map {:?}, from its middle to a corner", side_cm * 707 / 1_000, mode.map.key());
        review.warn(
            at.field("hazard"),
            "storm never hurts",
            format!("final_radius_cm {radius_cm} of {key:?}"),
            expected,
            None,
        );
    }
    let closed_ms = u64::from(usage.at_ms) + u64::from(hazard.warning_ms) + u64::from(closes_over_ms);
    if closed_ms > u64::from(mode.duration_ms) {
        let found = format!("{closed_ms}, with warning_ms and closes_over_ms of {key:?}");
        let expected = format!("at most {}, the mode's duration_ms", mode.duration_ms);
        review.warn(at.field("at_ms"), "storm closes after the end", found, expected, None);
    }
}

/// Bodies that fill more than half of their place.
fn look_at_room(content: &Content, poi: &PoiDef, at: Spot<'_>, review: &mut Review<'_>) {
    let square = |radius_cm: u32| u64::from(radius_cm) * u64::from(radius_cm);
    let bodies = poi
        .guards
        .iter()
        .filter_map(|(npc, count)| Some(u64::from(*count) * square(content.npcs.find(npc.id())?.radius_cm)));
    let (bodies, room): (u64, u64) = (bodies.sum(), square(poi.radius_cm).max(1));
    if 2 * bodies > room {
        let found = format!("bodies on {} % of {:?}", bodies * 100 / room, poi.kind);
        review.warn(at, "no room for all guards", found, "at most 50 %", None);
    }
}
