//! What the tick asks of the store, and what the store answers.

use hypogeum_creature_messages::GameId;
use hypogeum_progression::{OrderError, Profile, SettlementOrder};
use hypogeum_protocol::{
    AccountId, CharacterId, CharacterSheet, Grant, ItemId, MatchId, SettledReport, ShardId, StashedItem,
};

use crate::chat::{ChatReply, ChatRequest};
use crate::games::{GamesReply, GamesRequest};
use crate::scores::{ScoresReply, ScoresRequest};
use crate::social::{SocialReply, SocialRequest};

/// What the tick asks. Every request gets exactly one [`StoreReply`], in the order asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreRequest {
    /// What an account has.
    LoadProfile {
        /// The account that is looked up.
        account: AccountId,
        /// The character of it that is looked up, too.
        character: Option<CharacterId>,
        /// Comes back with the answer.
        tag: u64,
    },
    /// A match begins: what its players bring leaves their stashes. Asked again it answers the same and moves nothing.
    TakeEscrow {
        /// The match, unknown so far.
        match_id: MatchId,
        /// Key of its mode.
        mode: String,
        /// Fingerprint of its seed, which itself stays in the log.
        seed: u64,
        /// Everyone who plays, with what they bring, also those who bring nothing. Seats of nobody (account 0) are ignored.
        seats: Vec<(AccountId, Vec<ItemId>)>,
    },
    /// Some seats of a running match are done: they get what they earned, and are rated once the match is over. Asked again
    /// it answers the same and grants nothing.
    SettleSeats(SettlementOrder),
    /// A match is over: everyone gets what they earned and have not got yet, and is rated. Asked again it answers the same
    /// and grants nothing.
    Settle(SettlementOrder),
    /// Somebody enters an open shard: what it brings leaves its stash, and the shard holds it. Asked again it answers the same
    /// and moves nothing. A character that is not that account's, or that is in a shard, refuses all of it:
    /// [`StoreFailure::NoSuchCharacter`], [`StoreFailure::CharacterHeld`].
    CheckOut(CheckOut),
    /// Somebody has left an open shard, and gets what the visit was worth: a match of one seat that ends. What it leaves with
    /// is of what the shard holds, or was found there; what it brought and leaves behind, the shard goes on holding. Asked
    /// again it answers the same and grants nothing. A character is as [`Grant::character`] says from then on, and carries what is
    /// left with.
    SettleVisit {
        /// The visit, numbered as matches are; unknown so far where nothing was brought.
        visit: MatchId,
        /// The shard: the origin of what was found there.
        shard: ShardId,
        /// What people call the shard.
        place: String,
        /// Who it was, and what it gets.
        grant: Box<Grant>,
    },
    /// How characters are that are in an open shard: kept for whoever looks before their visits end, and for a visit that is undone. One
    /// whose visit is over, or that another visit holds, stays as it is. Asked again it does the same.
    KeepCharacters {
        /// At most [`CHARACTERS_KEPT_MAX`], each with the visit that holds it.
        kept: Vec<(MatchId, CharacterSheet)>,
    },
    /// An account has acknowledged the report of a match: its profile no longer lists it. Asked again it does nothing.
    AcknowledgeReport {
        /// The account that was sent the report.
        account: AccountId,
        /// The match that was reported.
        match_id: MatchId,
    },
    /// A match will not end properly: its escrow goes back. So it is with a visit that did not begin after all, and with an
    /// open shard that cannot go on, whose visits end with it. Asked again, or for one nobody knows, it does nothing.
    AbandonMatch {
        /// The match, visit or open shard to end.
        match_id: MatchId,
    },
    /// Something of the games of creatures.
    Games(GamesRequest),
    /// Something of the scores of boards.
    Scores(ScoresRequest),
    /// Something of the chat.
    Chat(ChatRequest),
    /// Something of friends.
    Social(SocialRequest),
}

/// Most characters of one [`StoreRequest::KeepCharacters`].
pub const CHARACTERS_KEPT_MAX: usize = 256;

/// What somebody brings into an open shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckOut {
    /// The visit, numbered as matches are, unknown so far.
    pub visit: MatchId,
    /// The shard that will hold it.
    pub shard: ShardId,
    /// What people call the shard.
    pub place: String,
    /// Who enters.
    pub account: AccountId,
    /// What it wants to bring, at most [`LOADOUT_ITEMS_MAX`](hypogeum_protocol::limits::LOADOUT_ITEMS_MAX): others are refused.
    pub items: Vec<ItemId>,
    /// The character that enters. What it carries is checked out with it, besides `items`.
    pub character: Option<CharacterId>,
}

