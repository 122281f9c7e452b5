//! What is wrong with a content folder.

use crate::limits::ERRORS_MAX;

/// One mistake, and where. Shown as `file:line:column: what, found …, expected …`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}:{column}: {what}, found {found}, expected {expected}")]
pub struct ContentError {
    /// The file; from [`crate::Content::load`] with the folder in front.
    pub file: String,
    /// Line, from 1. Mistakes of a whole file stand at 1:1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub what: String,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
}

/// Mistakes as they are found, at most [`ERRORS_MAX`].
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<ContentError>);

impl Errors {
    pub(crate) fn push(&mut self, error: ContentError) {
        if !self.is_full() {
            self.0.push(error);
        }
    }

    /// A mistake of a file as a whole.
    pub(crate) fn push_file(&mut self, file: &str, what: &str, found: impl Into<String>, expected: impl Into<String>) {
        let (found, expected) = (found.into(), expected.into());
        self.push(ContentError { file: file.into(), line: 1, column: 1, what: what.into(), found, expected });
    }

    /// Whether another one would be dropped.
    pub(crate) fn is_full(&self) -> bool {
        self.0.len() >= ERRORS_MAX
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// By file, line and column.
    pub(crate) fn into_sorted(mut self) -> Vec<ContentError> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}
