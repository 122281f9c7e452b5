//! Connections come.

use std::collections::BTreeSet;

use bevy_ecs::prelude::{Entity, Local, World};
use hypogeum_protocol::link::{CloseReason, FromEdge, RequestId, SessionTicket};
use hypogeum_protocol::{AccountId, ConnectionId, ErrorCode, ServerMessage, SessionId, limits};

use crate::about::About;
use crate::counters::Counters;
use crate::datagrams::DatagramLane;
use crate::drain::Drain;
use crate::meter::Meter;
use crate::outbound::Outbound;
use crate::parting::part;
use crate::pending::{self, NO_ROOM_RETRY_MS, PendingConnections, ProvenConnection};
use crate::session::{
    CachedAccount, Frames, Inbound, InboundMessages, Presence, SessionBundle, SessionIndex, SessionLocale, Stage, Who,
};
use crate::steering::Steering;
use crate::store::Store;
use crate::{Edge, HostTick, SessionsConfig, messages};

/// Frames of one session that wait for later ticks: four ticks' worth. Beyond it somebody shouts.
const FRAMES_WAITING_MAX: usize = 64;
const _: () = assert!(FRAMES_WAITING_MAX >= limits::CLIENT_MESSAGES_PER_TICK_MAX, "a tick's frames find room");

/// Takes what the edges brought. The queue hands out an end before what was said on that connection, so a connection parts only
/// after that: in this tick where nothing waits, else in the next one, so that a tick's messages are still handled. What comes beyond a
/// tick's frames is lost with it, and so is what was said where the account has connected again within the very tick.
pub(crate) fn receive(world: &mut World, mut buffer: Local<Vec<FromEdge>>, mut ended: Local<Vec<ConnectionId>>) {
    messages::update(world);
    world.resource_mut::<HostTick>().0 += 1;
    for connection in ended.drain(..) {
        finish(world, connection);
    }
    let frames_max = world.resource::<SessionsConfig>().frames_per_tick_max;
    world.resource::<Edge>().0.incoming.drain_into(&mut buffer, frames_max);
    let last_words = last_words(&buffer);
    for item in buffer.drain(..) {
        match item {
            FromEdge::Opened { connection, session, ticket, hello } => {
                open(world, (connection, hello), session, ticket);
            }
            FromEdge::Frame { connection, bytes, request, .. }
                if world.resource::<PendingConnections>().knows(connection) =>
            {
                let first_is_quiet = first_of(world, connection).is_none_or(|entity| !is_live(world, entity));
                if let Some(proven) = pending::read_hello(world, connection, Inbound { bytes, request }, first_is_quiet)
                {
                    let_in(world, proven);
                }
            }
            FromEdge::Frame { connection, bytes, request, .. } => {
                keep_frame(world, connection, Inbound { bytes, request });
            }
            FromEdge::Quiet { connection, is_quiet } => mark_quiet(world, connection, is_quiet),
            FromEdge::Closed { connection, .. } if world.resource_mut::<PendingConnections>().forget(connection) => {}
            FromEdge::Closed { connection, reason } => {
                let entity = world.resource::<SessionIndex>().by_connection.get(&connection).copied();
                let Some(entity) = entity else { continue };
                if let Some(mut presence) = world.get_mut::<Presence>(entity) {
                    presence.ended = Some(reason);
                }
                let has_left_some = world.get::<Frames>(entity).is_some_and(|frames| !frames.0.is_empty());
                if has_left_some || last_words.contains(&connection) {
                    ended.push(connection);
                } else {
                    finish(world, connection);
                }
            }
        }
    }
}

