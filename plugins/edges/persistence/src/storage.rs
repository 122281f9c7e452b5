//! Objects that programs keep with accounts. Whoever writes one has locked the row that says how much its account keeps, so versions follow one another.

use hypogeum_accounts::{
    KeptObject, ObjectWrite, StorageError, StorageName, StoragePlace, StorageReader, StorageStore, StorageUsage,
    StorageWriter, StoredObject,
};
use hypogeum_protocol::AccountId;

use crate::change::Change;
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, unsigned};
use crate::sql::{Bind, Row};
use crate::store::Store;
use crate::transaction::Transaction;

/// Most of one page.
const PAGE_MAX: usize = 100;

/// What is done, or why not: a refusal undoes nothing, for nothing was done.
type Done<T> = Result<Result<T, StorageError>, Refusal>;

impl StorageStore for Store {
    async fn object(&self, reader: AccountId, place: StoragePlace) -> Result<StoredObject, StorageError> {
        let find = "SELECT account, collection, key, value, readable_by, writable_by, version, written_s
             FROM storage_objects WHERE account = $1 AND collection = $2 AND key = $3
             AND (account = $4 OR readable_by = 'public')";
        let mut binds = binds_of(&place).to_vec();
        binds.push(signed(reader.0).into());
        let rows = self.rows(find, binds).await.map_err(unavailable)?;
        let found = rows.first().map(object_of).transpose().map_err(unavailable)?;
        found.ok_or(StorageError::NoSuchObject)
    }

    async fn objects(
        &self,
        reader: AccountId,
        owner: AccountId,
        collection: StorageName,
        after: Option<StorageName>,
        count: usize,
    ) -> Result<Vec<StoredObject>, StorageError> {
        let page = "SELECT account, collection, key, value, readable_by, writable_by, version, written_s
             FROM storage_objects WHERE account = $1 AND collection = $2 AND key > $3
             AND (account = $4 OR readable_by = 'public') ORDER BY key LIMIT $5";
        let binds = vec![
            signed(owner.0).into(),
            collection.as_str().into(),
            after.as_ref().map_or("", StorageName::as_str).into(),
            signed(reader.0).into(),
            signed(count.min(PAGE_MAX) as u64).into(),
        ];
        let rows = self.rows(page, binds).await;
        rows.and_then(|rows| rows.iter().map(object_of).collect()).map_err(unavailable)
    }

    async fn write_object(&self, write: ObjectWrite) -> Result<StoredObject, StorageError> {
        self.change(Write(write)).await.map_err(unavailable)?
    }

    async fn delete_object(
        &self,
        place: StoragePlace,
        by: StorageWriter,
        if_version: Option<u64>,
    ) -> Result<(), StorageError> {
        self.change(Delete { place, by, if_version }).await.map_err(unavailable)?
    }

    async fn storage_usage(&self, account: AccountId) -> Result<StorageUsage, StorageError> {
        let find = "SELECT objects, bytes, writes FROM storage_usage WHERE account = $1";
        let rows = self.rows(find, vec![signed(account.0).into()]).await.map_err(unavailable)?;
        let found = rows.first().map(usage_of).transpose().map_err(unavailable)?;
        Ok(found.unwrap_or_default())
    }
}

/// The error for a caller. The cause goes to the log, with nothing of any object in it.
fn unavailable(refusal: Refusal) -> StorageError {
    tracing::warn!(error = %refusal, "objects could not be read or written");
    StorageError::Unavailable
}

struct Write(ObjectWrite);

impl Change for Write {
    type Done = Result<StoredObject, StorageError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<StoredObject> {
        let Self(write) = self;
        let usage = lock_usage(changes, write.place.owner).await?;
        let usage = match usage.written(kept(changes, &write.place).await?, write) {
            Ok(usage) => usage,
            Err(refused) => return Ok(Err(refused)),
        };
        let object = StoredObject {
            place: write.place.clone(),
            json: write.json.clone(),
            readable_by: write.readable_by,
            writable_by: write.writable_by,
            version: usage.writes,
            written_s: now_s(),
        };
        put(changes, &object).await?;
        set_usage(changes, write.place.owner, usage).await?;
        Ok(Ok(object))
    }
}

struct Delete {
    place: StoragePlace,
    by: StorageWriter,
    if_version: Option<u64>,
}

