//! Content as one piece of text: what a match began with, kept as long as anybody wants to go on with it or see it again.
//!
//! A pack is text: a line with its format, then each definition as a line with its path and length, and its canonical RON
//! on the next; of a script its text. It is written from what was parsed, every field in its place, so comments, spaces, line ends and the
//! order of fields in a file change nothing; and it is read through the same doors as files, so whatever is read is safe
//! to simulate.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use crate::content::Purpose;
use crate::def::{BattleDef, ModeDef, ScriptDef, TournamentDef, ZoneDef};
use crate::error::Errors;
use crate::limits::{FILES_MAX, PACK_BYTES_MAX};
use crate::review::Definition;
use crate::{Content, ContentError, Id, Table, reach};

/// What the first line says. Another format has another number.
const FIRST_LINE: &str = "hypogeum content 2\n";

/// Why a text is no content.
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

/// One mode or one zone and everything it can come to use, both as a shard runs on it and as it is kept.
#[derive(Clone, Debug)]
pub struct ContentPack {
    content: Arc<Content>,
    text: Arc<str>,
}

impl ContentPack {
    /// Reads a pack. Its hash is that of this very text.
    ///
    /// # Errors
    /// [`PackError`]: nothing is taken in part.
    pub fn read(text: &str) -> Result<Self, PackError> {
        let files = files(text)?.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned()));
        let report = Content::assemble(files, Errors::default(), Purpose::Unpack);
        let mut content = report.into_result().map_err(PackError::Definitions)?;
        content.hash = hash(text);
        Ok(Self { content: Arc::new(content), text: text.into() })
    }

    /// What a match runs on.
    #[must_use]
    pub const fn content(&self) -> &Arc<Content> {
        &self.content
    }

    /// What is kept.
    #[must_use]
    pub const fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// BLAKE3 of the text.
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
        packed(reach::of_mode(self, Some(mode)))
    }

    /// What a zone runs on: the zone, what it leads to, every archetype and every item with what they lead to. Of the
    /// zones behind its gates it holds nothing but their names.
    #[must_use]
    pub fn pack_of_zone(&self, zone: Id<ZoneDef>) -> ContentPack {
        packed(reach::of_zone(self, zone))
    }

    /// What a tournament runs on: the tournament, what it leads to, and every type of creature.
    #[must_use]
    pub fn pack_of_tournament(&self, tournament: Id<TournamentDef>) -> ContentPack {
        packed(reach::of_tournament(self, tournament))
    }

    /// What a shard runs on that no mode of ours describes: every item, with what items lead to.
    #[must_use]
    pub fn pack_of_items(&self) -> ContentPack {
        packed(reach::of_mode(self, None))
    }
}

impl BattleDef {
    /// The definition in one line, to be read again as a file of its folder.
    #[must_use]
    pub fn to_line(&self) -> String {
        let text = ron::to_string(self);
        debug_assert!(text.is_ok(), "a definition of ours cannot be written: {text:?}");
        text.unwrap_or_default()
    }
}

fn packed(mut content: Content) -> ContentPack {
    let text = write(&content);
    content.hash = hash(&text);
    ContentPack { content: Arc::new(content), text: text.into() }
}

/// The BLAKE3 hash of a pack's text, by which logs name it.
pub(crate) fn hash(pack: &str) -> [u8; 32] {
    *blake3::hash(pack.as_bytes()).as_bytes()
}

/// Everything in it, in the order of folders and keys.
pub(crate) fn write(content: &Content) -> String {
    let mut out = FIRST_LINE.to_owned();
    write_table(&content.abilities, &mut out);
    write_table(&content.achievements, &mut out);
    write_table(&content.archetypes, &mut out);
    write_table(&content.battles, &mut out);
    write_table(&content.behaviours, &mut out);
    write_table(&content.cosmetics, &mut out);
    write_table(&content.creatures, &mut out);
    write_table(&content.daily, &mut out);
    write_table(&content.effects, &mut out);
    write_table(&content.hazards, &mut out);
    write_table(&content.items, &mut out);
    write_table(&content.ladders, &mut out);
    write_table(&content.leaderboards, &mut out);
    write_table(&content.loot, &mut out);
    write_table(&content.maps, &mut out);
    write_table(&content.modes, &mut out);
    write_table(&content.npcs, &mut out);
    write_table(&content.opponents, &mut out);
    write_scripts(&content.scripts, &mut out);
    write_table(&content.tournaments, &mut out);
    write_table(&content.zones, &mut out);
    out
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

/// Scripts as they were written: an error is found by the line of the file.
fn write_scripts(table: &Table<ScriptDef>, out: &mut String) {
    for (_, key, def) in table.iter() {
        let text = def.script.source();
        let _ = writeln!(out, "{}/{key}.rhai {}\n{text}", ScriptDef::FOLDER, text.len());
    }
}

/// The files of a pack, each with its path.
fn files(text: &str) -> Result<Vec<(&str, &str)>, PackError> {
    if text.len() > PACK_BYTES_MAX {
        return Err(PackError::Size(text.len()));
    }
    let mut rest = text.strip_prefix(FIRST_LINE).ok_or(PackError::Format)?;
    let mut files: Vec<(&str, &str)> = Vec::new();
    while !rest.is_empty() {
        let damaged = || PackError::Damaged(text.len() - rest.len());
        let (path, definition, after) = file(rest).ok_or_else(damaged)?;
        // Each once and in order, so that one content has one pack.
        if files.len() >= FILES_MAX || files.last().is_some_and(|last| last.0 >= path) {
            return Err(damaged());
        }
        files.push((path, definition));
        rest = after;
    }
    Ok(files)
}

/// The first file of what is left: path, text, and what follows.
fn file(rest: &str) -> Option<(&str, &str, &str)> {
    let (line, rest) = rest.split_once('\n')?;
    let (path, length) = line.split_once(' ')?;
    let is_plain = length.bytes().all(|byte| byte.is_ascii_digit()) && (length == "0" || !length.starts_with('0'));
    let length: usize = length.parse().ok().filter(|_| is_plain)?;
    let (text, after) = rest.split_at_checked(length)?;
    Some((path, text, after.strip_prefix('\n')?))
}
