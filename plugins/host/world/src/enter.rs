//! Characters enter the world where they are.

use bevy_ecs::prelude::{Entity, MessageReader, Res, ResMut};
use hypogeum_hosting::{Entrance, HostContent};
use hypogeum_protocol::{ClientMessage, ErrorCode};
use hypogeum_sessions::{About, Drain, MessageReceived};
use hypogeum_shard::ShardKinds;

use crate::places::places;
use crate::travel::{EnteringBy, Travellers};

/// When to ask again for a place that does not go on now.
const RETRY_MS: u32 = 5_000;

/// Refuses those who want in where there is no world.
pub(crate) fn refuse(mut messages: MessageReader<MessageReceived>, mut entrance: Entrance) {
    for MessageReceived { session, about, message } in messages.read() {
        if matches!(message, ClientMessage::EnterWorld { .. }) {
            entrance.refuse(*session, ErrorCode::Unavailable, (*about, 0));
        }
    }
}

/// Answers those who want in.
pub(crate) fn enter(
    mut messages: MessageReader<MessageReceived>,
    (kinds, content, drain): (Res<ShardKinds>, Res<HostContent>, Res<Drain>),
    (mut entrance, mut travellers, mut entering_by): (Entrance, ResMut<Travellers>, ResMut<EnteringBy>),
) {
    for MessageReceived { session, about, message } in messages.read() {
        let ClientMessage::EnterWorld { wish } = message else { continue };
        if let Some(account) = entrance.awaiting(*session) {
            travellers.0.insert(account, wish.clone());
            entering_by.0.insert(account, *about);
            continue;
        }
        let refused = match drain.is_begun() {
            true => Some((ErrorCode::Draining, 0)),
            false => let_in(&mut entrance, (&kinds, &content), *session, (wish, *about)).err(),
        };
        match (refused, entrance.account(*session)) {
            (Some((code, retry_after_ms)), _) => entrance.refuse(*session, code, (*about, retry_after_ms)),
            (None, Some(account)) => {
                entering_by.0.insert(account, *about);
            }
            (None, None) => {}
        }
    }
}

/// Lets the character of a session in where it is; a new one where newcomers begin. With what it wishes for a new one, and what it asks
/// by.
///
/// # Errors
/// What is in the way, and when to ask again.
pub(crate) fn let_in(
    entrance: &mut Entrance<'_, '_>,
    (kinds, content): (&ShardKinds, &HostContent),
    session: Entity,
    (wish, about): (&str, About),
) -> Result<(), (ErrorCode, u32)> {
    let Some(character) = entrance.character(session) else { return Err((ErrorCode::UnknownItem, 0)) };
    let (is_new, at) = (character.body.is_empty(), character.place.clone());
    let places = places(kinds, content);
    let here = places.iter().find(|(.., rule)| rule.key == at).or_else(|| places.first().filter(|_| at.is_empty()));
    let Some((_, place, rule)) = here else { return Err((ErrorCode::Unavailable, 0)) };
    let newborn = match is_new {
        true => (place.newborn)(&content.0, wish).ok_or((ErrorCode::OutOfRange, 0))?,
        false => Vec::new(),
    };
    let Some(shard) = entrance.find(&rule.key) else { return Err((ErrorCode::Unavailable, RETRY_MS)) };
    if entrance.enter_as_character(session, shard, newborn, about) { Ok(()) } else { Err((ErrorCode::WrongState, 0)) }
}
