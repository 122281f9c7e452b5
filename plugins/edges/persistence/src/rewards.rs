//! What accounts are rewarded with beside what matches are worth: achievements, days in a row, seasons. Each once, by what for.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_economy::CURRENCY_MAX;
use hypogeum_progression::{
    AchievementProgress, DailyClaimed, DailyStanding, DailyTable, ProgressUnavailable, REWARDS_PER_PAGE_MAX,
    RewardStore, RewardTerms, SeasonReward, SeatSettlement,
};
use hypogeum_protocol::{AccountId, MatchId};
use hypogeum_store::BoardKey;

use crate::change::Change;
use crate::clock::clock_s;
use crate::grants::enter;
use crate::holdings::lock_holdings;
use crate::refusal::Refusal;
use crate::rows::{ROWS_AT_ONCE, change_rows, now_s, signed, table, unsigned};
use crate::sql::Row;
use crate::store::Store;
use crate::transaction::Transaction;

/// Seconds of a day of UTC.
const DAY_S: i64 = 86_400;
/// No day: nobody has taken anything on it.
const NO_DAY: i64 = i64::MIN;

/// What an account gets, and what for. It was not given before: the key of the table sees to that.
pub(crate) struct Rewarded {
    pub(crate) account: AccountId,
    pub(crate) source_event: String,
    pub(crate) terms: RewardTerms,
    /// The rank of a season, the place in a row of days, or 0.
    pub(crate) rank: i64,
}

/// Gives rewards to accounts that are locked. One that was given before breaks the transaction. A wallet takes what it has room
/// for.
pub(crate) async fn reward(changes: &mut Transaction, rewarded: &[Rewarded]) -> Result<(), Refusal> {
    let accounts: BTreeSet<i64> = rewarded.iter().map(|reward| signed(reward.account.0)).collect();
    let accounts: Vec<i64> = accounts.into_iter().collect();
    let mut wallets: BTreeMap<i64, i64> = BTreeMap::new();
    for some in accounts.chunks(ROWS_AT_ONCE) {
        let held = "SELECT account, currency FROM profiles
             WHERE account IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
        for row in changes.rows(held, &[table(some)?.into()]).await? {
            wallets.insert(row.number("account")?, row.number("currency")?);
        }
    }
    let (mut given, mut worn) = (Vec::new(), Vec::new());
    let mut gained: BTreeMap<i64, i64> = BTreeMap::new();
    let mut entries: BTreeMap<&str, Vec<(AccountId, i64)>> = BTreeMap::new();
    for Rewarded { account, source_event, terms, rank } in rewarded {
        let id = signed(account.0);
        let Some(wallet) = wallets.get_mut(&id) else { continue };
        let paid = terms.currency.clamp(0, CURRENCY_MAX.saturating_sub(*wallet).max(0));
        *wallet += paid;
        *gained.entry(id).or_default() += paid;
        entries.entry(source_event).or_default().push((*account, paid));
        let cosmetic = terms.cosmetic.as_deref().unwrap_or_default();
        given.push((id, source_event.as_str(), paid, cosmetic, *rank));
        if !cosmetic.is_empty() {
            worn.push((id, cosmetic));
        }
    }
    write(changes, &given, &worn, &gained.into_iter().filter(|(_, paid)| *paid > 0).collect::<Vec<_>>()).await?;
    for (source_event, gained) in entries {
        enter(changes, gained, source_event).await?;
    }
    Ok(())
}

/// Writes what is given: rewards, what is theirs to wear, and what wallets gain.
async fn write(
    changes: &mut Transaction,
    given: &[(i64, &str, i64, &str, i64)],
    worn: &[(i64, &str)],
    gained: &[(i64, i64)],
) -> Result<(), Refusal> {
    let note = "INSERT INTO rewards (account, source_event, currency, cosmetic, rank, granted_s)
         SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, CAST(value ->> 2 AS BIGINT), value ->> 3,
            CAST(value ->> 4 AS BIGINT), $2
         FROM json_each($1)";
    change_rows(changes, note, given, now_s()).await?;
    let own = "INSERT INTO cosmetics (account, cosmetic)
         SELECT CAST(value ->> 0 AS BIGINT), value ->> 1 FROM json_each($1) WHERE 1 = 1
         ON CONFLICT (account, cosmetic) DO NOTHING";
    change_rows(changes, own, worn, 0).await?;
    let pay = "UPDATE profiles SET currency = currency + CAST(value ->> 1 AS BIGINT)
         FROM json_each($1) WHERE account = CAST(value ->> 0 AS BIGINT)";
    change_rows(changes, pay, gained, 0).await
}

