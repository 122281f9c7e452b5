//! What clients do in parties.

use bevy_ecs::prelude::{MessageReader, Query, Res};
use hypogeum_protocol::{AccountId, ClientMessage, ErrorCode, PartyAct, ServerMessage};
use hypogeum_sessions::{MessageReceived, Reply, Session, SessionsConfig, Who};

use crate::SocialConfig;
use crate::blocks::Blocks;
use crate::book::{Book, Guest, SharedBook};
use crate::label::LabelCheck;
use crate::people::People;

/// Numbers of parties have this bit and none above it: they are exact in every reader of JSON. Below it chance decides: what was said in a party
/// of an earlier run is nobody else's to read.
const PARTY_BIT: u64 = 1 << 52;

/// An invitation that goes out: to whom, and what it says.
type Outgoing = Option<(AccountId, ServerMessage)>;

/// Takes what is done in parties.
pub(crate) fn take_acts(
    mut messages: MessageReader<MessageReceived>,
    (config, ticks): (Res<SocialConfig>, Res<SessionsConfig>),
    (people, blocks, labels): (Res<People>, Res<Blocks>, Res<LabelCheck>),
    shared: Res<SharedBook>,
    mut reply: Reply,
    mut sessions: Query<Session>,
) {
    for MessageReceived { session: entity, about, message } in messages.read() {
        let ClientMessage::Party { act } = message else { continue };
        let Ok(who) = sessions.get(*entity).map(|session| session.who.clone()) else { continue };
        let now = (reply.tick.0, reply.tick.0 + ticks.ticks(config.invitation_s.into()));
        let done = match act {
            PartyAct::Invite { name } => {
                invite(&mut shared.0.lock(), (&people, &blocks), (&who, name), (now, config.invitation_s))
            }
            other => act_on(&mut shared.0.lock(), &labels, &who, (other, now.0)).map(|()| None),
        };
        match done {
            Ok(Some((to, message))) => {
                let session = people.here.get(&to).and_then(|person| sessions.get(person.session).ok());
                if let Some(session) = session {
                    reply.send(session.presence, &message);
                }
            }
            Ok(None) => {}
            Err(code) => {
                if let Ok(mut session) = sessions.get_mut(*entity) {
                    reply.refuse(&mut session, code, *about, 0);
                }
            }
        }
    }
}

fn invite(
    book: &mut Book,
    (people, blocks): (&People, &Blocks),
    (who, name): (&Who, &str),
    (now, good_s): ((u64, u64), u16),
) -> Result<Outgoing, ErrorCode> {
    let to = people.named(name).ok_or(ErrorCode::NoSuchEntity)?;
    let to_name = people.here.get(&to).map(|person| person.name.clone()).ok_or(ErrorCode::NoSuchEntity)?;
    let from = Guest { account: who.account, name: who.name.clone() };
    let is_hidden = blocks.is_blocked(who.account, to);
    let mut id = new_number();
    while !book.is_free(id) {
        id = new_number();
    }
    let invited = book.invite((from, Guest { account: to, name: to_name }), is_hidden, id, now)?;
    let message = ServerMessage::PartyInvited {
        party: invited.party,
        from: who.name.clone(),
        label: invited.label,
        expires_s: good_s,
    };
    Ok((!invited.is_hidden).then_some((to, message)))
}

fn new_number() -> u64 {
    PARTY_BIT | rand::random::<u64>() & (PARTY_BIT - 1)
}

fn act_on(book: &mut Book, labels: &LabelCheck, who: &Who, (act, tick): (&PartyAct, u64)) -> Result<(), ErrorCode> {
    let own = who.account;
    match act {
        PartyAct::Accept { party } => book.accept(own, *party, tick),
        PartyAct::Decline { party } => book.decline(own, *party),
        PartyAct::Leave => book.leave(own),
        PartyAct::Kick { account } => book.kick(own, *account),
        PartyAct::Promote { account } => book.promote(own, *account),
        PartyAct::Label { label } => book.label(own, labels.checked(label)?),
        // It needs to know who is here.
        PartyAct::Invite { .. } => Err(ErrorCode::WrongState),
    }
}
