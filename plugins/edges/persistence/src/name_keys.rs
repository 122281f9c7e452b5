//! Keys of names, made again where they were made by earlier rules.
//!
//! Two accounts may then have one key. The older one gets it. The other keeps its exact old name, by which it is found
//! all the same (`clash_of`), and nobody new gets either. Characters are found by number, so one whose name clashes only
//! keeps it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use hypogeum_accounts::AccountName;

use crate::refusal::Refusal;
use crate::rows::{ROWS_AT_ONCE, change_rows};
use crate::transaction::{Pools, Transaction};

/// The rules by which [`AccountName::key_of`] makes keys: raised whenever a key changes that a database may hold.
const NAME_RULES: i64 = 2;

/// A name as it is kept: its row, its account, and how it is shown.
#[derive(Clone, Debug)]
pub(crate) struct KeptName {
    pub(crate) id: i64,
    pub(crate) account: i64,
    pub(crate) name: String,
}

/// The key of a row, and the one it would have if no other had that.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NewKey {
    id: i64,
    canonical: String,
    clash_of: Option<String>,
}

/// What keys there are to be.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    accounts: Vec<NewKey>,
    characters: Vec<NewKey>,
    /// Sentences for people.
    pub(crate) clashes: Vec<String>,
}

impl Plan {
    /// The keys of these accounts, and of these living characters, both in the order of their ids.
    pub(crate) fn of(accounts: &[KeptName], characters: &[KeptName]) -> Self {
        let mut plan = Self::default();
        // By key: whose it is, and how that is called.
        let mut owners: HashMap<String, (i64, String)> = HashMap::with_capacity(accounts.len());
        for own in accounts {
            let key = AccountName::key_of(&own.name);
            let what = format!("account {} (\"{}\")", own.id, own.name);
            let clash = match owners.entry(key.clone()) {
                Entry::Vacant(free) => {
                    free.insert((own.account, what));
                    None
                }
                Entry::Occupied(taken) => {
                    let first = &taken.get().1;
                    plan.clashes.push(format!("{what} has the name of {first}: each logs in by its exact own name"));
                    Some(key.clone())
                }
            };
            plan.accounts.push(NewKey::new(own.id, key, clash));
        }
        let mut characters_of: HashMap<String, i64> = HashMap::with_capacity(characters.len());
        for own in characters {
            let key = AccountName::key_of(&own.name);
            let of_another = owners.get(&key).filter(|(owner, _)| *owner != own.account).map(|(_, what)| what.clone());
            let twin = characters_of.get(&key).map(|twin| format!("character {twin}"));
            let what = format!("character {} (\"{}\") of account {}", own.id, own.name, own.account);
            let clash = of_another.or(twin).map(|first| {
                plan.clashes.push(format!("{what} has the name of {first}: it keeps it"));
                key.clone()
            });
            characters_of.entry(key.clone()).or_insert(own.id);
            plan.characters.push(NewKey::new(own.id, key, clash));
        }
        plan
    }
}

impl NewKey {
    /// No name has a question mark, so no key is like that of a clash.
    fn new(id: i64, key: String, clash_of: Option<String>) -> Self {
        let canonical = if clash_of.is_some() { format!("{key}?{id}") } else { key };
        Self { id, canonical, clash_of }
    }
}

/// Makes all keys again, in one transaction, where they were made by other rules. Returns what clashes.
pub(crate) async fn renew(pools: &Pools) -> Result<Vec<String>, Refusal> {
    let mut changes = pools.begin().await?;
    let renewed = renew_in(&mut changes).await;
    changes.finish(renewed).await
}

