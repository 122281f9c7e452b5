//! What accounts are told for them to read later. Whoever sends has locked the row that counts what its account was ever sent; whoever claims has
//! locked the account.

use std::collections::BTreeMap;

use hypogeum_protocol::AccountId;
use hypogeum_social::{
    ClaimedMessage, INBOX_MESSAGES_MAX, InboxError, InboxMessage, InboxStore, NewMessage, SentMessage,
};

use crate::change::Change;
use crate::chat::called;
use crate::clock::clock_s;
use crate::grants::enter;
use crate::holdings::lock_holdings;
use crate::refusal::Refusal;
use crate::rows::{signed, unsigned};
use crate::sql::{Bind, Row};
use crate::store::Store;
use crate::transaction::Transaction;

/// Most of one page.
const PAGE_MAX: usize = 100;

/// What is done, or why not: a refusal undoes nothing, for nothing was done.
type Done<T> = Result<Result<T, InboxError>, Refusal>;

impl InboxStore for Store {
    async fn send_message(&self, name: &str, message: NewMessage) -> Result<SentMessage, InboxError> {
        message.check()?;
        self.change(SendMessage { name: name.to_owned(), message }).await.map_err(unavailable)?
    }

    async fn inbox(
        &self,
        account: AccountId,
        before: Option<u64>,
        count: usize,
    ) -> Result<(Vec<InboxMessage>, u64), InboxError> {
        let pools = self.pools().clone();
        let looking = async move {
            let mut view = pools.view().await?;
            let found = page(&mut view, account, before, count).await;
            view.finish(found).await
        };
        self.on_runtime(looking).await.map_err(unavailable)
    }

    async fn read_message(&self, account: AccountId, id: u64) -> Result<u64, InboxError> {
        self.change(MarkRead { account, id }).await.map_err(unavailable)?
    }

    async fn claim_message(&self, account: AccountId, id: u64) -> Result<ClaimedMessage, InboxError> {
        self.change(Claim { account, id }).await.map_err(unavailable)?
    }

    async fn delete_message(&self, account: AccountId, id: u64) -> Result<u64, InboxError> {
        self.change(Delete { account, id }).await.map_err(unavailable)?
    }
}

/// The error for a caller. The cause goes to the log, with no words of any message in it.
fn unavailable(refusal: Refusal) -> InboxError {
    tracing::warn!(error = %refusal, "messages could not be read or written");
    InboxError::Unavailable
}

async fn page(
    view: &mut Transaction,
    account: AccountId,
    before: Option<u64>,
    count: usize,
) -> Result<(Vec<InboxMessage>, u64), Refusal> {
    let now = clock_s(view).await?;
    let page = "SELECT id, texts, currency, sent_s, expires_s,
            COALESCE(read_s, 0) AS read_s, COALESCE(claimed_s, 0) AS claimed_s
         FROM inbox_messages WHERE account = $1 AND id < $2 AND expires_s > $3 AND deleted_s IS NULL
         ORDER BY id DESC LIMIT $4";
    let before = before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX));
    let count = signed(count.min(PAGE_MAX) as u64);
    let rows = view.rows(page, &[signed(account.0).into(), before.into(), now.into(), count.into()]).await?;
    let messages = rows.iter().map(message_of).collect::<Result<_, _>>()?;
    Ok((messages, unread(view, account, now).await?))
}

async fn unread(changes: &mut Transaction, account: AccountId, now: i64) -> Result<u64, Refusal> {
    let count = "SELECT COUNT(*) AS messages FROM inbox_messages
         WHERE account = $1 AND expires_s > $2 AND deleted_s IS NULL AND read_s IS NULL";
    let rows = changes.rows(count, &[signed(account.0).into(), now.into()]).await?;
    rows.first().map_or(Ok(0), |row| row.small("messages"))
}

