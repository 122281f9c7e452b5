//! Boards and ladders in memory: tests say who stands where.

use hypogeum_accounts::AccountStoreError;
use hypogeum_ladders::{LadderRating, LadderStore, RatedGame};
use hypogeum_leaderboards::{BoardEntry, BoardPage, BoardSeason, PageStart, PlaceMark, ScoreStore, SeasonChoice};
use hypogeum_protocol::AccountId;
use hypogeum_store::BoardKey;

use super::Memory;

impl Memory {
    /// Puts these on a board, the best first.
    pub(crate) fn rank(&self, board: &str, season_s: i64, scores: &[(u64, &str, i64)]) {
        let entry = |(rank, (account, name, score)): (u64, &(u64, &str, i64))| BoardEntry {
            rank,
            account: AccountId(*account),
            name: (*name).to_owned(),
            score: *score,
            mark: PlaceMark { place: -score, serial: rank as i64 },
        };
        let entries = (1..).zip(scores).map(entry).collect();
        self.state.lock().unwrap().scores.insert((board.to_owned(), season_s), entries);
    }

    fn season(&self, board: &BoardKey, season: SeasonChoice) -> Result<Option<BoardPage>, AccountStoreError> {
        let state = self.accounts()?;
        let (season_s, is_closed) = match season {
            SeasonChoice::Current(season_s) => (season_s, false),
            SeasonChoice::Began(season_s) => (season_s, true),
        };
        let entries = state.scores.get(&(board.key.clone(), season_s)).cloned();
        if entries.is_none() && is_closed {
            return Ok(None);
        }
        let entries = entries.unwrap_or_default();
        Ok(Some(BoardPage { season_s, is_closed, entry_count: entries.len() as u64, entries }))
    }
}

impl ScoreStore for Memory {
    async fn board_page(
        &self,
        board: &BoardKey,
        season: SeasonChoice,
        start: PageStart,
        count: usize,
    ) -> Result<Option<BoardPage>, AccountStoreError> {
        let Some(mut page) = self.season(board, season)? else { return Ok(None) };
        page.entries.retain(|entry| match start {
            PageStart::Rank(rank) => entry.rank >= rank,
            PageStart::After(mark) => (entry.mark.place, entry.mark.serial) > (mark.place, mark.serial),
        });
        page.entries.truncate(count);
        Ok(Some(page))
    }

    async fn board_around(
        &self,
        board: &BoardKey,
        season: SeasonChoice,
        account: AccountId,
        count: usize,
    ) -> Result<Option<BoardPage>, AccountStoreError> {
        let Some(mut page) = self.season(board, season)? else { return Ok(None) };
        let own = page.entries.iter().find(|entry| entry.account == account).map(|entry| entry.rank);
        let half = count as u64 / 2;
        page.entries.retain(|entry| own.is_some_and(|own| entry.rank.abs_diff(own) <= half));
        Ok(Some(page))
    }

    async fn board_seasons(
        &self,
        board: &BoardKey,
        before_s: Option<i64>,
        count: usize,
    ) -> Result<Vec<BoardSeason>, AccountStoreError> {
        let state = self.accounts()?;
        let of_board = state.scores.iter().rev().filter(|((key, _), _)| *key == board.key);
        let seasons = of_board.map(|((_, season_s), entries)| BoardSeason {
            season_s: *season_s,
            entry_count: entries.len() as u64,
            closed_s: None,
        });
        Ok(seasons.filter(|season| before_s.is_none_or(|before_s| season.season_s < before_s)).take(count).collect())
    }
}

impl LadderStore for Memory {
    async fn ladder_rating(&self, _: &str, _: AccountId) -> Result<Option<LadderRating>, AccountStoreError> {
        self.accounts().map(|_| None)
    }

    async fn rated_game(&self, _: AccountId) -> Result<Option<RatedGame>, AccountStoreError> {
        self.accounts().map(|_| None)
    }
}