async fn renew_in(changes: &mut Transaction) -> Result<Vec<String>, Refusal> {
    let rules = changes.rows("SELECT version FROM name_rules WHERE id = 1", &[]).await?;
    if rules.first().map_or(Ok(0), |row| row.number("version"))? == NAME_RULES {
        return Ok(Vec::new());
    }
    let accounts =
        kept(changes, "SELECT id, id AS account, name FROM accounts WHERE id > $1 ORDER BY id LIMIT $2").await?;
    let characters = kept(
        changes,
        "SELECT id, account, name FROM characters WHERE id > $1 AND deleted_s IS NULL ORDER BY id LIMIT $2",
    )
    .await?;
    let plan = Plan::of(&accounts, &characters);
    // First to what no key is like, so that no new key meets an old one.
    changes.run("UPDATE accounts SET canonical = '?' || id", &[]).await?;
    changes.run("UPDATE characters SET canonical = '?' || id WHERE deleted_s IS NULL", &[]).await?;
    let row = |key: &NewKey| (key.id, key.canonical.clone(), key.clash_of.clone());
    change_rows(
        changes,
        "UPDATE accounts SET canonical = key, clash_of = clash
         FROM (SELECT CAST(value ->> 0 AS BIGINT) AS row_id, value ->> 1 AS key, value ->> 2 AS clash, $2 AS unused
               FROM json_each($1)) AS keys
         WHERE id = row_id",
        &plan.accounts.iter().map(row).collect::<Vec<_>>(),
        0,
    )
    .await?;
    change_rows(
        changes,
        "UPDATE characters SET canonical = key
         FROM (SELECT CAST(value ->> 0 AS BIGINT) AS row_id, value ->> 1 AS key, $2 AS unused FROM json_each($1)) AS keys
         WHERE id = row_id",
        &plan.characters.iter().map(row).collect::<Vec<_>>(),
        0,
    )
    .await?;
    changes.run("UPDATE name_rules SET version = $1 WHERE id = 1", &[NAME_RULES.into()]).await?;
    Ok(plan.clashes)
}

/// All names that a statement finds, some at a time.
async fn kept(changes: &mut Transaction, some: &'static str) -> Result<Vec<KeptName>, Refusal> {
    let mut names: Vec<KeptName> = Vec::new();
    loop {
        let after = names.last().map_or(0, |last| last.id);
        let rows = changes.rows(some, &[after.into(), i64::try_from(ROWS_AT_ONCE).unwrap_or(i64::MAX).into()]).await?;
        if rows.is_empty() {
            return Ok(names);
        }
        for row in &rows {
            let name = row.text("name")?.to_owned();
            names.push(KeptName { id: row.number("id")?, account: row.number("account")?, name });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[(i64, i64, &str)]) -> Vec<KeptName> {
        all.iter()
            .map(|(id, account, name)| KeptName { id: *id, account: *account, name: (*name).to_owned() })
            .collect()
    }

    #[test]
    fn of_two_accounts_with_one_key_the_older_one_gets_it() {
        let plan = Plan::of(&names(&[(1, 1, "STRAẞE"), (2, 2, "Ada"), (3, 3, "straße")]), &[]);
        let keys: Vec<&str> = plan.accounts.iter().map(|key| key.canonical.as_str()).collect();
        assert_eq!(keys, ["strasse", "ada", "strasse?3"], "the other has a key that no name has");
        assert_eq!(plan.accounts[2].clash_of.as_deref(), Some("strasse"), "and is found by its exact name");
        let sentence =
            "account 3 (\"straße\") has the name of account 1 (\"STRAẞE\"): each logs in by its exact own name";
        assert_eq!(plan.clashes, [sentence], "which is said");
    }

    #[test]
    fn a_character_may_have_the_name_of_its_own_account_and_keeps_what_clashes() {
        let accounts = names(&[(1, 1, "Ada"), (2, 2, "Bob")]);
        let plan =
            Plan::of(&accounts, &names(&[(1, 1, "ADA"), (2, 2, "adа"), (3, 2, "Ada"), (4, 1, "Eve"), (5, 2, "EVE")]));
        let clashing: Vec<i64> =
            plan.characters.iter().filter(|key| key.clash_of.is_some()).map(|key| key.id).collect();
        assert_eq!(clashing, [3, 5], "of another account, and of an older character");
        assert_eq!(plan.clashes.len(), 2, "each is said: {:?}", plan.clashes);
    }
}
