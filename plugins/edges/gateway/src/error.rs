//! How requests that fail are answered.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hypogeum_accounts::{AccountError, AccountStoreError, CHARACTERS_MAX, CharacterError, StorageError, Unauthorized};
use hypogeum_economy::{CosmeticError, EconomyError};
use hypogeum_matches::TicketError;
use hypogeum_progression::ProgressUnavailable;
use hypogeum_social::{InboxError, SocialError};
use hypogeum_tournaments::{CreatureError, CreatureNameError, CreatureRuleError, EntryError};
use serde::Serialize;
use serde_json::{Value, json};

use crate::game_error::GameError;
use crate::ladders::LadderError;
use crate::leaderboards::LeaderboardError;
use crate::sockets::SOCKET_VERSION;
use crate::{cosmetics, creatures, economy, entry_error, friends, inbox, storage, tickets};

/// Why a request was not done. Its code is the stable part, its message is for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The body is not the JSON this request takes.
    #[error("{0}")]
    MalformedJson(String),
    /// The query is not one that this path takes.
    #[error("{0}")]
    MalformedQuery(String),
    /// The body arrived in part only.
    #[error("the request's body did not arrive in time, or not whole")]
    BodyIncomplete,
    /// The `Content-Type` is something else.
    #[error("the body must be application/json")]
    UnsupportedMediaType,
    /// A trusted proxy forwards, and does not say for whom.
    #[error("the proxy's X-Forwarded-For cannot be read")]
    BadForwarded,
    /// More body than allowed.
    #[error("the body has more than {0} bytes")]
    BodyTooLarge(usize),
    /// No such name can be had.
    #[error("{0}")]
    InvalidName(AccountError),
    /// No such password can be had.
    #[error("{0}")]
    WeakPassword(AccountError),
    /// Someone else has the name.
    #[error("the name is taken")]
    NameTaken,
    /// No such account, or another password: it is not said which.
    #[error("no account has this name and this password")]
    WrongCredentials,
    /// The access token proves nothing.
    #[error("{0}")]
    Unauthorized(Unauthorized),
    /// The access token is good, but its login was closed.
    #[error("this login was closed: log in again")]
    LoginClosed,
    /// The refresh token was used before: its login is closed now.
    #[error("this refresh token was used before, so its login is closed: log in again")]
    RefreshReused,
    /// No such refresh token, or one that has expired, or one of a closed login.
    #[error("this refresh token is not good, or no longer: log in again")]
    RefreshRefused,
    /// The account has no such character.
    #[error("there is no such character")]
    NoSuchCharacter,
    /// The game has no such table of daily rewards.
    #[error("there is no such table of daily rewards")]
    NoSuchDaily,
    /// The account has played no such match to its end.
    #[error("there is no such match")]
    NoSuchMatch,
    /// The account has as many characters as it may.
    #[error("an account has at most {CHARACTERS_MAX} characters")]
    TooManyCharacters,
    /// It has to leave the shard it is in first.
    #[error("the character is in a shard: leave first")]
    CharacterInShard,
    /// Nothing was traded, bought or sold.
    #[error("{0}")]
    Economy(EconomyError),
    /// Nothing was done with a cosmetic.
    #[error("{0}")]
    Cosmetic(CosmeticError),
    /// No creature can be called that.
    #[error("{0}")]
    InvalidCreatureName(CreatureNameError),
    /// The game has no such type of creature.
    #[error("there is no such type of creature")]
    UnknownCreatureType {
        /// What was asked for, or its beginning.
        found: String,
        /// The keys that there are.
        known: Vec<String>,
    },
    /// Points of a creature cannot be given so.
    #[error("{0}")]
    CreatureRule(CreatureRuleError),
    /// Nothing was done with a game of creatures.
    #[error("{0}")]
    Game(GameError),
    /// Nothing was done with a ladder.
    #[error("{0}")]
    Ladder(LadderError),
    /// Nothing is shown of a board.
    #[error("{0}")]
    Leaderboard(LeaderboardError),
    /// Nothing was done about a friend or a block.
    #[error("{0}")]
    Social(SocialError),
    /// Nothing was done about a message.
    #[error("{0}")]
    Inbox(InboxError),
    /// Nobody was put in line, and nothing is known of a ticket.
    #[error("{0}")]
    Ticket(TicketError),
    /// A ticket for nobody, for somebody twice, for too many, or that says too much.
    #[error(
        "a ticket has from 1 to 32 accounts, each once, at most 16 properties, each a text or a number, and a query of at most 512 bytes"
    )]
    InvalidTicket {
        /// Which part of it.
        field: &'static str,
    },
    /// No object was read, written or deleted.
    #[error("{0}")]
    Storage(StorageError),
    /// Nothing was done with a creature or a game.
    #[error("{0}")]
    Creature(CreatureError),
    /// Nobody opened, entered, left or called off a game.
    #[error("{0}")]
    Entry(EntryError),
    /// The client may not be a guest here.
    #[error("this server takes no guests from there: register instead")]
    GuestsRefused,
    /// The request does not come from this machine.
    #[error("only this machine may ask that")]
    LocalOnly,
    /// A page of that origin may not open a WebSocket.
    #[error("no page of this origin may open a WebSocket here")]
    OriginRefused,
    /// The client speaks none of these subprotocols.
    #[error("none of these subprotocols is spoken here")]
    UnknownSubprotocol(Vec<&'static str>),
    /// This path makes a WebSocket of the connection, and the request is not one that asks for it.
    #[error("this path takes an upgrade to a WebSocket of version 13 over HTTP/1.1")]
    UpgradeRequired,
    /// No such path.
    #[error("no such route")]
    NotFound,
    /// Not with this method.
    #[error("this path takes another method")]
    MethodNotAllowed,
    /// Too many failed logins.
    #[error("too many failed logins: wait")]
    LockedOut {
        /// Until the lock ends.
        retry_after_ms: u64,
    },
    /// Too many requests of this kind, of this account or from this address.
    #[error("too many requests: wait")]
    TooManyRequests {
        /// Until this one's turn.
        retry_after_ms: u64,
    },
    /// The server does not admit anyone, not yet or no more.
    #[error("the server admits nobody now")]
    Draining,
    /// The server grants nothing, for these reasons: what `/readyz` says.
    #[error("the server grants nothing now")]
    Unready(Vec<&'static str>),
    /// The server grants nothing now.
    #[error("nothing can be granted now: try later")]
    TryLater,
    /// More work waits than can be done soon.
    #[error("the server is busy")]
    Busy,
    /// Something the request needs does not answer.
    #[error("the server cannot do this now")]
    Unavailable,
}

#[derive(Serialize)]
struct Body {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
    #[serde(flatten)]
    details: Option<Value>,
}

impl ApiError {
    /// The HTTP status it is answered with.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::MalformedJson(_)
            | Self::MalformedQuery(_)
            | Self::BadForwarded
            | Self::InvalidName(_)
            | Self::WeakPassword(_)
            | Self::InvalidCreatureName(_)
            | Self::UnknownCreatureType { .. }
            | Self::InvalidTicket { .. }
            | Self::UnknownSubprotocol(_)
            | Self::CreatureRule(_) => StatusCode::BAD_REQUEST,
            Self::WrongCredentials
            | Self::Unauthorized(_)
            | Self::LoginClosed
            | Self::RefreshReused
            | Self::RefreshRefused => StatusCode::UNAUTHORIZED,
            Self::Economy(error) => economy::status(error),
            Self::Cosmetic(error) => cosmetics::status(error),
            Self::Creature(error) => creatures::status(error),
            Self::Game(error) => error.status(),
            Self::Entry(error) => entry_error::status(error),
            Self::Ladder(error) => error.status(),
            Self::Leaderboard(error) => error.status(),
            Self::Social(error) => friends::status(*error),
            Self::Inbox(error) => inbox::status(*error),
            Self::Storage(error) => storage::status(*error),
            Self::Ticket(error) => tickets::status(*error),
            Self::GuestsRefused | Self::LocalOnly | Self::OriginRefused => StatusCode::FORBIDDEN,
            Self::NotFound | Self::NoSuchCharacter | Self::NoSuchMatch | Self::NoSuchDaily => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyIncomplete => StatusCode::REQUEST_TIMEOUT,
            Self::NameTaken | Self::TooManyCharacters | Self::CharacterInShard => StatusCode::CONFLICT,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
            Self::LockedOut { .. } | Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Draining | Self::Unready(_) | Self::TryLater | Self::Busy | Self::Unavailable => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }

    /// The stable name of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MalformedJson(_) => "malformed_json",
            Self::MalformedQuery(_) => "malformed_query",
            Self::BadForwarded => "bad_forwarded",
            Self::BodyIncomplete => "body_incomplete",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::BodyTooLarge(_) => "body_too_large",
            Self::InvalidName(_) | Self::InvalidCreatureName(_) => "invalid_name",
            Self::WeakPassword(_) => "weak_password",
            Self::NameTaken => "name_taken",
            Self::WrongCredentials => "wrong_credentials",
            Self::Unauthorized(Unauthorized::Expired) => "token_expired",
            Self::Unauthorized(_) => "unauthorized",
            Self::LoginClosed => "login_closed",
            Self::RefreshReused => "refresh_reused",
            Self::RefreshRefused => "refresh_refused",
            Self::NoSuchCharacter => "no_such_character",
            Self::NoSuchMatch => "no_such_match",
            Self::NoSuchDaily => "no_such_daily",
            Self::TooManyCharacters => "too_many_characters",
            Self::CharacterInShard => "character_in_shard",
            Self::Economy(error) => economy::code(error),
            Self::Cosmetic(error) => cosmetics::code(error),
            Self::UnknownCreatureType { .. } => creatures::rule_code(&CreatureRuleError::UnknownType),
            Self::CreatureRule(error) => creatures::rule_code(error),
            Self::Creature(error) => creatures::code(error),
            Self::Game(error) => error.code(),
            Self::Entry(error) => entry_error::code(error),
            Self::Ladder(error) => error.code(),
            Self::Leaderboard(error) => error.code(),
            Self::Social(error) => friends::code(*error),
            Self::Inbox(error) => inbox::code(*error),
            Self::Storage(error) => storage::code(*error),
            Self::Ticket(error) => tickets::code(*error),
            Self::InvalidTicket { .. } => "invalid_ticket",
            Self::GuestsRefused => "guests_refused",
            Self::LocalOnly => "local_only",
            Self::OriginRefused => "origin_refused",
            Self::UnknownSubprotocol(_) => "unknown_subprotocol",
            Self::UpgradeRequired => "upgrade_required",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::LockedOut { .. } => "locked_out",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::Draining => "draining",
            Self::Unready(_) => "unready",
            Self::TryLater => "try_later",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
        }
    }

    /// When trying again may help, in milliseconds; `None`: the same request fails again.
    #[must_use]
    pub const fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::LockedOut { retry_after_ms } | Self::TooManyRequests { retry_after_ms } => Some(*retry_after_ms),
            Self::Draining | Self::Unready(_) | Self::TryLater => Some(5_000),
            Self::Busy | Self::Unavailable => Some(1_000),
            _ => None,
        }
    }

    /// The same for one client: spread out where all of them would come back at the same moment.
    fn spread_retry_after_ms(&self) -> Option<u64> {
        let wait_ms = self.retry_after_ms()?;
        let is_own = matches!(self, Self::LockedOut { .. } | Self::TooManyRequests { .. });
        Some(if is_own { wait_ms } else { wait_ms + rand::random_range(0..=wait_ms) })
    }

    /// What else a program needs to know, as fields beside code and message.
    fn details(&self) -> Option<Value> {
        match self {
            Self::Economy(error) => economy::details(error),
            Self::Cosmetic(error) => cosmetics::details(error),
            Self::UnknownCreatureType { found, known } => Some(json!({ "found": found, "known": known })),
            Self::CreatureRule(error) => creatures::rule_details(error),
            Self::Creature(error) => creatures::details(error),
            Self::Game(error) => error.details(),
            Self::Entry(error) => entry_error::details(error),
            Self::Ladder(error) => error.details(),
            Self::Social(error) => friends::details(*error),
            Self::Inbox(error) => inbox::details(*error),
            Self::Storage(error) => storage::details(*error),
            Self::Ticket(error) => tickets::details(*error),
            Self::InvalidTicket { field } => Some(json!({ "field": field })),
            Self::UnknownSubprotocol(known) => Some(json!({ "known": known })),
            Self::Unready(reasons) => Some(json!({ "reasons": reasons })),
            _ => None,
        }
    }
}

