//! What every definition is held to: ranges, names and links, with mistakes collected as they are found.

use core::fmt::Display;
use core::ops::RangeInclusive;
use std::collections::BTreeMap;

use crate::error::{ContentError, Errors, Severity};
use crate::limits::{KEY_BYTES_MAX, LOCAL_KEY_BYTES_MAX, NAME_CHARS_MAX, WORD_BYTES_MAX};
use crate::locate::Spot;
use crate::nearest::nearest;
use crate::{Id, Link};

/// A kind of file.
pub(crate) trait Definition {
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
        self.fault_hinting(at, what, found, expected, None);
    }

    /// Notes a mistake, and what was probably meant.
    fn fault_hinting(
        &mut self,
        at: Spot<'_>,
        what: impl Into<String>,
        found: impl ToString,
        expected: impl Into<String>,
        hint: Option<String>,
    ) {
        if self.errors.is_full() {
            // Finding places and near words costs time that nobody will see the fruit of.
            return;
        }
        let (line, column) = at.line_column();
        let (what, found, expected) = (what.into(), found.to_string(), expected.into());
        let (file, severity) = (at.file().into(), Severity::Error);
        self.errors.push(ContentError { file, line, column, severity, what, found, expected, hint });
    }

    /// Notes what may be meant so and probably is not.
    pub(crate) fn warn(
        &mut self,
        at: Spot<'_>,
        what: impl Into<String>,
        found: impl ToString,
        expected: impl Into<String>,
        hint: Option<String>,
    ) {
        let (line, column) = at.line_column();
        let (what, found, expected) = (what.into(), found.to_string(), expected.into());
        let (file, severity) = (at.file().into(), Severity::Warning);
        self.errors.push(ContentError { file, line, column, severity, what, found, expected, hint });
    }

    /// Notes a fault where a quantity is not in its range.
    pub(crate) fn range(&mut self, at: Spot<'_>, value: impl Into<i64>, allowed: RangeInclusive<i64>) {
        self.in_range(at, value, allowed);
    }

    /// A quantity. Whether it is in its range: what follows from one that is not tells nobody anything.
    pub(crate) fn in_range(&mut self, at: Spot<'_>, value: impl Into<i64>, allowed: RangeInclusive<i64>) -> bool {
        let value = value.into();
        let is_good = allowed.contains(&value);
        if !is_good {
            let found = at.number().map_or_else(|| value.to_string(), str::to_owned);
            let hint = of_another_unit(at.name, value, &allowed);
            self.fault_hinting(at, format!("{} out of range", at.name), found, words(&allowed), hint);
        }
        is_good
    }

    /// Two quantities of which the first must not be more than the second. Each is in its range already.
    pub(crate) fn ordered(&mut self, low: (Spot<'_>, u32), high: (Spot<'_>, u32)) {
        if low.1 > high.1 {
            let found = format!("{} and {}", low.1, high.1);
            let expected = format!("{} at most {}", low.0.name, high.0.name);
            self.fault(low.0, format!("{} is more than {}", low.0.name, high.0.name), found, expected);
        }
    }

    /// The length of a list.
    pub(crate) fn count(&mut self, at: Spot<'_>, count: usize, allowed: RangeInclusive<usize>) {
        if !allowed.contains(&count) {
            self.fault(at, format!("{} has the wrong number of entries", at.name), count, words(&allowed));
        }
    }

    /// A name shown to players.
    pub(crate) fn name(&mut self, at: Spot<'_>, name: &str) {
        self.text(at, name, 1..=NAME_CHARS_MAX);
    }

    fn text(&mut self, at: Spot<'_>, text: &str, allowed: RangeInclusive<usize>) {
        let count = text.trim().chars().count();
        if !allowed.contains(&count) {
            let expected = format!("{} characters", words(&allowed));
            self.fault(at, format!("{} has the wrong length", at.name), format!("{count} characters"), expected);
        } else if let Some(control) = text.chars().find(|char| char.is_control()) {
            let found = control.escape_default();
            self.fault(at, format!("{} cannot be shown", at.name), found, "no control characters");
        }
    }

    /// Words told to players.
    pub(crate) fn prose(&mut self, at: Spot<'_>, words: &str, bytes_max: usize) {
        let bytes = words.trim().len();
        if !(1..=bytes_max).contains(&bytes) {
            let expected = format!("1 to {bytes_max} bytes");
            self.fault(at, format!("{} has the wrong length", at.name), format!("{bytes} bytes"), expected);
        } else if let Some(control) = words.chars().find(|char| char.is_control()) {
            let found = control.escape_default();
            self.fault(at, format!("{} cannot be shown", at.name), found, "no control characters");
        }
    }

    /// A key that is written within a file. Whether it is one.
    pub(crate) fn local_key(&mut self, at: Spot<'_>, key: &str) -> bool {
        let is_good = is_key(key) && key.len() <= LOCAL_KEY_BYTES_MAX;
        if !is_good {
            let expected = format!("1 to {LOCAL_KEY_BYTES_MAX} of a-z, 0-9 and _");
            self.fault(at, format!("{} is not a key", at.name), format!("{key:?}"), expected);
        }
        is_good
    }

    /// A word that players type. Whether it is one.
    pub(crate) fn typed(&mut self, at: Spot<'_>, word: &str) -> bool {
        let is_good = (1..=WORD_BYTES_MAX).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_good {
            let expected = format!("1 to {WORD_BYTES_MAX} of a-z");
            self.fault(at, format!("{} cannot be typed", at.name), format!("{word:?}"), expected);
        }
        is_good
    }

    /// The key of something that is one of a few: notes it where there is no such one, with the one that was meant.
    pub(crate) fn known<'k>(&mut self, at: Spot<'_>, what: &str, key: &str, known: impl Iterator<Item = &'k str>) {
        let known: Vec<&str> = known.collect();
        if known.contains(&key) || self.errors.is_full() {
            return;
        }
        let hint = nearest(key, known.iter().copied()).map(|near| format!("did you mean {near:?}?"));
        self.fault_hinting(at, format!("unknown {what}"), format!("{key:?}"), format!("a key of {what}s"), hint);
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
                let hint = nearest(&link.key, known).map(|near| format!("did you mean {near:?}?"));
                let expected = format!("a key of {}", T::FOLDER);
                self.fault_hinting(at, "unknown reference", format!("{:?}", link.key), expected, hint);
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

