//! Reading a content folder. The only place of this crate that touches a disk.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use crate::check::FOLDERS;
use crate::content::Purpose;
use crate::error::Errors;
use crate::files::{FOLDERS_OF_OTHERS, OWN_FOLDER, ending, without_mark};
use crate::limits::{FILE_BYTES_MAX, FILES_MAX};
use crate::locate::line_column;
use crate::review::{KEY_RULE, is_key};
use crate::{CheckReport, Content, ContentError};

impl Content {
    /// Loads a content folder: `<folder>/<key>.ron`, one definition a file. Other folders of the house, `.md` files
    /// and hidden files are passed over. Looks no deeper than that, so links in a ring do no harm.
    ///
    /// # Errors
    /// Everything that is wrong, by file, line and column.
    pub fn load(dir: &Path) -> Result<Self, Vec<ContentError>> {
        Self::check(dir).into_result()
    }

    /// Loads a content folder and says everything that is wrong with it or looks as if it were.
    #[must_use]
    pub fn check(dir: &Path) -> CheckReport {
        let mut errors = Errors::default();
        let (mut files, mut own) = (Vec::new(), Vec::new());
        for (name, is_dir) in list(dir, "", &mut errors) {
            if !is_dir {
                files.push((name, String::new()));
            } else if name == OWN_FOLDER {
                read_folder(dir, &name, &mut own, &mut errors);
            } else if FOLDERS.contains(&name.as_str()) {
                read_folder(dir, &name, &mut files, &mut errors);
            } else if !FOLDERS_OF_OTHERS.contains(&name.as_str()) {
                // An empty path in it brings the error about unknown folders.
                files.push((format!("{name}/"), String::new()));
            }
        }
        let own = own_definitions(own, &mut errors);
        let mut report = Self::assemble(files.into_iter(), errors, Purpose::Review);
        if let Some(content) = &mut report.content {
            content.own = own;
        }
        for error in report.errors.iter_mut().chain(&mut report.warnings) {
            error.file = dir.join(&error.file).display().to_string();
        }
        report
    }
}

/// Texts that only a studio's own kinds of shard can read, by key: what can be said of them without knowing what they mean.
fn own_definitions(files: Vec<(String, String)>, errors: &mut Errors) -> BTreeMap<String, String> {
    let mut own = BTreeMap::new();
    for (path, text) in files {
        let name = path.strip_prefix(OWN_FOLDER).and_then(|name| name.strip_prefix('/')).unwrap_or_default();
        // Notes lie beside definitions, as in every folder.
        let Some(key) = name.strip_suffix(".ron") else { continue };
        if !is_key(key) {
            errors.push_file(&path, "file name is not a key", format!("{key:?}"), KEY_RULE);
        } else if text.len() > FILE_BYTES_MAX {
            errors.push_file(&path, "file too large", "more", format!("at most {FILE_BYTES_MAX} bytes"));
        } else {
            own.insert(key.to_owned(), without_mark(text));
        }
    }
    own
}

fn read_folder(dir: &Path, folder: &str, files: &mut Vec<(String, String)>, errors: &mut Errors) {
    for (name, is_dir) in list(&dir.join(folder), folder, errors) {
        let path = format!("{folder}/{name}");
        if is_dir {
            errors.push_file(&path, "folder in a folder", "a folder", "a file");
        } else if !name.ends_with(&format!(".{}", ending(folder))) {
            files.push((path, String::new()));
        } else if files.len() > FILES_MAX {
            // `from_files` refuses the first one too many; the rest need no reading.
            return;
        } else if let Some(text) = read_text(dir, &path, errors) {
            files.push((path, text));
        }
    }
}

/// Names in a folder in order, and which of them are folders.
fn list(dir: &Path, shown: &str, errors: &mut Errors) -> Vec<(String, bool)> {
    let entries = fs::read_dir(dir).and_then(|entries| entries.take(FILES_MAX * 2).collect::<io::Result<Vec<_>>>());
    let entries = match entries {
        Ok(entries) => entries,
        Err(error) => {
            errors.push_file(shown, "unreadable folder", error.to_string(), "a folder of definitions");
            return Vec::new();
        }
    };
    let mut names = Vec::new();
    for entry in entries {
        let Ok(name) = entry.file_name().into_string() else {
            let found = entry.file_name().to_string_lossy().into_owned();
            errors.push_file(shown, "unreadable file name", found, "a name in UTF-8");
            continue;
        };
        if !name.starts_with('.') {
            names.push((name, entry.path().is_dir()));
        }
    }
    names.sort();
    names
}

fn read_text(dir: &Path, path: &str, errors: &mut Errors) -> Option<String> {
    match read_bytes(&dir.join(path)) {
        Err(error) => {
            errors.push_file(path, "unreadable file", error.to_string(), "a file of text");
            None
        }
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(error) => {
                let good = String::from_utf8_lossy(error.as_bytes().get(..error.utf8_error().valid_up_to())?);
                let (line, column) = line_column(&good, good.len());
                errors.push(ContentError {
                    file: path.into(),
                    line,
                    column,
                    what: "unreadable text".into(),
                    found: "bytes that are no text".into(),
                    expected: "UTF-8".into(),
                    ..ContentError::default()
                });
                None
            }
        },
    }
}

/// The bytes of a regular file, at most one more than allowed: enough to refuse it.
fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
