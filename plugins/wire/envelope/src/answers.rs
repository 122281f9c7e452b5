//! Which message answers which.

/// The type of the message that brings another token.
pub const RENEW: &str = "renew";
/// The type of its answer.
pub const RENEWED: &str = "renewed";
/// The type of state frames where they have to be in an envelope: in JSON.
pub const STATE: &str = "state";

/// The types of requests, and of what answers each with its number. Any of them, and any other message, may be answered with an `error`.
pub const ANSWERS: [(&str, &str); 13] = [
    ("hello", "welcome"),
    ("join_queue", "queued"),
    ("join_queue_with", "queued"),
    ("leave_queue", "unqueued"),
    ("choose_loadout", "loadout_chosen"),
    ("ping", "pong"),
    ("ask_names", "roster"),
    ("enter_world", "match_started"),
    ("chat_history", "chat_page"),
    ("follow_game", "game_followed"),
    ("watch", "watching"),
    ("ask_queue", "queue_explained"),
    (RENEW, RENEWED),
];
