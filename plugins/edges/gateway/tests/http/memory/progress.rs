//! What accounts have reached, in memory: tests say who has played what.

use hypogeum_progression::{MatchMark, PlayedMatch, Progress, ProgressStore, ProgressUnavailable, Skill};
use hypogeum_protocol::{AccountId, MatchId, Outcome, SettledReport};

use super::{Memory, MemoryState, WALLET};

/// A match that ended so many seconds after another.
fn played(id: u64, ended_s: u64) -> PlayedMatch {
    let report = SettledReport {
        outcome: Outcome::Extracted,
        kills: 2,
        damage_dealt: 90,
        xp_gained: 120,
        level: 2,
        items_secured: 1,
        currency_gained: 35,
        rating: 1_500,
    };
    PlayedMatch {
        id: MatchId(id),
        mode: "blitz".to_owned(),
        started_s: ended_s - 300,
        ended_s,
        placement: Some(1),
        rating_before: Some(1_500),
        rating: 1_540,
        report,
    }
}

impl Memory {
    /// Lets somebody have played a match that ended then.
    pub(crate) fn play(&self, account: u64, id: u64, ended_s: u64) {
        let mut state = self.state.lock().unwrap();
        let matches = state.matches.entry(AccountId(account)).or_default();
        matches.push(played(id, ended_s));
        matches.sort_by_key(|played| std::cmp::Reverse((played.ended_s, played.id)));
    }

    /// Changes the matches of somebody, the one that ended last first.
    pub(crate) fn with_matches(&self, account: u64, change: impl FnOnce(&mut Vec<PlayedMatch>)) {
        change(self.state.lock().unwrap().matches.entry(AccountId(account)).or_default());
    }

    fn progressing(&self) -> Result<std::sync::MutexGuard<'_, MemoryState>, ProgressUnavailable> {
        self.accounts().map_err(|_| ProgressUnavailable)
    }
}

impl ProgressStore for Memory {
    async fn progress(&self, account: AccountId) -> Result<Option<Progress>, ProgressUnavailable> {
        let state = self.progressing()?;
        let own = state.accounts.values().find(|record| record.id == account);
        Ok(own.map(|record| Progress {
            account,
            name: record.name.clone(),
            is_guest: record.is_guest(),
            created_s: 1_800_000_000,
            xp: 120,
            currency: state.wallets.get(&account).copied().unwrap_or(WALLET),
            skill: Skill::default(),
        }))
    }

    async fn matches_played(
        &self,
        account: AccountId,
        after: Option<MatchMark>,
        count: usize,
    ) -> Result<Vec<PlayedMatch>, ProgressUnavailable> {
        let state = self.progressing()?;
        let own = state.matches.get(&account).into_iter().flatten();
        let is_behind =
            |played: &&PlayedMatch| after.is_none_or(|mark| (played.ended_s, played.id) < (mark.ended_s, mark.id));
        Ok(own.filter(is_behind).take(count).cloned().collect())
    }

    async fn match_played(&self, account: AccountId, id: MatchId) -> Result<Option<PlayedMatch>, ProgressUnavailable> {
        let state = self.progressing()?;
        Ok(state.matches.get(&account).into_iter().flatten().find(|played| played.id == id).cloned())
    }
}
