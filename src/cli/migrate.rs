//! `hypogeum migrate`: the database, brought to this version.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::config::Config;

/// The command line of `migrate`.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// Configuration; without it `config/server.toml` if that is there, else the defaults.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Change nothing; say what is missing and which names clash, and exit with 1 if anything is missing.
    #[arg(long)]
    check: bool,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

impl Migrate {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let config = Config::load(super::config_path(self.config.as_deref()))?;
        let (path, url) = (&config.server.data_dir, config.database.url.as_deref());
        let migrated = if self.check {
            hypogeum_persistence::migration_status(path, url)?
        } else {
            hypogeum_persistence::migrate(path, url)?
        };
        if self.json {
            sayln!("{}", serde_json::to_string(&migrated)?);
        } else {
            let done = if self.check { "missing" } else { "applied" };
            for migration in &migrated.applied {
                sayln!("{done}: {migration}");
            }
            for clash in &migrated.clashes {
                sayln!("clash: {clash}");
            }
            let stands = if self.check { migrated.from } else { migrated.to };
            sayln!("{}: at migration {stands} of {}", migrated.database, migrated.to);
        }
        let missing = self.check && !migrated.applied.is_empty();
        Ok(if missing { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}
