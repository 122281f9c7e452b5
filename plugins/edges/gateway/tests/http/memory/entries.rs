//! Open games in memory: entered, left and called off as a database does it. Nothing here starts one.

use hypogeum_accounts::AccountStoreError;
use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_protocol::AccountId;
use hypogeum_tournaments::{
    CreatureError, Entry, EntryError, EntryStage, EntryStore, NewOpenGame, OPEN_GAMES_OF_ACCOUNT_MAX, OpenGame,
};

use super::{Memory, MemoryState};

/// A game, the key of the request that opened it, and of each request that entered it whose and for which creature.
pub(super) struct MemoryGame {
    game: OpenGame,
    key: String,
    keys: Vec<(AccountId, String)>,
    left: Vec<(AccountId, CreatureId)>,
}

impl Memory {
    /// Changes an open game beside the gateway.
    pub(crate) fn with_game(&self, id: u64, change: impl FnOnce(&mut OpenGame)) {
        change(&mut self.state.lock().unwrap().games.get_mut(&GameId(id)).unwrap().game);
    }

    fn entries(&self) -> Result<std::sync::MutexGuard<'_, MemoryState>, EntryError> {
        self.accounts().map_err(|_| CreatureError::Unavailable.into())
    }
}

fn check_open(game: &OpenGame) -> Result<(), EntryError> {
    match game.stage {
        EntryStage::Open => Ok(()),
        EntryStage::CalledOff => Err(EntryError::CalledOff),
        EntryStage::Running | EntryStage::Over => Err(EntryError::Started),
    }
}

impl MemoryState {
    pub(super) fn name_of(&self, account: AccountId) -> String {
        self.accounts.values().find(|own| own.id == account).map(|own| own.name.clone()).unwrap_or_default()
    }

    fn give_back(&mut self, entry: &Entry, fee: i64) {
        self.pay(entry.account, fee).unwrap();
        self.creatures.get_mut(&entry.creature).unwrap().game = None;
    }
}

impl EntryStore for Memory {
    async fn open_game(&self, new: NewOpenGame) -> Result<(OpenGame, bool), EntryError> {
        let mut state = self.entries()?;
        let NewOpenGame { account, terms, request_key } = new;
        let is_same = |own: &&MemoryGame| own.game.account == account && own.key == request_key && !own.key.is_empty();
        if let Some(before) = state.games.values().find(is_same) {
            return Ok((before.game.clone(), false));
        }
        let is_own = |own: &&MemoryGame| own.game.account == account && own.game.stage == EntryStage::Open;
        if state.games.values().filter(is_own).count() >= OPEN_GAMES_OF_ACCOUNT_MAX {
            return Err(EntryError::TooManyOpenGames);
        }
        let id = GameId(state.games.len() as u64 + 1);
        let (stage, created_s) = (EntryStage::Open, 1_800_000_000);
        let draw = String::new();
        let game = OpenGame { id, account, terms, stage, entered: 0, entries: Vec::new(), draw, created_s };
        let kept = MemoryGame { game: game.clone(), key: request_key, keys: Vec::new(), left: Vec::new() };
        state.games.insert(id, kept);
        Ok((game, true))
    }

    async fn enter_game(
        &self,
        id: GameId,
        (account, creature): (AccountId, CreatureId),
        key: &str,
    ) -> Result<(OpenGame, bool), EntryError> {
        let mut state = self.entries()?;
        let own = state.games.get(&id).ok_or(EntryError::NoSuchGame)?;
        if !key.is_empty() && own.keys.contains(&(account, key.to_owned())) {
            return Ok((own.game.clone(), false));
        }
        check_open(&own.game)?;
        let (terms, entered) = (own.game.terms.clone(), own.game.entered);
        let of_caller = own.game.entries.iter().filter(|entry| entry.account == account).count();
        let record = state.creatures.get(&creature).ok_or(CreatureError::NoSuchCreature(creature))?;
        let (name, kind) = (record.name.clone(), record.kind.clone());
        match record.game {
            _ if record.account != account => return Err(CreatureError::NotYours(creature).into()),
            Some(game) if game == id => return Err(EntryError::AlreadyEntered(creature)),
            Some(game) => return Err(CreatureError::InGame { creature, game }.into()),
            None => {}
        }
        if of_caller >= usize::from(terms.per_person_max) {
            return Err(EntryError::TooManyOfYours { most: terms.per_person_max });
        }
        if entered >= terms.size {
            return Err(EntryError::Full);
        }
        let found = state.pay(account, 0).unwrap();
        let needed = terms.entry_fee;
        state.pay(account, -needed).map_err(|_| EntryError::NotEnough { needed, found })?;
        state.creatures.get_mut(&creature).unwrap().game = Some(id);
        let account_name = state.name_of(account);
        let entry = Entry { creature, account, account_name, name, kind, entered_s: 1_800_000_000, prize: None };
        let own = state.games.get_mut(&id).unwrap();
        own.game.entries.push(entry);
        own.game.entered += 1;
        own.keys.push((account, key.to_owned()));
        Ok((own.game.clone(), true))
    }

    async fn leave_game(&self, id: GameId, by: (AccountId, CreatureId)) -> Result<OpenGame, EntryError> {
        let mut state = self.entries()?;
        let own = state.games.get_mut(&id).ok_or(EntryError::NoSuchGame)?;
        let Some(place) = own.game.entries.iter().position(|entry| (entry.account, entry.creature) == by) else {
            let has_left = own.left.contains(&by);
            return if has_left { Ok(own.game.clone()) } else { Err(EntryError::NotEntered(by.1)) };
        };
        check_open(&own.game)?;
        let entry = own.game.entries.remove(place);
        own.game.entered -= 1;
        own.left.push(by);
        let game = own.game.clone();
        state.give_back(&entry, game.terms.entry_fee);
        Ok(game)
    }

    async fn call_game_off(&self, id: GameId, by: AccountId) -> Result<OpenGame, EntryError> {
        let mut state = self.entries()?;
        let game = &mut state.games.get_mut(&id).ok_or(EntryError::NoSuchGame)?.game;
        if game.account != by {
            return Err(EntryError::NotYours);
        }
        if game.stage == EntryStage::CalledOff {
            return Ok(game.clone());
        }
        check_open(game)?;
        (game.stage, game.entered) = (EntryStage::CalledOff, 0);
        let (entries, fee) = (std::mem::take(&mut game.entries), game.terms.entry_fee);
        let game = game.clone();
        entries.iter().for_each(|entry| state.give_back(entry, fee));
        Ok(game)
    }

    async fn entered_game(&self, id: GameId) -> Result<Option<OpenGame>, AccountStoreError> {
        Ok(self.accounts()?.games.get(&id).map(|own| own.game.clone()))
    }

    async fn open_games(&self, after: GameId, count: usize) -> Result<Vec<OpenGame>, AccountStoreError> {
        let state = self.accounts()?;
        let open = state.games.values().map(|own| &own.game).filter(|game| game.stage == EntryStage::Open);
        Ok(open.filter(|game| game.id > after).take(count).cloned().collect())
    }
}