impl From<CharacterError> for ApiError {
    fn from(error: CharacterError) -> Self {
        match error {
            CharacterError::NameTaken => Self::NameTaken,
            CharacterError::TooMany => Self::TooManyCharacters,
            CharacterError::InShard => Self::CharacterInShard,
            CharacterError::NoSuchAccount => Self::Economy(EconomyError::NoSuchAccount),
            CharacterError::Unavailable => Self::Unavailable,
        }
    }
}

impl From<GameError> for ApiError {
    fn from(error: GameError) -> Self {
        Self::Game(error)
    }
}

impl From<LadderError> for ApiError {
    fn from(error: LadderError) -> Self {
        Self::Ladder(error)
    }
}

impl From<LeaderboardError> for ApiError {
    fn from(error: LeaderboardError) -> Self {
        Self::Leaderboard(error)
    }
}

impl From<SocialError> for ApiError {
    fn from(error: SocialError) -> Self {
        match error {
            SocialError::Unavailable => Self::Unavailable,
            error => Self::Social(error),
        }
    }
}

impl From<InboxError> for ApiError {
    fn from(error: InboxError) -> Self {
        match error {
            InboxError::WalletFull => Self::Economy(EconomyError::WalletFull),
            InboxError::Unavailable => Self::Unavailable,
            error => Self::Inbox(error),
        }
    }
}

