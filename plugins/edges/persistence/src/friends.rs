//! Friends, requests to become some, and who may see where somebody is. Blocks are those of the chat.

use std::collections::BTreeMap;

use hypogeum_protocol::{AccountId, Ignored};
use hypogeum_social::{FriendRecord, FriendState, FriendStore, SocialError};
use hypogeum_store::{
    FRIENDS_MAX, IgnoreRefusal, OPEN_REQUESTS_MAX, SocialReply, SocialRequest, SocialSettings, VisibleTo,
};

use crate::change::Change;
use crate::chat::{called, ignore_account};
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, table, unsigned};
use crate::sql::Row;
use crate::store::Store;
use crate::transaction::{Pools, Transaction};

/// Most of one page.
const PAGE_MAX: usize = 100;

/// Answers one request.
pub(crate) async fn answer(pools: &Pools, request: &SocialRequest) -> Result<SocialReply, Refusal> {
    let SocialRequest::Load { accounts } = request;
    let mut view = pools.view().await?;
    let loaded = load(&mut view, accounts).await;
    view.finish(loaded).await.map(SocialReply::Loaded)
}

async fn load(view: &mut Transaction, accounts: &[AccountId]) -> Result<Vec<SocialSettings>, Refusal> {
    let asked = table(&accounts.iter().map(|account| signed(account.0)).collect::<Vec<_>>())?;
    let nothing = |account: &AccountId| {
        let (friends, blocked, visible_to) = (Vec::new(), Vec::new(), VisibleTo::default());
        (*account, SocialSettings { account: *account, name: String::new(), friends, blocked, visible_to })
    };
    let mut found: BTreeMap<AccountId, SocialSettings> = accounts.iter().map(nothing).collect();
    let visible =
        "SELECT id, name, visible_to FROM (SELECT DISTINCT CAST(value AS BIGINT) AS asked FROM json_each($1)) AS wanted
         CROSS JOIN accounts WHERE id = asked";
    for row in view.rows(visible, &[asked.as_str().into()]).await? {
        if let Some(settings) = found.get_mut(&account_of(&row, "id")?) {
            settings.name = row.text("name")?.to_owned();
            settings.visible_to = VisibleTo::of_name(row.text("visible_to")?).unwrap_or_default();
        }
    }
    let friends =
        "SELECT account, other FROM (SELECT DISTINCT CAST(value AS BIGINT) AS asked FROM json_each($1)) AS wanted
         CROSS JOIN friends WHERE account = asked AND state = 'friend' ORDER BY account, other";
    for row in view.rows(friends, &[asked.as_str().into()]).await? {
        if let Some(settings) = found.get_mut(&account_of(&row, "account")?) {
            settings.friends.push(account_of(&row, "other")?);
        }
    }
    let blocked =
        "SELECT account, ignored FROM (SELECT DISTINCT CAST(value AS BIGINT) AS asked FROM json_each($1)) AS wanted
         CROSS JOIN chat_ignored WHERE account = asked AND how = 'blocked' ORDER BY account, ignored";
    for row in view.rows(blocked, &[asked.into()]).await? {
        if let Some(settings) = found.get_mut(&account_of(&row, "account")?) {
            settings.blocked.push(account_of(&row, "ignored")?);
        }
    }
    Ok(accounts.iter().filter_map(|account| found.get(account).cloned()).collect())
}

fn account_of(row: &Row, column: &'static str) -> Result<AccountId, Refusal> {
    Ok(AccountId(unsigned(row.number(column)?)))
}