/// The connections that end here and have said something before.
fn last_words(news: &[FromEdge]) -> BTreeSet<ConnectionId> {
    let closed = news.iter().filter_map(|news| match news {
        FromEdge::Closed { connection, .. } => Some(*connection),
        _ => None,
    });
    let closed: BTreeSet<ConnectionId> = closed.collect();
    if closed.is_empty() {
        return closed;
    }
    let speakers = news.iter().filter_map(|news| match news {
        FromEdge::Frame { connection, .. } => Some(*connection),
        _ => None,
    });
    speakers.filter(|speaker| closed.contains(speaker)).collect()
}

/// A connection that is gone parts, if its session has not gone on by another one already.
fn finish(world: &mut World, connection: ConnectionId) {
    let Some(&entity) = world.resource::<SessionIndex>().by_connection.get(&connection) else { return };
    let account = world.get::<Who>(entity).map(|who| who.account);
    part_ended(world, entity);
    replace_quiet_first(world, account);
}

/// Parts the connection of a session that has ended; `false` where it goes on.
fn part_ended(world: &mut World, entity: Entity) -> bool {
    let Some(reason) = world.get::<Presence>(entity).and_then(|presence| presence.ended) else { return false };
    // A player who leaves has seen the report, or does not wait for it; a broken connection says neither.
    if reason == CloseReason::ByPeer
        && let Some(account) = world.get::<Who>(entity).map(|who| who.account)
        && let Some(mut cached) = world.get_mut::<CachedAccount>(entity).map(|mut cached| std::mem::take(&mut *cached))
    {
        world.resource_mut::<Store>().acknowledge_reports(account, &mut cached);
    }
    part(world, entity, reason);
    true
}

/// The session that the account of a waiting connection has, if any.
fn first_of(world: &World, newcomer: ConnectionId) -> Option<Entity> {
    let account = world.resource::<PendingConnections>().account_of(newcomer)?;
    world.resource::<SessionIndex>().session_of(account)
}

/// Whether somebody who has said hello is on this session's connection.
fn is_taken(world: &World, entity: Entity) -> bool {
    let stage = world.get::<Stage>(entity);
    world.get::<Presence>(entity).is_some_and(|presence| {
        let has_said_hello = presence.greeted || stage == Some(&Stage::Loading);
        presence.connection.is_some() && presence.closing.is_none() && presence.ended.is_none() && has_said_hello
    })
}

/// The same, and its edge receives something from it.
fn is_live(world: &World, entity: Entity) -> bool {
    is_taken(world, entity) && world.get::<Presence>(entity).is_some_and(|presence| !presence.is_quiet)
}

fn mark_quiet(world: &mut World, connection: ConnectionId, is_quiet: bool) {
    let Some(entity) = world.resource::<SessionIndex>().by_connection.get(&connection).copied() else { return };
    if let Some(mut presence) = world.get_mut::<Presence>(entity) {
        presence.is_quiet = is_quiet;
    }
    if is_quiet {
        let account = world.get::<Who>(entity).map(|who| who.account);
        replace_quiet_first(world, account);
    }
}

/// Lets a newcomer in whose first device does not speak up any more.
fn replace_quiet_first(world: &mut World, account: Option<AccountId>) {
    if let Some(proven) = account.and_then(|account| pending::replace_quiet_first(world, account)) {
        let_in(world, proven);
    }
}

/// A newcomer has proved itself: it replaces the connection that the account had so far.
fn let_in(world: &mut World, proven: ProvenConnection) {
    let ProvenConnection { connection, newcomer, hello } = proven;
    attach(world, connection, newcomer.session, newcomer.ticket);
    keep_frame(world, connection, hello);
}

