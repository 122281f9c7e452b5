//! Tickets that say what they are and whom they want.

use std::collections::BTreeSet;

use hypogeum_content::Id;
use hypogeum_content::def::{FillRule, RatingWindow};
use hypogeum_matchmaking::{Asks, Criteria, Lobby, Matchmaker, Properties, Query, Terms, Ticket};
use hypogeum_protocol::{AccountId, Property, PropertyValue, SessionId};
use proptest::prelude::*;

const RELAX_TICKS: u64 = 100;

fn terms(players_min: usize, players_max: usize) -> Terms {
    Terms {
        players_min,
        players_max,
        window: RatingWindow { start: 10_000, per_s: 0, max: 10_000 },
        wait_ticks: 300,
        gather_ticks: 0,
        fill: FillRule::Nobody,
        teams: None,
        relax_ticks: Some(RELAX_TICKS),
        tick_hz: 30,
    }
}

fn ticket(number: u64, joined_tick: u64) -> Ticket {
    let (who, account) = (SessionId(number), AccountId(number));
    Ticket { who, account, rating: 1_500, size: 1, mode: Id::new(0), joined_tick }
}

fn text(key: &str, text: &str) -> Property {
    Property { key: key.to_owned(), value: PropertyValue::Text { text: text.to_owned() } }
}

fn number(key: &str, number: i64) -> Property {
    Property { key: key.to_owned(), value: PropertyValue::Number { number } }
}

fn criteria(properties: &[Property], query: &str) -> Criteria {
    let properties = Properties::new(properties).expect("they are properties");
    Criteria { properties, query: Query::parse(query).expect("it is a query") }
}

fn line(terms: Terms, crowd: impl IntoIterator<Item = Criteria>) -> Matchmaker {
    let mut maker = Matchmaker::with_terms([terms]);
    for (number, criteria) in (1..).zip(crowd) {
        maker.join_with(ticket(number, 0), criteria).expect("there is room");
    }
    maker
}

fn numbers(lobbies: &[Lobby]) -> Vec<Vec<u64>> {
    lobbies.iter().map(|lobby| lobby.members.iter().map(|ticket| ticket.who.0).collect()).collect()
}

#[test]
fn those_who_want_each_other_play_together() {
    let eu = [text("region", "eu")];
    let mut maker =
        line(terms(2, 2), [criteria(&eu, "+region:eu"), criteria(&[text("region", "us")], ""), criteria(&eu, "")]);
    assert_eq!(numbers(&maker.form(0)), [vec![1, 3]], "the one from elsewhere waits");
}

#[test]
fn one_who_is_not_wanted_does_not_play_however_much_it_wants_to() {
    let mut maker = line(terms(2, 2), [criteria(&[text("mood", "grim")], ""), criteria(&[], "-mood:grim")]);
    assert!(maker.form(100_000).is_empty(), "what must not be is never let go");
    maker.join(ticket(3, 100_000)).expect("there is room");
    assert_eq!(numbers(&maker.form(100_000)), [vec![1, 3]], "who says nothing of itself has no mood");
}

#[test]
fn one_who_says_nothing_has_nothing_that_is_asked_for() {
    let mut maker = line(terms(2, 2), [criteria(&[], "+region:*"), Criteria::default()]);
    assert!(maker.form(100_000).is_empty(), "it has no region");
}

#[test]
fn should_clauses_are_let_go_one_after_the_other() {
    let asks = criteria(&[], "+level:>5 level:>10 region:eu");
    let mut maker = line(terms(2, 2), [asks, criteria(&[number("level", 12), text("region", "us")], "")]);
    assert!(maker.form(RELAX_TICKS - 1).is_empty(), "two should clauses, of which one does not hold");
    let why = maker.why(SessionId(1), RELAX_TICKS - 1).expect("it waits");
    assert_eq!(why.asks, Some(Asks { shoulds: 2, next_relaxed_ticks: Some(1) }), "the next tick lets one go");
    assert_eq!((why.looked_at, why.ruled_out), (0, 1), "the other one is not wanted yet");
    assert_eq!(numbers(&maker.form(RELAX_TICKS)), [vec![1, 2]], "one criteria, which holds");
}

