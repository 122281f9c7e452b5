//! What happens to parties, whatever their members do.

use super::*;

const ADA: AccountId = AccountId(1);
const BOB: AccountId = AccountId(2);
const EVE: AccountId = AccountId(3);

fn guest(account: AccountId) -> Guest {
    Guest { account, name: format!("n{}", account.0) }
}

fn invite(book: &mut Book, from: AccountId, to: AccountId) -> Result<Invited, ErrorCode> {
    book.invite((guest(from), guest(to)), false, 100 + from.0, (0, 60))
}

fn join(book: &mut Book, from: AccountId, to: AccountId) -> u64 {
    let party = invite(book, from, to).expect("invited").party;
    book.accept(to, party, 0).expect("accepted");
    party
}

#[test]
fn who_invites_leads_and_who_accepts_is_in() {
    let mut book = Book::new(8);
    let party = join(&mut book, ADA, BOB);
    let both = Some(Party { id: party, leader: ADA, members: vec![ADA, BOB] });
    assert_eq!((book.party_of(ADA), book.party_of(BOB)), (both.clone(), both), "one party for both");
    assert_eq!(invite(&mut book, BOB, EVE).map(|invited| invited.party), Ok(party), "any member invites");
    assert_eq!(invite(&mut book, ADA, EVE), Err(ErrorCode::Stale), "once");
    assert_eq!(invite(&mut book, ADA, BOB), Err(ErrorCode::WrongState), "who is in it is not invited");
    assert_eq!(invite(&mut book, ADA, ADA), Err(ErrorCode::OutOfRange), "nor is oneself");
    assert_eq!(book.decline(EVE, party, 0), Ok(()), "declined");
    assert_eq!(book.accept(EVE, party, 0), Err(ErrorCode::NoSuchEntity), "it is gone then");
    assert!(book.info(party).expect("a party").invited.is_empty(), "nobody waits");
}

#[test]
fn leadership_goes_by_age_and_the_last_one_ends_the_party() {
    let mut book = Book::new(8);
    let party = join(&mut book, ADA, BOB);
    join(&mut book, ADA, EVE);
    assert_eq!(book.promote(BOB, BOB), Err(ErrorCode::WrongState), "only the leader does");
    assert_eq!(book.promote(ADA, EVE), Ok(()), "as she does");
    assert_eq!(book.kick(ADA, BOB), Err(ErrorCode::WrongState), "she leads no longer");
    assert_eq!(book.leave(EVE), Ok(()), "the leader leaves");
    assert_eq!(book.party_of(BOB).map(|party| party.leader), Some(ADA), "the oldest leads");
    assert_eq!(book.kick(ADA, ADA), Err(ErrorCode::NoSuchEntity), "nobody kicks herself");
    assert_eq!(book.kick(ADA, BOB), Ok(()), "but another");
    assert_eq!(book.leave(ADA), Ok(()), "the last one leaves");
    assert_eq!((book.leave(ADA), book.info(party)), (Err(ErrorCode::WrongState), None), "there is none any more");
    let (changed, out) = book.take_changes();
    assert!(changed.is_empty(), "nobody is left to be told of it");
    assert_eq!(out, BTreeSet::from([ADA, BOB, EVE]), "but that they are in none");
}

#[test]
fn a_party_takes_so_many_and_a_refusal_costs_nobody_the_own_one() {
    let mut book = Book::new(2);
    let full = invite(&mut book, ADA, EVE).expect("invited").party;
    let own = join(&mut book, EVE, AccountId(9));
    join(&mut book, ADA, BOB);
    assert_eq!(book.accept(EVE, full, 0), Err(ErrorCode::Full), "somebody was faster");
    assert_eq!(book.party_of(EVE).map(|party| party.id), Some(own), "she keeps hers");
    assert_eq!(invite(&mut book, ADA, AccountId(8)), Err(ErrorCode::Full), "nobody more is invited");
}

