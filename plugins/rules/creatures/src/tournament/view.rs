//! A tournament as it stands, and the logs of its battles.

use bevy_ecs::prelude::{Component, World};
use hypogeum_brackets::{Bracket, Entrant as Number, Outcome, Pairing, Place};
use hypogeum_creature_messages::{
    BattleView, EntrantView, FighterView, KeptLog, KeptTournament, PairingOutcome, PairingView, Side, TournamentView,
    Wants,
};
use hypogeum_protocol::AccountId;
use hypogeum_shard::{NetIdIndex, Rules};

use super::clock::definitions_of;
use super::state::{Draw, Duel, Entrant, Fought, Owner, Preparation, TournamentRef};
use crate::log::{BattleHead, BattleSide, write};
use crate::record::BattleRecord;

/// Visits every entity that has a component, in the order of names.
pub(super) fn each<'w, T: Component>(world: &'w World, mut visit: impl FnMut(&'w T)) {
    for (_, entity) in world.resource::<NetIdIndex>().iter() {
        if let Some(found) = world.get::<T>(entity) {
            visit(found);
        }
    }
}

/// Every component of a type, in the order of names.
pub(super) fn all<T: Component>(world: &World) -> Vec<&T> {
    let mut found = Vec::new();
    each(world, |one| found.push(one));
    found
}

/// The tournament as it stands.
pub(super) fn view(world: &World) -> Option<TournamentView> {
    let rules = world.resource::<Rules>();
    let bracket = world.resource::<Draw>().0.as_ref()?;
    let which = world.resource::<TournamentRef>();
    let key = rules.content.tournaments.key(which.def?);
    let duels = all::<Duel>(world);
    let standings = bracket.standings();
    let mut entrants: Vec<EntrantView> = all::<Entrant>(world)
        .into_iter()
        .map(|entrant| {
            let number = Number(entrant.number);
            let standing = standings.iter().find(|one| one.entrant == number);
            EntrantView {
                rank: standing.map_or(0, |one| one.rank),
                is_in: !bracket.is_over() && !bracket.has_withdrawn(number) && is_in(bracket, number),
                wants: wants(world, bracket, &duels, entrant),
                ..entrant_view(rules, entrant)
            }
        })
        .collect();
    entrants.sort_unstable_by_key(|entrant| entrant.number);
    Some(TournamentView {
        game: which.game,
        tournament: key.to_owned(),
        entrants,
        pairings: bracket.pairings().iter().map(pairing_view).collect(),
        battles: duels.into_iter().map(battle_view).collect(),
        champion: bracket.champion().map(|number| number.0),
        is_over: bracket.is_over(),
    })
}

/// Whether somebody has anything left to fight, as far as is known.
fn is_in(bracket: &Bracket, number: Number) -> bool {
    bracket.next_of(number).is_some() || !bracket.rules().format.is_elimination()
}

fn entrant_view(rules: &Rules, entrant: &Entrant) -> EntrantView {
    let (owner, owner_name) = match &entrant.owner {
        Owner::Person { account, name } => (*account, name.clone()),
        Owner::Machine { level, .. } => (AccountId(0), rules.content.opponents.key(*level).to_owned()),
    };
    EntrantView {
        number: entrant.number,
        creature: entrant.creature,
        owner,
        owner_name,
        name: entrant.name.clone(),
        kind: rules.content.creatures.key(entrant.kind).to_owned(),
        stats: entrant.stats,
        points: entrant.points,
        rank: 0,
        is_in: false,
        wants: Wants::Nothing,
    }
}

fn wants(world: &World, bracket: &Bracket, duels: &[&Duel], entrant: &Entrant) -> Wants {
    if bracket.is_over() || !matches!(entrant.owner, Owner::Person { .. }) {
        return Wants::Nothing;
    }
    let clock = definitions_of(world).and_then(|(def, _)| def.clock);
    let of_duel = duels.iter().find_map(|duel| Some((duel, duel.side_of(entrant.number)?)));
    if let Some((duel, side)) = of_duel {
        return match duel.chosen[side.index()] {
            Some(_) => Wants::Nothing,
            None => Wants::Move { until_unix_ms: duel.deadline_ms(side, clock) },
        };
    }
    match entrant.preparation {
        Preparation::Points { until_ms } => Wants::Points { until_unix_ms: until_ms },
        Preparation::Called { until_ms } => Wants::Ready { until_unix_ms: until_ms },
        Preparation::Prepared | Preparation::Ready => Wants::Nothing,
    }
}