#[test]
fn should_clauses_hold_for_good_where_the_mode_lets_none_go() {
    let terms = Terms { relax_ticks: None, ..terms(2, 2) };
    let mut maker = line(terms, [criteria(&[], "region:eu"), Criteria::default()]);
    assert!(maker.form(1_000_000).is_empty(), "it still asks for a region");
    let why = maker.why(SessionId(1), 1_000_000).expect("it waits");
    assert_eq!(why.asks, Some(Asks { shoulds: 1, next_relaxed_ticks: None }), "and will");
}

#[test]
fn those_between_give_way_to_those_who_fit() {
    // The second suits the first, and then nobody would complete them.
    let picky = || criteria(&[text("kind", "a")], "-kind:b");
    let mut maker = line(terms(3, 3), [Criteria::default(), criteria(&[text("kind", "b")], ""), picky(), picky()]);
    assert_eq!(numbers(&maker.form(0)), [vec![1, 3, 4]], "three who suit each other");
}

#[test]
fn a_lobby_that_has_gone_takes_in_who_fits_as_long_as_it_has_room() {
    let terms = Terms { fill: FillRule::Autopilot, ..terms(4, 5) };
    let mut maker = line(terms, [criteria(&[], "+region:eu"), criteria(&[text("region", "eu")], "")]);
    // Whoever asks for a region has none itself, and the other asks for nothing.
    let mut lobby = maker.form(300).pop().expect("autopilots fill it");
    assert_eq!((lobby.members.len(), lobby.filled), (2, 2), "two people, two autopilots");
    let none = |_: &Ticket| Vec::new();
    for (who, region) in [(3, "us"), (4, "eu"), (5, "eu")] {
        maker.join_with(ticket(who, 310), criteria(&[text("region", region)], "")).expect("there is room");
    }
    assert_eq!(maker.admit_late(&mut lobby, 320, &none), 2, "those from the region that is asked for");
    assert_eq!(numbers(&[lobby.clone()]), [vec![1, 2, 4, 5]], "behind those who were there");
    assert_eq!(lobby.filled, 0, "people come before autopilots");
    maker.join_with(ticket(6, 330), criteria(&[text("region", "eu")], "")).expect("there is room");
    let apart = |ticket: &Ticket| if ticket.who.0 == 2 { vec![SessionId(6)] } else { Vec::new() };
    assert_eq!(maker.admit_late(&mut lobby, 340, &apart), 0, "who is kept apart from a member stays out");
    assert_eq!(maker.admit_late(&mut lobby, 340, &none), 1, "the last place");
    maker.join_with(ticket(7, 350), criteria(&[text("region", "eu")], "")).expect("there is room");
    assert_eq!(maker.admit_late(&mut lobby, 360, &none), 0, "no room is left");
    assert_eq!(maker.len(), 2, "who did not get in waits on");
}

#[test]
fn a_lobby_brings_no_more_queries_together_than_each_newcomer_can_be_held_against() {
    let all = |query: &dyn Fn(i64) -> String| -> Vec<usize> {
        let crowd = (0..200).map(|place| criteria(&[number("place", place)], &query(place)));
        line(terms(100, 200), crowd).form(0).iter().map(|lobby| lobby.members.len()).collect()
    };
    assert_eq!(all(&|_| "+place:*".to_owned()), [200], "one query that all ask is one");
    assert_eq!(all(&|place| format!("-place:{}", 1_000 + place % 32)), [200], "so many may be different");
    assert_eq!(all(&|place| format!("-place:{}", 1_000 + place)), [0; 0], "and no more");
}

#[test]
fn who_asks_for_what_it_is_not_itself_meets_nobody_who_asks_the_same() {
    let tank = || criteria(&[text("role", "tank")], "+role:healer");
    let mut maker = line(terms(2, 2), [tank(), tank(), criteria(&[text("role", "healer")], "+role:healer")]);
    assert!(maker.form(0).is_empty(), "a tank is no healer, and the healer wants a healer");
    maker.join_with(ticket(4, 0), criteria(&[text("role", "healer")], "")).expect("there is room");
    assert_eq!(numbers(&maker.form(0)), [vec![1, 4]], "the oldest tank and whom it asks for");
}

