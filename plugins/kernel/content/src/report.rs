//! What checking comes to.

use serde::de::DeserializeOwned;

use crate::{Content, ContentError, form};

/// Everything that is wrong with a content, or looks as if it were.
#[derive(Debug, Default)]
pub struct CheckReport {
    /// The content, where nothing is wrong with it.
    pub content: Option<Content>,
    /// What is wrong, by file, line and column.
    pub errors: Vec<ContentError>,
    /// What may be meant so and probably is not, in the same order. Told only of a content that is sound, but for files
    /// that are passed over.
    pub warnings: Vec<ContentError>,
}

impl CheckReport {
    /// The content, or what is wrong with it.
    pub(crate) fn into_result(self) -> Result<Content, Vec<ContentError>> {
        self.content.ok_or(self.errors)
    }
}

/// Everything that is wrong with the form of a text that is to be a `T`: for files that are written like content and are
/// none, such as those of load bots.
#[must_use]
pub fn check_form<T: DeserializeOwned>(file: &str, text: &str) -> Vec<ContentError> {
    match form::read::<T>(file, text.strip_prefix('\u{feff}').unwrap_or(text)) {
        Ok((_, unfit)) => unfit,
        Err(slips) => slips,
    }
}
