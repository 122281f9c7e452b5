//! Reading what accounts have, and the characters they play.

use std::collections::BTreeMap;

use hypogeum_progression::{Profile, Skill};
use hypogeum_protocol::{AccountId, CharacterId, CharacterSheet};

use crate::brought::sheet_of;
use crate::outbox::add_unacknowledged;
use crate::refusal::Refusal;
use crate::rows::{item_of, signed, table, unsigned};
use crate::sql::Row;
use crate::transaction::{Pools, Transaction};

/// What accounts have, and the characters they play.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// An account that does not exist is missing.
    pub(crate) profiles: BTreeMap<AccountId, Profile>,
    /// Each with its account; one that does not exist, or was deleted, is missing.
    sheets: BTreeMap<CharacterId, (AccountId, CharacterSheet)>,
}

impl Loaded {
    /// A character of an account.
    pub(crate) fn sheet(&self, account: AccountId, character: Option<CharacterId>) -> Option<CharacterSheet> {
        let (owner, sheet) = self.sheets.get(&character?)?;
        (*owner == account).then(|| sheet.clone())
    }
}

/// What each account of `asked` has, and the character it names. All reads see the same moment.
pub(crate) async fn load(pools: &Pools, asked: &[(AccountId, Option<CharacterId>)]) -> Result<Loaded, Refusal> {
    let accounts = table(&asked.iter().map(|(account, _)| signed(account.0)).collect::<Vec<_>>())?;
    let characters: Vec<i64> = asked.iter().filter_map(|(_, character)| Some(signed((*character)?.0))).collect();
    let mut view = pools.view().await?;
    let loaded = async {
        let profiles = read(&mut view, &accounts).await?;
        Ok(Loaded { profiles, sheets: read_sheets(&mut view, &characters).await? })
    };
    let loaded = loaded.await;
    view.finish(loaded).await
}

async fn read_sheets(
    view: &mut Transaction,
    characters: &[i64],
) -> Result<BTreeMap<CharacterId, (AccountId, CharacterSheet)>, Refusal> {
    if characters.is_empty() {
        return Ok(BTreeMap::new());
    }
    let living = "SELECT id, account, place, body
         FROM (SELECT DISTINCT CAST(value AS BIGINT) AS asked FROM json_each($1)) AS wanted
         CROSS JOIN characters WHERE id = asked AND deleted_s IS NULL";
    let sheet = |row: &Row| {
        let sheet = sheet_of(row)?;
        Ok((sheet.id, (AccountId(unsigned(row.number("account")?)), sheet)))
    };
    view.rows(living, &[table(characters)?.into()]).await?.iter().map(sheet).collect()
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
    let items = "SELECT account, origin, serial, template, count, wear, bound, inside
         FROM (SELECT DISTINCT CAST(value AS BIGINT) AS asked FROM json_each($1)) AS wanted
         CROSS JOIN items WHERE account = asked AND place = 'stash' AND character IS NULL ORDER BY account, origin, serial";
    for row in view.rows(items, &[asked.into()]).await? {
        if let Some(profile) = profiles.get_mut(&AccountId(unsigned(row.number("account")?))) {
            profile.stash.push(item_of(&row)?);
        }
    }
    add_unacknowledged(view, asked, &mut profiles).await?;
    Ok(profiles)
}
