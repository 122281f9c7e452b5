//! Why a request is not answered as asked, and whether asking again may help.

use hypogeum_accounts::CharacterError;
use hypogeum_economy::{CosmeticError, EconomyError};
use hypogeum_progression::OrderError;
use hypogeum_store::StoreFailure;
use hypogeum_tournaments::{CreatureError, EntryError};

use crate::sql::STATEMENT_TIMEOUT;

/// Why a request is not answered as asked; the transaction it happened in is rolled back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    #[error("no answer within {} s", STATEMENT_TIMEOUT.as_secs())]
    TimedOut,
    /// Known before asking: see [`crate::health::Watch`].
    #[error("{0}")]
    Unreachable(String),
    #[error("it takes no writes: it is a standby, or read-only")]
    ReadOnly,
    #[error("what answers at its address is another database")]
    OtherDatabase,
    #[error("a pooler gives each transaction another session")]
    Pooled,
    #[error("column {column} holds {found}, which cannot be")]
    Unreadable { column: &'static str, found: String },
    #[error(transparent)]
    Asked(#[from] StoreFailure),
    #[error(transparent)]
    Economy(#[from] EconomyError),
    #[error(transparent)]
    Cosmetic(#[from] CosmeticError),
    #[error(transparent)]
    Character(#[from] CharacterError),
    #[error(transparent)]
    Creature(#[from] CreatureError),
    #[error(transparent)]
    Entry(#[from] EntryError),
}

/// What a refusal says about the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// Nothing: it answered, and the answer is no.
    None,
    /// The statement or what stands there is wrong. The same again is wrong again.
    Broken,
    /// Two wanted the same at the same time, and this one has lost: at once again.
    Conflict,
    /// It is full, busy, or cannot write.
    Failing,
    /// It does not answer at all.
    Unreachable,
}

impl Refusal {
    pub(crate) fn kind(&self) -> FailureKind {
        match self {
            Self::Asked(_)
            | Self::Economy(_)
            | Self::Cosmetic(_)
            | Self::Character(_)
            | Self::Creature(_)
            | Self::Entry(_) => FailureKind::None,
            Self::Unreadable { .. } => FailureKind::Broken,
            Self::TimedOut | Self::Unreachable(_) | Self::ReadOnly | Self::OtherDatabase | Self::Pooled => {
                FailureKind::Unreachable
            }
            Self::Sql(sqlx::Error::Database(error)) => {
                let code = error.code().unwrap_or_default();
                if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                    postgres_kind(&code)
                } else {
                    sqlite_kind(&code)
                }
            }
            Self::Sql(
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed,
            ) => FailureKind::Unreachable,
            Self::Sql(_) => FailureKind::Broken,
        }
    }
}

/// By the class of the SQLSTATE: PostgreSQL's documentation, appendix A.
fn postgres_kind(code: &str) -> FailureKind {
    match code {
        "40001" | "40P01" => FailureKind::Conflict,
        // Read-only, so no primary any more; ended for standing idle in a transaction; out of connections.
        "25006" | "25P03" | "53300" => FailureKind::Unreachable,
        // Shut down, crashed, starting up, dropped: but for 57014, one statement that was cancelled.
        _ if code.starts_with("57P") => FailureKind::Unreachable,
        _ => match code.get(..2) {
            // The connection itself, or who may connect: a node that is being replaced knows nobody.
            Some("08" | "28") => FailureKind::Unreachable,
            // Data, integrity, syntax and access rules.
            Some("22" | "23" | "42") => FailureKind::Broken,
            _ => FailureKind::Failing,
        },
    }
}

/// By the primary code, the lower byte of the extended one: <https://sqlite.org/rescode.html>.
fn sqlite_kind(code: &str) -> FailureKind {
    /// A trigger's refusal. None of the triggers there may be is ours.
    const CONSTRAINT_TRIGGER: u32 = 1_811;
    match code.parse::<u32>() {
        Ok(CONSTRAINT_TRIGGER) => FailureKind::Failing,
        // ERROR, CONSTRAINT, MISMATCH, MISUSE, RANGE.
        Ok(code) if matches!(code & 0xFF, 1 | 19 | 20 | 21 | 25) => FailureKind::Broken,
        _ => FailureKind::Failing,
    }
}

impl From<OrderError> for Refusal {
    fn from(flaw: OrderError) -> Self {
        Self::Asked(flaw.into())
    }
}

impl From<Refusal> for StoreFailure {
    fn from(refusal: Refusal) -> Self {
        match (refusal.kind(), refusal) {
            (_, Refusal::Asked(failure)) => failure,
            (FailureKind::Broken | FailureKind::None, refusal) => Self::Broken(refusal.to_string()),
            (_, refusal) => Self::Unavailable(refusal.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passing_failures_are_known_from_lasting_ones() {
        for (code, kind) in [
            ("5", FailureKind::Failing),
            ("13", FailureKind::Failing),
            ("1811", FailureKind::Failing),
            ("1555", FailureKind::Broken),
        ] {
            assert_eq!(sqlite_kind(code), kind, "SQLite's code {code}");
        }
        for (code, kind) in [
            ("40P01", FailureKind::Conflict),
            ("57P01", FailureKind::Unreachable),
            ("57P04", FailureKind::Unreachable),
            ("25006", FailureKind::Unreachable),
            ("08006", FailureKind::Unreachable),
            ("28000", FailureKind::Unreachable),
            ("53100", FailureKind::Failing),
            ("57014", FailureKind::Failing),
            ("23505", FailureKind::Broken),
            ("42P01", FailureKind::Broken),
        ] {
            assert_eq!(postgres_kind(code), kind, "PostgreSQL's code {code}");
        }
    }
}
