//! Reading a folder of messages. The only place of this crate that touches a disk.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use crate::{LocaleError, LocaleFile};

/// Where a studio's own messages are, within its assets.
const FOLDER: &str = "locales";
/// Most bytes of a file.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Most files.
const FILES_MAX: usize = 1_024;

impl LocaleFile {
    /// The messages in `locales/*.ftl` of a folder of assets, in the order of their names; none where it has no such folder. Notes
    /// (`.md`) and hidden files are passed over.
    ///
    /// # Errors
    /// What cannot be read, or is no file of messages.
    pub fn read_all(assets: &Path) -> Result<Vec<Self>, Vec<LocaleError>> {
        let dir = assets.join(FOLDER);
        let wrong =
            |path: &Path, what: String| LocaleError { file: path.display().to_string(), line: 1, column: 1, what };
        let mut names = match fs::read_dir(&dir) {
            Ok(entries) => {
                let names = entries.take(2 * FILES_MAX).map(|entry| Ok(entry?.file_name()));
                names.collect::<io::Result<Vec<_>>>().map_err(|error| vec![wrong(&dir, error.to_string())])?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(vec![wrong(&dir, error.to_string())]),
        };
        names.sort();
        let (mut files, mut errors) = (Vec::new(), Vec::new());
        for name in names {
            let path = dir.join(&name);
            let name = name.to_string_lossy();
            if name.starts_with('.') || name.ends_with(".md") {
                continue;
            }
            let text = match name.strip_suffix(".ftl") {
                Some(_) if files.len() >= FILES_MAX => Err(format!("more than {FILES_MAX} files")),
                Some(_) => read(&path).map_err(|error| error.to_string()),
                None => Err("a file of messages ends in .ftl, and notes in .md".to_owned()),
            };
            match text {
                Ok(text) => files.push(Self::of_studio(path.display().to_string(), text)),
                Err(what) => errors.push(wrong(&path, what)),
            }
        }
        if errors.is_empty() { Ok(files) } else { Err(errors) }
    }
}

fn read(path: &Path) -> io::Result<String> {
    let other = |what: &str| io::Error::other(what.to_owned());
    if !fs::metadata(path)?.is_file() {
        return Err(other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(other("it has more than a megabyte"));
    }
    let text = String::from_utf8(bytes).map_err(|_| other("it is no text in UTF-8"))?;
    // Editors of Windows begin a text with a byte order mark.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_or_all_that_is_wrong_with_it_is_said() {
        let assets = tempfile::tempdir().expect("a folder");
        let read = || LocaleFile::read_all(assets.path());
        assert_eq!(read(), Ok(Vec::new()), "a studio need not have one");
        let dir = assets.path().join(FOLDER);
        fs::create_dir(&dir).expect("a folder");
        for (name, text) in [("de.ftl", "a = b"), ("de.quests.ftl", "\u{feff}c = d"), ("README.md", ""), (".swp", "")] {
            fs::write(dir.join(name), text).expect("it can be written");
        }
        let files = read().expect("it is good");
        let seen: Vec<(&str, &str)> = files.iter().map(|file| (&*file.tag, &*file.text)).collect();
        assert_eq!(seen, [("de", "a = b"), ("de", "c = d")]);
        fs::write(dir.join("fr.txt"), "").expect("it can be written");
        fs::write(dir.join("pl.ftl"), [0xFF, 0xFE]).expect("it can be written");
        fs::create_dir(dir.join("it.ftl")).expect("a folder");
        let errors = read().expect_err("three are no files of messages");
        let said: Vec<&str> = errors.iter().map(|error| error.what.as_str()).collect();
        let text = "it is no text in UTF-8";
        assert_eq!(said, ["a file of messages ends in .ftl, and notes in .md", "it is not a regular file", text]);
    }
}
