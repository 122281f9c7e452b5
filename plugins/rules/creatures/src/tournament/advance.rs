//! What follows from a battle: the bracket goes on, points are given, and the next battles begin.

use bevy_ecs::prelude::{Entity, Mut, World};
use hypogeum_brackets::{Bracket, Entrant as Number, Pairing};
use hypogeum_content::def::TournamentDef;
use hypogeum_creature_messages::{BattleEnd, Side};
use hypogeum_protocol::NetId;
use hypogeum_shard::{KindOutbox, NetIdOf, NetIds, Purpose, Rules, Seed, Tick};

use super::clock::{definitions_of, ms};
use super::lapse::of_bracket;
use super::news;
use super::state::{Draw, Duel, Entrant, Fought, FoughtBattle, Owner, Preparation, Time};
use super::view::all;
use crate::battle::{Fighter, grow};
use crate::opponent::allot;
use crate::record::BattleRecord;

const BATTLES: Purpose = Purpose::named("creature battles");
const MINDS: Purpose = Purpose::named("creature minds");

/// Takes out battles that are over, in the order of their names, and lets the bracket know.
pub(super) fn end_battles(world: &mut World) {
    let mut over: Vec<(NetId, Entity, (Side, BattleEnd))> = world
        .query::<(&NetIdOf, Entity, &Duel)>()
        .iter(world)
        .filter_map(|(name, entity, duel)| Some((name.0, entity, duel.battle.end()?)))
        .collect();
    over.sort_unstable_by_key(|battle| battle.0);
    for (_, entity, (winner, how)) in over {
        let Some(duel) = world.entity_mut(entity).take::<Duel>() else { continue };
        world.despawn(entity);
        world.resource_scope(|world, mut outbox: Mut<KindOutbox>| {
            let names = news::names(&duel, all::<Entrant>(world).into_iter());
            news::ended(&mut outbox, &duel, (winner, how), names);
        });
        let Duel { pairing, game, entrants, record, .. } = duel;
        world.resource_mut::<Fought>().0.push(FoughtBattle { pairing, game, entrants, record });
        if let Some(bracket) = world.resource_mut::<Draw>().0.as_mut() {
            let done = bracket.win(pairing, of_bracket(winner));
            debug_assert!(done.is_ok(), "who fights is in the bracket: {done:?}");
        }
    }
    reward(world);
}

/// Gives points to those who have won since the last step, however that was.
fn reward(world: &mut World) {
    let Some(points) = definitions_of(world).map(|(def, _)| def.points_between).filter(|points| *points > 0) else {
        return;
    };
    let won = winners(world);
    let Some(until_ms) = definitions_of(world).map(|(def, _)| until(def, world.resource::<Time>().now_ms)) else {
        return;
    };
    let mut entrants = world.query::<&mut Entrant>();
    let mut machines = Vec::new();
    for mut entrant in entrants.iter_mut(world) {
        let more = won[usize::from(entrant.number)].saturating_sub(entrant.rewarded);
        if more == 0 {
            continue;
        }
        entrant.rewarded += more;
        entrant.points = entrant.points.saturating_add(points.saturating_mul(more));
        match entrant.owner {
            Owner::Person { .. } => entrant.preparation = Preparation::Points { until_ms },
            Owner::Machine { .. } => machines.push(entrant.number),
        }
    }
    machines.iter().for_each(|number| spend(world, *number));
}

fn until(def: &TournamentDef, now_ms: u64) -> Option<u64> {
    def.points_s.map(|points_s| now_ms.saturating_add(ms(points_s)))
}

/// How many pairings each has won.
fn winners(world: &World) -> [u32; 256] {
    let mut won = [0; 256];
    let pairings = world.resource::<Draw>().0.iter().flat_map(Bracket::pairings);
    for number in pairings.filter_map(|pairing| pairing.entrant(pairing.winner()?)) {
        won[usize::from(number.0)] += 1;
    }
    won
}

