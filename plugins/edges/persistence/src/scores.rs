//! Scores that come to boards, and seasons of boards that are over.

use std::collections::BTreeMap;

use hypogeum_crash::crash_point;
use hypogeum_store::{
    BoardKey, ClosedSeason, SCORE_KEY_BYTES_MAX, SCORE_MAX, SCORES_AT_ONCE_MAX, ScoreChange, ScoreOperator,
    ScoresReply, ScoresRequest, StoreFailure,
};

use crate::change::Change;
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, unsigned};
use crate::season_rewards;
use crate::transaction::{Pools, Transaction};

/// Answers one request.
pub(crate) async fn answer(pools: &Pools, request: &ScoresRequest) -> Result<ScoresReply, Refusal> {
    match request {
        ScoresRequest::Submit { changes, tag } => {
            pools.change(&Submit(changes)).await.map(|()| ScoresReply::Submitted { tag: *tag })
        }
        ScoresRequest::CloseSeasons { board, before_s, rewards } => {
            let closed = pools.change(&CloseSeasons { board, before_s: *before_s }).await;
            crash_point!("after_season_commit");
            if closed.is_ok() {
                // Asked again it goes on where it was: see `season_rewards.rs`.
                season_rewards::give_all(pools, board, rewards).await?;
            }
            closed.map(|closed| ScoresReply::SeasonsClosed { board: board.clone(), before_s: *before_s, closed })
        }
    }
}

/// Scores that come, in their order.
struct Submit<'a>(&'a [ScoreChange]);

impl Change for Submit<'_> {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        if self.0.len() > SCORES_AT_ONCE_MAX || self.0.iter().any(|score| score.key.len() > SCORE_KEY_BYTES_MAX) {
            return Err(StoreFailure::Broken("too many scores at once, or too long a key".to_owned()).into());
        }
        count(changes, self.0).await
    }
}

/// A board that nobody else changes until the end of the transaction.
struct LockedBoard {
    id: i64,
    open_from_s: i64,
    changes: i64,
}

/// Counts scores that come, in their order. Boards are locked after accounts, and in their own order.
pub(crate) async fn count(changes: &mut Transaction, scores: &[ScoreChange]) -> Result<(), Refusal> {
    let mut boards: BTreeMap<&BoardKey, LockedBoard> = BTreeMap::new();
    let mut keys: Vec<&BoardKey> = scores.iter().map(|score| &score.board).collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        boards.insert(key, lock_board(changes, key).await?);
    }
    for score in scores {
        if let Some(board) = boards.get_mut(&score.board) {
            count_one(changes, board, score).await?;
        }
    }
    for board in boards.values() {
        let note = "UPDATE boards SET changes = $2 WHERE id = $1";
        changes.run(note, &[board.id.into(), board.changes.into()]).await?;
    }
    Ok(())
}

/// A board, made where there was none.
async fn lock_board(changes: &mut Transaction, key: &BoardKey) -> Result<LockedBoard, Refusal> {
    let binds = [key.key.as_str().into(), i64::from(key.is_ascending).into()];
    let make = "INSERT INTO boards (key, is_ascending) VALUES ($1, $2) ON CONFLICT (key, is_ascending) DO NOTHING";
    changes.run(make, &binds).await?;
    let find = changes.either(
        "SELECT id, open_from_s, changes FROM boards WHERE key = $1 AND is_ascending = $2",
        "SELECT id, open_from_s, changes FROM boards WHERE key = $1 AND is_ascending = $2 FOR UPDATE",
    );
    let found = changes.rows(find, &binds).await?;
    let row = found.first().ok_or_else(|| StoreFailure::Broken("a board is not there".to_owned()))?;
    Ok(LockedBoard { id: row.number("id")?, open_from_s: row.number("open_from_s")?, changes: row.number("changes")? })
}

/// No place: nobody has so small a score.
const NO_PLACE: i64 = i64::MIN;

async fn count_one(changes: &mut Transaction, board: &mut LockedBoard, score: &ScoreChange) -> Result<(), Refusal> {
    let season_s = score.season_s.max(board.open_from_s);
    let (id, account) = (board.id, signed(score.account.0));
    let before = "SELECT COALESCE(place, $4) AS place FROM accounts
         LEFT JOIN scores ON board = $1 AND season_s = $2 AND account = accounts.id WHERE accounts.id = $3";
    let found = changes.rows(before, &[id.into(), season_s.into(), account.into(), NO_PLACE.into()]).await?;
    // Without an account there is nobody to have it.
    let Some(row) = found.first() else { return Ok(()) };
    let before = Some(row.number("place")?).filter(|place| *place != NO_PLACE);
    if !score.key.is_empty() {
        let note =
            "INSERT INTO score_keys (board, account, key, season_s) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        let binds = [id.into(), account.into(), score.key.as_str().into(), season_s.into()];
        if changes.run(note, &binds).await? == 0 {
            return Ok(());
        }
    }
    let Some(place) = place_after(before, score) else { return Ok(()) };
    board.changes += 1;
    let write = "INSERT INTO scores (board, season_s, account, place, serial) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (board, season_s, account) DO UPDATE SET place = excluded.place, serial = excluded.serial";
    let binds = [id.into(), season_s.into(), account.into(), place.into(), board.changes.into()];
    changes.run(write, &binds).await?;
    if before.is_none() {
        let one_more = "INSERT INTO board_seasons (board, season_s, entries) VALUES ($1, $2, 1)
             ON CONFLICT (board, season_s) DO UPDATE SET entries = board_seasons.entries + 1";
        changes.run(one_more, &[id.into(), season_s.into()]).await?;
    }
    Ok(())
}

