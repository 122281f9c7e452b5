//! Objects that programs keep with accounts.

use hypogeum_accounts::StorageError;

use super::route::{Route, body_refusals};
use crate::storage::{NewObject, OBJECTS_PER_PAGE_MAX, ObjectBody, ObjectDeleted, ObjectsBody, UsageBody};

/// What a cursor of objects looks like.
const NAME: &str = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$";

pub(super) fn routes() -> Vec<Route> {
    let names = || [StorageError::InvalidName { field: "key" }];
    let owner = "Whose; without it the caller's.";
    vec![
        Route::get("/v1/storage", "show_storage", "How much the caller keeps, and may.")
            .answers::<UsageBody>(200, "How much.")
            .refuses(body_refusals()),
        Route::get("/v1/storage/{collection}", "list_objects", "Objects of a collection, by their keys.")
            .query_number("owner", owner, Some(0))
            .page(NAME, OBJECTS_PER_PAGE_MAX)
            .answers::<ObjectsBody>(200, "A page of those that the caller may read.")
            .refuses(names()),
        Route::get("/v1/storage/{collection}/{key}", "show_object", "One object.")
            .query_number("owner", owner, Some(0))
            .answers::<ObjectBody>(200, "As it is kept.")
            .refuses(names())
            .refuses([StorageError::NoSuchObject]),
        Route::post("/v1/storage/{collection}/{key}", "write_object", "Writes an object of the caller's.")
            .takes::<NewObject>()
            .answers::<ObjectBody>(200, "As it is kept from now on.")
            .refuses(names())
            .refuses([StorageError::Stale { expected: 1, found: None }, StorageError::ReadOnly])
            .refuses([StorageError::TooManyObjects, StorageError::Full { needed: 1 }])
            .refuses([StorageError::TooLarge { found: 1 }]),
        Route::delete("/v1/storage/{collection}/{key}", "delete_object", "Deletes an object of the caller's.")
            .query_number("if_version", "The version that it must have.", Some(0))
            .answers::<ObjectDeleted>(200, "It is no more.")
            .refuses(names())
            .refuses([StorageError::Stale { expected: 1, found: None }, StorageError::ReadOnly])
            .refuses([StorageError::NoSuchObject]),
    ]
}
