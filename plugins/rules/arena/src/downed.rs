//! The downed: team-mates revive them, or they die.

use std::collections::BTreeSet;

use bevy_ecs::message::{MessageReader, MessageWriter};
use bevy_ecs::prelude::{Commands, Component, Entity, Has, Query, Res, ResMut, Without, World};
use hypogeum_combat::{DamageDealt, Dead, Downed, HarmRequest, get_up};
use hypogeum_content::def::DownedDef;
use hypogeum_protocol::{GameEvent, MatchPhase, NetId};
use hypogeum_shard::{Audience, NetIdOf, Outbox, Rules, Tick};
use hypogeum_space::{Obstacles, Position, cm, turn};
use serde::{Deserialize, Serialize};

use crate::state::{Game, MatchClock};
use crate::teams::Team;

/// Whom an avatar revives. Every participant has it where a mode has the downed.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviving {
    /// Who lies there; nobody where it revives nobody.
    pub who: NetId,
    /// When that one is up; 0 where it revives nobody.
    pub done_tick: u32,
}

fn rule_of(rules: &Rules, game: Game) -> Option<DownedDef> {
    rules.content.modes.find(game.mode)?.teams.as_ref()?.downed
}

/// Those die who have been downed for too long, or of whose team nobody stands any more. Whoever downed them has the kill, though
/// nobody has dealt this harm.
pub(crate) fn bleed_out(
    tick: Res<Tick>,
    rules: Res<Rules>,
    (game, clock): (Res<Game>, Res<MatchClock>),
    avatars: Query<(&NetIdOf, &Team, Option<&Downed>), Without<Dead>>,
    mut harm: MessageWriter<HarmRequest>,
) {
    let Some(rule) = rule_of(&rules, *game).filter(|_| clock.phase == MatchPhase::Live) else { return };
    let standing: BTreeSet<u8> = avatars.iter().filter(|row| row.2.is_none()).map(|row| row.1.0).collect();
    let ticks = rules.ticks(rule.bleed_out_ms);
    let mut dying: Vec<NetId> = avatars
        .iter()
        .filter_map(|(named, team, downed)| Some((named.0, team, downed?)))
        .filter(|(_, team, downed)| !standing.contains(&team.0) || tick.0.saturating_sub(downed.tick) >= ticks)
        .map(|(who, ..)| who)
        .collect();
    dying.sort_unstable();
    let harm_of = |target| HarmRequest { source: NetId::NONE, target, amount: u32::MAX };
    harm.write_batch(dying.into_iter().map(harm_of));
}

/// One who lies there.
#[derive(Clone, Copy)]
struct Fallen {
    who: NetId,
    team: u8,
    at: Position,
}

type Participant<'a> = (Entity, &'a NetIdOf, &'a Team, &'a Position, &'a mut Reviving, Has<Downed>);

/// Begins, breaks and completes revivals, avatar by avatar: who stands near a downed team-mate and sees it, unhurt, for as long as
/// it takes, gets it up.
pub(crate) fn revive(
    tick: Res<Tick>,
    rules: Res<Rules>,
    (game, clock, obstacles): (Res<Game>, Res<MatchClock>, Res<Obstacles>),
    mut dealt: MessageReader<DamageDealt>,
    mut outbox: ResMut<Outbox>,
    mut avatars: Query<Participant, Without<Dead>>,
    mut commands: Commands,
) {
    let Some(rule) = rule_of(&rules, *game).filter(|_| clock.phase == MatchPhase::Live) else { return };
    let hurt: BTreeSet<NetId> = dealt.read().map(|damage| damage.target).collect();
    let down = avatars.iter().filter(|row| row.5);
    let mut fallen: Vec<Fallen> =
        down.map(|(_, named, team, at, ..)| Fallen { who: named.0, team: team.0, at: *at }).collect();
    fallen.sort_unstable_by_key(|one| one.who);
    let mut order: Vec<(NetId, Entity)> = avatars.iter().map(|row| (row.1.0, row.0)).collect();
    order.sort_unstable();
    for (by, entity) in order {
        let Ok((_, _, team, &at, mut reviving, is_downed)) = avatars.get_mut(entity) else { continue };
        let now = *reviving;
        let helps = !is_downed && !hurt.contains(&by);
        let reach = (cm(rule.reach_cm), &*obstacles);
        let who = if helps { nearest(&fallen, (*team, at), reach, now.who) } else { NetId::NONE };
        let next = if !who.is_some() {
            Reviving::default()
        } else if who == now.who {
            now
        } else {
            Reviving { who, done_tick: tick.0.saturating_add(rules.ticks(rule.revive_ms)).max(1) }
        };
        let near = Audience::Near { x: at.x, y: at.y };
        if next.done_tick != 0 && tick.0 >= next.done_tick {
            fallen.retain(|one| one.who != who);
            let percent = rule.revived_hp_percent;
            commands.queue(move |world: &mut World| {
                get_up(world, who, percent);
            });
            outbox.tell(near, GameEvent::Revived { who, by });
            *reviving = Reviving::default();
        } else if next != now {
            if fallen.iter().any(|one| one.who == now.who) {
                outbox.tell(near, GameEvent::ReviveBroken { who: now.who, by });
            }
            if next.done_tick != 0 {
                let ticks = u16::try_from(next.done_tick - tick.0).unwrap_or(u16::MAX);
                outbox.tell(near, GameEvent::ReviveBegan { who, by, ticks });
            }
            *reviving = next;
        }
    }
}

