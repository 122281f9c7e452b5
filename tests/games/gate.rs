//! A plugin of the host: it opens the meadow, lets everyone in who has nothing else to do, and says where they are.

use std::collections::BTreeSet;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, Local, Query, Res, ResMut};
use hypogeum_hosting::{Entrance, HostedShard, HostingSystems, IdleSession, Opening};
use hypogeum_protocol::{ConnectionId, ItemId, NetId, ServerMessage, codec};
use hypogeum_sessions::{About, Outbound, Presence, SessionIndex};
use hypogeum_shard::ShardKind;
use hypogeum_shard::host::HostSystems;

use crate::meadow::{MEADOW_HZ, Meadow, SIDE, stones};

#[derive(Clone, Debug)]
pub(crate) struct Gate;

impl Plugin for Gate {
    fn build(&self, app: &mut App) {
        let between = (open, let_in).chain().in_set(HostSystems::Route);
        app.add_systems(FixedUpdate, between.after(HostingSystems::RouteCommands).before(HostingSystems::Answer));
        app.add_systems(FixedUpdate, send_where.in_set(HostSystems::Settle).after(HostingSystems::Record));
    }
}

/// Opens the meadow, unless there is one: an earlier run may have left it.
fn open(shards: Query<&HostedShard>, mut opening: Opening) {
    if !shards.iter().any(|hosted| hosted.title == Meadow::NAME) {
        opening.open(Meadow::NAME, Some(MEADOW_HZ.into()), |id| codec::encode(&id));
    }
}

/// Lets everyone in who plays nothing: as the character they play, or with all they have.
fn let_in(mut entrance: Entrance) {
    let Some(meadow) = entrance.find(Meadow::NAME) else { return };
    for IdleSession { session, .. } in entrance.idle_sessions() {
        if entrance.character(session).is_some() {
            entrance.enter_as_character(session, meadow, Vec::new(), About::NOTHING);
            continue;
        }
        let all: Vec<ItemId> = entrance.stash(session).iter().map(|item| item.id).collect();
        entrance.enter(session, meadow, &all);
    }
}

/// Tells everyone once on each connection which avatar is theirs, and what the meadow looks like.
fn send_where(
    shards: Query<&HostedShard>,
    (index, sessions): (Res<SessionIndex>, Query<&Presence>),
    mut outbound: ResMut<Outbound>,
    mut sent: Local<BTreeSet<(ConnectionId, NetId)>>,
) {
    for hosted in &shards {
        for player in hosted.players.iter().filter(|player| player.avatar != NetId::NONE) {
            let session = index.session_of(player.account).and_then(|session| sessions.get(session).ok());
            let Some(connection) = session.and_then(Presence::listening) else { continue };
            if sent.insert((connection, player.avatar)) {
                let started = ServerMessage::MatchStarted {
                    match_id: hosted.id.into(),
                    mode: hosted.title.clone(),
                    tick_hz: MEADOW_HZ,
                    avatar: player.avatar,
                    radius: 0,
                    side: SIDE,
                    obstacles: stones(),
                    pois: Vec::new(),
                    exits: Vec::new(),
                };
                outbound.send(connection, &started);
            }
        }
    }
}
