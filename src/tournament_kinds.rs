//! The kinds of tournaments that people can enter: those of the content, and who can play them by its brackets.

use hypogeum_content::Content;
use hypogeum_content::def::{SeedingDef, TournamentDef, TournamentFormat};
use hypogeum_creatures::can_play;
use hypogeum_store::{Seeding, Sizes};
use hypogeum_tournaments::{TournamentKind, TournamentKinds, TournamentSchedule};

/// The kinds of a content.
pub(crate) fn of(content: &Content) -> TournamentKinds {
    TournamentKinds::new(content.tournaments.iter().map(|(_, key, def)| kind(key, def)))
}

fn kind(key: &str, def: &TournamentDef) -> TournamentKind {
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    TournamentKind {
        key: key.to_owned(),
        name: def.name.clone(),
        description: def.description.clone(),
        battle: def.battle.key().to_owned(),
        format: match def.format {
            TournamentFormat::SingleElimination { .. } => "single_elimination",
            TournamentFormat::DoubleElimination { .. } => "double_elimination",
            TournamentFormat::Swiss { .. } => "swiss",
            TournamentFormat::RoundRobin { .. } => "round_robin",
        },
        best_of: small(def.best_of),
        entrants_min: small(def.entrants_min),
        entrants_max: small(def.entrants_max),
        sizes: Sizes::of(|size| can_play(def, size)),
        fill: def.fill.iter().map(|level| level.key().to_owned()).collect(),
        per_person_max: small(def.per_person_max),
        people_min: small(def.people_min),
        entry_fee: def.entry_fee.into(),
        purse: def.purse.into(),
        prizes_percent: def.prizes_percent.iter().map(|percent| small(*percent)).collect(),
        seeding: match &def.seeding {
            SeedingDef::EntryOrder => Seeding::EntryOrder,
            SeedingDef::Drawn => Seeding::Drawn,
            SeedingDef::Rating(ladder) => Seeding::Rating { ladder: ladder.key().to_owned() },
        },
        schedule: def.schedule.map(|starts| TournamentSchedule { starts, registration_s: def.registration_s }),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_kinds_are_those_of_the_content() {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let content = Content::load(&assets).expect("the shipped content is good");
        let kinds = of(&content);
        assert_eq!(kinds.iter().count(), content.tournaments.iter().count(), "each tournament is one");
        let cup = kinds.find("cup").expect("it is shipped");
        let sizes: Vec<u8> = (0..=u8::MAX).filter(|size| cup.sizes.has(*size)).collect();
        assert_eq!(sizes, [4, 8, 16, 32, 64], "powers of two within its bounds");
        let league = kinds.find("league").expect("it is shipped");
        assert!((4..=64).all(|size| league.sizes.has(size)), "it allows byes");
        assert!(!league.sizes.has(3) && !league.sizes.has(65), "within its bounds");
        let refused = [cup.terms(6, None, 0), cup.terms(2, None, 0), cup.terms(8, Some("nobody"), 0)];
        assert!(refused.iter().all(Result::is_err), "what cannot be played is not opened: {refused:?}");
        let terms = cup.terms(8, Some("novice"), 7).expect("it can be played");
        assert_eq!((terms.size, terms.size_min, terms.purse), (8, 8, 0), "the house adds nothing to it");
        let weekly = kinds.find("sunday_cup").expect("it is shipped");
        let terms = weekly.scheduled_terms(7);
        assert_eq!((terms.size, terms.size_min, terms.purse), (32, 4, 500), "but to its own it does");
        assert!(weekly.schedule.is_some() && cup.schedule.is_none(), "which one of them has");
    }
}
