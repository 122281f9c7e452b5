//! The set that counts now, and some earlier ones.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::RwLock;

use crate::blob::ContentBlob;
use crate::manifest::Manifest;
use crate::set::ContentSet;

/// Earlier sets whose blobs are still answered, and since which changes are told: a client that is further behind fetches the whole
/// manifest, and of the blobs those that it does not have.
pub const EARLIER_SETS_MAX: usize = 8;

/// The set that counts now, and some earlier ones of this run. A clone shows the same.
#[derive(Clone, Debug)]
pub struct PublishedContent {
    sets: Arc<RwLock<Sets>>,
}

#[derive(Debug)]
struct Sets {
    now: ContentSet,
    /// The newest first.
    earlier: VecDeque<ContentSet>,
}

impl PublishedContent {
    /// Publishes a first set.
    #[must_use]
    pub fn new(set: ContentSet) -> Self {
        Self { sets: Arc::new(RwLock::new(Sets { now: set, earlier: VecDeque::new() })) }
    }

    /// From now on this set counts. One that was published before counts again.
    pub fn publish(&self, set: ContentSet) {
        let mut sets = self.sets.write();
        let before = std::mem::replace(&mut sets.now, set);
        sets.earlier.push_front(before);
        let now = sets.now.manifest_hash().to_owned();
        sets.earlier.retain(|earlier| earlier.manifest_hash() != now);
        sets.earlier.truncate(EARLIER_SETS_MAX);
    }

    /// What has changed since an earlier manifest; everything where there is no `since`, or it is not known.
    #[must_use]
    pub fn manifest(&self, since: Option<&str>) -> Manifest {
        let sets = self.sets.read();
        let known = since.and_then(|since| sets.newest_first().find(|set| set.manifest_hash() == since));
        known.map_or_else(|| Manifest::whole(&sets.now), |earlier| Manifest::changes(&sets.now, earlier))
    }

    /// The blob of this hash, of the set that counts now or of an earlier one.
    #[must_use]
    pub fn blob(&self, hash: &str) -> Option<ContentBlob> {
        let sets = self.sets.read();
        sets.newest_first().flat_map(ContentSet::blobs).find(|blob| blob.hash == hash).cloned()
    }
}

impl Sets {
    fn newest_first(&self) -> impl Iterator<Item = &ContentSet> {
        std::iter::once(&self.now).chain(&self.earlier)
    }
}
