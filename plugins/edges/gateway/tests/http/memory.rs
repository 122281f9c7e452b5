//! A store in memory, broken on demand.

mod cosmetics;
mod creatures;
mod entries;
mod friends;
mod inbox;
mod progress;
mod rewards;
mod scores;
mod storage;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use hypogeum_accounts::{
    AccountName, AccountRecord, AccountStore, AccountStoreError, CHARACTERS_MAX, CharacterError, CharacterRecord,
    CharacterStore, LoginStore, NewLogin, REFRESH_GRACE_S, Rotation,
};
use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_economy::{
    Bought, EconomyError, EconomyStore, Inventory, ItemPlace, ItemVersion, STASH_CAPACITY_DEFAULT, Stash, StashEntry,
    Trade, TradeMark, TradeOffer, TradeState,
};
use hypogeum_leaderboards::BoardEntry;
use hypogeum_progression::PlayedMatch;
use hypogeum_protocol::{AccountId, CharacterId, ItemId, ItemState, TradeId};
use hypogeum_social::FriendState;
use hypogeum_store::VisibleTo;
use hypogeum_tournaments::CreatureRecord;

/// What a purchase costs is taken from this.
pub(crate) const WALLET: i64 = 1_000;

/// A clone is the same store.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    state: Arc<Mutex<MemoryState>>,
    broken: Arc<AtomicBool>,
}

#[derive(Default)]
struct MemoryState {
    accounts: BTreeMap<String, AccountRecord>,
    logins: Vec<Login>,
    characters: Vec<(String, CharacterRecord)>,
    characters_ever: u64,
    creatures: BTreeMap<CreatureId, CreatureRecord>,
    creatures_ever: u64,
    /// Creatures by the keys of the requests that have made them, and the keys of those that have given one points.
    creature_keys: BTreeMap<(AccountId, String), CreatureId>,
    grown_keys: BTreeSet<(CreatureId, String)>,
    games: BTreeMap<GameId, entries::MemoryGame>,
    /// Entries of boards, by key and season, in their order.
    scores: BTreeMap<(String, i64), Vec<BoardEntry>>,
    items: BTreeMap<ItemId, (AccountId, StashEntry)>,
    /// What is not in its stash.
    places: BTreeMap<ItemId, ItemPlace>,
    /// The one that ended last first.
    matches: BTreeMap<AccountId, Vec<PlayedMatch>>,
    wallets: BTreeMap<AccountId, i64>,
    bought: BTreeMap<(AccountId, u64), ItemId>,
    sold: BTreeSet<(AccountId, ItemVersion)>,
    trades: Vec<Trade>,
    /// How somebody stands to another, as each sees it.
    friends: BTreeMap<(AccountId, AccountId), FriendState>,
    visible_to: BTreeMap<AccountId, VisibleTo>,
    cosmetics: cosmetics::MemoryCosmetics,
    rewards: rewards::MemoryRewards,
    storage: storage::MemoryStorage,
    inbox: inbox::MemoryInbox,
}

struct Login {
    login: u64,
    account: AccountId,
    open: bool,
    /// Digest, when it ends, when it was used.
    tokens: Vec<([u8; 32], u64, Option<u64>)>,
}

impl Memory {
    /// One whose calls all fail while it is broken.
    pub(crate) fn broken() -> Self {
        let memory = Self::default();
        memory.set_broken(true);
        memory
    }

    pub(crate) fn set_broken(&self, broken: bool) {
        self.broken.store(broken, Ordering::SeqCst);
    }

    /// Every refresh token ends.
    pub(crate) fn end_refresh_tokens(&self) {
        self.state.lock().unwrap().logins.iter_mut().flat_map(|login| &mut login.tokens).for_each(|token| token.1 = 0);
    }

    /// Lays an item into a stash.
    pub(crate) fn lay(&self, account: u64, serial: u32, template: &str, version: u64) -> ItemId {
        let item = ItemId { origin: 0xAB, serial };
        let entry = StashEntry { item, template: template.into(), version, state: ItemState::default() };
        self.state.lock().unwrap().items.insert(item, (AccountId(account), entry));
        item
    }

    /// Takes an item out of its stash, to where it is then.
    pub(crate) fn place(&self, item: ItemId, place: ItemPlace) {
        self.state.lock().unwrap().places.insert(item, place);
    }

