//! What happens in a zone: triggers name rooms, doors and levers that are there.

use crate::def::{TriggerAction, TriggerCondition, TriggerEvent, ZoneDef};
use crate::limits::{
    ACTIONS_MAX, COMMAND_ROOMS_MAX, COMMAND_WORDS_MAX, CONDITIONS_MAX, DURATION_MS_MAX, PLACED_MAX, PLAYERS_MAX,
    WORDS_BYTES_MAX,
};
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
            TriggerEvent::Command { words, rooms } => self.check_command(at, (words, rooms), review),
            TriggerEvent::Hour(hour) => self.check_hour(inside, *hour, review),
            TriggerEvent::Kill(_) | TriggerEvent::Use(_) => {}
        }
    }

    fn check_condition(&self, at: Spot<'_>, condition: &TriggerCondition, review: &mut Review<'_>) {
        match condition {
            TriggerCondition::FlagIs(flag, _) => check_flag(at.nth(0), flag, review),
            TriggerCondition::DoorIs(door, _) => self.known_door(at.nth(0), door, review),
            TriggerCondition::HourIs(first, last) => {
                self.check_hour(at.nth(0), *first, review);
                self.check_hour(at.nth(1), *last, review);
            }
            TriggerCondition::LevelAtLeast(level) => review.range(at.nth(0).named("level"), *level, 1..=100),
            TriggerCondition::PlayersIn { room, at_least, at_most } => {
                self.known_room(at.field("room"), room, review);
                let (low, high) = (at.field("at_least"), at.field("at_most"));
                let most = at_most.unwrap_or(PLAYERS_MAX);
                let are_counts = review.in_range(low, *at_least, 0..=i64::from(PLAYERS_MAX))
                    & review.in_range(high, most, 0..=i64::from(PLAYERS_MAX));
                if are_counts {
                    review.ordered((low, *at_least), (high, most));
                }
            }
            TriggerCondition::Chance(percent) => review.range(at.nth(0).named("Chance"), *percent, 1..=99),
            TriggerCondition::Carries(_) => {}
        }
    }

    fn check_command(&self, at: Spot<'_>, (words, rooms): (&[String], &[String]), review: &mut Review<'_>) {
        review.count(at.field("words"), words.len(), 1..=COMMAND_WORDS_MAX);
        for (index, word) in words.iter().enumerate() {
            review.typed(at.field("words").nth(index), word);
        }
        review.count(at.field("rooms"), rooms.len(), 0..=COMMAND_ROOMS_MAX);
        for (index, room) in rooms.iter().enumerate() {
            self.known_room(at.field("rooms").nth(index), room, review);
        }
    }

    fn check_hour(&self, at: Spot<'_>, hour: u32, review: &mut Review<'_>) {
        let at = at.named("hour");
        if review.in_range(at, hour, 0..=23) && self.day_minutes.is_none() {
            review.fault(at, "hour without a day", hour, "day_minutes in the zone");
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
            TriggerAction::Despawn { room, .. } | TriggerAction::Hazard { room, .. } => {
                self.known_room(at.field("room"), room, review);
            }
            TriggerAction::Teleport(room) => self.known_room(at.nth(0), room, review),
            TriggerAction::SetFlag(flag, _) => check_flag(at.nth(0), flag, review),
            TriggerAction::Effect(_) | TriggerAction::Give(_) | TriggerAction::Take(_) | TriggerAction::Script(..) => {}
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