pub(super) fn pairing_view(pairing: &Pairing) -> PairingView {
    let number = |side| pairing.entrant(side).map(|number| number.0);
    let of = |side: hypogeum_brackets::Side| number(side).unwrap_or(u8::MAX);
    PairingView {
        number: pairing.id.0,
        round: pairing.round,
        place: place(pairing.place),
        sides: hypogeum_brackets::Side::BOTH.map(number),
        best_of: pairing.best_of,
        wins: pairing.wins,
        outcome: pairing.outcome.map(|outcome| match outcome {
            Outcome::Played { winner } => PairingOutcome::Won(of(winner)),
            Outcome::Forfeited { winner } => PairingOutcome::Forfeited(of(winner)),
            Outcome::BothGone { goes_on } => PairingOutcome::BothGone(goes_on.map(of)),
            Outcome::Drawn | Outcome::NotNeeded => PairingOutcome::NotNeeded,
        }),
    }
}

fn place(place: Place) -> String {
    match place {
        Place::RoundOf(count) => format!("round_of_{count}"),
        Place::Quarterfinal => "quarterfinal".to_owned(),
        Place::Semifinal => "semifinal".to_owned(),
        Place::ThirdPlace => "third_place".to_owned(),
        Place::Final => "final".to_owned(),
        Place::Upper(round) => format!("upper_{round}"),
        Place::UpperFinal => "upper_final".to_owned(),
        Place::Lower(round) => format!("lower_{round}"),
        Place::LowerFinal => "lower_final".to_owned(),
        Place::GrandFinal => "grand_final".to_owned(),
        Place::GrandFinalReset => "grand_final_reset".to_owned(),
        Place::Swiss => "swiss".to_owned(),
        Place::RoundRobin { leg } => format!("leg_{leg}"),
    }
}

fn battle_view(duel: &Duel) -> BattleView {
    let fighter = |side: Side| {
        let fighter = duel.battle.fighter(side);
        FighterView {
            entrant: duel.entrants[side.index()],
            hp: fighter.hp,
            hp_max: fighter.hp_max,
            defends_left: fighter.defends,
            specials_left: fighter.specials,
            has_chosen: duel.chosen[side.index()].is_some(),
        }
    };
    BattleView {
        pairing: duel.pairing.0,
        game: duel.game,
        turn: duel.battle.turns() + 1,
        fighters: Side::BOTH.map(fighter),
        last: duel.last.clone(),
    }
}

/// What is kept of it once it is over: how it stood, and the logs of all battles that people fought in.
pub(super) fn kept(world: &World) -> Option<KeptTournament> {
    let view = view(world)?;
    let is_person = |number: u8| view.entrants.get(usize::from(number)).is_some_and(|one| one.owner != AccountId(0));
    let of_people = world.resource::<Fought>().0.iter().filter(|one| one.entrants.iter().any(|one| is_person(*one)));
    let kept = of_people.filter_map(|one| {
        let (pairing, game) = (one.pairing.0, one.game);
        Some(KeptLog { pairing, game, text: battle_log(world, pairing, game)? })
    });
    let logs = kept.collect();
    Some(KeptTournament { view, logs })
}

/// The log of a battle by its pairing and its number among the battles of the two; `None` where there is none.
#[must_use]
pub fn battle_log(world: &World, pairing: u16, game: u8) -> Option<String> {
    let (def, battle) = definitions_of(world)?;
    let fought = world.resource::<Fought>().0.iter().find(|one| (one.pairing.0, one.game) == (pairing, game));
    let of_fought = fought.map(|one| (&one.entrants, &one.record));
    let fights = all::<Duel>(world).into_iter().find(|duel| (duel.pairing.0, duel.game) == (pairing, game));
    let of_fights = fights.map(|duel| (&duel.entrants, &duel.record));
    let (entrants, record): (&[u8; 2], &BattleRecord) = of_fought.or(of_fights)?;
    let rules = world.resource::<Rules>();
    let known = all::<Entrant>(world);
    let side = |number: u8| {
        let entrant = known.iter().find(|entrant| entrant.number == number)?;
        let EntrantView { kind, name, owner_name, .. } = entrant_view(rules, entrant);
        Some(BattleSide { kind, name, owner: owner_name })
    };
    let sides = [side(entrants[0])?, side(entrants[1])?];
    let head = BattleHead { rules_key: def.battle.key().to_owned(), rules: battle.to_line(), sides };
    write(&head, battle, record).ok()
}
