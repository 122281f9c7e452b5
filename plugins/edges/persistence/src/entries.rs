//! Games that people enter one by one: opened, entered, left, called off.

use hypogeum_accounts::AccountStoreError;
use hypogeum_crash::crash_point;
use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_economy::EconomyError;
use hypogeum_protocol::AccountId;
use hypogeum_tournaments::{
    CreatureError, CreatureRecord, ENTRIES_OF_ACCOUNT_MAX, EntryError, EntryStore, NewOpenGame, OPEN_GAMES_MAX,
    OPEN_GAMES_OF_ACCOUNT_MAX, OpenGame,
};

use crate::accounts::account_error;
use crate::change::Change;
use crate::creatures::{living, lock_account};
use crate::entry_rows::{self, accounts_of, entries, find, find_opened, insert};
use crate::games::{GameStanding, free, lock_standing};
use crate::grants::enter;
use crate::holdings::{lock_holdings, set_wallet};
use crate::pots::{self, Wallets};
use crate::refusal::Refusal;
use crate::rows::{now_s, signed};
use crate::store::Store;
use crate::transaction::Transaction;

impl EntryStore for Store {
    async fn open_game(&self, game: NewOpenGame) -> Result<(OpenGame, bool), EntryError> {
        self.change(Open(game)).await.map_err(entry_error)
    }

    async fn enter_game(
        &self,
        game: GameId,
        (account, creature): (AccountId, CreatureId),
        request_key: &str,
    ) -> Result<(OpenGame, bool), EntryError> {
        let entered = self.change(Enter { game, account, creature, request_key: request_key.to_owned() }).await;
        crash_point!("after_entry_commit");
        entered.map_err(entry_error)
    }

    async fn leave_game(
        &self,
        game: GameId,
        (account, creature): (AccountId, CreatureId),
    ) -> Result<OpenGame, EntryError> {
        self.change(Leave { game, account, creature }).await.map_err(entry_error)
    }

    async fn call_game_off(&self, game: GameId, by: AccountId) -> Result<OpenGame, EntryError> {
        self.change(CallOff { game, by }).await.map_err(entry_error)
    }

    async fn entered_game(&self, game: GameId) -> Result<Option<OpenGame>, AccountStoreError> {
        entry_rows::one(self, game).await.map_err(|refusal| account_error(&refusal))
    }

    async fn open_games(&self, after: GameId, count: usize) -> Result<Vec<OpenGame>, AccountStoreError> {
        entry_rows::page(self, after, count).await.map_err(|refusal| account_error(&refusal))
    }
}

/// The error for a caller.
fn entry_error(refusal: Refusal) -> EntryError {
    match refusal {
        Refusal::Entry(error) => error,
        Refusal::Creature(error) => error.into(),
        other => {
            account_error(&other);
            CreatureError::Unavailable.into()
        }
    }
}

struct Open(NewOpenGame);

impl Change for Open {
    type Done = (OpenGame, bool);

    async fn apply(&self, changes: &mut Transaction) -> Result<Self::Done, Refusal> {
        let NewOpenGame { account, terms, request_key } = &self.0;
        lock_account(changes, *account).await?;
        if let Some(before) = find_opened(changes, *account, request_key).await? {
            let game = find(changes, before).await?.ok_or(EntryError::Started)?;
            return Ok((game, false));
        }
        changes.lock_open_games().await?;
        let counts = "SELECT COUNT(*) AS every, COALESCE(SUM(CASE WHEN account = $1 THEN 1 ELSE 0 END), 0) AS own
             FROM games WHERE ended_s IS NULL AND started_s IS NULL AND account IS NOT NULL";
        let counts = changes.rows(counts, &[signed(account.0).into()]).await?;
        let row = counts.first().ok_or(sqlx::Error::RowNotFound)?;
        if row.small::<usize>("own")? >= OPEN_GAMES_OF_ACCOUNT_MAX {
            return Err(EntryError::TooManyOpenGames.into());
        }
        if row.small::<usize>("every")? >= OPEN_GAMES_MAX {
            return Err(EntryError::NoRoom.into());
        }
        let id = insert(changes, (Some(*account), request_key), terms, false).await?;
        Ok((the(changes, id).await?, true))
    }
}

/// A game as it stands within this transaction.
async fn the(changes: &mut Transaction, id: GameId) -> Result<OpenGame, Refusal> {
    Ok(find(changes, id).await?.ok_or(EntryError::NoSuchGame)?)
}