#[test]
fn who_accepts_leaves_the_party_before() {
    let mut book = Book::new(8);
    let old = join(&mut book, EVE, BOB);
    let new = join(&mut book, ADA, BOB);
    assert_eq!(book.party_of(BOB).map(|party| party.id), Some(new), "the new one");
    assert_eq!(book.info(old).map(|party| party.members.len()), Some(1), "not the old one");
    assert!(!book.take_changes().1.contains(&BOB), "it is in one");
}

#[test]
fn a_blocked_guest_hears_nothing_and_the_host_sees_no_difference() {
    let mut book = Book::new(8);
    let invited = book.invite((guest(ADA), guest(BOB)), true, 5, (0, 60)).expect("as it seems");
    assert!(invited.is_hidden, "nobody is told");
    assert_eq!(book.info(5).expect("a party").invited, ["n2"], "it waits as any other");
    assert_eq!(book.accept(BOB, 5, 0), Err(ErrorCode::NoSuchEntity), "who was told nothing guesses nothing");
    book.expire(60);
    assert!(book.info(5).expect("a party").invited.is_empty(), "and ends as any other");
}

#[test]
fn a_block_takes_invitations_between_two_back_unnoticed() {
    let mut book = Book::new(8);
    let party = invite(&mut book, ADA, BOB).expect("invited").party;
    invite(&mut book, ADA, EVE).expect("invited");
    book.hide_between(BOB, ADA);
    assert_eq!(book.accept(BOB, party, 0), Err(ErrorCode::NoSuchEntity), "whoever blocks whom");
    assert_eq!(book.info(party).expect("a party").invited, ["n2", "n3"], "the host sees no difference");
    assert_eq!(book.accept(EVE, party, 0), Ok(()), "others are not concerned");
}

#[test]
fn invitations_of_one_person_are_bounded() {
    let mut book = Book::new(8);
    for from in 10..10 + INVITATIONS_MAX as u64 {
        assert!(invite(&mut book, AccountId(from), ADA).is_ok(), "{from} invites");
    }
    assert_eq!(invite(&mut book, BOB, ADA), Err(ErrorCode::Full), "one too many");
    assert_eq!(book.party_of(BOB), None, "and founds nothing");
    let hidden = book.invite((guest(BOB), guest(ADA)), true, 5, (0, 60));
    assert_eq!(hidden, Err(ErrorCode::Full), "whom she blocks sees no difference");
    book.expire(60);
    assert!(invite(&mut book, BOB, ADA).is_ok(), "once the others have gone");
}

#[test]
fn an_invitation_that_is_over_is_none_before_it_is_put_away() {
    let mut book = Book::new(8);
    let party = invite(&mut book, ADA, BOB).expect("invited").party;
    let refused = [book.accept(BOB, party, 60), book.decline(BOB, party, 60)];
    assert_eq!(refused, [Err(ErrorCode::NoSuchEntity); 2], "it was good up to then");
    let again = book.invite((guest(ADA), guest(BOB)), false, 9, (60, 120));
    assert_eq!(again.map(|invited| invited.party), Ok(party), "he is invited anew");
    assert_eq!(book.info(party).expect("a party").invited, ["n2"], "and stands there once");
    assert_eq!(book.accept(BOB, party, 119), Ok(()), "as long as it is good");
}

#[test]
fn who_is_away_for_good_is_out_and_whoever_has_a_place_is_not() {
    let mut book = Book::new(8);
    join(&mut book, ADA, BOB);
    join(&mut book, ADA, EVE);
    let here = |account| match account {
        ADA => Some(true),
        BOB => Some(false),
        _ => None,
    };
    book.look((100, 0), here, |_| None);
    let party = book.party_of(ADA).expect("a party");
    assert_eq!(party.members, [ADA, BOB, EVE], "all are in it");
    let shown = book.info(party.id).expect("a party").members;
    assert_eq!(shown.iter().map(|member| member.is_here).collect::<Vec<_>>(), [true, false, false], "one is here");
    book.look((200, 150), here, |_| None);
    assert_eq!(book.party_of(ADA).expect("a party").members, [ADA, BOB], "who has nothing here is out");
}
