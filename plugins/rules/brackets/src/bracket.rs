//! A tournament: what is asked of it, and what it is told.

use serde::{Deserialize, Serialize};

use crate::advance::Advance;
use crate::elimination;
use crate::entrants::{Entrant, EntrantSet};
use crate::error::BracketError;
use crate::pairing::{Outcome, Pairing, PairingId, Side};
use crate::round_robin;
use crate::rules::{Format, Rules};

/// Who rests in a round for want of an opponent.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bye {
    /// From 1 on.
    pub round: u8,
    /// Who rests.
    pub entrant: Entrant,
}

/// A tournament under way, or over. All of it is state.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
pub struct Bracket {
    pub(crate) rules: Rules,
    /// All numbers below it take part.
    pub(crate) entrants: u8,
    /// How many there will be.
    pub(crate) rounds: u8,
    /// Pairings of rounds up to this one can be played.
    pub(crate) round_open: u8,
    /// A pairing stands where its number says.
    pub(crate) pairings: Vec<Pairing>,
    /// In the order of rounds.
    pub(crate) byes: Vec<Bye>,
    pub(crate) withdrawn: EntrantSet,
    pub(crate) champion: Option<Entrant>,
}

impl Bracket {
    /// A tournament before its first game.
    ///
    /// # Errors
    /// Rules that nobody can play by, or that so many entrants cannot.
    pub fn new(rules: Rules, entrants: u8) -> Result<Self, BracketError> {
        rules.check_entrants(entrants)?;
        let pairings = match rules.format {
            Format::SingleElimination { third_place } => elimination::single(&rules, entrants, third_place),
            Format::DoubleElimination { grand_final_reset } => elimination::double(&rules, entrants, grand_final_reset),
            Format::Swiss { .. } => Vec::new(),
            Format::RoundRobin { legs } => round_robin::schedule(&rules, entrants, legs),
        };
        // So many rounds can everyone play without meeting anyone twice.
        let rounds_apart = entrants - u8::from(entrants.is_multiple_of(2));
        let rounds = match rules.format {
            Format::Swiss { rounds } => rounds.min(rounds_apart),
            _ => pairings.last().map_or(0, |pairing| pairing.round),
        };
        let mut bracket = Self {
            rules,
            entrants,
            rounds,
            round_open: 0,
            pairings,
            byes: Vec::new(),
            withdrawn: EntrantSet::default(),
            champion: None,
        };
        bracket.begin();
        Ok(bracket)
    }

    /// What it is played by.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Who takes part, the best first.
    pub fn entrants(&self) -> impl Iterator<Item = Entrant> + use<> {
        (0..self.entrants).map(Entrant)
    }

    /// How many rounds there are in all, the reset of a grand final among them.
    #[must_use]
    pub const fn rounds(&self) -> u8 {
        self.rounds
    }

    /// All pairings, by number, which is by round: those of a Swiss tournament up to the round that was paired last.
    #[must_use]
    pub fn pairings(&self) -> &[Pairing] {
        &self.pairings
    }

    /// One pairing.
    ///
    /// # Errors
    /// There is none of this number.
    pub fn pairing(&self, id: PairingId) -> Result<&Pairing, BracketError> {
        self.pairings.get(usize::from(id.0)).ok_or(BracketError::UnknownPairing(id))
    }

    /// Pairings that can be played now, by number. Nobody is in two of them.
    pub fn ready(&self) -> impl Iterator<Item = &Pairing> {
        self.pairings.iter().filter(|pairing| self.is_ready(pairing))
    }

    /// What an entrant plays now or waits in: the first pairing it is in that is not over. None for who is out, rests for
    /// the last time, or is not paired yet.
    #[must_use]
    pub fn next_of(&self, entrant: Entrant) -> Option<&Pairing> {
        self.pairings.iter().find(|pairing| pairing.outcome.is_none() && pairing.side_of(entrant).is_some())
    }

    /// Who rested in which round, in the order of rounds. In an elimination only the first round has byes: who goes on
    /// without an opponent in the lower bracket is simply in a later pairing of it.
    #[must_use]
    pub fn byes(&self) -> &[Bye] {
        &self.byes
    }

