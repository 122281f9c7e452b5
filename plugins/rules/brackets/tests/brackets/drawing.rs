//! A bracket as lines of text.

use hypogeum_brackets::{Bracket, Format, Pairing, Slot, Target};

/// The tournament before it begins, and how it ends where always the better, or always the worse seed wins.
pub(crate) fn drawn(format: Format, entrants: u8) -> String {
    let begun = super::bracket(format, entrants);
    let mut text = format!("== {entrants} entrants, {} rounds\n", begun.rounds());
    if format.is_elimination() {
        text += &byes(&begun);
        text.extend(begun.pairings().iter().map(line));
    }
    let mut worse = begun.clone();
    let mut better = begun;
    super::play(&mut better, super::better);
    super::play(&mut worse, |bracket, pairing| super::better(bracket, pairing).other());
    for (name, ended) in [("better", better), ("worse", worse)] {
        text += &format!("the {name} seed wins:\n");
        if !format.is_elimination() {
            text += &rounds(&ended);
        }
        text += &ranks(&ended);
    }
    text
}

fn byes(bracket: &Bracket) -> String {
    bracket.byes().iter().map(|bye| format!("{} has a bye\n", bye.entrant.0)).collect()
}

/// `5 round 2 Semifinal: 0 v winner of 2, winner to 7 First`
fn line(pairing: &Pairing) -> String {
    let [first, second] = pairing.sides.map(slot);
    let to = |name: &str, target: Option<Target>| {
        target.map(|to| format!(", {name} to {} {:?}", to.pairing.0, to.side)).unwrap_or_default()
    };
    let ways = to("winner", pairing.winner_to) + &to("loser", pairing.loser_to);
    format!("{} round {} {:?}: {first} v {second}{ways}\n", pairing.id.0, pairing.round, pairing.place)
}

fn slot(slot: Slot) -> String {
    match slot {
        Slot::Taken(entrant) => entrant.0.to_string(),
        Slot::WinnerOf(pairing) => format!("winner of {}", pairing.0),
        Slot::LoserOf(pairing) => format!("loser of {}", pairing.0),
    }
}

/// `round 1: 0-4 1-5, 8 rests`
fn rounds(bracket: &Bracket) -> String {
    let round = |round: u8| {
        let pairings = bracket.pairings().iter().filter(|pairing| pairing.round == round);
        let pairs =
            pairings.filter_map(|pairing| pairing.entrants().map(|[one, other]| format!(" {}-{}", one.0, other.0)));
        let bye = bracket.byes().iter().find(|bye| bye.round == round);
        let rests = bye.map(|bye| format!(", {} rests", bye.entrant.0)).unwrap_or_default();
        format!("round {round}:{}{rests}\n", pairs.collect::<String>())
    };
    (1..=bracket.rounds()).map(round).collect()
}

/// Ranks with those who share them: `1: 0, 2: 1, 3: 2 3`; with points and tie-break where there are any.
fn ranks(bracket: &Bracket) -> String {
    let standings = bracket.standings();
    let mut text = String::from("ranks");
    let mut before = 0;
    for standing in standings {
        if standing.rank != before {
            text += &format!(" {}:", standing.rank);
            if !bracket.rules().format.is_elimination() {
                text += &format!("({} {})", standing.points, standing.tie_break);
            }
            before = standing.rank;
        }
        text += &format!(" {}", standing.entrant.0);
    }
    let champion = bracket.champion().expect("it was played to its end").0;
    format!("{text}\nchampion {champion}\n")
}