fn open(
    world: &mut World,
    (connection, hello): (ConnectionId, Option<RequestId>),
    session: SessionId,
    ticket: SessionTicket,
) {
    let draining = world.resource::<Drain>().is_begun();
    let known = world.resource::<SessionIndex>().session_of(ticket.account);
    let full = world.resource::<SessionIndex>().by_account.len() >= world.resource::<SessionsConfig>().sessions_max;
    if draining || (full && known.is_none()) {
        let mut outbound = world.resource_mut::<Outbound>();
        let code = if draining { ErrorCode::Draining } else { ErrorCode::Unavailable };
        outbound.refuse(connection, code, About { request: hello, ..About::NOTHING }, NO_ROOM_RETRY_MS);
        if draining {
            outbound.send(connection, &ServerMessage::Goodbye);
        }
        outbound.close(connection, CloseReason::TryLater);
        return;
    }
    if known.is_some_and(|entity| is_taken(world, entity)) {
        return pending::wait(world, connection, session, ticket);
    }
    attach(world, connection, session, ticket);
}

fn attach(world: &mut World, connection: ConnectionId, session: SessionId, ticket: SessionTicket) {
    let known = world.resource::<SessionIndex>().session_of(ticket.account);
    tracing::debug!(%connection, %session, account = %ticket.account, "connected");
    if let Some(entity) = known {
        take_over(world, entity);
    }
    let known = world.resource::<SessionIndex>().session_of(ticket.account);
    let entity = match known {
        Some(entity) => {
            resume(world, entity, connection, session);
            entity
        }
        None => spawn(world, connection, session, ticket),
    };
    world.resource_mut::<SessionIndex>().by_connection.insert(connection, entity);
}

/// Sends the connection away that the account had so far. A session without a seat ends with it.
fn take_over(world: &mut World, entity: Entity) {
    if part_ended(world, entity) {
        return;
    }
    let Some(connection) = world.get::<Presence>(entity).and_then(|presence| presence.connection) else { return };
    let mut outbound = world.resource_mut::<Outbound>();
    outbound.refuse(connection, ErrorCode::TakenOver, About::NOTHING, 0);
    outbound.close(connection, CloseReason::TakenOver);
    part(world, entity, CloseReason::TakenOver);
}

/// Gives a session with a seat another connection; the rest follows its hello.
fn resume(world: &mut World, entity: Entity, connection: ConnectionId, session: SessionId) {
    if let Some(mut who) = world.get_mut::<Who>(entity) {
        who.session = session;
    }
    let meter = Meter::new(world.resource::<SessionsConfig>().tick_hz);
    let tick = world.resource::<HostTick>().0;
    let fresh =
        (Presence::of(connection, tick), Frames::default(), InboundMessages::default(), meter, DatagramLane::default());
    world.entity_mut(entity).insert(fresh);
}

fn spawn(world: &mut World, connection: ConnectionId, session: SessionId, ticket: SessionTicket) -> Entity {
    let account = ticket.account;
    // A seat outlives its session: until it is given up or settled, and where its match was resumed.
    let stage = world.resource::<SessionIndex>().place_of(account).unwrap_or(Stage::Arriving);
    let meter = Meter::new(world.resource::<SessionsConfig>().tick_hz);
    let tick = world.resource::<HostTick>().0;
    let bundle = SessionBundle {
        who: Who { session, account, name: ticket.name, character: ticket.character },
        presence: Presence::of(connection, tick),
        stage,
        locale: SessionLocale::default(),
        cached: CachedAccount::default(),
        frames: Frames::default(),
        inbound: InboundMessages::default(),
        meter,
        steering: Steering::default(),
        datagram_lane: DatagramLane::default(),
    };
    let entity = world.spawn(bundle).id();
    world.resource_mut::<SessionIndex>().by_account.insert(account, entity);
    entity
}

fn keep_frame(world: &mut World, connection: ConnectionId, frame: Inbound) {
    let entity = world.resource::<SessionIndex>().by_connection.get(&connection).copied();
    let Some(mut frames) = entity.and_then(|entity| world.get_mut::<Frames>(entity)) else {
        world.resource_mut::<Counters>().strangers += 1;
        return;
    };
    if frames.0.len() < FRAMES_WAITING_MAX {
        frames.0.push_back(frame);
    } else {
        world.resource_mut::<Counters>().crowded_frames += 1;
    }
}