impl FriendStore for Store {
    async fn friends(
        &self,
        account: AccountId,
        state: Option<FriendState>,
        after: Option<AccountId>,
        count: usize,
    ) -> Result<Vec<FriendRecord>, SocialError> {
        let page = "SELECT other, name, state, since_s FROM (
                 SELECT other, state, since_s FROM friends WHERE account = $1
                 UNION ALL SELECT ignored AS other, 'blocked' AS state, since_s FROM chat_ignored
                 WHERE account = $1 AND how = 'blocked'
             ) AS known JOIN accounts ON accounts.id = other
             WHERE other > $2 AND ($3 = '' OR state = $3) ORDER BY other LIMIT $4";
        let binds = vec![
            signed(account.0).into(),
            after.map_or(0, |after| signed(after.0)).into(),
            state.map_or("", FriendState::name).into(),
            signed(count.min(PAGE_MAX) as u64).into(),
        ];
        let rows = self.rows(page, binds).await;
        rows.and_then(|rows| rows.iter().map(record_of).collect()).map_err(unavailable)
    }

    async fn befriend(&self, account: AccountId, name: &str) -> Result<(FriendRecord, bool), SocialError> {
        self.social(Befriend { account, name: name.to_owned() }).await
    }

    async fn accept_friend(&self, account: AccountId, other: AccountId) -> Result<FriendRecord, SocialError> {
        self.social(Accept { account, other }).await
    }

    async fn remove_friend(&self, account: AccountId, other: AccountId) -> Result<(), SocialError> {
        self.social(Remove { account, other }).await
    }

    async fn block(&self, account: AccountId, name: &str) -> Result<FriendRecord, SocialError> {
        self.social(Block { account, name: name.to_owned() }).await
    }

    async fn unblock(&self, account: AccountId, other: AccountId) -> Result<(), SocialError> {
        self.social(Unblock { account, other }).await
    }

    async fn visible_to(&self, account: AccountId) -> Result<VisibleTo, SocialError> {
        let own = "SELECT visible_to FROM accounts WHERE id = $1";
        let rows = self.rows(own, vec![signed(account.0).into()]).await;
        let name = rows.and_then(|rows| rows.first().map(|row| row.text("visible_to").map(str::to_owned)).transpose());
        name.map(|name| name.and_then(|name| VisibleTo::of_name(&name)).unwrap_or_default()).map_err(unavailable)
    }

    async fn set_visible_to(&self, account: AccountId, visible_to: VisibleTo) -> Result<(), SocialError> {
        self.social(SetVisibleTo { account, visible_to }).await
    }
}

/// What is done, or why not: a refusal undoes nothing, for nothing was done.
type Done<T> = Result<Result<T, SocialError>, Refusal>;

impl Store {
    async fn social<T, C>(&self, change: C) -> Result<T, SocialError>
    where
        T: Send + 'static,
        C: Change<Done = Result<T, SocialError>> + 'static,
    {
        self.change(change).await.map_err(unavailable)?
    }
}

/// The error for a caller. The cause goes to the log, with no name in it.
fn unavailable(refusal: Refusal) -> SocialError {
    tracing::warn!(error = %refusal, "friends could not be read or written");
    SocialError::Unavailable
}

fn record_of(row: &Row) -> Result<FriendRecord, Refusal> {
    Ok(FriendRecord {
        account: account_of(row, "other")?,
        name: row.text("name")?.to_owned(),
        state: FriendState::of_name(row.text("state")?).unwrap_or(FriendState::Blocked),
        since_s: row.number("since_s")?,
    })
}

struct Befriend {
    account: AccountId,
    name: String,
}

impl Change for Befriend {
    type Done = Result<(FriendRecord, bool), SocialError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<(FriendRecord, bool)> {
        let own = self.account;
        let Some((speaker, _)) = called(changes, &self.name).await? else { return Ok(Err(SocialError::NoSuchName)) };
        let other = speaker.account;
        if other == own {
            return Ok(Err(SocialError::Oneself));
        }
        lock(changes, own, other).await?;
        if is_blocked(changes, own, other).await? {
            return Ok(Err(SocialError::Blocking));
        }
        let is_told = match state(changes, own, other).await? {
            Some(FriendState::Friend | FriendState::Sent) => false,
            Some(_) => {
                if let Err(refused) = befriend(changes, own, other).await? {
                    return Ok(Err(refused));
                }
                true
            }
            None => match request(changes, own, other).await? {
                Ok(is_told) => is_told,
                Err(refused) => return Ok(Err(refused)),
            },
        };
        record(changes, own, other).await.map(|record| record.map(|record| (record, is_told)))
    }
}