impl From<TicketError> for ApiError {
    fn from(error: TicketError) -> Self {
        match error {
            TicketError::Full => Self::Busy,
            TicketError::Draining => Self::Draining,
            error => Self::Ticket(error),
        }
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Unavailable => Self::Unavailable,
            error => Self::Storage(error),
        }
    }
}

impl From<EconomyError> for ApiError {
    fn from(error: EconomyError) -> Self {
        match error {
            EconomyError::TryLater => Self::TryLater,
            EconomyError::Unavailable => Self::Unavailable,
            error => Self::Economy(error),
        }
    }
}

impl From<CosmeticError> for ApiError {
    fn from(error: CosmeticError) -> Self {
        match error {
            CosmeticError::Economy(error) => error.into(),
            error => Self::Cosmetic(error),
        }
    }
}

impl From<CreatureError> for ApiError {
    fn from(error: CreatureError) -> Self {
        match error {
            CreatureError::NoSuchAccount => Self::Economy(EconomyError::NoSuchAccount),
            CreatureError::Unavailable => Self::Unavailable,
            error => Self::Creature(error),
        }
    }
}

impl From<ProgressUnavailable> for ApiError {
    fn from(ProgressUnavailable: ProgressUnavailable) -> Self {
        Self::Unavailable
    }
}

impl From<EntryError> for ApiError {
    fn from(error: EntryError) -> Self {
        match error {
            EntryError::Creature(error) => error.into(),
            error => Self::Entry(error),
        }
    }
}

impl From<AccountStoreError> for ApiError {
    fn from(error: AccountStoreError) -> Self {
        match error {
            AccountStoreError::NameTaken => Self::NameTaken,
            AccountStoreError::Unavailable => Self::Unavailable,
        }
    }
}

impl From<Unauthorized> for ApiError {
    fn from(error: Unauthorized) -> Self {
        Self::Unauthorized(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let retry_after_ms = self.spread_retry_after_ms();
        let body = Body { code: self.code(), message: self.to_string(), retry_after_ms, details: self.details() };
        let mut response = (self.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(wait_ms) = retry_after_ms {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_ms.div_ceil(1_000)));
        }
        if self == Self::UpgradeRequired {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::SEC_WEBSOCKET_VERSION, SOCKET_VERSION);
        }
        if matches!(self, Self::Unauthorized(_) | Self::LoginClosed) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
