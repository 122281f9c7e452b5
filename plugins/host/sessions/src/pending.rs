//! Connections of accounts that are connected already: they wait until they have proved themselves.
//!
//! A handshake proves that somebody holds a connect token, not that the program behind it can play. So a player is
//! displaced only by a hello of a version this server speaks; a launcher of last year, or one that says nothing, goes by
//! itself.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Res, ResMut, Resource, World};
use hypogeum_protocol::link::{CloseReason, SessionTicket};
use hypogeum_protocol::{AccountId, ClientMessage, ConnectionId, ErrorCode, ServerMessage, SessionId, limits};

use crate::about::About;
use crate::counters::Counters;
use crate::drain::Drain;
use crate::encoding;
use crate::outbound::Outbound;
use crate::session::{Inbound, Presence, SessionIndex};
use crate::{HostTick, SecondDevice, SessionsConfig};

/// Seconds a newcomer may take to say hello: the first thing an honest client does.
const HELLO_S_MAX: u32 = 10;
/// Newcomers of one account; one more sends the oldest away.
const PER_ACCOUNT_MAX: usize = 2;
/// Messages before the hello that are answered; one more ends the connection.
const EARLY_MESSAGES_MAX: u32 = 16;
/// How long a first device may be silent before a second one takes its place where it would be refused else, in
/// milliseconds: an edge reports silence after [`limits::QUIET_AFTER_MS`], and looks for it twice a second.
const SILENCE_DECIDED_MS: u32 = limits::QUIET_AFTER_MS + 600;
/// When somebody for whom there is no room now may try again, in milliseconds.
pub(crate) const NO_ROOM_RETRY_MS: u32 = 5_000;

/// All connections that wait.
#[derive(Resource, Debug, Default)]
pub(crate) struct PendingConnections(BTreeMap<ConnectionId, PendingConnection>);

/// A connection that waits.
#[derive(Debug)]
pub(crate) struct PendingConnection {
    pub(crate) session: SessionId,
    pub(crate) ticket: SessionTicket,
    since_tick: u64,
    early_count: u32,
    /// Its hello, and when it came, while the first device may still speak up.
    hello: Option<(Inbound, u64)>,
}

/// A connection that takes over, with its hello.
pub(crate) struct ProvenConnection {
    pub(crate) connection: ConnectionId,
    pub(crate) newcomer: PendingConnection,
    pub(crate) hello: Inbound,
}

impl PendingConnections {
    /// Whether this connection waits here.
    pub(crate) fn knows(&self, connection: ConnectionId) -> bool {
        self.0.contains_key(&connection)
    }

    /// Forgets a connection that is gone.
    pub(crate) fn forget(&mut self, connection: ConnectionId) -> bool {
        self.0.remove(&connection).is_some()
    }

    /// Whose account a waiting connection is.
    pub(crate) fn account_of(&self, connection: ConnectionId) -> Option<AccountId> {
        self.0.get(&connection).map(|newcomer| newcomer.ticket.account)
    }

    fn of_account(&self, account: AccountId) -> impl Iterator<Item = ConnectionId> + '_ {
        self.0.iter().filter(move |(_, newcomer)| newcomer.ticket.account == account).map(|(connection, _)| *connection)
    }
}

/// Lets a connection wait.
pub(crate) fn wait(world: &mut World, connection: ConnectionId, session: SessionId, ticket: SessionTicket) {
    let since_tick = world.resource::<HostTick>().0;
    let pending = &world.resource::<PendingConnections>();
    let others: Vec<ConnectionId> = pending.of_account(ticket.account).collect();
    if others.len() >= PER_ACCOUNT_MAX
        && let Some(oldest) = others.into_iter().min_by_key(|other| pending.0.get(other).map(|it| it.since_tick))
    {
        send_away(world, oldest, ErrorCode::TakenOver, About::NOTHING);
    }
    let newcomer = PendingConnection { session, ticket, since_tick, early_count: 0, hello: None };
    world.resource_mut::<PendingConnections>().0.insert(connection, newcomer);
}

