//! Players enter an open shard with what they have, and every wrong turn on the way: nothing is lost, and nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::{Entity, IntoScheduleConfigs, Local, MessageReader, Query, Res, ResMut, Resource, World};
use hypogeum_content::{Content, ContentPack};
use hypogeum_hosting::{Entrance, HostedShard, HostingSystems, Opening};
use hypogeum_protocol::link::RequestId;
use hypogeum_protocol::{
    AccountId, CharacterSheet, ClientMessage, ConnectionId, ErrorCode, Grant, ItemId, MatchId, Outcome, Seat,
    ServerMessage, ShardId, StashedItem, codec,
};
use hypogeum_sessions::{About, MessageReceived};
use hypogeum_shard::host::HostSystems;
use hypogeum_shard::{
    CommandBody, Inbox, LineupSeat, Occupants, ResourceState, SetupError, Shard, ShardApp, ShardBrief, ShardConfig,
    ShardKind, ShardSchedule, ShardSystems,
};
use serde::{Deserialize, Serialize};

use crate::test_host::{Fault, TestHost};

/// A square in which nothing happens: everyone leaves with what they brought, and with a gem that is found there. A character's
/// body has one byte more each time.
pub(crate) struct Square;

/// Who is there, and who has left in the last step.
#[derive(Resource, Clone, Default, Serialize, Deserialize)]
struct People {
    here: BTreeMap<Seat, LineupSeat>,
    left: BTreeMap<Seat, LineupSeat>,
    square: u64,
}

impl ResourceState for People {
    const NAME: &'static str = "people";
}

fn follow(inbox: Res<Inbox>, mut people: ResMut<People>) {
    if !people.left.is_empty() {
        people.left.clear();
    }
    for command in &inbox.0 {
        match &command.body {
            CommandBody::Join { brings, .. } => {
                people.here.insert(command.seat, (**brings).clone());
            }
            CommandBody::Leave => {
                let Some(gone) = people.here.remove(&command.seat) else { continue };
                people.left.insert(command.seat, gone);
            }
            _ => {}
        }
    }
}

impl ShardKind for Square {
    const NAME: &'static str = "square";
    const IS_OPEN: bool = true;
    type Setup = ShardId;

    fn build(config: ShardConfig, id: &ShardId) -> Result<Shard, SetupError> {
        Ok(Shard::new(config, |app| {
            app.register_occupants();
            app.insert_resource(People { square: id.0, ..People::default() }).register_resource_state::<People>();
            app.add_systems(ShardSchedule, follow.in_set(ShardSystems::Apply));
        }))
    }

    fn content(_: &ShardId, content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack_of_items())
    }

    fn brief(_: &ShardId) -> ShardBrief {
        ShardBrief { title: Self::NAME.to_owned(), seats: Vec::new() }
    }

    fn visit_grant(world: &World, seat: Seat) -> Option<Grant> {
        let people = world.resource::<People>();
        let gone = people.left.get(&seat)?;
        let found = ItemId { origin: people.square, serial: u32::from(seat.0) + 1 };
        let found = StashedItem::new(found, "gem");
        let items_secured = gone.items.iter().cloned().chain([found]).collect();
        let grown = |sheet: &CharacterSheet| CharacterSheet {
            place: Self::NAME.to_owned(),
            body: [&sheet.body[..], &[1]].concat(),
            ..*sheet
        };
        let character = gone.character.as_ref().map(grown);
        let account = gone.occupant.account()?;
        Some(Grant { account, items_secured, character, ..Grant::nothing(Outcome::Extracted) })
    }
}

/// Opens the square, and lets each session in once, with all it has.
pub(crate) struct Gate;

impl Plugin for Gate {
    fn build(&self, app: &mut App) {
        let between = (open, let_in).chain().in_set(HostSystems::Route);
        app.add_systems(FixedUpdate, between.after(HostingSystems::RouteCommands).before(HostingSystems::Answer));
    }
}

