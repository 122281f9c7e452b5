//! Rated battles begin once, and change what both are rated once.

use std::collections::BTreeMap;

use hypogeum_accounts::AccountStoreError;
use hypogeum_crash::crash_point;
use hypogeum_creature_messages::{CreatureResult, GameId};
use hypogeum_ladders::{LadderRating, LadderStore, RatedGame};
use hypogeum_progression::{Skill, rate_free_for_all};
use hypogeum_protocol::AccountId;
use hypogeum_store::{
    GamesReply, LadderSeason, LadderTerms, RatedRefusal, RatedStart, RunningGame, ScoreChange, StoreFailure,
};
use hypogeum_tournaments::{CreatureRecord, NewGame};

use crate::accounts::account_error;
use crate::change::Change;
use crate::creatures::record_of;
use crate::ended_games::running;
use crate::games::{hold, insert_game};
use crate::refusal::Refusal;
use crate::rows::{signed, table, unsigned};
use crate::sql::Row;
use crate::store::Store;
use crate::transaction::{Pools, Transaction};

/// Begins a rated battle.
pub(crate) async fn start(pools: &Pools, start: &RatedStart) -> Result<GamesReply, Refusal> {
    let started = pools.change(&StartRated(start)).await;
    crash_point!("after_rated_commit");
    let key = start.key.clone();
    Ok(match started? {
        Ok(game) => GamesReply::RatedStarted { key, game: Box::new(game) },
        Err(refused) => GamesReply::RatedRefused { key, refused },
    })
}

/// A rated battle of two whose creatures are free, or the one that the same request has begun before.
struct StartRated<'a>(&'a RatedStart);

impl Change for StartRated<'_> {
    type Done = Result<RunningGame, Vec<(AccountId, RatedRefusal)>>;

    async fn apply(&self, changes: &mut Transaction) -> Result<Self::Done, Refusal> {
        let RatedStart { ladder, tournament, players, key } = self.0;
        let [first, second] = players;
        if first.account == second.account || key.is_empty() {
            return Err(StoreFailure::Broken("a rated battle of one, or without a key".to_owned()).into());
        }
        let mut accounts = players.map(|player| signed(player.account.0));
        accounts.sort_unstable();
        changes.lock_accounts(&table(&accounts)?).await?;
        if let Some(game) = started_before(changes, key).await? {
            return Ok(Ok(game));
        }
        let (mut creatures, mut refused) = (Vec::new(), Vec::new());
        for player in players {
            match free_creature(changes, player.account, signed(player.creature.0)).await? {
                Ok(creature) => creatures.push(creature),
                Err(why) => refused.push((player.account, why)),
            }
        }
        if !refused.is_empty() {
            return Ok(Err(refused));
        }
        let new = NewGame {
            account: first.account,
            tournament: tournament.clone(),
            creatures: creatures.iter().map(|creature| creature.id).collect(),
            size: 2,
            fill: None,
            request_key: String::new(),
        };
        let game = insert_game(changes, &new).await?.id;
        hold(changes, game, &creatures).await?;
        let id = signed(game.0);
        let note = "INSERT INTO rated_games (game, ladder, start_key) VALUES ($1, $2, $3)";
        changes.run(note, &[id.into(), ladder.as_str().into(), key.as_str().into()]).await?;
        for account in accounts {
            let seat = "INSERT INTO rated_seats (account, game) VALUES ($1, $2)";
            changes.run(seat, &[account.into(), id.into()]).await?;
        }
        let begun = one_running(changes, game).await?;
        crash_point!("before_rated_commit");
        Ok(Ok(begun))
    }
}

/// The battle that was begun by this key before, as a shard is made of it. One that is over begins no more.
async fn started_before(changes: &mut Transaction, key: &str) -> Result<Option<RunningGame>, Refusal> {
    let found = changes.rows("SELECT game FROM rated_games WHERE start_key = $1", &[key.into()]).await?;
    let Some(row) = found.first() else { return Ok(None) };
    one_running(changes, GameId(unsigned(row.number("game")?))).await.map(Some)
}

