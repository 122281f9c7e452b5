//! Reading what accounts have.

use std::collections::BTreeMap;

use hypogeum_progression::{Profile, Skill};
use hypogeum_protocol::AccountId;

use crate::outbox::add_unacknowledged;
use crate::refusal::Refusal;
use crate::rows::{item_of, signed, table, unsigned};
use crate::transaction::{Pools, Transaction};

/// What each of `accounts` has; one that does not exist is missing. All reads see the same moment.
pub(crate) async fn load(
    pools: &Pools,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, Profile>, Refusal> {
    let asked = table(&accounts.into_iter().map(|account| signed(account.0)).collect::<Vec<_>>())?;
    let mut view = pools.view().await?;
    let profiles = read(&mut view, &asked).await;
    view.finish(profiles).await
}

async fn read(view: &mut Transaction, asked: &str) -> Result<BTreeMap<AccountId, Profile>, Refusal> {
    let owners = "SELECT id, name, xp, currency, skill_mean_micros, skill_deviation_micros, stash_capacity
         FROM (SELECT DISTINCT CAST(value AS BIGINT) AS asked FROM json_each($1)) AS wanted
         CROSS JOIN accounts CROSS JOIN profiles WHERE id = asked AND account = id";
    let mut profiles = BTreeMap::new();
    for row in view.rows(owners, &[asked.into()]).await? {
        let account = AccountId(unsigned(row.number("id")?));
        let profile = Profile {
            account,
            name: row.text("name")?.to_owned(),
            xp: unsigned(row.number("xp")?),
            currency: row.number("currency")?,
            skill: Skill {
                mean_micros: row.number("skill_mean_micros")?,
                deviation_micros: row.number("skill_deviation_micros")?,
            },
            stash: Vec::new(),
            stash_capacity: row.small("stash_capacity")?,
            unacknowledged: Vec::new(),
        };
        profiles.insert(account, profile);
    }
    let items = "SELECT account, origin, serial, template
         FROM (SELECT DISTINCT CAST(value AS BIGINT) AS asked FROM json_each($1)) AS wanted
         CROSS JOIN items WHERE account = asked AND place = 'stash' ORDER BY account, origin, serial";
    for row in view.rows(items, &[asked.into()]).await? {
        if let Some(profile) = profiles.get_mut(&AccountId(unsigned(row.number("account")?))) {
            profile.stash.push(item_of(&row)?);
        }
    }
    add_unacknowledged(view, asked, &mut profiles).await?;
    Ok(profiles)
}
