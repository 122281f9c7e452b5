//! Players who leave an open shard against their will: it crashed as they entered, or it cannot go on.

use bevy_ecs::prelude::{Commands, Component, Entity, Has, MessageWriter, Query, ResMut, With, Without};
use bevy_ecs::system::SystemParam;
use hypogeum_protocol::{ErrorCode, NetId};
use hypogeum_sessions::{Reply, Session, SessionIndex, Store};
use hypogeum_shard::host::{Crashed, ShardInbox};
use hypogeum_shard::{CommandBody, Occupants, Shard};
use hypogeum_store::StoreRequest;

use crate::asked_by::AskedBy;
use crate::entering::LeftShard;
use crate::hosted::{HostedShard, OpenVisit, PlayerSeat, Seatless};
use crate::rebuilding::{Lost, Stuck, WasRebuilt};
use crate::recording::Recording;
use crate::replicate::Views;
use crate::resuming::suspend;

/// An open shard that stands still until the next start of the server, which goes on after its last step on record: it
/// crashed and cannot go on, or its log was lost. Nobody is in it, and nobody may enter.
#[derive(Component, Clone, Copy, Debug)]
pub struct Halted;

/// What is needed to remove players from a shard.
#[derive(SystemParam)]
pub(crate) struct Eviction<'w, 's> {
    index: ResMut<'w, SessionIndex>,
    store: ResMut<'w, Store>,
    reply: Reply<'w>,
    sessions: Query<'w, 's, Session>,
}

impl Eviction<'_, '_> {
    /// A visit that did not begin after all: what was brought returns to where it was.
    fn undo(&mut self, visit: &OpenVisit) {
        if visit.has_brought() {
            self.store.ask(StoreRequest::AbandonMatch { match_id: visit.id });
        }
    }

    /// Removes a player from a shard, with an error that says it is not the player's fault. It answers what the player has asked to enter
    /// by, where nothing has yet.
    fn make_idle(&mut self, shard: Entity, player: &PlayerSeat, asked_by: AskedBy) {
        if self.index.place_of(player.account).is_some_and(|place| place.is_in(shard)) {
            self.index.forget_place(player.account);
        }
        let session = self.index.session_of(player.account);
        let session = session.and_then(|session| self.sessions.get_mut(session).ok());
        if let Some(mut session) = session.filter(|session| session.stage.is_in(shard)) {
            let about = asked_by.about(&session.presence);
            self.reply.make_idle_about(&mut session, ErrorCode::Unavailable, about);
        }
    }
}

type RebuiltShard<'a> = (Entity, &'a mut HostedShard, &'a Shard, &'a mut Views, &'a ShardInbox);

/// Removes players who were to enter an open shard in the step at which it crashed: it was rebuilt without that step's entries.
pub(crate) fn evict_dropped(
    mut eviction: Eviction,
    mut shards: Query<RebuiltShard, (With<WasRebuilt>, Without<Crashed>)>,
    mut left: MessageWriter<LeftShard>,
) {
    for (entity, mut hosted, shard, mut views, inbox) in &mut shards {
        let Some(occupants) = shard.world().get_resource::<Occupants>() else { continue };
        let is_coming = |player: &PlayerSeat| {
            let mut own = inbox.0.iter().filter(|command| command.seat == player.seat);
            own.any(|command| matches!(command.body, CommandBody::Join { .. }))
        };
        let is_dropped = |player: &mut PlayerSeat| occupants.get(player.seat).is_none() && !is_coming(player);
        if !hosted.players.iter_mut().any(is_dropped) {
            continue;
        }
        let hosted = &mut *hosted;
        for player in hosted.players.extract_if(.., is_dropped) {
            views.remove(player.seat);
            hosted.absences.forget(player.seat);
            let visit = hosted.visits.remove(&player.seat);
            if let Some(visit) = &visit {
                eviction.undo(visit);
            }
            eviction.make_idle(entity, &player, visit.map(|visit| visit.asked_by).unwrap_or_default());
            left.write(LeftShard { shard: entity, seat: player.seat, account: player.account });
        }
    }
}

type OpenShard<'a> = (Entity, &'a mut HostedShard, &'a mut Views, Option<&'a Recording>, Has<Stuck>, Has<Lost>);

/// Halts open shards that cannot go on. Their players become idle, and have their seats again at the next start.
pub(crate) fn halt_open(
    mut eviction: Eviction,
    mut shards: Query<OpenShard, (Without<Halted>, Without<Seatless>)>,
    mut commands: Commands,
) {
    for (entity, mut hosted, mut views, recording, is_stuck, is_lost) in &mut shards {
        if !hosted.kind.is_open {
            continue;
        }
        let is_unrecorded = recording.is_some_and(Recording::is_lost);
        if !(is_stuck || is_lost || is_unrecorded) {
            continue;
        }
        tracing::error!(
            shard = %hosted.id, title = hosted.title, players = hosted.players.len(), is_unrecorded,
            "an open shard cannot go on: it stands still until the next start"
        );
        for player in std::mem::take(&mut hosted.players) {
            // Whoever has an avatar in a place was told so, and whoever has none waits for that.
            let is_waiting = hosted.kind.as_place.is_some() && player.avatar == NetId::NONE;
            let visit = hosted.visits.get(&player.seat).filter(|_| is_waiting);
            eviction.make_idle(entity, &player, visit.map(|visit| visit.asked_by).unwrap_or_default());
        }
        views.clear();
        let mut entity = commands.entity(entity);
        suspend(&mut entity);
        entity.insert(Halted);
    }
}
