//! Lobbies as players meet them, and what holds for any crowd.

use std::collections::BTreeSet;

use hypogeum_content::Id;
use hypogeum_content::def::{FillRule, RatingWindow};
use hypogeum_matchmaking::{JoinError, Lobby, Matchmaker, TICKETS_MAX, Terms, Ticket};
use hypogeum_protocol::{AccountId, SessionId};
use proptest::prelude::*;

const HZ: u32 = 30;

fn terms(players_min: usize, players_max: usize, fill: FillRule) -> Terms {
    Terms {
        players_min,
        players_max,
        window: RatingWindow { start: 100, per_s: 50, max: 400 },
        wait_ticks: 300,
        gather_ticks: 60,
        fill,
        teams: None,
        relax_ticks: None,
        tick_hz: HZ,
    }
}

fn ticket(session: u64, rating: i32, joined_tick: u64) -> Ticket {
    Ticket { who: SessionId(session), account: AccountId(session), rating, size: 1, mode: Id::new(0), joined_tick }
}

fn sessions(lobby: &Lobby) -> Vec<u64> {
    lobby.members.iter().map(|member| member.who.0).collect()
}

/// Joins each at its tick and forms on every tick to `until`; lobbies with the tick they went at.
fn run(terms: Terms, tickets: &[Ticket], until: u64) -> (Matchmaker, Vec<(u64, Lobby)>) {
    let mut maker = Matchmaker::with_terms([terms]);
    let mut formed = Vec::new();
    for tick in 0..=until {
        for ticket in tickets.iter().filter(|ticket| ticket.joined_tick == tick) {
            maker.join(*ticket).expect("every test ticket is good");
        }
        formed.extend(maker.form(tick).into_iter().map(|lobby| (tick, lobby)));
    }
    (maker, formed)
}

#[test]
fn a_full_lobby_goes_at_once() {
    let tickets: Vec<_> = (1..=4).map(|session| ticket(session, 1_500, 0)).collect();
    let (_, formed) = run(terms(2, 4, FillRule::Nobody), &tickets, 0);
    assert_eq!(formed.len(), 1, "four of four make one lobby: {formed:?}");
    assert_eq!(sessions(&formed[0].1), [1, 2, 3, 4], "the longest waiting first");
}

#[test]
fn enough_players_wait_two_seconds_for_more() {
    let tickets = [ticket(1, 1_500, 0), ticket(2, 1_500, 0), ticket(3, 1_500, 50)];
    let (_, formed) = run(terms(2, 4, FillRule::Nobody), &tickets, 200);
    assert_eq!(formed.len(), 1, "the third joins the two: {formed:?}");
    assert_eq!(formed[0].0, 110, "sixty ticks after the last newcomer");
    assert_eq!(sessions(&formed[0].1), [1, 2, 3], "all three are in");
}

#[test]
fn strangers_in_skill_wait_until_both_windows_reach() {
    let tickets = [ticket(1, 1_500, 0), ticket(2, 1_800, 60)];
    let (_, formed) = run(terms(2, 2, FillRule::Nobody), &tickets, 400);
    // 100 + 50/s reaches 300 after 4 s: for the second that is tick 60 + 120.
    assert_eq!(formed.iter().map(|(tick, _)| *tick).collect::<Vec<_>>(), [180], "the younger window decides");
}

#[test]
fn seats_are_filled_when_the_wait_is_over_and_only_where_the_mode_says_so() {
    let (_, formed) = run(terms(4, 8, FillRule::Autopilot), &[ticket(1, 1_500, 0)], 400);
    assert_eq!(formed[0].0, 300, "after queue_wait_ms");
    assert_eq!((sessions(&formed[0].1), formed[0].1.filled), (vec![1], 3), "three autopilots make up four");
    let (maker, formed) = run(terms(4, 8, FillRule::Nobody), &[ticket(1, 1_500, 0)], 4_000);
    assert!(formed.is_empty() && maker.len() == 1, "without filling it waits on");
}

