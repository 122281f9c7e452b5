//! Games that creatures are in: started, dropped, looked up.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_protocol::AccountId;
use hypogeum_tournaments::{
    CreatureError, CreatureRecord, EntryStage, GAMES_PER_PAGE_MAX, GAMES_RUNNING_MAX, GameLine, GameRecord, GameState,
    NewGame,
};
use serde::Serialize;

use crate::change::Change;
use crate::creatures::{lock_account, record_of};
use crate::entries::call_off;
use crate::ladders::free_seats;
use crate::refusal::Refusal;
use crate::rows::{change_rows, now_s, signed, table, unsigned};
use crate::sql::{Bind, Row};
use crate::store::Store;
use crate::transaction::Transaction;

/// A statement that reads games: what [`game_of`] reads of each, and then what follows.
macro_rules! games {
    ($rest:literal) => {
        concat!(
            "SELECT id, COALESCE(account, 0) AS account, tournament, size, fill, created_s,
                COALESCE(started_s, -1) AS started_s, COALESCE(ended_s, -1) AS ended_s, overview FROM games ",
            $rest
        )
    };
}

/// A game whose creatures are all free, or the one that the same request has started before.
pub(crate) struct StartGame(pub(crate) NewGame);

impl Change for StartGame {
    type Done = (GameRecord, Vec<CreatureRecord>, bool);

    async fn apply(&self, changes: &mut Transaction) -> Result<Self::Done, Refusal> {
        let wanted = &self.0;
        lock_account(changes, wanted.account).await?;
        if let Some(before) = started_before(changes, wanted).await? {
            let creatures = creatures_of(changes, before.id).await?;
            return Ok((before, creatures, false));
        }
        let mut creatures = free_creatures(changes, wanted).await?;
        let running = "SELECT COUNT(*) AS running FROM games WHERE account = $1 AND ended_s IS NULL
             AND started_s IS NOT NULL";
        let running = changes.rows(running, &[signed(wanted.account.0).into()]).await?;
        if running.first().map_or(Ok(0), |row| row.small::<usize>("running"))? >= GAMES_RUNNING_MAX {
            return Err(CreatureError::TooManyGames.into());
        }
        let game = insert_game(changes, wanted).await?;
        hold(changes, game.id, &creatures).await?;
        for creature in &mut creatures {
            creature.game = Some(game.id);
        }
        Ok((game, creatures, true))
    }
}

/// The game that an account has started with this request before.
async fn started_before(changes: &mut Transaction, wanted: &NewGame) -> Result<Option<GameRecord>, Refusal> {
    if wanted.request_key.is_empty() {
        return Ok(None);
    }
    let before = games!("WHERE account = $1 AND request_key = $2 AND request_key <> ''");
    let binds = [signed(wanted.account.0).into(), wanted.request_key.as_str().into()];
    let before = changes.rows(before, &binds).await?;
    Ok(with_creatures(changes, &before).await?.pop())
}

/// The creatures that are to take part, the best seed first, where all may.
async fn free_creatures(changes: &mut Transaction, wanted: &NewGame) -> Result<Vec<CreatureRecord>, Refusal> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = wanted.creatures.iter().find(|id| !seen.insert(**id)) {
        return Err(CreatureError::Twice(*twice).into());
    }
    let asked: Vec<i64> = wanted.creatures.iter().map(|id| signed(id.0)).collect();
    let living = "SELECT creatures.*, COALESCE(game, 0) AS held FROM json_each($1) CROSS JOIN creatures
         WHERE creatures.id = CAST(value AS BIGINT) AND released_s IS NULL";
    let mut found = BTreeMap::new();
    for row in changes.rows(living, &[table(&asked)?.into()]).await? {
        let record = record_of(&row)?;
        found.insert(record.id, record);
    }
    let mut creatures = Vec::with_capacity(asked.len());
    for &id in &wanted.creatures {
        let record = found.remove(&id).ok_or(CreatureError::NoSuchCreature(id))?;
        if record.account != wanted.account {
            return Err(CreatureError::NotYours(id).into());
        }
        if let Some(game) = record.game {
            return Err(CreatureError::InGame { creature: id, game }.into());
        }
        creatures.push(record);
    }
    Ok(creatures)
}

