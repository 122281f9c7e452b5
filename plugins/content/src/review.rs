//! What every definition is held to: ranges, names and links, with mistakes collected as they are found.

use core::ops::RangeInclusive;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::error::{ContentError, Errors};
use crate::limits::{DESCRIPTION_CHARS_MAX, KEY_BYTES_MAX, NAME_CHARS_MAX};
use crate::locate::Spot;
use crate::nearest::nearest;
use crate::{Id, Link};

/// A kind of file.
pub(crate) trait Definition: DeserializeOwned {
    /// The folder its files lie in.
    const FOLDER: &'static str;

    /// Checks ranges, fills in links.
    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>);
}

/// The keys of every folder, with their places; without one where the file could not be read.
pub(crate) type Keys = BTreeMap<&'static str, BTreeMap<String, Option<u16>>>;

/// A review under way.
pub(crate) struct Review<'r> {
    pub(crate) keys: &'r Keys,
    pub(crate) errors: &'r mut Errors,
}

impl Review<'_> {
    /// Notes a mistake.
    pub(crate) fn fault(
        &mut self,
        at: Spot<'_>,
        what: impl Into<String>,
        found: impl ToString,
        expected: impl Into<String>,
    ) {
        if self.errors.is_full() {
            // Finding places and near words costs time that nobody will see the fruit of.
            return;
        }
        let (line, column) = at.line_column();
        let (what, found, expected) = (what.into(), found.to_string(), expected.into());
        self.errors.push(ContentError { file: at.file().into(), line, column, what, found, expected });
    }

    /// A quantity.
    pub(crate) fn range(&mut self, at: Spot<'_>, value: impl Into<i64>, allowed: RangeInclusive<i64>) {
        let value = value.into();
        if !allowed.contains(&value) {
            let expected = format!("{} to {}", allowed.start(), allowed.end());
            self.fault(at, format!("{} out of range", at.name), value, expected);
        }
    }

    /// The length of a list.
    pub(crate) fn count(&mut self, at: Spot<'_>, count: usize, allowed: RangeInclusive<usize>) {
        if !allowed.contains(&count) {
            let expected = format!("{} to {}", allowed.start(), allowed.end());
            self.fault(at, format!("{} has the wrong number of entries", at.name), count, expected);
        }
    }

    /// A name shown to players.
    pub(crate) fn name(&mut self, at: Spot<'_>, name: &str) {
        self.text(at, name, 1..=NAME_CHARS_MAX);
    }

    /// A description shown to players.
    pub(crate) fn description(&mut self, at: Spot<'_>, description: &str) {
        self.text(at, description, 0..=DESCRIPTION_CHARS_MAX);
    }

    fn text(&mut self, at: Spot<'_>, text: &str, allowed: RangeInclusive<usize>) {
        let count = text.trim().chars().count();
        if !allowed.contains(&count) {
            let expected = format!("{} to {} characters", allowed.start(), allowed.end());
            self.fault(at, format!("{} has the wrong length", at.name), format!("{count} characters"), expected);
        } else if let Some(control) = text.chars().find(|char| char.is_control()) {
            let found = control.escape_default();
            self.fault(at, format!("{} cannot be shown", at.name), found, "no control characters");
        }
    }

    /// A word that other definitions refer to.
    pub(crate) fn word(&mut self, at: Spot<'_>, word: &str) {
        if !is_key(word) {
            self.fault(at, format!("{} is not a key", at.name), format!("{word:?}"), KEY_RULE);
        }
    }

    /// A reference: sets its place.
    pub(crate) fn link<T: Definition>(&mut self, at: Spot<'_>, link: &mut Link<T>) {
        let keys = self.keys.get(T::FOLDER);
        match keys.and_then(|keys| keys.get(&link.key)) {
            Some(Some(place)) => link.id = Id::new(*place),
            // The file is there and has errors of its own: one mistake, one message.
            Some(None) => {}
            None if self.errors.is_full() => {}
            None => {
                let known = keys.into_iter().flatten().map(|(key, _)| key.as_str());
                let expected = match nearest(&link.key, known) {
                    Some(near) => format!("a key of {} (did you mean {near:?}?)", T::FOLDER),
                    None => format!("a key of {}", T::FOLDER),
                };
                self.fault(at, "unknown reference", format!("{:?}", link.key), expected);
            }
        }
    }

    /// References in a list.
    pub(crate) fn links<T: Definition>(&mut self, at: Spot<'_>, links: &mut [Link<T>]) {
        for (index, link) in links.iter_mut().enumerate() {
            self.link(at.nth(index), link);
        }
    }
}

/// What [`is_key`] asks for, in words.
pub(crate) const KEY_RULE: &str = "1 to 64 of a-z, 0-9 and _";

/// Whether a word may be a key.
pub(crate) fn is_key(word: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=KEY_BYTES_MAX).contains(&word.len()) && word.bytes().all(allowed)
}
