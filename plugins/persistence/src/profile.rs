//! Reading what accounts have.

use std::collections::BTreeMap;

use hypogeum_progression::{Profile, Skill};
use hypogeum_protocol::AccountId;
use sqlx::{Row, SqlitePool};

use crate::rows::{Refusal, item_of, signed, table, unsigned};

/// What each of `accounts` has; one that does not exist is missing. All reads see the same moment.
pub(crate) async fn load(
    reader: &SqlitePool,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, Profile>, Refusal> {
    let asked = table(&accounts.into_iter().map(|account| signed(account.0)).collect::<Vec<_>>())?;
    let mut view = reader.begin().await?;
    let rows = sqlx::query(
        "SELECT id, name, xp, currency, skill_mean_micros, skill_deviation_micros, stash_capacity
         FROM (SELECT DISTINCT value FROM json_each(?))
         CROSS JOIN accounts ON id = value CROSS JOIN profiles ON account = id",
    )
    .bind(&asked)
    .fetch_all(&mut *view)
    .await?;
    let mut profiles = BTreeMap::new();
    for row in rows {
        let account = AccountId(unsigned(row.try_get("id")?));
        let profile = Profile {
            account,
            name: row.try_get("name")?,
            xp: unsigned(row.try_get("xp")?),
            currency: row.try_get("currency")?,
            skill: Skill {
                mean_micros: row.try_get("skill_mean_micros")?,
                deviation_micros: row.try_get("skill_deviation_micros")?,
            },
            stash: Vec::new(),
            stash_capacity: row.try_get("stash_capacity")?,
        };
        profiles.insert(account, profile);
    }
    let rows = sqlx::query(
        "SELECT account, origin, serial, template FROM (SELECT DISTINCT value FROM json_each(?))
         CROSS JOIN items ON account = value AND place = 'stash' ORDER BY account, origin, serial",
    )
    .bind(&asked)
    .fetch_all(&mut *view)
    .await?;
    for row in rows {
        if let Some(profile) = profiles.get_mut(&AccountId(unsigned(row.try_get("account")?))) {
            profile.stash.push(item_of(&row)?);
        }
    }
    Ok(profiles)
}
