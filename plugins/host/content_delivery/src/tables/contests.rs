//! Where creatures of people meet: tournaments, ladders and boards of who is best, in the words that HTTP has for them.

use hypogeum_content::Link;
use hypogeum_content::def::{LadderDef, LeaderboardDef, ScoreSource, SeedingDef, TournamentDef, TournamentFormat};
use serde::Serialize;
use serde_json::Value;

use super::word;

#[derive(Serialize)]
pub(super) struct Tournament<'c> {
    battle: &'c str,
    format: &'static str,
    /// Of a Swiss tournament.
    #[serde(skip_serializing_if = "Option::is_none")]
    rounds: Option<u32>,
    /// How often all meet, where everyone meets everyone.
    #[serde(skip_serializing_if = "Option::is_none")]
    legs: Option<u32>,
    best_of: u32,
    entrants_min: u32,
    entrants_max: u32,
    allows_byes: bool,
    /// Machines that may be asked to fill it.
    opponents: Vec<&'c str>,
    per_person_max: u32,
    people_min: u32,
    points_between: u32,
    /// Seconds to give them; without it there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    points_s: Option<u32>,
    /// Seconds to say that one is ready for a round, where that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    ready_s: Option<u32>,
    /// Seconds for each move, and for all of a battle besides; without them there is no clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    turn_s: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_s: Option<u32>,
    entry_fee: u32,
    purse: u32,
    prizes_percent: &'c [u32],
    seeding: &'static str,
    /// The ladder that seeds go by.
    #[serde(skip_serializing_if = "Option::is_none")]
    seeding_ladder: Option<&'c str>,
    is_scheduled: bool,
    /// Seconds in which people may enter one that the house opens by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_s: Option<u32>,
}

pub(super) fn tournament(def: &TournamentDef) -> Tournament<'_> {
    let TournamentDef { best_of, entrants_min, entrants_max, allows_byes, per_person_max, people_min, .. } = *def;
    let TournamentDef { points_between, points_s, ready, clock, entry_fee, purse, registration_s, .. } = *def;
    let (format, rounds, legs) = match def.format {
        TournamentFormat::SingleElimination { .. } => ("single_elimination", None, None),
        TournamentFormat::DoubleElimination { .. } => ("double_elimination", None, None),
        TournamentFormat::Swiss { rounds } => ("swiss", Some(rounds), None),
        TournamentFormat::RoundRobin { legs } => ("round_robin", None, Some(legs)),
    };
    let (seeding, seeding_ladder) = match &def.seeding {
        SeedingDef::EntryOrder => ("entry_order", None),
        SeedingDef::Drawn => ("drawn", None),
        SeedingDef::Rating(ladder) => ("rating", Some(ladder.key())),
    };
    Tournament {
        battle: def.battle.key(),
        format,
        rounds,
        legs,
        best_of,
        entrants_min,
        entrants_max,
        allows_byes,
        opponents: def.fill.iter().map(Link::key).collect(),
        per_person_max,
        people_min,
        points_between,
        points_s,
        ready_s: ready.map(|ready| ready.within_s),
        turn_s: clock.map(|clock| clock.turn_s),
        bank_s: clock.map(|clock| clock.bank_s),
        entry_fee,
        purse,
        prizes_percent: &def.prizes_percent,
        seeding,
        seeding_ladder,
        is_scheduled: def.schedule.is_some(),
        registration_s: def.schedule.map(|_| registration_s),
    }
}

#[derive(Serialize)]
pub(super) struct Ladder<'c> {
    /// Whose rules its battles have.
    tournament: &'c str,
    /// The lowest first.
    ranks: Vec<Rank<'c>>,
    battles_min: u32,
    has_seasons: bool,
}

#[derive(Serialize)]
struct Rank<'c> {
    key: &'c str,
    from: u32,
}

pub(super) fn ladder(def: &LadderDef) -> Ladder<'_> {
    Ladder {
        tournament: def.tournament.key(),
        ranks: def.ranks.iter().map(|rank| Rank { key: &rank.key, from: rank.from }).collect(),
        battles_min: def.battles_min,
        has_seasons: def.season.is_some(),
    }
}

#[derive(Serialize)]
pub(super) struct Leaderboard<'c> {
    counts: &'static str,
    /// Where games won count: those of these tournaments, of any where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    tournaments: Option<Vec<&'c str>>,
    /// And how many others must have taken part.
    #[serde(skip_serializing_if = "Option::is_none")]
    opponents_min: Option<u32>,
    /// Where ratings count: those on this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    ladder: Option<&'c str>,
    operator: Value,
    order: Value,
    has_seasons: bool,
}

pub(super) fn leaderboard(def: &LeaderboardDef) -> Leaderboard<'_> {
    let (counts, tournaments, opponents_min, ladder) = match &def.counts {
        ScoreSource::Submissions => ("submissions", None, None, None),
        ScoreSource::GamesWon { tournaments, opponents_min } => {
            ("games_won", Some(tournaments.iter().map(Link::key).collect()), Some(*opponents_min), None)
        }
        ScoreSource::Rating(ladder) => ("rating", None, None, Some(ladder.key())),
    };
    Leaderboard {
        counts,
        tournaments,
        opponents_min,
        ladder,
        operator: word(&def.operator),
        order: word(&def.order),
        has_seasons: def.season.is_some(),
    }
}