impl Change for Delete {
    type Done = Result<(), StorageError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<()> {
        let usage = lock_usage(changes, self.place.owner).await?;
        let usage = match usage.deleted(kept(changes, &self.place).await?, self.by, self.if_version) {
            Ok(usage) => usage,
            Err(refused) => return Ok(Err(refused)),
        };
        let delete = "DELETE FROM storage_objects WHERE account = $1 AND collection = $2 AND key = $3";
        changes.run(delete, &binds_of(&self.place)).await?;
        set_usage(changes, self.place.owner, usage).await?;
        Ok(Ok(()))
    }
}

/// How much an account keeps, which nobody else changes until the end.
async fn lock_usage(changes: &mut Transaction, account: AccountId) -> Result<StorageUsage, Refusal> {
    let begin = "INSERT INTO storage_usage (account, objects, bytes, writes) VALUES ($1, 0, 0, 0)
         ON CONFLICT (account) DO NOTHING";
    changes.run(begin, &[signed(account.0).into()]).await?;
    let find = changes.either(
        "SELECT objects, bytes, writes FROM storage_usage WHERE account = $1",
        "SELECT objects, bytes, writes FROM storage_usage WHERE account = $1 FOR UPDATE",
    );
    let rows = changes.rows(find, &[signed(account.0).into()]).await?;
    rows.first().map_or_else(|| Ok(StorageUsage::default()), usage_of)
}

async fn set_usage(changes: &mut Transaction, account: AccountId, usage: StorageUsage) -> Result<(), Refusal> {
    let set = "UPDATE storage_usage SET objects = $2, bytes = $3, writes = $4 WHERE account = $1";
    let StorageUsage { objects, bytes, writes } = usage;
    let binds: [Bind; 4] = [account.0, objects, bytes, writes].map(|number| signed(number).into());
    changes.run(set, &binds).await.map(drop)
}

async fn kept(changes: &mut Transaction, place: &StoragePlace) -> Result<Option<KeptObject>, Refusal> {
    let find = "SELECT version, bytes, writable_by FROM storage_objects
         WHERE account = $1 AND collection = $2 AND key = $3";
    let rows = changes.rows(find, &binds_of(place)).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (version, bytes) = (row.small("version")?, row.small("bytes")?);
    Ok(Some(KeptObject { version, bytes, writable_by: writer_of(row)? }))
}

async fn put(changes: &mut Transaction, object: &StoredObject) -> Result<(), Refusal> {
    let put = "INSERT INTO storage_objects
             (account, collection, key, value, readable_by, writable_by, version, bytes, written_s)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (account, collection, key) DO UPDATE SET value = excluded.value,
             readable_by = excluded.readable_by, writable_by = excluded.writable_by, version = excluded.version,
             bytes = excluded.bytes, written_s = excluded.written_s";
    let mut binds = binds_of(&object.place).to_vec();
    let rest: [Bind; 6] = [
        object.json.as_str().into(),
        object.readable_by.name().into(),
        object.writable_by.name().into(),
        signed(object.version).into(),
        signed(object.kept().bytes).into(),
        object.written_s.into(),
    ];
    binds.extend(rest);
    changes.run(put, &binds).await.map(drop)
}

fn binds_of(place: &StoragePlace) -> [Bind; 3] {
    [signed(place.owner.0).into(), place.collection.as_str().into(), place.key.as_str().into()]
}

fn usage_of(row: &Row) -> Result<StorageUsage, Refusal> {
    Ok(StorageUsage { objects: row.small("objects")?, bytes: row.small("bytes")?, writes: row.small("writes")? })
}

fn object_of(row: &Row) -> Result<StoredObject, Refusal> {
    let owner = AccountId(unsigned(row.number("account")?));
    let place = StoragePlace { owner, collection: name_of(row, "collection")?, key: name_of(row, "key")? };
    let readable_by = word_of(row, "readable_by", StorageReader::of_name)?;
    Ok(StoredObject {
        place,
        json: row.text("value")?.to_owned(),
        readable_by,
        writable_by: writer_of(row)?,
        version: row.small("version")?,
        written_s: row.number("written_s")?,
    })
}

fn writer_of(row: &Row) -> Result<StorageWriter, Refusal> {
    word_of(row, "writable_by", StorageWriter::of_name)
}

fn name_of(row: &Row, column: &'static str) -> Result<StorageName, Refusal> {
    word_of(row, column, StorageName::parse)
}

/// What a column's text means.
fn word_of<T>(row: &Row, column: &'static str, read: impl FnOnce(&str) -> Option<T>) -> Result<T, Refusal> {
    let text = row.text(column)?;
    read(text).ok_or_else(|| Refusal::Unreadable { column, found: text.to_owned() })
}
