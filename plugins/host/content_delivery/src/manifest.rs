//! What is said of the blobs.

use serde::Serialize;

use crate::blob::ContentBlob;
use crate::set::ContentSet;

/// Which blobs there are, or which have changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// By which a client asks later what has changed.
    pub manifest_hash: String,
    /// The hash of the content, as a welcome tells it.
    pub content_hash: String,
    /// The manifest that it tells the changes since; `None`: it tells everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The blobs there are, or those that are new or another, by their names.
    pub blobs: Vec<BlobEntry>,
    /// Names of blobs that are not there any more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
}

/// What a manifest says of a blob.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlobEntry {
    /// What it is.
    pub name: String,
    /// By which it is fetched.
    pub hash: String,
    /// How long it is.
    pub bytes: usize,
}

impl BlobEntry {
    fn of(blob: &ContentBlob) -> Self {
        Self { name: blob.name.clone(), hash: blob.hash.clone(), bytes: blob.bytes.len() }
    }
}

impl Manifest {
    /// All blobs of a set.
    #[must_use]
    pub fn whole(set: &ContentSet) -> Self {
        Self {
            manifest_hash: set.manifest_hash().to_owned(),
            content_hash: set.content_hash().to_owned(),
            since: None,
            blobs: set.blobs().iter().map(BlobEntry::of).collect(),
            removed: Vec::new(),
        }
    }

    /// What a set has that an earlier one had not, or had otherwise.
    #[must_use]
    pub fn changes(set: &ContentSet, since: &ContentSet) -> Self {
        let is_same = |blob: &&ContentBlob| since.blob(&blob.name).is_some_and(|old| old.hash == blob.hash);
        let is_gone = |blob: &&ContentBlob| set.blob(&blob.name).is_none();
        Self {
            since: Some(since.manifest_hash().to_owned()),
            blobs: set.blobs().iter().filter(|blob| !is_same(blob)).map(BlobEntry::of).collect(),
            removed: since.blobs().iter().filter(is_gone).map(|blob| blob.name.clone()).collect(),
            ..Self::whole(set)
        }
    }
}
