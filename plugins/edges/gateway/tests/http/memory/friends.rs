//! Friends in memory: who blocks whom stands among them.

use hypogeum_accounts::AccountName;
use hypogeum_protocol::AccountId;
use hypogeum_social::{FriendRecord, FriendState, FriendStore, SocialError};
use hypogeum_store::VisibleTo;

use super::{Memory, MemoryState};

impl MemoryState {
    fn named(&self, own: AccountId, name: &str) -> Result<AccountId, SocialError> {
        let key = AccountName::key_of(name);
        let found = self.accounts.values().find(|record| AccountName::key_of(&record.name) == key);
        let other = found.map(|record| record.id).ok_or(SocialError::NoSuchName)?;
        if other == own { Err(SocialError::Oneself) } else { Ok(other) }
    }

    fn stands(&self, own: AccountId, other: AccountId) -> Option<FriendState> {
        self.friends.get(&(own, other)).copied()
    }

    fn befriend(&mut self, own: AccountId, other: AccountId) {
        self.friends.insert((own, other), FriendState::Friend);
        self.friends.insert((other, own), FriendState::Friend);
    }

    fn record(&self, own: AccountId, other: AccountId) -> Result<FriendRecord, SocialError> {
        let state = self.stands(own, other).ok_or(SocialError::NotListed)?;
        Ok(FriendRecord { account: other, name: self.name_of(other), state, since_s: 5 })
    }
}

impl Memory {
    fn social(&self) -> Result<std::sync::MutexGuard<'_, MemoryState>, SocialError> {
        self.accounts().map_err(|_| SocialError::Unavailable)
    }
}

impl FriendStore for Memory {
    async fn friends(
        &self,
        account: AccountId,
        state: Option<FriendState>,
        after: Option<AccountId>,
        count: usize,
    ) -> Result<Vec<FriendRecord>, SocialError> {
        let memory = self.social()?;
        let own =
            memory.friends.keys().filter(|(own, other)| *own == account && after.is_none_or(|after| *other > after));
        let records = own.filter_map(|(_, other)| memory.record(account, *other).ok());
        Ok(records.filter(|record| state.is_none_or(|state| record.state == state)).take(count).collect())
    }

    async fn befriend(&self, account: AccountId, name: &str) -> Result<(FriendRecord, bool), SocialError> {
        let mut memory = self.social()?;
        let other = memory.named(account, name)?;
        let is_told = match memory.stands(account, other) {
            Some(FriendState::Blocked) => return Err(SocialError::Blocking),
            Some(FriendState::Received) => {
                memory.befriend(account, other);
                true
            }
            Some(_) => false,
            None => {
                memory.friends.insert((account, other), FriendState::Sent);
                memory.friends.entry((other, account)).or_insert(FriendState::Received);
                true
            }
        };
        memory.record(account, other).map(|record| (record, is_told))
    }

    async fn accept_friend(&self, account: AccountId, other: AccountId) -> Result<FriendRecord, SocialError> {
        let mut memory = self.social()?;
        if memory.stands(account, other) != Some(FriendState::Received) {
            return Err(SocialError::NoSuchRequest);
        }
        memory.befriend(account, other);
        memory.record(account, other)
    }

    async fn remove_friend(&self, account: AccountId, other: AccountId) -> Result<(), SocialError> {
        let mut memory = self.social()?;
        if memory.stands(account, other).is_none_or(|state| state == FriendState::Blocked) {
            return Err(SocialError::NotListed);
        }
        memory.friends.remove(&(account, other));
        memory.friends.remove(&(other, account));
        Ok(())
    }

    async fn block(&self, account: AccountId, name: &str) -> Result<FriendRecord, SocialError> {
        let mut memory = self.social()?;
        let other = memory.named(account, name)?;
        memory.friends.insert((account, other), FriendState::Blocked);
        memory.friends.remove(&(other, account));
        memory.record(account, other)
    }

    async fn unblock(&self, account: AccountId, other: AccountId) -> Result<(), SocialError> {
        let mut memory = self.social()?;
        if memory.stands(account, other) != Some(FriendState::Blocked) {
            return Err(SocialError::NotListed);
        }
        memory.friends.remove(&(account, other));
        Ok(())
    }

    async fn visible_to(&self, account: AccountId) -> Result<VisibleTo, SocialError> {
        Ok(self.social()?.visible_to.get(&account).copied().unwrap_or_default())
    }

    async fn set_visible_to(&self, account: AccountId, visible_to: VisibleTo) -> Result<(), SocialError> {
        self.social()?.visible_to.insert(account, visible_to);
        Ok(())
    }
}
