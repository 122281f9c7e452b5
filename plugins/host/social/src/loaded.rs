//! Friends and blocks of those who have come, as the store answers.

use bevy_ecs::prelude::{MessageReader, Res, ResMut};
use hypogeum_protocol::Ignored;
use hypogeum_sessions::{HostTick, SessionsConfig, StoreAnswered};
use hypogeum_store::{ChatReply, SocialReply, SocialRequest, SocialSettings, StoreReply, StoreRequest};

use crate::blocks::Blocks;
use crate::book::SharedBook;
use crate::people::People;
use crate::told::part;

/// Takes what the store answers, to this crate and to the chat, whose blocks these are.
pub(crate) fn take_answers(
    mut answers: MessageReader<StoreAnswered>,
    (tick, config): (Res<HostTick>, Res<SessionsConfig>),
    (mut people, mut blocks, book): (ResMut<People>, ResMut<Blocks>, Res<SharedBook>),
) {
    for StoreAnswered(answer) in answers.read() {
        match answer {
            StoreReply::Social(SocialReply::Loaded(all)) => {
                for settings in all {
                    take_settings(&mut people, &mut blocks, settings);
                }
            }
            StoreReply::Chat(ChatReply::Ignored { account, ignored, whom: Ok((other, _)) }) => {
                let is_blocked = *ignored == Ignored::Blocked;
                people.outdate(*account);
                if people.here.contains_key(account) {
                    blocks.set(*account, *other, is_blocked);
                }
                if is_blocked {
                    part(&mut people, [*account, *other]);
                    book.0.lock().hide_between(*account, *other);
                }
            }
            StoreReply::Failed { request, .. } => {
                let StoreRequest::Social(SocialRequest::Load { accounts }) = &**request else { continue };
                for account in accounts {
                    people.load_later(*account, tick.0, &config);
                }
            }
            _ => {}
        }
    }
}

/// Takes what was read of somebody, unless something has changed since it was asked for: then it is read again, lest a friendship that has
/// ended, or a block that is gone or new, is as it was before.
fn take_settings(people: &mut People, blocks: &mut Blocks, settings: &SocialSettings) {
    let account = settings.account;
    let Some(person) = people.here.get_mut(&account) else { return };
    if person.is_outdated {
        people.load_again(account);
        return;
    }
    person.friends = settings.friends.iter().copied().collect();
    person.visible_to = settings.visible_to;
    person.is_loaded = true;
    people.note_account_name(account, &settings.name);
    blocks.set_all(account, settings.blocked.iter().copied());
    people.tell_friends(account);
}

#[cfg(test)]
mod tests {
    use bevy_ecs::prelude::Entity;
    use hypogeum_protocol::AccountId;
    use hypogeum_store::VisibleTo;

    use super::*;

    #[test]
    fn what_has_changed_while_it_was_read_is_read_again() {
        let (ada, bob) = (AccountId(1), AccountId(2));
        let (mut people, mut blocks) = (People::default(), Blocks::default());
        people.come(ada, Entity::PLACEHOLDER, "Ada");
        assert_eq!(people.take_due(0), [ada], "she is asked for");
        part(&mut people, [ada, bob]);
        let read = |friends, blocked| SocialSettings {
            account: ada,
            name: "Ada".to_owned(),
            friends,
            blocked,
            visible_to: VisibleTo::Friends,
        };
        take_settings(&mut people, &mut blocks, &read(vec![bob], vec![]));
        assert!(people.here[&ada].friends.is_empty() && !people.here[&ada].is_loaded, "that was before they parted");
        assert_eq!(people.take_due(1), [ada], "she is asked for again");
        take_settings(&mut people, &mut blocks, &read(vec![], vec![bob]));
        assert!(people.here[&ada].is_loaded && blocks.is_blocked(ada, bob), "as it stands by now");
        assert!(people.take_due(2).is_empty(), "and no more");
    }
}