fn open(shards: Query<&HostedShard>, mut opening: Opening) {
    if shards.is_empty() {
        opening.open(Square::NAME, None, |id| codec::encode(&id));
    }
}

fn let_in(mut entrance: Entrance, mut once: Local<BTreeSet<Entity>>) {
    let Some(square) = entrance.find(Square::NAME) else { return };
    for idle in entrance.idle_sessions() {
        if entrance.character(idle.session).is_some() && once.insert(idle.session) {
            assert!(
                entrance.enter_as_character(idle.session, square, Vec::new(), About::NOTHING),
                "who is idle may enter"
            );
            assert!(
                !entrance.enter_as_character(idle.session, square, Vec::new(), About::NOTHING),
                "and once at a time"
            );
        } else if once.insert(idle.session) {
            assert!(
                !entrance.enter_as_character(idle.session, square, Vec::new(), About::NOTHING),
                "nobody enters as nobody"
            );
            let all: Vec<ItemId> = entrance.stash(idle.session).iter().map(|item| item.id).collect();
            let enters = entrance.enter(idle.session, square, &all);
            assert!(enters, "who is idle may enter");
            assert!(!entrance.enter(idle.session, square, &all), "and once at a time");
        }
    }
}

/// Opens the square, and lets in as their character whoever asks for that.
struct AskedGate;

impl Plugin for AskedGate {
    fn build(&self, app: &mut App) {
        let between = (open, let_in_who_asks).chain().in_set(HostSystems::Route);
        app.add_systems(FixedUpdate, between.after(HostingSystems::RouteCommands).before(HostingSystems::Answer));
    }
}

fn let_in_who_asks(mut messages: MessageReader<MessageReceived>, mut entrance: Entrance) {
    let Some(square) = entrance.find(Square::NAME) else { return };
    for MessageReceived { session, about, message } in messages.read() {
        if matches!(message, ClientMessage::EnterWorld { .. }) {
            let enters = entrance.enter_as_character(*session, square, Vec::new(), *about);
            assert!(enters, "who is idle may enter");
        }
    }
}

fn host() -> TestHost {
    let mut host = TestHost::with_open_kind::<Square, _>(Gate);
    host.steps(2);
    host
}

/// Who is in the square.
fn inside(host: &TestHost) -> Vec<(AccountId, usize)> {
    let brought = |seat: &LineupSeat| (seat.occupant.account().expect("players alone"), seat.items.len());
    let squares = host.shards().map(|shard| shard.world().resource::<Occupants>());
    squares.flat_map(Occupants::iter).map(|(_, seat)| brought(seat)).collect()
}

fn refused(host: &mut TestHost, connection: ConnectionId) -> ErrorCode {
    host.hear(connection, "why not", |message| match message {
        ServerMessage::Error { code, .. } => Some(*code),
        _ => None,
    })
}

#[test]
fn what_is_brought_is_out_of_the_stash_until_its_owner_leaves() {
    let mut host = host();
    let ada = host.enter(1);
    let old = host.hear(ada, "what stays", |message| match message {
        ServerMessage::LoadoutRefused { items } => Some(items.clone()),
        _ => None,
    });
    assert_eq!(old.len(), 1, "the square does not know the old thing");
    host.until("she is in", |host| inside(host) == [(AccountId(1), 2)]);
    assert_eq!(
        host.store.profile(1).stash.iter().map(|item| item.id).collect::<Vec<_>>(),
        old,
        "it stays in her stash"
    );
    host.send(ada, &ClientMessage::LeaveMatch);
    let report = host.hear(ada, "her report", |message| match message {
        ServerMessage::Settled { report, .. } => Some(report.clone()),
        _ => None,
    });
    assert_eq!(report.items_secured, 3, "what she brought, and what she found");
    assert_eq!(host.store.profile(1).stash.len(), 4, "all of it is hers");
    assert!(inside(&host).is_empty(), "and nobody is in");
}

