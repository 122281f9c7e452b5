//! Creatures of people: made, named, grown and released.

use hypogeum_accounts::AccountStoreError;
use hypogeum_creature_messages::{CreatureId, CreatureStats, GameId};
use hypogeum_protocol::AccountId;
use hypogeum_tournaments::{
    CREATURES_MAX, CreatureError, CreatureName, CreatureRecord, CreatureStore, GameLine, GameRecord, NewGame,
};

use crate::accounts::account_error;
use crate::change::Change;
use crate::games::{self, DropGame, StartGame};
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, table, unsigned};
use crate::sql::Row;
use crate::store::Store;
use crate::transaction::Transaction;

impl CreatureStore for Store {
    async fn creatures(&self, account: AccountId) -> Result<Vec<CreatureRecord>, AccountStoreError> {
        let living = "SELECT *, COALESCE(game, 0) AS held FROM creatures
             WHERE account = $1 AND released_s IS NULL ORDER BY id";
        let found = self.rows(living, vec![signed(account.0).into()]).await;
        found.and_then(|rows| rows.iter().map(record_of).collect()).map_err(|refusal| account_error(&refusal))
    }

    async fn creature(&self, id: CreatureId) -> Result<Option<CreatureRecord>, AccountStoreError> {
        let found = self.rows(LIVING, vec![signed(id.0).into()]).await;
        found.and_then(|rows| rows.first().map(record_of).transpose()).map_err(|refusal| account_error(&refusal))
    }

    async fn create_creature(
        &self,
        account: AccountId,
        name: &CreatureName,
        kind: &str,
        made_of: (CreatureStats, u32),
        request_key: &str,
    ) -> Result<(CreatureRecord, bool), CreatureError> {
        let (kind, request_key) = (kind.to_owned(), request_key.to_owned());
        let create = CreateCreature { account, name: name.clone(), kind, made_of, request_key };
        self.change(create).await.map_err(creature_error)
    }

    async fn rename_creature(
        &self,
        account: AccountId,
        id: CreatureId,
        name: &CreatureName,
    ) -> Result<CreatureRecord, CreatureError> {
        self.change(RenameCreature { account, id, name: name.clone() }).await.map_err(creature_error)
    }

    async fn grow_creature(
        &self,
        account: AccountId,
        id: CreatureId,
        was: (CreatureStats, u32),
        becomes: (CreatureStats, u32),
        request_key: &str,
    ) -> Result<CreatureRecord, CreatureError> {
        let grow = GrowCreature { account, id, was, becomes, request_key: request_key.to_owned() };
        self.change(grow).await.map_err(creature_error)
    }

    async fn has_grown(&self, id: CreatureId, request_key: &str) -> Result<bool, AccountStoreError> {
        let found = self.rows(GROWN, vec![signed(id.0).into(), request_key.into()]).await;
        found.map(|rows| !rows.is_empty()).map_err(|refusal| account_error(&refusal))
    }

    async fn release_creature(&self, account: AccountId, id: CreatureId) -> Result<(), CreatureError> {
        self.change(ReleaseCreature { account, id }).await.map_err(creature_error)
    }

    async fn start_game(&self, game: NewGame) -> Result<(GameRecord, Vec<CreatureRecord>, bool), CreatureError> {
        self.change(StartGame(game)).await.map_err(creature_error)
    }

    async fn drop_game(&self, id: GameId) -> Result<(), CreatureError> {
        self.change(DropGame(id)).await.map_err(creature_error)
    }

    async fn game(&self, id: GameId) -> Result<Option<GameRecord>, AccountStoreError> {
        games::one(self, id).await.map_err(|refusal| account_error(&refusal))
    }

    async fn games(
        &self,
        account: AccountId,
        before: Option<GameId>,
        count: usize,
    ) -> Result<Vec<GameLine>, AccountStoreError> {
        games::page(self, account, before, count).await.map_err(|refusal| account_error(&refusal))
    }
}

/// The error for a caller.
fn creature_error(refusal: Refusal) -> CreatureError {
    match refusal {
        Refusal::Creature(error) => error,
        other => {
            account_error(&other);
            CreatureError::Unavailable
        }
    }
}

/// Requests that have given points to a creature, by their key.
const GROWN: &str = "SELECT creature FROM creature_keys WHERE creature = $1 AND request_key = $2";

