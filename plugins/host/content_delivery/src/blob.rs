//! A blob and its hash.

use std::sync::Arc;

use serde::Serialize;

/// Something that clients keep for as long as they like, for under its hash it is never anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentBlob {
    /// What it is, such as `tables/items`: unique in its set.
    pub name: String,
    /// BLAKE3 of its bytes: 64 lower hex digits.
    pub hash: String,
    /// JSON.
    pub bytes: Arc<[u8]>,
}

impl ContentBlob {
    /// A value as JSON. The same value always has the same bytes, as long as its maps are sorted.
    ///
    /// # Errors
    /// [`serde_json::Error`] where it is no JSON, which what is made here always is.
    pub(crate) fn new(name: impl Into<String>, value: &impl Serialize) -> Result<Self, serde_json::Error> {
        let bytes = serde_json::to_vec(value)?;
        Ok(Self { name: name.into(), hash: blake3::hash(&bytes).to_hex().to_string(), bytes: bytes.into() })
    }
}
