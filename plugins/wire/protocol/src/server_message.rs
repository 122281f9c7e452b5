//! What a server says. `PROTOCOL.md` beside this crate shows every byte.

use serde::{Deserialize, Serialize};

use crate::chat::{ChatChannel, ChatLine, ChatNotice};
use crate::chunk::{ChunkInfo, ChunkPlace, DoorChange};
use crate::codec;
use crate::error::ErrorCode;
use crate::event::GameEvent;
use crate::ids::{AccountId, ItemId, MatchId, NetId, SessionId};
use crate::parts::{
    Block, CarriedItem, ExitInfo, MatchPhase, ModeInfo, PoiInfo, ResultRow, RosterEntry, ScoreRow, SettledReport,
    StashItem,
};
use crate::queue::{QueryWhy, QueueRefusal, QueueWhy};
use crate::readable;
use crate::snapshot::Snapshot;
use crate::social::{FriendPresence, PartyInfo};

/// From the server. `Snapshot` comes over the unreliable channel, everything else over the reliable ordered one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerMessage {
    /// Answers the hello.
    Welcome {
        /// Names this session among all the server has.
        session: SessionId,
        /// The account it belongs to.
        account: AccountId,
        /// The account's name.
        name: String,
        /// The protocol both speak from here on.
        protocol_version: u16,
        /// Ticks a second of the server. No match takes more steps than that; each says how many as it begins.
        tick_hz: u16,
        /// BLAKE3 of the server's content: another one means other templates.
        #[serde(with = "readable::byte_array")]
        content_hash: [u8; 32],
        /// What can be queued for.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        modes: Vec<ModeInfo>,
        /// The match this account is in already, if any.
        current_match: Option<MatchId>,
        /// The locale of all words from here on: what the server has that comes nearest to what was wished.
        locale: String,
    },
    /// Something asked for was not done.
    Error {
        /// What was in the way.
        code: ErrorCode,
        /// Tag of the client message it answers, 255 where none could be read.
        about: u8,
        /// When trying again may help; 0: never.
        retry_after_ms: u32,
    },
    /// How the queue stands; sent when joined and at least every second.
    Queued {
        /// Key of the mode queued for.
        mode: String,
        /// How many wait in reach of this ticket, itself included.
        waiting: u16,
        /// How many the match wants.
        wanted: u16,
        /// Rating distance accepted now.
        window: u32,
    },
    /// No longer queued.
    Unqueued,
    /// A match was found: choose what to bring.
    LoadoutOpen {
        /// The match that was found.
        match_id: MatchId,
        /// Key of its mode.
        mode: String,
        /// Time left to choose.
        closes_in_ms: u32,
        /// What there is to choose from.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        stash: Vec<StashItem>,
    },
    /// The choice stands until another replaces it.
    LoadoutChosen {
        /// The items chosen, as the server has them now.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        items: Vec<ItemId>,
    },
    /// The match begins, or a place of the world is entered.
    MatchStarted {
        /// The match that begins, or the number of the place.
        match_id: MatchId,
        /// Key of its mode, or of the place.
        mode: String,
        /// Steps a second of this match, each of which takes one input.
        tick_hz: u16,
        /// The entity this client steers.
        avatar: NetId,
        /// Radius of its body in subunits: what it takes to predict where it walks.
        radius: i32,
        /// Side of the square map in subunits (1/256 m); the origin is its lower left corner.
        side: i32,
        /// What stands in the way; of a place of the world nothing, for that comes in chunks: [`ServerMessage::ChunksNear`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        obstacles: Vec<Block>,
        /// Where something is to be found.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        pois: Vec<PoiInfo>,
        /// Where one gets out.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        exits: Vec<ExitInfo>,
    },
    /// The match has reached a phase.
    Phase {
        /// The phase it is in now.
        phase: MatchPhase,
        /// The tick it began.
        tick: u32,
        /// The tick it ends.
        ends_tick: u32,
    },
    /// What the avatar carries; sent whole when it changes.
    Inventory {
        /// Rises with every change.
        version: u32,
        /// At most [`crate::limits::INVENTORY_ITEMS_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        items: Vec<CarriedItem>,
    },
    /// What happened that this client perceives.
    Events {
        /// The step they happened in.
        tick: u32,
        /// In order, at most [`crate::limits::EVENTS_PER_MESSAGE_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        events: Vec<GameEvent>,
    },
    /// The match is over for this client, and what it got is kept for good.
    Settled {
        /// The match it was.
        match_id: MatchId,
        /// How it went, and what the account has of it.
        report: SettledReport,
    },
    /// Answers a ping.
    Pong {
        /// The nonce of the ping.
        #[serde(deserialize_with = "readable::wide")]
        nonce: u64,
    },
    /// What the client sees now.
    Snapshot(Snapshot),
    /// The server ends; matches are saved or undone, escrow returns to the stash.
    Goodbye,
    /// Items that were chosen and are not brought: the stash has them no more, or the shard does not know them. The match, or
    /// the visit, begins without them.
    LoadoutRefused {
        /// The items that stay out of the match.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        items: Vec<ItemId>,
    },
    /// Who is who in the match. Comes unasked where there are at most [`crate::limits::ROSTER_TOLD_MAX`] participants.
    Roster {
        /// The match they are in.
        match_id: MatchId,
        /// At most [`crate::limits::ROSTER_ENTRIES_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        players: Vec<RosterEntry>,
    },
    /// How the match stands, where its mode lets everyone know.
    Scoreboard {
        /// The match it stands so in.
        match_id: MatchId,
        /// The step after which it stood so.
        tick: u32,
        /// The best, at most [`crate::limits::SCORE_ROWS_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        rows: Vec<ScoreRow>,
        /// This client's own, where it is not among them.
        own: Option<ScoreRow>,
    },
    /// The match is over for all: how it went for everyone.
    MatchEnded {
        /// The match it was.
        match_id: MatchId,
        /// How many took part.
        players: u16,
        /// The best, at most [`crate::limits::RESULT_ROWS_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        rows: Vec<ResultRow>,
        /// This client's own, where it is not among them.
        own: Option<ResultRow>,
        /// This account's rating after the match.
        rating: i32,
    },
    /// Something that the kind of shard tells, which alone knows what it means. It happened in a step, and is told in the order of
    /// what it tells.
    Told {
        /// The step it happened in.
        tick: u32,
        /// At most [`crate::limits::TOLD_BYTES_MAX`].
        #[serde(with = "readable::bytes")]
        body: Vec<u8>,
    },
    /// Somebody said something that this client hears. Its own lines come back, too.
    ChatLine(ChatLine),
    /// What was said before, as far as it is kept.
    ChatPage {
        /// The channel on which it was said.
        channel: ChatChannel,
        /// With whom, on [`ChatChannel::Whisper`].
        with: String,
        /// The oldest first, at most [`crate::limits::CHAT_PAGE_LINES_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        lines: Vec<ChatLine>,
        /// Ask for lines before this one to see more; 0: there are none.
        #[serde(deserialize_with = "readable::wide")]
        before: u64,
    },
    /// What came of something that this client wanted in a chat.
    ChatNotice {
        /// What was done, or that it was refused.
        notice: ChatNotice,
        /// Who it is about, where it is about somebody.
        name: String,
        /// The whole of it in words.
        text: String,
    },
    /// Chunks of the ground of a place that lie near by now, and were not told on this connection: ask for those that are not
    /// known.
    ChunksNear {
        /// The place they are of.
        match_id: MatchId,
        /// Side of every chunk of this place in subunits. The first one has the origin as its lower left corner.
        chunk_side: i32,
        /// At most [`crate::limits::CHUNKS_TOLD_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        chunks: Vec<ChunkInfo>,
    },
    /// A chunk that was asked for.
    Chunk {
        /// The place it is of.
        match_id: MatchId,
        /// Where it lies.
        at: ChunkPlace,
        /// A [`crate::Chunk`], at most [`crate::limits::CHUNK_BYTES_MAX`] bytes, which have the hash that was told.
        #[serde(with = "readable::bytes")]
        body: Vec<u8>,
    },
    /// Doors have changed in chunks that were told, or are not as those say.
    DoorsChanged {
        /// The place they are in.
        match_id: MatchId,
        /// How they are from now on.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        doors: Vec<DoorChange>,
    },
    /// Whether this client is told how a game of creatures goes on: the answer to a
    /// [`crate::ClientMessage::FollowGame`], and unasked where the game is put away.
    GameFollowed {
        /// The number of the game.
        #[serde(deserialize_with = "readable::wide")]
        game: u64,
        /// Whether it is.
        is_followed: bool,
        /// The last step of the game that is not told: how it stood then, or later, is seen over HTTP.
        step: u32,
    },
    /// Something that has happened in a game that this client follows, in the order in which it has.
    GameTold {
        /// The number of the game.
        #[serde(deserialize_with = "readable::wide")]
        game: u64,
        /// The step it happened in: one step may tell several things, or nothing.
        step: u32,
        /// In words of the game's kind, at most [`crate::limits::TOLD_BYTES_MAX`] bytes.
        #[serde(with = "readable::bytes")]
        body: Vec<u8>,
    },
    /// Somebody wants to be friends with this account. It is answered over HTTP.
    FriendRequested {
        /// Who asks.
        account: AccountId,
        /// As it is called.
        name: String,
    },
    /// Somebody and this account are friends from now on: somebody has taken its request, or it somebody's.
    FriendAccepted {
        /// Who was asked, and is a friend now.
        account: AccountId,
        /// As it is called.
        name: String,
    },
    /// Friends are elsewhere than they were, as far as this account may see it. How it stands at the beginning, their list says
    /// over HTTP.
    FriendsPresent {
        /// Each friend once, at most [`crate::limits::PRESENCES_PER_MESSAGE_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        friends: Vec<FriendPresence>,
    },
    /// The party this account is in, as it is now; sent with each change of it, and after the welcome.
    PartyChanged {
        /// `None`: it is in none any more.
        party: Option<PartyInfo>,
    },
    /// Somebody invites this account into a party.
    PartyInvited {
        /// The number of the party.
        #[serde(deserialize_with = "readable::wide")]
        party: u64,
        /// Who invites.
        from: String,
        /// What the party is about; empty: its leader has not said.
        label: String,
        /// Seconds until the invitation is good no more.
        expires_s: u16,
    },
    /// Answers a [`crate::ClientMessage::JoinQueue`] of somebody in a party, of which then nobody queues, and a
    /// [`crate::ClientMessage::JoinQueueWith`] that says something wrong.
    QueueRefused {
        /// Key of the mode that was wanted.
        mode: String,
        /// What was in the way.
        why: QueueRefusal,
    },
    /// Whom this client watches from now on: the answer to a [`crate::ClientMessage::Watch`], and unasked where that one is dead or out, where
    /// nobody is left, and on a new connection. [`ServerMessage::MatchStarted`] comes before the first one of a connection.
    Watching {
        /// The match.
        match_id: MatchId,
        /// The avatar by whose eyes it sees; [`NetId::NONE`]: it watches nobody any more.
        avatar: NetId,
        /// What that one is called; empty where it is nobody.
        name: String,
    },
    /// Answers a [`crate::ClientMessage::AskQueue`].
    QueueExplained(QueueWhy),
    /// This account was told something that it reads over HTTP.
    InboxChanged {
        /// How many messages it has not read.
        unread: u16,
    },
    /// Comes before each [`ServerMessage::QueueExplained`] of somebody whose ticket has a query or properties.
    QueryExplained(QueryWhy),
}
