//! What there is of the content for clients: blobs by hash, and a manifest of them.

use serde::Deserialize;

use super::{Api, ApiError};

/// Which blobs there are, or which have changed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ContentManifest {
    /// By which one asks later what has changed.
    pub manifest_hash: String,
    /// The hash of the content in lower hex, as a welcome tells its bytes.
    pub content_hash: String,
    /// The manifest since which it tells the changes; `None`: it tells everything.
    #[serde(default)]
    pub since: Option<String>,
    /// The blobs there are, or those that are new or another.
    pub blobs: Vec<ContentBlobInfo>,
    /// Names of blobs that are not there any more.
    #[serde(default)]
    pub removed: Vec<String>,
}

/// What a manifest says of a blob.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ContentBlobInfo {
    /// What it is, such as `tables/items` or `names/de`.
    pub name: String,
    /// By which it is fetched, and kept for as long as one likes: BLAKE3 in lower hex.
    pub hash: String,
    /// How long it is.
    pub bytes: u64,
}

impl Api {
    /// Which blobs there are of the content, or which have changed since an earlier manifest, by its
    /// [`manifest_hash`](ContentManifest::manifest_hash).
    ///
    /// # Errors
    /// As [`Api::register`], with 404 where the server gives nothing away.
    pub fn content(&self, since: Option<&str>) -> Result<ContentManifest, ApiError> {
        let query = since.map(|since| format!("?since={since}")).unwrap_or_default();
        self.ask("GET", &format!("/v1/content{query}"), None, None)
    }

    /// A blob by its hash: JSON, which has that very hash.
    ///
    /// # Errors
    /// As [`Api::content`], with 404 where there is none, and [`ApiError::Unreadable`] where what came has another hash.
    pub fn content_blob(&self, hash: &str) -> Result<Vec<u8>, ApiError> {
        let path = format!("/v1/content/{hash}");
        let bytes = self.ask_bytes("GET", &path, None, None)?;
        let found = blake3::hash(&bytes).to_hex();
        if *found != *hash {
            return Err(self.unreadable(&path, format!("what came has the hash {found}")));
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::answering;
    use super::*;

    #[test]
    fn a_blob_of_another_hash_is_none() {
        let hash = blake3::hash(b"{}").to_hex();
        let (api, asked) = answering("200 OK", "{}");
        assert_eq!(api.content_blob(&hash), Ok(b"{}".to_vec()), "it is what was asked for");
        let asked = asked.join().expect("one request");
        assert!(asked.starts_with(&format!("GET /v1/content/{hash} ")), "by its hash: {asked}");
        let (api, _) = answering("200 OK", "{ }");
        assert!(matches!(api.content_blob(&hash), Err(ApiError::Unreadable { .. })), "something else");
    }

    #[test]
    fn a_manifest_tells_everything_or_what_has_changed() {
        let (api, _) = answering("200 OK", r#"{"manifest_hash":"a","content_hash":"b","blobs":[]}"#);
        let whole = api.content(None).expect("a good answer");
        assert_eq!((whole.since, whole.removed), (None, Vec::new()), "what is not said is nothing");
        let body = r#"{"manifest_hash":"c","content_hash":"b","since":"a","blobs":[{"name":"names/de","hash":"d","bytes":2}]}"#;
        let (api, asked) = answering("200 OK", body);
        let changes = api.content(Some("a")).expect("a good answer");
        assert_eq!((changes.since.as_deref(), changes.blobs.len()), (Some("a"), 1), "since what was named");
        assert!(asked.join().expect("one request").starts_with("GET /v1/content?since=a "), "which was asked for");
    }
}
