//! Objects that programs keep with the caller's account, and what others let it read of theirs.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_accounts::{
    ObjectWrite, STORAGE_BYTES_MAX, STORAGE_NAME_CHARS_MAX, STORAGE_OBJECTS_MAX, STORAGE_VALUE_BYTES_MAX, StorageError,
    StorageName, StoragePlace, StorageReader, StorageUsage, StorageWriter, StoredObject,
};
use hypogeum_protocol::AccountId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::body::{JsonBody, NoBody, RequestBody};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::openapi::values::{AnyObject, WritableWord};
use crate::query::Query;
use crate::store::GatewayStore;

/// Most objects of one page: as large as they may be, they fit into an answer that clients take.
pub(crate) const OBJECTS_PER_PAGE_MAX: usize = 32;
/// Most levels of a value, itself counted: clients that read 127 levels at most read all of a page.
const VALUE_LEVELS_MAX: usize = 64;

pub(crate) const fn status(error: StorageError) -> StatusCode {
    match error {
        StorageError::InvalidName { .. } => StatusCode::BAD_REQUEST,
        StorageError::ReadOnly => StatusCode::FORBIDDEN,
        StorageError::NoSuchObject => StatusCode::NOT_FOUND,
        StorageError::Stale { .. } | StorageError::TooManyObjects | StorageError::Full { .. } => StatusCode::CONFLICT,
        StorageError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        StorageError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

pub(crate) const fn code(error: StorageError) -> &'static str {
    match error {
        StorageError::InvalidName { .. } => "invalid_storage_name",
        StorageError::ReadOnly => "object_read_only",
        StorageError::NoSuchObject => "no_such_object",
        StorageError::Stale { .. } => "stale_version",
        StorageError::TooManyObjects => "too_many_objects",
        StorageError::Full { .. } => "storage_full",
        StorageError::TooLarge { .. } => "value_too_large",
        StorageError::Unavailable => "unavailable",
    }
}

/// Which field of the request is meant, and what bounds it.
pub(crate) fn details(error: StorageError) -> Option<Value> {
    Some(match error {
        StorageError::InvalidName { field } => json!({ "field": field, "most": STORAGE_NAME_CHARS_MAX }),
        StorageError::ReadOnly | StorageError::NoSuchObject => json!({ "field": "key" }),
        StorageError::Stale { expected, found } => {
            json!({ "field": "if_version", "expected": expected, "found": found })
        }
        StorageError::TooManyObjects => json!({ "field": "key", "most": STORAGE_OBJECTS_MAX }),
        StorageError::Full { needed } => json!({ "field": "value", "needed": needed, "most": STORAGE_BYTES_MAX }),
        StorageError::TooLarge { found } => {
            json!({ "field": "value", "found": found, "most": STORAGE_VALUE_BYTES_MAX })
        }
        StorageError::Unavailable => return None,
    })
}

/// Who may read an object.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ReadableBy {
    Owner,
    Public,
}

impl From<StorageReader> for ReadableBy {
    fn from(reader: StorageReader) -> Self {
        match reader {
            StorageReader::Owner => Self::Owner,
            StorageReader::Public => Self::Public,
        }
    }
}

