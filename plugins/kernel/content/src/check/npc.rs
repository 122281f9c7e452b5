//! NPCs, and the stats they share with participants.

use super::keeper::{check_shop, check_talk};
use super::phase::{check_phases, check_phases_together};
use super::tactic::{check_tactics, check_uses};
use crate::Content;
use crate::content::Sources;
use crate::def::{Activity, NpcDef, Stats};
use crate::limits::ABILITY_SLOTS_MAX;
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for NpcDef {
    const FOLDER: &'static str = "npcs";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.range(at.field("level"), self.level, 1..=100);
        check_stats(at.field("stats"), &self.stats, review);
        review.range(at.field("radius_cm"), self.radius_cm, 10..=200);
        review.count(at.field("abilities"), self.abilities.len(), 0..=ABILITY_SLOTS_MAX);
        review.links(at.field("abilities"), &mut self.abilities);
        check_tactics(at.field("tactics"), &mut self.tactics, review);
        check_phases(at.field("phases"), &mut self.phases, review);
        if let Some(loot) = &mut self.loot {
            review.link(at.field("loot"), loot);
        }
        let senses = at.field("senses");
        review.range(senses.field("sight_cm"), self.senses.sight_cm, 0..=20_000);
        review.range(senses.field("view_deg"), self.senses.view_deg, 1..=360);
        review.range(senses.field("hearing_cm"), self.senses.hearing_cm, 0..=20_000);
        review.range(at.field("leash_cm"), self.leash_cm, 100..=200_000);
        review.link(at.field("behaviour"), &mut self.behaviour);
        review.word(at.field("faction"), &self.faction);
        review.range(at.field("xp"), self.xp, 0..=100_000);
        if let Some(talk) = &self.talk {
            check_talk(at.field("talk"), talk, review);
        }
        if let Some(shop) = &mut self.shop {
            check_shop(at.field("shop"), shop, review);
        }
    }
}

pub(super) fn check_stats(at: Spot<'_>, stats: &Stats, review: &mut Review<'_>) {
    review.range(at.field("strength"), stats.strength, 1..=100);
    review.range(at.field("dexterity"), stats.dexterity, 1..=100);
    review.range(at.field("intellect"), stats.intellect, 1..=100);
    review.range(at.field("vitality"), stats.vitality, 1..=1_000);
    review.range(at.field("armour"), stats.armour, 0..=1_000);
    review.range(at.field("speed_cm_per_s"), stats.speed_cm_per_s, 0..=2_000);
}

/// Who wants to fight needs something to fight with.
pub(super) fn check_means(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, npc) in content.npcs.iter() {
        let Some(source) = sources.get(&(NpcDef::FOLDER, key.to_owned())) else { continue };
        let Some(behaviour) = content.behaviours.find(npc.behaviour.id()) else { continue };
        let fights = |activity| matches!(activity, Activity::Fight | Activity::Kite);
        if npc.abilities.is_empty() && behaviour.drives.iter().any(|drive| fights(drive.activity)) {
            let expected = format!("one at least, as {:?} fights", npc.behaviour.key());
            review.fault(source.root().field("abilities"), "nothing to fight with", "no abilities", expected);
        }
        check_uses(content, &npc.tactics, &npc.abilities, source.root().field("tactics"), review);
        check_phases_together(content, npc, source.root().field("phases"), review);
    }
}
