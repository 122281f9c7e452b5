//! How many files and sockets this process may have open, and who gets how many.

use anyhow::ensure;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// What is open even when nobody plays: standard streams, ports, alarms, the database, the journal's key.
const FIXED: u64 = 128;
/// A server with fewer could not do anything beside that.
const LIMIT_MIN: u64 = 256;
/// Connections of HTTP at once, where the limit allows it.
const HTTP_MAX: u64 = 4_096;

/// The limit as it is now, and what HTTP may take of it. The rest is for the journal, which has a file open for each match,
/// and for connections to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Descriptors {
    pub(crate) limit: u64,
    pub(crate) http_max: usize,
}

impl Descriptors {
    /// Raises the soft limit as far as so many matches and WebSockets at once take and the hard one allows, and shares out what there is.
    ///
    /// # Errors
    /// Where there are too few for a server to work at all.
    pub(crate) fn raise(matches_max: usize, sockets_max: usize) -> anyhow::Result<Self> {
        let needed = FIXED + HTTP_MAX + matches_max as u64 + sockets_max as u64;
        let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
        let wanted = needed.clamp(soft, hard.max(soft));
        let limit =
            if wanted > soft && setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).is_ok() { wanted } else { soft };
        ensure!(
            limit >= LIMIT_MIN,
            "this process may open {limit} files, and a server needs at least {LIMIT_MIN}: `ulimit -n {needed}` allows more"
        );
        let shared = Self::share(limit, needed);
        if limit < needed {
            tracing::warn!(
                limit,
                needed,
                http_connections_max = shared.http_max,
                "few files may be open at once: HTTP gets half of what is left, matches and the database the other"
            );
        }
        Ok(shared)
    }

    fn share(limit: u64, needed: u64) -> Self {
        let http_max = if limit >= needed { HTTP_MAX } else { HTTP_MAX.min((limit - FIXED) / 2) };
        Self { limit, http_max: http_max as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_what_is_left_stays_for_journal_and_database() {
        assert_eq!(Descriptors::share(1_024, 20_608).http_max, 448, "the usual limit of a shell");
        assert_eq!(Descriptors::share(LIMIT_MIN, 20_608).http_max, 64, "the least there may be");
        assert_eq!(Descriptors::share(20_608, 20_608).http_max, 4_096, "enough for everyone");
    }
}
