//! What is pushed at the end of a tick: where friends are, and parties that have changed.

use bevy_ecs::prelude::{Local, Query, Res, ResMut};
use hypogeum_hosting::HostedShard;
use hypogeum_protocol::limits::PRESENCES_PER_MESSAGE_MAX;
use hypogeum_protocol::{AccountId, FriendPresence, ServerMessage, Whereabouts};
use hypogeum_sessions::{HostTick, Presence, Reply, SessionIndex, SessionsConfig, Stage, Who};

use crate::PARTY_AWAY_S;
use crate::book::SharedBook;
use crate::people::{Known, People};

/// How often is looked who is where, in seconds: what changes faster is told once.
const LOOK_S: u32 = 1;
/// Whereabouts that are told in one tick; the rest waits for the next.
const TOLD_PER_TICK_MAX: usize = 4_096;

/// Looks who is where, and who has been away from its party for too long.
pub(crate) fn look_around(
    (tick, config, index): (Res<HostTick>, Res<SessionsConfig>, Res<SessionIndex>),
    mut sessions: Query<(&Who, &Presence, &Stage, &mut Known)>,
    shards: Query<&HostedShard>,
    (mut people, book): (ResMut<People>, Res<SharedBook>),
    mut next_look: Local<u64>,
) {
    if tick.0 < *next_look {
        return;
    }
    *next_look = tick.0 + config.ticks(LOOK_S);
    let mut book = book.0.lock();
    for (who, presence, stage, mut known) in &mut sessions {
        let is_here = presence.listening().is_some();
        if is_here && known.told != who.session {
            known.told = who.session;
            book.tell_again(who.account);
        }
        let at = is_here.then(|| place_of(*stage, &shards));
        let moved = people.here.get_mut(&who.account).filter(|person| !is_at(&person.whereabouts, at));
        if let Some(person) = moved {
            person.whereabouts = whereabouts(at);
            people.tell_friends(who.account);
        }
    }
    book.expire(tick.0);
    let is_here = |account: AccountId| {
        let session = index.session_of(account).and_then(|session| sessions.get(session).ok());
        let is_listening = session.map(|(_, presence, ..)| presence.listening().is_some());
        is_listening.or_else(|| index.place_of(account).map(|_| false))
    };
    let here = &people.here;
    let name_of = |account: AccountId| here.get(&account).map(|person| person.name.as_str());
    book.look((tick.0, tick.0.saturating_sub(config.ticks(PARTY_AWAY_S))), is_here, name_of);
}

/// What a session is in: its title, and whether it is a place of the world.
type InShard<'a> = Option<(&'a str, bool)>;

fn place_of<'a>(stage: Stage, shards: &'a Query<&HostedShard>) -> InShard<'a> {
    let Stage::Playing { shard, .. } = stage else { return None };
    let hosted = shards.get(shard).ok()?;
    Some((hosted.title.as_str(), hosted.kind.as_place.is_some()))
}

/// Whether that is where somebody was already: most are, and nothing is copied for them. `None`: its connection is gone.
fn is_at(known: &Whereabouts, at: Option<InShard<'_>>) -> bool {
    match (known, at) {
        (Whereabouts::Offline, None) | (Whereabouts::Online, Some(None)) => true,
        (Whereabouts::InMatch { mode: title }, Some(Some((now, false))))
        | (Whereabouts::InPlace { place: title }, Some(Some((now, true)))) => title == now,
        _ => false,
    }
}

fn whereabouts(at: Option<InShard<'_>>) -> Whereabouts {
    match at {
        None => Whereabouts::Offline,
        Some(None) => Whereabouts::Online,
        Some(Some((title, true))) => Whereabouts::InPlace { place: title.to_owned() },
        Some(Some((title, false))) => Whereabouts::InMatch { mode: title.to_owned() },
    }
}

/// Tells friends where others are by now: all that one is to be told in one message, or a few.
pub(crate) fn tell_whereabouts(mut people: ResMut<People>, mut reply: Reply, presences: Query<&Presence>) {
    if people.untold.is_empty() {
        return;
    }
    let rest = people.untold.keys().nth(TOLD_PER_TICK_MAX).copied();
    let waiting = rest.map(|first| people.untold.split_off(&first)).unwrap_or_default();
    let untold = std::mem::replace(&mut people.untold, waiting);
    let told: Vec<((AccountId, AccountId), Whereabouts)> = untold.into_iter().collect();
    for of_one in told.chunk_by(|((one, _), _), ((other, _), _)| one == other) {
        let Some(((viewer, _), _)) = of_one.first() else { continue };
        let session = people.here.get(viewer).map(|person| person.session);
        let Some(presence) = session.and_then(|session| presences.get(session).ok()) else { continue };
        for some in of_one.chunks(PRESENCES_PER_MESSAGE_MAX) {
            let friend = |((_, account), whereabouts): &((AccountId, AccountId), Whereabouts)| FriendPresence {
                account: *account,
                whereabouts: whereabouts.clone(),
            };
            reply.send(presence, &ServerMessage::FriendsPresent { friends: some.iter().map(friend).collect() });
        }
    }
}

/// Tells the members of parties that have changed, and those who are in none any more.
pub(crate) fn tell_parties(
    book: Res<SharedBook>,
    (index, presences): (Res<SessionIndex>, Query<&Presence>),
    mut reply: Reply,
) {
    let mut book = book.0.lock();
    let (changed, out) = book.take_changes();
    let presence_of = |account| index.session_of(account).and_then(|session| presences.get(session).ok());
    for account in out {
        if let Some(presence) = presence_of(account) {
            reply.send(presence, &ServerMessage::PartyChanged { party: None });
        }
    }
    for party in changed.into_iter().filter_map(|id| book.info(id)) {
        let members: Vec<AccountId> = party.members.iter().map(|member| member.account).collect();
        let message = ServerMessage::PartyChanged { party: Some(party) };
        for presence in members.into_iter().filter_map(presence_of) {
            reply.send(presence, &message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_where_it_was_found_and_nowhere_else() {
        let all =
            [None, Some(None), Some(Some(("vale", true))), Some(Some(("vale", false))), Some(Some(("blitz", false)))];
        for (place, at) in all.into_iter().enumerate() {
            let found = whereabouts(at);
            let same: Vec<usize> = (0..all.len()).filter(|other| is_at(&found, all[*other])).collect();
            assert_eq!(same, [place], "{found:?}");
        }
    }
}
