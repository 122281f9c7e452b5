//! What is earned beside matches: achievements, and what comes for each day in a row.

use std::future::Future;
use std::sync::Arc;

pub use hypogeum_content::def::AchievementCount;
use hypogeum_content::{Content, Link};
use hypogeum_protocol::{AccountId, Outcome, SettledReport};

use crate::ProgressUnavailable;

/// Most that one match adds to an achievement: as far as any counts.
const COUNTED_MAX: i64 = 1_000_000_000;
/// Most rewards of one page.
pub const REWARDS_PER_PAGE_MAX: usize = 100;

/// What somebody gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RewardTerms {
    /// Currency, not negative. A wallet that is nearly full takes what it has room for.
    pub currency: i64,
    /// The key of a cosmetic; `None`: none.
    pub cosmetic: Option<String>,
}

/// What is counted of settled matches, and what whoever gets far enough is given, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Achievement {
    /// Its key.
    pub key: String,
    /// Shown to players, in the language of the content.
    pub name: String,
    /// Shown where one looks, in the language of the content.
    pub description: String,
    /// What is counted.
    pub counts: AchievementCount,
    /// The key of the only mode in which it is; `None`: in all.
    pub mode: Option<String>,
    /// What it counts to, at least 1.
    pub at: i64,
    /// What it earns.
    pub reward: RewardTerms,
}

impl Achievement {
    /// What a match of a mode adds for somebody who got this report, 0 or more.
    #[must_use]
    pub fn counted(&self, mode: &str, report: &SettledReport) -> i64 {
        if self.mode.as_ref().is_some_and(|own| own != mode) {
            return 0;
        }
        let counted = match self.counts {
            AchievementCount::Matches => 1,
            AchievementCount::Extracted => i64::from(report.outcome == Outcome::Extracted),
            AchievementCount::Kills => i64::from(report.kills),
            AchievementCount::Damage => i64::from(report.damage_dealt),
            AchievementCount::Currency => report.currency_gained,
            AchievementCount::Items => i64::from(report.items_secured),
        };
        counted.clamp(0, COUNTED_MAX)
    }
}

/// What comes for each day in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyTable {
    /// Its key.
    pub key: String,
    /// The first day first, at least one.
    pub days: Vec<RewardTerms>,
}

impl DailyTable {
    /// What the nth day in a row brings, counted from 1: behind the last the table begins again.
    #[must_use]
    pub fn day(&self, streak: u64) -> RewardTerms {
        let length = self.days.len().max(1) as u64;
        let place = usize::try_from((streak.max(1) - 1) % length).unwrap_or(0);
        self.days.get(place).cloned().unwrap_or_default()
    }
}

/// All that is earned beside matches, in the order of keys. A clone is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RewardRules {
    /// What is achieved.
    pub achievements: Arc<Vec<Achievement>>,
    /// What comes daily.
    pub daily: Arc<Vec<DailyTable>>,
}

impl RewardRules {
    /// Those of a content.
    #[must_use]
    pub fn of(content: &Content) -> Self {
        let terms = |currency: u32, cosmetic: Option<&str>| RewardTerms {
            currency: i64::from(currency),
            cosmetic: cosmetic.map(str::to_owned),
        };
        let achievements = content.achievements.iter().map(|(_, key, def)| Achievement {
            key: key.to_owned(),
            name: def.name.clone(),
            description: def.description.clone(),
            counts: def.counts,
            mode: def.mode.as_ref().map(|mode| mode.key().to_owned()),
            at: i64::from(def.at),
            reward: terms(def.currency, def.cosmetic.as_ref().map(Link::key)),
        });
        let daily = content.daily.iter().map(|(_, key, def)| DailyTable {
            key: key.to_owned(),
            days: def.days.iter().map(|day| terms(day.currency, day.cosmetic.as_ref().map(Link::key))).collect(),
        });
        Self { achievements: Arc::new(achievements.collect()), daily: Arc::new(daily.collect()) }
    }

    /// The table of daily rewards of a key.
    #[must_use]
    pub fn daily(&self, key: &str) -> Option<&DailyTable> {
        self.daily.iter().find(|table| table.key == key)
    }
}

