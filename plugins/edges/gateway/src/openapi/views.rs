//! What the document says of values that other crates put into JSON, or that are put together from parts: the same fields,
//! written down once more. A test compares them with real ones.

use serde_json::Value;
use utoipa::ToSchema;

use super::values::{AccountNameText, ItemName, MoveWord, PasswordText, RefreshTokenText, Stats, TokenType};

/// A name and a password for a new account.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccount {
    #[schema(value_type = AccountNameText)]
    name: String,
    #[schema(value_type = PasswordText)]
    password: String,
}

/// An open login.
#[derive(ToSchema)]
pub(super) struct Login {
    /// For `Authorization: Bearer …`.
    access_token: String,
    #[schema(value_type = TokenType)]
    token_type: String,
    /// How long the access token is good.
    expires_in_s: u64,
    account_id: u64,
    #[schema(value_type = RefreshTokenText)]
    refresh_token: String,
    /// How long the refresh token is good.
    refresh_expires_in_s: u64,
}

/// A guest's login, which has nothing to refresh.
#[derive(ToSchema)]
pub(super) struct GuestLogin {
    /// For `Authorization: Bearer …`.
    access_token: String,
    #[schema(value_type = TokenType)]
    token_type: String,
    /// How long the access token is good.
    expires_in_s: u64,
    account_id: u64,
}

/// Which blobs there are, or which have changed.
#[derive(ToSchema)]
pub(super) struct ContentManifest {
    /// By which one asks later what has changed.
    manifest_hash: String,
    /// The hash of the content, as a welcome tells it.
    content_hash: String,
    /// The manifest that it tells the changes since.
    #[schema(value_type = String, required = false)]
    since: Option<String>,
    blobs: Vec<ContentBlob>,
    /// Names of blobs that are there no more.
    #[schema(required = false)]
    removed: Vec<String>,
}

/// A blob of the content.
#[derive(ToSchema)]
struct ContentBlob {
    name: String,
    /// By which it is fetched.
    hash: String,
    bytes: u64,
}

/// Why a request was not done. Act on `code`; without `retry_after_ms` the same request fails again.
#[derive(ToSchema)]
pub(super) struct Refusal {
    code: String,
    /// For people.
    message: String,
    /// When trying again may help.
    #[schema(value_type = u64, required = false)]
    retry_after_ms: Option<u64>,
    /// The item that it is about.
    #[schema(value_type = ItemName, required = false)]
    item: Option<String>,
    /// The cosmetic that it is about.
    #[schema(value_type = String, required = false)]
    cosmetic: Option<String>,
    /// The field that it is about.
    #[schema(value_type = String, required = false)]
    field: Option<String>,
    /// The creature that it is about.
    #[schema(value_type = u64, required = false)]
    creature: Option<u64>,
    /// The game that it is about.
    #[schema(value_type = u64, required = false)]
    game: Option<u64>,
    /// The turn that it is.
    #[schema(value_type = u32, required = false)]
    turn: Option<u32>,
    /// What the request says.
    #[schema(value_type = i64, required = false)]
    expected: Option<i64>,
    /// What there is instead: a number, a word, or null.
    #[schema(required = false)]
    found: Value,
    /// What would be needed.
    #[schema(value_type = i64, required = false)]
    needed: Option<i64>,
    /// How much is left.
    #[schema(value_type = u64, required = false)]
    left: Option<u64>,
    /// The most that there may be.
    #[schema(value_type = u64, required = false)]
    most: Option<u64>,
    /// The stat that it is about.
    #[schema(value_type = String, required = false)]
    stat: Option<String>,
    /// How far a trade has come.
    #[schema(value_type = String, required = false)]
    state: Option<String>,
    /// The words that would be understood.
    #[schema(value_type = Vec<String>, required = false)]
    known: Option<Vec<String>>,
    /// What is wrong with the server.
    #[schema(value_type = Vec<String>, required = false)]
    reasons: Option<Vec<String>>,
}

/// A game of creatures as it stands.
#[derive(ToSchema)]
pub(super) struct Game {
    game: u64,
    tournament: String,
    entrants: Vec<Entrant>,
    pairings: Vec<Pairing>,
    /// Battles that are fought now.
    battles: Vec<Battle>,
    /// The number of the entrant that has won it.
    #[schema(required)]
    champion: Option<u8>,
    is_over: bool,
}

/// A creature in a game.
#[derive(ToSchema)]
pub(super) struct Entrant {
    /// 0 is the best seed.
    number: u8,
    /// 0: a machine's.
    creature: u64,
    /// The account that owns it; 0: a machine's.
    owner: u64,
    owner_name: String,
    name: String,
    kind: String,
    #[schema(value_type = Stats)]
    stats: Stats,
    points: u32,
    rank: u8,
    is_in: bool,
    wants: Wants,
}

/// What a game waits for.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum Wants {
    Nothing,
    Points {
        #[schema(required)]
        until_unix_ms: Option<u64>,
    },
    Ready {
        until_unix_ms: u64,
    },
    Move {
        #[schema(required)]
        until_unix_ms: Option<u64>,
    },
}

/// Two who meet.
#[derive(ToSchema)]
pub(super) struct Pairing {
    number: u16,
    round: u8,
    /// `final`, `semifinal`, `round_of_16`, `upper_1`, `swiss` …
    place: String,
    /// Who meets, where that is known.
    #[schema(min_items = 2, max_items = 2)]
    sides: Vec<Option<u8>>,
    best_of: u8,
    #[schema(min_items = 2, max_items = 2, value_type = Vec<u32>)]
    wins: Vec<u8>,
    #[schema(required)]
    outcome: Option<Outcome>,
}

/// How two have parted.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum Outcome {
    Won(u8),
    Forfeited(u8),
    BothGone(Option<u8>),
    NotNeeded,
}

/// A battle that is fought now.
#[derive(ToSchema)]
pub(super) struct Battle {
    pairing: u16,
    game: u8,
    /// The one to come, from 1.
    turn: u32,
    #[schema(min_items = 2, max_items = 2)]
    fighters: Vec<Fighter>,
    /// What was done in the turn before.
    last: Vec<Act>,
}

/// One of two who fight.
#[derive(ToSchema)]
pub(super) struct Fighter {
    entrant: u8,
    hp: u32,
    hp_max: u32,
    defends_left: u32,
    specials_left: u32,
    has_chosen: bool,
}

/// What one did in a turn.
#[derive(ToSchema)]
pub(super) struct Act {
    side: Side,
    #[schema(value_type = MoveWord)]
    what: MoveWord,
    result: ActResult,
    defends_left: u32,
    specials_left: u32,
}

/// One of two who fight.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum Side {
    First,
    Second,
}

/// What came of an act.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum ActResult {
    Defends,
    Dodged,
    Hit { damage: u32, is_critical: bool, is_defended: bool, hp_before: u32, hp_after: u32 },
}

/// Who meets whom in a game.
#[derive(ToSchema)]
pub(super) struct Bracket {
    game_id: u64,
    pairings: Vec<Pairing>,
    #[schema(required)]
    champion: Option<u8>,
    is_over: bool,
}
