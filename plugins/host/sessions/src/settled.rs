//! Reports of matches and visits to those who took part.

use hypogeum_progression::Profile;
use hypogeum_protocol::{MatchId, ServerMessage, SettledReport};

use crate::reply::Reply;
use crate::session::{CachedAccount, SessionItem};
use crate::store::Store;

/// Sends a session what its account got, and reads again what the account has now. Where nobody is connected it is sent on the next
/// connection: the store keeps it until it is acknowledged. Returns whether it was sent.
pub fn send_settled(
    reply: &mut Reply,
    store: &mut Store,
    session: &mut SessionItem,
    settled: (MatchId, SettledReport),
) -> bool {
    let is_listening = session.presence.listening().is_some();
    if is_listening {
        send(reply, session, settled);
        store.read_again(session);
    }
    is_listening
}

/// Sends a session the reports in its profile that are not acknowledged and were not sent on this connection.
pub(crate) fn send_unacknowledged(reply: &mut Reply, session: &mut SessionItem, profile: &Profile) {
    session
        .cached
        .acknowledged
        .retain(|match_id| profile.unacknowledged.iter().any(|(unacknowledged, _)| unacknowledged == match_id));
    if session.presence.listening().is_some() {
        let CachedAccount { sent, acknowledged, .. } = &*session.cached;
        let is_known = |match_id: &MatchId| sent.contains(match_id) || acknowledged.contains(match_id);
        let unsent: Vec<_> =
            profile.unacknowledged.iter().filter(|(match_id, _)| !is_known(match_id)).cloned().collect();
        unsent.into_iter().for_each(|settled| send(reply, session, settled));
    }
}

fn send(reply: &mut Reply, session: &mut SessionItem, (match_id, report): (MatchId, SettledReport)) {
    session.cached.sent.push(match_id);
    reply.send(&session.presence, &ServerMessage::Settled { match_id, report });
}
