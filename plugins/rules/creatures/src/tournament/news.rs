//! What is told of a step to those who follow the tournament.

use bevy_ecs::prelude::{Mut, Query, Res, ResMut, Resource, World};
use hypogeum_brackets::{Bracket, Entrant as Number, PairingId};
use hypogeum_creature_messages::{ActTold, BattleEnd, GameNews, PairingOutcome, Side, TurnNews, Wants};
use hypogeum_locale::{LocaleId, Locales};
use hypogeum_protocol::{codec, limits};
use hypogeum_shard::{Audience, KindOutbox};
use serde::{Deserialize, Serialize};

use super::state::{Draw, Duel, Entrant, Owner, Preparation};
use super::view::{all, pairing_view};
use crate::words::{act_words, champion_words, end_words, leaving_words};

/// News before they are words, and what those are called that they speak of: two who fight, the winner and the loser of a battle,
/// or the first alone.
#[derive(Debug, Serialize, Deserialize)]
struct Said {
    news: GameNews,
    names: [String; 2],
}

fn tell(outbox: &mut KindOutbox, news: GameNews, names: [&str; 2]) {
    let said = Said { news, names: names.map(str::to_owned) };
    outbox.tell(Audience::Everyone, codec::encode(&said));
}

/// News in the words of a locale.
pub(super) fn in_words(body: &[u8], locales: &Locales, locale: LocaleId) -> Option<Vec<u8>> {
    let Said { mut news, names } = codec::decode::<Said, { limits::TOLD_BYTES_MAX }>(body).ok()?;
    let names = [names[0].as_str(), names[1].as_str()];
    let said = |message| locales.words(locale, &message);
    match &mut news {
        GameNews::Turn { acts, .. } => {
            acts.iter_mut().for_each(|told| told.words = said(act_words(&told.act, names)));
        }
        GameNews::Ended { how, words, .. } => *words = said(end_words(*how, (names[0], names[1]))),
        GameNews::Withdrew { words, .. } => *words = said(leaving_words(names[0])),
        GameNews::Over { champion, words } => *words = said(champion_words(champion.map(|_| names[0]))),
        _ => {}
    }
    Some(news.encode())
}

/// A person has chosen.
pub(super) fn chosen(outbox: &mut KindOutbox, duel: &Duel, entrant: u8) {
    let (pairing, game, turn) = (duel.pairing.0, duel.game, duel.battle.turns() + 1);
    tell(outbox, GameNews::Chosen { entrant, pairing, game, turn }, ["", ""]);
}

/// A turn was fought. `names`: what both are called.
pub(super) fn turn(outbox: &mut KindOutbox, duel: &Duel, turn: &TurnNews, names: [&str; 2]) {
    let acts = turn.acts.iter().map(|act| ActTold { act: *act, words: String::new() }).collect();
    let hp = Side::BOTH.map(|side| duel.battle.fighter(side).hp);
    let (pairing, game) = (duel.pairing.0, duel.game);
    tell(outbox, GameNews::Turn { pairing, game, turn: turn.turn, hp, acts }, names);
}

/// What both are called who fight.
pub(super) fn names<'a>(duel: &Duel, entrants: impl Iterator<Item = &'a Entrant>) -> [&'a str; 2] {
    let mut names = [""; 2];
    for entrant in entrants {
        if let Some(side) = duel.side_of(entrant.number) {
            names[side.index()] = &entrant.name;
        }
    }
    names
}

/// A battle is over. `names`: what both are called, the first side first.
pub(super) fn ended(outbox: &mut KindOutbox, duel: &Duel, (winner, how): (Side, BattleEnd), names: [&str; 2]) {
    let (pairing, game) = (duel.pairing.0, duel.game);
    let number = duel.entrants[winner.index()];
    let names = [names[winner.index()], names[winner.other().index()]];
    tell(outbox, GameNews::Ended { pairing, game, winner: number, how, words: String::new() }, names);
}

/// The tournament before a step, as far as others are told of what changes: no state, as nothing but this reads it.
#[derive(Resource, Debug, Default)]
pub(super) struct Before {
    /// Of each pairing: whether it is known who meets, and whether they have parted.
    pairings: Vec<(bool, bool)>,
    battles: Vec<(PairingId, u8)>,
    /// Of people's creatures, in the order of their numbers: how they prepare, and whether they have left.
    preparations: Vec<(u8, Preparation, bool)>,
    is_over: bool,
}