const LIVING: &str = "SELECT *, COALESCE(game, 0) AS held FROM creatures WHERE id = $1 AND released_s IS NULL";

/// Reads all columns of a creature, and `held`: the game that holds it, or 0.
pub(crate) fn record_of(row: &Row) -> Result<CreatureRecord, Refusal> {
    let game = unsigned(row.number("held")?);
    Ok(CreatureRecord {
        id: CreatureId(unsigned(row.number("id")?)),
        account: AccountId(unsigned(row.number("account")?)),
        name: row.text("name")?.to_owned(),
        kind: row.text("kind")?.to_owned(),
        stats: stats_of(row)?,
        points: row.small("points")?,
        won: row.small("won")?,
        lost: row.small("lost")?,
        streak: row.small("streak")?,
        best_streak: row.small("best_streak")?,
        titles: row.small("titles")?,
        game: (game != 0).then_some(GameId(game)),
        created_s: unsigned(row.number("created_s")?),
    })
}

/// Reads columns `speed`, `health`, `defence`, `strength` and `luck`.
pub(crate) fn stats_of(row: &Row) -> Result<CreatureStats, Refusal> {
    Ok(CreatureStats {
        speed: row.small("speed")?,
        health: row.small("health")?,
        defence: row.small("defence")?,
        strength: row.small("strength")?,
        luck: row.small("luck")?,
    })
}

/// Keeps everyone else from changing what an account has until the end.
///
/// # Errors
/// [`CreatureError::NoSuchAccount`].
pub(crate) async fn lock_account(changes: &mut Transaction, account: AccountId) -> Result<(), Refusal> {
    let account = signed(account.0);
    changes.lock_accounts(&table(&[account])?).await?;
    let found = changes.rows("SELECT id FROM accounts WHERE id = $1", &[account.into()]).await?;
    if found.is_empty() { Err(CreatureError::NoSuchAccount.into()) } else { Ok(()) }
}

/// A creature that was not released, whoever's it is.
pub(crate) async fn living(changes: &mut Transaction, id: CreatureId) -> Result<CreatureRecord, Refusal> {
    let found = changes.rows(LIVING, &[signed(id.0).into()]).await?;
    Ok(found.first().map(record_of).transpose()?.ok_or(CreatureError::NoSuchCreature(id))?)
}

/// A creature of an account that is locked.
async fn own(changes: &mut Transaction, account: AccountId, id: CreatureId) -> Result<CreatureRecord, Refusal> {
    changes.lock_accounts(&table(&[signed(account.0)])?).await?;
    let record = living(changes, id).await?;
    if record.account == account { Ok(record) } else { Err(CreatureError::NotYours(id).into()) }
}

/// A creature as [`own`] has it, where no game holds it.
async fn own_and_free(
    changes: &mut Transaction,
    account: AccountId,
    id: CreatureId,
) -> Result<CreatureRecord, Refusal> {
    free(own(changes, account, id).await?)
}

/// A creature, where no game holds it.
fn free(record: CreatureRecord) -> Result<CreatureRecord, Refusal> {
    match record.game {
        Some(game) => Err(CreatureError::InGame { creature: record.id, game }.into()),
        None => Ok(record),
    }
}

struct CreateCreature {
    account: AccountId,
    name: CreatureName,
    kind: String,
    made_of: (CreatureStats, u32),
    request_key: String,
}

impl Change for CreateCreature {
    type Done = (CreatureRecord, bool);

    async fn apply(&self, changes: &mut Transaction) -> Result<Self::Done, Refusal> {
        lock_account(changes, self.account).await?;
        if let Some(before) = self.made_before(changes).await? {
            return Ok((before, false));
        }
        let account = signed(self.account.0);
        let living = "SELECT COUNT(*) AS living FROM creatures WHERE account = $1 AND released_s IS NULL";
        let living = changes.rows(living, &[account.into()]).await?;
        if living.first().map_or(Ok(0), |row| row.small::<usize>("living"))? >= CREATURES_MAX {
            return Err(CreatureError::TooMany.into());
        }
        let (stats, points) = self.made_of;
        let [speed, health, defence, strength, luck] = stats.values().map(i64::from);
        let insert =
            "INSERT INTO creatures (account, name, kind, speed, health, defence, strength, luck, points, created_s,
                request_key)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING *, CAST(0 AS BIGINT) AS held";
        let binds = [
            account.into(),
            self.name.as_str().into(),
            self.kind.as_str().into(),
            speed.into(),
            health.into(),
            defence.into(),
            strength.into(),
            luck.into(),
            i64::from(points).into(),
            now_s().into(),
            self.request_key.as_str().into(),
        ];
        let inserted = changes.rows(insert, &binds).await?;
        let made = inserted.first().map_or(Err(CreatureError::Unavailable.into()), record_of)?;
        Ok((made, true))
    }
}

