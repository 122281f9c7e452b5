//! `[log]`

use serde::Deserialize;

/// What is logged, and in what form.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LogConfig {
    /// What is logged: a level such as `info`, or targets with a level each (`info,hypogeum_udp=debug`).
    pub(crate) filter: String,
    /// One JSON object a line instead of text.
    pub(crate) json: bool,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { filter: "info".to_owned(), json: false }
    }
}

impl LogConfig {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        crate::log::check_filter(&self.filter).map_err(|problem| ("filter", problem))
    }
}
