//! What is asked by the service that runs games: those that are not over, and what one that is over has made of its creatures.

use std::collections::BTreeMap;

use hypogeum_crash::crash_point;
use hypogeum_creature_messages::{CreatureId, CreatureResult, GameId};
use hypogeum_protocol::AccountId;
use hypogeum_store::{
    GamesReply, GamesRequest, LadderTerms, RUNNING_GAMES_MAX, RunningCreature, RunningGame, ScoreChange, StoreFailure,
};
use hypogeum_tournaments::CreatureRecord;
use serde::Serialize;

use crate::change::Change;
use crate::creatures::{record_of, stats_of};
use crate::games::{GameStanding, free, lock_game, place};
use crate::refusal::Refusal;
use crate::rows::{ROWS_AT_ONCE, change_rows, now_s, signed, table, unsigned};
use crate::sql::Row;
use crate::transaction::{Pools, Transaction};
use crate::{ladders, pots, scores, starts};

/// Answers one request.
pub(crate) async fn answer(pools: &Pools, request: &GamesRequest) -> Result<GamesReply, Refusal> {
    match request {
        GamesRequest::Running { after, count } => {
            let mut view = pools.view().await?;
            let found = running(&mut view, *after, *count).await;
            view.finish(found).await.map(GamesReply::Running)
        }
        GamesRequest::StartRated(start) => ladders::start(pools, start).await,
        GamesRequest::Settle { game, results, overview, scores, ladders } => {
            let settled = pools.change(&SettleGame { game: *game, results, overview, scores, ladders }).await;
            crash_point!("after_game_commit");
            settled.map(|()| GamesReply::Settled(*game))
        }
        GamesRequest::Entries(request) => starts::answer(pools, request).await.map(GamesReply::Entries),
    }
}

/// Games that are played, in the order of their numbers.
pub(crate) async fn running(view: &mut Transaction, after: GameId, count: usize) -> Result<Vec<RunningGame>, Refusal> {
    let these = "SELECT id, COALESCE(account, 0) AS account, tournament, size, fill FROM games
         WHERE id > $1 AND ended_s IS NULL AND started_s IS NOT NULL ORDER BY id LIMIT $2";
    let count = i64::try_from(count.min(RUNNING_GAMES_MAX)).unwrap_or(i64::MAX);
    let rows = view.rows(these, &[place(after).into(), count.into()]).await?;
    let mut games: Vec<RunningGame> = rows.iter().map(running_game).collect::<Result<_, _>>()?;
    let ids: Vec<i64> = games.iter().map(|game| signed(game.id.0)).collect();
    let held = "SELECT game, creature, owner, accounts.name AS account_name, game_creatures.name AS name, kind,
                speed, health, defence, strength, luck, points
         FROM json_each($1) CROSS JOIN game_creatures CROSS JOIN accounts
         WHERE game = CAST(value AS BIGINT) AND accounts.id = owner ORDER BY game, seed";
    let mut creatures: BTreeMap<i64, Vec<RunningCreature>> = BTreeMap::new();
    for some in ids.chunks(ROWS_AT_ONCE) {
        for row in view.rows(held, &[table(some)?.into()]).await? {
            creatures.entry(row.number("game")?).or_default().push(running_creature(&row)?);
        }
    }
    for (game, id) in games.iter_mut().zip(ids) {
        game.creatures = creatures.remove(&id).unwrap_or_default();
    }
    Ok(games)
}

/// A game without its creatures.
fn running_game(row: &Row) -> Result<RunningGame, Refusal> {
    let fill = row.text("fill")?;
    Ok(RunningGame {
        id: GameId(unsigned(row.number("id")?)),
        account: AccountId(unsigned(row.number("account")?)),
        tournament: row.text("tournament")?.to_owned(),
        size: row.small("size")?,
        fill: (!fill.is_empty()).then(|| fill.to_owned()),
        creatures: Vec::new(),
    })
}

fn running_creature(row: &Row) -> Result<RunningCreature, Refusal> {
    Ok(RunningCreature {
        id: CreatureId(unsigned(row.number("creature")?)),
        account: AccountId(unsigned(row.number("owner")?)),
        account_name: row.text("account_name")?.to_owned(),
        name: row.text("name")?.to_owned(),
        kind: row.text("kind")?.to_owned(),
        stats: stats_of(row)?,
        points: row.small("points")?,
    })
}

/// A game that is over: its creatures are what it has made of them, and free. It is done once, for then the game is over.
struct SettleGame<'a> {
    game: GameId,
    results: &'a [CreatureResult],
    overview: &'a [u8],
    scores: &'a [ScoreChange],
    ladders: &'a [LadderTerms],
}

