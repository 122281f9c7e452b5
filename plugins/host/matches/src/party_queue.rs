//! Parties in line: they join, are told and leave as one.

use bevy_ecs::prelude::{Entity, Local, Query, Res, ResMut};
use bevy_ecs::system::SystemParam;
use hypogeum_content::Id;
use hypogeum_matchmaking::{Criteria, PartyError, PartyTerms, Ticket};
use hypogeum_protocol::{AccountId, ErrorCode, QueueRefusal, ServerMessage, SessionId};
use hypogeum_sessions::{About, Reply, Session, SessionIndex, Stage};
use hypogeum_shard::ModeRule;
use hypogeum_social::{Party, PartyLookup};

use crate::queueing::{InLine, Lines, Place, Queues, count, refusal};

/// Everyone who may wait in a line.
type Sessions<'w, 's> = Query<'w, 's, (Session, &'static mut InLine)>;

/// Who is in whose party, and where its members are.
#[derive(SystemParam)]
pub(crate) struct PartyMembers<'w> {
    lookup: Res<'w, PartyLookup>,
    index: Res<'w, SessionIndex>,
}

/// Why a party does not queue.
pub(crate) enum Refused {
    /// As anybody might be refused: a code, and when to ask again, in milliseconds.
    Plainly(ErrorCode, u32),
    /// For what it is.
    Because(QueueRefusal),
}

impl From<QueueRefusal> for Refused {
    fn from(why: QueueRefusal) -> Self {
        Self::Because(why)
    }
}

impl PartyMembers<'_> {
    /// The party that somebody is in with others.
    pub(crate) fn party_of(&self, account: AccountId) -> Option<Party> {
        self.lookup.0.party_of(account).filter(|party| party.members.len() > 1)
    }

    /// Where somebody's session is.
    pub(crate) fn session_of(&self, account: AccountId) -> Option<Entity> {
        self.index.session_of(account)
    }

    /// The rating of a member who is here and in nothing.
    fn rating_of(&self, sessions: &Sessions<'_, '_>, account: AccountId) -> Result<i32, QueueRefusal> {
        let (away, busy) = (QueueRefusal::MemberAway { account }, QueueRefusal::MemberBusy { account });
        if self.index.place_of(account).is_some() {
            return Err(busy);
        }
        let session = self.index.session_of(account).and_then(|entity| sessions.get(entity).ok());
        let (session, _) = session.filter(|(session, _)| session.presence.listening().is_some()).ok_or(away)?;
        match *session.stage {
            Stage::Idle => Ok(session.cached.profile.as_ref().map_or(0, |profile| profile.rating())),
            Stage::Arriving | Stage::Loading => Err(away),
            Stage::Queued | Stage::Joining { .. } | Stage::Playing { .. } => Err(busy),
        }
    }

    /// What a party is matched by in a mode.
    fn rate(&self, sessions: &Sessions<'_, '_>, party: &Party, terms: PartyTerms) -> Result<i32, QueueRefusal> {
        terms.takes(party.members.len()).map_err(why)?;
        let ratings: Result<Vec<i32>, QueueRefusal> =
            party.members.iter().map(|member| self.rating_of(sessions, *member)).collect();
        terms.rate(&ratings?).map_err(why)
    }
}

fn why(error: PartyError) -> QueueRefusal {
    match error {
        PartyError::TooLarge { members, members_max } => {
            QueueRefusal::PartyTooLarge { members: count(members), members_max: count(members_max) }
        }
        PartyError::TooWide { spread, spread_max } => QueueRefusal::RatingsTooWide { spread, spread_max },
    }
}

/// Puts the party of somebody who is in nothing in line, or answers why not.
pub(crate) fn join(
    lines: &mut Lines<'_>,
    members: &PartyMembers<'_>,
    reply: &mut Reply<'_>,
    sessions: &mut Sessions<'_, '_>,
    (entity, about, party): (Entity, About, Party),
    (key, criteria): (&str, Criteria),
) {
    let Ok((session, _)) = sessions.get(entity) else { return };
    let (account, ticket) = (session.who.account, session.who.session);
    if party.leader != account {
        let why = QueueRefusal::NotLeader { leader: party.leader };
        reply.counters.refused += 1;
        return reply.answer(session.presence, about, &ServerMessage::QueueRefused { mode: key.to_owned(), why });
    }
    match join_as(lines, members, reply, sessions, (&party, ticket, about), (key, criteria)) {
        Ok(()) => {
            lines.queues.parties.insert(ticket, party);
        }
        Err(Refused::Plainly(code, retry_after_ms)) => {
            if let Ok((mut session, _)) = sessions.get_mut(entity) {
                reply.refuse(&mut session, code, about, retry_after_ms);
            }
        }
        Err(Refused::Because(why)) => {
            reply.counters.refused += 1;
            if let Ok((session, _)) = sessions.get(entity) {
                reply.answer(session.presence, about, &ServerMessage::QueueRefused { mode: key.to_owned(), why });
            }
        }
    }
}

