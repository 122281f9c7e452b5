//! `hypogeum check`: is everything that people write right?

mod bots;
mod findings;
mod locales;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use hypogeum_chat::{WordListError, WordLists};
use hypogeum_content::{CheckReport, Content, ContentError, Severity};

use crate::config::Config;
use crate::game::Game;
use findings::Finding;

/// The command line of `check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The content to check.
    #[arg(default_value = "assets")]
    dir: PathBuf,
    /// The configuration to check; without it `config/server.toml` if that is there.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Exit with 1 where there are warnings, too.
    #[arg(long)]
    deny_warnings: bool,
    /// How to print what is found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The same as --format json.
    #[arg(long)]
    pub(super) json: bool,
}

/// How mistakes and warnings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line each: `file:line:column: what, found …, expected …`.
    Text,
    /// One JSON array of objects: file, line, column, severity, what, found, expected, hint.
    Json,
    /// Annotations for GitHub Actions.
    Github,
}

impl Check {
    pub(crate) fn run(&self, game: &Game) -> anyhow::Result<ExitCode> {
        let config = super::config_path(self.config.as_deref());
        let wrong = Config::load(config).err().map(|mistake| Finding::of_config(&mistake.to_string()));
        let CheckReport { content, errors, warnings } = check(game, &self.dir);
        let bots = bots::findings(&self.dir.join("bots"), content.as_ref());
        let locales = locales::findings(game, &self.dir, content.as_ref());
        let found = errors.iter().chain(&warnings).map(Finding::of_content);
        let mut findings: Vec<Finding> = wrong.into_iter().chain(found).chain(bots).chain(locales).collect();
        findings.sort_by_key(|finding| finding.severity);
        match if self.json { Format::Json } else { self.format } {
            Format::Text => {
                for finding in &findings {
                    sayln!("{finding}");
                }
                if let Some(content) = &content {
                    sayln!("{}, {} locales", summary(&self.dir, content), locales::count(game, &self.dir));
                }
            }
            Format::Json => sayln!("{}", serde_json::to_string(&findings)?),
            Format::Github => findings.iter().for_each(|finding| sayln!("{}", finding.for_github())),
        }
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        if errors > 0 || warnings > 0 {
            complain!("{}", error_counts(errors, warnings));
        }
        Ok(if errors > 0 || (self.deny_warnings && warnings > 0) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// Content that a server could start with, or everything that is in the way of that.
pub(super) fn check(game: &Game, dir: &Path) -> CheckReport {
    let mut report = Content::check(dir);
    let Some(content) = &report.content else { return report };
    let wrong = |folder: &str, what: &str, found: String, expected: &str| ContentError {
        file: dir.join(folder).display().to_string(),
        line: 1,
        column: 1,
        what: what.to_owned(),
        found,
        expected: expected.to_owned(),
        ..ContentError::default()
    };
    let error = match game.modes(content) {
        Ok(modes) if !modes.is_empty() => match WordLists::load(dir) {
            Ok(_) => return report,
            Err(WordListError { file, why }) => {
                wrong(&file, "not a list of words", why, "words.LOCALE.ron as the guide has it")
            }
        },
        Ok(_) => wrong("modes", "nothing to play", "no mode".to_owned(), "one at least, in modes/<key>.ron"),
        Err(error) => wrong("own", "not what its game expects", error.to_string(), "a definition it can use"),
    };
    report.content = None;
    report.errors.push(error);
    report
}

/// `1 error, 2 warnings`.
pub(super) fn error_counts(errors: usize, warnings: usize) -> String {
    let count = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{count} {what}s")),
    };
    let counts: Vec<String> = [count(errors, "error"), count(warnings, "warning")].into_iter().flatten().collect();
    counts.join(", ")
}

fn summary(dir: &Path, content: &Content) -> String {
    let counts = [
        (content.modes.len(), "modes"),
        (content.zones.len(), "zones"),
        (content.scripts.len(), "scripts"),
        (content.archetypes.len(), "archetypes"),
        (content.maps.len(), "maps"),
        (content.npcs.len(), "npcs"),
        (content.items.len(), "items"),
        (content.abilities.len(), "abilities"),
        (content.effects.len(), "effects"),
        (content.hazards.len(), "hazards"),
        (content.loot.len(), "loot tables"),
        (content.behaviours.len(), "behaviours"),
        (content.creatures.len(), "creatures"),
        (content.battles.len(), "battles"),
        (content.opponents.len(), "opponents"),
        (content.tournaments.len(), "tournaments"),
        (content.ladders.len(), "ladders"),
        (content.leaderboards.len(), "leaderboards"),
        (content.cosmetics.len(), "cosmetics"),
        (content.achievements.len(), "achievements"),
        (content.daily.len(), "tables of daily rewards"),
    ];
    let counts: Vec<String> = counts.iter().map(|(count, what)| format!("{count} {what}")).collect();
    format!("{}: good: {}", dir.display(), counts.join(", "))
}
