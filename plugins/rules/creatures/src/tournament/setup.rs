//! What a tournament is made from, and who takes part in it.

use bevy_ecs::prelude::World;
use hypogeum_brackets::{Bracket, Format, Rules as BracketRules};
use hypogeum_content::def::{OpponentDef, TournamentDef, TournamentFormat};
use hypogeum_content::{Content, Id};
use hypogeum_creature_messages::{CreatureId, CreatureStats, TournamentSetup};
use hypogeum_shard::{NetIds, Purpose, Rules, SetupError, Tick};

use super::state::{Draw, Entrant, Owner, Preparation, Time, TournamentRef};
use crate::battle::create;
use crate::opponent::allot;

/// Most creatures of a tournament.
pub(super) const ENTRANTS_MAX: usize = hypogeum_brackets::ENTRANTS_MAX as usize;

const TYPES: Purpose = Purpose::named("machines' types");
const MINDS: Purpose = Purpose::named("machines' minds");

fn missing(what: &'static str, key: &str) -> SetupError {
    SetupError::Missing { what, key: key.to_owned() }
}

/// The definition of a tournament.
pub(super) fn definition(content: &Content, key: &str) -> Result<Id<TournamentDef>, SetupError> {
    content.tournaments.id(key).ok_or_else(|| missing("tournament", key))
}

/// By what a bracket is played.
pub(super) fn bracket_rules(def: &TournamentDef) -> BracketRules {
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    let format = match def.format {
        TournamentFormat::SingleElimination { third_place } => Format::SingleElimination { third_place },
        TournamentFormat::DoubleElimination { grand_final_reset } => Format::DoubleElimination { grand_final_reset },
        TournamentFormat::Swiss { rounds } => Format::Swiss { rounds: small(rounds) },
        TournamentFormat::RoundRobin { legs } => Format::RoundRobin { legs: small(legs) },
    };
    BracketRules { format, best_of: small(def.best_of), final_best_of: None, allows_byes: def.allows_byes }
}

/// What a setup names on a content: its definition, its bracket before the first battle, and the level of its machines.
type Read = (Id<TournamentDef>, Bracket, Option<Id<OpponentDef>>);

/// Reads a setup on a content: whether it can be played there.
///
/// # Errors
/// [`SetupError`]: what it names that is not there, or why so many cannot play.
pub(super) fn read(setup: &TournamentSetup, content: &Content) -> Result<Read, SetupError> {
    let id = definition(content, &setup.tournament)?;
    let def = &content.tournaments[id];
    let found = setup.entrants.len();
    if found > ENTRANTS_MAX || found > usize::from(setup.size) {
        return Err(SetupError::Seats { found, most: usize::from(setup.size).min(ENTRANTS_MAX) });
    }
    check_entrants(setup, def)?;
    let fill = match setup.fill.as_deref() {
        Some(key) => Some(content.opponents.id(key).ok_or_else(|| missing("opponent", key))?),
        None if found < usize::from(setup.size) => {
            return Err(SetupError::Unfit(format!("{found} creatures of {} and no machines", setup.size)));
        }
        None => None,
    };
    if let Some(entrant) = setup.entrants.iter().find(|entrant| content.creatures.id(&entrant.kind).is_none()) {
        return Err(missing("creature", &entrant.kind));
    }
    if content.creatures.is_empty() {
        return Err(missing("creature", ""));
    }
    let bracket = Bracket::new(bracket_rules(def), setup.size);
    Ok((id, bracket.map_err(|error| SetupError::Unfit(error.to_string()))?, fill))
}

/// Whether so many may take part, and those.
fn check_entrants(setup: &TournamentSetup, def: &TournamentDef) -> Result<(), SetupError> {
    let allowed = def.entrants_min..=def.entrants_max;
    if !allowed.contains(&u32::from(setup.size)) {
        let (least, most) = (allowed.start(), allowed.end());
        return Err(SetupError::Unfit(format!("{} creatures, where {least} to {most} take part", setup.size)));
    }
    if let Some(fill) = setup.fill.as_deref().filter(|fill| def.fill.iter().all(|level| level.key() != *fill)) {
        let known: Vec<&str> = def.fill.iter().map(|level| level.key()).collect();
        return Err(SetupError::Unfit(format!("{fill:?} fills no such tournament: {} do", known.join(", "))));
    }
    for entrant in &setup.entrants {
        let own = setup.entrants.iter().filter(|one| one.owner == entrant.owner).count();
        if own > def.per_person_max as usize {
            return Err(SetupError::Unfit(format!(
                "{own} creatures of one person, at most {} take part",
                def.per_person_max
            )));
        }
        if setup.entrants.iter().filter(|one| one.creature == entrant.creature).count() > 1 {
            return Err(SetupError::Unfit(format!("creature {} takes part twice", entrant.creature)));
        }
    }
    Ok(())
}