/// Puts everyone of a party in line with one ticket, and tells them; their leader is answered so.
pub(crate) fn join_as(
    lines: &mut Lines<'_>,
    members: &PartyMembers<'_>,
    reply: &mut Reply<'_>,
    sessions: &mut Sessions<'_, '_>,
    (party, ticket, about): (&Party, SessionId, About),
    (key, criteria): (&str, Criteria),
) -> Result<(), Refused> {
    let mode = take_ticket(lines, members, sessions, (party, ticket), (key, criteria, reply.tick.0))?;
    let place = Place { mode, ticket, told_tick: reply.tick.0 };
    tell_joined(lines, members, reply, sessions, (party, about), place);
    Ok(())
}

/// Takes one ticket for all of a party.
fn take_ticket(
    lines: &mut Lines<'_>,
    members: &PartyMembers<'_>,
    sessions: &Sessions<'_, '_>,
    (party, who): (&Party, SessionId),
    (key, criteria, tick): (&str, Criteria, u64),
) -> Result<Id<ModeRule>, Refused> {
    let mode = lines.open(key).map_err(|(code, retry_after_ms)| Refused::Plainly(code, retry_after_ms))?;
    let terms = PartyTerms::of(&lines.catalog.mode(mode).1);
    let rating = members.rate(sessions, party, terms)?;
    let size = u16::try_from(party.members.len()).unwrap_or(u16::MAX);
    let ticket = Ticket { who, account: party.leader, rating, size, mode, joined_tick: tick };
    let joined = lines.queues.line.join_with(ticket, criteria);
    joined.map_err(|error| {
        let (code, retry_after_ms) = refusal(error);
        Refused::Plainly(code, retry_after_ms)
    })?;
    Ok(mode)
}

/// Gives every member its place in line, and tells it; who has asked is answered so.
fn tell_joined(
    lines: &mut Lines<'_>,
    members: &PartyMembers<'_>,
    reply: &mut Reply<'_>,
    sessions: &mut Sessions<'_, '_>,
    (party, about): (&Party, About),
    place: Place,
) {
    for account in &party.members {
        let entity = members.index.session_of(*account);
        let Some((mut session, mut in_line)) = entity.and_then(|entity| sessions.get_mut(entity).ok()) else {
            continue;
        };
        lines.store.acknowledge_reports(*account, &mut session.cached);
        *session.stage = Stage::Queued;
        in_line.0 = Some(place);
        let about = if *account == party.leader { about } else { About::NOTHING };
        lines.send(reply, (&session.presence, about), &in_line);
    }
}

/// Ends the tickets of parties that are no longer what they were as they joined, and tells the members of every ticket that has ended.
/// Who has left by itself was answered, and has no place any more.
pub(crate) fn end_changed(
    mut queues: ResMut<Queues>,
    members: PartyMembers,
    mut reply: Reply,
    mut sessions: Sessions,
    mut seen_revision: Local<u64>,
) {
    let revision = members.lookup.0.revision();
    if *seen_revision != revision {
        *seen_revision = revision;
        let is_other = |party: &Party| members.lookup.0.party_of(party.leader).as_ref() != Some(party);
        let parties =
            queues.parties.iter().filter(|(ticket, party)| !queues.server_made.contains(ticket) && is_other(party));
        let changed: Vec<SessionId> = parties.map(|(ticket, _)| *ticket).collect();
        changed.into_iter().for_each(|ticket| queues.end(ticket));
    }
    if queues.ended.is_empty() {
        return;
    }
    for (ticket, party) in std::mem::take(&mut queues.ended) {
        for account in party.members {
            let entity = members.index.session_of(account);
            let found = entity.and_then(|entity| sessions.get_mut(entity).ok());
            let Some((mut session, mut in_line)) = found else { continue };
            if in_line.0.is_none_or(|place| place.ticket != ticket) {
                continue;
            }
            in_line.0 = None;
            reply.send(&session.presence, &ServerMessage::Unqueued);
            Reply::free(&mut session);
        }
    }
}