/// Asks somebody to whom nothing stands yet; whether they are told.
async fn request(changes: &mut Transaction, own: AccountId, other: AccountId) -> Done<bool> {
    if count(changes, own, FriendState::Friend).await? >= FRIENDS_MAX {
        return Ok(Err(SocialError::TooManyFriends));
    }
    if count(changes, own, FriendState::Sent).await? >= OPEN_REQUESTS_MAX {
        return Ok(Err(SocialError::TooManyRequests));
    }
    // They may have asked while a block hid it: then both want it.
    if state(changes, other, own).await? == Some(FriendState::Sent) {
        return Ok(befriend(changes, own, other).await?.map(|()| true));
    }
    if count(changes, other, FriendState::Received).await? >= OPEN_REQUESTS_MAX {
        return Ok(Err(SocialError::TheirsFull));
    }
    put(changes, own, other, FriendState::Sent).await?;
    // Who is blocked by them sees a request that nobody answers.
    if is_blocked(changes, other, own).await? {
        return Ok(Ok(false));
    }
    put(changes, other, own, FriendState::Received).await?;
    Ok(Ok(true))
}

struct Accept {
    account: AccountId,
    other: AccountId,
}

impl Change for Accept {
    type Done = Result<FriendRecord, SocialError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<FriendRecord> {
        let Self { account, other } = *self;
        lock(changes, account, other).await?;
        if state(changes, account, other).await? != Some(FriendState::Received) {
            return Ok(Err(SocialError::NoSuchRequest));
        }
        if let Err(refused) = befriend(changes, account, other).await? {
            return Ok(Err(refused));
        }
        record(changes, account, other).await
    }
}

/// Makes friends of two, where both may have one more.
async fn befriend(changes: &mut Transaction, own: AccountId, other: AccountId) -> Done<()> {
    if count(changes, own, FriendState::Friend).await? >= FRIENDS_MAX {
        return Ok(Err(SocialError::TooManyFriends));
    }
    if count(changes, other, FriendState::Friend).await? >= FRIENDS_MAX {
        return Ok(Err(SocialError::TheirsFull));
    }
    put(changes, own, other, FriendState::Friend).await?;
    put(changes, other, own, FriendState::Friend).await?;
    Ok(Ok(()))
}

struct Remove {
    account: AccountId,
    other: AccountId,
}

impl Change for Remove {
    type Done = Result<(), SocialError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<()> {
        lock(changes, self.account, self.other).await?;
        if state(changes, self.account, self.other).await?.is_none() {
            return Ok(Err(SocialError::NotListed));
        }
        part(changes, self.account, self.other).await?;
        Ok(Ok(()))
    }
}

struct Block {
    account: AccountId,
    name: String,
}

impl Change for Block {
    type Done = Result<FriendRecord, SocialError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<FriendRecord> {
        let Some((speaker, _)) = called(changes, &self.name).await? else { return Ok(Err(SocialError::NoSuchName)) };
        if speaker.account == self.account {
            return Ok(Err(SocialError::Oneself));
        }
        match ignore_account(changes, self.account, speaker.account, Ignored::Blocked).await? {
            Ok(()) => blocked(changes, self.account, speaker.account).await,
            Err(IgnoreRefusal::TooMany) => Ok(Err(SocialError::TooManyBlocks)),
            Err(IgnoreRefusal::Oneself) => Ok(Err(SocialError::Oneself)),
            Err(IgnoreRefusal::NoSuchName) => Ok(Err(SocialError::NoSuchName)),
        }
    }
}

struct Unblock {
    account: AccountId,
    other: AccountId,
}