/// How far somebody has come with an achievement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AchievementProgress {
    /// The key of the achievement.
    pub achievement: String,
    /// What was counted so far.
    pub progress: i64,
    /// When it was reached, in seconds since 1970.
    pub done_s: Option<u64>,
}

/// How somebody stands with a table of daily rewards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DailyStanding {
    /// The day that it is by the clock of the database, in days since 1970.
    pub today: i64,
    /// How many were taken in a row, the last one today or yesterday; 0: a row begins with the next.
    pub streak: u64,
    /// Whether today's was taken.
    pub is_claimed: bool,
}

/// What came for a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DailyClaimed {
    /// How it stands now.
    pub standing: DailyStanding,
    /// Whether it came by this very request.
    pub is_new: bool,
    /// What today brings.
    pub reward: RewardTerms,
    /// What the wallet holds now.
    pub balance: i64,
}

/// What somebody was rewarded with for a season of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeasonReward {
    /// The key of the board.
    pub leaderboard: String,
    /// When the season began, in seconds since 1970.
    pub season_s: i64,
    /// The rank at its end, 1 is the best.
    pub rank: u64,
    /// What was given.
    pub reward: RewardTerms,
    /// When it was given, in seconds since 1970.
    pub granted_s: u64,
}

/// What is earned beside matches, in a database. Calls may come from any thread and any async runtime.
pub trait RewardStore: Send + Sync + 'static {
    /// How far an account has come with what it has come any way with, in the order of keys.
    fn achievements(
        &self,
        account: AccountId,
    ) -> impl Future<Output = Result<Vec<AchievementProgress>, ProgressUnavailable>> + Send;

    /// How an account stands with each of these tables of daily rewards, in their order, all at one moment.
    fn daily(
        &self,
        account: AccountId,
        tables: &[DailyTable],
    ) -> impl Future<Output = Result<Vec<DailyStanding>, ProgressUnavailable>> + Send;

    /// An account takes what a table has for today. Asked again on the same day it gives nothing more. `None`: there is no such
    /// account.
    fn claim_daily(
        &self,
        account: AccountId,
        table: &DailyTable,
    ) -> impl Future<Output = Result<Option<DailyClaimed>, ProgressUnavailable>> + Send;

    /// What an account was rewarded with for seasons, those given last first, at most so many and [`REWARDS_PER_PAGE_MAX`].
    fn season_rewards(
        &self,
        account: AccountId,
        count: usize,
    ) -> impl Future<Output = Result<Vec<SeasonReward>, ProgressUnavailable>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_begins_again_behind_its_end() {
        let day = |currency| RewardTerms { currency, cosmetic: None };
        let table = DailyTable { key: "week".into(), days: vec![day(1), day(2), day(3)] };
        let brought: Vec<i64> = (0..=5).map(|streak| table.day(streak).currency).collect();
        assert_eq!(brought, [1, 1, 2, 3, 1, 2], "the first day first, and again");
        assert_eq!(table.day(u64::MAX).currency, 3, "for ever");
    }

    #[test]
    fn a_match_counts_for_what_it_was() {
        let report = SettledReport {
            outcome: Outcome::Extracted,
            kills: 3,
            damage_dealt: 40,
            xp_gained: 5,
            level: 1,
            items_secured: 2,
            currency_gained: 17,
            rating: 1_500,
        };
        let counted = |counts, mode: Option<&str>| {
            let reward = RewardTerms::default();
            let (key, name, description) = (String::new(), String::new(), String::new());
            let mode = mode.map(str::to_owned);
            Achievement { key, name, description, counts, mode, at: 1, reward }.counted("blitz", &report)
        };
        use AchievementCount::{Currency, Damage, Extracted, Items, Kills, Matches};
        let all = [Matches, Extracted, Kills, Damage, Currency, Items].map(|counts| counted(counts, None));
        assert_eq!(all, [1, 1, 3, 40, 17, 2], "each of its own");
        assert_eq!((counted(Kills, Some("blitz")), counted(Kills, Some("pit"))), (3, 0), "in its mode alone");
    }
}