impl Change for SettleGame<'_> {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        match lock_game(changes, self.game).await? {
            None | Some(GameStanding::Open) => return Err(StoreFailure::UnknownGame(self.game).into()),
            Some(GameStanding::Over | GameStanding::CalledOff) => return Ok(()),
            Some(GameStanding::Running) => {}
        }
        let game = signed(self.game.0);
        let mut results: BTreeMap<CreatureId, &CreatureResult> =
            self.results.iter().map(|result| (result.creature, result)).collect();
        let held = "SELECT *, game AS held FROM creatures WHERE game = $1 AND released_s IS NULL ORDER BY id";
        let mut rows = Vec::new();
        for row in changes.rows(held, &[game.into()]).await? {
            let before = record_of(&row)?;
            if let Some(result) = results.remove(&before.id) {
                rows.push(CreatureRow::from(&after(&before, result)));
            }
        }
        let write =
            "UPDATE creatures SET speed = CAST(value -> 1 ->> 0 AS BIGINT), health = CAST(value -> 1 ->> 1 AS BIGINT),
                 defence = CAST(value -> 1 ->> 2 AS BIGINT), strength = CAST(value -> 1 ->> 3 AS BIGINT),
                 luck = CAST(value -> 1 ->> 4 AS BIGINT), points = CAST(value -> 1 ->> 5 AS BIGINT),
                 won = CAST(value -> 2 ->> 0 AS BIGINT), lost = CAST(value -> 2 ->> 1 AS BIGINT),
                 streak = CAST(value -> 2 ->> 2 AS BIGINT), best_streak = CAST(value -> 2 ->> 3 AS BIGINT),
                 titles = CAST(value -> 2 ->> 4 AS BIGINT)
             FROM json_each($1) WHERE creatures.id = CAST(value ->> 0 AS BIGINT) AND game = $2";
        change_rows(changes, write, &rows, game).await?;
        free(changes, self.game).await?;
        pots::pay(changes, self.game, self.results).await?;
        let rated = ladders::rate(changes, self.game, self.results, self.ladders).await?;
        scores::count(changes, &[self.scores, &rated].concat()).await?;
        let end = "UPDATE games SET ended_s = $1, overview = $2 WHERE id = $3";
        changes.run(end, &[now_s().into(), self.overview.into(), game.into()]).await?;
        crash_point!("before_game_commit");
        Ok(())
    }
}

/// A creature after a game, where it was as `before` when that began.
///
/// The streak that it came with goes on until it loses. How many it had won by then is known where it lost no more than once: those
/// it has not won since. Where it lost more often, what it came with counts as it was.
fn after(before: &CreatureRecord, result: &CreatureResult) -> CreatureRecord {
    let won_at_first = match result.lost {
        0 => result.won,
        1 => result.won.saturating_sub(result.streak),
        _ => 0,
    };
    let went_on = before.streak.saturating_add(won_at_first);
    CreatureRecord {
        stats: result.stats,
        points: result.points,
        won: before.won.saturating_add(result.won),
        lost: before.lost.saturating_add(result.lost),
        streak: if result.lost == 0 { went_on } else { result.streak },
        best_streak: before.best_streak.max(went_on).max(result.best_streak),
        titles: before.titles.saturating_add(u32::from(result.is_champion)),
        game: None,
        ..before.clone()
    }
}

/// A creature as the statement that writes it reads it: its number; stats and points; won, lost, streak, best streak and titles.
#[derive(Serialize)]
struct CreatureRow(i64, [u32; 6], [u32; 5]);

impl From<&CreatureRecord> for CreatureRow {
    fn from(creature: &CreatureRecord) -> Self {
        let [speed, health, defence, strength, luck] = creature.stats.values();
        let made_of = [speed, health, defence, strength, luck, creature.points];
        let fame = [creature.won, creature.lost, creature.streak, creature.best_streak, creature.titles];
        Self(signed(creature.id.0), made_of, fame)
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_creature_messages::CreatureStats;

    use super::*;

    /// The streak and the best streak of a creature that comes with 4 won in a row, and 5 at best.
    fn streaks(won: u32, lost: u32, streak: u32, best_streak: u32) -> (u32, u32) {
        let before = CreatureRecord {
            id: CreatureId(1),
            account: AccountId(1),
            name: "Cinder".to_owned(),
            kind: "emberfox".to_owned(),
            stats: CreatureStats::default(),
            points: 0,
            won: 10,
            lost: 2,
            streak: 4,
            best_streak: 5,
            titles: 0,
            game: Some(GameId(1)),
            created_s: 0,
        };
        let result = CreatureResult {
            creature: CreatureId(1),
            owner: AccountId(1),
            rank: 1,
            sharing: 1,
            is_champion: false,
            stats: CreatureStats::default(),
            points: 0,
            won,
            lost,
            streak,
            best_streak,
        };
        let after = after(&before, &result);
        assert_eq!((after.won, after.lost), (10 + won, 2 + lost), "what was won and lost adds up");
        (after.streak, after.best_streak)
    }

    #[test]
    fn a_streak_goes_on_until_something_is_lost() {
        assert_eq!(streaks(3, 0, 3, 3), (7, 7), "none lost: 4 and 3 more");
        assert_eq!(streaks(3, 1, 0, 3), (0, 7), "lost the last: the streak that ended is the best all the same");
        assert_eq!(streaks(5, 1, 4, 4), (4, 5), "lost after one: 4 and 1, then 4 more");
        assert_eq!(streaks(2, 3, 1, 1), (1, 5), "lost several: where is not known");
        assert_eq!(streaks(9, 2, 8, 8), (8, 8), "better than ever in one game");
        assert_eq!(streaks(0, 1, 0, 0), (0, 5), "lost at once");
    }
}