#[test]
fn who_has_waited_long_finds_the_one_who_suits_however_far_in_the_line() {
    let crowd = (0_i64..3_000).map(|place| criteria(&[number("tongue", place)], &format!("+tongue:{place}")));
    let mut maker = Matchmaker::with_terms([terms(2, 2)]);
    for (at, criteria) in (1..).zip(crowd) {
        let rating = 1_000 + i32::try_from(at / 3).expect("it is small");
        maker.join_with(Ticket { rating, ..ticket(at, 0) }, criteria).expect("there is room");
    }
    let last = Ticket { rating: 2_500, ..ticket(5_000, 0) };
    maker.join_with(last, criteria(&[number("tongue", 0)], "+tongue:0")).expect("there is room");
    assert!(maker.form(0).is_empty(), "three thousand stand between them");
    let found = (300..1_500).find_map(|tick| maker.form(tick).pop());
    assert_eq!(found.map(|lobby| numbers(&[lobby])), Some(vec![vec![1, 5_000]]), "the two who speak one tongue");
}

/// What people say and ask in a crowd: few things, so that some suit each other.
fn criteria_of_some() -> impl Strategy<Value = Criteria> {
    let properties = (prop::option::of(0_i64..4), prop::option::of(prop::sample::select(vec!["eu", "us", "asia"])));
    let clause = prop::sample::select(vec![
        "+level:>1",
        "+level:0..2",
        "-level:3",
        "level:<2",
        "level:*",
        "+region:eu|us",
        "-region:asia",
        "region:*s*",
        "region:eu",
    ]);
    (properties, prop::collection::vec(clause, 0..3)).prop_map(|((level, region), clauses)| {
        let level = level.map(|level| number("level", level));
        let region = region.map(|region| text("region", region));
        let properties: Vec<Property> = level.into_iter().chain(region).collect();
        criteria(&properties, &clauses.join(" "))
    })
}

/// Whether two want each other, by the words of the rule.
fn meet(one: &Criteria, other: &Criteria, waited: u64) -> bool {
    let asks = |asking: &Criteria, asked: &Criteria| {
        let left = asking.query.shoulds().saturating_sub((waited / RELAX_TICKS) as usize);
        asking.query.accepts(&asked.properties, left)
    };
    asks(one, other) && asks(other, one)
}

/// Whether so many of a crowd all want each other, tried one set after the other.
fn has_lobby(crowd: &[(u64, Criteria)], people: u32, waited: u64) -> bool {
    (1_u32..1 << crowd.len()).filter(|some| some.count_ones() == people).any(|some| {
        let chosen: Vec<&Criteria> =
            (0_u32..).zip(crowd).filter(|(bit, _)| (some >> bit) & 1 == 1).map(|(_, (_, criteria))| criteria).collect();
        chosen.iter().enumerate().all(|(place, one)| chosen[..place].iter().all(|other| meet(one, other, waited)))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nobody_waits_where_a_lobby_by_their_queries_can_be(
        crowd in prop::collection::vec(criteria_of_some(), 1..10),
        people in 2_usize..5,
    ) {
        let mut maker = line(terms(people, people), crowd.clone());
        let crowd: Vec<(u64, Criteria)> = (1..).zip(crowd).collect();
        let criteria_of = |who: SessionId| &crowd[who.0 as usize - 1].1;
        let mut seen = BTreeSet::new();
        for tick in (0..=3 * RELAX_TICKS).step_by(50) {
            for lobby in maker.form(tick) {
                prop_assert_eq!(lobby.members.len(), people, "a whole lobby");
                for (place, member) in lobby.members.iter().enumerate() {
                    prop_assert!(seen.insert(member.who), "{} plays twice", member.who);
                    for other in &lobby.members[..place] {
                        let (one, other) = (criteria_of(member.who), criteria_of(other.who));
                        prop_assert!(meet(one, other, tick), "{one:?} does not want {other:?}, or the other way round");
                    }
                }
            }
            let waiting: Vec<(u64, Criteria)> =
                crowd.iter().filter(|(who, _)| !seen.contains(&SessionId(*who))).cloned().collect();
            prop_assert_eq!(waiting.len(), maker.len(), "who does not play waits");
            prop_assert!(!has_lobby(&waiting, people as u32, tick), "{waiting:?} could play at {tick}");
        }
    }
}

proptest! {
    #[test]
    fn a_query_is_read_or_refused_at_a_place_within_it(query in "[-+a-z:|*\\\"<>=.0-9 é]{0,40}") {
        if let Err(bad) = Query::parse(&query) {
            prop_assert!(query.is_char_boundary(bad.at), "{bad} of {query:?}");
        }
    }
}
