//! What is wrong with a content folder, or looks as if it were.

use core::fmt;

use crate::limits::ERRORS_MAX;

/// Whether something is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It is: nothing starts with it.
    #[default]
    Error,
    /// It may be meant so.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One mistake, and where. Shown as `file:line:column: what, found …, expected … (hint)`; a warning says so first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContentError {
    /// The file; from [`crate::Content::load`] with the folder in front.
    pub file: String,
    /// Line, from 1. Mistakes of a whole file stand at 1:1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Whether it is wrong, or only looks so.
    pub severity: Severity,
    /// What is wrong.
    pub what: String,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
    /// What was probably meant.
    pub hint: Option<String>,
}

impl std::error::Error for ContentError {}

impl fmt::Display for ContentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, severity, what, found, expected, hint } = self;
        let warning = if *severity == Severity::Warning { "warning: " } else { "" };
        write!(formatter, "{file}:{line}:{column}: {warning}{what}, found {found}, expected {expected}")?;
        hint.as_ref().map_or(Ok(()), |hint| write!(formatter, " ({hint})"))
    }
}

/// Mistakes as they are found, at most [`ERRORS_MAX`], and as many warnings.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    errors: Vec<ContentError>,
    warnings: Vec<ContentError>,
}

impl Errors {
    pub(crate) fn push(&mut self, error: ContentError) {
        let list = match error.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if list.len() < ERRORS_MAX {
            list.push(error);
        }
    }

    /// A mistake of a file as a whole.
    pub(crate) fn push_file(&mut self, file: &str, what: &str, found: impl Into<String>, expected: impl Into<String>) {
        self.push(ContentError { severity: Severity::Error, ..of_file(file, what, found, expected) });
    }

    /// What looks like a mistake of a file as a whole.
    pub(crate) fn warn_file(&mut self, file: &str, what: &str, found: impl Into<String>, expected: impl Into<String>) {
        self.push(ContentError { severity: Severity::Warning, ..of_file(file, what, found, expected) });
    }

    /// Whether another mistake would be dropped.
    pub(crate) fn is_full(&self) -> bool {
        self.errors.len() >= ERRORS_MAX
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Whether something is wrong at a place.
    pub(crate) fn has_at(&self, file: &str, line: u32, column: u32) -> bool {
        self.errors.iter().any(|error| error.file == file && (error.line, error.column) == (line, column))
    }

    /// Mistakes and warnings, by file, line and column.
    pub(crate) fn into_sorted(self) -> (Vec<ContentError>, Vec<ContentError>) {
        let sorted = |mut list: Vec<ContentError>| {
            list.sort();
            list.dedup();
            list
        };
        (sorted(self.errors), sorted(self.warnings))
    }
}

fn of_file(file: &str, what: &str, found: impl Into<String>, expected: impl Into<String>) -> ContentError {
    let (found, expected) = (found.into(), expected.into());
    ContentError {
        file: file.into(),
        line: 1,
        column: 1,
        what: what.into(),
        found,
        expected,
        ..ContentError::default()
    }
}
