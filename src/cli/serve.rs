//! `hypogeum serve`: a server until a signal ends it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use anyhow::bail;
use clap::Args;

use crate::config::Config;
use crate::server::Server;
use crate::shutdown;

/// Used where it stands and nothing else is named.
const CONFIG_DEFAULT: &str = "config/server.toml";
/// How often a signal is looked for.
const POLL: Duration = Duration::from_millis(50);

/// The command line of `serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Configuration; without it `config/server.toml` if that is there, else the defaults.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Serve {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let default = Path::new(CONFIG_DEFAULT);
        let path = self.config.as_deref().or_else(|| default.exists().then_some(default));
        let config = Config::load(path)?;
        super::log(&config.log)?;
        let content = super::content(&config.server.assets_dir)?;
        let stop = shutdown::on_signal()?;
        let server = Server::start(&config, content)?;
        if server.recovered.matches_abandoned > 0 {
            tracing::info!(
                matches = server.recovered.matches_abandoned,
                items = server.recovered.items_returned,
                "unfinished matches of an earlier run are undone, what was brought into them is home again"
            );
        }
        eprintln!("ready: game on udp://{}, accounts on http://{}", server.udp, server.http);
        while !stop.load(Ordering::Relaxed) {
            if !server.is_alive() {
                server.stop();
                bail!("a part of the server ended by itself; the log says why");
            }
            thread::sleep(POLL);
        }
        let (ticks, late) = server.tick_times.on_time();
        tracing::info!(ticks, late, "stopping: nobody is admitted any more");
        if !server.stop() {
            tracing::warn!("not everything was settled in time; the rest is undone at the next start");
        }
        Ok(ExitCode::SUCCESS)
    }
}
