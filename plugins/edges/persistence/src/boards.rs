//! Boards as people look at them: pages, and those around somebody, read from one index.

use hypogeum_accounts::AccountStoreError;
use hypogeum_leaderboards::{
    BoardEntry, BoardPage, BoardSeason, ENTRIES_PER_PAGE_MAX, PageStart, PlaceMark, ScoreStore, SeasonChoice,
};
use hypogeum_protocol::AccountId;
use hypogeum_store::BoardKey;

use crate::accounts::account_error;
use crate::refusal::Refusal;
use crate::rows::{signed, unsigned};
use crate::sql::{Bind, Row};
use crate::store::Store;
use crate::transaction::Transaction;

/// The last rank that is looked for: nobody has it.
const RANK_MAX: u64 = 1 << 53;
/// Most seasons of one answer.
const SEASONS_PER_PAGE_MAX: usize = 1_000;

impl ScoreStore for Store {
    async fn board_page(
        &self,
        board: &BoardKey,
        season: SeasonChoice,
        start: PageStart,
        count: usize,
    ) -> Result<Option<BoardPage>, AccountStoreError> {
        self.look(board, season, Part::Page(start, count.min(ENTRIES_PER_PAGE_MAX))).await
    }

    async fn board_around(
        &self,
        board: &BoardKey,
        season: SeasonChoice,
        account: AccountId,
        count: usize,
    ) -> Result<Option<BoardPage>, AccountStoreError> {
        self.look(board, season, Part::Around(account, count.min(ENTRIES_PER_PAGE_MAX))).await
    }

    async fn board_seasons(
        &self,
        board: &BoardKey,
        before_s: Option<i64>,
        count: usize,
    ) -> Result<Vec<BoardSeason>, AccountStoreError> {
        let these = "SELECT season_s, entries, COALESCE(closed_s, -1) AS closed_s FROM boards
             JOIN board_seasons ON board = id
             WHERE key = $1 AND is_ascending = $2 AND season_s < $3 ORDER BY season_s DESC LIMIT $4";
        let [key, is_ascending] = binds_of(board);
        let count = i64::try_from(count.min(SEASONS_PER_PAGE_MAX)).unwrap_or(i64::MAX);
        let binds = vec![key, is_ascending, before_s.unwrap_or(i64::MAX).into(), count.into()];
        let season = |row: &Row| {
            Ok(BoardSeason {
                season_s: row.number("season_s")?,
                entry_count: unsigned(row.number("entries")?),
                closed_s: u64::try_from(row.number("closed_s")?).ok(),
            })
        };
        let found = self.rows(these, binds).await;
        found.and_then(|rows| rows.iter().map(season).collect()).map_err(|refusal| account_error(&refusal))
    }
}

/// Which part of a board is looked at.
#[derive(Clone, Copy, Debug)]
enum Part {
    Page(PageStart, usize),
    Around(AccountId, usize),
}

/// A season of a board, found; a board that nobody has a score on has the number 0.
#[derive(Clone, Copy, Debug)]
struct Season {
    board: i64,
    is_ascending: bool,
    season_s: i64,
    is_closed: bool,
    entry_count: u64,
}

impl Store {
    /// Looks at a part of a season in one moment.
    async fn look(
        &self,
        board: &BoardKey,
        choice: SeasonChoice,
        part: Part,
    ) -> Result<Option<BoardPage>, AccountStoreError> {
        let (pools, board) = (self.pools().clone(), board.clone());
        let looking = async move {
            let mut view = pools.view().await?;
            let page = page_of(&mut view, &board, choice, part).await;
            view.finish(page).await
        };
        self.on_runtime(looking).await.map_err(|refusal| account_error(&refusal))
    }
}

async fn page_of(
    view: &mut Transaction,
    board: &BoardKey,
    choice: SeasonChoice,
    part: Part,
) -> Result<Option<BoardPage>, Refusal> {
    let Some(season) = season_of(view, board, choice).await? else { return Ok(None) };
    let entries = match part {
        Part::Page(PageStart::Rank(rank), count) => from_rank(view, season, rank.clamp(1, RANK_MAX), count).await?,
        Part::Page(PageStart::After(mark), count) => {
            // Who stood there may have gone elsewhere: the next rank is given to whoever is next now.
            let at_or_before = PlaceMark { serial: mark.serial.saturating_add(1), ..mark };
            let rank = count_before(view, season, at_or_before).await? + 1;
            let behind = side(view, season, mark, (Side::Behind, count)).await?;
            ranked(season, rank, &behind)?
        }
        Part::Around(account, count) => around(view, season, account, count).await?,
    };
    let Season { season_s, is_closed, entry_count, .. } = season;
    Ok(Some(BoardPage { season_s, is_closed, entry_count, entries }))
}

