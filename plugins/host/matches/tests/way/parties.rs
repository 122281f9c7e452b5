//! Parties in line: one ticket for all, one match, and one answer to each when it ends.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_app::{App, Plugin};
use hypogeum_protocol::{
    AccountId, ClientMessage, ConnectionId, ErrorCode, GameEvent, MatchId, QueueRefusal, ServerMessage,
};
use hypogeum_social::{Blocks, Parties, Party, PartyLookup};
use parking_lot::Mutex;

use crate::test_host::{Fault, TestHost};

/// Parties as a test has them: by their leaders.
#[derive(Clone, Default)]
struct TestParties(Arc<Mutex<(u64, BTreeMap<u64, Vec<u64>>)>>);

impl TestParties {
    /// From now on these are a party, and the first leads it.
    fn set(&self, members: &[u64]) {
        let mut book = self.0.lock();
        book.0 += 1;
        if let [leader, ..] = members {
            book.1.insert(*leader, members.to_vec());
        }
    }

    fn end(&self, leader: u64) {
        let mut book = self.0.lock();
        book.0 += 1;
        book.1.remove(&leader);
    }
}

impl Parties for TestParties {
    fn party_of(&self, account: AccountId) -> Option<Party> {
        let book = self.0.lock();
        let (leader, members) = book.1.iter().find(|(_, members)| members.contains(&account.0))?;
        let members = members.iter().copied().map(AccountId).collect();
        Some(Party { id: *leader, leader: AccountId(*leader), members })
    }

    fn revision(&self) -> u64 {
        self.0.lock().0
    }
}

/// Keeps those parties, and who is blocked by whom.
struct Together(TestParties, Vec<(u64, u64)>);

impl Plugin for Together {
    fn build(&self, app: &mut App) {
        let mut blocks = Blocks::default();
        self.1.iter().for_each(|(one, other)| blocks.set(AccountId(*one), AccountId(*other), true));
        app.insert_resource(PartyLookup(Box::new(self.0.clone()))).insert_resource(blocks);
    }
}

fn host(parties: &TestParties, blocks: &[(u64, u64)]) -> TestHost {
    TestHost::with_plugin(Together(parties.clone(), blocks.to_vec()))
}

fn enter(host: &mut TestHost, accounts: impl IntoIterator<Item = u64>) -> Vec<ConnectionId> {
    accounts.into_iter().map(|account| host.enter(account)).collect()
}

fn queued(host: &mut TestHost, connection: ConnectionId) -> (u16, u16) {
    host.hear(connection, "a place in line", |message| match message {
        ServerMessage::Queued { waiting, wanted, .. } => Some((*waiting, *wanted)),
        _ => None,
    })
}

fn refused(host: &mut TestHost, connection: ConnectionId) -> QueueRefusal {
    host.hear(connection, "why its party does not queue", |message| match message {
        ServerMessage::QueueRefused { why, .. } => Some(*why),
        _ => None,
    })
}

fn opened(host: &mut TestHost, connection: ConnectionId) -> MatchId {
    host.hear(connection, "an open loadout", |message| match message {
        ServerMessage::LoadoutOpen { match_id, .. } => Some(*match_id),
        _ => None,
    })
}

/// How often a connection was told that it waits no longer, in the next ticks.
fn ends(host: &mut TestHost, connection: ConnectionId) -> usize {
    host.steps(5);
    host.take(connection).iter().filter(|message| **message == ServerMessage::Unqueued).count()
}

#[test]
fn two_parties_meet_and_each_is_in_one_match() {
    let parties = TestParties::default();
    parties.set(&[1, 2]);
    parties.set(&[3, 4]);
    let mut host = host(&parties, &[]);
    let all = enter(&mut host, 1..=4);
    host.queue(all[0], "teams");
    for member in &all[..2] {
        assert_eq!(queued(&mut host, *member), (2, 4), "two of four wait, whoever of them asked");
    }
    host.queue(all[2], "teams");
    let matches: Vec<MatchId> = all.iter().map(|member| opened(&mut host, *member)).collect();
    assert!(matches.iter().all(|found| *found == matches[0]), "all four play together: {matches:?}");
    for member in all {
        host.started(member);
    }
}