    pub(crate) fn wallet(&self, account: u64) -> i64 {
        self.state.lock().unwrap().wallets.get(&AccountId(account)).copied().unwrap_or(WALLET)
    }

    fn accounts(&self) -> Result<MutexGuard<'_, MemoryState>, AccountStoreError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(AccountStoreError::Unavailable);
        }
        Ok(self.state.lock().unwrap())
    }

    fn economy(&self) -> Result<MutexGuard<'_, MemoryState>, EconomyError> {
        self.accounts().map_err(|_| EconomyError::Unavailable)
    }
}

impl AccountStore for Memory {
    async fn create(&self, name: &AccountName, hash: String) -> Result<AccountId, AccountStoreError> {
        let mut state = self.accounts()?;
        if state.accounts.contains_key(name.canonical()) || state.is_character(name) {
            return Err(AccountStoreError::NameTaken);
        }
        let id = AccountId(state.accounts.len() as u64 + 1);
        let record = AccountRecord { id, name: name.shown().into(), hash: Some(hash), seen_at: None };
        state.accounts.insert(name.canonical().into(), record);
        Ok(id)
    }

    async fn guest(&self, name: &AccountName) -> Result<AccountRecord, AccountStoreError> {
        let mut state = self.accounts()?;
        if state.is_character(name) && !state.accounts.contains_key(name.canonical()) {
            return Err(AccountStoreError::NameTaken);
        }
        let id = AccountId(state.accounts.len() as u64 + 1);
        let new = || AccountRecord { id, name: name.shown().into(), hash: None, seen_at: None };
        let record = state.accounts.entry(name.canonical().into()).or_insert_with(new).clone();
        if record.is_guest() { Ok(record) } else { Err(AccountStoreError::NameTaken) }
    }

    async fn find(&self, name: &AccountName) -> Result<Option<AccountRecord>, AccountStoreError> {
        Ok(self.accounts()?.accounts.get(name.canonical()).cloned())
    }
}

impl LoginStore for Memory {
    async fn open_login(&self, new: NewLogin) -> Result<(), AccountStoreError> {
        let tokens = vec![(new.token_digest, new.expires_s, None)];
        let mut state = self.accounts()?;
        state.accounts.values_mut().filter(|own| own.id == new.account).for_each(|own| own.seen_at = Some(new.seen_at));
        state.logins.push(Login { login: new.login, account: new.account, open: true, tokens });
        Ok(())
    }

    async fn rotate(
        &self,
        presented: [u8; 32],
        next: [u8; 32],
        now_s: u64,
        expires_s: u64,
    ) -> Result<Rotation, AccountStoreError> {
        let mut state = self.accounts()?;
        let MemoryState { accounts, logins, .. } = &mut *state;
        for Login { login, account, open, tokens } in logins.iter_mut().filter(|login| login.open) {
            let Some(token) = tokens.iter_mut().find(|token| token.0 == presented && token.1 > now_s) else { continue };
            let (login, account) = (*login, *account);
            let name = accounts.values().find(|record| record.id == account).unwrap().name.clone();
            let used_s = token.2.replace(token.2.unwrap_or(now_s));
            let unused = |next_token: &&([u8; 32], u64, Option<u64>)| next_token.0 == next && next_token.2.is_none();
            match used_s {
                None => tokens.push((next, expires_s, None)),
                Some(used_s) if now_s <= used_s + REFRESH_GRACE_S && tokens.iter().any(|own| unused(&own)) => {}
                Some(_) => {
                    *open = false;
                    return Ok(Rotation::Reused { login, account });
                }
            }
            return Ok(Rotation::Rotated { login, account, name });
        }
        Ok(Rotation::Refused)
    }

    async fn is_login_open(&self, account: AccountId, login: u64) -> Result<bool, AccountStoreError> {
        Ok(self.accounts()?.logins.iter().any(|own| own.open && own.login == login && own.account == account))
    }

    async fn close_login(&self, account: AccountId, login: u64) -> Result<bool, AccountStoreError> {
        let mut state = self.accounts()?;
        let own = state.logins.iter_mut().find(|own| own.open && own.login == login && own.account == account);
        Ok(own.map(|own| own.open = false).is_some())
    }

