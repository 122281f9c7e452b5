//! Those who befriend, meet in a party, talk in it and play together: over HTTP and over real sockets, as players do.

mod tickets;
mod trio;

use std::path::Path;

use hypogeum_client::{Api, Change, FriendState, FriendWhereabouts, Login};
use hypogeum_protocol::{AccountId, ChatChannel, ErrorCode, PartyAct, PartyInfo, QueueRefusal, Whereabouts};
use hypogeum_testkit::{Player, TestServer};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

/// Somebody at both doors.
struct Person {
    api: Api,
    login: Login,
    player: Player,
}

impl Person {
    fn new(server: &TestServer, name: &str) -> Self {
        let player = Player::guest(&server.url, name);
        let api = Api::new(&server.url).expect("a URL");
        let login = api.guest(name).expect("guests are taken");
        Self { api, login, player }
    }

    fn account(&self) -> AccountId {
        self.player.view().session.as_ref().expect("welcomed").account
    }

    /// Waits for something that it is told.
    fn told<T>(&mut self, what: &str, mut wanted: impl FnMut(Change) -> Option<T>) -> T {
        let mut found = None;
        self.player.until(what, |player| {
            found = player.take_seen().into_iter().find_map(&mut wanted);
            found.is_some()
        });
        found.expect("it was waited for")
    }

    /// Waits until its party is as wanted.
    fn party(&mut self, what: &str, is_so: impl Fn(&PartyInfo) -> bool) -> PartyInfo {
        self.told(what, |change| match change {
            Change::PartyChanged(Some(party)) if is_so(&party) => Some(party),
            _ => None,
        })
    }

    /// Invites somebody, who comes into its party.
    fn takes_along(&mut self, other: &mut Self, name: &str) -> PartyInfo {
        self.party_act(PartyAct::Invite { name: name.to_owned() });
        let party = other.told("the invitation", |change| match change {
            Change::PartyInvited { party, .. } => Some(party),
            _ => None,
        });
        other.party_act(PartyAct::Accept { party });
        let account = other.account();
        let shown = self.party("one more in it", |party| party.members.iter().any(|it| it.account == account));
        assert_eq!(shown.party, party, "it is the party of who has invited");
        shown
    }

    /// Says something at once: it may not be heard from for a while.
    fn party_act(&mut self, act: PartyAct) {
        self.player.client().party(act);
        self.player.frame();
    }
}

