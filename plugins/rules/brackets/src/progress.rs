//! What follows from a result: who goes where, who need not play, which round opens.

use std::collections::BTreeSet;

use crate::advance::Advance;
use crate::bracket::{Bracket, Bye};
use crate::entrants::{Entrant, EntrantSet};
use crate::pairing::{Outcome, Pairing, PairingId, Place, Side, Slot, Target};
use crate::rules::Format;
use crate::swiss;

impl Bracket {
    /// Opens the first round; an elimination's are all open, as what cannot be played in them waits for someone.
    pub(crate) fn begin(&mut self) {
        if self.rules.format.is_elimination() {
            self.round_open = self.rounds;
            self.byes = self.absent(1).map(|entrant| Bye { round: 1, entrant }).collect();
        } else {
            self.open_round(&mut Vec::new());
        }
    }

    pub(crate) fn is_ready(&self, pairing: &Pairing) -> bool {
        pairing.outcome.is_none() && pairing.round <= self.round_open && pairing.entrants().is_some()
    }

    /// Makes a change and all that follows from it.
    pub(crate) fn follow(&mut self, change: impl FnOnce(&mut Self, &mut Vec<Advance>)) -> Vec<Advance> {
        let before = self.milestones();
        let mut facts = Vec::new();
        change(self, &mut facts);
        // Each turn decides a pairing or opens a round, and there is an end of both.
        while self.walk_over(&mut facts) || self.open_next(&mut facts) {}
        if self.is_over() && self.champion.is_none() {
            self.champion = self.standings().first().map(|standing| standing.entrant);
        }
        let after = self.milestones();
        facts.extend(after.into_iter().filter(|fact| !before.contains(fact)));
        facts
    }

    /// What holds now, as it is told when it did not hold before. A reset that is not needed is no round that was played.
    fn milestones(&self) -> Vec<Advance> {
        let is_open = |pairing: &&Pairing| matches!(pairing.outcome, None | Some(Outcome::NotNeeded));
        let open: BTreeSet<u8> = self.pairings.iter().filter(is_open).map(|pairing| pairing.round).collect();
        let over =
            (1..=self.round_open).filter(|round| !open.contains(round)).map(|round| Advance::RoundOver { round });
        let ready = self.ready().map(|pairing| Advance::Ready(pairing.id));
        let champion = self.champion.map(Advance::Champion);
        over.chain(ready).chain(champion).chain(self.is_over().then_some(Advance::Over)).collect()
    }

    pub(crate) fn count_game(&mut self, id: PairingId, side: Side, facts: &mut Vec<Advance>) {
        let Some(pairing) = self.pairing_mut(id) else { return };
        let wins = side.of_mut(&mut pairing.wins);
        *wins = wins.saturating_add(1);
        let has_won = *wins > pairing.best_of / 2;
        facts.push(Advance::GameWon { pairing: id, wins: pairing.wins });
        if has_won {
            self.decide(id, Outcome::Played { winner: side }, facts);
        }
    }

    /// A pairing is over; in an elimination both go where it sends them.
    pub(crate) fn decide(&mut self, id: PairingId, outcome: Outcome, facts: &mut Vec<Advance>) {
        let Some(pairing) = self.pairing_mut(id) else { return };
        pairing.outcome = Some(outcome);
        let pairing = pairing.clone();
        facts.push(Advance::Decided { pairing: id, outcome });
        if !self.rules.format.is_elimination() {
            return;
        }
        if pairing.place == Place::GrandFinal && outcome.winner() == Some(Side::First) {
            self.skip_reset();
        }
        for (target, side) in self.onward(&pairing) {
            let Some(entrant) = pairing.entrant(side) else { continue };
            let is_champion = target.is_none() && pairing.place.is_final() && outcome.winner() == Some(side);
            match target {
                Some(to) => self.move_to(entrant, to, facts),
                None if is_champion => self.champion = Some(entrant),
                None => facts.push(Advance::Out(entrant)),
            }
        }
    }

