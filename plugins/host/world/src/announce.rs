//! Clients are told where they are.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Commands, Component, Entity, Query, Res, ResMut, Without};
use hypogeum_hosting::{HostedShard, Seatless};
use hypogeum_protocol::{NetId, Seat, ServerMessage};
use hypogeum_sessions::{HostTick, Outbound, Presence, SessionIndex};
use hypogeum_shard::{Rules, Shard};

use crate::ground::{PlaceGround, SeatGround};
use crate::travel::EnteringBy;

/// What the clients in a place were told of it.
#[derive(Component, Debug, Default)]
pub(crate) struct Announced {
    /// The ground, once somebody has come.
    pub(crate) ground: Option<PlaceGround>,
    /// Those who were told where they are, on which connection, and what each knows of the ground.
    pub(crate) seats: BTreeMap<Seat, SeatGround>,
}

/// Tells everyone who has an avatar in a place, once on each connection, which it is and how large.
pub(crate) fn announce(
    (tick, index, sessions): (Res<HostTick>, Res<SessionIndex>, Query<&Presence>),
    (mut outbound, mut entering_by): (ResMut<Outbound>, ResMut<EnteringBy>),
    mut shards: Query<(Entity, &HostedShard, &Shard, Option<&mut Announced>), Without<Seatless>>,
    mut commands: Commands,
) {
    for (entity, hosted, shard, announced) in &mut shards {
        let Some(place) = hosted.kind.as_place else { continue };
        let Some(mut announced) = announced else {
            commands.entity(entity).insert(Announced::default());
            continue;
        };
        let Announced { ground, seats } = &mut *announced;
        for player in hosted.players.iter().filter(|player| player.avatar != NetId::NONE) {
            let session = index.session_of(player.account).and_then(|session| sessions.get(session).ok());
            let Some(connection) = session.and_then(Presence::listening) else {
                seats.remove(&player.seat);
                continue;
            };
            if seats.get(&player.seat).is_some_and(|known| known.connection == connection) {
                continue;
            }
            if ground.is_none() {
                *ground = PlaceGround::of(hosted, &place, shard.world());
            }
            let Some(PlaceGround { brief, .. }) = ground else { break };
            seats.insert(player.seat, SeatGround::new(connection, tick.0));
            let started = ServerMessage::MatchStarted {
                match_id: hosted.id.into(),
                mode: hosted.title.clone(),
                tick_hz: u16::try_from(shard.world().resource::<Rules>().tick_hz).unwrap_or(u16::MAX),
                avatar: player.avatar,
                radius: brief.radius,
                side: brief.side,
                obstacles: Vec::new(),
                pois: brief.pois.clone(),
                exits: brief.exits.clone(),
            };
            outbound.answer(connection, entering_by.take(player.account), &started);
        }
        if seats.len() > hosted.players.len() {
            seats.retain(|seat, _| hosted.player(*seat).is_some());
        }
    }
}
