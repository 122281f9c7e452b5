//! What clients with buttons steer becomes what their characters intend.

use bevy_ecs::change_detection::DetectChangesMut;
use bevy_ecs::prelude::{Commands, Entity, Query, Res, Without};
use hypogeum_combat::{AbilityIntent, Dead};
use hypogeum_content::def::AbsentRule;
use hypogeum_npc::{Autopilot, Brain, Perception, Threat};
use hypogeum_protocol::Input;
use hypogeum_shard::{CommandBody, Inbox, NetIdIndex, Rules};
use hypogeum_space::{Heading, MoveIntent};

use crate::ZoneParam;
use crate::state::{Attacking, Character, Errand, SeatAvatars, SteeredBy};

type Steered<'a> = (
    Entity,
    &'a Character,
    &'a mut MoveIntent,
    &'a mut Heading,
    &'a mut AbilityIntent,
    &'a mut SteeredBy,
    &'a mut Errand,
);

/// What plays for a character whose player is away, where the zone has something that does.
fn autopilot(zone: &ZoneParam, rules: &Rules, character: &Character) -> Option<Autopilot> {
    let AbsentRule::Autopilot(behaviour) = &zone.def()?.absent else { return None };
    let archetype = rules.content.archetypes.find(character.archetype)?;
    Some(Autopilot::new(behaviour.id(), archetype.avatar.sight_cm))
}

/// Obeys the newest input of each seat. Who walks or strikes by hand does nothing by itself any more.
pub(crate) fn steer(
    inbox: Res<Inbox>,
    (directory, seats, rules, zone): (Res<NetIdIndex>, Res<SeatAvatars>, Res<Rules>, ZoneParam),
    mut characters: Query<Steered, Without<Dead>>,
    mut commands: Commands,
) {
    for command in &inbox.0 {
        let is_about = matches!(command.body, CommandBody::Input(_) | CommandBody::Present(_));
        let avatar = seats.0.get(&command.seat).filter(|_| is_about).and_then(|avatar| directory.entity(*avatar));
        let found = avatar.and_then(|avatar| characters.get_mut(avatar).ok());
        let Some((entity, character, mut walks, mut heading, mut ability, mut steered_by, mut errand)) = found else {
            continue;
        };
        match &command.body {
            CommandBody::Input(input) if input.seq > steered_by.0 => {
                steered_by.0 = input.seq;
                let is_by_hand = input.pace > 0 || input.ability > 0;
                if is_by_hand {
                    errand.set_if_neq(Errand::default());
                    commands.entity(entity).remove::<Attacking>();
                }
                if is_by_hand || errand.steps.is_empty() {
                    walks.set_if_neq(MoveIntent { direction: input.walk, percent: input.pace.min(Input::PACE_MAX) });
                    heading.set_if_neq(Heading(input.aim));
                    let slot = if input.ability <= Input::ABILITY_MAX { input.ability } else { 0 };
                    ability.set_if_neq(AbilityIntent(slot));
                }
            }
            // Who is away stands still, and finishes no errand. Who is back has its own hands.
            CommandBody::Present(is_here) => {
                errand.set_if_neq(Errand::default());
                walks.set_if_neq(MoveIntent::default());
                ability.set_if_neq(AbilityIntent::default());
                let mut entity = commands.entity(entity);
                entity.remove::<(Attacking, Brain, Perception, Threat)>();
                if let (false, Some(autopilot)) = (*is_here, autopilot(&zone, &rules, character)) {
                    entity.insert(autopilot);
                }
            }
            _ => {}
        }
    }
}