/// Whether a tournament can be played on a content.
///
/// # Errors
/// [`SetupError`]: what it names that is not there, or why those cannot play.
pub fn check_setup(setup: &TournamentSetup, content: &Content) -> Result<(), SetupError> {
    read(setup, content).map(|_| ())
}

/// Whether so many creatures, machines included, can play a tournament.
#[must_use]
pub fn can_play(def: &TournamentDef, size: u8) -> bool {
    (def.entrants_min..=def.entrants_max).contains(&u32::from(size)) && Bracket::new(bracket_rules(def), size).is_ok()
}

/// Puts everyone into the world, before its first step.
pub(super) fn populate(world: &mut World, setup: &TournamentSetup, content: &Content) -> Result<(), SetupError> {
    let (def, bracket, fill) = read(setup, content)?;
    world.insert_resource(TournamentRef { def: Some(def), game: setup.game });
    world.insert_resource(Draw(Some(bracket)));
    world.insert_resource(Time { now_ms: setup.begins_unix_ms });
    let mut entrants: Vec<Entrant> = Vec::with_capacity(usize::from(setup.size));
    for (number, entrant) in (0..).zip(&setup.entrants) {
        let Some(kind) = content.creatures.id(&entrant.kind) else { continue };
        entrants.push(Entrant {
            number,
            owner: Owner::Person { account: entrant.owner, name: entrant.owner_name.clone() },
            creature: entrant.creature,
            name: entrant.name.clone(),
            kind,
            stats: entrant.stats,
            points: entrant.points,
            rewarded: 0,
            preparation: Preparation::Prepared,
            given_by: Vec::new(),
        });
    }
    if let Some(level) = fill {
        for number in setup.entrants.len() as u8..setup.size {
            entrants.push(machine(world, content, (def, level), number));
        }
    }
    for entrant in entrants {
        let name = world.resource_mut::<NetIds>().allocate();
        world.spawn((name, entrant));
    }
    Ok(())
}

/// A creature of a machine.
fn machine(
    world: &World,
    content: &Content,
    (def, level): (Id<TournamentDef>, Id<OpponentDef>),
    number: u8,
) -> Entrant {
    let rules = world.resource::<Rules>();
    let who = hypogeum_protocol::NetId(u32::from(number) + 1);
    let dice = |purpose| rules.dice(Tick(0), who, purpose);
    let (opponent, battle) = (&content.opponents[level], &content.battles[content.tournaments[def].battle.id()]);
    let place = dice(TYPES).below(content.creatures.len() as u32) as u16;
    let (kind, bias) = content
        .creatures
        .iter()
        .nth(usize::from(place))
        .map_or_else(|| (Id::new(0), hypogeum_content::def::CreatureBias::default()), |(id, _, def)| (id, def.bias));
    let begun = create(battle, bias, CreatureStats::default()).unwrap_or_default();
    let seed = hypogeum_shard::Seed::numbered(dice(MINDS).bits());
    let given = allot(&opponent.points, (seed, who), begun, (0, battle.points_at_creation), battle.stat_max);
    let stats = crate::battle::grow(battle, begun, given).unwrap_or(begun);
    let owner = Owner::Machine { level, seed, spent: battle.points_at_creation };
    let preparation = Preparation::Prepared;
    let name = name_of(opponent, number);
    let given_by = Vec::new();
    Entrant { number, owner, creature: CreatureId(0), name, kind, stats, points: 0, rewarded: 0, preparation, given_by }
}

/// A name of a level: each once as far as they go, and then with numbers.
fn name_of(opponent: &OpponentDef, number: u8) -> String {
    let (count, number) = (opponent.names.len().max(1), usize::from(number));
    let name = opponent.names.get(number % count).map_or("", String::as_str);
    match number / count {
        0 => name.to_owned(),
        round => format!("{name} {}", round + 1),
    }
}
