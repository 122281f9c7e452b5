//! Anything asked in any order: a bracket stays well formed, tells all that follows, and comes to an end.

use std::collections::BTreeSet;

use hypogeum_brackets::{Advance, Bracket, BracketError, Entrant, Format, Outcome, PairingId, Place, Rules, Side};
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Ask {
    Win(PairingId, Side),
    Forfeit(PairingId, Side),
    BothGone(PairingId),
    Draw(PairingId),
    Withdraw(Entrant),
}

fn ask(bracket: &mut Bracket, ask: Ask) -> Result<Vec<Advance>, BracketError> {
    match ask {
        Ask::Win(pairing, side) => bracket.win(pairing, side),
        Ask::Forfeit(pairing, side) => bracket.forfeit(pairing, side),
        Ask::BothGone(pairing) => bracket.both_gone(pairing),
        Ask::Draw(pairing) => bracket.draw(pairing),
        Ask::Withdraw(entrant) => bracket.withdraw(entrant),
    }
}

/// What is asked, with a number that stands for a pairing that is ready, or (where `is_any`) for any whatever.
#[derive(Clone, Debug)]
struct Wish {
    kind: u8,
    number: u16,
    is_any: bool,
    side: Side,
}

impl Wish {
    fn of(&self, bracket: &Bracket) -> Ask {
        let ready: Vec<PairingId> = bracket.ready().map(|pairing| pairing.id).collect();
        let any = PairingId(self.number % 200);
        let pairing = if self.is_any || ready.is_empty() { any } else { ready[usize::from(self.number) % ready.len()] };
        match self.kind {
            0..=5 => Ask::Win(pairing, self.side),
            6 => Ask::Forfeit(pairing, self.side),
            7 => Ask::BothGone(pairing),
            8 => Ask::Draw(pairing),
            _ => Ask::Withdraw(Entrant(self.number.to_le_bytes()[0] % 70)),
        }
    }
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let side = prop_oneof![Just(Side::First), Just(Side::Second)];
    let wish = (0_u8..10, any::<u16>(), prop::bool::weighted(0.2), side);
    prop::collection::vec(wish.prop_map(|(kind, number, is_any, side)| Wish { kind, number, is_any, side }), 0..120)
}

fn formats() -> impl Strategy<Value = Format> {
    prop_oneof![
        any::<bool>().prop_map(|third_place| Format::SingleElimination { third_place }),
        any::<bool>().prop_map(|grand_final_reset| Format::DoubleElimination { grand_final_reset }),
        (1_u8..12).prop_map(|rounds| Format::Swiss { rounds }),
        (1_u8..=2).prop_map(|legs| Format::RoundRobin { legs }),
    ]
}

/// What the facts of a bracket say, told to someone who never looks at it.
#[derive(Default)]
struct Listener {
    ready: BTreeSet<PairingId>,
    rounds_over: BTreeSet<u8>,
    out: BTreeSet<Entrant>,
    champion: Option<Entrant>,
    is_over: bool,
}

impl Listener {
    fn of(bracket: &Bracket) -> Self {
        Self { ready: bracket.ready().map(|pairing| pairing.id).collect(), ..Self::default() }
    }

    fn hear(&mut self, facts: &[Advance]) -> Result<(), TestCaseError> {
        for fact in facts {
            let is_new = match *fact {
                Advance::Decided { pairing, .. } => {
                    self.ready.remove(&pairing);
                    true
                }
                Advance::Ready(pairing) => self.ready.insert(pairing),
                Advance::RoundOver { round } => self.rounds_over.insert(round),
                Advance::Out(entrant) => self.out.insert(entrant),
                Advance::Champion(entrant) => self.champion.replace(entrant).is_none(),
                Advance::Over => !std::mem::replace(&mut self.is_over, true),
                Advance::GameWon { .. } | Advance::Withdrew(_) | Advance::Moved { .. } | Advance::Bye { .. } => true,
            };
            prop_assert!(is_new, "{:?} is told once", fact);
        }
        Ok(())
    }

    fn agrees_with(&self, bracket: &Bracket) -> Result<(), TestCaseError> {
        let ready: BTreeSet<PairingId> = bracket.ready().map(|pairing| pairing.id).collect();
        prop_assert_eq!(&self.ready, &ready, "what is ready was told");
        prop_assert_eq!(self.champion, bracket.champion(), "the champion was told");
        prop_assert_eq!(self.is_over, bracket.is_over(), "the end was told");
        Ok(())
    }
}

fn check_form(bracket: &Bracket) -> Result<(), TestCaseError> {
    let mut busy = BTreeSet::new();
    for pairing in bracket.ready() {
        for entrant in pairing.entrants().into_iter().flatten() {
            prop_assert!(busy.insert(entrant), "{:?} is in one pairing at a time", entrant);
            prop_assert!(!bracket.has_withdrawn(entrant), "{:?} has withdrawn and is waited for", entrant);
            prop_assert_eq!(bracket.next_of(entrant), Some(pairing), "it is what {:?} has to play next", entrant);
        }
    }
    prop_assert_eq!(bracket.is_over(), busy.is_empty(), "as long as it is not over something can be played");
    if bracket.rules().format.is_elimination() {
        check_losses(bracket)?;
    }
    let standings = bracket.standings();
    let everyone: BTreeSet<Entrant> = standings.iter().map(|standing| standing.entrant).collect();
    prop_assert_eq!(everyone.len(), bracket.entrants().count(), "everyone has a rank");
    for (place, standing) in standings.iter().enumerate() {
        let better = standings.iter().filter(|other| other.rank < standing.rank).count();
        prop_assert_eq!(usize::from(standing.rank), better + 1, "ranks count those who are better");
        prop_assert!(better <= place, "the best come first");
    }
    Ok(())
}

