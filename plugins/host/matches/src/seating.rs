//! Which account has which seat, and messages to them.

use bevy_ecs::prelude::{Commands, Entity, Query, Res, ResMut};
use bevy_ecs::system::SystemParam;
use hypogeum_hosting::{HostedShard, Journal, Recording};
use hypogeum_journal::Close;
use hypogeum_protocol::{AccountId, ErrorCode, ServerMessage};
use hypogeum_sessions::{Drain, Reply, Session, SessionIndex, Store};
use hypogeum_store::StoreRequest;

use crate::running_match::RunningMatch;
use crate::watching::nobody;

/// Sessions, their places, messages to them, and requests to the store.
#[derive(SystemParam)]
pub(crate) struct Seating<'w, 's> {
    pub(crate) index: ResMut<'w, SessionIndex>,
    pub(crate) sessions: Query<'w, 's, Session>,
    pub(crate) reply: Reply<'w>,
    pub(crate) store: ResMut<'w, Store>,
}

impl Seating<'_, '_> {
    /// Sends an account a message, if it is connected.
    pub(crate) fn send(&mut self, account: AccountId, message: &ServerMessage) {
        let session = self.index.session_of(account).and_then(|session| self.sessions.get(session).ok());
        if let Some(session) = session {
            self.reply.send(session.presence, message);
        }
    }

    /// Gives up the seat of an account in this shard, and no other. Returns the account's session, if it has one.
    pub(crate) fn leave_seat(&mut self, shard: Entity, account: AccountId) -> Option<Entity> {
        if self.index.place_of(account).is_some_and(|place| place.is_in(shard)) {
            self.index.forget_place(account);
        }
        self.index.session_of(account)
    }
}

/// What is needed to end a match before it is settled.
#[derive(SystemParam)]
pub(crate) struct Ending<'w, 's> {
    pub(crate) seating: Seating<'w, 's>,
    pub(crate) journal: ResMut<'w, Journal>,
    pub(crate) draining: Res<'w, Drain>,
    pub(crate) commands: Commands<'w, 's>,
}

/// What ending a match needs of it.
pub(crate) type Ended<'a> = (Entity, &'a RunningMatch, &'a HostedShard, Option<&'a Recording>);

impl Ending<'_, '_> {
    /// Undoes a match: everyone is notified and becomes idle, and what they brought returns to their stashes.
    pub(crate) fn abandon(&mut self, ended: Ended<'_>, code: ErrorCode) {
        let (_, game, _, recording) = ended;
        self.seating.store.ask(StoreRequest::AbandonMatch { match_id: game.id });
        if let Some(recording) = recording {
            self.journal.close(&recording.recorder, Close::Undone);
        }
        self.make_all_idle(ended, code);
    }

    /// Ends a match on this host: everyone in it is notified and becomes idle. Its log stays as it is.
    pub(crate) fn make_all_idle(&mut self, (entity, game, hosted, _): Ended<'_>, code: ErrorCode) {
        let seating = &mut self.seating;
        for account in game.watchers.accounts() {
            seating.send(account, &nobody(game.id));
        }
        for player in &hosted.players {
            let session = seating.leave_seat(entity, player.account);
            if let Some(mut session) = session.and_then(|session| seating.sessions.get_mut(session).ok())
                && session.stage.is_in(entity)
            {
                seating.reply.make_idle(&mut session, code);
                // Its stash and rating have changed. A player who is sent away needs no stash any more.
                if session.presence.listening().is_some() && !self.draining.is_begun() {
                    seating.store.read_again(&session);
                }
            }
        }
        self.commands.entity(entity).despawn();
    }
}