async fn one_running(changes: &mut Transaction, game: GameId) -> Result<RunningGame, Refusal> {
    let before = GameId(game.0.saturating_sub(1));
    let found = running(changes, before, 1).await?.pop().filter(|found| found.id == game);
    found.ok_or_else(|| StoreFailure::UnknownGame(game).into())
}

/// A creature of somebody who is in no rated battle, where no game has it.
async fn free_creature(
    changes: &mut Transaction,
    account: AccountId,
    creature: i64,
) -> Result<Result<CreatureRecord, RatedRefusal>, Refusal> {
    let seat = "SELECT game FROM rated_seats WHERE account = $1";
    if !changes.rows(seat, &[signed(account.0).into()]).await?.is_empty() {
        return Ok(Err(RatedRefusal::InRatedGame));
    }
    let free = "SELECT *, COALESCE(game, 0) AS held FROM creatures
         WHERE id = $1 AND account = $2 AND game IS NULL AND released_s IS NULL";
    let found = changes.rows(free, &[creature.into(), signed(account.0).into()]).await?;
    Ok(found.first().map(record_of).transpose()?.ok_or(RatedRefusal::CreatureNotFree))
}

/// A game that is over or gone is nobody's rated battle any more.
pub(crate) async fn free_seats(changes: &mut Transaction, game: GameId) -> Result<(), Refusal> {
    changes.run("DELETE FROM rated_seats WHERE game = $1", &[signed(game.0).into()]).await.map(drop)
}

/// What a game that is over does to ratings, where it is rated; it is called once for a game, in the transaction that ends it. Returns
/// what it counts for on boards.
pub(crate) async fn rate(
    changes: &mut Transaction,
    game: GameId,
    results: &[CreatureResult],
    terms: &[LadderTerms],
) -> Result<Vec<ScoreChange>, Refusal> {
    let rated = changes.rows("SELECT ladder FROM rated_games WHERE game = $1", &[signed(game.0).into()]).await?;
    let Some(row) = rated.first() else { return Ok(Vec::new()) };
    free_seats(changes, game).await?;
    let ladder = row.text("ladder")?;
    let Some(terms) = terms.iter().find(|terms| terms.ladder == ladder) else {
        tracing::warn!(%game, ladder, "a rated battle is over whose ladder is gone: nobody's rating changes");
        return Ok(Vec::new());
    };
    // Of each person the best rank: there is one creature of each.
    let mut ranks: BTreeMap<AccountId, u16> = BTreeMap::new();
    for result in results.iter().filter(|result| result.owner != AccountId(0)) {
        let rank = ranks.entry(result.owner).or_insert(u16::MAX);
        *rank = (*rank).min(result.rank.into());
    }
    let mut before = Vec::with_capacity(ranks.len());
    for (account, rank) in ranks {
        let kept = kept_rating(changes, ladder, account).await?;
        let rating = match kept {
            Some(kept) => kept.in_season(terms.season_s, terms.pull_back_percent),
            None => LadderRating { skill: Skill::default(), season_s: terms.season_s, battles: 0, battles_ever: 0 },
        };
        before.push((account, rank, rating));
    }
    let skills: Vec<(Skill, u16)> = before.iter().map(|(_, rank, rating)| (rating.skill, *rank)).collect();
    let mut counted = Vec::new();
    for ((account, _, rating), skill) in before.into_iter().zip(rate_free_for_all(&skills)) {
        let (battles, battles_ever) = (rating.battles.saturating_add(1), rating.battles_ever.saturating_add(1));
        let rating = LadderRating { skill, battles, battles_ever, ..rating };
        write_rating(changes, ladder, account, rating).await?;
        if battles >= terms.battles_min {
            counted.extend(shown_on(terms, account, skill));
        }
    }
    Ok(counted)
}