    async fn close_all_logins(&self, account: AccountId) -> Result<u32, AccountStoreError> {
        let mut state = self.accounts()?;
        let open = state.logins.iter_mut().filter(|own| own.open && own.account == account);
        Ok(open.map(|own| own.open = false).count() as u32)
    }
}

impl CharacterStore for Memory {
    async fn characters(&self, account: AccountId) -> Result<Vec<CharacterRecord>, AccountStoreError> {
        let state = self.accounts()?;
        Ok(state.characters.iter().map(|(_, own)| own.clone()).filter(|own| own.account == account).collect())
    }

    async fn create_character(
        &self,
        account: AccountId,
        name: &AccountName,
    ) -> Result<CharacterRecord, CharacterError> {
        let mut state = self.accounts().map_err(|_| CharacterError::Unavailable)?;
        let others = state.accounts.get(name.canonical()).is_some_and(|record| record.id != account);
        if others || state.is_character(name) {
            return Err(CharacterError::NameTaken);
        }
        if state.characters.iter().filter(|(_, own)| own.account == account).count() >= CHARACTERS_MAX {
            return Err(CharacterError::TooMany);
        }
        state.characters_ever += 1;
        let id = CharacterId(state.characters_ever);
        let record = CharacterRecord { id, account, name: name.shown().into(), created_s: 1_800_000_000 };
        state.characters.push((name.canonical().into(), record.clone()));
        Ok(record)
    }

    async fn delete_character(&self, account: AccountId, id: CharacterId) -> Result<bool, CharacterError> {
        let mut state = self.accounts().map_err(|_| CharacterError::Unavailable)?;
        let before = state.characters.len();
        state.characters.retain(|(_, own)| own.account != account || own.id != id);
        Ok(state.characters.len() < before)
    }
}

impl MemoryState {
    fn is_character(&self, name: &AccountName) -> bool {
        self.characters.iter().any(|(canonical, _)| canonical == name.canonical())
    }

    /// Whether `account` has the item as it was seen.
    fn check(&self, account: AccountId, seen: &ItemVersion) -> Result<(), EconomyError> {
        let (owner, entry) = self.items.get(&seen.item).ok_or(EconomyError::NoSuchItem(seen.item))?;
        if *owner != account {
            return Err(EconomyError::NotOwner(seen.item));
        }
        if entry.version != seen.version {
            let found = Some(entry.version);
            return Err(EconomyError::Conflict { item: seen.item, expected: seen.version, found });
        }
        Ok(())
    }

    fn pay(&mut self, account: AccountId, amount: i64) -> Result<i64, EconomyError> {
        let wallet = self.wallets.entry(account).or_insert(WALLET);
        if *wallet + amount < 0 {
            return Err(EconomyError::NotEnough { needed: -amount, found: *wallet });
        }
        *wallet += amount;
        Ok(*wallet)
    }
}

impl EconomyStore for Memory {
    async fn stash(&self, account: AccountId) -> Result<Stash, EconomyError> {
        let state = self.economy()?;
        let is_in_it = |entry: &StashEntry| !state.places.contains_key(&entry.item);
        let own = state.items.values().filter(|(owner, entry)| *owner == account && is_in_it(entry));
        let items = own.map(|(_, entry)| entry.clone()).collect();
        let currency = state.wallets.get(&account).copied().unwrap_or(WALLET);
        Ok(Stash { items, currency, capacity: STASH_CAPACITY_DEFAULT })
    }

    async fn inventory(&self, account: AccountId) -> Result<Inventory, EconomyError> {
        let Stash { currency, capacity, .. } = self.stash(account).await?;
        let state = self.economy()?;
        let own = state.items.values().filter(|(owner, _)| *owner == account);
        let place = |item| state.places.get(item).copied().unwrap_or(ItemPlace::Stash);
        let items = own.map(|(_, entry)| (entry.clone(), place(&entry.item))).collect();
        Ok(Inventory { items, currency, capacity })
    }

    async fn propose(&self, offer: TradeOffer) -> Result<TradeId, EconomyError> {
        let mut state = self.economy()?;
        if !state.accounts.values().any(|record| record.id == offer.to) {
            return Err(EconomyError::NoSuchAccount);
        }
        for seen in offer.gives.items() {
            state.check(offer.from, seen)?;
        }
        let id = TradeId(state.trades.len() as u64 + 1);
        let now_s = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        state.trades.push(Trade { id, offer, state: TradeState::Open, expires_s: now_s + 3_600 });
        Ok(id)
    }