#[test]
fn one_session_has_one_ticket() {
    let mut maker = Matchmaker::with_terms([terms(2, 2, FillRule::Nobody)]);
    assert_eq!(maker.join(ticket(1, 0, 0)), Ok(()), "the first is taken");
    assert_eq!(maker.join(ticket(1, 9, 1)), Err(JoinError::AlreadyQueued(SessionId(1))), "the second is not");
    let nowhere = Ticket { mode: Id::new(7), ..ticket(2, 0, 0) };
    assert_eq!(maker.join(nowhere), Err(JoinError::UnknownMode(Id::new(7))), "nor one for a mode that is not");
    assert!(maker.leave(SessionId(1)).is_some(), "it can leave");
    assert!(maker.is_empty() && maker.leave(SessionId(1)).is_none(), "once");
}

#[test]
fn the_line_has_an_end() {
    let mut maker = Matchmaker::with_terms([terms(2, 2, FillRule::Nobody)]);
    for session in 0..TICKETS_MAX as u64 {
        assert_eq!(maker.join(ticket(session, 0, 0)), Ok(()), "ticket {session} fits");
    }
    assert_eq!(maker.join(ticket(u64::MAX, 0, 0)), Err(JoinError::Full), "the next does not");
}

#[test]
fn who_waits_learns_how_many_are_within_reach() {
    let mut maker = Matchmaker::with_terms([terms(3, 3, FillRule::Autopilot)]);
    for ticket in [ticket(1, 1_500, 0), ticket(2, 1_550, 90), ticket(3, 1_700, 90), ticket(4, 2_500, 0)] {
        maker.join(ticket).expect("every test ticket is good");
    }
    let position = maker.position(SessionId(1), 90).expect("session 1 has a ticket");
    assert_eq!((position.waiting, position.wanted, position.window), (2, 3, 250), "itself and session 2");
}

/// Terms of a mode for ten thousand whose windows reach everyone.
fn throng(players_min: usize, players_max: usize) -> Terms {
    let window = RatingWindow { start: 20_000, per_s: 0, max: 20_000 };
    Terms { window, ..terms(players_min, players_max, FillRule::Nobody) }
}

#[test]
fn ten_thousand_go_into_one_lobby() {
    // Ratings from 0 to 11,999, and none twice near each other.
    let rating = |session: u64| i32::try_from(session * 7_919 % 12_000).expect("a small number");
    let tickets: Vec<_> = (1..=10_000).map(|session| ticket(session, rating(session), 0)).collect();
    let (maker, formed) = run(throng(10_000, 10_000), &tickets[..9_999], 5);
    assert!(formed.is_empty(), "without the last of them nobody goes");
    let mut maker = maker;
    assert_eq!(maker.position(SessionId(7), 6).map(|position| position.waiting), Some(9_999), "each sees how many");
    maker.join(ticket(10_000, 1_500, 6)).expect("the last is welcome");
    let formed = maker.form(6);
    assert_eq!(formed.len(), 1, "with the last, one lobby goes");
    assert_eq!(sessions(&formed[0]), (1..=10_000).collect::<Vec<_>>(), "with all of them, the longest waiting first");
    assert!(maker.is_empty(), "nobody is left");
}

#[test]
fn ten_thousand_who_come_one_by_one_are_gathered() {
    let tickets: Vec<_> = (1..=10_000).map(|session| ticket(session, 1_500, session / 200)).collect();
    let (maker, formed) = run(throng(2, 12_000), &tickets, 110);
    let went: Vec<_> = formed.iter().map(|(tick, lobby)| (*tick, lobby.members.len())).collect();
    assert_eq!(went, [(110, 10_000)], "sixty ticks after the last newcomer they go together");
    assert!(maker.is_empty(), "nobody is left");
}

fn searched_in_vain() -> Terms {
    let window = RatingWindow { start: 0, per_s: 30, max: 3_000 };
    Terms { window, wait_ticks: 100_000, ..terms(100, 100, FillRule::Nobody) }
}

/// The old accept each other at last, but stand among ten times as many newcomers who accept nobody yet: each search passes
/// thousands in vain.
fn join_in_vain(maker: &mut Matchmaker) {
    let rating = |session: u64| i32::try_from(session * 7_919 % 6_007).expect("a small number");
    for session in 0..100 {
        maker.join(ticket(session, rating(session), 0)).expect("there is room");
    }
    for session in 100..6_000 {
        maker.join(ticket(session, rating(session), 5_000)).expect("there is room");
    }
}

