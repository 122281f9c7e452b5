//! What those get who were on a board at the end of a season: each season gives once. It is over then, so nobody comes or goes, and it
//! gives in a transaction of its own, which locks accounts first, as all do.

use hypogeum_progression::RewardTerms;
use hypogeum_protocol::AccountId;
use hypogeum_store::{BoardKey, REWARDED_RANKS_MAX};

use crate::change::Change;
use crate::refusal::Refusal;
use crate::rewards::{Rewarded, reward, season_event};
use crate::rows::{now_s, signed, table, unsigned};
use crate::transaction::{Pools, Transaction};

/// Rewards all seasons of a board that are over and have given nothing yet, the oldest first.
pub(crate) async fn give_all(pools: &Pools, board: &BoardKey, rewards: &[(u64, RewardTerms)]) -> Result<(), Refusal> {
    let owing = "SELECT id, season_s FROM boards JOIN board_seasons ON board = id
         WHERE key = $1 AND is_ascending = $2 AND closed_s IS NOT NULL AND rewarded_s IS NULL ORDER BY season_s";
    let binds = [board.key.as_str().into(), i64::from(board.is_ascending).into()];
    for row in pools.read(owing, &binds).await? {
        let season = (row.number("id")?, row.number("season_s")?);
        pools.change(&Give { board, season, rewards }).await?;
    }
    Ok(())
}

/// Rewards a season of a board, both by their numbers.
struct Give<'a> {
    board: &'a BoardKey,
    season: (i64, i64),
    rewards: &'a [(u64, RewardTerms)],
}

impl Change for Give<'_> {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        let (board, season_s) = self.season;
        let ranks = self.rewards.last().map_or(0, |(rank, _)| *rank).min(REWARDED_RANKS_MAX);
        let best = "SELECT account FROM scores WHERE board = $1 AND season_s = $2 ORDER BY place, serial LIMIT $3";
        let best = changes.rows(best, &[board.into(), season_s.into(), signed(ranks).into()]).await?;
        let best: Vec<i64> = best.iter().map(|row| row.number("account")).collect::<Result<_, _>>()?;
        changes.lock_accounts(&table(&best)?).await?;
        let note = "UPDATE board_seasons SET rewarded_s = $3
             WHERE board = $1 AND season_s = $2 AND closed_s IS NOT NULL AND rewarded_s IS NULL";
        if changes.run(note, &[board.into(), season_s.into(), now_s().into()]).await? == 0 {
            // Another was faster.
            return Ok(());
        }
        let given = (1..).zip(best).filter_map(|(rank, account)| {
            let (_, terms) = self.rewards.iter().find(|(to_rank, _)| rank <= *to_rank)?;
            let (account, source_event) = (AccountId(unsigned(account)), season_event(self.board, season_s));
            Some(Rewarded { account, source_event, terms: terms.clone(), rank: signed(rank) })
        });
        reward(changes, &given.collect::<Vec<_>>()).await
    }
}
