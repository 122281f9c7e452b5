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
    // Whom somebody blocks is known once its account is read: before that it is not here yet.
    let person = people.here.get(&to).filter(|person| person.is_loaded).ok_or(ErrorCode::NoSuchEntity)?;
    let to_name = person.name.clone();
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
        PartyAct::Decline { party } => book.decline(own, *party, tick),
        PartyAct::Leave => book.leave(own),
        PartyAct::Kick { account } => book.kick(own, *account),
        PartyAct::Promote { account } => book.promote(own, *account),
        PartyAct::Label { label } => book.label(own, labels.checked(label)?),
        // It needs to know who is here.
        PartyAct::Invite { .. } => Err(ErrorCode::WrongState),
    }
}

#[cfg(test)]
mod tests {
    use bevy_ecs::prelude::Entity;
    use hypogeum_protocol::SessionId;

    use super::*;

    #[test]
    fn nobody_is_invited_before_it_is_known_whom_it_blocks() {
        let (ada, bob) = (AccountId(1), AccountId(2));
        let (mut people, blocks, mut book) = (People::default(), Blocks::default(), Book::new(8));
        people.come(bob, Entity::PLACEHOLDER, "Bob");
        let who = Who { session: SessionId(7), account: ada, name: "Ada".to_owned(), character: None };
        let mut asked = |people: &People| invite(&mut book, (people, &blocks), (&who, "Bob"), ((0, 60), 60));
        assert_eq!(asked(&people).map(drop), Err(ErrorCode::NoSuchEntity), "his account is still read");
        people.here.get_mut(&bob).expect("he is here").is_loaded = true;
        assert!(matches!(asked(&people), Ok(Some((to, _))) if to == bob), "now he is");
    }
}
