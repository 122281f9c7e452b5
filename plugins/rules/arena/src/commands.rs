//! What participants order becomes what their avatars intend.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{Commands, DetectChangesMut, Entity, Has, Mut, Query, Res, ResMut, Without};
use hypogeum_combat::{AbilityIntent, Dead, Downed, GoesDown, HarmRequest};
use hypogeum_content::def::FillRule;
use hypogeum_items::ItemRequest;
use hypogeum_npc::{Autopilot, Brain, Perception, Threat};
use hypogeum_protocol::{ErrorCode, GameEvent, Input, MatchPhase, NetId};
use hypogeum_shard::{Audience, CommandBody, Inbox, NetIdIndex, NetIdOf, Outbox, Rules};
use hypogeum_space::{Heading, MoveIntent};

use crate::state::{Game, LastInput, MatchClock, Scores};
use crate::teams::{Teams, tell_team};

/// Obeys this tick's commands in their order. What comes from a seat whose avatar is dead or gone
/// changes nothing.
pub(crate) fn apply(
    inbox: Res<Inbox>,
    rules: Res<Rules>,
    (game, clock): (Res<Game>, Res<MatchClock>),
    (scores, teams): (Res<Scores>, Res<Teams>),
    directory: Res<NetIdIndex>,
    mut avatars: Query<
        (
            Entity,
            &NetIdOf,
            &mut MoveIntent,
            &mut Heading,
            &mut AbilityIntent,
            &mut LastInput,
            (Has<Brain>, Has<Downed>),
        ),
        Without<Dead>,
    >,
    mut items: MessageWriter<ItemRequest>,
    mut harm: MessageWriter<HarmRequest>,
    mut outbox: ResMut<Outbox>,
    mut commands: Commands,
) {
    if clock.phase == MatchPhase::Over {
        return;
    }
    for command in &inbox.0 {
        let Some(score) = scores.0.get(usize::from(command.seat.0)) else { continue };
        let avatar = directory.entity(score.avatar).and_then(|avatar| avatars.get_mut(avatar).ok());
        let Some((entity, named, mut move_intent, mut heading, mut ability_intent, mut last, (steered, downed))) =
            avatar
        else {
            // Steering that comes too late is nothing to tell; a deed has an answer.
            if let CommandBody::Act { seq, .. } | CommandBody::Custom { seq, .. } = command.body {
                refuse(seq, score.avatar, &mut outbox);
            }
            continue;
        };
        match &command.body {
            CommandBody::Input(input) => {
                if input.seq > last.0 {
                    last.0 = input.seq;
                    if !steered {
                        let live = clock.phase == MatchPhase::Live;
                        steer(input, live, &mut move_intent, &mut heading, &mut ability_intent);
                    }
                }
            }
            &CommandBody::Act { seq, .. } if downed => refuse(seq, score.avatar, &mut outbox),
            &CommandBody::Act { seq, act, seen } => {
                items.write(ItemRequest { who: named.0, seq, act: act.into(), seen });
            }
            CommandBody::Present(true) => {
                tell_team(score.avatar, teams.of(command.seat), &mut outbox);
                // One who came and went within a tick has a mind only from the end of this stage on, so this does not
                // ask for one; what is not there is not removed.
                if !score.autopilot {
                    commands.entity(entity).remove::<(Brain, Perception, Threat)>();
                    stand(&mut move_intent, &mut ability_intent);
                }
            }
            CommandBody::Present(false) => {
                stand(&mut move_intent, &mut ability_intent);
                let mode = &rules.content.modes[game.mode];
                if mode.absent == FillRule::Autopilot {
                    let autopilot = Autopilot::new(mode.autopilot.id(), mode.avatar.sight_cm);
                    commands.entity(entity).insert_if_new(autopilot);
                }
            }
            &CommandBody::Custom { seq, .. } => refuse(seq, score.avatar, &mut outbox),
            // Everyone is there from the beginning.
            CommandBody::Join { .. } => {}
            CommandBody::Leave => {
                commands.entity(entity).remove::<GoesDown>();
                harm.write(HarmRequest { source: NetId::NONE, target: named.0, amount: u32::MAX });
            }
        }
    }
}