/// What the store answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreReply {
    /// Answers [`StoreRequest::LoadProfile`].
    Profile {
        /// The tag of the request.
        tag: u64,
        /// The account that was looked up.
        account: AccountId,
        /// What it has; `None`: there is no such account.
        profile: Option<Box<Profile>>,
        /// The character that was asked for; `None` where none was, or it is not that account's, or deleted.
        character: Option<CharacterSheet>,
    },
    /// Answers [`StoreRequest::TakeEscrow`].
    EscrowTaken {
        /// The match whose escrow it is.
        match_id: MatchId,
        /// What is held for each account now, in the order of the seats asked for.
        taken: Vec<SeatEscrow>,
        /// What was asked for and is not held.
        refused: Vec<RefusedItem>,
    },
    /// Answers [`StoreRequest::SettleSeats`].
    SeatsSettled {
        /// The match whose seats were settled.
        match_id: MatchId,
        /// What each account got, in the order of the results; one without a seat got nothing.
        reports: Vec<(AccountId, SettledReport)>,
    },
    /// Answers [`StoreRequest::Settle`].
    Settled {
        /// The match that was settled.
        match_id: MatchId,
        /// What each account got, in the order of the results. The rating of one whose seat was settled before the end is
        /// the one it had then.
        reports: Vec<(AccountId, SettledReport)>,
        /// What each account is rated after the match, in the order of the results.
        ratings: Vec<(AccountId, i32)>,
        /// Accounts of the order that had no seat in the match and got nothing.
        seatless: Vec<AccountId>,
    },
    /// Answers [`StoreRequest::CheckOut`].
    CheckedOut {
        /// As asked.
        visit: MatchId,
        /// What the shard holds of it now, in the order of item names.
        taken: Vec<StashedItem>,
        /// What was asked for and is not held: not in that account's stash, asked for twice, or one too many.
        refused: Vec<ItemId>,
        /// The character that the visit holds, as it is.
        character: Option<CharacterSheet>,
    },
    /// Answers [`StoreRequest::SettleVisit`].
    VisitSettled {
        /// As asked.
        visit: MatchId,
        /// Who it was.
        account: AccountId,
        /// What it got; `None`: there is no such account.
        report: Option<SettledReport>,
    },
    /// Answers [`StoreRequest::AbandonMatch`].
    Abandoned {
        /// The match that was ended.
        match_id: MatchId,
        /// How many items returned to stashes.
        items_returned: u32,
    },
    /// Answers [`StoreRequest::KeepCharacters`].
    CharactersKept {
        /// How many of them their visits still held.
        count: u32,
    },
    /// Answers [`StoreRequest::AcknowledgeReport`].
    ReportAcknowledged {
        /// The account that was sent the report.
        account: AccountId,
        /// The match that was reported.
        match_id: MatchId,
    },
    /// Answers [`StoreRequest::Games`].
    Games(GamesReply),
    /// Answers [`StoreRequest::Scores`].
    Scores(ScoresReply),
    /// Answers [`StoreRequest::Chat`].
    Chat(ChatReply),
    /// Answers [`StoreRequest::Social`].
    Social(SocialReply),
    /// Nothing was changed.
    Failed {
        /// What was asked, whole, so that it can be asked again.
        request: Box<StoreRequest>,
        /// What went wrong, and whether asking again may help.
        failure: StoreFailure,
    },
}

/// What is held for one seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatEscrow {
    /// Who brings it.
    pub account: AccountId,
    /// What, in the order of item names.
    pub items: Vec<StashedItem>,
}

/// An item that was not taken: not in that account's stash, or asked for twice, or one too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedItem {
    /// Who wanted to bring it.
    pub account: AccountId,
    /// The item that stays where it is.
    pub item: ItemId,
}

/// Why a request changed nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreFailure {
    /// The store is slow, full or broken now. Asking again may work.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// What stands in the store, or the question, is wrong: a mistake of the server's own. Asking again is of no use.
    #[error("the store cannot do this: {0}")]
    Broken(String),
    /// No escrow was ever taken for this match.
    #[error("no match {0} is known")]
    UnknownMatch(MatchId),
    /// The match was settled or abandoned already, and not in a way that answers this request.
    #[error("match {0} is closed")]
    MatchClosed(MatchId),
    /// No game of creatures has this number, or it was dropped.
    #[error("no game {0} is known")]
    UnknownGame(GameId),
    /// There is no such character of that account.
    #[error("there is no character {0}")]
    NoSuchCharacter(CharacterId),
    /// The character is in a shard.
    #[error("character {character} is in a shard, for visit {visit}")]
    CharacterHeld {
        /// The character that was to be checked out.
        character: CharacterId,
        /// The visit that holds it.
        visit: MatchId,
    },
    /// The order contradicts itself.
    #[error("the settlement order is refused: {0}")]
    BadOrder(#[from] OrderError),
}

impl StoreFailure {
    /// Whether asking again may work.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}