    async fn trades(
        &self,
        account: AccountId,
        after: Option<TradeMark>,
        count: usize,
    ) -> Result<Vec<Trade>, EconomyError> {
        let state = self.economy()?;
        let own = state.trades.iter().filter(|own| own.offer.from == account || own.offer.to == account);
        let place = |mark: TradeMark| (!mark.is_open, std::cmp::Reverse(mark.id));
        let mut listed: Vec<Trade> = own.cloned().collect();
        listed.sort_by_key(|trade| place(trade.mark()));
        let is_behind = |trade: &Trade| after.is_none_or(|mark| place(trade.mark()) > place(mark));
        Ok(listed.into_iter().filter(is_behind).take(count).collect())
    }

    async fn accept(&self, by: AccountId, trade: TradeId) -> Result<Trade, EconomyError> {
        let mut state = self.economy()?;
        let index = state.trades.iter().position(|own| own.id == trade && own.offer.to == by);
        let index = index.ok_or(EconomyError::NoSuchTrade)?;
        let found = state.trades[index].clone();
        match found.state {
            TradeState::Open => {}
            TradeState::Accepted => return Ok(found),
            state => return Err(EconomyError::TradeClosed(state)),
        }
        let TradeOffer { from, to, gives, wants } = &found.offer;
        gives.items().iter().try_for_each(|seen| state.check(*from, seen))?;
        wants.items().iter().try_for_each(|seen| state.check(*to, seen))?;
        state.pay(*to, gives.currency() - wants.currency())?;
        state.pay(*from, wants.currency() - gives.currency()).map_err(|_| EconomyError::OtherSideCannot)?;
        for (items, owner) in [(gives.items(), to), (wants.items(), from)] {
            for seen in items {
                let (account, entry) = state.items.get_mut(&seen.item).unwrap();
                *account = *owner;
                entry.version += 1;
            }
        }
        state.trades[index].state = TradeState::Accepted;
        Ok(state.trades[index].clone())
    }

    async fn cancel(&self, by: AccountId, trade: TradeId) -> Result<(), EconomyError> {
        let mut state = self.economy()?;
        let own = |own: &&mut Trade| own.id == trade && (own.offer.from == by || own.offer.to == by);
        let found = state.trades.iter_mut().find(own).ok_or(EconomyError::NoSuchTrade)?;
        match found.state {
            TradeState::Open | TradeState::Cancelled => {
                found.state = TradeState::Cancelled;
                Ok(())
            }
            state => Err(EconomyError::TradeClosed(state)),
        }
    }

    async fn buy(&self, account: AccountId, key: u64, template: &str, price: i64) -> Result<Bought, EconomyError> {
        let mut state = self.economy()?;
        if let Some(item) = state.bought.get(&(account, key)).copied() {
            return Ok(Bought { item, balance: state.pay(account, 0)? });
        }
        let balance = state.pay(account, -price)?;
        let item = ItemId { origin: ItemId::SHOP_BIT | account.0, serial: state.bought.len() as u32 };
        state.items.insert(
            item,
            (account, StashEntry { item, template: template.into(), version: 1, state: ItemState::default() }),
        );
        state.bought.insert((account, key), item);
        Ok(Bought { item, balance })
    }

    async fn bought(&self, account: AccountId, key: u64) -> Result<Option<Bought>, EconomyError> {
        let mut state = self.economy()?;
        let Some(item) = state.bought.get(&(account, key)).copied() else { return Ok(None) };
        Ok(Some(Bought { item, balance: state.pay(account, 0)? }))
    }

    async fn sell(&self, account: AccountId, item: ItemVersion, price: i64) -> Result<i64, EconomyError> {
        if let Some(balance) = self.sold(account, item).await? {
            return Ok(balance);
        }
        let mut state = self.economy()?;
        state.check(account, &item)?;
        state.items.remove(&item.item);
        state.sold.insert((account, item));
        state.pay(account, price)
    }

    async fn sold(&self, account: AccountId, item: ItemVersion) -> Result<Option<i64>, EconomyError> {
        let mut state = self.economy()?;
        if state.sold.contains(&(account, item)) { state.pay(account, 0).map(Some) } else { Ok(None) }
    }
}
