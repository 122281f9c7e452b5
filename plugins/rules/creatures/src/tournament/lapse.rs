//! Time that is over.

use bevy_ecs::prelude::{Commands, Entity, Query, Res, ResMut};
use hypogeum_brackets::{Bracket, Pairing, Side as BracketSide};
use hypogeum_content::def::{ClockDef, Lapse, TournamentDef};
use hypogeum_creature_messages::{BattleEnd, BattleMove, Side};
use hypogeum_shard::{KindOutbox, Rules};

use super::clock::definitions;
use super::news;
use super::state::{Draw, Duel, Entrant, Fought, FoughtBattle, Owner, Preparation, Time, TournamentRef};
use crate::opponent::choose;

/// Goes on without those who had their time: with what a machine would do, or against them.
pub(super) fn lapse(
    (rules, which, time): (Res<Rules>, Res<TournamentRef>, Res<Time>),
    (mut draw, mut fought): (ResMut<Draw>, ResMut<Fought>),
    mut entrants: Query<&mut Entrant>,
    mut duels: Query<(Entity, &mut Duel)>,
    (mut outbox, mut commands): (ResMut<KindOutbox>, Commands),
) {
    let Some((def, battle)) = definitions(&which, &rules) else { return };
    let is_person = |number: u8| {
        let owner = entrants.iter().find(|entrant| entrant.number == number).map(|entrant| &entrant.owner);
        matches!(owner, Some(Owner::Person { .. }))
    };
    if let Some(clock) = def.clock {
        for (entity, mut duel) in &mut duels {
            let late = late_sides(&duel, clock, time.now_ms, is_person);
            if late.is_empty() {
                continue;
            }
            match clock.lapse {
                Lapse::Autoplay => {
                    let level = def.fill.first().and_then(|level| rules.content.opponents.find(level.id()));
                    for side in late {
                        let own = level
                            .map(|level| choose((&rules.content, battle), level, (&duel.battle, side), duel.minds));
                        duel.choose(side, own.unwrap_or(BattleMove::Attack), time.now_ms, def.clock);
                    }
                }
                Lapse::Forfeit => {
                    let Some(bracket) = draw.0.as_mut() else { continue };
                    let loser = lose(bracket, &mut duel, &late);
                    let names = news::names(&duel, entrants.iter());
                    news::ended(&mut outbox, &duel, (loser.other(), BattleEnd::Forfeit), names);
                    let Duel { pairing, game, entrants, ref record, .. } = *duel;
                    fought.0.push(FoughtBattle { pairing, game, entrants, record: record.clone() });
                    commands.entity(entity).despawn();
                }
            }
        }
    }
    give_up_waiting((def, time.now_ms), &mut draw, &mut entrants);
}

/// People who have not chosen in time.
fn late_sides(duel: &Duel, clock: ClockDef, now_ms: u64, is_person: impl Fn(u8) -> bool) -> Vec<Side> {
    let is_late = |side: &Side| {
        let waits = duel.chosen[side.index()].is_none() && is_person(duel.entrants[side.index()]);
        waits && duel.deadline_ms(*side, Some(clock)).is_some_and(|deadline| deadline <= now_ms)
    };
    Side::BOTH.into_iter().filter(is_late).collect()
}

/// The side of a bracket's pairing that fights on a side of its battles.
pub(super) const fn of_bracket(side: Side) -> BracketSide {
    match side {
        Side::First => BracketSide::First,
        Side::Second => BracketSide::Second,
    }
}

/// Who was late loses the battle. Where both were, nobody is there any more, and who goes on is the bracket's to say.
/// Returns the side that has lost it.
fn lose(bracket: &mut Bracket, duel: &mut Duel, late: &[Side]) -> Side {
    let done = match late {
        [side] => bracket.win(duel.pairing, of_bracket(side.other())),
        _ => bracket.both_gone(duel.pairing),
    };
    debug_assert!(done.is_ok(), "who fights is in the bracket: {done:?}");
    let goes_on = bracket.pairing(duel.pairing).ok().and_then(Pairing::winner);
    let loser = match late {
        [side] => *side,
        _ if goes_on == Some(BracketSide::First) => Side::Second,
        _ => Side::First,
    };
    duel.record.forfeit = Some(loser);
    loser
}

/// Points that were not given in time are kept; who is not ready loses, or fights all the same.
fn give_up_waiting((def, now_ms): (&TournamentDef, u64), draw: &mut ResMut<Draw>, entrants: &mut Query<&mut Entrant>) {
    let mut absent = Vec::new();
    for mut entrant in entrants.iter_mut() {
        match entrant.preparation {
            Preparation::Points { until_ms: Some(until_ms) } if until_ms <= now_ms => {
                entrant.preparation = Preparation::Prepared;
            }
            Preparation::Called { until_ms } if until_ms <= now_ms => {
                entrant.preparation = Preparation::Ready;
                absent.push(hypogeum_brackets::Entrant(entrant.number));
            }
            _ => {}
        }
    }
    if absent.is_empty() || def.ready.is_none_or(|ready| ready.absent == Lapse::Autoplay) {
        return;
    }
    let Some(bracket) = draw.0.as_mut() else { return };
    let is_absent =
        |pairing: &Pairing, side: BracketSide| pairing.entrant(side).is_some_and(|who| absent.contains(&who));
    let absent_in = |pairing: &Pairing| BracketSide::BOTH.map(|side| is_absent(pairing, side));
    let ready: Vec<Pairing> = bracket.ready().filter(|pairing| absent_in(pairing).contains(&true)).cloned().collect();
    let decided: Vec<_> = ready.iter().flat_map(|pairing| pairing.entrants().into_iter().flatten()).collect();
    for pairing in ready {
        let (sides, pairing) = (absent_in(&pairing), pairing.id);
        let done = match sides {
            [true, true] => bracket.both_gone(pairing),
            [true, false] => bracket.forfeit(pairing, BracketSide::First),
            _ => bracket.forfeit(pairing, BracketSide::Second),
        };
        debug_assert!(done.is_ok(), "it could be played: {done:?}");
    }
    // Both are called again for their next rounds, if there are any.
    for mut entrant in
        entrants.iter_mut().filter(|entrant| decided.contains(&hypogeum_brackets::Entrant(entrant.number)))
    {
        entrant.preparation = Preparation::Prepared;
    }
}