/// Reads a message of a newcomer. Returns the newcomer once it has proved itself, unless the first device is to stay.
pub(crate) fn read_hello(
    world: &mut World,
    connection: ConnectionId,
    frame: Inbound,
    first_is_quiet: bool,
) -> Option<ProvenConnection> {
    let tick = world.resource::<HostTick>().0;
    let (tag, message) = encoding::read(&frame.bytes);
    let about = About { tag, request: frame.request };
    let (min, max) = (limits::PROTOCOL_VERSION_MIN, limits::PROTOCOL_VERSION);
    // What follows a hello that waits is not early: inputs, mostly, of a client that goes on from another port.
    if world.resource::<PendingConnections>().0.get(&connection).is_some_and(|newcomer| newcomer.hello.is_some()) {
        return None;
    }
    let is_refused = world.resource::<SessionsConfig>().second_device == SecondDevice::IsRefused;
    match message {
        Err(_) if encoding::other_version(&frame.bytes).is_some() => {
            send_away(world, connection, ErrorCode::VersionMismatch { min, max }, about);
        }
        Ok(ClientMessage::Hello { protocol_version, .. }) if !(min..=max).contains(&protocol_version) => {
            send_away(world, connection, ErrorCode::VersionMismatch { min, max }, about);
        }
        Ok(message @ ClientMessage::Hello { .. }) if message.validate().is_ok() => {
            if is_refused && !first_is_quiet {
                let mut pending = world.resource_mut::<PendingConnections>();
                let newcomer = pending.0.get_mut(&connection)?;
                newcomer.hello.get_or_insert((frame, tick));
                let account = newcomer.ticket.account;
                probe_first(world, account);
                return None;
            }
            let newcomer = world.resource_mut::<PendingConnections>().0.remove(&connection)?;
            return Some(ProvenConnection { connection, newcomer, hello: frame });
        }
        read => {
            let code = match read {
                Err(_) => ErrorCode::Malformed,
                Ok(message) => message.validate().err().unwrap_or(ErrorCode::HelloFirst),
            };
            world.resource_mut::<Counters>().wrong_state += 1;
            let mut pending = world.resource_mut::<PendingConnections>();
            let newcomer = pending.0.get_mut(&connection)?;
            newcomer.early_count += 1;
            if newcomer.early_count > EARLY_MESSAGES_MAX {
                send_away(world, connection, code, about);
            } else {
                world.resource_mut::<Outbound>().refuse(connection, code, about, 0);
            }
        }
    }
    None
}

/// Lets the edge of an account's first device find out whether that is still there.
fn probe_first(world: &mut World, account: AccountId) {
    let first = world.resource::<SessionIndex>().session_of(account);
    if let Some(connection) = first.and_then(|entity| world.get::<Presence>(entity)?.connection) {
        world.resource_mut::<Outbound>().probe(connection);
    }
}

/// Newcomers of an account whose hello waits, now that its first device is silent or gone.
pub(crate) fn replace_quiet_first(world: &mut World, account: AccountId) -> Option<ProvenConnection> {
    let mut pending = world.resource_mut::<PendingConnections>();
    let connection = pending.of_account(account).find(|it| pending.0.get(it).is_some_and(|it| it.hello.is_some()))?;
    let mut newcomer = pending.0.remove(&connection)?;
    let (hello, _) = newcomer.hello.take()?;
    Some(ProvenConnection { connection, newcomer, hello })
}

fn send_away(world: &mut World, connection: ConnectionId, code: ErrorCode, about: About) {
    let newcomer = world.resource_mut::<PendingConnections>().0.remove(&connection);
    let hello = newcomer.and_then(|newcomer| newcomer.hello).and_then(|(hello, _)| hello.request);
    let about = About { request: about.request.or(hello), ..about };
    let mut outbound = world.resource_mut::<Outbound>();
    outbound.refuse(connection, code, about, 0);
    outbound.close(connection, close_reason(code));
}

/// Why a connection ends whose last word is this error.
const fn close_reason(code: ErrorCode) -> CloseReason {
    match code {
        ErrorCode::TakenOver => CloseReason::TakenOver,
        ErrorCode::Draining => CloseReason::TryLater,
        _ => CloseReason::ByServer,
    }
}

/// Sends away who never says hello, whose first device lives and is to stay, and everyone once the server stops.
pub(crate) fn clear(
    tick: Res<HostTick>,
    config: Res<SessionsConfig>,
    draining: Res<Drain>,
    mut pending: ResMut<PendingConnections>,
    mut outbound: ResMut<Outbound>,
) {
    if pending.0.is_empty() {
        return;
    }
    let patience = config.ticks(HELLO_S_MAX);
    let decided = config.ticks_of_ms(SILENCE_DECIDED_MS);
    pending.0.retain(|&connection, newcomer| {
        let code = match &newcomer.hello {
            _ if draining.is_begun() => ErrorCode::Draining,
            Some((_, since)) if tick.0.saturating_sub(*since) >= decided => ErrorCode::TakenOver,
            None if tick.0.saturating_sub(newcomer.since_tick) >= patience => ErrorCode::HelloFirst,
            _ => return true,
        };
        let request = newcomer.hello.as_ref().and_then(|(hello, _)| hello.request);
        let retry_after_ms = if code == ErrorCode::Draining { NO_ROOM_RETRY_MS } else { 0 };
        outbound.refuse(connection, code, About { request, ..About::NOTHING }, retry_after_ms);
        if code == ErrorCode::Draining {
            outbound.send(connection, &ServerMessage::Goodbye);
        }
        outbound.close(connection, close_reason(code));
        false
    });
}