/// Nobody plays on after the last loss they may have.
fn check_losses(bracket: &Bracket) -> Result<(), TestCaseError> {
    let losses_max = if matches!(bracket.rules().format, Format::DoubleElimination { .. }) { 2 } else { 1 };
    for entrant in bracket.entrants() {
        let pairings = bracket.pairings().iter().filter(|pairing| pairing.side_of(entrant).is_some());
        let (over, open): (Vec<_>, Vec<_>) = pairings.partition(|pairing| pairing.outcome.is_some());
        let is_lost = |side: Side, winner: Option<Side>| winner == Some(side.other());
        let lost =
            over.iter().filter(|pairing| pairing.side_of(entrant).is_some_and(|side| is_lost(side, pairing.winner())));
        let lost = lost.filter(|pairing| pairing.place != Place::ThirdPlace).count();
        prop_assert!(lost <= losses_max, "{:?} lost {} times", entrant, lost);
        let plays_on = open.iter().filter(|pairing| pairing.place != Place::ThirdPlace).count();
        prop_assert!(plays_on <= 1 && (lost < losses_max || plays_on == 0), "{:?} lost and plays on", entrant);
    }
    Ok(())
}

fn check_end(bracket: &Bracket, listener: &Listener) -> Result<(), TestCaseError> {
    let champion = bracket.champion();
    prop_assert!(champion.is_some(), "there is a champion");
    let standings = bracket.standings();
    prop_assert_eq!(standings.first().map(|standing| standing.entrant), champion, "who is the first in rank");
    let many = bracket.entrants().count();
    let played = bracket.pairings().iter().filter(|pairing| pairing.outcome != Some(Outcome::NotNeeded)).count();
    let skips = usize::from(played < bracket.pairings().len());
    prop_assert_eq!(
        listener.rounds_over.len() + skips,
        usize::from(bracket.rounds()),
        "all rounds were told to be over"
    );
    match bracket.rules().format {
        Format::SingleElimination { third_place } => {
            prop_assert_eq!(played, many - 1 + usize::from(third_place && many >= 4));
        }
        Format::DoubleElimination { grand_final_reset } => {
            prop_assert!(played == 2 * many - 2 || (grand_final_reset && played == 2 * many - 1), "{} played", played);
        }
        Format::RoundRobin { legs } => prop_assert_eq!(played, usize::from(legs) * many * (many - 1) / 2),
        Format::Swiss { .. } => prop_assert!(played <= usize::from(bracket.rounds()) * (many / 2), "{} played", played),
    }
    if bracket.rules().format.is_elimination() {
        prop_assert_eq!(listener.out.len(), many - 1, "all others are out");
        prop_assert_eq!(standings.iter().filter(|standing| standing.rank == 1).count(), 1, "nobody shares the title");
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_bracket_stays_whole_and_ends(
        format in formats(),
        entrants in prop_oneof![2_u8..=9, 2_u8..=64],
        best_of in prop::sample::select(vec![1_u8, 3, 5]),
        wishes in wishes(),
        written_at in 0_usize..120,
    ) {
        let rules = Rules { format, best_of, final_best_of: None, allows_byes: true };
        let mut bracket = Bracket::new(rules, entrants).expect("these can play");
        let mut again = bracket.clone();
        let mut listener = Listener::of(&bracket);
        for (number, wish) in wishes.iter().enumerate() {
            if number == written_at {
                let text = serde_json::to_string(&bracket).expect("state can be written");
                prop_assert_eq!(&serde_json::from_str::<Bracket>(&text).expect("and read"), &bracket, "nothing is lost");
            }
            let before = bracket.clone();
            let asked = wish.of(&bracket);
            let answer = ask(&mut bracket, asked);
            prop_assert_eq!(&ask(&mut again, asked), &answer, "equal states answer alike");
            match answer {
                Ok(facts) => listener.hear(&facts)?,
                Err(_) => prop_assert_eq!(&bracket, &before, "a refusal changes nothing"),
            }
            listener.agrees_with(&bracket)?;
            check_form(&bracket)?;
        }
        prop_assert_eq!(&bracket, &again, "equal calls, equal states");
        // Without a game more than the longest series everywhere it ends.
        let pairings_max = 2 * usize::from(entrants) * usize::from(entrants);
        let mut games = 0;
        while let Some(pairing) = super::next(&bracket) {
            listener.hear(&bracket.win(pairing, if games % 3 == 0 { Side::Second } else { Side::First }).expect("it is ready"))?;
            games += 1;
            prop_assert!(games <= pairings_max * usize::from(best_of), "it ends");
        }
        listener.agrees_with(&bracket)?;
        check_form(&bracket)?;
        check_end(&bracket, &listener)?;
    }

    #[test]
    fn any_rules_are_played_or_refused(
        kind in 0_u8..4, flag in any::<bool>(), number in any::<u8>(), best_of in any::<u8>(),
        final_best_of in any::<Option<u8>>(), allows_byes in any::<bool>(), entrants in any::<u8>(),
    ) {
        let format = match kind {
            0 => Format::SingleElimination { third_place: flag },
            1 => Format::DoubleElimination { grand_final_reset: flag },
            2 => Format::Swiss { rounds: number },
            _ => Format::RoundRobin { legs: number },
        };
        let rules = Rules { format, best_of, final_best_of, allows_byes };
        let bracket = Bracket::new(rules, entrants);
        prop_assert_eq!(bracket.as_ref().err().copied(), rules.check_entrants(entrants).err(), "the check says the same");
        prop_assert!(bracket.is_err() || bracket.is_ok_and(|bracket| bracket.ready().count() > 0), "something can be played");
    }
}
