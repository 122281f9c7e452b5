//! Content as one piece of bytes: what a match began with, kept as long as anybody wants to go on with it or see it again.
//!
//! A pack is text: a line with its format, then each definition as a line with its path and length, and its canonical RON
//! on the next. It is written from what was parsed, every field in its place, so comments, spaces, line ends and the
//! order of fields in a file change nothing; and it is read through the same doors as files, so whatever is read is safe
//! to simulate.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use crate::def::ModeDef;
use crate::limits::{FILES_MAX, PACK_BYTES_MAX};
use crate::review::Definition;
use crate::{Content, ContentError, Id, Table, reach};

/// What the first line says. Another format has another number.
const FIRST_LINE: &str = "hypogeum content 1\n";
/// The longest line in front of a definition: a path and a length.
const LINE_BYTES_MAX: usize = 128;

/// Why bytes are no content.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Another build wrote it, or nobody did.
    #[error("this build knows no such format of content")]
    Format,
    /// More than any content has.
    #[error("the content has {0} bytes, at most {PACK_BYTES_MAX} are allowed")]
    Size(usize),
    /// It is cut off, or was changed.
    #[error("the content is damaged at byte {0}")]
    Damaged(usize),
    /// A definition means nothing to this build.
    #[error("this build cannot use the content: {}", first(.0))]
    Definitions(Vec<ContentError>),
}

fn first(errors: &[ContentError]) -> String {
    let first = errors.first().map_or_else(String::new, ToString::to_string);
    if errors.len() > 1 { format!("{first} (and {} more)", errors.len() - 1) } else { first }
}

/// One mode and everything it can come to use, both as a match runs on it and as it is kept.
#[derive(Clone, Debug, Default)]
pub struct ContentPack {
    content: Arc<Content>,
    bytes: Arc<[u8]>,
}

impl ContentPack {
    /// Reads a pack. Its hash is that of these very bytes.
    ///
    /// # Errors
    /// [`PackError`]: nothing is taken in part.
    pub fn read(bytes: &[u8]) -> Result<Self, PackError> {
        let mut content = Content::from_files(files(bytes)?).map_err(PackError::Definitions)?;
        content.hash = hash(bytes);
        Ok(Self { content: Arc::new(content), bytes: bytes.into() })
    }

    /// What a match runs on.
    #[must_use]
    pub const fn content(&self) -> &Arc<Content> {
        &self.content
    }

    /// What is kept.
    #[must_use]
    pub const fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// BLAKE3 of the bytes.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        self.content.hash
    }
}

impl Content {
    /// What a match of this mode runs on: the mode, what it leads to, and every item. Places are counted within that, so
    /// nothing else that a content has changes them.
    #[must_use]
    pub fn pack(&self, mode: Id<ModeDef>) -> ContentPack {
        let mut content = reach::of_mode(self, mode);
        let bytes = write(&content);
        content.hash = hash(&bytes);
        ContentPack { content: Arc::new(content), bytes: bytes.into() }
    }
}

/// BLAKE3.
pub(crate) fn hash(pack: &[u8]) -> [u8; 32] {
    *blake3::hash(pack).as_bytes()
}

/// Everything in it, in the order of folders and keys.
pub(crate) fn write(content: &Content) -> Vec<u8> {
    let mut out = FIRST_LINE.to_owned();
    write_table(&content.abilities, &mut out);
    write_table(&content.behaviours, &mut out);
    write_table(&content.effects, &mut out);
    write_table(&content.hazards, &mut out);
    write_table(&content.items, &mut out);
    write_table(&content.loot, &mut out);
    write_table(&content.maps, &mut out);
    write_table(&content.modes, &mut out);
    write_table(&content.npcs, &mut out);
    out.into_bytes()
}

fn write_table<T: Definition + Serialize>(table: &Table<T>, out: &mut String) {
    for (_, key, definition) in table.iter() {
        let text = ron::to_string(definition);
        debug_assert!(text.is_ok(), "a definition of ours cannot be written: {text:?}");
        let text = text.unwrap_or_default();
        // Writing to a string does not fail.
        let _ = writeln!(out, "{}/{key}.ron {}\n{text}", T::FOLDER, text.len());
    }
}

/// The files of a pack, each with its path.
fn files(bytes: &[u8]) -> Result<Vec<(String, String)>, PackError> {
    if bytes.len() > PACK_BYTES_MAX {
        return Err(PackError::Size(bytes.len()));
    }
    let mut rest = bytes.strip_prefix(FIRST_LINE.as_bytes()).ok_or(PackError::Format)?;
    let mut files: Vec<(String, String)> = Vec::new();
    while !rest.is_empty() {
        let damaged = || PackError::Damaged(bytes.len() - rest.len());
        if files.len() >= FILES_MAX {
            return Err(damaged());
        }
        let (path, text, after) = file(rest).ok_or_else(damaged)?;
        // Each once and in order, so that one content has one pack.
        if files.last().is_some_and(|last| last.0.as_str() >= path) {
            return Err(damaged());
        }
        files.push((path.to_owned(), text.to_owned()));
        rest = after;
    }
    Ok(files)
}

/// The first file of what is left: path, text, and what follows.
fn file(rest: &[u8]) -> Option<(&str, &str, &[u8])> {
    let line_end = rest.iter().take(LINE_BYTES_MAX).position(|byte| *byte == b'\n')?;
    let (line, rest) = (rest.get(..line_end)?, rest.get(line_end + 1..)?);
    let (path, length) = core::str::from_utf8(line).ok()?.split_once(' ')?;
    let is_plain = length.bytes().all(|byte| byte.is_ascii_digit()) && (length == "0" || !length.starts_with('0'));
    let length: usize = length.parse().ok().filter(|_| is_plain)?;
    let (text, after) = rest.split_at_checked(length)?;
    Some((path, core::str::from_utf8(text).ok()?, after.strip_prefix(b"\n")?))
}
