//! Friends and blocks of those who have come, as the store answers.

use bevy_ecs::prelude::{MessageReader, Res, ResMut};
use hypogeum_protocol::Ignored;
use hypogeum_sessions::{HostTick, SessionsConfig, StoreAnswered};
use hypogeum_store::{ChatReply, SocialReply, SocialRequest, StoreReply, StoreRequest};

use crate::blocks::Blocks;
use crate::people::People;
use crate::told::part;

/// Takes what the store answers, to this crate and to the chat, whose blocks these are.
pub(crate) fn take_answers(
    mut answers: MessageReader<StoreAnswered>,
    (tick, config): (Res<HostTick>, Res<SessionsConfig>),
    (mut people, mut blocks): (ResMut<People>, ResMut<Blocks>),
) {
    for StoreAnswered(answer) in answers.read() {
        match answer {
            StoreReply::Social(SocialReply::Loaded(all)) => {
                for settings in all {
                    let Some(person) = people.here.get_mut(&settings.account) else { continue };
                    // Whoever became a friend while this was read stays one.
                    person.friends.extend(settings.friends.iter().copied());
                    person.visible_to = settings.visible_to;
                    person.is_loaded = true;
                    people.note_account_name(settings.account, &settings.name);
                    blocks.set_all(settings.account, settings.blocked.iter().copied());
                    people.tell_friends(settings.account);
                }
            }
            StoreReply::Chat(ChatReply::Ignored { account, ignored, whom: Ok((other, _)) }) => {
                let is_blocked = *ignored == Ignored::Blocked;
                if people.here.contains_key(account) {
                    blocks.set(*account, *other, is_blocked);
                }
                if is_blocked {
                    part(&mut people, [*account, *other]);
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
