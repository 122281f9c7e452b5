//! The logs that a command line names: files, folders of segments, and folders of either.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use hypogeum_journal::Close;

/// The logs that `named` leads to. A folder without segments stands for the logs in it.
pub(super) fn logs(named: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in named {
        if !path.is_dir() || entries(path)?.iter().any(|entry| ends(entry, &["open", "packed"])) {
            found.push(path.clone());
            continue;
        }
        let inside = entries(path)?;
        let logs: Vec<PathBuf> = inside.into_iter().filter(|entry| entry.is_dir() || ends(entry, &["log"])).collect();
        if logs.is_empty() {
            bail!("{} has no logs in it", path.display());
        }
        found.extend(logs);
    }
    Ok(found)
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.with_context(|| format!("{} cannot be read", folder.display()))?;
    Ok(entries.into_iter().map(|entry| entry.path()).collect())
}

fn ends(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
}

/// Which parts are missing, for people.
pub(super) fn numbers(missing: &[(u32, u32)]) -> String {
    let ranges: Vec<String> = missing
        .iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first} to {last}") })
        .collect();
    let is_one = matches!(missing, [(first, last)] if first == last);
    if is_one {
        format!("part {} is missing", ranges.join(""))
    } else {
        format!("parts {} are missing", ranges.join(", "))
    }
}

/// How a log ends, as reports say it.
pub(super) const fn close(close: Close) -> &'static str {
    match close {
        Close::Settled => "settled",
        Close::Undone => "undone",
        Close::Continued => "continued",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parts_are_listed() {
        assert_eq!(numbers(&[(3, 3)]), "part 3 is missing", "one");
        assert_eq!(numbers(&[(1, 4), (7, 7)]), "parts 1 to 4, 7 are missing", "and many");
    }

    #[test]
    fn a_folder_stands_for_the_logs_in_it_unless_it_is_one() {
        let data = tempfile::tempdir().expect("a directory for the test");
        let (running, file) = (data.path().join("7-part-2"), data.path().join("match-7-part-1.log"));
        std::fs::create_dir(&running).expect("a folder");
        std::fs::write(running.join("000001.open"), "").expect("a file");
        std::fs::write(&file, "").expect("a file");
        std::fs::write(data.path().join("notes.txt"), "").expect("a file");
        let mut found = logs(&[data.path().to_owned()]).expect("there are some");
        found.sort_unstable();
        assert_eq!(found, [running.clone(), file], "both, and nothing else");
        assert_eq!(logs(std::slice::from_ref(&running)).expect("it is one"), [running], "this is one");
        let empty = data.path().join("empty");
        std::fs::create_dir(&empty).expect("a folder");
        assert!(
            logs(&[empty]).is_err_and(|error| error.to_string().ends_with("has no logs in it")),
            "and this has none"
        );
    }
}
