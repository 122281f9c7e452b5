//! Connections go: a session with a place in a line, a lobby or a shard waits for another, one without ends.

use bevy_ecs::prelude::{Entity, Local, Query, Res, World};
use hypogeum_protocol::ErrorCode;
use hypogeum_protocol::link::CloseReason;

use crate::about::About;
use crate::messages::PresenceChanged;
use crate::outbound::Outbound;
use crate::reply::Reply;
use crate::session::{Frames, Presence, Session, SessionIndex, Stage, Who};
use crate::steering::Steering;
use crate::{HostTick, SessionsConfig};

/// Seconds a connection may take to say hello: the first thing an honest client does.
const HELLO_S_MAX: u32 = 10;

/// A session's connection is gone. With a seat or a place in line the session lingers, without one it ends.
pub(crate) fn part(world: &mut World, entity: Entity, reason: CloseReason) {
    let tick = world.resource::<HostTick>().0;
    let Some(mut presence) = world.get_mut::<Presence>(entity) else { return };
    let (connection, was_greeted) = (presence.connection, presence.greeted);
    *presence = Presence { away_since: Some(tick), ..Presence::default() };
    if let Some(connection) = connection {
        world.resource_mut::<SessionIndex>().by_connection.remove(&connection);
        if reason == CloseReason::ByPeer || reason == CloseReason::TimedOut {
            world.resource_mut::<Outbound>().forget(connection);
        }
        if let Some(who) = world.get::<Who>(entity) {
            tracing::debug!(%connection, session = %who.session, account = %who.account, ?reason, "disconnected");
        }
    }
    if let Some(mut steering) = world.get_mut::<Steering>(entity) {
        steering.stop();
    }
    // A hello among what still waits would greet a connection that is gone.
    if let Some(mut frames) = world.get_mut::<Frames>(entity) {
        frames.0.clear();
    }
    match world.get::<Stage>(entity).copied() {
        Some(stage @ (Stage::Playing { .. } | Stage::Joining { .. })) => {
            world.write_message(PresenceChanged { session: entity, stage, is_here: false });
        }
        // A connection that has not said hello does not displace one that waits.
        Some(Stage::Queued) if keeps_place(reason) || !was_greeted => {}
        _ => end(world, entity),
    }
}

/// Whether a place in line outlives a connection that ends so: a goodbye and a disconnection by the server give it up.
const fn keeps_place(reason: CloseReason) -> bool {
    match reason {
        CloseReason::ByPeer | CloseReason::ByServer | CloseReason::Hostile | CloseReason::TryLater => false,
        CloseReason::TimedOut | CloseReason::TakenOver | CloseReason::Congested => true,
    }
}

fn end(world: &mut World, entity: Entity) {
    if let Some(account) = world.get::<Who>(entity).map(|who| who.account) {
        let mut index = world.resource_mut::<SessionIndex>();
        if index.session_of(account) == Some(entity) {
            index.by_account.remove(&account);
        }
    }
    world.despawn(entity);
}

/// Carries out what earlier systems of this tick decided: closes connections, and ends sessions nobody needs.
pub(crate) fn close_connections(world: &mut World) {
    let mut sessions = world.query::<(Entity, &Presence)>();
    let closing: Vec<_> = sessions
        .iter(world)
        .filter_map(|(entity, presence)| Some((entity, presence.connection, presence.closing?)))
        .collect();
    for (entity, connection, reason) in closing {
        if let Some(connection) = connection {
            world.resource_mut::<Outbound>().close(connection, reason);
        }
        part(world, entity, reason);
    }
}

/// Sends connections away that never say hello: they hold a place others could have.
pub(crate) fn close_mute(
    (mut reply, config): (Reply, Res<SessionsConfig>),
    mut mute: Local<Vec<Entity>>,
    mut sessions: Query<(Entity, Session)>,
) {
    let (tick, patience) = (reply.tick.0, config.ticks(HELLO_S_MAX));
    // Few are: only these are taken apart as sessions.
    mute.extend(sessions.iter().filter_map(|(entity, session)| {
        let presence = session.presence;
        let is_mute = !presence.greeted && presence.closing.is_none() && *session.stage != Stage::Loading;
        (is_mute && presence.connection.is_some() && tick - presence.since >= patience).then_some(entity)
    }));
    for entity in mute.drain(..) {
        let Ok((_, mut session)) = sessions.get_mut(entity) else { continue };
        reply.refuse(&mut session, ErrorCode::HelloFirst, About::NOTHING, 0);
        session.presence.closing = Some(CloseReason::ByServer);
    }
}

/// Ends sessions that waited for their connection long enough. A seat in a shard outlives them.
pub(crate) fn end_lingering(world: &mut World) {
    let tick = world.resource::<HostTick>().0;
    let config = world.resource::<SessionsConfig>();
    let (in_queue, in_match) = (config.ticks(config.queue_linger_s), config.ticks(config.linger_s));
    let mut sessions = world.query::<(Entity, &Presence, &Stage)>();
    let over: Vec<Entity> = sessions
        .iter(world)
        .filter(|(_, presence, stage)| {
            let linger = if matches!(stage, Stage::Queued) { in_queue } else { in_match };
            presence.away_since.is_some_and(|since| tick.saturating_sub(since) >= linger)
        })
        .map(|(entity, ..)| entity)
        .collect();
    for entity in over {
        end(world, entity);
    }
}
