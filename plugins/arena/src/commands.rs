//! What participants order becomes what their avatars intend.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{Commands, Entity, Has, Query, Res, Without};
use hypogeum_combat::{Dead, HarmRequest, Trigger};
use hypogeum_content::def::FillRule;
use hypogeum_items::ItemRequest;
use hypogeum_npc::{Autopilot, Brain, Perception, Threat};
use hypogeum_protocol::{Input, MatchPhase, NetId};
use hypogeum_shard::{CommandBody, Directory, Inbox, Named, Rules};
use hypogeum_space::{Heading, Stride};

use crate::state::{Game, LastInput, MatchClock, Scores};

/// Obeys this tick's commands in their order. What comes from a seat whose avatar is dead or gone means nothing.
pub(crate) fn obey(
    inbox: Res<Inbox>,
    rules: Res<Rules>,
    game: Res<Game>,
    clock: Res<MatchClock>,
    scores: Res<Scores>,
    directory: Res<Directory>,
    mut avatars: Query<
        (Entity, &Named, &mut Stride, &mut Heading, &mut Trigger, &mut LastInput, Has<Brain>),
        Without<Dead>,
    >,
    mut items: MessageWriter<ItemRequest>,
    mut harm: MessageWriter<HarmRequest>,
    mut commands: Commands,
) {
    if clock.phase == MatchPhase::Over {
        return;
    }
    for command in &inbox.0 {
        let Some(score) = scores.0.get(usize::from(command.seat.0)) else { continue };
        let Some(avatar) = directory.entity(score.avatar) else { continue };
        let Ok((entity, named, mut stride, mut heading, mut trigger, mut last, steered)) = avatars.get_mut(avatar)
        else {
            continue;
        };
        match command.body {
            CommandBody::Input(input) => {
                if input.seq > last.0 {
                    last.0 = input.seq;
                    if !steered {
                        let live = clock.phase == MatchPhase::Live;
                        steer(&input, live, &mut stride, &mut heading, &mut trigger);
                    }
                }
            }
            CommandBody::Act { seq, act } => {
                items.write(ItemRequest { who: named.0, seq, act });
            }
            CommandBody::Present(true) => {
                // Whoever came and went within a tick has a mind only from the end of this stage on, so this does not
                // ask for one; what is not there is not removed.
                if !score.autopilot {
                    commands.entity(entity).remove::<(Brain, Perception, Threat)>();
                    stand(&mut stride, &mut trigger);
                }
            }
            CommandBody::Present(false) => {
                stand(&mut stride, &mut trigger);
                let mode = &rules.content.modes[game.mode];
                if mode.absent == FillRule::Autopilot {
                    let autopilot = Autopilot::new(mode.autopilot.id(), mode.avatar.sight_cm);
                    commands.entity(entity).insert_if_new(autopilot);
                }
            }
            CommandBody::GiveUp => {
                harm.write(HarmRequest { source: NetId::NONE, target: named.0, amount: u32::MAX });
            }
        }
    }
}

fn stand(stride: &mut Stride, trigger: &mut Trigger) {
    *stride = Stride::default();
    *trigger = Trigger::default();
}

/// Before the match is live one may look about, no more.
fn steer(input: &Input, live: bool, stride: &mut Stride, heading: &mut Heading, trigger: &mut Trigger) {
    heading.0 = input.aim;
    if live {
        *stride = Stride { direction: input.walk, percent: input.pace.min(Input::PACE_MAX) };
        trigger.0 = if input.ability <= Input::ABILITY_MAX { input.ability } else { 0 };
    }
}