/// The downed team-mate within reach that one revives, not through walls: the one it has begun with, else the nearest; nobody where
/// there is none.
fn nearest(
    fallen: &[Fallen],
    (team, at): (Team, Position),
    (reach, obstacles): (i32, &Obstacles),
    begun: NetId,
) -> NetId {
    let is_within = |one: &&Fallen| turn::distance(one.at, at) <= reach && obstacles.sight(at, one.at);
    let mates = fallen.iter().filter(|one| one.team == team.0).filter(is_within);
    mates.min_by_key(|one| (one.who != begun, turn::distance(one.at, at), one.who)).map_or(NetId::NONE, |one| one.who)
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Act, Block, ErrorCode, Outcome};
    use hypogeum_shard::CommandBody;
    use hypogeum_space::METRE;

    use super::*;
    use crate::state::Ground;
    use crate::test_shard::{TestShard, mode, quiet, walk};

    /// Members of the first team of a full `trio`: seats are dealt out in turn.
    const TEAM: [usize; 3] = [0, 6, 12];

    fn rule() -> DownedDef {
        mode("trio").teams.expect("it has teams").downed.expect("it has the downed")
    }

    fn live() -> TestShard {
        let mut test = quiet("trio", 18);
        test.go_live();
        test
    }

    /// Seat 0 is downed by seat 1, and nobody is near.
    fn downed() -> TestShard {
        let mut test = live();
        test.set(0, test.middle());
        let by = test.avatar(1);
        test.hurt(by, 0, 100_000);
        test.step(&[]);
        assert!(test.has::<Downed>(0) && !test.has::<Dead>(0), "it is down, not dead");
        test
    }

    /// Puts a seat a metre beside seat 0.
    fn put_beside(test: &mut TestShard, seat: usize) {
        let at: Position = test.of(0);
        test.set(seat, Position { x: at.x + METRE, y: at.y });
    }

    /// What is told in so many steps.
    fn told_in(test: &mut TestShard, steps: u32) -> Vec<GameEvent> {
        let mut told = Vec::new();
        for _ in 0..steps {
            test.step(&[]);
            told.extend(test.told());
        }
        told
    }

    #[test]
    fn one_who_falls_lies_there_and_can_do_nothing() {
        let mut test = downed();
        let (who, by) = (test.avatar(0), test.avatar(1));
        assert!(test.told().contains(&GameEvent::Downed { who, by }), "those who see it are told: {:?}", test.told());
        assert_eq!((test.score(0).outcome, test.score(1).kills), (None, 0), "nothing is decided");
        let (at, hp): (Position, u32) = (test.of(0), test.hp(0));
        let act = Act::Use { item: NetId(1) };
        test.step(&[(0, walk(1, 0)), (0, CommandBody::Act { seq: 9, act, seen: None })]);
        let refused = GameEvent::Refused { seq: 9, code: ErrorCode::WrongState };
        assert!(test.told().contains(&refused), "a deed is refused: {:?}", test.told());
        test.steps(300);
        assert_eq!((test.of::<Position>(0), test.hp(0)), (at, hp), "it neither crawls nor recovers");
    }

    #[test]
    fn a_team_mate_who_stays_by_gets_it_up() {
        let mut test = downed();
        put_beside(&mut test, TEAM[1]);
        let (who, by) = (test.avatar(0), test.avatar(TEAM[1]));
        let ticks = rule().revive_ms * 30 / 1_000;
        let told = told_in(&mut test, ticks + 1);
        let began = GameEvent::ReviveBegan { who, by, ticks: u16::try_from(ticks).expect("it is short") };
        assert!(told.contains(&began) && told.contains(&GameEvent::Revived { who, by }), "it is told: {told:?}");
        assert!(!test.has::<Downed>(0), "it is up");
        let whole = test.of::<hypogeum_combat::Health>(0).hp_max;
        assert_eq!(test.hp(0), whole * rule().revived_hp_percent / 100, "with what the mode gives it");
        let at: Position = test.of(0);
        test.step(&[(0, walk(1, 0))]);
        assert_ne!(test.of::<Position>(0), at, "and walks");
    }

    #[test]
    fn a_blow_breaks_it_and_others_do_not_help() {
        let mut test = downed();
        put_beside(&mut test, 1);
        let ticks = rule().revive_ms * 30 / 1_000;
        let told = told_in(&mut test, ticks + 1);
        assert!(test.has::<Downed>(0) && told.is_empty(), "an enemy revives nobody: {told:?}");
        put_beside(&mut test, TEAM[1]);
        told_in(&mut test, ticks / 2);
        let (who, by, enemy) = (test.avatar(0), test.avatar(TEAM[1]), test.avatar(1));
        test.hurt(enemy, TEAM[1], 1);
        test.step(&[]);
        assert!(test.told().contains(&GameEvent::ReviveBroken { who, by }), "it is broken: {:?}", test.told());
        told_in(&mut test, ticks - 1);
        assert!(test.has::<Downed>(0), "it begins from the start");
        told_in(&mut test, 2);
        assert!(!test.has::<Downed>(0), "and is done in its time");
    }

    /// Puts a wall between seat 0 and the place a metre beside it, or takes all walls away.
    fn set_wall(test: &mut TestShard, stands: bool) {
        let Position { x, y } = test.of(0);
        let (x_min, x_max) = (x + METRE * 9 / 20, x + METRE * 11 / 20);
        let wall = Block { x_min, y_min: y - METRE, x_max, y_max: y + METRE };
        let world = test.shard.world_mut();
        let side = world.resource::<Ground>().side;
        world.insert_resource(Obstacles::new(side, if stands { vec![wall] } else { Vec::new() }));
    }

    #[test]
    fn nobody_is_revived_through_a_wall() {
        let mut test = downed();
        put_beside(&mut test, TEAM[1]);
        set_wall(&mut test, true);
        let ticks = rule().revive_ms * 30 / 1_000;
        let told = told_in(&mut test, ticks + 1);
        assert!(test.has::<Downed>(0) && told.is_empty(), "behind the wall it does not even begin: {told:?}");
        set_wall(&mut test, false);
        told_in(&mut test, ticks + 1);
        assert!(!test.has::<Downed>(0), "without the wall it is near enough");
    }

    #[test]
    fn one_who_is_downed_while_it_revives_revives_nobody() {
        let mut test = downed();
        put_beside(&mut test, TEAM[1]);
        let ticks = rule().revive_ms * 30 / 1_000;
        told_in(&mut test, ticks - 1);
        let (who, by, enemy) = (test.avatar(0), test.avatar(TEAM[1]), test.avatar(1));
        test.hurt(enemy, TEAM[1], 100_000);
        let told = told_in(&mut test, ticks + 1);
        assert!(told.contains(&GameEvent::ReviveBroken { who, by }), "it is broken: {told:?}");
        assert!(test.has::<Downed>(0) && test.has::<Downed>(TEAM[1]), "and both lie there");
    }

    #[test]
    fn one_whom_nobody_helps_dies_by_whom_it_was_downed() {
        let mut test = downed();
        let ticks = rule().bleed_out_ms * 30 / 1_000;
        let dealt = test.score(1).damage_dealt;
        test.steps(ticks - 1);
        assert_eq!(test.score(0).outcome, None, "there was time until now");
        test.steps(1);
        assert_eq!((test.score(0).outcome, test.score(1).kills), (Some(Outcome::Died), 1), "then it is over");
        assert_eq!(test.score(1).damage_dealt, dealt, "of damage it has only what it has dealt");
        assert!(!test.has::<Downed>(0), "the dead are not downed");
    }

    #[test]
    fn who_finishes_one_off_has_the_kill() {
        let mut test = downed();
        let by = test.avatar(2);
        test.hurt(by, 0, 100_000);
        test.step(&[]);
        assert_eq!(test.score(0).outcome, Some(Outcome::Died), "it is dead");
        assert_eq!([1, 2].map(|seat| test.score(seat).kills), [0, 1], "one kill, and whose it is");
    }

    #[test]
    fn who_gives_up_dies_at_once() {
        let mut test = downed();
        test.step(&[(0, CommandBody::Leave), (6, CommandBody::Leave)]);
        for seat in [0, 6] {
            assert_eq!(test.score(seat).outcome, Some(Outcome::Died), "seat {seat}, downed or not");
        }
        assert_eq!(test.score(1).kills, 1, "whom one was downed by has the kill");
    }

    #[test]
    fn a_team_of_which_nobody_stands_dies() {
        let mut test = live();
        let by = test.avatar(1);
        TEAM.iter().for_each(|seat| test.hurt(by, *seat, 100_000));
        test.steps(2);
        for seat in TEAM {
            assert_eq!(test.score(seat).outcome, Some(Outcome::Died), "seat {seat}");
        }
        assert_eq!(test.score(1).kills, 3, "each is a kill");
        let worth = mode("trio").rewards.xp_per_player;
        let xp: u32 = [1, 7, 13].map(|seat| test.score(seat).xp).iter().sum();
        assert_eq!((xp, test.score(7).xp), (3 * worth, worth / 3 * 3), "shared by the team, and nothing is lost");
    }

    #[test]
    fn of_a_team_mate_there_is_no_kill() {
        let mut test = live();
        let mate = test.avatar(TEAM[1]);
        for _ in 0..2 {
            test.hurt(mate, 0, 100_000);
            test.step(&[]);
        }
        assert_eq!(test.score(0).outcome, Some(Outcome::Died), "it is dead");
        assert_eq!((test.score(TEAM[1]).kills, test.score(TEAM[1]).xp), (0, 0), "for nothing");
    }

    #[test]
    fn one_who_gets_out_takes_along_who_is_in_the_exit() {
        let mut test = live();
        let (exit, opens, _) = test.exit(0);
        test.until(opens);
        test.set(0, exit);
        test.step(&[]);
        test.set(TEAM[1], exit);
        let enemy = test.avatar(1);
        test.hurt(enemy, TEAM[1], 100_000);
        test.set(2, exit);
        test.steps(mode("trio").exits.channel_ms * 30 / 1_000);
        let ended = TEAM.map(|seat| (test.score(seat).outcome, test.score(seat).ended_tick));
        assert_eq!(ended[0].0, Some(Outcome::Extracted), "it is out");
        assert_eq!(ended[1], ended[0], "with the downed one");
        assert_eq!(ended[2].0, None, "not with one who is elsewhere");
        assert_eq!(test.score(2).outcome, None, "nor with one of another team");
    }

    #[test]
    fn a_team_begins_side_by_side_and_away_from_the_others() {
        let test = quiet("trio", 18);
        let apart = |one: usize, other: usize| turn::distance(test.of::<Position>(one), test.of::<Position>(other));
        for one in 0..18 {
            for other in (0..18).filter(|other| *other != one) {
                if one % 6 == other % 6 {
                    assert!(apart(one, other) <= 10 * METRE, "{one} and {other} are of one team");
                } else {
                    assert!(apart(one, other) > 3 * METRE, "{one} and {other} are not");
                }
            }
        }
    }
}