fn shown_on(terms: &LadderTerms, account: AccountId, skill: Skill) -> impl Iterator<Item = ScoreChange> {
    terms.boards.iter().map(move |board| ScoreChange {
        board: board.board.clone(),
        season_s: board.season_s,
        account,
        operator: board.operator,
        value: skill.shown().into(),
        key: String::new(),
    })
}

const RATING: &str = "SELECT season_s, mean_micros, deviation_micros, battles, battles_ever FROM ladder_ratings
     WHERE ladder = $1 AND account = $2";

async fn kept_rating(
    changes: &mut Transaction,
    ladder: &str,
    account: AccountId,
) -> Result<Option<LadderRating>, Refusal> {
    let found = changes.rows(RATING, &[ladder.into(), signed(account.0).into()]).await?;
    found.first().map(rating_of).transpose()
}

/// What those of these accounts who were ever rated are rated in a season, as it is shown.
pub(crate) async fn shown_ratings(
    view: &mut Transaction,
    season: &LadderSeason,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, i32>, Refusal> {
    let these = "SELECT account, season_s, mean_micros, deviation_micros, battles, battles_ever
         FROM json_each($1) CROSS JOIN ladder_ratings WHERE ladder = $2 AND account = CAST(value AS BIGINT)";
    let asked: Vec<i64> = accounts.iter().map(|account| signed(account.0)).collect();
    let shown = |row: &Row| {
        let rating = rating_of(row)?.in_season(season.season_s, season.pull_back_percent);
        Ok((AccountId(unsigned(row.number("account")?)), rating.skill.shown()))
    };
    let rows = view.rows(these, &[table(&asked)?.into(), season.ladder.as_str().into()]).await?;
    rows.iter().map(shown).collect()
}

fn rating_of(row: &Row) -> Result<LadderRating, Refusal> {
    Ok(LadderRating {
        skill: Skill { mean_micros: row.number("mean_micros")?, deviation_micros: row.number("deviation_micros")? },
        season_s: row.number("season_s")?,
        battles: row.small("battles")?,
        battles_ever: row.small("battles_ever")?,
    })
}

async fn write_rating(
    changes: &mut Transaction,
    ladder: &str,
    account: AccountId,
    rating: LadderRating,
) -> Result<(), Refusal> {
    let write = "INSERT INTO ladder_ratings
             (ladder, account, season_s, mean_micros, deviation_micros, battles, battles_ever)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (ladder, account) DO UPDATE SET season_s = excluded.season_s,
             mean_micros = excluded.mean_micros, deviation_micros = excluded.deviation_micros,
             battles = excluded.battles, battles_ever = excluded.battles_ever";
    let binds = [
        ladder.into(),
        signed(account.0).into(),
        rating.season_s.into(),
        rating.skill.mean_micros.into(),
        rating.skill.deviation_micros.into(),
        i64::from(rating.battles).into(),
        i64::from(rating.battles_ever).into(),
    ];
    changes.run(write, &binds).await.map(drop)
}

impl LadderStore for Store {
    async fn ladder_rating(&self, ladder: &str, account: AccountId) -> Result<Option<LadderRating>, AccountStoreError> {
        let found = self.rows(RATING, vec![ladder.into(), signed(account.0).into()]).await;
        found.and_then(|rows| rows.first().map(rating_of).transpose()).map_err(|refusal| account_error(&refusal))
    }

    async fn rated_game(&self, account: AccountId) -> Result<Option<RatedGame>, AccountStoreError> {
        let seat = "SELECT rated_games.game AS game, ladder FROM rated_seats
             JOIN rated_games ON rated_games.game = rated_seats.game WHERE account = $1";
        let game = |row: &Row| {
            Ok(RatedGame { game: GameId(unsigned(row.number("game")?)), ladder: row.text("ladder")?.to_owned() })
        };
        let found = self.rows(seat, vec![signed(account.0).into()]).await;
        found.and_then(|rows| rows.first().map(game).transpose()).map_err(|refusal| account_error(&refusal))
    }
}
