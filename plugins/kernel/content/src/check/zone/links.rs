//! What a zone uses of other files: each reference gets its place.

use crate::def::{AbsentRule, TriggerAction, TriggerCondition, TriggerDef, TriggerEvent, ZoneDef};
use crate::locate::Spot;
use crate::review::Review;

impl ZoneDef {
    pub(super) fn check_links(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        if let AbsentRule::Autopilot(behaviour) = &mut self.absent {
            review.link(at.field("absent").nth(0), behaviour);
        }
        for (index, way) in self.ways.iter_mut().enumerate() {
            if let Some(item) = way.door.as_mut().and_then(|door| door.opened_by.as_mut()) {
                review.link(at.field("ways").nth(index).field("door").field("opened_by"), item);
            }
        }
        for (index, spawner) in self.spawners.iter_mut().enumerate() {
            review.link(at.field("spawners").nth(index).field("npc"), &mut spawner.npc);
        }
        for (index, container) in self.furniture.iter_mut().enumerate() {
            review.link(at.field("furniture").nth(index).field("loot"), &mut container.loot);
        }
        for (index, trigger) in self.triggers.iter_mut().enumerate() {
            link_trigger(trigger, at.field("triggers").nth(index), review);
        }
    }
}

fn link_trigger(trigger: &mut TriggerDef, at: Spot<'_>, review: &mut Review<'_>) {
    match &mut trigger.on {
        TriggerEvent::Kill(npc) => review.link(at.field("on").nth(0), npc),
        TriggerEvent::Use(item) => review.link(at.field("on").nth(0), item),
        _ => {}
    }
    for (index, condition) in trigger.when.iter_mut().enumerate() {
        if let TriggerCondition::Carries(item) = condition {
            review.link(at.field("when").nth(index).nth(0), item);
        }
    }
    for (index, action) in trigger.then.iter_mut().enumerate() {
        let at = at.field("then").nth(index);
        match action {
            TriggerAction::Spawn { npc, .. } | TriggerAction::Despawn { npc, .. } => review.link(at.field("npc"), npc),
            TriggerAction::Effect(effect) => review.link(at.nth(0), effect),
            TriggerAction::Hazard { hazard, .. } => review.link(at.field("hazard"), hazard),
            TriggerAction::Give(item) | TriggerAction::Take(item) => review.link(at.nth(0), item),
            TriggerAction::Script(script, _) => review.link(at.nth(0), script),
            TriggerAction::Open(_)
            | TriggerAction::Close(_)
            | TriggerAction::Lock(_)
            | TriggerAction::Tell(_)
            | TriggerAction::Announce { .. }
            | TriggerAction::Teleport(_)
            | TriggerAction::SetFlag(..) => {}
        }
    }
}
