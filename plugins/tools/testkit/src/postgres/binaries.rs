//! Where Debian keeps PostgreSQL's programs, and as whom they run.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Debian keeps the programs of each version in a folder of its own.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Whom the Debian package makes: PostgreSQL refuses to run as root.
const USER: &str = "postgres";

/// The programs of one installed version.
#[derive(Clone, Debug)]
pub(crate) struct Binaries {
    folder: PathBuf,
    as_root: bool,
}

impl Binaries {
    /// Those of the newest version installed.
    ///
    /// # Panics
    /// Where none is.
    pub(crate) fn newest() -> Self {
        let versions = std::fs::read_dir(VERSIONS).into_iter().flatten().flatten();
        let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
        let newest = versions
            .map(|entry| entry.path())
            .filter(|path| path.join("bin/postgres").exists())
            .max_by_key(|path| number(path));
        let Some(newest) = newest else {
            panic!("there is no PostgreSQL in {VERSIONS}: install Debian's package `postgresql`")
        };
        Self { folder: newest.join("bin"), as_root: nix::unistd::geteuid().is_root() }
    }

    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.folder.join(program)
    }

    /// A command that runs as somebody whom PostgreSQL accepts.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let program = program.as_ref();
        let mut command = if self.as_root {
            let mut command = Command::new("runuser");
            command.args(["-u", USER, "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // The caller's directory may be closed to that user.
        command.current_dir("/");
        command
    }
}

/// Runs a command to its end and returns what it printed.
///
/// # Panics
/// Where it fails, with what it said.
pub(crate) fn done(command: &mut Command) -> String {
    match command.output() {
        Ok(Output { status, stdout, stderr }) => {
            assert!(status.success(), "{command:?} failed: {}", String::from_utf8_lossy(&stderr));
            String::from_utf8_lossy(&stdout).trim().to_owned()
        }
        Err(error) => panic!("{command:?} cannot be run: {error}"),
    }
}