/// Keeps everyone else from a game that people enter, and says how far it is.
async fn locked(changes: &mut Transaction, id: GameId) -> Result<(GameStanding, OpenGame), Refusal> {
    let standing = lock_standing(changes, id).await?.ok_or(EntryError::NoSuchGame)?;
    // One that somebody has started alone was never open.
    Ok((standing, find(changes, id).await?.ok_or(EntryError::Started)?))
}

/// Whether a game is open.
fn check_open(standing: GameStanding) -> Result<(), EntryError> {
    match standing {
        GameStanding::Open => Ok(()),
        GameStanding::Running | GameStanding::Over => Err(EntryError::Started),
        GameStanding::CalledOff => Err(EntryError::CalledOff),
    }
}

struct Enter {
    game: GameId,
    account: AccountId,
    creature: CreatureId,
    request_key: String,
}

impl Change for Enter {
    type Done = (OpenGame, bool);

    async fn apply(&self, changes: &mut Transaction) -> Result<Self::Done, Refusal> {
        let (standing, game) = locked(changes, self.game).await?;
        let holdings = lock_holdings(changes, &[self.account]).await?;
        let holding = holdings.get(&self.account).ok_or(CreatureError::NoSuchAccount)?;
        if self.is_known(changes).await? {
            return Ok((game, false));
        }
        check_open(standing)?;
        let creature = self.free_creature(changes).await?;
        self.check_counts(changes, &game).await?;
        let fee = game.terms.entry_fee;
        let after = holding.wallet_after(-fee).map_err(|error| match error {
            EconomyError::NotEnough { .. } => EntryError::NotEnough { needed: fee, found: holding.currency }.into(),
            other => Refusal::Economy(other),
        })?;
        self.write(changes, (creature.id, fee)).await?;
        set_wallet(changes, self.account, after).await?;
        enter(changes, [(self.account, -fee)], &pots::entry_event(self.game)).await?;
        crash_point!("before_entry_commit");
        Ok((the(changes, self.game).await?, true))
    }
}

impl Enter {
    /// Whether the account has made this request before.
    async fn is_known(&self, changes: &mut Transaction) -> Result<bool, Refusal> {
        let before = "SELECT id FROM game_entries
             WHERE game = $1 AND account = $2 AND request_key = $3 AND request_key <> ''";
        let binds = [signed(self.game.0).into(), signed(self.account.0).into(), self.request_key.as_str().into()];
        Ok(!changes.rows(before, &binds).await?.is_empty())
    }

    /// The creature, where it is the account's and no game holds it.
    async fn free_creature(&self, changes: &mut Transaction) -> Result<CreatureRecord, Refusal> {
        let creature = living(changes, self.creature).await?;
        if creature.account != self.account {
            return Err(CreatureError::NotYours(self.creature).into());
        }
        match creature.game {
            None => Ok(creature),
            Some(game) if game == self.game => Err(EntryError::AlreadyEntered(self.creature).into()),
            Some(game) => Err(CreatureError::InGame { creature: self.creature, game }.into()),
        }
    }

    async fn check_counts(&self, changes: &mut Transaction, game: &OpenGame) -> Result<(), Refusal> {
        let counts = "SELECT COUNT(*) AS ever, COALESCE(SUM(CASE WHEN left_s IS NULL THEN 1 ELSE 0 END), 0) AS now
             FROM game_entries WHERE game = $1 AND account = $2";
        let counts = changes.rows(counts, &[signed(self.game.0).into(), signed(self.account.0).into()]).await?;
        let row = counts.first().ok_or(sqlx::Error::RowNotFound)?;
        let most = game.terms.per_person_max;
        if row.small::<usize>("now")? >= usize::from(most) {
            return Err(EntryError::TooManyOfYours { most }.into());
        }
        if row.small::<usize>("ever")? >= ENTRIES_OF_ACCOUNT_MAX {
            return Err(EntryError::TooManyEntries.into());
        }
        if game.entered >= game.terms.size { Err(EntryError::Full.into()) } else { Ok(()) }
    }

    async fn write(&self, changes: &mut Transaction, (creature, fee): (CreatureId, i64)) -> Result<(), Refusal> {
        let (game, creature) = (signed(self.game.0), signed(creature.0));
        let insert = "INSERT INTO game_entries (game, account, creature, request_key, fee, entered_s)
             VALUES ($1, $2, $3, $4, $5, $6)";
        let key = self.request_key.as_str();
        let binds =
            [game.into(), signed(self.account.0).into(), creature.into(), key.into(), fee.into(), now_s().into()];
        changes.run(insert, &binds).await?;
        changes.run("UPDATE creatures SET game = $1 WHERE id = $2", &[game.into(), creature.into()]).await?;
        changes.run("UPDATE game_terms SET entered = entered + 1 WHERE game = $1", &[game.into()]).await?;
        Ok(())
    }
}

