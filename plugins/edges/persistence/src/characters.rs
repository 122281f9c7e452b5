//! Characters: names to play under, each with a place and a body.

use hypogeum_accounts::{
    AccountName, AccountStoreError, CHARACTERS_MAX, CharacterError, CharacterRecord, CharacterStore,
};
use hypogeum_protocol::{AccountId, CharacterId};

use crate::accounts::account_error;
use crate::change::Change;
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, table, unsigned};
use crate::sql::Row;
use crate::store::Store;
use crate::transaction::Transaction;

impl CharacterStore for Store {
    async fn characters(&self, account: AccountId) -> Result<Vec<CharacterRecord>, AccountStoreError> {
        let living = "SELECT id, name, created_s FROM characters WHERE account = $1 AND deleted_s IS NULL ORDER BY id";
        let record = |row: &Row| {
            Ok(CharacterRecord {
                id: CharacterId(unsigned(row.number("id")?)),
                account,
                name: row.text("name")?.to_owned(),
                created_s: unsigned(row.number("created_s")?),
            })
        };
        let rows = self.rows(living, vec![signed(account.0).into()]).await;
        let found = rows.and_then(|rows| rows.iter().map(record).collect());
        found.map_err(|refusal: Refusal| account_error(&refusal))
    }

    async fn create_character(
        &self,
        account: AccountId,
        name: &AccountName,
    ) -> Result<CharacterRecord, CharacterError> {
        let create = CreateCharacter { account, name: name.clone() };
        self.change(create).await.map_err(character_error)
    }

    async fn delete_character(&self, account: AccountId, id: CharacterId) -> Result<bool, CharacterError> {
        self.change(DeleteCharacter { account, id }).await.map_err(character_error)
    }
}

/// The error for a caller.
fn character_error(refusal: Refusal) -> CharacterError {
    match refusal {
        Refusal::Character(error) => error,
        other => {
            account_error(&other);
            CharacterError::Unavailable
        }
    }
}

struct CreateCharacter {
    account: AccountId,
    name: AccountName,
}

impl Change for CreateCharacter {
    type Done = CharacterRecord;

    async fn apply(&self, changes: &mut Transaction) -> Result<CharacterRecord, Refusal> {
        let account = signed(self.account.0);
        changes.lock_accounts(&table(&[account])?).await?;
        if changes.rows("SELECT id FROM accounts WHERE id = $1", &[account.into()]).await?.is_empty() {
            return Err(CharacterError::NoSuchAccount.into());
        }
        let canonical = self.name.canonical();
        changes.lock_names(&table(&[[canonical]])?).await?;
        let others = "SELECT id FROM accounts WHERE canonical = $1 AND id <> $2";
        if !changes.rows(others, &[canonical.into(), account.into()]).await?.is_empty() {
            return Err(CharacterError::NameTaken.into());
        }
        let created_s = now_s();
        let insert = "INSERT INTO characters (account, canonical, name, created_s) VALUES ($1, $2, $3, $4)
             ON CONFLICT (canonical) WHERE deleted_s IS NULL DO NOTHING RETURNING id";
        let binds = [account.into(), canonical.into(), self.name.shown().into(), created_s.into()];
        let inserted = changes.rows(insert, &binds).await?;
        let id = inserted.first().ok_or(CharacterError::NameTaken)?.number("id")?;
        let living = "SELECT COUNT(*) AS living FROM characters WHERE account = $1 AND deleted_s IS NULL";
        let living = changes.rows(living, &[account.into()]).await?;
        if living.first().map_or(Ok(0), |row| row.small::<usize>("living"))? > CHARACTERS_MAX {
            return Err(CharacterError::TooMany.into());
        }
        Ok(CharacterRecord {
            id: CharacterId(unsigned(id)),
            account: self.account,
            name: self.name.shown().to_owned(),
            created_s: unsigned(created_s),
        })
    }
}

struct DeleteCharacter {
    account: AccountId,
    id: CharacterId,
}

impl Change for DeleteCharacter {
    type Done = bool;

    async fn apply(&self, changes: &mut Transaction) -> Result<bool, Refusal> {
        let (id, account) = (signed(self.id.0), signed(self.account.0));
        changes.lock_accounts(&table(&[account])?).await?;
        let delete = "UPDATE characters SET deleted_s = $1
             WHERE id = $2 AND account = $3 AND deleted_s IS NULL AND visit IS NULL";
        if changes.run(delete, &[now_s().into(), id.into(), account.into()]).await? == 0 {
            let living = "SELECT id FROM characters WHERE id = $1 AND account = $2 AND deleted_s IS NULL";
            let is_held = !changes.rows(living, &[id.into(), account.into()]).await?.is_empty();
            return if is_held { Err(CharacterError::InShard.into()) } else { Ok(false) };
        }
        // Whether it fits or not: what somebody has is not lost for want of room.
        let put_down = "UPDATE items SET character = NULL, version = version + 1 WHERE character = $1";
        changes.run(put_down, &[id.into()]).await?;
        Ok(true)
    }
}
