//! What happens in a zone: triggers name rooms, doors and levers that are there.

use crate::def::{TriggerAction, TriggerCondition, TriggerEvent, ZoneDef};
use crate::limits::{ACTIONS_MAX, CONDITIONS_MAX, DURATION_MS_MAX, PLACED_MAX, WORDS_BYTES_MAX};
use crate::locate::Spot;
use crate::review::Review;

impl ZoneDef {
    pub(super) fn check_triggers(&self, at: Spot<'_>, review: &mut Review<'_>) {
        review.count(at, self.triggers.len(), 0..=PLACED_MAX);
        for (index, trigger) in self.triggers.iter().enumerate() {
            let at = at.nth(index);
            self.check_event(at.field("on"), &trigger.on, review);
            review.count(at.field("when"), trigger.when.len(), 0..=CONDITIONS_MAX);
            for (index, condition) in trigger.when.iter().enumerate() {
                self.check_condition(at.field("when").nth(index), condition, review);
            }
            review.count(at.field("then"), trigger.then.len(), 1..=ACTIONS_MAX);
            for (index, action) in trigger.then.iter().enumerate() {
                self.check_action(at.field("then").nth(index), action, review);
            }
        }
    }

    fn check_event(&self, at: Spot<'_>, event: &TriggerEvent, review: &mut Review<'_>) {
        let inside = at.nth(0);
        match event {
            TriggerEvent::Enter(room) | TriggerEvent::Exit(room) => self.known_room(inside, room, review),
            TriggerEvent::Pull(lever) => {
                review.known(inside, "lever", lever, self.levers.iter().map(|lever| lever.key.as_str()));
            }
            TriggerEvent::Every(ms) => review.range(inside.named("Every"), *ms, 1_000..=i64::from(DURATION_MS_MAX)),
            TriggerEvent::Flag(flag) => check_flag(inside, flag, review),
            TriggerEvent::Kill(_) => {}
        }
    }

    fn check_condition(&self, at: Spot<'_>, condition: &TriggerCondition, review: &mut Review<'_>) {
        match condition {
            TriggerCondition::FlagIs(flag, _) => check_flag(at.nth(0), flag, review),
            TriggerCondition::DoorIs(door, _) => self.known_door(at.nth(0), door, review),
            TriggerCondition::Carries(_) => {}
        }
    }

    fn check_action(&self, at: Spot<'_>, action: &TriggerAction, review: &mut Review<'_>) {
        match action {
            TriggerAction::Open(door) | TriggerAction::Close(door) | TriggerAction::Lock(door) => {
                self.known_door(at.nth(0), door, review);
            }
            TriggerAction::Tell(words) => review.prose(at.nth(0).named("Tell"), words, WORDS_BYTES_MAX),
            TriggerAction::Announce { room, words } => {
                self.known_room(at.field("room"), room, review);
                review.prose(at.field("words"), words, WORDS_BYTES_MAX);
            }
            TriggerAction::Spawn { room, count, .. } => {
                self.known_room(at.field("room"), room, review);
                review.range(at.field("count"), *count, 1..=16);
            }
            TriggerAction::Teleport(room) => self.known_room(at.nth(0), room, review),
            TriggerAction::SetFlag(flag, _) => check_flag(at.nth(0), flag, review),
            TriggerAction::Effect(_) | TriggerAction::Give(_) => {}
        }
    }

    fn known_door(&self, at: Spot<'_>, key: &str, review: &mut Review<'_>) {
        let doors = self.ways.iter().filter_map(|way| way.door.as_ref());
        review.known(at, "door", key, doors.map(|door| door.key.as_str()));
    }
}

fn check_flag(at: Spot<'_>, flag: &str, review: &mut Review<'_>) {
    review.local_key(at.named("flag"), flag);
}