struct Leave {
    game: GameId,
    account: AccountId,
    creature: CreatureId,
}

impl Change for Leave {
    type Done = OpenGame;

    async fn apply(&self, changes: &mut Transaction) -> Result<OpenGame, Refusal> {
        let (standing, game) = locked(changes, self.game).await?;
        let entries = entries(changes, self.game).await?;
        let is_own = |creature: CreatureId, account| creature == self.creature && account == self.account;
        let Some(own) = entries.into_iter().find(|row| is_own(row.entry.creature, row.entry.account)) else {
            return self.has_left(changes, game).await;
        };
        check_open(standing)?;
        let mut wallets = Wallets::lock(changes, &[self.account]).await?;
        let refund = wallets.credit(self.account, own.fee);
        let leave = "UPDATE game_entries SET left_s = $1, refund = $2 WHERE id = $3";
        changes.run(leave, &[now_s().into(), refund.into(), own.id.into()]).await?;
        let creature = signed(self.creature.0);
        changes.run("UPDATE creatures SET game = NULL WHERE id = $1", &[creature.into()]).await?;
        let game = signed(self.game.0);
        changes.run("UPDATE game_terms SET entered = entered - 1 WHERE game = $1", &[game.into()]).await?;
        wallets.keep(changes, &pots::refund_event(self.game)).await?;
        the(changes, self.game).await
    }
}

impl Leave {
    /// What is answered where the creature is not among those who have entered: it has left before, or never entered.
    async fn has_left(&self, changes: &mut Transaction, game: OpenGame) -> Result<OpenGame, Refusal> {
        let before = "SELECT id FROM game_entries WHERE game = $1 AND account = $2 AND creature = $3 LIMIT 1";
        let binds = [self.game.0, self.account.0, self.creature.0].map(|number| signed(number).into());
        match changes.rows(before, &binds).await?.is_empty() {
            true => Err(EntryError::NotEntered(self.creature).into()),
            false => Ok(game),
        }
    }
}

struct CallOff {
    game: GameId,
    by: AccountId,
}

impl Change for CallOff {
    type Done = OpenGame;

    async fn apply(&self, changes: &mut Transaction) -> Result<OpenGame, Refusal> {
        let (standing, game) = locked(changes, self.game).await?;
        if game.account != self.by || self.by == AccountId(0) {
            return Err(EntryError::NotYours.into());
        }
        if standing == GameStanding::CalledOff {
            return Ok(game);
        }
        check_open(standing)?;
        call_off(changes, self.game).await?;
        the(changes, self.game).await
    }
}

/// Calls a game off that is locked, and open or just started: every fee is given back, every creature is free, and it is kept as called off.
/// Does nothing to one that nobody could enter; whether it did something.
pub(crate) async fn call_off(changes: &mut Transaction, id: GameId) -> Result<bool, Refusal> {
    if find(changes, id).await?.is_none() {
        return Ok(false);
    }
    let (now, game) = (now_s(), signed(id.0));
    let entries = entries(changes, id).await?;
    let mut wallets = Wallets::lock(changes, &accounts_of(&entries)).await?;
    for row in &entries {
        let refund = wallets.credit(row.entry.account, row.fee);
        let leave = "UPDATE game_entries SET left_s = $1, refund = $2 WHERE id = $3";
        changes.run(leave, &[now.into(), refund.into(), row.id.into()]).await?;
    }
    wallets.keep(changes, &pots::refund_event(id)).await?;
    free(changes, id).await?;
    changes.run("DELETE FROM game_creatures WHERE game = $1", &[game.into()]).await?;
    let end = changes.either(
        "UPDATE games SET started_s = NULL, ended_s = $1, overview = X'' WHERE id = $2",
        "UPDATE games SET started_s = NULL, ended_s = $1, overview = '' WHERE id = $2",
    );
    changes.run(end, &[now.into(), game.into()]).await?;
    changes.run("UPDATE game_terms SET entered = 0 WHERE game = $1", &[game.into()]).await?;
    pots::close(changes, id, 0).await?;
    Ok(true)
}
