//! Objects of accounts in memory.

use std::collections::BTreeMap;
use std::sync::MutexGuard;

use hypogeum_accounts::{
    ObjectWrite, StorageError, StorageName, StoragePlace, StorageReader, StorageStore, StorageUsage, StorageWriter,
    StoredObject,
};
use hypogeum_protocol::AccountId;

use super::{Memory, MemoryState};

/// What is kept of objects.
#[derive(Default)]
pub(super) struct MemoryStorage {
    objects: BTreeMap<StoragePlace, StoredObject>,
    usage: BTreeMap<AccountId, StorageUsage>,
}

impl MemoryStorage {
    fn usage(&self, account: AccountId) -> StorageUsage {
        self.usage.get(&account).copied().unwrap_or_default()
    }
}

fn may_read(object: &StoredObject, reader: AccountId) -> bool {
    object.place.owner == reader || object.readable_by == StorageReader::Public
}

impl Memory {
    fn storage(&self) -> Result<MutexGuard<'_, MemoryState>, StorageError> {
        self.accounts().map_err(|_| StorageError::Unavailable)
    }

    /// The server writes an object.
    pub(crate) fn keep(&self, owner: u64, collection: &str, key: &str) {
        let name = |text| StorageName::parse(text).unwrap();
        let place = StoragePlace { owner: AccountId(owner), collection: name(collection), key: name(key) };
        let write = ObjectWrite {
            place,
            json: "{}".to_owned(),
            readable_by: StorageReader::Owner,
            writable_by: StorageWriter::Server,
            if_version: None,
            by: StorageWriter::Server,
        };
        self.write(write).unwrap();
    }

    fn write(&self, write: ObjectWrite) -> Result<StoredObject, StorageError> {
        let mut memory = self.storage()?;
        let storage = &mut memory.storage;
        let owner = write.place.owner;
        let kept = storage.objects.get(&write.place).map(StoredObject::kept);
        let usage = storage.usage(owner).written(kept, &write)?;
        let ObjectWrite { place, json, readable_by, writable_by, .. } = write;
        let (version, written_s) = (usage.writes, 5);
        let object = StoredObject { place: place.clone(), json, readable_by, writable_by, version, written_s };
        storage.objects.insert(place, object.clone());
        storage.usage.insert(owner, usage);
        Ok(object)
    }
}

impl StorageStore for Memory {
    async fn object(&self, reader: AccountId, place: StoragePlace) -> Result<StoredObject, StorageError> {
        let memory = self.storage()?;
        let found = memory.storage.objects.get(&place).filter(|object| may_read(object, reader));
        found.cloned().ok_or(StorageError::NoSuchObject)
    }

    async fn objects(
        &self,
        reader: AccountId,
        owner: AccountId,
        collection: StorageName,
        after: Option<StorageName>,
        count: usize,
    ) -> Result<Vec<StoredObject>, StorageError> {
        let memory = self.storage()?;
        let is_asked = |object: &&StoredObject| {
            let StoragePlace { owner: its, collection: among, key } = &object.place;
            *its == owner && *among == collection && after.as_ref().is_none_or(|after| key > after)
        };
        let found = memory.storage.objects.values().filter(is_asked).filter(|object| may_read(object, reader));
        Ok(found.take(count).cloned().collect())
    }

    async fn write_object(&self, write: ObjectWrite) -> Result<StoredObject, StorageError> {
        self.write(write)
    }

    async fn delete_object(
        &self,
        place: StoragePlace,
        by: StorageWriter,
        if_version: Option<u64>,
    ) -> Result<(), StorageError> {
        let mut memory = self.storage()?;
        let storage = &mut memory.storage;
        let kept = storage.objects.get(&place).map(StoredObject::kept);
        let usage = storage.usage(place.owner).deleted(kept, by, if_version)?;
        storage.objects.remove(&place);
        storage.usage.insert(place.owner, usage);
        Ok(())
    }

    async fn storage_usage(&self, account: AccountId) -> Result<StorageUsage, StorageError> {
        Ok(self.storage()?.storage.usage(account))
    }
}
