//! How matches and visits went, for one who took part.

use hypogeum_progression::Profile;
use hypogeum_protocol::{MatchId, ServerMessage, SettledReport};

use crate::reply::Reply;
use crate::session::{Kept, SessionItem};
use crate::store::Store;

/// Tells a session what its account got, and reads again what that has now. Where nobody listens it is told on the next connection: the
/// store keeps it until it was heard. Returns whether somebody listens.
pub fn tell_settled(
    reply: &mut Reply,
    store: &mut Store,
    session: &mut SessionItem,
    settled: (MatchId, SettledReport),
) -> bool {
    let is_listening = session.presence.listening().is_some();
    if is_listening {
        tell(reply, session, settled);
        store.read_again(session);
    }
    is_listening
}

/// Tells a session what its profile says it has not heard, and what it was not told on this connection.
pub(crate) fn tell_untold(reply: &mut Reply, session: &mut SessionItem, profile: &Profile) {
    session.kept.heard.retain(|match_id| profile.untold.iter().any(|(untold, _)| untold == match_id));
    if session.presence.listening().is_some() {
        let Kept { told, heard, .. } = &*session.kept;
        let is_known = |match_id: &MatchId| told.contains(match_id) || heard.contains(match_id);
        let news: Vec<_> = profile.untold.iter().filter(|(match_id, _)| !is_known(match_id)).cloned().collect();
        news.into_iter().for_each(|settled| tell(reply, session, settled));
    }
}

fn tell(reply: &mut Reply, session: &mut SessionItem, (match_id, report): (MatchId, SettledReport)) {
    session.kept.told.push(match_id);
    reply.tell(&session.presence, &ServerMessage::Settled { match_id, report });
}
