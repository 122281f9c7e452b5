//! Messages in memory: nothing expires, and nobody is told too much.

use std::collections::BTreeMap;
use std::sync::MutexGuard;

use hypogeum_accounts::AccountName;
use hypogeum_protocol::AccountId;
use hypogeum_social::{ClaimedMessage, InboxError, InboxMessage, InboxStore, NewMessage, SentMessage};

use super::{Memory, MemoryState};

/// Messages by account and number.
pub(super) type MemoryInbox = BTreeMap<(AccountId, u64), (String, InboxMessage)>;

impl MemoryState {
    fn unread(&self, account: AccountId) -> u64 {
        let own = self.inbox.iter().filter(|((own, _), (_, message))| *own == account && !message.is_read);
        own.count() as u64
    }

    fn message(&mut self, account: AccountId, id: u64) -> Result<&mut InboxMessage, InboxError> {
        self.inbox.get_mut(&(account, id)).map(|(_, message)| message).ok_or(InboxError::NoSuchMessage)
    }
}

impl Memory {
    fn inboxes(&self) -> Result<MutexGuard<'_, MemoryState>, InboxError> {
        self.accounts().map_err(|_| InboxError::Unavailable)
    }

    /// The server sends a message with currency to somebody.
    pub(crate) fn give(&self, name: &str, key: &str, currency: i64) {
        let texts = BTreeMap::from([("en".to_owned(), "Well done".to_owned())]);
        self.send(name, NewMessage { key: key.to_owned(), texts, currency, kept_s: 60 }).unwrap();
    }

    fn send(&self, name: &str, message: NewMessage) -> Result<SentMessage, InboxError> {
        message.check()?;
        let mut memory = self.inboxes()?;
        let key = AccountName::key_of(name);
        let found = memory.accounts.values().find(|record| AccountName::key_of(&record.name) == key);
        let account = found.map(|record| record.id).ok_or(InboxError::NoSuchName)?;
        let known = memory.inbox.iter().find(|((own, _), (key, _))| *own == account && *key == message.key);
        if let Some(id) = known.map(|((_, id), _)| *id) {
            return Ok(SentMessage { account, id, is_new: false, unread: memory.unread(account) });
        }
        let id = memory.inbox.keys().filter(|(own, _)| *own == account).map(|(_, id)| *id).max().unwrap_or(0) + 1;
        let NewMessage { key, texts, currency, .. } = message;
        let (sent_s, expires_s, is_read, is_claimed) = (5, 65, false, false);
        let kept = InboxMessage { id, texts, currency, sent_s, expires_s, is_read, is_claimed };
        memory.inbox.insert((account, id), (key, kept));
        Ok(SentMessage { account, id, is_new: true, unread: memory.unread(account) })
    }
}

impl InboxStore for Memory {
    async fn send_message(&self, name: &str, message: NewMessage) -> Result<SentMessage, InboxError> {
        self.send(name, message)
    }

    async fn inbox(
        &self,
        account: AccountId,
        before: Option<u64>,
        count: usize,
    ) -> Result<(Vec<InboxMessage>, u64), InboxError> {
        let memory = self.inboxes()?;
        let is_asked = |own: AccountId, id: u64| own == account && before.is_none_or(|before| id < before);
        let found = memory.inbox.iter().rev().filter(|((own, id), _)| is_asked(*own, *id));
        let messages = found.map(|(_, (_, message))| message.clone()).take(count).collect();
        Ok((messages, memory.unread(account)))
    }

    async fn read_message(&self, account: AccountId, id: u64) -> Result<u64, InboxError> {
        let mut memory = self.inboxes()?;
        memory.message(account, id)?.is_read = true;
        Ok(memory.unread(account))
    }

    async fn claim_message(&self, account: AccountId, id: u64) -> Result<ClaimedMessage, InboxError> {
        let mut memory = self.inboxes()?;
        let message = memory.message(account, id)?;
        let (currency, is_new) = (message.currency, !message.is_claimed && message.currency > 0);
        message.is_claimed |= is_new;
        message.is_read |= is_new;
        let balance = memory.pay(account, if is_new { currency } else { 0 }).map_err(|_| InboxError::WalletFull)?;
        Ok(ClaimedMessage { currency, balance, is_new })
    }

    async fn delete_message(&self, account: AccountId, id: u64) -> Result<u64, InboxError> {
        let mut memory = self.inboxes()?;
        let message = memory.message(account, id)?;
        if message.currency > 0 && !message.is_claimed {
            return Err(InboxError::Unclaimed);
        }
        memory.inbox.remove(&(account, id));
        Ok(memory.unread(account))
    }
}