    /// Whether an entrant has withdrawn.
    #[must_use]
    pub fn has_withdrawn(&self, entrant: Entrant) -> bool {
        self.withdrawn.contains(entrant)
    }

    /// Which side of a pairing an entrant is on.
    ///
    /// # Errors
    /// There is no such pairing, or the entrant is not in it (yet).
    pub fn side_of(&self, pairing: PairingId, entrant: Entrant) -> Result<Side, BracketError> {
        self.pairing(pairing)?.side_of(entrant).ok_or(BracketError::NotInPairing { entrant, pairing })
    }

    /// Who has won. An elimination has a champion with its final; elsewhere it is the first of [`Self::standings`] when all is
    /// played, and of several that share the first rank the best seed.
    #[must_use]
    pub const fn champion(&self) -> Option<Entrant> {
        self.champion
    }

    /// Whether nothing more will be played.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.round_open >= self.rounds && self.pairings.iter().all(|pairing| pairing.outcome.is_some())
    }

    /// A side has won one game of a series.
    ///
    /// # Errors
    /// The pairing is unknown, over, or not ready.
    pub fn win(&mut self, pairing: PairingId, side: Side) -> Result<Vec<Advance>, BracketError> {
        self.check_ready(pairing)?;
        Ok(self.follow(|bracket, facts| bracket.count_game(pairing, side, facts)))
    }

    /// A side has given a pairing up: the other has won it.
    ///
    /// # Errors
    /// The pairing is unknown, over, or not ready.
    pub fn forfeit(&mut self, pairing: PairingId, side: Side) -> Result<Vec<Advance>, BracketError> {
        self.check_ready(pairing)?;
        let outcome = Outcome::Forfeited { winner: side.other() };
        Ok(self.follow(|bracket, facts| bracket.decide(pairing, outcome, facts)))
    }

    /// Neither side has come. In an elimination the better seed goes on, and who it is has to come the next time; elsewhere
    /// neither gets anything.
    ///
    /// # Errors
    /// The pairing is unknown, over, or not ready.
    pub fn both_gone(&mut self, pairing: PairingId) -> Result<Vec<Advance>, BracketError> {
        let entrants = self.check_ready(pairing)?;
        let outcome = self.without_both(entrants);
        Ok(self.follow(|bracket, facts| bracket.decide(pairing, outcome, facts)))
    }

    /// A pairing ends without a winner, whatever games were won in it: half a win for each. Swiss and round robin only.
    ///
    /// # Errors
    /// The pairing is unknown, over, or not ready; or it is an elimination.
    pub fn draw(&mut self, pairing: PairingId) -> Result<Vec<Advance>, BracketError> {
        self.check_ready(pairing)?;
        if self.rules.format.is_elimination() {
            return Err(BracketError::NoDraws(pairing));
        }
        Ok(self.follow(|bracket, facts| bracket.decide(pairing, Outcome::Drawn, facts)))
    }

    /// An entrant leaves for good: what it plays is lost at once, and what it would have played as soon as that would be
    /// ready; a Swiss tournament pairs it no more. What it has won stays won, so of one that has nothing left to play it
    /// changes no rank. Where two meet who have both withdrawn, it is as in [`Self::both_gone`].
    ///
    /// # Errors
    /// The entrant is unknown or has withdrawn before, or everything is over.
    pub fn withdraw(&mut self, entrant: Entrant) -> Result<Vec<Advance>, BracketError> {
        if entrant.0 >= self.entrants {
            return Err(BracketError::UnknownEntrant(entrant));
        }
        if self.has_withdrawn(entrant) {
            return Err(BracketError::AlreadyWithdrawn(entrant));
        }
        if self.is_over() {
            return Err(BracketError::Over);
        }
        Ok(self.follow(|bracket, facts| {
            bracket.withdrawn.insert(entrant);
            facts.push(Advance::Withdrew(entrant));
        }))
    }

    /// Who meets in a pairing that can be played.
    fn check_ready(&self, id: PairingId) -> Result<[Entrant; 2], BracketError> {
        let pairing = self.pairing(id)?;
        if pairing.outcome.is_some() {
            return Err(BracketError::AlreadyOver(id));
        }
        pairing.entrants().filter(|_| self.is_ready(pairing)).ok_or(BracketError::NotReady(id))
    }
}
