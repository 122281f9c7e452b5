//! Boards of who is best: which there are, pages of them, those around somebody, and seasons that were.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::{Extension, Json};
use hypogeum_leaderboards::{
    Board, BoardPage, BoardSeason, BoardSource, Boards, ENTRIES_PER_PAGE_MAX, PageStart, PlaceMark, SeasonChoice,
};
use hypogeum_progression::RewardTerms;
use hypogeum_protocol::AccountId;
use hypogeum_store::{ScoreOperator, ScoreOrder};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::NoBody;
use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::kept_answer::KeptAnswer;
use crate::openapi::values::{CountsWord, OperatorWord, OrderWord};
use crate::query::Query;
use crate::rewards::RewardBody;
use crate::store::GatewayStore;

/// Entries of a page where nobody says how many.
const COUNT_USUAL: usize = 100;
/// Most seasons of one page.
const SEASONS_PER_PAGE_MAX: usize = 100;
/// Entries around somebody where nobody says how many.
const AROUND_USUAL: usize = 11;

/// Why nothing is shown of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeaderboardError {
    /// No board has this key.
    #[error("there is no such leaderboard")]
    NoSuchLeaderboard,
    /// No season of it began then, or nobody has a score in it.
    #[error("there is no such season")]
    NoSuchSeason,
}

impl LeaderboardError {
    /// The HTTP status it is answered with.
    pub(crate) const fn status(self) -> StatusCode {
        StatusCode::NOT_FOUND
    }

    /// Its stable name.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::NoSuchLeaderboard => "no_such_leaderboard",
            Self::NoSuchSeason => "no_such_season",
        }
    }
}

/// The boards of the game, and what is answered to those who ask which there are.
#[derive(Clone, Debug)]
pub(crate) struct GameBoards {
    boards: Boards,
    answer: KeptAnswer,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Leaderboards)]
pub(crate) struct BoardsBody<'a> {
    leaderboards: Vec<BoardBody<'a>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Leaderboard)]
struct BoardBody<'a> {
    key: &'a str,
    name: &'a str,
    description: &'a str,
    #[schema(value_type = OperatorWord)]
    operator: &'static str,
    #[schema(value_type = OrderWord)]
    order: &'static str,
    #[schema(value_type = CountsWord)]
    counts: &'static str,
    has_seasons: bool,
    /// What the best get when a season is over, the first ranks first; left out: nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    rewards: Vec<BoardRewardBody>,
}

/// What ranks get, from behind those of the step before.
#[derive(Serialize, ToSchema)]
#[schema(as = LeaderboardReward)]
struct BoardRewardBody {
    to_rank: u64,
    reward: RewardBody,
}

impl<'a> From<&'a Board> for BoardBody<'a> {
    fn from(board: &'a Board) -> Self {
        let operator = match board.operator {
            ScoreOperator::Best => "best",
            ScoreOperator::Set => "set",
            ScoreOperator::Increment => "increment",
            ScoreOperator::Decrement => "decrement",
        };
        let order = match board.order {
            ScoreOrder::Descending => "descending",
            ScoreOrder::Ascending => "ascending",
        };
        let counts = match board.source {
            BoardSource::Submissions => "submissions",
            BoardSource::GamesWon { .. } => "games_won",
            BoardSource::Rating { .. } => "rating",
        };
        let Board { key, name, description, season, rewards, .. } = board;
        let reward =
            |(to_rank, terms): &(u64, RewardTerms)| BoardRewardBody { to_rank: *to_rank, reward: terms.clone().into() };
        let (has_seasons, rewards) = (season.is_some(), rewards.iter().map(reward).collect());
        Self { key, name, description, operator, order, counts, has_seasons, rewards }
    }
}

impl GameBoards {
    /// Words the answer once.
    ///
    /// # Errors
    /// [`serde_json::Error`] where it is no JSON, which it always is: it has text alone.
    pub(crate) fn new(boards: Boards) -> Result<Self, serde_json::Error> {
        let answer = KeptAnswer::new(&BoardsBody { leaderboards: boards.iter().map(BoardBody::from).collect() })?;
        Ok(Self { boards, answer })
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = BoardPage)]
pub(crate) struct PageBody {
    leaderboard: String,
    season: SeasonBody,
    entries: Vec<EntryBody>,
    /// What to ask for behind them; `None`: nobody is there.
    #[schema(required)]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Season)]
pub(crate) struct SeasonBody {
    season_s: i64,
    #[schema(value_type = i64)]
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_s: Option<i64>,
    is_over: bool,
    entry_count: u64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = BoardEntry)]
struct EntryBody {
    rank: u64,
    account_id: u64,
    name: String,
    score: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Seasons)]
pub(crate) struct SeasonsBody {
    leaderboard: String,
    seasons: Vec<SeasonBody>,
    next: Option<String>,
}