/// Counts what seats of a match were settled with, which they were not before, and rewards whoever has come far enough. Their
/// accounts are locked, and their wallets are written.
pub(crate) async fn count(
    changes: &mut Transaction,
    match_id: MatchId,
    settlements: &[SeatSettlement],
) -> Result<(), Refusal> {
    let rules = changes.reward_rules();
    if rules.achievements.is_empty() || settlements.is_empty() {
        return Ok(());
    }
    let found = changes.rows("SELECT mode FROM matches WHERE id = $1", &[signed(match_id.0).into()]).await?;
    let Some(mode) = found.first().map(|row| row.text("mode")).transpose()? else { return Ok(()) };
    let mut rows: Vec<(i64, &str, i64, i64)> = Vec::new();
    for achievement in rules.achievements.iter() {
        for settlement in settlements {
            let counted = achievement.counted(mode, &settlement.report);
            if counted > 0 {
                rows.push((signed(settlement.account.0), achievement.key.as_str(), counted, achievement.at));
            }
        }
    }
    let add = "INSERT INTO achievements (account, achievement, progress)
         SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, CAST(value ->> 2 AS BIGINT) FROM json_each($1) WHERE 1 = 1
         ON CONFLICT (account, achievement) DO UPDATE SET progress = achievements.progress + excluded.progress";
    change_rows(changes, add, &rows, 0).await?;
    macro_rules! reached {
        ($also:literal) => {
            concat!(
                "UPDATE achievements SET done_s = $2 FROM json_each($1)
                 WHERE done_s IS NULL AND account = CAST(value ->> 0 AS BIGINT) AND achievement = value ->> 1
                    AND progress >= CAST(value ->> 3 AS BIGINT)",
                $also,
                " RETURNING account, achievement"
            )
        };
    }
    // As for profiles: joined alone, PostgreSQL would read all there are for a handful.
    let reached = changes.either(
        reached!(""),
        reached!(" AND account = ANY (ARRAY (SELECT CAST(value ->> 0 AS BIGINT) FROM json_each($1)))"),
    );
    let mut rewarded = Vec::new();
    for some in rows.chunks(ROWS_AT_ONCE) {
        for row in changes.rows(reached, &[table(some)?.into(), now_s().into()]).await? {
            let key = row.text("achievement")?;
            let Some(achievement) = rules.achievements.iter().find(|own| own.key == key) else { continue };
            let account = AccountId(unsigned(row.number("account")?));
            let (source_event, terms) = (format!("achievement:{key}"), achievement.reward.clone());
            rewarded.push(Rewarded { account, source_event, terms, rank: 0 });
        }
    }
    reward(changes, &rewarded).await
}

impl RewardStore for Store {
    async fn achievements(&self, account: AccountId) -> Result<Vec<AchievementProgress>, ProgressUnavailable> {
        let all = "SELECT achievement, progress, COALESCE(done_s, -1) AS done_s FROM achievements
             WHERE account = $1 ORDER BY achievement";
        let progress = |row: &Row| {
            Ok(AchievementProgress {
                achievement: row.text("achievement")?.to_owned(),
                progress: row.number("progress")?,
                done_s: u64::try_from(row.number("done_s")?).ok(),
            })
        };
        let rows = self.rows(all, vec![signed(account.0).into()]).await;
        rows.and_then(|rows| rows.iter().map(progress).collect()).map_err(unavailable)
    }

    async fn daily(
        &self,
        account: AccountId,
        tables: &[DailyTable],
    ) -> Result<Vec<DailyStanding>, ProgressUnavailable> {
        let keys: Vec<String> = tables.iter().map(|table| table.key.clone()).collect();
        let pools = self.pools().clone();
        let looking = async move {
            let mut view = pools.view().await?;
            let found = standings(&mut view, account, &keys).await;
            view.finish(found).await
        };
        self.on_runtime(looking).await.map_err(unavailable)
    }

    async fn claim_daily(
        &self,
        account: AccountId,
        table: &DailyTable,
    ) -> Result<Option<DailyClaimed>, ProgressUnavailable> {
        self.change(ClaimDaily { account, table: table.clone() }).await.map_err(unavailable)
    }

    async fn season_rewards(&self, account: AccountId, count: usize) -> Result<Vec<SeasonReward>, ProgressUnavailable> {
        let page = "SELECT source_event, currency, cosmetic, rank, granted_s FROM rewards
             WHERE account = $1 AND source_event LIKE 'season:%' ORDER BY granted_s DESC, source_event DESC LIMIT $2";
        let count = i64::try_from(count.min(REWARDS_PER_PAGE_MAX)).unwrap_or(i64::MAX);
        let rows = self.rows(page, vec![signed(account.0).into(), count.into()]).await;
        let given = |rows: Vec<Row>| rows.iter().filter_map(|row| season_reward(row).transpose()).collect();
        rows.and_then(given).map_err(unavailable)
    }
}

