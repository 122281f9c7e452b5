//! What was changed over HTTP comes to those it concerns, and who asks where somebody is gets an answer.

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::{Query, Res, ResMut};
use hypogeum_protocol::{AccountId, ServerMessage, Whereabouts};
use hypogeum_sessions::{Presence, Reply};

use crate::blocks::{BlockChanged, Blocks};
use crate::book::SharedBook;
use crate::people::People;
use crate::port::{Asked, SocialNews, SocialPort};

/// What is taken in one tick; the rest waits for the next.
const TAKEN_PER_TICK_MAX: usize = 512;

/// Takes what was told and asked.
pub(crate) fn take_told(
    port: Res<SocialPort>,
    (mut people, mut blocks, book): (ResMut<People>, ResMut<Blocks>, Res<SharedBook>),
    mut changes: ResMut<Messages<BlockChanged>>,
    mut reply: Reply,
    presences: Query<&Presence>,
) {
    // Done here and not by the app's own registry: a host may be stepped without a whole app around its world.
    changes.update();
    for _ in 0..TAKEN_PER_TICK_MAX {
        let Some(asked) = port.0.try_pop() else {
            // Not before: what still waits is older than what was missed.
            if port.take_missed() {
                people.read_all_again();
            }
            return;
        };
        match asked {
            Asked::Look { viewer, others, promise } => {
                let seen = |other: &AccountId| {
                    let person = people.here.get(other).filter(|_| !blocks.is_blocked(viewer, *other));
                    person.map_or(Whereabouts::Offline, |person| person.seen_by(viewer))
                };
                promise.answer(others.iter().map(seen).collect());
            }
            Asked::News(news) => {
                if let SocialNews::Blocked { account, other, is_blocked } = news {
                    if people.here.contains_key(&account) {
                        blocks.set(account, other, is_blocked);
                    }
                    if is_blocked {
                        book.0.lock().hide_between(account, other);
                    }
                    changes.write(BlockChanged { account, other, is_blocked });
                }
                for (to, message) in take_news(&mut people, news) {
                    let session = people.here.get(&to).map(|person| person.session);
                    if let Some(presence) = session.and_then(|session| presences.get(session).ok()) {
                        reply.send(presence, &message);
                    }
                }
            }
        }
    }
}

/// Notes what has changed; returns whom to tell what.
fn take_news(people: &mut People, news: SocialNews) -> Vec<(AccountId, ServerMessage)> {
    match news {
        SocialNews::Requested { from, from_name, to } => {
            vec![(to, ServerMessage::FriendRequested { account: from, name: from_name })]
        }
        SocialNews::Accepted { friends: [(one, one_name), (other, other_name)] } => {
            befriend(people, one, other);
            befriend(people, other, one);
            people.tell_one(one, other);
            people.tell_one(other, one);
            vec![
                (one, ServerMessage::FriendAccepted { account: other, name: other_name }),
                (other, ServerMessage::FriendAccepted { account: one, name: one_name }),
            ]
        }
        SocialNews::Messaged { to, unread } => {
            let unread = u16::try_from(unread).unwrap_or(u16::MAX);
            vec![(to, ServerMessage::InboxChanged { unread })]
        }
        SocialNews::Parted { both } => {
            part(people, both);
            Vec::new()
        }
        SocialNews::Blocked { account, other, is_blocked } => {
            people.outdate(account);
            if is_blocked {
                part(people, [account, other]);
            }
            Vec::new()
        }
        SocialNews::VisibleTo { account, visible_to } => {
            people.outdate(account);
            if let Some(person) = people.here.get_mut(&account) {
                person.visible_to = visible_to;
                people.tell_friends(account);
            }
            Vec::new()
        }
    }
}

fn befriend(people: &mut People, account: AccountId, other: AccountId) {
    people.outdate(account);
    if let Some(person) = people.here.get_mut(&account) {
        person.friends.insert(other);
    }
}

/// Two are friends no longer: neither sees where the other is.
pub(crate) fn part(people: &mut People, [one, other]: [AccountId; 2]) {
    for (account, friend) in [(one, other), (other, one)] {
        people.outdate(account);
        let was_friend = people.here.get_mut(&account).is_some_and(|person| person.friends.remove(&friend));
        if was_friend {
            people.untold.insert((account, friend), Whereabouts::Offline);
        }
    }
}
