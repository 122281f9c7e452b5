//! What accounts were told while they were away.

use hypogeum_social::InboxError;

use super::route::{Passes, Route};
use crate::inbox::{InboxBody, MESSAGES_PER_PAGE_MAX, MessageClaimed, MessageDone, MessageSent, OperatorMessage};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/inbox", "list_messages", "What the caller was told, the newest first.")
            .query_text("locale", "The language to read it in.", "^[A-Za-z0-9-]{0,16}$")
            .page("^[0-9]+$", MESSAGES_PER_PAGE_MAX)
            .answers::<InboxBody>(200, "A page of it."),
        Route::post("/v1/inbox/{id}/read", "read_message", "A message was read.")
            .answers::<MessageDone>(200, "It is marked.")
            .refuses([InboxError::NoSuchMessage]),
        Route::post("/v1/inbox/{id}/claim", "claim_message", "Takes the currency of a message, once.")
            .answers::<MessageClaimed>(200, "It is in the wallet.")
            .refuses([InboxError::NoSuchMessage, InboxError::WalletFull])
            .refuses([crate::error::ApiError::TryLater]),
        Route::delete("/v1/inbox/{id}", "delete_message", "Deletes a message.")
            .answers::<MessageDone>(200, "It is deleted.")
            .refuses([InboxError::NoSuchMessage, InboxError::Unclaimed]),
        Route::post("/v1/inbox-messages", "send_message", "Tells an account something, from the server's own machine.")
            .passes(Passes::ThisMachine)
            .takes::<OperatorMessage>()
            .answers::<MessageSent>(200, "It is sent.")
            .refuses([InboxError::NoSuchName, InboxError::Full, InboxError::Invalid { field: "key" }]),
    ]
}
