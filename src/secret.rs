//! The server's secret: configured, or drawn once and kept with its data, so that a restart ends nobody's login.

use std::fs;
use std::io;

use anyhow::Context;
use hypogeum_journal::write_secret;
use rand::Rng;

use crate::config::Config;

/// The file within a data directory.
const FILE: &str = "secret.key";
/// Bytes that are drawn.
const BYTES: usize = 32;

/// The configured secret, or that of the data directory, made if missing and readable by its owner alone.
///
/// # Errors
/// Where the file cannot be read, written, or holds no secret.
pub(crate) fn of_directory(config: &Config) -> anyhow::Result<Vec<u8>> {
    if let Some(secret) = &config.auth.secret {
        return Ok(secret.clone().into_bytes());
    }
    let path = config.server.data_dir.join(FILE);
    let about = || format!("the secret in {}", path.display());
    match fs::read(&path) {
        Ok(secret) if secret.len() == BYTES => Ok(secret),
        Ok(secret) => anyhow::bail!("{}: found {} bytes, expected {BYTES}", about(), secret.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut drawn = vec![0; BYTES];
            rand::rng().fill_bytes(&mut drawn);
            write_secret(&path, &drawn).with_context(about)?;
            Ok(drawn)
        }
        Err(error) => Err(error).with_context(about),
    }
}

/// What this start's connect tokens are sealed with. Those of an earlier start open nothing: which of them were used is
/// known to the process alone that gave them out.
pub(crate) fn connect_token_key(secret: &[u8]) -> [u8; 32] {
    let mut material = secret.to_vec();
    let mut start = [0; 32];
    rand::rng().fill_bytes(&mut start);
    material.extend_from_slice(&start);
    blake3::derive_key("hypogeum 2026 connect tokens", &material)
}