pub(crate) async fn insert_game(changes: &mut Transaction, wanted: &NewGame) -> Result<GameRecord, Refusal> {
    let created_s = now_s();
    let insert = "INSERT INTO games (account, tournament, size, fill, request_key, created_s, started_s)
         VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id";
    let binds = [
        signed(wanted.account.0).into(),
        wanted.tournament.as_str().into(),
        i64::from(wanted.size).into(),
        wanted.fill.as_deref().unwrap_or_default().into(),
        wanted.request_key.as_str().into(),
        created_s.into(),
    ];
    let inserted = changes.rows(insert, &binds).await?;
    let id = inserted.first().map_or(Err(CreatureError::Unavailable.into()), |row| row.number("id"))?;
    Ok(GameRecord {
        id: GameId(unsigned(id)),
        account: wanted.account,
        tournament: wanted.tournament.clone(),
        size: wanted.size,
        fill: wanted.fill.clone(),
        state: GameState::Running { creatures: wanted.creatures.clone() },
        created_s: unsigned(created_s),
    })
}

/// A creature as the statement that notes it for its game reads it: seed, creature, owner, name, kind, stats and points.
#[derive(Serialize)]
struct HeldRow<'a>(usize, i64, i64, &'a str, &'a str, [u32; 5], u32);

impl<'a> HeldRow<'a> {
    fn of((seed, creature): (usize, &'a CreatureRecord)) -> Self {
        let (id, owner) = (signed(creature.id.0), signed(creature.account.0));
        Self(seed, id, owner, &creature.name, &creature.kind, creature.stats.values(), creature.points)
    }
}

/// Lets a game hold creatures that are free, or that it holds already, and notes how they are.
pub(crate) async fn hold(changes: &mut Transaction, game: GameId, creatures: &[CreatureRecord]) -> Result<(), Refusal> {
    let rows: Vec<HeldRow<'_>> = creatures.iter().enumerate().map(HeldRow::of).collect();
    let insert = "INSERT INTO game_creatures
             (game, seed, creature, owner, name, kind, speed, health, defence, strength, luck, points)
         SELECT $2, CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT), value ->> 3,
                value ->> 4, CAST(value -> 5 ->> 0 AS BIGINT), CAST(value -> 5 ->> 1 AS BIGINT),
                CAST(value -> 5 ->> 2 AS BIGINT), CAST(value -> 5 ->> 3 AS BIGINT), CAST(value -> 5 ->> 4 AS BIGINT),
                CAST(value ->> 6 AS BIGINT)
         FROM json_each($1)";
    change_rows(changes, insert, &rows, signed(game.0)).await?;
    let hold = "UPDATE creatures SET game = $2 FROM json_each($1) WHERE creatures.id = CAST(value ->> 1 AS BIGINT)";
    change_rows(changes, hold, &rows, signed(game.0)).await
}

/// A game that could not be played: it is gone, and its creatures are free; one that people have entered is called off.
pub(crate) struct DropGame(pub(crate) GameId);

impl Change for DropGame {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        if lock_game(changes, self.0).await? != Some(GameStanding::Running) {
            return Ok(());
        }
        if call_off(changes, self.0).await? {
            return Ok(());
        }
        let game = signed(self.0.0);
        free(changes, self.0).await?;
        free_seats(changes, self.0).await?;
        changes.run("DELETE FROM rated_games WHERE game = $1", &[game.into()]).await?;
        changes.run("DELETE FROM game_creatures WHERE game = $1", &[game.into()]).await?;
        changes.run("DELETE FROM games WHERE id = $1", &[game.into()]).await?;
        Ok(())
    }
}