/// A range, or the one value it has.
pub(crate) fn words<N: Display + PartialEq>(allowed: &RangeInclusive<N>) -> String {
    match (allowed.start(), allowed.end()) {
        (start, end) if start == end => start.to_string(),
        (start, end) => format!("{start} to {end}"),
    }
}

/// Whether a number that is out of its range is in it when taken for seconds, metres or whole per cent.
fn of_another_unit(name: &str, value: i64, allowed: &RangeInclusive<i64>) -> Option<String> {
    let (unit, larger, factor) = match name {
        _ if name.ends_with("_ms") || name.starts_with("exit ") => ("milliseconds", "s", 1_000),
        _ if name.ends_with("_cm_per_s") => ("centimetres a second", "m/s", 100),
        _ if name.ends_with("_cm") || name.ends_with("_cm_max") || name.ends_with("_cm_min") => {
            ("centimetres", "m", 100)
        }
        _ if (name == "Percent" || name.ends_with("_percent")) && value % 100 == 0 => {
            let percent = value / 100;
            return (percent != 0 && allowed.contains(&percent)).then(|| format!("in percent: {percent}"));
        }
        _ => return None,
    };
    let meant = value.checked_mul(factor).filter(|meant| value > 0 && allowed.contains(meant))?;
    Some(format!("in {unit}: {meant} for {value} {larger}"))
}

/// What [`is_key`] asks for, in words.
pub(crate) const KEY_RULE: &str = "1 to 64 of a-z, 0-9 and _";

/// Whether a word may be a key.
pub(crate) fn is_key(word: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=KEY_BYTES_MAX).contains(&word.len()) && word.bytes().all(allowed)
}
