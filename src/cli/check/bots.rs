//! The load bots' behaviours, which are no part of a match's content.

use std::path::{Path, PathBuf};

use hypogeum_content::{Content, ContentError, Severity, check_form};
use hypogeum_loadbots::Behaviour;

use super::findings::Finding;

/// What is wrong with the behaviours in a folder, and what they know by name and the content does not.
pub(super) fn findings(dir: &Path, content: Option<&Content>) -> Vec<Finding> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "ron"));
    paths.sort();
    let mut findings = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => findings.extend(of_behaviour(&name, &text, content).iter().map(Finding::of_content)),
            Err(error) => findings.push(Finding {
                found: Some(error.to_string()),
                expected: Some("readable text".to_owned()),
                ..Finding::of_config(&format!("{name}:1:1: unreadable file"))
            }),
        }
    }
    findings
}

fn of_behaviour(name: &str, text: &str, content: Option<&Content>) -> Vec<ContentError> {
    let wrong = check_form::<Behaviour>(name, text);
    let (Ok(behaviour), Some(content)) = (Behaviour::parse(name, text), content) else { return wrong };
    let weapons = behaviour.weapons.iter().map(|weapon| &weapon.item);
    let worn = behaviour.wear.iter().flatten();
    let used = behaviour.heals.iter().chain(&behaviour.boosts);
    let unknown = weapons.chain(worn).chain(used).filter(|item| content.items.id(item).is_none());
    let warning = |item: &String| {
        let quoted = format!("{item:?}");
        let (line, column) = place(text, text.find(&quoted).unwrap_or_default());
        ContentError {
            file: name.to_owned(),
            line,
            column,
            severity: Severity::Warning,
            what: "unknown item".to_owned(),
            found: quoted,
            expected: "a key of items".to_owned(),
            hint: None,
        }
    };
    wrong.into_iter().chain(unknown.map(warning)).collect()
}

/// Line and column of a byte, both from 1.
fn place(text: &str, byte: usize) -> (u32, u32) {
    let before = &text[..byte];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
    (line as u32, column as u32)
}