/// Answers a numbered command that means nothing here.
fn refuse(seq: u32, avatar: NetId, outbox: &mut Outbox) {
    let refused = GameEvent::Refused { seq, code: ErrorCode::WrongState };
    outbox.tell(Audience::Only(avatar), refused);
}

fn stand(move_intent: &mut Mut<MoveIntent>, ability_intent: &mut Mut<AbilityIntent>) {
    move_intent.set_if_neq(MoveIntent::default());
    ability_intent.set_if_neq(AbilityIntent::default());
}

/// Before the match is live one may look about, no more. What stays as it was is not hashed again.
fn steer(
    input: &Input,
    live: bool,
    move_intent: &mut Mut<MoveIntent>,
    heading: &mut Mut<Heading>,
    ability_intent: &mut Mut<AbilityIntent>,
) {
    heading.set_if_neq(Heading(input.aim));
    if live {
        move_intent.set_if_neq(MoveIntent { direction: input.walk, percent: input.pace.min(Input::PACE_MAX) });
        ability_intent.set_if_neq(AbilityIntent(if input.ability <= Input::ABILITY_MAX { input.ability } else { 0 }));
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_combat::AbilitySlots;
    use hypogeum_protocol::Act;
    use hypogeum_shard::Outgoing;
    use hypogeum_space::Position;

    use super::*;
    use crate::test_shard::{TestShard, quiet, shipped, test_match, walk};

    fn live(mode: &str) -> TestShard {
        let mut test = quiet(mode, 2);
        test.go_live();
        test.set(0, test.middle());
        test
    }

    #[test]
    fn only_newer_inputs_are_obeyed() {
        let mut test = live("skirmish");
        test.step(&[(0, walk(5, 0))]);
        test.step(&[(0, walk(5, 16_384)), (0, walk(4, 16_384)), (0, walk(0, 16_384))]);
        assert_eq!(test.of::<Heading>(0), Heading(0), "a repeated or older input means nothing");
        assert_eq!(test.of::<LastInput>(0), LastInput(5), "nor does it count");
        test.step(&[(0, walk(6, 16_384)), (0, walk(7, 32_768))]);
        assert_eq!((test.of::<Heading>(0), test.of::<LastInput>(0)), (Heading(32_768), LastInput(7)), "newer ones do");
    }

    #[test]
    fn no_pace_or_slot_beyond_the_range_does_anything() {
        let mut test = live("skirmish");
        test.step(&[(1, walk(1, 0))]);
        let wild = Input { seq: 1, walk: 0, pace: 255, aim: 0, ability: 255 };
        let (from, honest): (Position, Position) = (test.of(0), test.of(1));
        test.step(&[(0, CommandBody::Input(wild)), (1, walk(2, 0))]);
        let stepped = test.of::<Position>(0).x - from.x;
        assert_eq!(stepped, test.of::<Position>(1).x - honest.x, "255 % is no faster than 100 %");
        assert_eq!(test.of::<MoveIntent>(0).percent, 100, "nor does a move_intent say so");
        assert_eq!(test.of::<AbilityIntent>(0), AbilityIntent(0), "slot 255 is none");
    }

    #[test]
    fn what_one_uses_is_told_to_those_who_see_it() {
        let mut test = live("skirmish");
        let content = shipped();
        let [fists, stomp] = ["fists", "warden_stomp"].map(|key| content.abilities.id(key).expect("it ships"));
        test.set(0, AbilitySlots::from_index(0, [fists, stomp]));
        let (who, at): (NetId, Position) = (test.avatar(0), test.of(0));
        // Slot 1 strikes the air at once; slot 2 takes 0.6 s, and is broken by death.
        let swung = GameEvent::Swung { who, ability: fists.index(), heading: 64 };
        let began = GameEvent::CastBegan { who, ability: stomp.index(), ticks: 18 };
        for (slot, event) in [(1, swung), (2, began)] {
            let input = Input { seq: u32::from(slot), walk: 0, pace: 0, aim: 16_384, ability: slot };
            test.step(&[(0, CommandBody::Input(input))]);
            let expected = Outgoing { audience: Audience::Near { x: at.x, y: at.y }, event };
            let told = &test.shard.world().resource::<Outbox>().0;
            assert_eq!(told.iter().filter(|told| told.event.concerns(who)).collect::<Vec<_>>(), [&expected]);
        }
        test.hurt(NetId::NONE, 0, u32::MAX);
        test.step(&[]);
        assert!(test.told().contains(&GameEvent::Died { who, by: NetId::NONE }), "that tells that it is broken");
        for _ in 0..18 {
            test.step(&[]);
            assert!(!test.told().iter().any(|event| event.concerns(who)), "nothing goes off");
        }
    }

    #[test]
    fn orders_for_nobody_and_made_up_names_are_harmless() {
        let mut test = live("blitz");
        let acts = [0, 1, 77, u32::MAX].map(NetId).into_iter().flat_map(|id| {
            [
                Act::PickUp { item: id },
                Act::Loot { container: id },
                Act::Equip { item: id },
                Act::Unequip { item: id },
                Act::Drop { item: id },
                Act::Use { item: id },
            ]
        });
        let orders: Vec<(u16, CommandBody)> = (0..)
            .zip(acts)
            .flat_map(|(seq, act)| [0, 2, u16::MAX].map(|seat| (seat, CommandBody::Act { seq, act, seen: None })))
            .chain([(2, CommandBody::Leave), (u16::MAX, CommandBody::Present(false)), (999, walk(1, 0))])
            .collect();
        test.step(&orders);
        test.step(&[(0, CommandBody::Leave)]);
        test.step(&orders);
        assert!(!test.is_there(0), "the dead are gone");
        test.step(&orders);
        assert!(test.score(1).outcome.is_none(), "nobody else is concerned");
    }

    #[test]
    fn a_deed_of_the_dead_is_answered() {
        let mut test = live("blitz");
        test.step(&[(0, CommandBody::Leave)]);
        test.steps(2);
        let act = Act::Use { item: NetId(1) };
        test.step(&[(0, CommandBody::Act { seq: 9, act, seen: None })]);
        let refused = GameEvent::Refused { seq: 9, code: ErrorCode::WrongState };
        assert!(test.told().contains(&refused), "who is gone is told so: {:?}", test.told());
    }

    #[test]
    fn who_is_absent_is_played_until_it_is_back() {
        let mut test = live("blitz");
        test.step(&[(0, walk(1, 0))]);
        test.step(&[(0, CommandBody::Present(false))]);
        assert!(test.has::<Brain>(0), "a brain takes over");
        test.step(&[(0, walk(2, 0)), (0, CommandBody::Present(false))]);
        assert_eq!(test.of::<LastInput>(0), LastInput(2), "late inputs are noted");
        test.step(&[(0, CommandBody::Present(true))]);
        assert!(!test.has::<Brain>(0) && !test.has::<Threat>(0) && !test.has::<Perception>(0), "it hands back");
        let at: Position = test.of(0);
        test.steps(5);
        assert_eq!(test.of::<Position>(0), at, "and stands until it is steered");
        test.step(&[(0, walk(3, 0))]);
        assert_ne!(test.of::<Position>(0), at, "then it walks");
    }

    #[test]
    fn who_comes_and_goes_within_a_tick_is_what_it_was_last() {
        let mut test = live("blitz");
        let (gone, back) = (|| CommandBody::Present(false), || CommandBody::Present(true));
        test.step(&[(0, gone()), (0, back())]);
        assert!(!test.has::<Brain>(0), "gone and back is there");
        test.step(&[(0, gone())]);
        test.step(&[(0, back()), (0, gone())]);
        assert!(test.has::<Brain>(0), "back and gone is absent");
    }

    #[test]
    fn where_nobody_plays_for_the_absent_they_stand_still() {
        let mut test = live("skirmish");
        test.step(&[(0, walk(1, 0))]);
        test.step(&[(0, CommandBody::Present(false))]);
        assert!(!test.has::<Brain>(0), "this mode has no autopilot");
        let at: Position = test.of(0);
        test.steps(10);
        assert_eq!(test.of::<Position>(0), at, "it stands still");
    }

    #[test]
    fn a_seat_nobody_took_stays_with_its_brain() {
        let mut test = test_match("blitz", 2, true);
        test.step(&[(0, CommandBody::Present(true)), (0, walk(1, 0))]);
        assert!(test.has::<Brain>(0), "nobody can take it over");
    }
}