#[test]
fn a_party_that_cannot_queue_hears_why_and_nobody_of_it_waits() {
    let parties = TestParties::default();
    parties.set(&[1, 2, 3]);
    let mut host = host(&parties, &[]);
    let all = enter(&mut host, [1, 2]);
    host.queue(all[1], "duel");
    assert_eq!(refused(&mut host, all[1]), QueueRefusal::NotLeader { leader: AccountId(1) }, "its leader queues");
    host.queue(all[0], "duel");
    assert_eq!(refused(&mut host, all[0]), QueueRefusal::PartyTooLarge { members: 3, members_max: 2 }, "three of two");
    host.queue(all[0], "alone");
    assert_eq!(refused(&mut host, all[0]), QueueRefusal::MemberAway { account: AccountId(3) }, "who has not come");
    let third = host.enter(3);
    parties.set(&[1, 2]);
    parties.end(1);
    host.queue(third, "duel");
    queued(&mut host, third);
    parties.set(&[1, 2, 3]);
    host.queue(all[0], "alone");
    assert_eq!(refused(&mut host, all[0]), QueueRefusal::MemberBusy { account: AccountId(3) }, "who waits alone");
    host.steps(15);
    for member in all {
        let heard = host.take(member);
        assert!(!heard.iter().any(|it| matches!(it, ServerMessage::Queued { .. })), "nobody waits: {heard:?}");
    }
}

/// The team that somebody is told to play for.
fn team(host: &mut TestHost, connection: ConnectionId) -> u8 {
    host.hear(connection, "its team", |message| match message {
        ServerMessage::Events { events, .. } => events.iter().find_map(|event| match event {
            GameEvent::TeamTold { team, .. } => Some(*team),
            _ => None,
        }),
        _ => None,
    })
}

#[test]
fn a_party_shares_a_team_and_is_no_larger() {
    let parties = TestParties::default();
    // By the order of seats alone neighbours are in different teams.
    parties.set(&[2, 3]);
    let mut host = host(&parties, &[]);
    let all = enter(&mut host, 1..=4);
    for queuing in [0, 1, 3] {
        host.queue(all[queuing], "pairs");
    }
    let teams: Vec<u8> = all.iter().map(|member| team(&mut host, *member)).collect();
    assert_eq!(teams[1], teams[2], "those who came together: {teams:?}");
    assert!(teams[0] == teams[3] && teams[0] != teams[1], "and those who did not: {teams:?}");

    parties.set(&[5, 6, 7]);
    let three = enter(&mut host, 5..=7);
    host.queue(three[0], "pairs");
    let too_large = QueueRefusal::PartyTooLarge { members: 3, members_max: 2 };
    assert_eq!(refused(&mut host, three[0]), too_large, "a team has two");
}

#[test]
fn whoever_leaves_ends_it_for_all_with_one_answer_to_each() {
    let parties = TestParties::default();
    parties.set(&[1, 2, 3]);
    let mut host = host(&parties, &[]);
    let all = enter(&mut host, 1..=3);
    host.queue(all[0], "crowd");
    for member in &all {
        queued(&mut host, *member);
    }
    // Two of them at once: each is answered, and the third is told.
    host.send(all[1], &ClientMessage::LeaveQueue);
    host.send(all[0], &ClientMessage::LeaveQueue);
    host.steps(5);
    let heard: Vec<usize> = all.iter().map(|member| ends(&mut host, *member)).collect();
    assert_eq!(heard, [1, 1, 1], "one each");
    // All of them in one tick: nobody is told twice, and the same tickets serve again.
    host.queue(all[0], "crowd");
    for member in &all {
        queued(&mut host, *member);
        host.send(*member, &ClientMessage::LeaveQueue);
    }
    host.steps(5);
    host.queue(all[0], "crowd");
    for member in &all {
        queued(&mut host, *member);
    }
}

#[test]
fn a_party_that_changes_waits_no_longer() {
    let parties = TestParties::default();
    parties.set(&[1, 2, 3]);
    let mut host = host(&parties, &[]);
    let all = enter(&mut host, 1..=3);
    host.queue(all[0], "crowd");
    for member in &all {
        queued(&mut host, *member);
    }
    parties.set(&[1, 2]);
    let heard: Vec<usize> = all.iter().map(|member| ends(&mut host, *member)).collect();
    assert_eq!(heard, [1, 1, 1], "who is left, and who has gone");
}

