//! `hypogeum check`: is everything that people write right?

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use hypogeum_content::Content;
use hypogeum_loadbots::Behaviour;

use crate::config::Config;

/// The command line of `check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The content to check.
    #[arg(default_value = "assets")]
    dir: PathBuf,
    /// The configuration to check.
    #[arg(long, value_name = "FILE", default_value = "config/server.toml")]
    config: PathBuf,
}

impl Check {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut mistakes = Vec::new();
        if let Err(mistake) = Config::load(Some(&self.config)) {
            mistakes.push(mistake.to_string());
        }
        match Content::load(&self.dir) {
            Ok(content) => sayln!(
                "{}: {} modes, {} maps, {} npcs, {} items, {} abilities, {} effects, {} hazards, {} loot tables, {} behaviours",
                self.dir.display(),
                content.modes.len(),
                content.maps.len(),
                content.npcs.len(),
                content.items.len(),
                content.abilities.len(),
                content.effects.len(),
                content.hazards.len(),
                content.loot.len(),
                content.behaviours.len(),
            ),
            Err(found) => mistakes.extend(found.iter().map(ToString::to_string)),
        }
        mistakes.extend(bot_mistakes(&self.dir.join("bots")));
        for mistake in &mistakes {
            sayln!("{mistake}");
        }
        if mistakes.is_empty() {
            sayln!("{}: good", self.config.display());
            return Ok(ExitCode::SUCCESS);
        }
        complain!("{} mistakes", mistakes.len());
        Ok(ExitCode::FAILURE)
    }
}

/// Mistakes of the load bots' behaviours, which are no part of a match's content.
fn bot_mistakes(dir: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "ron"));
    paths.sort();
    paths
        .iter()
        .filter_map(|path| {
            let name = path.display().to_string();
            match std::fs::read_to_string(path) {
                Ok(text) => Behaviour::parse(&name, &text).err().map(|error| error.to_string()),
                Err(error) => Some(format!("{name}:1:1: the file, found {error}, expected readable text")),
            }
        })
        .collect()
}
