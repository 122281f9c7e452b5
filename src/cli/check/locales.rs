//! What players read in other languages: files that cannot be read, and in what they are not complete.

use std::path::Path;

use hypogeum_content::{Content, Severity};
use hypogeum_locale::{Difference, Locales};

use super::findings::Finding;
use crate::game::Game;

/// Missing messages of one locale that are named; of more their number is said.
const NAMED: usize = 5;

/// What is wrong with the locales of a folder of assets.
pub(super) fn findings(game: &Game, dir: &Path, content: Option<&Content>) -> Vec<Finding> {
    let locales = match game.locales(dir) {
        Ok(locales) => locales,
        Err(errors) => return errors.iter().map(|error| Finding::of_config(&error.to_string())).collect(),
    };
    let Some(content) = content else { return Vec::new() };
    let differences = locales.differences(&content.messages());
    let mut findings = Vec::new();
    for tag in locales.tags() {
        let of_tag = || differences.iter().filter(|(one, _)| *one == tag).map(|(_, difference)| difference);
        let missing: Vec<&str> = of_tag()
            .filter_map(|difference| if let Difference::Missing(id) = difference { Some(id.as_str()) } else { None })
            .collect();
        let others = of_tag().filter(|difference| !matches!(difference, Difference::Missing(_)));
        findings.extend(others.map(|difference| warning(dir, &tag, difference.to_string())));
        if !missing.is_empty() {
            let named = missing.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
            let more = if missing.len() > NAMED { ", …" } else { "" };
            let what = format!("{} messages are missing: {named}{more}", missing.len());
            findings.push(warning(dir, &tag, what));
        }
    }
    findings
}

fn warning(dir: &Path, tag: &str, what: String) -> Finding {
    let file = dir.join("locales").join(format!("{tag}.ftl")).display().to_string();
    let (line, column, severity) = (1, 1, Severity::Warning);
    Finding { file, line, column, severity, what, found: None, expected: None, hint: None }
}

/// How many locales there are, as a summary says it.
pub(super) fn count(game: &Game, dir: &Path) -> usize {
    game.locales(dir).map_or(0, |locales: Locales| locales.count())
}
