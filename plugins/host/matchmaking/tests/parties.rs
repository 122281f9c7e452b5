//! Parties in the line: kept together, matched as one, and kept from those they are not to meet.

use std::collections::BTreeSet;

use hypogeum_content::Id;
use hypogeum_content::def::{FillRule, RatingWindow};
use hypogeum_matchmaking::{JoinError, Lobby, Matchmaker, Terms, Ticket};
use hypogeum_protocol::{AccountId, SessionId};
use hypogeum_shard::TeamShape;
use proptest::prelude::*;

/// Everyone reaches everyone, and nobody is waited for.
fn terms(players_min: usize, players_max: usize) -> Terms {
    Terms {
        players_min,
        players_max,
        window: RatingWindow { start: 20_000, per_s: 0, max: 20_000 },
        wait_ticks: 300,
        gather_ticks: 60,
        fill: FillRule::Nobody,
        teams: None,
        relax_ticks: None,
        tick_hz: 30,
    }
}

fn party(number: u64, size: u16, joined_tick: u64) -> Ticket {
    rated(number, size, 1_500, joined_tick)
}

fn rated(number: u64, size: u16, rating: i32, joined_tick: u64) -> Ticket {
    Ticket { who: SessionId(number), account: AccountId(number), rating, size, mode: Id::new(0), joined_tick }
}

fn line(terms: Terms, tickets: impl IntoIterator<Item = Ticket>) -> Matchmaker {
    let mut maker = Matchmaker::with_terms([terms]);
    tickets.into_iter().for_each(|ticket| maker.join(ticket).expect("every test ticket is good"));
    maker
}

fn numbers(lobby: &Lobby) -> Vec<u64> {
    lobby.members.iter().map(|member| member.who.0).collect()
}

fn people(lobby: &Lobby) -> usize {
    lobby.members.iter().map(Ticket::people).sum()
}

#[test]
fn a_party_counts_as_many_as_it_is() {
    let mut maker = line(terms(4, 4), [party(1, 3, 0), party(2, 2, 0), party(3, 1, 0)]);
    let seen = maker.position(SessionId(3), 0).expect("it waits");
    assert_eq!((seen.waiting, seen.wanted), (6, 4), "people are counted, not tickets");
    let formed = maker.form(0);
    assert_eq!(formed.iter().map(numbers).collect::<Vec<_>>(), [vec![1, 3]], "three and one are four at once");
    assert_eq!(maker.len(), 1, "two wait for two");
}

#[test]
fn a_party_larger_than_a_match_is_refused() {
    let mut maker = line(terms(2, 4), []);
    let refused = Err(JoinError::TooLarge { people: 5, people_max: 4 });
    assert_eq!(maker.join(party(1, 5, 0)), refused, "five of four");
    assert!(maker.is_empty(), "and does not wait");
    assert_eq!(maker.join(party(1, 4, 0)), Ok(()), "four do");
    assert_eq!(maker.form(0).iter().map(people).collect::<Vec<_>>(), [4], "alone among themselves");
}

#[test]
fn those_nearest_give_way_where_others_fit() {
    // The nearest one alone would leave a hole that no pair fits.
    let mut maker = line(terms(4, 4), [rated(1, 2, 1_500, 0), rated(2, 1, 1_501, 0), rated(3, 2, 1_600, 0)]);
    let formed = maker.form(0);
    assert_eq!(formed.iter().map(numbers).collect::<Vec<_>>(), [vec![1, 3]], "two and two");
}

#[test]
fn parties_that_fit_into_no_teams_wait_for_others() {
    let threes = Terms { teams: Some(TeamShape { count: 2, size: 3 }), ..terms(6, 6) };
    let mut maker = line(threes, (1..=3).map(|number| party(number, 2, 0)));
    assert!(maker.form(0).is_empty(), "of three pairs in two teams of three one would be split");
    assert_eq!(maker.why(SessionId(1), 0).expect("it waits").fitting, 2, "each pair would do for another");
    maker.join(party(4, 1, 1)).expect("there is room");
    maker.join(party(5, 1, 1)).expect("there is room");
    let formed = maker.form(1);
    assert_eq!(formed.iter().map(numbers).collect::<Vec<_>>(), [vec![1, 2, 4, 5]], "two pairs, and two alone");
    assert_eq!(maker.len(), 1, "the third pair waits on");
}

#[test]
fn autopilots_fill_what_a_party_leaves() {
    let terms = Terms { fill: FillRule::Autopilot, ..terms(4, 8) };
    let mut maker = line(terms, [party(1, 3, 0)]);
    assert!(maker.form(299).is_empty(), "it waits as long as the mode says");
    let formed = maker.form(300);
    assert_eq!(
        formed.iter().map(|lobby| (people(lobby), lobby.filled)).collect::<Vec<_>>(),
        [(3, 1)],
        "one is missing"
    );
}

