//! Values that stand in many bodies, each with its limits: what the types of requests and answers point to.

use hypogeum_creature_messages::CreatureStats;
use hypogeum_economy::CURRENCY_MAX;
use hypogeum_protocol::EXACT_MAX;
use hypogeum_protocol::limits::{NAME_CHARS_MAX, NAME_CHARS_MIN, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use hypogeum_tournaments::CREATURE_NAME_CHARS_MAX;
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::entries::{KEY_BYTES_MAX, STARTS_IN_S_MAX};

/// The largest number that every reader of JSON keeps exact.
const JSON_EXACT_MAX: i64 = EXACT_MAX as i64;

/// Names a schema. Nobody makes such a value: it says only what another is like.
macro_rules! values {
    ($($(#[$about:meta])* $name:ident = $schema:expr;)*) => {$(
        $(#[$about])*
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                $schema.into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

values! {
    /// What an account or a character is called.
    AccountNameText = text("3 to 24 characters once it is composed (NFC), at most 96 bytes: letters, digits, `_`, `-` and single spaces between them, a letter or digit first.")
        .min_length(Some(NAME_CHARS_MIN))
        .max_length(Some(NAME_CHARS_MAX));
    /// What a creature is called.
    CreatureNameText = text("1 to 24 characters that can be shown; spaces at its ends do not count.")
        .min_length(Some(1))
        .max_length(Some(CREATURE_NAME_CHARS_MAX));
    /// A password that is chosen.
    PasswordText = text("8 characters to 128 bytes, neither the name nor one character over and over.")
        .min_length(Some(PASSWORD_CHARS_MIN))
        .max_length(Some(PASSWORD_BYTES_MAX));
    /// By which a request is known again.
    RequestKey = text("The same request again, by its key, is done once; an empty key is none. At most 64 bytes that can be shown.")
        .max_length(Some(KEY_BYTES_MAX));
    /// An item.
    ItemName = text("An item: its origin in lower hex, a hyphen, its serial number in decimal, without leading zeros.")
        .pattern(Some("^(0|[1-9a-f][0-9a-f]{0,15})-(0|[1-9][0-9]{0,9})$"));
    /// A match, or a visit to a place that stays.
    MatchNumber = OneOfBuilder::new()
        .item(whole(Some("Up to 2^53 - 1.")).minimum(Some(0)).maximum(Some(JSON_EXACT_MAX)))
        .item(text("Beyond 2^53 - 1: its digits.").pattern(Some("^[1-9][0-9]{15,19}$")));
    /// What is shown once for the next access token.
    RefreshTokenText = text("Good once, for 30 days.").pattern(Some("^[A-Za-z0-9_-]{43}$"));
    /// Currency that somebody has or gives.
    Currency = whole(Some("Currency.")).minimum(Some(0)).maximum(Some(CURRENCY_MAX));
    /// What something costs.
    Price = whole(Some("A price.")).minimum(Some(1)).maximum(Some(CURRENCY_MAX));
    /// In how many seconds a game starts.
    StartsInSeconds = whole(Some("Seconds until it starts, unless it is full before.")).minimum(Some(1)).maximum(Some(STARTS_IN_S_MAX));
    /// What a creature is made of.
    Stats = CreatureStats::NAMES.into_iter().fold(ObjectBuilder::new(), |stats, name| {
        stats.property(name, whole(None).minimum(Some(0)).maximum(Some(u32::MAX))).required(name)
    });
    /// Points for stats.
    Points = CreatureStats::NAMES
        .into_iter()
        .fold(ObjectBuilder::new(), |stats, name| stats.property(name, whole(None).minimum(Some(0)).maximum(Some(u32::MAX))))
        .description(Some("Points for stats; what is left out is 0."))
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    /// What a type of creature has of each stat beyond the base.
    StatsBias = CreatureStats::NAMES
        .into_iter()
        .fold(ObjectBuilder::new(), |stats, name| stats.property(name, whole(None)).required(name));
    /// Where an item is.
    PlaceWord = words(&["stash", "carried", "brought"]);
    /// Where a cosmetic is worn.
    SlotWord = words(&["colour", "trail", "banner", "title"]);
    /// How a match ended for somebody.
    OutcomeWord = words(&["extracted", "died", "timed_out"]);
    /// How far a trade has come.
    TradeStage = words(&["open", "accepted", "cancelled", "expired"]);
    /// How far a game is.
    GameStage = words(&["open", "running", "over", "called_off"]);
    /// What seeds go by.
    SeedingWord = words(&["entry_order", "drawn", "rating"]);
    /// How a tournament is played.
    FormatWord = words(&["single_elimination", "double_elimination", "swiss", "round_robin"]);
    /// What a fighter does in a turn.
    MoveWord = words(&["attack", "defend", "special"]);
    /// How scores change.
    OperatorWord = words(&["best", "set", "increment", "decrement"]);
    /// Which score is the better one.
    OrderWord = words(&["descending", "ascending"]);
    /// What a board counts.
    CountsWord = words(&["submissions", "games_won", "rating"]);
    /// Why somebody is in line no more.
    FellOutWord = words(&["vanished", "creature_not_free", "in_rated_game", "failed"]);
    /// How somebody stands to an account.
    FriendWord = words(&["friend", "sent", "received", "blocked"]);
    /// Who may write an object.
    WritableWord = words(&["owner", "server"]);
    /// How the server is.
    HealthWord = words(&["alive", "ready", "degraded"]);
    /// How an access token is shown.
    TokenType = words(&["Bearer"]);
    /// An object whose fields are another document's matter.
    AnyObject = ObjectBuilder::new();
    /// JSON that another document describes.
    AnyJson = ObjectBuilder::new().schema_type(SchemaType::AnyValue);
    /// Text that is no JSON.
    PlainText = ObjectBuilder::new().schema_type(Type::String);
}

fn text(about: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(about))
}

/// A whole number.
pub(super) fn whole(about: Option<&str>) -> ObjectBuilder {
    let number = ObjectBuilder::new().schema_type(Type::Integer);
    number.format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64))).description(about)
}

/// One of these words.
pub(super) fn words(words: &[&str]) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words.iter().copied()))
}
