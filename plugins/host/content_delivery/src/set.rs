//! All blobs of one content.

use hypogeum_content::Content;
use hypogeum_locale::Locales;

use crate::blob::ContentBlob;
use crate::{names, numbers, tables};

/// All blobs of one content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentSet {
    content_hash: String,
    manifest_hash: String,
    /// By their names.
    blobs: Vec<ContentBlob>,
}

impl ContentSet {
    /// What clients need of a content, in every language there is. The same content makes the same blobs.
    ///
    /// # Errors
    /// [`serde_json::Error`] where a blob is no JSON, which it always is: it has text and numbers alone.
    pub fn of(content: &Content, locales: &Locales) -> Result<Self, serde_json::Error> {
        let blobs = [tables::blobs(content)?, names::blobs(content, locales)?, numbers::blobs(content)?].concat();
        Ok(Self::sorted(blake3::Hash::from_bytes(content.hash).to_hex().to_string(), blobs))
    }

    /// The same, with what the numbers mean in shards that go on with content of their own: those whose numbers mean what they
    /// mean in their own mode or place of this one need no blob of theirs.
    ///
    /// # Errors
    /// As [`ContentSet::of`].
    pub fn with_shards<'c>(
        self,
        shards: impl IntoIterator<Item = (u64, &'c Content)>,
    ) -> Result<Self, serde_json::Error> {
        let Self { content_hash, mut blobs, .. } = self;
        for (id, runs_on) in shards.into_iter().filter(|(_, runs_on)| numbers::has_any(runs_on)) {
            let blob = numbers::of_shard(format!("numbers/shard/{id}"), runs_on)?;
            let usual = numbers::usual_name(runs_on);
            if !blobs.iter().any(|known| known.name == usual && known.hash == blob.hash) {
                blobs.push(blob);
            }
        }
        Ok(Self::sorted(content_hash, blobs))
    }

    fn sorted(content_hash: String, mut blobs: Vec<ContentBlob>) -> Self {
        blobs.sort_by(|left, right| left.name.cmp(&right.name));
        let mut hasher = blake3::Hasher::new();
        hasher.update(content_hash.as_bytes());
        for blob in &blobs {
            // Names have no line ends, and hashes one length.
            hasher.update(blob.name.as_bytes()).update(b"\n").update(blob.hash.as_bytes());
        }
        Self { content_hash, manifest_hash: hasher.finalize().to_hex().to_string(), blobs }
    }

    /// The hash of the content, as a welcome tells it: 64 lower hex digits.
    #[must_use]
    pub fn content_hash(&self) -> &str {
        &self.content_hash
    }

    /// What this set is known by: it changes with any of its blobs, also where only words of a language have changed, of which the
    /// content's hash knows nothing.
    #[must_use]
    pub fn manifest_hash(&self) -> &str {
        &self.manifest_hash
    }

    /// Its blobs, by their names.
    #[must_use]
    pub fn blobs(&self) -> &[ContentBlob] {
        &self.blobs
    }

    /// The blob of this name.
    #[must_use]
    pub fn blob(&self, name: &str) -> Option<&ContentBlob> {
        let at = self.blobs.binary_search_by(|blob| blob.name.as_str().cmp(name)).ok()?;
        self.blobs.get(at)
    }
}