#[test]
fn who_is_kept_apart_waits_for_others() {
    let mut maker = line(terms(2, 2), [party(1, 1, 0), party(2, 1, 0)]);
    let apart = |ticket: &Ticket| match ticket.who.0 {
        1 => vec![SessionId(2)],
        2 => vec![SessionId(1)],
        _ => Vec::new(),
    };
    assert!(maker.form_apart(100, usize::MAX, &apart).is_empty(), "those two do not play");
    maker.join(party(3, 1, 100)).expect("there is room");
    let formed = maker.form_apart(100, usize::MAX, &apart);
    assert_eq!(formed.iter().map(numbers).collect::<Vec<_>>(), [vec![1, 3]], "the older one goes with another");
    assert_eq!(maker.len(), 1, "who was kept apart waits on");
}

/// Whether some of these tickets make a lobby, tried one after the other.
fn has_lobby(tickets: &[Ticket], terms: &Terms, tick: u64, apart: &BTreeSet<(u64, u64)>) -> bool {
    (1_u32..1 << tickets.len()).any(|some| {
        let chosen: Vec<&Ticket> =
            (0_u32..).zip(tickets).filter(|(bit, _)| (some >> bit) & 1 == 1).map(|(_, it)| it).collect();
        let people: usize = chosen.iter().map(|ticket| ticket.people()).sum();
        let may_meet =
            |one: &Ticket, other: &Ticket| terms.meet(one, other, tick) && !apart.contains(&(one.who.0, other.who.0));
        (terms.players_min..=terms.players_max).contains(&people)
            && has_teams(&chosen, terms)
            && chosen.iter().all(|one| chosen.iter().all(|other| one.who == other.who || may_meet(one, other)))
    })
}

/// Whether all parties can be kept whole, tried with each in each team.
fn has_teams(tickets: &[&Ticket], terms: &Terms) -> bool {
    fn place(parties: &[usize], free: &mut [usize]) -> bool {
        let Some((first, rest)) = parties.split_first() else { return true };
        (0..free.len()).any(|team| {
            let fits = free[team] >= *first;
            if fits {
                free[team] -= first;
            }
            let all = fits && place(rest, free);
            if fits {
                free[team] += first;
            }
            all
        })
    }
    let Some(teams) = terms.teams else { return true };
    let parties: Vec<usize> = tickets.iter().map(|ticket| ticket.people()).collect();
    place(&parties, &mut vec![teams.size as usize; teams.count as usize])
}

/// Teams, or none; small enough that the order in which parties choose does not matter.
fn shapes() -> impl Strategy<Value = Option<TeamShape>> {
    prop::option::of((2_u32..=3, 2_u32..=4).prop_map(|(count, size)| TeamShape { count, size }))
}

fn crowds() -> impl Strategy<Value = (Vec<Ticket>, BTreeSet<(u64, u64)>)> {
    let people = prop::collection::vec((1_u16..=4, 1_000_i32..2_200), 1..12);
    let blocks = prop::collection::btree_set((0_u64..12, 0_u64..12), 0..6);
    (people, blocks).prop_map(|(people, blocks)| {
        let tickets = (0..).zip(people).map(|(number, (size, rating))| rated(number, size, rating, 0)).collect();
        let both = blocks.into_iter().filter(|(one, other)| one != other);
        (tickets, both.flat_map(|(one, other)| [(one, other), (other, one)]).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nobody_waits_for_ever_where_a_lobby_can_be(
        (crowd, apart) in crowds(),
        min in 1_usize..7,
        more in 0_usize..3,
        window in 0_u32..1_200,
        teams in shapes(),
    ) {
        let window = RatingWindow { start: 0, per_s: 100, max: window };
        let alone = Terms { window, ..terms(min.max(4), min.max(4) + more) };
        let terms = teams.map_or(alone, |shape| {
            let players_max = (shape.count * shape.size) as usize;
            Terms { players_min: min.clamp(4, players_max), players_max, teams, ..alone }
        });
        // No party is larger than a team.
        let crowd: Vec<Ticket> =
            crowd.into_iter().filter(|one| teams.is_none_or(|shape| u32::from(one.size) <= shape.size)).collect();
        let mut maker = line(terms, crowd.clone());
        let named = |ticket: &Ticket| -> Vec<SessionId> {
            let pairs = apart.iter().filter(|(one, _)| *one == ticket.who.0);
            pairs.map(|(_, other)| SessionId(*other)).collect()
        };
        let mut waiting = crowd;
        let mut seen = BTreeSet::new();
        for tick in (0..900).step_by(60) {
            for lobby in maker.form_apart(tick, usize::MAX, &named) {
                prop_assert!(has_teams(&lobby.members.iter().collect::<Vec<_>>(), &terms), "a party is split: {lobby:?}");
                prop_assert!(people(&lobby) >= terms.players_min && people(&lobby) <= terms.players_max, "{lobby:?}");
                for member in &lobby.members {
                    prop_assert!(seen.insert(member.who), "{} plays twice", member.who);
                    for other in lobby.members.iter().filter(|other| other.who != member.who) {
                        prop_assert!(terms.meet(member, other, tick), "{member:?} may not meet {other:?}");
                        prop_assert!(!apart.contains(&(member.who.0, other.who.0)), "{member:?} is kept from {other:?}");
                    }
                }
            }
        }
        waiting.retain(|ticket| !seen.contains(&ticket.who));
        prop_assert_eq!(waiting.len(), maker.len(), "who does not play waits");
        prop_assert!(!has_lobby(&waiting, &terms, 900, &apart), "{waiting:?} could play");
    }
}
