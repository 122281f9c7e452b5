//! Objects that programs keep with an account: who may read and write them, their versions, and how much there may be.

use std::future::Future;

use hypogeum_protocol::AccountId;

/// Most characters of a collection's or a key's name.
pub const STORAGE_NAME_CHARS_MAX: usize = 64;
/// Most bytes of a value, as JSON without spaces. A request that writes one fits into the body of a request.
pub const STORAGE_VALUE_BYTES_MAX: u64 = 15_360;
/// Most objects of an account.
pub const STORAGE_OBJECTS_MAX: u64 = 200;
/// Most bytes of all objects of an account: their values, and the names they are kept under.
pub const STORAGE_BYTES_MAX: u64 = 524_288;

/// The name of a collection, or the key of an object in one: letters, digits and `_` of ASCII, and behind the first character `-` and `.` as well.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StorageName(String);

impl StorageName {
    /// The name that `text` is; `None`: nothing is called so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let is_good = |(place, byte): (usize, u8)| is_word(byte) || place > 0 && matches!(byte, b'-' | b'.');
        let is_name = (1..=STORAGE_NAME_CHARS_MAX).contains(&text.len()) && text.bytes().enumerate().all(is_good);
        is_name.then(|| Self(text.to_owned()))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where an object is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoragePlace {
    /// Whose it is.
    pub owner: AccountId,
    /// What it is kept among.
    pub collection: StorageName,
    /// Which one it is there.
    pub key: StorageName,
}

/// Who may read an object, beside the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StorageReader {
    /// Its owner alone.
    #[default]
    Owner,
    /// Everybody with an account.
    Public,
}

impl StorageReader {
    /// Its name, in databases.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Public => "public",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Owner, Self::Public].into_iter().find(|reader| reader.name() == name)
    }
}

/// Who writes an object, or may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StorageWriter {
    /// Its owner, and the server.
    #[default]
    Owner,
    /// The server alone.
    Server,
}

impl StorageWriter {
    /// Its name, in databases.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Server => "server",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Owner, Self::Server].into_iter().find(|writer| writer.name() == name)
    }
}

/// An object as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredObject {
    /// Whose it is, and its collection and key.
    pub place: StoragePlace,
    /// A JSON object, without spaces.
    pub json: String,
    /// Who may read it.
    pub readable_by: StorageReader,
    /// Who may write it.
    pub writable_by: StorageWriter,
    /// 1 and up. Each write of an account has a greater one than all before, also where an object was deleted meanwhile.
    pub version: u64,
    /// When it was written, in seconds since 1970.
    pub written_s: i64,
}

impl StoredObject {
    /// What decides whether it may be written.
    #[must_use]
    pub fn kept(&self) -> KeptObject {
        let bytes = object_bytes(&self.place, &self.json);
        KeptObject { version: self.version, bytes, writable_by: self.writable_by }
    }
}

/// What of an object decides whether it may be written or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptObject {
    /// Its version.
    pub version: u64,
    /// What it counts for.
    pub bytes: u64,
    /// Who may write it.
    pub writable_by: StorageWriter,
}

/// An object to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectWrite {
    /// Whose it is, and its collection and key.
    pub place: StoragePlace,
    /// A JSON object, without spaces.
    pub json: String,
    /// Who may read it from then on.
    pub readable_by: StorageReader,
    /// Who may write it from then on. Owners leave it to themselves.
    pub writable_by: StorageWriter,
    /// The version that is to be replaced; 0: there must be none; `None`: whatever there is.
    pub if_version: Option<u64>,
    /// Who writes it.
    pub by: StorageWriter,
}

impl ObjectWrite {
    /// What it counts for.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        object_bytes(&self.place, &self.json)
    }
}

fn object_bytes(place: &StoragePlace, json: &str) -> u64 {
    let bytes = place.collection.0.len() + place.key.0.len() + json.len();
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// Why an object was not read, written or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// No collection, or no key, can be called so.
    #[error(
        "{field} is 1 to {STORAGE_NAME_CHARS_MAX} letters, digits, `_`, `-` and `.` of ASCII, the first neither `-` nor `.`"
    )]
    InvalidName {
        /// `collection` or `key`.
        field: &'static str,
    },
    /// The value is too large.
    #[error("value has {found} bytes, and may have {STORAGE_VALUE_BYTES_MAX}")]
    TooLarge {
        /// How many bytes it has.
        found: u64,
    },
    /// There is none, or none that who asks may read.
    #[error("there is no such object")]
    NoSuchObject,
    /// It was written, or deleted, since.
    #[error("if_version is {expected}, and it is another version")]
    Stale {
        /// The version that was to be replaced; 0: none.
        expected: u64,
        /// The version that there is; `None`: there is no such object.
        found: Option<u64>,
    },
    /// Only the server may write it.
    #[error("only the server writes this object")]
    ReadOnly,
    /// The account has as many objects as it may.
    #[error("an account keeps at most {STORAGE_OBJECTS_MAX} objects")]
    TooManyObjects,
    /// All objects of the account together would be too large.
    #[error("all objects of an account have at most {STORAGE_BYTES_MAX} bytes: it would be {needed}")]
    Full {
        /// How many bytes it would be.
        needed: u64,
    },
    /// The store does not answer.
    #[error("the store is unavailable")]
    Unavailable,
}

