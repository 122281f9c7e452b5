//! How threads beside the tick put people in line: a studio's own lobby, a console.

use std::sync::Arc;

use bevy_ecs::prelude::{Query, Res, Resource};
use hypogeum_hosting::{Answer, Promise, promise};
use hypogeum_protocol::{AccountId, ErrorCode, Property, QueryWhy, QueueRefusal, QueueWhy};
use hypogeum_sessions::{About, Reply, Session, SessionsConfig, Stage};
use hypogeum_social::Party;
use hypogeum_store::Bounded;

use crate::party_queue::{self, PartyMembers, Refused};
use crate::queueing::{InLine, Lines};
use crate::wanted::Wanted;

/// Questions that may wait for the tick; one more is refused.
const ASKED_WAITING_MAX: usize = 1_024;
/// Questions that are answered in one tick.
const ASKED_PER_TICK_MAX: usize = 64;

/// The way to those who wait for matches. A clone leads to the same ones.
#[derive(Resource, Clone, Debug)]
pub struct TicketsPort(Arc<Bounded<Asked>>);

impl Default for TicketsPort {
    fn default() -> Self {
        Self(Arc::new(Bounded::new(ASKED_WAITING_MAX)))
    }
}

/// People who are to play together, whether or not they are a party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTicket {
    /// Key of the mode.
    pub mode: String,
    /// Who, each once; the first stands for all. They are connected and in nothing.
    pub accounts: Vec<AccountId>,
    /// What the ticket says of itself.
    pub properties: Vec<Property>,
    /// What it asks of others.
    pub query: String,
}

/// A ticket in line, and why it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketState {
    /// Whom it is for, who stands for all of them first.
    pub accounts: Vec<AccountId>,
    /// How its wait stands.
    pub why: QueueWhy,
    /// How its query stands; `None`: it has neither query nor properties.
    pub query: Option<QueryWhy>,
}

/// Why nothing was done. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// No such mode is played here.
    #[error("there is no such mode")]
    UnknownMode,
    /// These people, or this ticket, cannot be put in line.
    #[error("the ticket is not taken: {0:?}")]
    Refused(QueueRefusal),
    /// They do not wait for a match.
    #[error("there is no ticket of this account")]
    NoTicket,
    /// As many wait as may, or as many matches run as may.
    #[error("no more can wait now")]
    Full,
    /// The server begins nothing more.
    #[error("the server begins no more matches")]
    Draining,
}

/// What is answered: the ticket as it is, or as it was.
pub type TicketAnswer = Result<TicketState, TicketError>;

/// A question as it waits.
#[derive(Debug)]
enum Asked {
    Join { wanted: NewTicket, promise: Promise<TicketAnswer> },
    Leave { account: AccountId, promise: Promise<TicketAnswer> },
    Look { account: AccountId, promise: Promise<TicketAnswer> },
}

impl TicketsPort {
    /// Puts people in line with one ticket. Each of them is told as if they had queued themselves.
    pub fn join(&self, wanted: NewTicket) -> Answer<TicketAnswer> {
        self.ask(|promise| Asked::Join { wanted, promise })
    }

    /// Takes the ticket of an account out of line, whoever made it, with everyone it is for.
    pub fn leave(&self, account: AccountId) -> Answer<TicketAnswer> {
        self.ask(|promise| Asked::Leave { account, promise })
    }

    /// Why an account still waits.
    pub fn look(&self, account: AccountId) -> Answer<TicketAnswer> {
        self.ask(|promise| Asked::Look { account, promise })
    }

    fn ask(&self, question: impl FnOnce(Promise<TicketAnswer>) -> Asked) -> Answer<TicketAnswer> {
        let (promise, answer) = promise();
        // Refused, it is dropped, and the answer is that there will be none.
        drop(self.0.try_push(question(promise)));
        answer
    }
}

/// Answers what was asked.
pub(crate) fn answer_asked(
    (port, config): (Res<TicketsPort>, Res<SessionsConfig>),
    (mut lines, members): (Lines, PartyMembers),
    mut reply: Reply,
    mut sessions: Query<(Session, &'static mut InLine)>,
) {
    for _ in 0..ASKED_PER_TICK_MAX {
        let Some(asked) = port.0.try_pop() else { return };
        match asked {
            Asked::Join { wanted, promise } => {
                promise.answer(join(&mut lines, &members, &mut reply, &mut sessions, (&config, wanted)));
            }
            Asked::Leave { account, promise } => {
                let state = look(&lines, &members, &sessions, (&config, account, reply.tick.0));
                if state.is_ok()
                    && let Some(entity) = members.session_of(account)
                    && let Ok((mut session, mut in_line)) = sessions.get_mut(entity)
                {
                    lines.leave(&mut reply, (&mut session, &mut in_line), About::NOTHING);
                }
                promise.answer(state);
            }
            Asked::Look { account, promise } => {
                promise.answer(look(&lines, &members, &sessions, (&config, account, reply.tick.0)));
            }
        }
    }
}

fn join(
    lines: &mut Lines<'_>,
    members: &PartyMembers<'_>,
    reply: &mut Reply<'_>,
    sessions: &mut Query<'_, '_, (Session, &'static mut InLine)>,
    (config, wanted): (&SessionsConfig, NewTicket),
) -> TicketAnswer {
    let NewTicket { mode, accounts, properties, query } = wanted;
    let Some(&leader) = accounts.first() else { return Err(TicketError::NoTicket) };
    let criteria =
        Wanted { mode: &mode, properties: &properties, query: &query }.criteria().map_err(TicketError::Refused)?;
    let away = TicketError::Refused(QueueRefusal::MemberAway { account: leader });
    let entity = members.session_of(leader).ok_or(away)?;
    let ticket = sessions.get(entity).map_err(|_| away)?.0.who.session;
    // Nobody's party: it has no number, and what becomes of parties changes nothing.
    let party = Party { id: 0, leader, members: accounts };
    let joined =
        party_queue::join_as(lines, members, reply, sessions, (&party, ticket, About::NOTHING), (&mode, criteria));
    joined.map_err(|refused| match refused {
        Refused::Because(why) => TicketError::Refused(why),
        Refused::Plainly(ErrorCode::UnknownMode, _) => TicketError::UnknownMode,
        Refused::Plainly(ErrorCode::Draining, _) => TicketError::Draining,
        // How many they are, and that none of them waits, was looked at before: what is missing is room.
        Refused::Plainly(..) => TicketError::Full,
    })?;
    if party.members.len() > 1 {
        lines.queues.server_made.insert(ticket);
        lines.queues.parties.insert(ticket, party);
    }
    look(lines, members, sessions, (config, leader, reply.tick.0))
}

fn look(
    lines: &Lines<'_>,
    members: &PartyMembers<'_>,
    sessions: &Query<'_, '_, (Session, &'static mut InLine)>,
    (config, account, tick): (&SessionsConfig, AccountId, u64),
) -> TicketAnswer {
    let found = members.session_of(account).and_then(|entity| sessions.get(entity).ok());
    let (session, in_line) = found.ok_or(TicketError::NoTicket)?;
    if *session.stage != Stage::Queued {
        return Err(TicketError::NoTicket);
    }
    let party = in_line.0.and_then(|place| lines.queues.parties.get(&place.ticket));
    let accounts = party.map_or_else(|| vec![account], |party| party.members.clone());
    let (why, query) = lines.why(config, in_line, tick).ok_or(TicketError::NoTicket)?;
    Ok(TicketState { accounts, why, query })
}
