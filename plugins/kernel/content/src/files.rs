//! From texts to typed definitions: which folder a file is in, what its key is, and what `ron` says about it.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::ContentError;
use crate::check::{FOLDERS, read_script};
use crate::def::ScriptDef;
use crate::error::Errors;
use crate::form;
use crate::limits::{FILE_BYTES_MAX, FILES_MAX};
use crate::locate::Source;
use crate::nearest::nearest;
use crate::review::{Definition, KEY_RULE, Keys, is_key};

/// Folders that belong to others and are not read here.
pub(crate) const FOLDERS_OF_OTHERS: [&str; 3] = ["bots", "chat", "locales"];

/// The folder of definitions that only a studio's own kinds of shard can read.
pub(crate) const OWN_FOLDER: &str = "own";

/// Texts by path, folder and key known to be good.
pub(crate) struct Files {
    /// By folder and key: path order, because `.` sorts before every character of a key.
    texts: BTreeMap<(&'static str, String), String>,
}

/// A parsed definition and what it was parsed from.
pub(crate) struct Draft<T> {
    pub(crate) key: String,
    pub(crate) definition: T,
    pub(crate) source: Source,
    /// Numbers that do not fit their fields. Where the field's range says so, that says more.
    pub(crate) unfit: Vec<ContentError>,
}

impl Files {
    /// Sorts files into folders; a file that belongs nowhere is an error, because it hides a typo.
    pub(crate) fn sort(files: impl Iterator<Item = (String, String)>, errors: &mut Errors) -> Self {
        let mut texts = BTreeMap::new();
        for (path, text) in files {
            let Some(place) = place_of(&path, errors) else { continue };
            if texts.len() >= FILES_MAX {
                errors.push_file(&path, "too many files", "one more", format!("at most {FILES_MAX}"));
                break;
            }
            if text.len() > FILE_BYTES_MAX {
                errors.push_file(&path, "file too large", "more", format!("at most {FILE_BYTES_MAX} bytes"));
            } else if texts.insert(place, without_mark(text)).is_some() {
                errors.push_file(&path, "duplicate file", "it a second time", "each path once");
            }
        }
        Self { texts }
    }

    /// All keys, none placed yet.
    pub(crate) fn keys(&self) -> Keys {
        let mut keys = Keys::new();
        for (folder, key) in self.texts.keys() {
            keys.entry(folder).or_default().insert(key.clone(), None);
        }
        keys
    }

    /// The definitions of one folder in key order.
    pub(crate) fn parse<T: Definition + DeserializeOwned>(&self, errors: &mut Errors) -> Vec<Draft<T>> {
        let mut drafts = Vec::new();
        for ((folder, key), text) in &self.texts {
            if *folder != T::FOLDER {
                continue;
            }
            let file = path(folder, key);
            match form::read(&file, text) {
                Ok((definition, unfit)) => {
                    drafts.push(Draft { key: key.clone(), definition, source: Source::new(file, text.clone()), unfit });
                }
                Err(slips) => slips.into_iter().for_each(|slip| errors.push(slip)),
            }
        }
        drafts
    }

    /// The scripts in key order.
    pub(crate) fn scripts(&self, errors: &mut Errors) -> Vec<Draft<ScriptDef>> {
        let mut drafts = Vec::new();
        for ((folder, key), text) in self.texts.iter().filter(|((folder, _), _)| *folder == ScriptDef::FOLDER) {
            let file = path(folder, key);
            if let Some(definition) = read_script(&file, text, errors) {
                let source = Source::new(file, String::new());
                drafts.push(Draft { key: key.clone(), definition, source, unfit: Vec::new() });
            }
        }
        drafts
    }
}

/// Editors of Windows begin a text with a byte order mark.
pub(crate) fn without_mark(text: String) -> String {
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}

fn path(folder: &str, key: &str) -> String {
    format!("{folder}/{key}.{}", ending(folder))
}

/// What the names of a folder's files end with.
pub(crate) fn ending(folder: &str) -> &'static str {
    if folder == ScriptDef::FOLDER { "rhai" } else { ENDING }
}

/// Folder and key of a path; notes why it has none, unless the file is none of our business.
fn place_of(path: &str, errors: &mut Errors) -> Option<(&'static str, String)> {
    let (folder, name) = path.split_once('/').unwrap_or(("", path));
    if FOLDERS_OF_OTHERS.contains(&folder) || name.ends_with(".md") {
        return None;
    }
    let Some(known) = FOLDERS.into_iter().find(|known| *known == folder) else {
        if folder.is_empty() && !is_definition(name) {
            errors.warn_file(path, "passed over", format!("{name:?}"), "folders of definitions");
            return None;
        }
        let found = if folder.is_empty() { "a file beside them".to_owned() } else { format!("{folder:?}") };
        let near = nearest(folder, FOLDERS.into_iter()).map(|near| format!(" (did you mean {near:?}?)"));
        let expected = format!("one of {}{}", FOLDERS.join(", "), near.unwrap_or_default());
        errors.push_file(path, "unknown folder", found, expected);
        return None;
    };
    let ending = ending(known);
    let Some(key) = name.strip_suffix(ending).and_then(|name| name.strip_suffix('.')) else {
        let (found, expected) = (format!("{name:?}"), format!("a name ending in .{ending} or .md"));
        if is_definition(name) {
            errors.push_file(path, "unknown kind of file", found, expected);
        } else {
            errors.warn_file(path, "passed over", found, expected);
        }
        return None;
    };
    if !is_key(key) {
        errors.push_file(path, "file name is not a key", format!("{key:?}"), KEY_RULE);
        return None;
    }
    Some((known, key.to_owned()))
}

/// Whether a name may be meant for a definition: what editors and systems leave behind is not.
fn is_definition(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| nearest(ending, [ENDING, "rhai"].into_iter()).is_some() && !ending.ends_with('~'))
}

/// What the name of a definition ends with.
const ENDING: &str = "ron";