#[test]
fn a_store_that_cannot_check_out_lets_nobody_in_and_keeps_nothing() {
    let mut host = host();
    host.store.faults.insert(Fault::Escrow);
    let ada = host.enter(1);
    assert_eq!(refused(&mut host, ada), ErrorCode::Unavailable, "she is told");
    host.steps(5);
    assert!(inside(&host).is_empty(), "nobody is in");
    assert_eq!(host.store.profile(1).stash.len(), 3, "she has what she had");
    host.send(ada, &ClientMessage::JoinQueue { mode: "duel".into() });
    host.hear(ada, "a place in line", |message| matches!(message, ServerMessage::Queued { .. }).then_some(()));
}

#[test]
fn who_goes_while_it_is_checked_out_has_it_back() {
    let mut host = host();
    let ada = host.enter(1);
    host.store.silent = true;
    host.steps(3);
    host.lose(ada);
    host.steps(2);
    host.store.silent = false;
    host.until("it is undone", |host| host.store.abandoned() == 1);
    host.steps(2);
    assert!(inside(&host).is_empty(), "nobody is in");
    assert_eq!(host.store.profile(1).stash.len(), 3, "she has what she had");
    // She comes again, and finds nothing in her way.
    host.enter(1);
    host.until("she is in", |host| inside(host) == [(AccountId(1), 2)]);
}

#[test]
fn what_cannot_be_undone_now_is_undone_once_the_store_is_back() {
    let mut host = host();
    let ada = host.enter(1);
    host.store.silent = true;
    host.steps(3);
    host.lose(ada);
    host.store.faults.insert(Fault::Abandon);
    host.store.silent = false;
    host.steps(60);
    assert_eq!(
        (host.store.abandoned(), host.store.profile(1).stash.len()),
        (0, 1),
        "it is held for a visit that is none"
    );
    host.store.faults.clear();
    host.until("it is undone", |host| host.store.abandoned() == 1);
    assert_eq!(host.store.profile(1).stash.len(), 3, "she has what she had");
}

#[test]
fn a_server_that_ends_turns_away_who_is_about_to_enter() {
    let mut host = host();
    host.enter(1);
    host.store.silent = true;
    host.steps(3);
    host.drain.begin();
    host.steps(3);
    assert!(!host.drain.is_done(), "the store owes an answer");
    host.store.silent = false;
    host.until("the end", |host| host.drain.is_done());
    assert_eq!((host.store.abandoned(), host.store.profile(1).stash.len()), (1, 3), "it is back in the stash");
}

/// The bodies of characters in the square, as they came.
fn bodies(host: &TestHost) -> Vec<Vec<u8>> {
    let people = host.shards().flat_map(|shard| shard.world().resource::<People>().here.values());
    people.filter_map(|seat| Some(seat.character.as_ref()?.body.clone())).collect()
}

#[test]
fn a_character_enters_with_what_it_carries_and_leaves_as_it_is() {
    let mut host = host();
    host.store.add_character(1, 7, 0..1);
    let ada = host.enter_as(1, 7);
    host.until("it is in", |host| inside(host) == [(AccountId(1), 1)]);
    assert!(host.store.character(7).visit.is_some(), "the square holds it");
    assert_eq!(host.store.profile(1).stash.len(), 2, "what is in the stash stays there");
    host.send(ada, &ClientMessage::LeaveMatch);
    host.hear(ada, "a report", |message| matches!(message, ServerMessage::Settled { .. }).then_some(()));
    let shade = host.store.character(7);
    assert_eq!((shade.sheet.place.as_str(), &shade.sheet.body[..]), ("square", &[1][..]), "it is there, and has grown");
    assert_eq!((shade.visit, shade.carries.len()), (None, 2), "and carries what it found, too");
    assert_eq!(host.store.profile(1).stash.len(), 2, "of which nothing is in the stash");

    host.leave(ada);
    host.steps(3);
    host.enter_as(1, 7);
    host.until("it is in again", |host| inside(host) == [(AccountId(1), 2)]);
    assert_eq!(bodies(&host), [vec![1]], "as it left");
    let occupants = host.shards().flat_map(|shard| shard.world().resource::<Occupants>().iter());
    let kept: Vec<usize> = occupants.filter_map(|(_, seat)| Some(seat.character.as_ref()?.body.len())).collect();
    assert_eq!(kept, [0], "its body is the kind's to keep");
}