/// How much an account keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StorageUsage {
    /// How many objects.
    pub objects: u64,
    /// How many bytes, names included.
    pub bytes: u64,
    /// How often anything was written: the greatest version there was.
    pub writes: u64,
}

impl StorageUsage {
    /// How much it is once `write` has taken the place of what is kept there; its version is [`Self::writes`] then. What the server writes counts, and
    /// is never too much.
    ///
    /// # Errors
    /// Whatever speaks against writing it.
    pub fn written(self, kept: Option<KeptObject>, write: &ObjectWrite) -> Result<Self, StorageError> {
        let found = u64::try_from(write.json.len()).unwrap_or(u64::MAX);
        if found > STORAGE_VALUE_BYTES_MAX {
            return Err(StorageError::TooLarge { found });
        }
        check_writer(kept, write.by)?;
        check_version(kept, write.if_version)?;
        let objects = self.objects + u64::from(kept.is_none());
        let bytes = self.bytes.saturating_sub(kept.map_or(0, |kept| kept.bytes)).saturating_add(write.bytes());
        if write.by == StorageWriter::Owner {
            if kept.is_none() && objects > STORAGE_OBJECTS_MAX {
                return Err(StorageError::TooManyObjects);
            }
            // What becomes smaller is always taken.
            if bytes > STORAGE_BYTES_MAX && bytes > self.bytes {
                return Err(StorageError::Full { needed: bytes });
            }
        }
        Ok(Self { objects, bytes, writes: self.writes + 1 })
    }

    /// How much it is once what is kept is deleted.
    ///
    /// # Errors
    /// Whatever speaks against deleting it.
    pub fn deleted(
        self,
        kept: Option<KeptObject>,
        by: StorageWriter,
        if_version: Option<u64>,
    ) -> Result<Self, StorageError> {
        let Some(found) = kept else { return Err(StorageError::NoSuchObject) };
        check_writer(kept, by)?;
        check_version(kept, if_version)?;
        let (objects, bytes) = (self.objects.saturating_sub(1), self.bytes.saturating_sub(found.bytes));
        Ok(Self { objects, bytes, ..self })
    }
}

fn check_writer(kept: Option<KeptObject>, by: StorageWriter) -> Result<(), StorageError> {
    let is_refused = by == StorageWriter::Owner && kept.is_some_and(|kept| kept.writable_by == StorageWriter::Server);
    if is_refused { Err(StorageError::ReadOnly) } else { Ok(()) }
}

fn check_version(kept: Option<KeptObject>, if_version: Option<u64>) -> Result<(), StorageError> {
    let found = kept.map(|kept| kept.version);
    match if_version {
        Some(expected) if found.unwrap_or(0) != expected => Err(StorageError::Stale { expected, found }),
        _ => Ok(()),
    }
}

