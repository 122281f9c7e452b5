//! The server itself: how it is, what it is, and its WebSocket.

use super::route::{Passes, Route};
use super::values::{AnyJson, AnyObject};
use super::views::ContentManifest;
use crate::error::ApiError;
use crate::status::{JournalKey, Status};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/healthz", "show_health", "Whether the process lives.")
            .passes(Passes::Nothing)
            .answers::<Status>(200, "It lives."),
        Route::get("/readyz", "show_readiness", "Whether it admits players and grants things.")
            .passes(Passes::Nothing)
            .answers::<Status>(200, "It does.")
            .refuses([ApiError::Draining, ApiError::Unready(Vec::new())]),
        Route::get("/v1/status", "show_status", "Every number that the server keeps about itself.")
            .passes(Passes::ThisMachine)
            .answers_object("The numbers, by name."),
        Route::get("/v1/journal-key", "show_journal_key", "What match logs are signed with.")
            .passes(Passes::Nothing)
            .answers_kept::<JournalKey>("The key.")
            .refuses([ApiError::NotFound]),
        Route::get("/v1/openapi.json", "show_openapi", "This document.")
            .passes(Passes::Strangers)
            .answers_kept::<AnyObject>("The document."),
        Route::get("/v1/protocol.json", "show_protocol", "Every message, type, limit and code of the game's protocol.")
            .passes(Passes::Strangers)
            .answers_kept::<AnyObject>("The schema."),
        Route::get("/v1/content", "show_content", "Which blobs there are of the content, or have changed.")
            .passes(Passes::Strangers)
            .query_text("since", "The `manifest_hash` of an earlier manifest.", "^[0-9a-f]{64}$")
            .answers_kept::<ContentManifest>("All blobs, or where that manifest is known what has changed since.")
            .refuses([ApiError::NotFound]),
        Route::get("/v1/content/{hash}", "show_blob", "A blob of the content, by its hash.")
            .passes(Passes::Strangers)
            .answers_kept::<AnyJson>("The blob, which never changes."),
        Route::get("/v1/socket", "open_socket", "Makes a WebSocket of the connection: section 9 of `PROTOCOL.md`.")
            .passes(Passes::Strangers)
            .answers_nothing(101, "A WebSocket from then on.")
            .refuses([ApiError::NotFound, ApiError::UpgradeRequired, ApiError::OriginRefused, ApiError::Busy])
            .refuses([ApiError::UnknownSubprotocol(Vec::new())]),
    ]
}