impl PageBody {
    fn of(board: &Board, now_s: i64, page: BoardPage) -> Self {
        let BoardPage { season_s, is_closed, entry_count, entries } = page;
        let last = entries.last().filter(|last| last.rank < entry_count);
        let next = last.map(|last| format!("{}.{}", last.mark.place, last.mark.serial));
        let entries = entries.into_iter().map(|entry| EntryBody {
            rank: entry.rank,
            account_id: entry.account.0,
            name: entry.name,
            score: entry.score,
        });
        let season = SeasonBody::of(board, now_s, (season_s, is_closed, entry_count));
        Self { leaderboard: board.key.clone(), season, entries: entries.collect(), next }
    }
}

impl SeasonBody {
    /// A season is over once the next has begun; that it is closed is written a moment later.
    fn of(board: &Board, now_s: i64, (season_s, is_closed, entry_count): (i64, bool, u64)) -> Self {
        let is_over = is_closed || season_s < board.season_s(now_s);
        let ends_s = board.season_end_s(now_s).filter(|_| !is_over);
        Self { season_s, ends_s, is_over, entry_count }
    }
}

/// A [`PlaceMark`] as clients send it back.
struct After(PlaceMark);

impl FromStr for After {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (place, serial) = text.split_once('.').ok_or(())?;
        Ok(Self(PlaceMark { place: place.parse().map_err(drop)?, serial: serial.parse().map_err(drop)? }))
    }
}

type Key = Result<Path<String>, PathRejection>;

fn board_of<S: GatewayStore>(gateway: &Gateway<S>, key: Key) -> Result<&Board, ApiError> {
    let Path(key) = key.map_err(|_| ApiError::NotFound)?;
    let boards = gateway.boards.as_ref().map(|game| &game.boards);
    boards.and_then(|boards| boards.find(&key)).ok_or(LeaderboardError::NoSuchLeaderboard.into())
}

fn now_s<S: GatewayStore>() -> Result<i64, ApiError> {
    Gateway::<S>::now_s().map(|now_s| i64::try_from(now_s).unwrap_or(i64::MAX))
}

fn choice(query: &Query<'_>, board: &Board, now_s: i64) -> Result<SeasonChoice, ApiError> {
    let began = query.value("season")?;
    Ok(began.map_or_else(|| SeasonChoice::Current(board.season_s(now_s)), SeasonChoice::Began))
}

fn count(query: &Query<'_>, usual: usize) -> Result<usize, ApiError> {
    Ok(query.value::<usize>("count")?.unwrap_or(usual).clamp(1, ENTRIES_PER_PAGE_MAX))
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let GameBoards { answer, .. } = gateway.boards.as_ref().ok_or(ApiError::NotFound)?;
    Ok(answer.respond(&headers))
}

pub(crate) async fn page<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    key: Key,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<PageBody>, ApiError> {
    let board = board_of(&gateway, key)?;
    let query = Query::read(query.as_deref(), &["season", "from", "after", "count"])?;
    let now_s = now_s::<S>()?;
    let start = match (query.value("after")?, query.value("from")?) {
        (Some(After(mark)), None) => PageStart::After(mark),
        (None, from) => PageStart::Rank(from.unwrap_or(1)),
        (Some(_), Some(_)) => return Err(ApiError::MalformedQuery("either from or after".to_owned())),
    };
    let (season, count) = (choice(&query, board, now_s)?, count(&query, COUNT_USUAL)?);
    let page = gateway.store.board_page(&board.board_key(), season, start, count).await?;
    let page = page.ok_or(LeaderboardError::NoSuchSeason)?;
    Ok(Json(PageBody::of(board, now_s, page)))
}

pub(crate) async fn around<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    key: Key,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<PageBody>, ApiError> {
    let board = board_of(&gateway, key)?;
    let query = Query::read(query.as_deref(), &["season", "account_id", "count"])?;
    let now_s = now_s::<S>()?;
    let account = query.value("account_id")?.map_or(caller.account, AccountId);
    let (season, count) = (choice(&query, board, now_s)?, count(&query, AROUND_USUAL)?);
    let page = gateway.store.board_around(&board.board_key(), season, account, count).await?;
    let page = page.ok_or(LeaderboardError::NoSuchSeason)?;
    Ok(Json(PageBody::of(board, now_s, page)))
}

pub(crate) async fn seasons<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    key: Key,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<SeasonsBody>, ApiError> {
    let board = board_of(&gateway, key)?;
    let query = Query::read(query.as_deref(), &["after", "before", "count"])?;
    let mut page = query.page(SEASONS_PER_PAGE_MAX)?;
    // The latest stand first, so what is behind a season was before it.
    page.after = page.after.or(query.value("before")?);
    let now_s = now_s::<S>()?;
    let seasons = gateway.store.board_seasons(&board.board_key(), page.after, page.count).await?;
    let next = page.next(&seasons, |last| last.season_s.to_string());
    let body = |season: BoardSeason| {
        SeasonBody::of(board, now_s, (season.season_s, season.closed_s.is_some(), season.entry_count))
    };
    let seasons = seasons.into_iter().map(body).collect();
    Ok(Json(SeasonsBody { leaderboard: board.key.clone(), seasons, next }))
}
