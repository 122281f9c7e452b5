//! Who waits learns which of those around it fell to which rule.

use hypogeum_content::Id;
use hypogeum_content::def::{FillRule, RatingWindow};
use hypogeum_matchmaking::{LOOKED_AT_MAX, Matchmaker, Terms, Ticket};
use hypogeum_protocol::{AccountId, SessionId};

const TERMS: Terms = Terms {
    teams: None,
    relax_ticks: None,
    players_min: 4,
    players_max: 4,
    window: RatingWindow { start: 100, per_s: 50, max: 400 },
    wait_ticks: 300,
    gather_ticks: 60,
    fill: FillRule::Nobody,
    tick_hz: 30,
};

fn ticket(number: u64, size: u16, rating: i32, joined_tick: u64) -> Ticket {
    Ticket { who: SessionId(number), account: AccountId(number), rating, size, mode: Id::new(0), joined_tick }
}

#[test]
fn each_of_those_around_it_falls_to_one_rule() {
    let mut maker: Matchmaker = Matchmaker::with_terms([TERMS]);
    let tickets = [
        ticket(1, 2, 1_500, 0),
        // Within both windows; within its own alone, as it has come only now; beyond it; and a party too many.
        ticket(2, 1, 1_550, 90),
        ticket(3, 1, 1_700, 90),
        ticket(4, 1, 2_500, 0),
        ticket(5, 3, 1_510, 90),
    ];
    tickets.into_iter().for_each(|ticket| maker.join(ticket).expect("there is room"));
    let why = maker.why(SessionId(1), 90).expect("it waits");
    assert_eq!((why.waited_ticks, why.window, why.in_line), (90, 250, 8), "three seconds at fifty a second");
    assert_eq!((why.fitting, why.beyond_theirs, why.beyond_window, why.too_many), (1, 1, 1, 1), "{why:?}");
    assert_eq!((why.looked_at, why.usual_ticks), (4, None), "nobody has gone yet");
    assert_eq!(maker.why(SessionId(9), 90), None, "who does not wait is told nothing");
}

#[test]
fn the_usual_wait_is_the_middle_of_those_who_went_last() {
    let mut maker: Matchmaker = Matchmaker::with_terms([Terms { players_min: 3, players_max: 3, ..TERMS }]);
    for (number, joined_tick) in [(1, 0), (2, 10), (3, 40)] {
        maker.join(ticket(number, 1, 1_500, joined_tick)).expect("there is room");
    }
    assert_eq!(maker.form(50).len(), 1, "all three go");
    maker.join(ticket(4, 1, 1_500, 50)).expect("there is room");
    let why = maker.why(SessionId(4), 60).expect("it waits");
    assert_eq!((why.usual_ticks, why.waited_ticks), (Some(40), 10), "they waited 50, 40 and 10");
}

#[test]
fn no_crowd_is_looked_at_whole() {
    let mut maker: Matchmaker = Matchmaker::with_terms([Terms { players_min: 2_000, players_max: 2_000, ..TERMS }]);
    (0..1_000).for_each(|number| maker.join(ticket(number, 1, 1_500, 0)).expect("there is room"));
    let why = maker.why(SessionId(500), 5).expect("it waits");
    assert_eq!((why.looked_at, why.fitting, why.in_line), (LOOKED_AT_MAX, LOOKED_AT_MAX, 1_000), "the nearest only");
}
