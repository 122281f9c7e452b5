//! What `ron` says about a text, in the words every other mistake is told in.

use ron::Error as Code;
use ron::error::SpannedError;

use crate::ContentError;
use crate::limits::NESTING_MAX;
use crate::locate::line_column;
use crate::nearest::nearest;

/// A text that is no definition, at the place where it stops being one.
pub(crate) fn syntax_error(file: String, text: &str, error: &SpannedError) -> ContentError {
    let start = byte_of(text, error.span.start.line, error.span.start.col);
    let mut at = start + text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start().len());
    let quoted = |word: &str| format!("`{word}`");
    let (what, found, expected) = match &error.code {
        Code::NoSuchStructField { expected, found, .. } => ("unknown field", quoted(found), one_of(found, expected)),
        Code::NoSuchEnumVariant { expected, found, .. } => ("unknown variant", quoted(found), one_of(found, expected)),
        Code::MissingStructField { field, .. } => ("missing field", "the end without it".into(), quoted(field)),
        Code::DuplicateStructField { field, .. } => ("field given twice", quoted(field), "it once".into()),
        Code::InvalidValueForType { expected, found } => ("wrong value", found.clone(), expected.clone()),
        Code::ExceededRecursionLimit => {
            ("nested too deep", "one more level".into(), format!("at most {NESTING_MAX} levels"))
        }
        Code::IntegerOutOfBounds => {
            at = number_start(text, at);
            ("number out of range", token(text, at), "one that fits the field".into())
        }
        Code::ExpectedComma if text.get(at..).is_some_and(|rest| rest.starts_with('.')) => {
            at = number_start(text, at);
            ("not a whole number", token(text, at), "a whole number".into())
        }
        Code::Eof => {
            at = text.len();
            ("malformed", "the end".into(), "the rest of it".into())
        }
        Code::TrailingCharacters => ("malformed", token(text, at), "the end".into()),
        code => {
            let message = code.to_string();
            let expected = message.strip_prefix("Expected ").map_or_else(|| format!("RON ({message})"), str::to_owned);
            ("malformed", token(text, at), expected)
        }
    };
    let (line, column) = line_column(text, at);
    ContentError { file, line, column, what: what.into(), found, expected }
}

fn one_of(found: &str, expected: &[&'static str]) -> String {
    let near = nearest(found, expected.iter().copied()).map(|near| format!(" (did you mean `{near}`?)"));
    format!("one of {}{}", expected.join(", "), near.unwrap_or_default())
}

/// The byte at a line and column from 1, columns in characters.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let line_start = match line.checked_sub(2) {
        None => 0,
        Some(nth) => text.match_indices('\n').nth(nth).map_or(text.len(), |(byte, _)| byte + 1),
    };
    let rest = text.get(line_start..).unwrap_or_default();
    rest.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(byte, _)| line_start + byte)
}

/// Where the number begins that a byte is part of.
fn number_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.trim_end_matches(|char: char| char.is_ascii_alphanumeric() || "+-_.".contains(char)).len()
}

/// The word or sign at a byte, for messages.
fn token(text: &str, at: usize) -> String {
    let rest: String = text.get(at..).unwrap_or_default().chars().take(24).collect();
    let word_len = rest.find(|char: char| !char.is_alphanumeric() && !"_-.".contains(char)).unwrap_or(rest.len());
    let sign_len = rest.chars().next().map_or(0, char::len_utf8);
    match rest.get(..word_len.max(sign_len)) {
        None | Some("") => "the end".into(),
        Some(token) => format!("`{}`", token.escape_debug()),
    }
}
