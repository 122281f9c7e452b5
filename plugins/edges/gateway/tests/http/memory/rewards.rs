//! Rewards in memory: tests say what day it is, and how far somebody has come.

use std::collections::BTreeMap;

use hypogeum_progression::{
    AchievementProgress, DailyClaimed, DailyStanding, DailyTable, ProgressUnavailable, RewardStore, SeasonReward,
};
use hypogeum_protocol::AccountId;

use super::Memory;

/// What is kept of rewards.
#[derive(Default)]
pub(super) struct MemoryRewards {
    today: i64,
    progress: Vec<(AccountId, AchievementProgress)>,
    /// The last day of each, and how many in a row.
    claims: BTreeMap<(AccountId, String), (i64, u64)>,
    seasons: Vec<(AccountId, SeasonReward)>,
}

impl MemoryRewards {
    fn standing(&self, account: AccountId, table: &str) -> DailyStanding {
        let claim = self.claims.get(&(account, table.to_owned()));
        let (day, streak) = claim.copied().unwrap_or((i64::MIN, 0));
        let streak = if day >= self.today - 1 { streak } else { 0 };
        DailyStanding { today: self.today, streak, is_claimed: day >= self.today }
    }
}

impl Memory {
    /// It is this day.
    pub(crate) fn set_today(&self, today: i64) {
        self.state.lock().unwrap().rewards.today = today;
    }

    /// Somebody has come so far.
    pub(crate) fn achieve(&self, account: u64, achievement: &str, progress: i64, done_s: Option<u64>) {
        let progress = AchievementProgress { achievement: achievement.to_owned(), progress, done_s };
        self.state.lock().unwrap().rewards.progress.push((AccountId(account), progress));
    }

    /// A season has given somebody this.
    pub(crate) fn season_gives(&self, account: u64, given: SeasonReward) {
        self.state.lock().unwrap().rewards.seasons.push((AccountId(account), given));
    }
}

impl RewardStore for Memory {
    async fn achievements(&self, account: AccountId) -> Result<Vec<AchievementProgress>, ProgressUnavailable> {
        let state = self.accounts().map_err(|_| ProgressUnavailable)?;
        let own = state.rewards.progress.iter().filter(|(owner, _)| *owner == account);
        Ok(own.map(|(_, progress)| progress.clone()).collect())
    }

    async fn daily(
        &self,
        account: AccountId,
        tables: &[DailyTable],
    ) -> Result<Vec<DailyStanding>, ProgressUnavailable> {
        let state = self.accounts().map_err(|_| ProgressUnavailable)?;
        Ok(tables.iter().map(|table| state.rewards.standing(account, &table.key)).collect())
    }

    async fn claim_daily(
        &self,
        account: AccountId,
        table: &DailyTable,
    ) -> Result<Option<DailyClaimed>, ProgressUnavailable> {
        let mut state = self.accounts().map_err(|_| ProgressUnavailable)?;
        let before = state.rewards.standing(account, &table.key);
        let is_new = !before.is_claimed;
        let streak = before.streak + u64::from(is_new);
        let reward = table.day(streak);
        let gained = if is_new { reward.currency } else { 0 };
        let balance = state.pay(account, gained).map_err(|_| ProgressUnavailable)?;
        state.rewards.claims.insert((account, table.key.clone()), (before.today, streak));
        let standing = DailyStanding { streak, is_claimed: true, ..before };
        Ok(Some(DailyClaimed { standing, is_new, reward, balance }))
    }

    async fn season_rewards(&self, account: AccountId, count: usize) -> Result<Vec<SeasonReward>, ProgressUnavailable> {
        let state = self.accounts().map_err(|_| ProgressUnavailable)?;
        let own = state.rewards.seasons.iter().filter(|(owner, _)| *owner == account);
        Ok(own.map(|(_, given)| given.clone()).take(count).collect())
    }
}
