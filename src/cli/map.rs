//! `hypogeum map`: what a mode or a zone looks like, without playing it.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;

use super::unknown;
use crate::game::Game;
use crate::map::{Drawing, of_mode, of_zone, svg, text};

/// The command line of `map`.
///
/// A mode's map depends on the seed of its match: the same number draws what `demo --seed` plays. A zone is the same for ever.
#[derive(Debug, Args)]
pub(crate) struct MapCommand {
    /// A mode or a zone, by its key.
    #[arg(value_name = "MODE")]
    key: String,
    /// A number for the match's seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write an SVG page to this file; - is standard output.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Draw for a terminal, which is what happens where nothing else is asked for.
    #[arg(long, conflicts_with = "json")]
    text: bool,
    /// The content to draw.
    #[arg(long, value_name = "DIR", default_value = "assets")]
    assets: PathBuf,
    /// Print one JSON object on standard output and nothing else there.
    #[arg(long)]
    pub(super) json: bool,
}

impl MapCommand {
    pub(crate) fn run(&self, game: &Game) -> anyhow::Result<ExitCode> {
        let to_output = self.svg.as_deref() == Some(Path::new("-"));
        if to_output && (self.json || self.text) {
            bail!("--svg - writes to standard output, and so do --text and --json: ask for one of them");
        }
        let drawing = self.drawing(game)?;
        match &self.svg {
            Some(_) if to_output => say!("{}", svg(&drawing)),
            Some(path) => {
                std::fs::write(path, svg(&drawing)).with_context(|| format!("{} cannot be written", path.display()))?;
            }
            None => {}
        }
        if self.json {
            sayln!("{}", serde_json::to_string(&drawing)?);
        } else if self.text || self.svg.is_none() {
            let is_coloured = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            say!("{}", text(&drawing, is_coloured));
        }
        Ok(ExitCode::SUCCESS)
    }

    fn drawing(&self, game: &Game) -> anyhow::Result<Drawing> {
        let content = super::content(game, &self.assets)?;
        let modes = game.kinds().modes(&content)?;
        if let Some((kind, mode)) = modes.iter().find(|(_, mode)| mode.key == self.key) {
            return of_mode((kind, mode), &content, self.seed);
        }
        if let Some(zone) = content.zones.id(&self.key) {
            return Ok(of_zone(&content, &self.key, &content.zones[zone]));
        }
        let zones = content.zones.iter().map(|(_, key, _)| key);
        bail!(unknown("mode or zone", &self.key, modes.iter().map(|(_, mode)| mode.key.as_str()).chain(zones)))
    }
}
