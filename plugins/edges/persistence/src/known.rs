//! The migrations this build knows: the same whatever line ends its sources were checked out with.

use std::sync::LazyLock;

use sqlx::migrate::{Migration, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

pub(crate) static SQLITE: LazyLock<Vec<Known>> = LazyLock::new(|| all(&sqlx::migrate!("./migrations/sqlite")));
pub(crate) static POSTGRES: LazyLock<Vec<Known>> = LazyLock::new(|| all(&sqlx::migrate!("./migrations/postgres")));

/// One migration of this build.
#[derive(Debug)]
pub(crate) struct Known {
    /// With line feeds alone, as it is applied and noted.
    pub(crate) migration: Migration,
    /// As a build from sources with carriage returns may have noted it.
    with_returns: Migration,
}

impl Known {
    fn new(embedded: &Migration) -> Self {
        let text = embedded.sql.as_str().replace("\r\n", "\n");
        let with_returns = like(embedded, text.replace('\n', "\r\n"));
        Self { migration: like(embedded, text), with_returns }
    }

    /// Whether it is this one that was noted as applied.
    pub(crate) fn is_noted_as(&self, checksum: &[u8]) -> bool {
        *checksum == *self.migration.checksum || *checksum == *self.with_returns.checksum
    }
}

fn like(embedded: &Migration, text: String) -> Migration {
    let Migration { version, description, migration_type, no_tx, .. } = embedded;
    Migration::new(*version, description.clone(), *migration_type, AssertSqlSafe(text).into_sql_str(), *no_tx)
}

/// In the order of their numbers.
fn all(embedded: &Migrator) -> Vec<Known> {
    let mut known: Vec<Known> = embedded.iter().map(Known::new).collect();
    known.sort_by_key(|known| known.migration.version);
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_from_sources_with_carriage_returns_knows_the_same_migrations() {
        for known in SQLITE.iter().chain(POSTGRES.iter()) {
            let version = known.migration.version;
            let text = known.migration.sql.as_str();
            assert!(!text.contains('\r'), "migration {version} is applied with line feeds alone");
            let other_build = Known::new(&known.with_returns);
            assert_eq!(other_build.migration.checksum, known.migration.checksum, "migration {version} is the same");
            assert!(other_build.is_noted_as(&known.migration.checksum), "what one build applied the other knows");
            assert!(known.is_noted_as(&other_build.with_returns.checksum), "and the other way round: {version}");
            let edited = like(&known.migration, format!("{text} "));
            assert!(!known.is_noted_as(&edited.checksum), "another text is another migration: {version}");
        }
    }
}