/// Where somebody stands once a score has come; `None`: where it stood. Who comes back to the same score has had it for longer.
fn place_after(before: Option<i64>, score: &ScoreChange) -> Option<i64> {
    let sign = if score.board.is_ascending { 1 } else { -1 };
    let value = score.value.clamp(-SCORE_MAX, SCORE_MAX);
    let had = before.unwrap_or(0) * sign;
    let now = match score.operator {
        ScoreOperator::Best | ScoreOperator::Set => value,
        ScoreOperator::Increment => (had + value).clamp(-SCORE_MAX, SCORE_MAX),
        ScoreOperator::Decrement => (had - value).clamp(-SCORE_MAX, SCORE_MAX),
    };
    let place = now * sign;
    match (score.operator, before) {
        (_, None) => Some(place),
        (ScoreOperator::Best, Some(before)) => (place < before).then_some(place),
        (_, Some(before)) => (place != before).then_some(place),
    }
}

/// Seasons that are over. A season is closed once, for then the next is open.
struct CloseSeasons<'a> {
    board: &'a BoardKey,
    before_s: i64,
}

impl Change for CloseSeasons<'_> {
    type Done = Vec<ClosedSeason>;

    async fn apply(&self, changes: &mut Transaction) -> Result<Vec<ClosedSeason>, Refusal> {
        let board = lock_board(changes, self.board).await?;
        if board.open_from_s >= self.before_s {
            return Ok(Vec::new());
        }
        let (id, before_s) = (board.id, self.before_s);
        changes.run("UPDATE boards SET open_from_s = $2 WHERE id = $1", &[id.into(), before_s.into()]).await?;
        let close = "UPDATE board_seasons SET closed_s = $3 WHERE board = $1 AND season_s < $2 AND closed_s IS NULL
             RETURNING season_s, entries";
        let mut closed = Vec::new();
        for row in changes.rows(close, &[id.into(), before_s.into(), now_s().into()]).await? {
            closed.push(ClosedSeason { season_s: row.number("season_s")?, entries: unsigned(row.number("entries")?) });
        }
        closed.sort_unstable_by_key(|season| season.season_s);
        // A score that comes again comes soon: those of the season that is just over are still known.
        let forget = "DELETE FROM score_keys WHERE board = $1 AND season_s < $2";
        changes.run(forget, &[id.into(), board.open_from_s.into()]).await?;
        crash_point!("before_season_commit");
        Ok(closed)
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::AccountId;
    use hypogeum_store::ScoreOrder;

    use super::*;

    /// The score after another has come, where one had `had`; `None`: it stays.
    fn score(operator: ScoreOperator, order: ScoreOrder, had: Option<i64>, value: i64) -> Option<i64> {
        let board = BoardKey::new("test", order);
        let sign = if board.is_ascending { 1 } else { -1 };
        let change = ScoreChange { board, season_s: 0, account: AccountId(1), operator, value, key: String::new() };
        place_after(had.map(|score| score * sign), &change).map(|place| place * sign)
    }

    #[test]
    fn operators_of_a_board_where_more_is_better() {
        use ScoreOperator::{Best, Decrement, Increment, Set};
        let down = |operator, had, value| score(operator, ScoreOrder::Descending, had, value);
        assert_eq!([down(Best, None, -3), down(Best, Some(5), 7), down(Best, Some(5), 4)], [Some(-3), Some(7), None]);
        assert_eq!([down(Set, None, 3), down(Set, Some(5), 4), down(Set, Some(5), 5)], [Some(3), Some(4), None]);
        assert_eq!([down(Increment, None, 3), down(Increment, Some(5), -9)], [Some(3), Some(-4)]);
        assert_eq!([down(Decrement, None, 3), down(Decrement, Some(5), 4)], [Some(-3), Some(1)]);
        assert_eq!(down(Increment, Some(SCORE_MAX), i64::MAX), None, "more than counts is not counted");
        assert_eq!(down(Decrement, None, i64::MAX), Some(-SCORE_MAX), "nor less");
    }

    #[test]
    fn operators_of_a_board_where_less_is_better() {
        use ScoreOperator::{Best, Decrement, Increment, Set};
        let up = |operator, had, value| score(operator, ScoreOrder::Ascending, had, value);
        assert_eq!([up(Best, None, 3), up(Best, Some(5), 7), up(Best, Some(5), 4)], [Some(3), None, Some(4)]);
        assert_eq!([up(Set, Some(5), 7), up(Increment, Some(5), 2)], [Some(7), Some(7)]);
        assert_eq!([up(Decrement, None, 2), up(Decrement, Some(-2), 2)], [Some(-2), Some(-4)]);
    }
}