/// Objects in a database.
pub trait StorageStore: Send + Sync + 'static {
    /// An object that `reader` may read.
    fn object(
        &self,
        reader: AccountId,
        place: StoragePlace,
    ) -> impl Future<Output = Result<StoredObject, StorageError>> + Send;

    /// Objects of a collection of `owner` that `reader` may read, in the order of their keys' bytes.
    fn objects(
        &self,
        reader: AccountId,
        owner: AccountId,
        collection: StorageName,
        after: Option<StorageName>,
        count: usize,
    ) -> impl Future<Output = Result<Vec<StoredObject>, StorageError>> + Send;

    /// Writes an object: as it is kept then.
    fn write_object(&self, write: ObjectWrite) -> impl Future<Output = Result<StoredObject, StorageError>> + Send;

    /// Deletes an object, where it has this version; `None`: whichever it has.
    fn delete_object(
        &self,
        place: StoragePlace,
        by: StorageWriter,
        if_version: Option<u64>,
    ) -> impl Future<Output = Result<(), StorageError>> + Send;

    /// How much an account keeps.
    fn storage_usage(&self, account: AccountId) -> impl Future<Output = Result<StorageUsage, StorageError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(json: &str, if_version: Option<u64>, by: StorageWriter) -> ObjectWrite {
        let name = |text| StorageName::parse(text).expect("a name");
        let place = StoragePlace { owner: AccountId(1), collection: name("c"), key: name("k") };
        let (readable_by, writable_by) = (StorageReader::Owner, StorageWriter::Owner);
        ObjectWrite { place, json: json.to_owned(), readable_by, writable_by, if_version, by }
    }

    fn kept(version: u64, bytes: u64) -> Option<KeptObject> {
        Some(KeptObject { version, bytes, writable_by: StorageWriter::Owner })
    }

    #[test]
    fn names_are_safe_in_paths() {
        for good in ["a", "Save_1", "9", "_x", "slot-1.json", &"k".repeat(64)] {
            assert_eq!(StorageName::parse(good).as_ref().map(StorageName::as_str), Some(good), "{good}");
        }
        for bad in ["", ".", "..", "-a", ".a", "a/b", "a b", "ä", "a%", "a\0", &"k".repeat(65)] {
            assert_eq!(StorageName::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_version_is_written_over_once() {
        let usage = StorageUsage { objects: 1, bytes: 4, writes: 7 };
        let written = |found, if_version| usage.written(found, &write("{}", if_version, StorageWriter::Owner));
        let stale = |expected, found| Err(StorageError::Stale { expected, found });
        assert_eq!(written(kept(7, 4), Some(7)), Ok(StorageUsage { writes: 8, ..usage }), "the one that is there");
        assert_eq!(written(kept(7, 4), None), Ok(StorageUsage { writes: 8, ..usage }), "whichever is there");
        assert_eq!(written(kept(7, 4), Some(6)), stale(6, Some(7)), "not one of before");
        assert_eq!(written(kept(7, 4), Some(0)), stale(0, Some(7)), "it was to be new");
        assert_eq!(written(None, Some(7)), stale(7, None), "it is gone");
        let new = StorageUsage { objects: 2, bytes: 8, writes: 8 };
        assert_eq!((written(None, Some(0)), written(None, None)), (Ok(new), Ok(new)), "it is new");
        let deleted = |found, if_version| usage.deleted(found, StorageWriter::Owner, if_version);
        assert_eq!(deleted(kept(7, 4), Some(6)), stale(6, Some(7)), "nor deleted");
        assert_eq!(deleted(kept(7, 4), Some(7)), Ok(StorageUsage { writes: 7, ..StorageUsage::default() }), "as it is");
        assert_eq!(deleted(None, None), Err(StorageError::NoSuchObject), "once");
    }

    #[test]
    fn what_is_too_much_is_refused_to_the_owner_alone() {
        let long = |bytes: u64| "x".repeat(usize::try_from(bytes).expect("it fits"));
        let large = write(&long(STORAGE_VALUE_BYTES_MAX + 1), None, StorageWriter::Server);
        let found = STORAGE_VALUE_BYTES_MAX + 1;
        assert_eq!(StorageUsage::default().written(None, &large), Err(StorageError::TooLarge { found }), "to all");

        let many = StorageUsage { objects: STORAGE_OBJECTS_MAX, ..StorageUsage::default() };
        let [owner, server] = [StorageWriter::Owner, StorageWriter::Server].map(|by| write("{}", None, by));
        assert_eq!(many.written(None, &owner), Err(StorageError::TooManyObjects), "one too many");
        assert!(many.written(kept(1, 4), &owner).is_ok(), "none is added");
        assert!(many.written(None, &server).is_ok(), "the server adds one");

        let full = StorageUsage { objects: 9, bytes: STORAGE_BYTES_MAX - 3, writes: 9 };
        let needed = STORAGE_BYTES_MAX + 1;
        assert_eq!(full.written(None, &owner), Err(StorageError::Full { needed }), "a byte too many");
        assert!(full.written(kept(1, 1), &owner).is_ok(), "as many as may be");
        let over = StorageUsage { bytes: STORAGE_BYTES_MAX + 50, ..full };
        assert!(over.written(kept(1, 9), &owner).is_ok(), "it becomes less");
    }

    #[test]
    fn what_the_server_keeps_to_itself_is_not_its_owners_to_write() {
        let kept = Some(KeptObject { version: 1, bytes: 4, writable_by: StorageWriter::Server });
        let usage = StorageUsage { objects: 1, bytes: 4, writes: 1 };
        let written = |by| usage.written(kept, &write("{}", None, by)).map(|_| ());
        assert_eq!(written(StorageWriter::Owner), Err(StorageError::ReadOnly), "the owner");
        assert_eq!(written(StorageWriter::Server), Ok(()), "the server");
        let deleted = usage.deleted(kept, StorageWriter::Owner, None);
        assert_eq!(deleted, Err(StorageError::ReadOnly), "nor to delete");
    }
}