impl CreateCreature {
    /// The creature that the account has made with this request before.
    async fn made_before(&self, changes: &mut Transaction) -> Result<Option<CreatureRecord>, Refusal> {
        if self.request_key.is_empty() {
            return Ok(None);
        }
        let before = "SELECT *, COALESCE(game, 0) AS held, COALESCE(released_s, -1) AS gone_s FROM creatures
             WHERE account = $1 AND request_key = $2 AND request_key <> ''";
        let binds = [signed(self.account.0).into(), self.request_key.as_str().into()];
        let found = changes.rows(before, &binds).await?;
        let Some(row) = found.first() else { return Ok(None) };
        let record = record_of(row)?;
        // Making another would do the same request twice.
        if row.number("gone_s")? == -1 {
            Ok(Some(record))
        } else {
            Err(CreatureError::NoSuchCreature(record.id).into())
        }
    }
}

struct RenameCreature {
    account: AccountId,
    id: CreatureId,
    name: CreatureName,
}

impl Change for RenameCreature {
    type Done = CreatureRecord;

    async fn apply(&self, changes: &mut Transaction) -> Result<CreatureRecord, Refusal> {
        let record = own(changes, self.account, self.id).await?;
        let name = self.name.as_str();
        changes.run("UPDATE creatures SET name = $1 WHERE id = $2", &[name.into(), signed(self.id.0).into()]).await?;
        Ok(CreatureRecord { name: name.to_owned(), ..record })
    }
}

struct GrowCreature {
    account: AccountId,
    id: CreatureId,
    was: (CreatureStats, u32),
    becomes: (CreatureStats, u32),
    request_key: String,
}

impl Change for GrowCreature {
    type Done = CreatureRecord;

    async fn apply(&self, changes: &mut Transaction) -> Result<CreatureRecord, Refusal> {
        let record = own(changes, self.account, self.id).await?;
        if self.is_known(changes).await? {
            return Ok(record);
        }
        let record = free(record)?;
        if (record.stats, record.points) != self.was {
            return Err(CreatureError::Changed(self.id).into());
        }
        let (stats, points) = self.becomes;
        let [speed, health, defence, strength, luck] = stats.values().map(i64::from);
        let grow = "UPDATE creatures SET speed = $1, health = $2, defence = $3, strength = $4, luck = $5, points = $6
             WHERE id = $7";
        let binds = [speed, health, defence, strength, luck, i64::from(points), signed(self.id.0)].map(Into::into);
        changes.run(grow, &binds).await?;
        self.note_key(changes).await?;
        Ok(CreatureRecord { stats, points, ..record })
    }
}

impl GrowCreature {
    /// Whether this request has given its points before.
    async fn is_known(&self, changes: &mut Transaction) -> Result<bool, Refusal> {
        if self.request_key.is_empty() {
            return Ok(false);
        }
        let binds = [signed(self.id.0).into(), self.request_key.as_str().into()];
        Ok(!changes.rows(GROWN, &binds).await?.is_empty())
    }

    /// Notes the request. One that gives nothing may come as often as it likes, and leaves nothing behind.
    async fn note_key(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        if self.request_key.is_empty() || self.becomes == self.was {
            return Ok(());
        }
        let note = "INSERT INTO creature_keys (creature, request_key) VALUES ($1, $2)";
        changes.run(note, &[signed(self.id.0).into(), self.request_key.as_str().into()]).await.map(drop)
    }
}

struct ReleaseCreature {
    account: AccountId,
    id: CreatureId,
}

impl Change for ReleaseCreature {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        own_and_free(changes, self.account, self.id).await?;
        let release = "UPDATE creatures SET released_s = $1 WHERE id = $2";
        changes.run(release, &[now_s().into(), signed(self.id.0).into()]).await?;
        Ok(())
    }
}