/// Looks at the tournament before the step.
pub(super) fn look(draw: Res<Draw>, entrants: Query<&Entrant>, duels: Query<&Duel>, mut before: ResMut<Before>) {
    let Some(bracket) = &draw.0 else { return };
    let before = &mut *before;
    before.pairings.clear();
    before.pairings.extend(bracket.pairings().iter().map(|one| (one.entrants().is_some(), one.outcome.is_some())));
    before.battles.clear();
    before.battles.extend(duels.iter().map(|duel| (duel.pairing, duel.game)));
    before.preparations.clear();
    before.preparations.extend(prepared(bracket, entrants.iter()));
    before.is_over = bracket.is_over();
}

/// How people's creatures prepare, in the order of their numbers.
fn prepared<'a>(
    bracket: &Bracket,
    entrants: impl Iterator<Item = &'a Entrant>,
) -> impl Iterator<Item = (u8, Preparation, bool)> {
    let people = entrants.filter(|entrant| matches!(entrant.owner, Owner::Person { .. }));
    let of_one = |one: &Entrant| (one.number, one.preparation, bracket.has_withdrawn(Number(one.number)));
    let mut found: Vec<_> = people.map(of_one).collect();
    found.sort_unstable_by_key(|one| one.0);
    found.into_iter()
}

/// Tells what has changed in the step.
pub(super) fn tell_changes(world: &mut World) {
    world.resource_scope(|world, mut outbox: Mut<KindOutbox>| {
        let before = world.resource::<Before>();
        let Some(bracket) = &world.resource::<Draw>().0 else { return };
        tell_of_people((world, bracket), before, &mut outbox);
        tell_of_pairings(bracket, before, &mut outbox);
        tell_of_battles(world, before, &mut outbox);
        if bracket.is_over() && !before.is_over {
            let champion = bracket.champion().map(|number| number.0);
            let name = champion.map_or("", |number| name(world, number));
            tell(&mut outbox, GameNews::Over { champion, words: String::new() }, [name, ""]);
        }
    });
}

fn name(world: &World, number: u8) -> &str {
    all::<Entrant>(world).into_iter().find(|entrant| entrant.number == number).map_or("", |entrant| &entrant.name)
}

fn tell_of_people((world, bracket): (&World, &Bracket), before: &Before, outbox: &mut KindOutbox) {
    let now = prepared(bracket, all::<Entrant>(world).into_iter());
    for ((entrant, was, had_left), (_, is, has_left)) in before.preparations.iter().copied().zip(now) {
        if has_left && !had_left {
            tell(outbox, GameNews::Withdrew { entrant, words: String::new() }, [name(world, entrant), ""]);
        }
        if has_left || is == was {
            continue;
        }
        if let Preparation::Points { .. } = was {
            tell(outbox, GameNews::Allocated { entrant }, ["", ""]);
        }
        let wants = match is {
            Preparation::Points { until_ms } => Wants::Points { until_unix_ms: until_ms },
            Preparation::Called { until_ms } => Wants::Ready { until_unix_ms: until_ms },
            Preparation::Ready => {
                tell(outbox, GameNews::Ready { entrant }, ["", ""]);
                continue;
            }
            Preparation::Prepared => continue,
        };
        tell(outbox, GameNews::Wanted { entrant, wants }, ["", ""]);
    }
}

fn tell_of_pairings(bracket: &Bracket, before: &Before, outbox: &mut KindOutbox) {
    for (place, pairing) in bracket.pairings().iter().enumerate() {
        let (was_paired, was_decided) = before.pairings.get(place).copied().unwrap_or_default();
        let outcome = pairing_view(pairing).outcome.filter(|_| !was_decided);
        // What nobody was needed for is no news.
        if let Some(outcome) = outcome.filter(|outcome| *outcome != PairingOutcome::NotNeeded) {
            tell(outbox, GameNews::Decided { pairing: pairing.id.0, outcome }, ["", ""]);
        }
        if let (false, Some(both)) = (was_paired, pairing.entrants()) {
            let entrants = both.map(|number| number.0);
            tell(outbox, GameNews::Paired { pairing: pairing.id.0, entrants }, ["", ""]);
        }
    }
}

fn tell_of_battles(world: &World, before: &Before, outbox: &mut KindOutbox) {
    for duel in all::<Duel>(world) {
        if !before.battles.contains(&(duel.pairing, duel.game)) {
            let Duel { pairing, game, entrants, .. } = *duel;
            tell(outbox, GameNews::Begun { pairing: pairing.0, game, entrants }, ["", ""]);
        }
    }
}
