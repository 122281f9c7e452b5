//! Clients are told where they are.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Commands, Component, Entity, Query, Res, ResMut};
use hypogeum_hosting::{HostedShard, ask};
use hypogeum_protocol::{ConnectionId, NetId, Seat, ServerMessage};
use hypogeum_sessions::{Outbound, Presence, SessionIndex};
use hypogeum_shard::{Rules, Shard};

/// The connection on which each seat was told where it is.
#[derive(Component, Debug, Default)]
pub(crate) struct Announced(BTreeMap<Seat, ConnectionId>);

/// Tells everyone who has an avatar in a place, once on each connection, which it is and what the place looks like.
pub(crate) fn announce(
    (index, sessions): (Res<SessionIndex>, Query<&Presence>),
    mut outbound: ResMut<Outbound>,
    mut shards: Query<(Entity, &HostedShard, &Shard, Option<&mut Announced>)>,
    mut commands: Commands,
) {
    for (entity, hosted, shard, announced) in &mut shards {
        let Some(place) = hosted.kind.as_place else { continue };
        let Some(mut announced) = announced else {
            commands.entity(entity).insert(Announced::default());
            continue;
        };
        let mut ground = None;
        for player in hosted.players.iter().filter(|player| player.avatar != NetId::NONE) {
            let session = index.session_of(player.account).and_then(|session| sessions.get(session).ok());
            let Some(connection) = session.and_then(Presence::listening) else { continue };
            if announced.0.insert(player.seat, connection) == Some(connection) {
                continue;
            }
            // Asked once for all who have come in this tick.
            let known = ground.get_or_insert_with(|| ask(hosted.id, "ground", || (place.ground)(shard.world())));
            let Some(ground) = known else { break };
            let started = ServerMessage::MatchStarted {
                match_id: hosted.id.into(),
                mode: hosted.title.clone(),
                tick_hz: u16::try_from(shard.world().resource::<Rules>().tick_hz).unwrap_or(u16::MAX),
                avatar: player.avatar,
                radius: ground.radius,
                side: ground.side,
                obstacles: ground.obstacles.clone(),
                pois: ground.pois.clone(),
                exits: ground.exits.clone(),
            };
            outbound.send(connection, &started);
        }
        if announced.0.len() > hosted.players.len() {
            announced.0.retain(|seat, _| hosted.player(*seat).is_some());
        }
    }
}