fn start(data: &Path) -> TestServer {
    let settings = [("HYPOGEUM_AUTH__GUESTS", "loopback")];
    TestServer::start(BINARY, data, &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

/// Makes two friends.
fn befriend(one: &mut Person, other: &mut Person, name: &str) {
    let asked = one.api.befriend(&one.login, name).expect("it can be asked");
    assert_eq!(asked.state, FriendState::Sent, "it waits for an answer");
    let from = other.told("the request", |change| match change {
        Change::FriendRequested { account, .. } => Some(account),
        _ => None,
    });
    assert_eq!(from, one.account(), "of who has asked");
    other.api.accept_friend(&other.login, from).expect("it can be taken");
    let accepted = one.told("the answer", |change| match change {
        Change::FriendAccepted { account, .. } => Some(account),
        _ => None,
    });
    assert_eq!(accepted, other.account(), "of who was asked");
}

#[test]
fn two_befriend_meet_in_a_party_and_talk_in_it() {
    let data = tempfile::tempdir().expect("a folder");
    let server = start(data.path());
    let (mut ada, mut bob) = (Person::new(&server, "Ada"), Person::new(&server, "Bob"));
    befriend(&mut ada, &mut bob, "Bob");
    let friends = ada.api.friends(&ada.login, None).expect("they are listed").friends;
    assert_eq!(friends.len(), 1, "one friend: {friends:?}");
    assert_ne!(friends[0].presence, FriendWhereabouts::Offline, "who is here");

    ada.party_act(PartyAct::Invite { name: "bob".to_owned() });
    let party = bob.told("the invitation", |change| match change {
        Change::PartyInvited { party, from, .. } if from == "Ada" => Some(party),
        _ => None,
    });
    bob.party_act(PartyAct::Accept { party });
    let shown = ada.party("both in it", |party| party.members.len() == 2);
    assert_eq!((shown.party, shown.leader), (party, ada.account()), "who has invited leads");
    ada.party_act(PartyAct::Label { label: "storms".to_owned() });
    bob.party("the label", |party| party.label == "storms");

    bob.player.client().chat(ChatChannel::Party, "shall we?");
    bob.player.frame();
    let line = ada.told("the words", |change| match change {
        Change::Chat(line) if line.channel == ChatChannel::Party => Some(line),
        _ => None,
    });
    assert_eq!((line.from.as_str(), line.words.as_str()), ("Bob", "shall we?"), "as they were said");

    ada.party_act(PartyAct::Leave);
    let left = bob.party("who is left", |party| party.members.len() == 1);
    assert_eq!(left.leader, bob.account(), "leads");
    ada.told("no party", |change| matches!(change, Change::PartyChanged(None)).then_some(()));
}

#[test]
fn who_is_blocked_is_no_friend_and_its_invitations_do_not_come() {
    let data = tempfile::tempdir().expect("a folder");
    let server = start(data.path());
    let (mut ada, mut bob) = (Person::new(&server, "Ada"), Person::new(&server, "Bob"));
    befriend(&mut ada, &mut bob, "Bob");
    bob.api.block(&bob.login, "Ada").expect("she can be blocked");
    let account = bob.account();
    ada.told("that he is away", |change| match change {
        Change::FriendsPresent(friends) => {
            let is_away = |friend: &&hypogeum_protocol::FriendPresence| {
                friend.account == account && friend.whereabouts == Whereabouts::Offline
            };
            friends.iter().find(is_away).map(drop)
        }
        _ => None,
    });
    ada.party_act(PartyAct::Invite { name: "Bob".to_owned() });
    let shown = ada.party("an invitation as any other", |party| party.invited == ["Bob"]);
    // A party that he may not know is as one that is not: he was not told.
    bob.party_act(PartyAct::Accept { party: shown.party });
    let refused = bob.told("the refusal", |change| match change {
        Change::PartyInvited { .. } => panic!("nobody tells him"),
        Change::Refused(refusal) => Some(refusal.code),
        _ => None,
    });
    assert_eq!(refused, ErrorCode::NoSuchEntity, "there is no invitation");
}

#[test]
fn a_party_of_two_is_queued_by_its_leader_and_plays_in_one_match() {
    let data = tempfile::tempdir().expect("a folder");
    let server = start(data.path());
    let (mut ada, mut bob) = (Person::new(&server, "Ada"), Person::new(&server, "Bob"));
    befriend(&mut ada, &mut bob, "Bob");
    ada.takes_along(&mut bob, "Bob");
    bob.player.queue("skirmish");
    let why = bob.told("who queues", |change| match change {
        Change::QueueRefused { why, .. } => Some(why),
        _ => None,
    });
    assert_eq!(why, QueueRefusal::NotLeader { leader: ada.account() }, "its leader does");
    ada.player.queue("skirmish");
    ada.player.until("a match of both", |ada| {
        bob.player.frame();
        ada.view().current.is_some() && bob.player.view().current.is_some()
    });
    let [one, other] = [&ada, &bob].map(|person| person.player.view().current.as_ref().expect("it plays").id);
    assert_eq!(one, other, "they play in one match");
}

#[test]
fn who_is_here_is_told_of_a_message_and_who_was_away_finds_it() {
    let data = tempfile::tempdir().expect("a folder");
    let server = start(data.path());
    let mut ada = Person::new(&server, "Ada");
    let bob = ada.api.guest("Bob").expect("guests are taken");
    let texts = [("en", "Maintenance at noon"), ("de", "Wartung um zwölf")];
    for name in ["Ada", "Bob"] {
        ada.api.send_message(name, "noon", &texts).expect("this machine may send");
    }
    let unread = ada.told("that there is a message", |change| match change {
        Change::InboxChanged { unread } => Some(unread),
        _ => None,
    });
    assert_eq!(unread, 1, "one that is not read");
    for (login, locale, text) in [(&ada.login, "en", "Maintenance at noon"), (&bob, "de", "Wartung um zwölf")] {
        let inbox = ada.api.inbox(login, locale, None).expect("it is read");
        let found: Vec<(&str, bool)> =
            inbox.messages.iter().map(|found| (found.text.as_str(), found.is_read)).collect();
        assert_eq!((found, inbox.unread), (vec![(text, false)], 1), "once, in {locale}");
        let id = inbox.messages[0].id;
        assert_eq!(ada.api.read_message(login, id), Ok(0), "it is marked");
        assert_eq!(ada.api.delete_message(login, id), Ok(0), "and deleted");
    }
}
