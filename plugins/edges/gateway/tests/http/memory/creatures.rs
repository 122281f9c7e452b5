//! Creatures in memory. Games that are played are for tests to say; nothing of the gateway starts one.

use hypogeum_accounts::AccountStoreError;
use hypogeum_creature_messages::{CreatureId, CreatureStats, GameId};
use hypogeum_protocol::AccountId;
use hypogeum_tournaments::{
    CREATURES_MAX, CreatureError, CreatureName, CreatureRecord, CreatureStore, EntryStage, EntryStore, GameLine,
    GameRecord, GameState, NewGame, OpenGame,
};

use super::{Memory, MemoryState};

impl Memory {
    /// Changes a creature beside the gateway.
    pub(crate) fn with_creature(&self, id: u64, change: impl FnOnce(&mut CreatureRecord)) {
        change(self.state.lock().unwrap().creatures.get_mut(&CreatureId(id)).unwrap());
    }
}

impl MemoryState {
    fn own(&mut self, account: AccountId, id: CreatureId) -> Result<&mut CreatureRecord, CreatureError> {
        let creature = self.creatures.get_mut(&id).ok_or(CreatureError::NoSuchCreature(id))?;
        if creature.account == account { Ok(creature) } else { Err(CreatureError::NotYours(id)) }
    }

    fn free(&mut self, account: AccountId, id: CreatureId) -> Result<&mut CreatureRecord, CreatureError> {
        let creature = self.own(account, id)?;
        match creature.game {
            Some(game) => Err(CreatureError::InGame { creature: id, game }),
            None => Ok(creature),
        }
    }
}

impl CreatureStore for Memory {
    async fn creatures(&self, account: AccountId) -> Result<Vec<CreatureRecord>, AccountStoreError> {
        Ok(self.accounts()?.creatures.values().filter(|own| own.account == account).cloned().collect())
    }

    async fn creature(&self, id: CreatureId) -> Result<Option<CreatureRecord>, AccountStoreError> {
        Ok(self.accounts()?.creatures.get(&id).cloned())
    }

    async fn create_creature(
        &self,
        account: AccountId,
        name: &CreatureName,
        kind: &str,
        (stats, points): (CreatureStats, u32),
        key: &str,
    ) -> Result<(CreatureRecord, bool), CreatureError> {
        let mut state = self.accounts().map_err(|_| CreatureError::Unavailable)?;
        if let Some(id) = state.creature_keys.get(&(account, key.to_owned())) {
            let made = state.creatures.get(id).ok_or(CreatureError::NoSuchCreature(*id))?;
            return Ok((made.clone(), false));
        }
        if state.creatures.values().filter(|own| own.account == account).count() >= CREATURES_MAX {
            return Err(CreatureError::TooMany);
        }
        state.creatures_ever += 1;
        let creature = CreatureRecord {
            id: CreatureId(state.creatures_ever),
            account,
            name: name.to_string(),
            kind: kind.to_owned(),
            stats,
            points,
            won: 0,
            lost: 0,
            streak: 0,
            best_streak: 0,
            titles: 0,
            game: None,
            created_s: 1_800_000_000,
        };
        if !key.is_empty() {
            state.creature_keys.insert((account, key.to_owned()), creature.id);
        }
        state.creatures.insert(creature.id, creature.clone());
        Ok((creature, true))
    }

    async fn rename_creature(
        &self,
        account: AccountId,
        id: CreatureId,
        name: &CreatureName,
    ) -> Result<CreatureRecord, CreatureError> {
        let mut state = self.accounts().map_err(|_| CreatureError::Unavailable)?;
        let creature = state.own(account, id)?;
        creature.name = name.to_string();
        Ok(creature.clone())
    }

    async fn grow_creature(
        &self,
        account: AccountId,
        id: CreatureId,
        was: (CreatureStats, u32),
        becomes: (CreatureStats, u32),
        key: &str,
    ) -> Result<CreatureRecord, CreatureError> {
        let mut state = self.accounts().map_err(|_| CreatureError::Unavailable)?;
        let key = (id, key.to_owned());
        if state.grown_keys.contains(&key) {
            return state.own(account, id).cloned();
        }
        let creature = state.free(account, id)?;
        if (creature.stats, creature.points) != was {
            return Err(CreatureError::Changed(id));
        }
        (creature.stats, creature.points) = becomes;
        let grown = creature.clone();
        if !key.1.is_empty() {
            state.grown_keys.insert(key);
        }
        Ok(grown)
    }

    async fn has_grown(&self, id: CreatureId, key: &str) -> Result<bool, AccountStoreError> {
        Ok(self.accounts()?.grown_keys.contains(&(id, key.to_owned())))
    }

    async fn release_creature(&self, account: AccountId, id: CreatureId) -> Result<(), CreatureError> {
        let mut state = self.accounts().map_err(|_| CreatureError::Unavailable)?;
        state.free(account, id)?;
        state.creatures.remove(&id);
        Ok(())
    }

    async fn start_game(&self, _: NewGame) -> Result<(GameRecord, Vec<CreatureRecord>, bool), CreatureError> {
        Err(CreatureError::Unavailable)
    }

    async fn drop_game(&self, _: GameId) -> Result<(), CreatureError> {
        Err(CreatureError::Unavailable)
    }

    async fn game(&self, id: GameId) -> Result<Option<GameRecord>, AccountStoreError> {
        let Some(game) = self.entered_game(id).await? else { return Ok(None) };
        let state = match game.stage {
            EntryStage::Open => GameState::Open,
            EntryStage::CalledOff => GameState::CalledOff { ended_s: game.created_s },
            EntryStage::Running => GameState::Running { creatures: Vec::new() },
            EntryStage::Over => GameState::Over { overview: Vec::new(), ended_s: game.created_s },
        };
        let OpenGame { account, terms, created_s, .. } = game;
        let (tournament, size, fill) = (terms.tournament, terms.size, terms.fill);
        Ok(Some(GameRecord { id, account, tournament, size, fill, state, created_s }))
    }

    /// Only those that are open: nobody starts one here.
    async fn games(
        &self,
        account: AccountId,
        before: Option<GameId>,
        count: usize,
    ) -> Result<Vec<GameLine>, AccountStoreError> {
        let open = self.open_games(GameId(0), usize::MAX).await?.into_iter().rev();
        let own = open.filter(|game| game.account == account && before.is_none_or(|before| game.id < before));
        let line = |OpenGame { id, terms, stage, created_s, .. }: OpenGame| GameLine {
            id,
            tournament: terms.tournament,
            size: terms.size,
            stage,
            created_s,
            ended_s: None,
        };
        Ok(own.map(line).take(count).collect())
    }
}
