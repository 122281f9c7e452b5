//! What a view says has changed.

use hypogeum_protocol::{
    AccountId, ChatChannel, ChatLine, ChatNotice, FriendPresence, GameEvent, ItemId, MatchPhase, PartyInfo, QueryWhy,
    QueueRefusal, QueueWhy,
};

use super::Refusal;

/// What a message, or the wire, changed. The details stand in the [`View`](super::View).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The handshake is complete: say hello.
    Opened,
    /// The session is there.
    Welcomed,
    /// Something asked for was not done.
    Refused(Refusal),
    /// The queue stands otherwise.
    Queued,
    /// No longer queued.
    Unqueued,
    /// A match was found.
    LoadoutOpened,
    /// The server took the choice.
    LoadoutChosen,
    /// Items that were chosen stay at home; the match begins without them.
    LoadoutRefused(Vec<ItemId>),
    /// The match begins, or goes on after a reconnect.
    MatchStarted,
    /// Names of participants became known.
    NamesLearned,
    /// Somebody's score changed.
    ScoresChanged,
    /// A match is over for all; [`View::table`](super::View::table) says how it went.
    MatchEnded,
    /// A phase began.
    PhaseReached(MatchPhase),
    /// The inventory is another.
    InventoryChanged,
    /// Things happened; also in [`View::recent`](super::View::recent).
    Happened(Vec<GameEvent>),
    /// The kind of shard told something in words of its own.
    Told(Vec<u8>),
    /// Somebody said something that this client hears, itself included; also in [`View::chat`](super::View::chat).
    Chat(ChatLine),
    /// What was said before has come.
    ChatPage {
        /// Where it was said.
        channel: ChatChannel,
        /// With whom, where it was whispered.
        with: String,
        /// What of it this client had not heard, the oldest first.
        new: Vec<ChatLine>,
        /// Ask for lines before this one to see more; 0: there are none.
        before: u64,
    },
    /// Something that this client wanted in a chat was done, or refused.
    ChatNotice {
        /// What was done, or that it was refused.
        notice: ChatNotice,
        /// Who it is about, where it is about somebody.
        name: String,
        /// The whole of it in words.
        text: String,
    },
    /// Chunks of the ground lie near. The client asks for those that it does not know.
    ChunksNear,
    /// More of the ground is known, or a door has opened or closed; see [`MatchView::obstacles`](super::MatchView::obstacles).
    GroundChanged,
    /// Whether this client is told of a game of creatures.
    GameFollowed {
        /// Which game.
        game: u64,
        /// Whether it is.
        is_followed: bool,
        /// The last step that is not told: where it is later than the last one that was, ask for the game over HTTP.
        step: u32,
    },
    /// Something has happened in a game that this client follows.
    GameTold {
        /// Which game.
        game: u64,
        /// The step it happened in.
        step: u32,
        /// In words of the game's kind: of creatures a `GameNews`.
        body: Vec<u8>,
    },
    /// Somebody wants to be friends; it is answered by [`Api::accept_friend`](crate::Api::accept_friend) or
    /// [`Api::remove_friend`](crate::Api::remove_friend).
    FriendRequested {
        /// The account that asks.
        account: AccountId,
        /// As it is called.
        name: String,
    },
    /// Somebody and this account are friends from now on.
    FriendAccepted {
        /// The account of the friend.
        account: AccountId,
        /// As it is called.
        name: String,
    },
    /// Friends are elsewhere than they were.
    FriendsPresent(Vec<FriendPresence>),
    /// The party is another one, or none.
    PartyChanged(Option<PartyInfo>),
    /// Somebody invites this account into a party.
    PartyInvited {
        /// The number of the party.
        party: u64,
        /// Who invites.
        from: String,
        /// What the party is about; empty: its leader has not said.
        label: String,
        /// Seconds until the invitation is good no more.
        expires_s: u16,
    },
    /// This client does not queue, and nobody of its party.
    QueueRefused {
        /// Key of the mode that was wanted.
        mode: String,
        /// What was in the way.
        why: QueueRefusal,
    },
    /// This client watches somebody, somebody else, or nobody any more; see [`MatchView::is_watched`](super::MatchView::is_watched).
    Watching,
    /// Why this client still waits in line.
    QueueExplained(QueueWhy),
    /// How the query stands of this client's ticket; comes before [`Change::QueueExplained`].
    QueryExplained(QueryWhy),
    /// This account was told something that it reads over HTTP.
    InboxChanged {
        /// How many messages it has not read.
        unread: u16,
    },
    /// A newer snapshot, or datagram of the datagram lane.
    Saw,
    /// A snapshot or datagram not newer than the last, or of no match: ignored.
    Outdated,
    /// The match is over for this client.
    Settled,
    /// A ping came back.
    Pong {
        /// The nonce of the ping.
        nonce: u64,
    },
    /// The server ends.
    Goodbye,
    /// A message or datagram of the server could not be read; counted and ignored.
    Unreadable,
    /// The connection is gone.
    Closed(crate::wire::Ending),
}