#[test]
fn a_character_that_carries_what_the_shard_does_not_know_stays_where_it_is() {
    let mut host = host();
    host.store.add_character(1, 7, 1..3);
    let ada = host.enter_as(1, 7);
    assert_eq!(refused(&mut host, ada), ErrorCode::Unavailable, "its player is told");
    host.until("it is undone", |host| host.store.abandoned() == 1);
    assert!(inside(&host).is_empty(), "nobody is in");
    let shade = host.store.character(7);
    assert_eq!((shade.visit, shade.carries.len()), (None, 2), "it carries what it carried");
}

#[test]
fn a_character_that_another_shard_holds_stays_there() {
    let mut host = host();
    host.store.add_character(1, 7, 0..1);
    host.store.character(7).visit = Some(MatchId(3));
    let ada = host.enter_as(1, 7);
    assert_eq!(refused(&mut host, ada), ErrorCode::Unavailable, "its player is told");
    host.steps(5);
    assert!(inside(&host).is_empty(), "nobody is in");
    assert_eq!((host.store.abandoned(), host.store.character(7).visit), (0, Some(MatchId(3))), "and nothing is undone");
}

#[test]
fn who_does_not_get_in_after_all_is_told_so_by_what_it_has_asked() {
    let enter = ClientMessage::EnterWorld { wish: String::new() };
    let mut host = TestHost::with_open_kind::<Square, _>(AskedGate);
    host.steps(2);
    host.store.add_character(1, 7, 0..1);
    let ada = host.enter_as(1, 7);
    host.store.faults.insert(Fault::Escrow);
    host.ask(ada, &enter, RequestId(41));
    let undone = |message: &ServerMessage| match message {
        ServerMessage::Error { code, about, .. } => Some((*code, *about)),
        _ => None,
    };
    let told = host.hear(ada, "why not", undone);
    assert_eq!(told, (ErrorCode::Unavailable, 255), "what is undone is undone by no message");
    assert_eq!(answered(&host, ada), [RequestId(41)], "but it answers the request, once");

    // Asked again, it is cut off, and comes by another connection, which has asked nothing.
    host.store.silent = true;
    host.ask(ada, &enter, RequestId(42));
    host.steps(3);
    host.lose(ada);
    host.steps(2);
    let back = host.enter_as(1, 7);
    host.store.silent = false;
    assert_eq!(host.hear(back, "why not", undone), (ErrorCode::Unavailable, 255), "it is told so there");
    assert!(answered(&host, back).is_empty(), "which answers nothing");
    assert_eq!(answered(&host, ada), [RequestId(41)], "nor does anything else");

    host.store.faults.clear();
    host.ask(back, &enter, RequestId(43));
    host.until("it is in", |host| inside(host) == [(AccountId(1), 1)]);
}

/// Requests of a connection that were answered.
fn answered(host: &TestHost, connection: ConnectionId) -> Vec<RequestId> {
    host.answers(connection).iter().copied().flatten().collect()
}

#[test]
fn a_character_whose_player_goes_while_it_is_checked_out_is_back_where_it_was() {
    let mut host = host();
    host.store.add_character(1, 7, 0..1);
    let ada = host.enter_as(1, 7);
    host.store.silent = true;
    host.steps(3);
    host.lose(ada);
    host.steps(2);
    host.store.silent = false;
    host.until("it is undone", |host| host.store.abandoned() == 1);
    host.steps(2);
    let shade = host.store.character(7);
    assert_eq!((shade.visit, shade.carries.len()), (None, 1), "it carries what it carried");
    host.enter_as(1, 7);
    host.until("it is in", |host| inside(host) == [(AccountId(1), 1)]);
}