/// Ends the source event of a board on which less is better: turned round it is another board.
const ASCENDING: &str = ":ascending";

/// The source event of the reward for a season of a board.
pub(crate) fn season_event(board: &BoardKey, season_s: i64) -> String {
    format!("season:{}:{season_s}{}", board.key, if board.is_ascending { ASCENDING } else { "" })
}

fn season_reward(row: &Row) -> Result<Option<SeasonReward>, Refusal> {
    // Undoes `season_event`: keys have no colon.
    let parts = row.text("source_event")?.strip_prefix("season:").and_then(|rest| rest.split_once(':'));
    let Some((leaderboard, season_s)) = parts else { return Ok(None) };
    let Ok(season_s) = season_s.trim_end_matches(ASCENDING).parse() else { return Ok(None) };
    let cosmetic = Some(row.text("cosmetic")?.to_owned()).filter(|key| !key.is_empty());
    let reward = RewardTerms { currency: row.number("currency")?, cosmetic };
    let (rank, granted_s) = (unsigned(row.number("rank")?), unsigned(row.number("granted_s")?));
    Ok(Some(SeasonReward { leaderboard: leaderboard.to_owned(), season_s, rank, reward, granted_s }))
}

/// How an account stands with tables, by their keys.
async fn standings(
    changes: &mut Transaction,
    account: AccountId,
    keys: &[String],
) -> Result<Vec<DailyStanding>, Refusal> {
    let today = clock_s(changes).await?.div_euclid(DAY_S);
    let all = "SELECT daily, day, streak FROM daily_claims WHERE account = $1";
    let mut last: BTreeMap<String, (i64, u64)> = BTreeMap::new();
    for row in changes.rows(all, &[signed(account.0).into()]).await? {
        last.insert(row.text("daily")?.to_owned(), (row.number("day")?, unsigned(row.number("streak")?)));
    }
    Ok(keys.iter().map(|key| standing(today, last.get(key).copied())).collect())
}

/// How somebody stands who took a day last, that many in a row. A day is taken on it, and none before it again, whatever the clock
/// does.
fn standing(today: i64, last: Option<(i64, u64)>) -> DailyStanding {
    let (day, streak) = last.unwrap_or((NO_DAY, 0));
    let goes_on = day >= today - 1;
    DailyStanding { today, streak: if goes_on { streak } else { 0 }, is_claimed: day >= today }
}

/// An account takes what a table has for today.
struct ClaimDaily {
    account: AccountId,
    table: DailyTable,
}

impl Change for ClaimDaily {
    type Done = Option<DailyClaimed>;

    async fn apply(&self, changes: &mut Transaction) -> Result<Option<DailyClaimed>, Refusal> {
        let Self { account, table } = self;
        let holdings = lock_holdings(changes, &[*account]).await?;
        let Some(before) = holdings.get(account) else { return Ok(None) };
        let found = standings(changes, *account, core::slice::from_ref(&table.key)).await?;
        let standing = found.first().copied().unwrap_or_default();
        if standing.is_claimed {
            let reward = table.day(standing.streak);
            return Ok(Some(DailyClaimed { standing, is_new: false, reward, balance: before.currency }));
        }
        let standing = DailyStanding { streak: standing.streak.saturating_add(1), is_claimed: true, ..standing };
        let note = "INSERT INTO daily_claims (account, daily, day, streak) VALUES ($1, $2, $3, $4)
             ON CONFLICT (account, daily) DO UPDATE SET day = excluded.day, streak = excluded.streak";
        let (id, streak) = (signed(account.0), signed(standing.streak));
        let binds = [id.into(), table.key.as_str().into(), standing.today.into(), streak.into()];
        changes.run(note, &binds).await?;
        let terms = table.day(standing.streak);
        let source_event = format!("daily:{}:{}", table.key, standing.today);
        let given = Rewarded { account: *account, source_event, terms: terms.clone(), rank: streak };
        reward(changes, &[given]).await?;
        let now = changes.rows("SELECT currency FROM profiles WHERE account = $1", &[id.into()]).await?;
        let balance = now.first().map_or(Ok(before.currency), |row| row.number("currency"))?;
        Ok(Some(DailyClaimed { standing, is_new: true, reward: terms, balance }))
    }
}

/// The error for a caller. The cause goes to the log.
fn unavailable(refusal: Refusal) -> ProgressUnavailable {
    tracing::warn!(error = %refusal, "rewards could not be read or given");
    ProgressUnavailable
}