#[test]
fn a_crowd_too_large_to_look_at_in_one_tick_is_looked_at_in_several() {
    let terms = searched_in_vain();
    let mut maker = Matchmaker::with_terms([terms]);
    join_in_vain(&mut maker);
    let mut formed = Vec::new();
    for tick in 5_000..5_200 {
        formed.extend(maker.form(tick).into_iter().map(|lobby| (tick, lobby)));
    }
    for (tick, lobby) in &formed {
        assert_eq!(lobby.members.len(), 100, "every lobby is full");
        let all_meet = lobby.members.iter().all(|one| lobby.members.iter().all(|other| terms.meet(one, other, *tick)));
        assert!(all_meet, "and made of those who accept each other");
    }
    assert!(!formed.is_empty(), "somebody goes within seven seconds");
}

#[test]
fn modes_share_what_may_be_looked_at_in_one_tick() {
    let mut maker = Matchmaker::with_terms([searched_in_vain(), terms(2, 2, FillRule::Nobody)]);
    join_in_vain(&mut maker);
    for session in [6_000, 6_001] {
        let pair = Ticket { mode: Id::new(1), ..ticket(session, 1_500, 5_000) };
        maker.join(pair).expect("there is room");
    }
    let pairs = |lobbies: &[Lobby]| lobbies.iter().filter(|lobby| lobby.mode == Id::new(1)).count();
    assert_eq!(pairs(&maker.form(5_000)), 0, "the crowd is first, and leaves nothing to look at");
    assert_eq!(pairs(&maker.form(5_001)), 1, "in the next tick the pair is first");
}

fn crowds() -> impl Strategy<Value = Vec<Ticket>> {
    prop::collection::vec((1_000_i32..2_400, 0_u64..900), 1..60).prop_map(|people| {
        (1..).zip(people).map(|(session, (rating, joined_tick))| ticket(session, rating, joined_tick)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn everyone_plays_once_within_reach(crowd in crowds(), max in 2_usize..12) {
        let terms = terms(2.max(max / 2), max, FillRule::Autopilot);
        // The last joins by tick 900, waits at most 300, and a lobby may not be poached for it: 1,300 is the end.
        let (maker, formed) = run(terms, &crowd, 1_300);
        prop_assert!(maker.is_empty(), "{} starve", maker.len());
        let mut seen = BTreeSet::new();
        for (tick, lobby) in &formed {
            prop_assert!(lobby.members.len() + lobby.filled >= terms.players_min, "too few: {lobby:?}");
            prop_assert!(lobby.members.len() + lobby.filled <= terms.players_max, "too many: {lobby:?}");
            prop_assert!(lobby.members.is_sorted_by_key(|member| member.joined_tick), "oldest first: {lobby:?}");
            for member in &lobby.members {
                prop_assert!(seen.insert(member.who), "{} plays twice", member.who);
                prop_assert!(tick - member.joined_tick <= terms.wait_ticks, "{} waited too long", member.who);
                for other in &lobby.members {
                    prop_assert!(terms.meet(member, other, *tick), "{member:?} and {other:?} may not meet at {tick}");
                }
            }
        }
        let again = run(terms, &crowd, 1_300).1;
        prop_assert_eq!(formed, again, "the same crowd makes the same lobbies");
    }
}

#[test]
fn who_comes_back_has_its_place_again() {
    let mut maker = Matchmaker::with_terms([terms(2, 2, FillRule::Nobody)]);
    let [first, second, third] = [ticket(1, 1_500, 0), ticket(2, 1_500, 0), ticket(3, 1_500, 5)];
    [first, second].into_iter().for_each(|ticket| maker.join(ticket).expect("there is room"));
    assert_eq!(sessions(&maker.form(1)[0]), [1, 2], "they go together");
    maker.join(third).expect("there is room");
    maker.join(second).expect("its lobby came to nothing");
    maker.join(ticket(4, 1_500, 7)).expect("there is room");
    assert_eq!(sessions(&maker.form(7)[0]), [2, 3], "before those who came after it");
}
