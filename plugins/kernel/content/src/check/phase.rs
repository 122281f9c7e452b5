//! Phases of a fight.

use super::tactic::{check_tactics, check_uses};
use crate::Content;
use crate::def::{NpcDef, PhaseDef};
use crate::limits::{ABILITY_SLOTS_MAX, DURATION_MS_MAX, FOLLOWERS_MAX, PHASES_MAX, WORDS_BYTES_MAX};
use crate::locate::Spot;
use crate::review::Review;

/// Effects of one phase, and kinds of NPCs that it brings.
const EFFECTS_MAX: usize = 4;
const KINDS_MAX: usize = 4;

/// Ranges and references of each phase.
pub(super) fn check_phases(at: Spot<'_>, phases: &mut [PhaseDef], review: &mut Review<'_>) {
    review.count(at, phases.len(), 0..=PHASES_MAX);
    for (index, phase) in phases.iter_mut().enumerate() {
        let at = at.nth(index);
        review.range(at.field("at_hp_percent"), phase.at_hp_percent, 0..=99);
        if phase.after_ms != 0 {
            review.range(at.field("after_ms"), phase.after_ms, 100..=i64::from(DURATION_MS_MAX));
        }
        if phase.at_hp_percent == 0 && phase.after_ms == 0 {
            review.fault(at, "phase that never begins", "neither health nor time", "at_hp_percent, after_ms or both");
        }
        review.count(at.field("abilities"), phase.abilities.len(), 0..=ABILITY_SLOTS_MAX);
        review.links(at.field("abilities"), &mut phase.abilities);
        check_tactics(at.field("tactics"), &mut phase.tactics, review);
        review.count(at.field("effects"), phase.effects.len(), 0..=EFFECTS_MAX);
        review.links(at.field("effects"), &mut phase.effects);
        review.count(at.field("spawns"), phase.spawns.len(), 0..=KINDS_MAX);
        for (index, spawn) in phase.spawns.iter_mut().enumerate() {
            let at = at.field("spawns").nth(index);
            review.link(at.field("npc"), &mut spawn.npc);
            review.range(at.field("count"), spawn.count, 1..=16);
            review.range(at.field("radius_cm"), spawn.radius_cm, 50..=2_000);
        }
        if !phase.says.is_empty() {
            review.prose(at.field("says"), &phase.says, WORDS_BYTES_MAX);
        }
    }
    for (index, pair) in phases.windows(2).enumerate() {
        let (before, phase, at) = (&pair[0], &pair[1], at.nth(index + 1));
        if phase.at_hp_percent != 0 && before.at_hp_percent != 0 && phase.at_hp_percent >= before.at_hp_percent {
            let expected = format!("less than {}, as the phase before has", before.at_hp_percent);
            review.fault(at.field("at_hp_percent"), "phases out of order", phase.at_hp_percent, expected);
        }
        if phase.after_ms != 0 && before.after_ms != 0 && phase.after_ms <= before.after_ms {
            let expected = format!("more than {}, as the phase before has", before.after_ms);
            review.fault(at.field("after_ms"), "phases out of order", phase.after_ms, expected);
        }
    }
    let followers: u64 = phases.iter().flat_map(|phase| &phase.spawns).map(|spawn| u64::from(spawn.count)).sum();
    if followers > FOLLOWERS_MAX {
        review.fault(at, "too many who come to help", followers, format!("at most {FOLLOWERS_MAX} in all phases"));
    }
}

/// What shows only once every link has its place.
pub(super) fn check_phases_together(content: &Content, npc: &NpcDef, at: Spot<'_>, review: &mut Review<'_>) {
    for (index, phase) in npc.phases.iter().enumerate() {
        let at = at.nth(index);
        let abilities = if phase.abilities.is_empty() { &npc.abilities } else { &phase.abilities };
        check_uses(content, &phase.tactics, abilities, at.field("tactics"), review);
        for (index, spawn) in phase.spawns.iter().enumerate() {
            let brings = |npc: &NpcDef| npc.phases.iter().any(|phase| !phase.spawns.is_empty());
            if content.npcs.find(spawn.npc.id()).is_some_and(brings) {
                let (at, found) = (at.field("spawns").nth(index).field("npc"), format!("{:?}", spawn.npc.key()));
                review.fault(at, "help that brings help", found, "an NPC whose own phases bring nobody");
            }
        }
    }
}