#[test]
fn a_lost_connection_ends_it_for_the_others_at_once() {
    let parties = TestParties::default();
    parties.set(&[1, 2]);
    let mut host = host(&parties, &[]);
    let all = enter(&mut host, 1..=2);
    host.queue(all[0], "crowd");
    for member in &all {
        queued(&mut host, *member);
    }
    host.lose(all[1]);
    assert_eq!(ends(&mut host, all[0]), 1, "the leader waits no longer");
    // It comes back to no place in line, and both may queue again.
    let back = host.enter(2);
    host.queue(all[0], "crowd");
    queued(&mut host, back);
}

#[test]
fn a_party_whose_match_comes_to_nothing_queues_again_as_one() {
    let parties = TestParties::default();
    parties.set(&[1, 2]);
    let mut host = host(&parties, &[]);
    let all = enter(&mut host, 1..=2);
    host.store.faults.insert(Fault::Escrow);
    host.queue(all[0], "duel");
    for member in &all {
        opened(&mut host, *member);
    }
    for member in &all {
        let code = host.hear(*member, "an error", |message| match message {
            ServerMessage::Error { code, .. } => Some(*code),
            _ => None,
        });
        assert_eq!(code, ErrorCode::Unavailable, "each is told");
    }
    host.steps(2);
    host.store.faults.clear();
    host.queue(all[0], "duel");
    let matches: Vec<MatchId> = all.iter().map(|member| host.started(*member)).collect();
    assert_eq!(matches[0], matches[1], "nobody was left waiting or busy");
}

#[test]
fn who_blocks_each_other_is_not_matched() {
    let parties = TestParties::default();
    let mut host = host(&parties, &[(2, 1)]);
    let all = enter(&mut host, 1..=2);
    all.iter().for_each(|player| host.queue(*player, "duel"));
    host.steps(100);
    for player in &all {
        let heard = host.take(*player);
        let is_found = heard.iter().any(|message| matches!(message, ServerMessage::LoadoutOpen { .. }));
        assert!(!is_found, "one of them blocks the other");
    }
    let third = host.enter(3);
    host.queue(third, "duel");
    assert_eq!(opened(&mut host, all[0]), opened(&mut host, third), "with another the older one plays");
}

#[test]
fn who_waits_is_told_why_and_nobody_else() {
    let parties = TestParties::default();
    let mut host = host(&parties, &[]);
    let all = enter(&mut host, 1..=2);
    all.iter().for_each(|player| host.queue(*player, "crowd"));
    queued(&mut host, all[0]);
    host.send(all[0], &ClientMessage::AskQueue);
    let why = host.hear(all[0], "why it waits", |message| match message {
        ServerMessage::QueueExplained(why) => Some(why.clone()),
        _ => None,
    });
    assert_eq!((why.mode.as_str(), why.window, why.window_max), ("crowd", 1_000, 1_000), "as the mode says");
    assert_eq!((why.in_line, why.looked_at, why.fitting, why.estimate_ms), (2, 1, 1, None), "one other waits, too");
    let third = host.enter(3);
    host.send(third, &ClientMessage::AskQueue);
    assert_eq!(host.errors(third, 3), [(ErrorCode::WrongState, 19)], "who does not wait has no line");
}

#[test]
fn a_lobby_takes_in_nobody_whom_a_member_of_a_party_in_it_blocks() {
    let parties = TestParties::default();
    parties.set(&[1, 2]);
    let mut host = host(&parties, &[(2, 3)]);
    let all = enter(&mut host, 1..=4);
    host.queue(all[0], "filled");
    let lobby = opened(&mut host, all[0]);
    host.queue(all[2], "filled");
    host.queue(all[3], "filled");
    assert_eq!(opened(&mut host, all[3]), lobby, "a stranger comes to them");
    assert_ne!(opened(&mut host, all[2]), lobby, "whom the second of the party blocks does not");
}
