//! How many files and sockets this process may have open, and who gets how many.

use anyhow::ensure;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// What is open even when nobody plays: standard streams, ports, alarms, the database, the journal's key.
const FIXED: u64 = 128;
/// A server with fewer could not do anything beside that.
const LIMIT_MIN: u64 = 256;
/// Connections of HTTP at once, where the limit allows it.
const HTTP_MAX: u64 = 4_096;

/// The limit as it is now, and what HTTP and WebSockets may take of it. The rest is for the journal, which has a file open for each match,
/// and for connections to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Descriptors {
    pub(crate) limit: u64,
    pub(crate) http_max: usize,
    pub(crate) sockets_max: usize,
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
        let shared = Self::share(limit, needed, sockets_max as u64);
        if limit < needed {
            tracing::warn!(
                limit,
                needed,
                http_connections_max = shared.http_max,
                websockets_max = shared.sockets_max,
                "few files may be open at once: HTTP and WebSockets share half of what is left, matches and the database the other"
            );
        }
        Ok(shared)
    }

    fn share(limit: u64, needed: u64, sockets_max: u64) -> Self {
        let doors = if sockets_max > 0 { 2 } else { 1 };
        let each = if limit >= needed { u64::MAX } else { (limit - FIXED) / 2 / doors };
        let (http_max, sockets_max) = (HTTP_MAX.min(each), sockets_max.min(each));
        Self { limit, http_max: http_max as usize, sockets_max: sockets_max as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_what_is_left_stays_for_journal_and_database() {
        let shared = |limit, sockets_max| {
            let shared = Descriptors::share(limit, 30_608, sockets_max);
            (shared.http_max, shared.sockets_max)
        };
        assert_eq!(shared(1_024, 0), (448, 0), "the usual limit of a shell");
        assert_eq!(shared(1_024, 10_000), (224, 224), "with WebSockets");
        assert_eq!(shared(1_024, 100), (224, 100), "with few of them");
        assert_eq!(shared(LIMIT_MIN, 0), (64, 0), "the least there may be");
        assert_eq!(shared(30_608, 10_000), (4_096, 10_000), "enough for everyone");
    }
}
