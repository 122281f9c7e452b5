//! Reading what an account has.

use hypogeum_progression::{Profile, Skill};
use hypogeum_protocol::AccountId;
use sqlx::{Row, SqlitePool};

use crate::rows::{Refusal, item_of, signed, unsigned};

/// What `account` has, or nothing where there is no such account. Both reads see the same moment.
pub(crate) async fn load(reader: &SqlitePool, account: AccountId) -> Result<Option<Profile>, Refusal> {
    let mut view = reader.begin().await?;
    let row = sqlx::query(
        "SELECT name, xp, currency, skill_mean_micros, skill_deviation_micros, stash_capacity
         FROM profiles JOIN accounts ON accounts.id = profiles.account WHERE account = ?",
    )
    .bind(signed(account.0))
    .fetch_optional(&mut *view)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let stash = sqlx::query(
        "SELECT origin, serial, template FROM items WHERE account = ? AND place = 'stash' ORDER BY origin, serial",
    )
    .bind(signed(account.0))
    .fetch_all(&mut *view)
    .await?;
    Ok(Some(Profile {
        account,
        name: row.try_get("name")?,
        xp: unsigned(row.try_get("xp")?),
        currency: row.try_get("currency")?,
        skill: Skill {
            mean_micros: row.try_get("skill_mean_micros")?,
            deviation_micros: row.try_get("skill_deviation_micros")?,
        },
        stash: stash.iter().map(item_of).collect::<Result<_, _>>()?,
        stash_capacity: row.try_get("stash_capacity")?,
    }))
}
