//! What is told of games and people elsewhere: nothing in the view is changed by it.

use hypogeum_protocol::ServerMessage as Message;

use super::Change;

/// What a message tells of a game that is followed, of friends, of a party or of the inbox. The view
/// takes all others itself.
pub(super) fn told(message: Message) -> Change {
    match message {
        Message::GameFollowed { game, is_followed, step } => Change::GameFollowed { game, is_followed, step },
        Message::GameTold { game, step, body } => Change::GameTold { game, step, body },
        Message::FriendRequested { account, name } => Change::FriendRequested { account, name },
        Message::FriendAccepted { account, name } => Change::FriendAccepted { account, name },
        Message::FriendsPresent { friends } => Change::FriendsPresent(friends),
        Message::PartyChanged { party } => Change::PartyChanged(party),
        Message::PartyInvited { party, from, label, expires_s } => {
            Change::PartyInvited { party, from, label, expires_s }
        }
        Message::QueueRefused { mode, why } => Change::QueueRefused { mode, why },
        Message::QueueExplained(why) => Change::QueueExplained(why),
        Message::QueryExplained(why) => Change::QueryExplained(why),
        Message::InboxChanged { unread } => Change::InboxChanged { unread },
        _ => Change::Outdated,
    }
}