fn message_of(row: &Row) -> Result<InboxMessage, Refusal> {
    let texts = row.text("texts")?;
    let unreadable = |_| Refusal::Unreadable { column: "texts", found: "no words by language".to_owned() };
    let texts: BTreeMap<String, String> = serde_json::from_str(texts).map_err(unreadable)?;
    Ok(InboxMessage {
        id: unsigned(row.number("id")?),
        texts,
        currency: row.number("currency")?,
        sent_s: row.number("sent_s")?,
        expires_s: row.number("expires_s")?,
        is_read: row.number("read_s")? != 0,
        is_claimed: row.number("claimed_s")? != 0,
    })
}

struct SendMessage {
    name: String,
    message: NewMessage,
}

impl Change for SendMessage {
    type Done = Result<SentMessage, InboxError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<SentMessage> {
        let Some((speaker, _)) = called(changes, &self.name).await? else { return Ok(Err(InboxError::NoSuchName)) };
        let account = speaker.account;
        let sent = lock_inbox(changes, account).await?;
        let now = clock_s(changes).await?;
        let own = signed(account.0);
        let expired = "DELETE FROM inbox_messages WHERE account = $1 AND expires_s <= $2";
        changes.run(expired, &[own.into(), now.into()]).await?;
        let known = "SELECT id FROM inbox_messages WHERE account = $1 AND key = $2";
        let known = changes.rows(known, &[own.into(), self.message.key.as_str().into()]).await?;
        if let Some(row) = known.first() {
            let (id, unread) = (unsigned(row.number("id")?), unread(changes, account, now).await?);
            return Ok(Ok(SentMessage { account, id, is_new: false, unread }));
        }
        if !make_room(changes, account, now).await? {
            return Ok(Err(InboxError::Full));
        }
        let id = sent + 1;
        insert(changes, (own, id), &self.message, now).await?;
        let count = "UPDATE inboxes SET sent = $2 WHERE account = $1";
        changes.run(count, &[own.into(), id.into()]).await?;
        let unread = unread(changes, account, now).await?;
        Ok(Ok(SentMessage { account, id: unsigned(id), is_new: true, unread }))
    }
}

/// How many messages an account was ever sent; nobody else sends it any until the end.
async fn lock_inbox(changes: &mut Transaction, account: AccountId) -> Result<i64, Refusal> {
    let begin = "INSERT INTO inboxes (account, sent) VALUES ($1, 0) ON CONFLICT (account) DO NOTHING";
    changes.run(begin, &[signed(account.0).into()]).await?;
    let find = changes.either(
        "SELECT sent FROM inboxes WHERE account = $1",
        "SELECT sent FROM inboxes WHERE account = $1 FOR UPDATE",
    );
    let rows = changes.rows(find, &[signed(account.0).into()]).await?;
    rows.first().map_or(Ok(0), |row| row.number("sent"))
}

/// Whether there is room for one more. Where there was none, the oldest that was read and has nothing to claim makes it.
async fn make_room(changes: &mut Transaction, account: AccountId, now: i64) -> Result<bool, Refusal> {
    let own = signed(account.0);
    let count = "SELECT COUNT(*) AS messages FROM inbox_messages WHERE account = $1 AND deleted_s IS NULL";
    let rows = changes.rows(count, &[own.into()]).await?;
    let kept: usize = rows.first().map_or(Ok(0), |row| row.small("messages"))?;
    if kept < INBOX_MESSAGES_MAX {
        return Ok(true);
    }
    let oldest = "UPDATE inbox_messages SET deleted_s = $2 WHERE account = $1 AND id = (
             SELECT MIN(id) FROM inbox_messages WHERE account = $1 AND deleted_s IS NULL AND read_s IS NOT NULL
             AND (currency = 0 OR claimed_s IS NOT NULL))";
    Ok(changes.run(oldest, &[own.into(), now.into()]).await? > 0)
}

async fn insert(
    changes: &mut Transaction,
    (account, id): (i64, i64),
    message: &NewMessage,
    now: i64,
) -> Result<(), Refusal> {
    let texts = serde_json::to_string(&message.texts).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let insert = "INSERT INTO inbox_messages (account, id, key, texts, currency, sent_s, expires_s)
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let binds: [Bind; 7] = [
        account.into(),
        id.into(),
        message.key.as_str().into(),
        texts.into(),
        message.currency.into(),
        now.into(),
        now.saturating_add(signed(message.kept_s)).into(),
    ];
    changes.run(insert, &binds).await.map(drop)
}

