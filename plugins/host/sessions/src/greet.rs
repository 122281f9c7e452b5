//! Hello and welcome.

use bevy_ecs::prelude::{Entity, MessageWriter, Query, Res, ResMut, Resource};
use bevy_ecs::system::SystemParam;
use hypogeum_locale::Locales;
use hypogeum_progression::Profile;
use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{ErrorCode, MatchId, ModeInfo, ServerMessage, limits};

use crate::about::About;
use crate::messages::PresenceChanged;
use crate::pending::NO_ROOM_RETRY_MS;
use crate::reply::Reply;
use crate::session::{CurrentMatch, SessionItem, SessionLocale, Stage};
use crate::store::Store;

/// What is in everyone's welcome besides their own name; the crate that offers something to play fills it in.
#[derive(Resource, Clone, Debug, Default)]
pub struct Greeting {
    /// Steps a second.
    pub tick_hz: u16,
    /// BLAKE3 of the content that new matches are made of.
    pub content_hash: [u8; 32],
    /// What can be played.
    pub modes: Vec<ModeInfo>,
}

/// What is needed to answer a hello.
#[derive(SystemParam)]
pub(crate) struct HelloContext<'w, 's> {
    greeting: Res<'w, Greeting>,
    locales: Res<'w, Locales>,
    store: ResMut<'w, Store>,
    places: Query<'w, 's, &'static CurrentMatch>,
    presence: MessageWriter<'w, PresenceChanged>,
}

impl HelloContext<'_, '_> {
    /// A player with a place is welcomed at once; reports it has missed follow with its profile.
    fn load_unacknowledged(&mut self, session: &SessionItem) {
        if !self.store.is_crowded() {
            self.store.read_again(session);
        }
    }
}

/// Answers a connection's first message.
pub(crate) fn hello(
    reply: &mut Reply,
    context: &mut HelloContext,
    (entity, session): (Entity, &mut SessionItem),
    (about, protocol_version, client, locale): (About, u16, &str, &str),
) {
    let (min, max) = (limits::PROTOCOL_VERSION_MIN, limits::PROTOCOL_VERSION);
    if !(min..=max).contains(&protocol_version) {
        reply.refuse(session, ErrorCode::VersionMismatch { min, max }, about, 0);
        session.presence.closing = Some(CloseReason::ByServer);
        return;
    }
    session.presence.protocol_version = protocol_version;
    session.presence.hello = about;
    *session.locale = SessionLocale(context.locales.find(locale));
    tracing::debug!(session = %session.who.session, ?client, ?locale, "hello");
    // Reports sent on another connection are sent again.
    session.cached.sent.clear();
    match *session.stage {
        stage @ (Stage::Playing { shard: place, .. } | Stage::Joining { lobby: place }) => {
            let current = context.places.get(place).ok().map(|current| current.0);
            welcome(reply, (&context.greeting, &context.locales), session, current);
            context.load_unacknowledged(session);
            context.presence.write(PresenceChanged { session: entity, stage, is_here: true });
        }
        // Its place in line outlived the connection.
        stage @ Stage::Queued => {
            welcome(reply, (&context.greeting, &context.locales), session, None);
            context.load_unacknowledged(session);
            context.presence.write(PresenceChanged { session: entity, stage, is_here: true });
        }
        _ if context.store.is_crowded() => refuse_for_now(reply, session),
        _ => {
            *session.stage = Stage::Loading;
            // A connection that goes before its profile comes leaves nothing behind: the answer names a session that
            // is gone, and is ignored.
            context.store.read_again(session);
        }
    }
}

/// The profile of a session that waits for it is here; `None`: the account is gone, or the store could not say who this is.
pub(crate) fn profile_arrived(
    reply: &mut Reply,
    greeting: (&Greeting, &Locales),
    session: &mut SessionItem,
    profile: Option<&Profile>,
) {
    if profile.is_none() {
        return refuse_for_now(reply, session);
    }
    *session.stage = Stage::Idle;
    welcome(reply, greeting, session, None);
}

/// Nobody can say now who this is: the client may connect again later.
fn refuse_for_now(reply: &mut Reply, session: &mut SessionItem) {
    if let Some(connection) = session.presence.connection {
        reply.outbound.refuse(
            connection,
            ErrorCode::Unavailable,
            About { tag: About::NOTHING.tag, ..session.presence.hello },
            NO_ROOM_RETRY_MS,
        );
    }
    session.presence.closing = Some(CloseReason::TryLater);
}

fn welcome(
    reply: &mut Reply,
    (greeting, locales): (&Greeting, &Locales),
    session: &mut SessionItem,
    current_match: Option<MatchId>,
) {
    session.presence.greeted = true;
    let message = ServerMessage::Welcome {
        session: session.who.session,
        account: session.who.account,
        name: session.who.name.clone(),
        protocol_version: session.presence.protocol_version,
        tick_hz: greeting.tick_hz,
        content_hash: greeting.content_hash,
        modes: greeting.modes.clone(),
        current_match,
        locale: locales.tag(session.locale.0),
    };
    reply.answer(&session.presence, session.presence.hello, &message);
}