/// The season that is looked at; `None`: nobody has a score in the one that is chosen by its begin.
async fn season_of(view: &mut Transaction, board: &BoardKey, choice: SeasonChoice) -> Result<Option<Season>, Refusal> {
    let found =
        view.rows("SELECT id, open_from_s FROM boards WHERE key = $1 AND is_ascending = $2", &binds_of(board)).await?;
    let (id, open_from_s) = match found.first() {
        Some(row) => (row.number("id")?, row.number("open_from_s")?),
        None => (0, 0),
    };
    let season_s = match choice {
        SeasonChoice::Current(began_s) => began_s.max(open_from_s),
        SeasonChoice::Began(began_s) => began_s,
    };
    let counted = "SELECT entries FROM board_seasons WHERE board = $1 AND season_s = $2";
    let counted = view.rows(counted, &[id.into(), season_s.into()]).await?;
    let entry_count = counted.first().map(|row| row.number("entries")).transpose()?;
    if entry_count.is_none() && matches!(choice, SeasonChoice::Began(_)) {
        return Ok(None);
    }
    let is_closed = season_s < open_from_s;
    let entry_count = unsigned(entry_count.unwrap_or(0));
    Ok(Some(Season { board: id, is_ascending: board.is_ascending, season_s, is_closed, entry_count }))
}

fn binds_of(board: &BoardKey) -> [Bind; 2] {
    [board.key.as_str().into(), i64::from(board.is_ascending).into()]
}

/// How many stand before a place.
async fn count_before(view: &mut Transaction, season: Season, mark: PlaceMark) -> Result<u64, Refusal> {
    let before = "SELECT COUNT(*) AS before FROM scores
         WHERE board = $1 AND season_s = $2 AND (place, serial) < ($3, $4)";
    let binds = [season.board.into(), season.season_s.into(), mark.place.into(), mark.serial.into()];
    let counted = view.rows(before, &binds).await?;
    counted.first().map_or(Ok(0), |row| row.number("before")).map(unsigned)
}

async fn from_rank(
    view: &mut Transaction,
    season: Season,
    rank: u64,
    count: usize,
) -> Result<Vec<BoardEntry>, Refusal> {
    // What is skipped is read from the index alone.
    let these = "SELECT account, name, place, serial FROM
             (SELECT account, place, serial FROM scores WHERE board = $1 AND season_s = $2
              ORDER BY place, serial LIMIT $3 OFFSET $4) AS these
         JOIN accounts ON accounts.id = account ORDER BY place, serial";
    let skipped = i64::try_from(rank - 1).unwrap_or(i64::MAX);
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let binds = [season.board.into(), season.season_s.into(), count.into(), skipped.into()];
    ranked(season, rank, &view.rows(these, &binds).await?)
}

/// Which way from a place.
#[derive(Clone, Copy, Debug)]
enum Side {
    Before,
    Behind,
}

/// Those next to a place on one side, the nearest first.
async fn side(
    view: &mut Transaction,
    season: Season,
    mark: PlaceMark,
    (side, count): (Side, usize),
) -> Result<Vec<Row>, Refusal> {
    let these = match side {
        Side::Before => {
            "SELECT account, name, place, serial FROM
                 (SELECT account, place, serial FROM scores
                  WHERE board = $1 AND season_s = $2 AND (place, serial) < ($3, $4)
                  ORDER BY place DESC, serial DESC LIMIT $5) AS these
             JOIN accounts ON accounts.id = account ORDER BY place DESC, serial DESC"
        }
        Side::Behind => {
            "SELECT account, name, place, serial FROM
                 (SELECT account, place, serial FROM scores
                  WHERE board = $1 AND season_s = $2 AND (place, serial) > ($3, $4)
                  ORDER BY place, serial LIMIT $5) AS these
             JOIN accounts ON accounts.id = account ORDER BY place, serial"
        }
    };
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let binds = [season.board.into(), season.season_s.into(), mark.place.into(), mark.serial.into(), count.into()];
    view.rows(these, &binds).await
}

/// Somebody, with those around: as many before as behind where there are so many, and of one side more where the other has fewer.
async fn around(
    view: &mut Transaction,
    season: Season,
    account: AccountId,
    count: usize,
) -> Result<Vec<BoardEntry>, Refusal> {
    let own = "SELECT account, name, place, serial FROM scores JOIN accounts ON accounts.id = account
         WHERE board = $1 AND season_s = $2 AND account = $3";
    let mut own = view.rows(own, &[season.board.into(), season.season_s.into(), signed(account.0).into()]).await?;
    let Some(row) = own.first() else { return Ok(Vec::new()) };
    let mark = mark_of(row)?;
    let rank = count_before(view, season, mark).await? + 1;
    let others = count.saturating_sub(1);
    let mut before = side(view, season, mark, (Side::Before, others)).await?;
    let mut behind = side(view, season, mark, (Side::Behind, others)).await?;
    let half = others / 2;
    let before_count = before.len().min(half.max(others.saturating_sub(behind.len())));
    before.truncate(before_count);
    behind.truncate(others - before_count);
    let first = rank.saturating_sub(before_count as u64).max(1);
    before.reverse();
    before.append(&mut own);
    before.append(&mut behind);
    ranked(season, first, &before)
}

fn mark_of(row: &Row) -> Result<PlaceMark, Refusal> {
    Ok(PlaceMark { place: row.number("place")?, serial: row.number("serial")? })
}

/// Entries in the order of their ranks, from the first one's on.
fn ranked(season: Season, first: u64, rows: &[Row]) -> Result<Vec<BoardEntry>, Refusal> {
    let entry = |(rank, row): (u64, &Row)| {
        let mark = mark_of(row)?;
        let score = if season.is_ascending { mark.place } else { -mark.place };
        let account = AccountId(unsigned(row.number("account")?));
        Ok(BoardEntry { rank, account, name: row.text("name")?.to_owned(), score, mark })
    };
    (first..).zip(rows).map(entry).collect()
}
