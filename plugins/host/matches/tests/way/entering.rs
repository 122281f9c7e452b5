//! Players enter an open shard with what they have, and every wrong turn on the way: nothing is lost, and nothing is there twice.

use std::collections::{BTreeMap, BTreeSet};

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::{Entity, IntoScheduleConfigs, Local, Query, Res, ResMut, Resource, World};
use hypogeum_content::{Content, ContentPack};
use hypogeum_hosting::{Entrance, HostedShard, HostingSystems, Opening};
use hypogeum_protocol::{
    AccountId, ClientMessage, ConnectionId, ErrorCode, Grant, ItemId, Outcome, Seat, ServerMessage, ShardId,
    StashedItem, codec,
};
use hypogeum_shard::host::HostSystems;
use hypogeum_shard::{
    CommandBody, Inbox, LineupSeat, Occupants, ResourceState, SetupError, Shard, ShardApp, ShardBrief, ShardConfig,
    ShardKind, ShardSchedule, ShardSystems,
};
use serde::{Deserialize, Serialize};

use crate::test_host::{Fault, TestHost};

/// A square in which nothing happens: everyone leaves with what they brought, and with a gem that is found there.
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
        let brought = gone.items.iter().map(|(id, template)| StashedItem { id: *id, template: template.clone() });
        let found = ItemId { origin: people.square, serial: u32::from(seat.0) + 1 };
        let found = StashedItem { id: found, template: "gem".to_owned() };
        let items_secured = brought.chain([found]).collect();
        Some(Grant { account: gone.occupant.account()?, items_secured, ..Grant::nothing(Outcome::Extracted) })
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
        if once.insert(idle.session) {
            let all: Vec<ItemId> = entrance.stash(idle.session).iter().map(|item| item.id).collect();
            let enters = entrance.enter(idle.session, square, &all);
            assert!(enters, "who is idle may enter");
            assert!(!entrance.enter(idle.session, square, &all), "and once at a time");
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