    /// Where the sides of a pairing that is over go, the winner first.
    pub(crate) fn onward(&self, pairing: &Pairing) -> impl Iterator<Item = (Option<Target>, Side)> + use<> {
        let is_needed = |target: &Target| {
            self.pairing(target.pairing).is_ok_and(|pairing| pairing.outcome != Some(Outcome::NotNeeded))
        };
        let targets = [pairing.winner_to, pairing.loser_to].map(|target| target.filter(is_needed));
        let sides = pairing.winner().map(|winner| [winner, winner.other()]);
        sides.into_iter().flat_map(move |sides| targets.into_iter().zip(sides))
    }

    /// The upper bracket's winner has not lost, so there is nothing to repeat.
    fn skip_reset(&mut self) {
        if let Some(reset) = self.pairings.last_mut().filter(|pairing| pairing.place == Place::GrandFinalReset) {
            reset.outcome = Some(Outcome::NotNeeded);
        }
    }

    fn move_to(&mut self, entrant: Entrant, to: Target, facts: &mut Vec<Advance>) {
        if let Some(pairing) = self.pairing_mut(to.pairing) {
            *to.side.of_mut(&mut pairing.sides) = Slot::Taken(entrant);
            facts.push(Advance::Moved { entrant, to });
        }
    }

    /// Decides one pairing that is ready for someone who has withdrawn, where there is any.
    fn walk_over(&mut self, facts: &mut Vec<Advance>) -> bool {
        let is_gone = |entrant| self.has_withdrawn(entrant);
        let decided = self.ready().find_map(|pairing| {
            let entrants = pairing.entrants()?;
            let outcome = match entrants.map(is_gone) {
                [false, false] => return None,
                [true, true] => self.without_both(entrants),
                [true, false] => Outcome::Forfeited { winner: Side::Second },
                [false, true] => Outcome::Forfeited { winner: Side::First },
            };
            Some((pairing.id, outcome))
        });
        let Some((id, outcome)) = decided else { return false };
        self.decide(id, outcome, facts);
        true
    }

    /// How it ends where neither is there.
    pub(crate) fn without_both(&self, [first, second]: [Entrant; 2]) -> Outcome {
        let better = if first <= second { Side::First } else { Side::Second };
        Outcome::BothGone { goes_on: self.rules.format.is_elimination().then_some(better) }
    }

    /// Opens the next round where the one before is over and there is another.
    fn open_next(&mut self, facts: &mut Vec<Advance>) -> bool {
        let is_over = |round| self.pairings.iter().all(|pairing| pairing.round != round || pairing.outcome.is_some());
        let goes_on = self.round_open < self.rounds && is_over(self.round_open);
        if goes_on {
            self.open_round(facts);
        }
        goes_on
    }

    fn open_round(&mut self, facts: &mut Vec<Advance>) {
        self.round_open += 1;
        let round = self.round_open;
        let bye = match self.rules.format {
            Format::Swiss { .. } => self.pair_swiss_round(),
            _ => self.absent(round).next(),
        };
        if let Some(entrant) = bye {
            self.byes.push(Bye { round, entrant });
            facts.push(Advance::Bye { entrant, round });
        }
    }

    /// Adds the pairings of the open round, and says who rests.
    fn pair_swiss_round(&mut self) -> Option<Entrant> {
        let round = swiss::next_round(self);
        for sides in round.pairs {
            let id = PairingId(u16::try_from(self.pairings.len()).unwrap_or(u16::MAX));
            let sides = sides.map(Slot::Taken);
            self.pairings.push(Pairing::new(id, self.round_open, Place::Swiss, self.rules.best_of, sides));
        }
        round.bye
    }

    /// Who is in no pairing of a round, the best first.
    fn absent(&self, round: u8) -> impl Iterator<Item = Entrant> + use<> {
        let pairings = self.pairings.iter().filter(|pairing| pairing.round == round);
        let present: EntrantSet = pairings.flat_map(|pairing| pairing.sides).filter_map(Slot::entrant).collect();
        self.entrants().filter(move |entrant| !present.contains(*entrant))
    }

    fn pairing_mut(&mut self, id: PairingId) -> Option<&mut Pairing> {
        self.pairings.get_mut(usize::from(id.0))
    }
}