/// A machine gives its points at once.
fn spend(world: &mut World, number: u8) {
    let rules = world.resource::<Rules>().clone();
    let Some((_, battle)) = definitions_of(world).map(|(def, battle)| (def.points_between, battle.clone())) else {
        return;
    };
    let mut entrants = world.query::<&mut Entrant>();
    let found = entrants.iter_mut(world).find(|entrant| entrant.number == number);
    let Some(mut entrant) = found else { return };
    let entrant = &mut *entrant;
    let Owner::Machine { level, seed, spent } = &mut entrant.owner else { return };
    let Some(opponent) = rules.content.opponents.find(*level) else { return };
    let who = NetId(u32::from(number) + 1);
    let given = allot(&opponent.points, (*seed, who), entrant.stats, (*spent, entrant.points), battle.stat_max);
    if let Ok(stats) = grow(&battle, entrant.stats, given) {
        let count = u32::try_from(given.sum()).unwrap_or(u32::MAX);
        entrant.stats = stats;
        *spent = spent.saturating_add(count);
        entrant.points = entrant.points.saturating_sub(count);
    }
}

/// Lets everyone who can fight begin, and calls those who are to say that they are ready.
pub(super) fn begin_battles(world: &mut World) {
    let fighting: Vec<u16> = world.query::<&Duel>().iter(world).map(|duel| duel.pairing.0).collect();
    let ready: Vec<Pairing> = world.resource::<Draw>().0.iter().flat_map(Bracket::ready).cloned().collect();
    for pairing in ready.iter().filter(|pairing| !fighting.contains(&pairing.id.0)) {
        let Some(both) = pairing.entrants() else { continue };
        if are_prepared(world, pairing, both) {
            begin(world, pairing, both);
        }
    }
}

/// Whether both can fight now. Before the first battle of two people are called, where the tournament says so.
fn are_prepared(world: &mut World, pairing: &Pairing, both: [Number; 2]) -> bool {
    let is_first = pairing.wins == [0, 0];
    let ready = definitions_of(world).and_then(|(def, _)| def.ready).filter(|_| is_first);
    let now_ms = world.resource::<Time>().now_ms;
    let mut entrants = world.query::<&mut Entrant>();
    let mut of_both: Vec<_> =
        entrants.iter_mut(world).filter(|entrant| both.contains(&Number(entrant.number))).collect();
    if of_both.iter().any(|entrant| matches!(entrant.preparation, Preparation::Points { .. })) {
        return false;
    }
    let Some(ready) = ready else { return true };
    let mut are_ready = true;
    for entrant in of_both.iter_mut().filter(|entrant| matches!(entrant.owner, Owner::Person { .. })) {
        if entrant.preparation == Preparation::Prepared {
            entrant.preparation = Preparation::Called { until_ms: now_ms.saturating_add(ms(ready.within_s)) };
        }
        are_ready &= entrant.preparation == Preparation::Ready;
    }
    are_ready
}

fn begin(world: &mut World, pairing: &Pairing, both: [Number; 2]) {
    let Some((def, battle)) = definitions_of(world).map(|(def, battle)| (def.clone(), battle.clone())) else { return };
    let name = world.resource_mut::<NetIds>().allocate();
    let rules = world.resource::<Rules>();
    let seed = |purpose| {
        let mut dice = rules.dice(*world.resource::<Tick>(), name.0, purpose);
        let [low, high] = [dice.bits(), dice.bits()];
        Seed::from_bytes((u128::from(high) << 64 | u128::from(low)).to_le_bytes())
    };
    let (seed, minds) = (seed(BATTLES), seed(MINDS));
    let since_ms = world.resource::<Time>().now_ms;
    let mut stats = [hypogeum_creature_messages::CreatureStats::default(); 2];
    let mut entrants = world.query::<&mut Entrant>();
    for mut entrant in entrants.iter_mut(world) {
        if let Some(side) = both.iter().position(|number| number.0 == entrant.number) {
            stats[side] = entrant.stats;
            if entrant.preparation != Preparation::Prepared {
                entrant.preparation = Preparation::Prepared;
            }
        }
    }
    let record = BattleRecord::new(seed, stats);
    let battle = crate::battle::Battle::new(seed, stats.map(|stats| Fighter::fresh(&battle, stats)));
    let bank_ms = def.clock.map_or(0, |clock| ms(clock.bank_s));
    let [first, second] = pairing.wins;
    world.spawn((
        name,
        Duel {
            pairing: pairing.id,
            game: 1 + first + second,
            entrants: both.map(|number| number.0),
            battle,
            record,
            chosen: [None; 2],
            banks_ms: [bank_ms; 2],
            since_ms,
            last: Vec::new(),
            minds,
        },
    ));
}