/// How far a game is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GameStanding {
    Open,
    Running,
    Over,
    CalledOff,
}

impl GameStanding {
    /// Reads columns `started_s` and `ended_s`, each -1 where it is missing.
    pub(crate) fn of(row: &Row) -> Result<Self, Refusal> {
        Ok(match (row.number("started_s")? != -1, row.number("ended_s")? != -1) {
            (false, false) => Self::Open,
            (true, false) => Self::Running,
            (true, true) => Self::Over,
            (false, true) => Self::CalledOff,
        })
    }

    /// The same for a caller.
    pub(crate) const fn stage(self) -> EntryStage {
        match self {
            Self::Open => EntryStage::Open,
            Self::Running => EntryStage::Running,
            Self::Over => EntryStage::Over,
            Self::CalledOff => EntryStage::CalledOff,
        }
    }
}

/// Keeps everyone else from a game, but not from what those own who are in it; `None` where there is no such game.
pub(crate) async fn lock_standing(changes: &mut Transaction, id: GameId) -> Result<Option<GameStanding>, Refusal> {
    macro_rules! game {
        ($lock:literal) => {
            concat!(
                "SELECT COALESCE(started_s, -1) AS started_s, COALESCE(ended_s, -1) AS ended_s FROM games WHERE id = $1",
                $lock
            )
        };
    }
    let game = changes.either(game!(""), game!(" FOR UPDATE"));
    let found = changes.rows(game, &[signed(id.0).into()]).await?;
    found.first().map(GameStanding::of).transpose()
}

/// Keeps everyone else from a game, and where it runs, from what those own whose creatures it has; `None` where there is no such game.
pub(crate) async fn lock_game(changes: &mut Transaction, id: GameId) -> Result<Option<GameStanding>, Refusal> {
    let standing = lock_standing(changes, id).await?;
    if standing != Some(GameStanding::Running) {
        return Ok(standing);
    }
    let owners = "SELECT DISTINCT owner FROM game_creatures WHERE game = $1 ORDER BY owner";
    let owners = changes.rows(owners, &[signed(id.0).into()]).await?;
    let owners: Vec<i64> = owners.iter().map(|row| row.number("owner")).collect::<Result<_, _>>()?;
    changes.lock_accounts(&table(&owners)?).await?;
    Ok(standing)
}

/// Lets go of all creatures that a game holds.
pub(crate) async fn free(changes: &mut Transaction, game: GameId) -> Result<(), Refusal> {
    changes.run("UPDATE creatures SET game = NULL WHERE game = $1", &[signed(game.0).into()]).await.map(drop)
}

/// The creatures that take part in a game, as they are now, the best seed first.
async fn creatures_of(view: &mut Transaction, game: GameId) -> Result<Vec<CreatureRecord>, Refusal> {
    let these = "SELECT creatures.*, COALESCE(creatures.game, 0) AS held FROM game_creatures
         JOIN creatures ON creatures.id = creature WHERE game_creatures.game = $1 ORDER BY seed";
    view.rows(these, &[signed(game.0).into()]).await?.iter().map(record_of).collect()
}

/// A game, whoever's it is.
pub(crate) async fn one(store: &Store, id: GameId) -> Result<Option<GameRecord>, Refusal> {
    let this = games!("WHERE id = $1");
    Ok(look_up(store, this, vec![signed(id.0).into()]).await?.pop())
}