impl Change for Unblock {
    type Done = Result<(), SocialError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<()> {
        // Who becomes only muted at the same time stays so.
        lock(changes, self.account, self.other).await?;
        if !is_blocked(changes, self.account, self.other).await? {
            return Ok(Err(SocialError::NotListed));
        }
        // Nobody is refused to hear.
        let _ = ignore_account(changes, self.account, self.other, Ignored::Not).await?;
        Ok(Ok(()))
    }
}

struct SetVisibleTo {
    account: AccountId,
    visible_to: VisibleTo,
}

impl Change for SetVisibleTo {
    type Done = Result<(), SocialError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<()> {
        let set = "UPDATE accounts SET visible_to = $1 WHERE id = $2";
        changes.run(set, &[self.visible_to.name().into(), signed(self.account.0).into()]).await?;
        Ok(Ok(()))
    }
}

/// Locks both, so that what is counted stays so.
async fn lock(changes: &mut Transaction, own: AccountId, other: AccountId) -> Result<(), Refusal> {
    changes.lock_accounts(&table(&[signed(own.0), signed(other.0)])?).await
}

/// Ends whatever there is between two.
pub(crate) async fn part(changes: &mut Transaction, own: AccountId, other: AccountId) -> Result<(), Refusal> {
    let both = "DELETE FROM friends WHERE (account = $1 AND other = $2) OR (account = $2 AND other = $1)";
    changes.run(both, &[signed(own.0).into(), signed(other.0).into()]).await.map(drop)
}

async fn put(changes: &mut Transaction, own: AccountId, other: AccountId, state: FriendState) -> Result<(), Refusal> {
    let put = "INSERT INTO friends (account, other, state, since_s) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account, other) DO UPDATE SET state = excluded.state, since_s = excluded.since_s";
    let binds = [signed(own.0).into(), signed(other.0).into(), state.name().into(), now_s().into()];
    changes.run(put, &binds).await.map(drop)
}

async fn state(changes: &mut Transaction, own: AccountId, other: AccountId) -> Result<Option<FriendState>, Refusal> {
    let find = "SELECT state FROM friends WHERE account = $1 AND other = $2";
    let rows = changes.rows(find, &[signed(own.0).into(), signed(other.0).into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(FriendState::of_name(row.text("state")?))
}

async fn count(changes: &mut Transaction, own: AccountId, state: FriendState) -> Result<usize, Refusal> {
    let count = "SELECT COUNT(*) AS others FROM friends WHERE account = $1 AND state = $2";
    let rows = changes.rows(count, &[signed(own.0).into(), state.name().into()]).await?;
    rows.first().map_or(Ok(0), |row| row.small("others"))
}

async fn is_blocked(changes: &mut Transaction, own: AccountId, other: AccountId) -> Result<bool, Refusal> {
    let find = "SELECT since_s FROM chat_ignored WHERE account = $1 AND ignored = $2 AND how = 'blocked'";
    let rows = changes.rows(find, &[signed(own.0).into(), signed(other.0).into()]).await?;
    Ok(!rows.is_empty())
}

async fn record(changes: &mut Transaction, own: AccountId, other: AccountId) -> Done<FriendRecord> {
    let find = "SELECT other, name, state, since_s FROM friends JOIN accounts ON accounts.id = other
         WHERE account = $1 AND other = $2";
    first(&changes.rows(find, &[signed(own.0).into(), signed(other.0).into()]).await?)
}

async fn blocked(changes: &mut Transaction, own: AccountId, other: AccountId) -> Done<FriendRecord> {
    let find = "SELECT ignored AS other, name, 'blocked' AS state, since_s FROM chat_ignored
         JOIN accounts ON accounts.id = ignored WHERE account = $1 AND ignored = $2";
    first(&changes.rows(find, &[signed(own.0).into(), signed(other.0).into()]).await?)
}

fn first(rows: &[Row]) -> Done<FriendRecord> {
    match rows.first() {
        Some(row) => record_of(row).map(Ok),
        None => Ok(Err(SocialError::NotListed)),
    }
}
