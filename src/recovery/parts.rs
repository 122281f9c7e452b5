//! Shards whose logs are in parts: the newest part is all that a shard needs to go on.

use anyhow::Context;
use hypogeum_journal::{LogError, LogId, Tail};

use super::Left;

impl Left<'_> {
    /// The newest of a shard's unfinished parts that holds anything, as far as it can be read; those before it are put away. Where the
    /// log has no parts it is the only one. `None` where none is left.
    pub(super) fn newest(&mut self, logs: &[LogId]) -> anyhow::Result<Option<(LogId, Result<Tail, LogError>)>> {
        let mut newest = None;
        for (at, &log) in logs.iter().enumerate().rev() {
            if self.folder.finished_log(log).exists() {
                // It was put away, whole, and the server died while it cleared up.
                self.folder.discard(log).context("what is left of a log cannot be removed")?;
                self.recovery.put_away += 1;
                continue;
            }
            if newest.is_some() {
                self.folder.put_away(log).context("a part of a log cannot be put away")?;
                self.recovery.put_away += 1;
                continue;
            }
            match Tail::read(&self.folder.running_log(log)) {
                // The server died before it had written anything, or before the part had all that it begins with: the one before goes on.
                Err(LogError::NoLog { .. }) if log.part < 2 || at > 0 => {
                    self.folder.discard(log).context("an empty log cannot be removed")?;
                }
                read => newest = Some((log, read)),
            }
        }
        Ok(newest)
    }
}