impl From<ReadableBy> for StorageReader {
    fn from(word: ReadableBy) -> Self {
        match word {
            ReadableBy::Owner => Self::Owner,
            ReadableBy::Public => Self::Public,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = StoredObject)]
pub(crate) struct ObjectBody {
    owner: u64,
    collection: String,
    key: String,
    #[schema(value_type = AnyObject)]
    value: Value,
    readable_by: ReadableBy,
    #[schema(value_type = WritableWord)]
    writable_by: &'static str,
    /// Greater than that of all writes of the account before.
    version: u64,
    written_s: i64,
}

impl ObjectBody {
    fn of(object: StoredObject) -> Result<Self, ApiError> {
        let StoragePlace { owner, collection, key } = object.place;
        Ok(Self {
            owner: owner.0,
            collection: collection.as_str().to_owned(),
            key: key.as_str().to_owned(),
            value: serde_json::from_str(&object.json).map_err(|_| ApiError::Unavailable)?,
            readable_by: object.readable_by.into(),
            writable_by: object.writable_by.name(),
            version: object.version,
            written_s: object.written_s,
        })
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = StoredObjects)]
pub(crate) struct ObjectsBody {
    objects: Vec<ObjectBody>,
    next: Option<String>,
}

/// An object that is no more.
#[derive(Serialize, ToSchema)]
pub(crate) struct ObjectDeleted {
    collection: String,
    key: String,
}

/// How much an account keeps, and may.
#[derive(Serialize, ToSchema)]
#[schema(as = StorageUsage)]
pub(crate) struct UsageBody {
    objects: u64,
    objects_max: u64,
    /// Of values, and the names they are kept under.
    bytes: u64,
    bytes_max: u64,
    value_bytes_max: u64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewObject {
    #[schema(value_type = AnyObject)]
    value: Map<String, Value>,
    /// Left out: the owner.
    readable_by: Option<ReadableBy>,
    /// The version that is replaced; 0: there must be none; left out: whatever there is.
    if_version: Option<u64>,
}

impl RequestBody for NewObject {
    const SHAPE: &'static str = r#"{"value": object, "readable_by"?: "owner" or "public", "if_version"?: number}"#;
}

/// A [`StorageName`] as a query names it.
struct NameWord(StorageName);

impl FromStr for NameWord {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        StorageName::parse(text).map(Self).ok_or(())
    }
}

type Names = Result<Path<(String, String)>, PathRejection>;

fn name_of(field: &'static str, text: &str) -> Result<StorageName, ApiError> {
    StorageName::parse(text).ok_or_else(|| StorageError::InvalidName { field }.into())
}

fn place_of(owner: AccountId, names: Names) -> Result<StoragePlace, ApiError> {
    let Path((collection, key)) = names.map_err(|_| ApiError::NotFound)?;
    Ok(StoragePlace { owner, collection: name_of("collection", &collection)?, key: name_of("key", &key)? })
}

fn owner_of(query: &Query<'_>, caller: &Caller) -> Result<AccountId, ApiError> {
    Ok(query.value::<u64>("owner")?.map_or(caller.account, AccountId))
}

/// Whether a value has so many levels at most.
fn is_within(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(parts) => levels > 0 && parts.iter().all(|part| is_within(part, levels - 1)),
        Value::Object(parts) => levels > 0 && parts.values().all(|part| is_within(part, levels - 1)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

pub(crate) async fn usage<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    _: NoBody,
) -> Result<Json<UsageBody>, ApiError> {
    let StorageUsage { objects, bytes, .. } = gateway.store.storage_usage(caller.account).await?;
    let (objects_max, bytes_max) = (STORAGE_OBJECTS_MAX, STORAGE_BYTES_MAX);
    Ok(Json(UsageBody { objects, objects_max, bytes, bytes_max, value_bytes_max: STORAGE_VALUE_BYTES_MAX }))
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    collection: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<ObjectsBody>, ApiError> {
    let Path(collection) = collection.map_err(|_| ApiError::NotFound)?;
    let collection = name_of("collection", &collection)?;
    let query = Query::read(query.as_deref(), &["owner", "after", "count"])?;
    let (owner, page) = (owner_of(&query, &caller)?, query.page::<NameWord>(OBJECTS_PER_PAGE_MAX)?);
    let after = page.after.as_ref().map(|NameWord(name)| name.clone());
    let objects = gateway.store.objects(caller.account, owner, collection, after, page.count).await?;
    let next = page.next(&objects, |last| last.place.key.as_str().to_owned());
    let objects = objects.into_iter().map(ObjectBody::of).collect::<Result<Vec<_>, ApiError>>()?;
    Ok(Json(ObjectsBody { objects, next }))
}

pub(crate) async fn show<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    names: Names,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<ObjectBody>, ApiError> {
    let query = Query::read(query.as_deref(), &["owner"])?;
    let place = place_of(owner_of(&query, &caller)?, names)?;
    ObjectBody::of(gateway.store.object(caller.account, place).await?).map(Json)
}

pub(crate) async fn write<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    names: Names,
    JsonBody(NewObject { value, readable_by, if_version }): JsonBody<NewObject>,
) -> Result<Json<ObjectBody>, ApiError> {
    if !value.values().all(|part| is_within(part, VALUE_LEVELS_MAX - 1)) {
        return Err(ApiError::MalformedJson(format!("value has {VALUE_LEVELS_MAX} levels at most, one in another")));
    }
    let write = ObjectWrite {
        place: place_of(caller.account, names)?,
        json: serde_json::to_string(&value).map_err(|_| ApiError::Unavailable)?,
        readable_by: readable_by.map(StorageReader::from).unwrap_or_default(),
        writable_by: StorageWriter::Owner,
        if_version,
        by: StorageWriter::Owner,
    };
    ObjectBody::of(gateway.store.write_object(write).await?).map(Json)
}

pub(crate) async fn delete<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    names: Names,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<ObjectDeleted>, ApiError> {
    let if_version = Query::read(query.as_deref(), &["if_version"])?.value::<u64>("if_version")?;
    let place = place_of(caller.account, names)?;
    let (collection, key) = (place.collection.as_str().to_owned(), place.key.as_str().to_owned());
    gateway.store.delete_object(place, StorageWriter::Owner, if_version).await?;
    Ok(Json(ObjectDeleted { collection, key }))
}