/// Games of an account before one, the newest first: those that it has started or opened, and those that it has entered. How they stood in
/// the end, some kilobytes of each, stays where it is.
pub(crate) async fn page(
    store: &Store,
    account: AccountId,
    before: Option<GameId>,
    count: usize,
) -> Result<Vec<GameLine>, Refusal> {
    let newest = "SELECT id, tournament, size, created_s, COALESCE(started_s, -1) AS started_s,
                COALESCE(ended_s, -1) AS ended_s
         FROM games
         WHERE id IN (SELECT id FROM (SELECT id FROM games WHERE account = $1 AND id < $2 ORDER BY id DESC LIMIT $3) AS own
            UNION SELECT game FROM (SELECT DISTINCT game FROM game_entries WHERE account = $1 AND game < $2
                AND left_s IS NULL ORDER BY game DESC LIMIT $3) AS entered
            UNION SELECT game FROM (SELECT DISTINCT game FROM game_creatures WHERE owner = $1 AND game < $2
                ORDER BY game DESC LIMIT $3) AS fought)
         ORDER BY id DESC LIMIT $3";
    let before = before.map_or(i64::MAX, place);
    let count = i64::try_from(count.min(GAMES_PER_PAGE_MAX)).unwrap_or(i64::MAX);
    let binds = vec![signed(account.0).into(), before.into(), count.into()];
    store.rows(newest, binds).await?.iter().map(line_of).collect()
}

fn line_of(row: &Row) -> Result<GameLine, Refusal> {
    let ended_s = row.number("ended_s")?;
    Ok(GameLine {
        id: GameId(unsigned(row.number("id")?)),
        tournament: row.text("tournament")?.to_owned(),
        size: row.small("size")?,
        stage: GameStanding::of(row)?.stage(),
        created_s: unsigned(row.number("created_s")?),
        ended_s: (ended_s != -1).then(|| unsigned(ended_s)),
    })
}

/// Where a game stands in the order of numbers. No game has a number beyond those of the database.
pub(crate) fn place(game: GameId) -> i64 {
    i64::try_from(game.0).unwrap_or(i64::MAX)
}

async fn look_up(store: &Store, statement: &'static str, binds: Vec<Bind>) -> Result<Vec<GameRecord>, Refusal> {
    let pools = store.pools().clone();
    let looking = async move {
        let mut view = pools.view().await?;
        let found = match view.rows(statement, &binds).await {
            Ok(rows) => with_creatures(&mut view, &rows).await,
            Err(refusal) => Err(refusal),
        };
        view.finish(found).await
    };
    store.on_runtime(looking).await
}

/// Games by their rows, those that run with the creatures that they hold.
async fn with_creatures(view: &mut Transaction, rows: &[Row]) -> Result<Vec<GameRecord>, Refusal> {
    let ids: Vec<i64> = rows.iter().map(|row| row.number("id")).collect::<Result<_, _>>()?;
    let these = "SELECT game, creature FROM json_each($1) CROSS JOIN game_creatures
         WHERE game = CAST(value AS BIGINT) ORDER BY game, seed";
    let mut held: BTreeMap<i64, Vec<CreatureId>> = BTreeMap::new();
    for row in view.rows(these, &[table(&ids)?.into()]).await? {
        held.entry(row.number("game")?).or_default().push(CreatureId(unsigned(row.number("creature")?)));
    }
    rows.iter().zip(ids).map(|(row, id)| game_of(row, held.remove(&id).unwrap_or_default())).collect()
}

fn game_of(row: &Row, creatures: Vec<CreatureId>) -> Result<GameRecord, Refusal> {
    let fill = row.text("fill")?;
    let ended_s = unsigned(row.number("ended_s")?);
    let state = match GameStanding::of(row)? {
        GameStanding::Open => GameState::Open,
        GameStanding::CalledOff => GameState::CalledOff { ended_s },
        GameStanding::Running => GameState::Running { creatures },
        GameStanding::Over => {
            GameState::Over { overview: row.bytes("overview")?.unwrap_or_default().to_vec(), ended_s }
        }
    };
    Ok(GameRecord {
        id: GameId(unsigned(row.number("id")?)),
        account: AccountId(unsigned(row.number("account")?)),
        tournament: row.text("tournament")?.to_owned(),
        size: row.small("size")?,
        fill: (!fill.is_empty()).then(|| fill.to_owned()),
        state,
        created_s: unsigned(row.number("created_s")?),
    })
}