/// A message that is still kept: its currency, and whether that was claimed.
async fn kept(changes: &mut Transaction, account: AccountId, id: u64, now: i64) -> Done<(i64, bool)> {
    let find = "SELECT currency, COALESCE(claimed_s, 0) AS claimed_s FROM inbox_messages
         WHERE account = $1 AND id = $2 AND expires_s > $3 AND deleted_s IS NULL";
    let rows = changes.rows(find, &[signed(account.0).into(), signed(id).into(), now.into()]).await?;
    let Some(row) = rows.first() else { return Ok(Err(InboxError::NoSuchMessage)) };
    Ok(Ok((row.number("currency")?, row.number("claimed_s")? != 0)))
}

struct MarkRead {
    account: AccountId,
    id: u64,
}

impl Change for MarkRead {
    type Done = Result<u64, InboxError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<u64> {
        let Self { account, id } = *self;
        let now = clock_s(changes).await?;
        if let Err(refused) = kept(changes, account, id, now).await? {
            return Ok(Err(refused));
        }
        let mark = "UPDATE inbox_messages SET read_s = $3 WHERE account = $1 AND id = $2 AND read_s IS NULL";
        changes.run(mark, &[signed(account.0).into(), signed(id).into(), now.into()]).await?;
        unread(changes, account, now).await.map(Ok)
    }
}

struct Claim {
    account: AccountId,
    id: u64,
}

impl Change for Claim {
    type Done = Result<ClaimedMessage, InboxError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<ClaimedMessage> {
        let Self { account, id } = *self;
        let holdings = lock_holdings(changes, &[account]).await?;
        let Some(before) = holdings.get(&account) else { return Ok(Err(InboxError::NoSuchMessage)) };
        let now = clock_s(changes).await?;
        let (currency, is_claimed) = match kept(changes, account, id, now).await? {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        };
        if is_claimed || currency == 0 {
            return Ok(Ok(ClaimedMessage { currency, balance: before.currency, is_new: false }));
        }
        let Ok(balance) = before.wallet_after(currency) else { return Ok(Err(InboxError::WalletFull)) };
        let claim = "UPDATE inbox_messages SET claimed_s = $3, read_s = COALESCE(read_s, $3)
             WHERE account = $1 AND id = $2 AND claimed_s IS NULL AND deleted_s IS NULL";
        let own = signed(account.0);
        if changes.run(claim, &[own.into(), signed(id).into(), now.into()]).await? == 0 {
            return Ok(Err(InboxError::NoSuchMessage));
        }
        let pay = "UPDATE profiles SET currency = $2 WHERE account = $1";
        changes.run(pay, &[own.into(), balance.into()]).await?;
        enter(changes, [(account, currency)], &format!("inbox:{id}")).await?;
        Ok(Ok(ClaimedMessage { currency, balance, is_new: true }))
    }
}

struct Delete {
    account: AccountId,
    id: u64,
}

impl Change for Delete {
    type Done = Result<u64, InboxError>;

    async fn apply(&self, changes: &mut Transaction) -> Done<u64> {
        let Self { account, id } = *self;
        let now = clock_s(changes).await?;
        let (currency, is_claimed) = match kept(changes, account, id, now).await? {
            Ok(found) => found,
            Err(refused) => return Ok(Err(refused)),
        };
        if currency != 0 && !is_claimed {
            return Ok(Err(InboxError::Unclaimed));
        }
        // Its row stays for as long as it would have been kept, so that nobody sends it again by its key. Meanwhile somebody else may have deleted it.
        let delete = "UPDATE inbox_messages SET deleted_s = $3 WHERE account = $1 AND id = $2 AND deleted_s IS NULL";
        if changes.run(delete, &[signed(account.0).into(), signed(id).into(), now.into()]).await? == 0 {
            return Ok(Err(InboxError::NoSuchMessage));
        }
        unread(changes, account, now).await.map(Ok)
    }
}
