//! What is asked by the service of games that people enter: those of schedules are opened, those that are due start or are called off.

use std::collections::BTreeMap;
use std::sync::Arc;

use hypogeum_crash::crash_point;
use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_progression::Skill;
use hypogeum_store::{
    EntriesReply, EntriesRequest, EntryTerms, LadderSeason, Seeding, Sizes, StartOutcome, StoreFailure,
};
use hypogeum_tournaments::{CreatureRecord, OpenGame, seed_order};

use crate::change::Change;
use crate::creatures::record_of;
use crate::ended_games::running;
use crate::entries::call_off;
use crate::entry_rows::{EntryRow, accounts_of, entries, find, insert};
use crate::games::{DropGame, GameStanding, hold, lock_standing};
use crate::holdings::lock_holdings;
use crate::ladders::shown_ratings;
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, unsigned};
use crate::transaction::{Pools, Transaction};

/// Most games that are found due at once.
const DUE_MAX: usize = 4_096;

/// Answers one request.
pub(crate) async fn answer(pools: &Pools, request: &EntriesRequest) -> Result<EntriesReply, Refusal> {
    match request {
        EntriesRequest::Announce(terms) => {
            let (game, is_new) = pools.change(&Announce(terms)).await?;
            Ok(EntriesReply::Announced { game, is_new })
        }
        EntriesRequest::Due { now_s, count } => {
            let mut view = pools.view().await?;
            let found = due(&mut view, *now_s, *count).await;
            view.finish(found).await.map(EntriesReply::Due)
        }
        EntriesRequest::Start { game, now_s, sizes, draw, ladders } => {
            let (game, ladders) = (*game, ladders.clone());
            let outcome = pools.change(&Start { game, now_s: *now_s, sizes: *sizes, draw: *draw, ladders }).await;
            crash_point!("after_start_commit");
            Ok(EntriesReply::Started { game, outcome: outcome? })
        }
        EntriesRequest::Undo { game } => {
            pools.change(&DropGame(*game)).await?;
            Ok(EntriesReply::Undone(*game))
        }
    }
}

/// Games that are full, or whose time has come, in the order of their numbers, with the keys of their tournaments.
async fn due(view: &mut Transaction, now_s: u64, count: usize) -> Result<Vec<(GameId, String)>, Refusal> {
    let these = "SELECT id, tournament FROM games JOIN game_terms ON game_terms.game = games.id
         WHERE ended_s IS NULL AND started_s IS NULL AND (starts_s <= $1 OR entered >= size) ORDER BY id LIMIT $2";
    let now_s = i64::try_from(now_s).unwrap_or(i64::MAX);
    let count = i64::try_from(count.min(DUE_MAX)).unwrap_or(i64::MAX);
    let rows = view.rows(these, &[now_s.into(), count.into()]).await?;
    rows.iter().map(|row| Ok((GameId(unsigned(row.number("id")?)), row.text("tournament")?.to_owned()))).collect()
}

/// Opens the game of a schedule.
struct Announce<'a>(&'a EntryTerms);

impl Change for Announce<'_> {
    type Done = (GameId, bool);

    async fn apply(&self, changes: &mut Transaction) -> Result<Self::Done, Refusal> {
        changes.lock_open_games().await?;
        let before = "SELECT game FROM game_terms WHERE scheduled = $1 AND starts_s = $2 AND scheduled <> ''";
        let starts_s = i64::try_from(self.0.starts_s).unwrap_or(i64::MAX);
        let before = changes.rows(before, &[self.0.tournament.as_str().into(), starts_s.into()]).await?;
        if let Some(row) = before.first() {
            return Ok((GameId(unsigned(row.number("game")?)), false));
        }
        Ok((insert(changes, (None, ""), self.0, true).await?, true))
    }
}

/// Starts a game that is due, or calls it off.
struct Start {
    game: GameId,
    now_s: u64,
    sizes: Sizes,
    draw: [u8; 16],
    ladders: Arc<[LadderSeason]>,
}

impl Change for Start {
    type Done = StartOutcome;

    async fn apply(&self, changes: &mut Transaction) -> Result<StartOutcome, Refusal> {
        let unknown = StoreFailure::UnknownGame(self.game);
        match lock_standing(changes, self.game).await?.ok_or(unknown.clone())? {
            GameStanding::Open => {}
            GameStanding::Running => return runs(changes, self.game).await,
            GameStanding::Over => return Ok(StartOutcome::Over),
            GameStanding::CalledOff => return Ok(StartOutcome::CalledOff),
        }
        let game = find(changes, self.game).await?.ok_or(unknown)?;
        if game.entered < game.terms.size && game.terms.starts_s > self.now_s {
            return Ok(StartOutcome::NotDue);
        }
        let Some(size) = self.size_of(&game) else {
            call_off(changes, self.game).await?;
            return Ok(StartOutcome::CalledOff);
        };
        self.start(changes, (&game, size)).await?;
        crash_point!("before_start_commit");
        runs(changes, self.game).await
    }
}

impl Start {
    /// How many take part with the machines; `None` where those who have entered cannot play.
    fn size_of(&self, game: &OpenGame) -> Option<u8> {
        let mut people: Vec<_> = game.entries.iter().map(|entry| entry.account).collect();
        people.sort_unstable();
        people.dedup();
        if people.is_empty() || people.len() < usize::from(game.terms.people_min) {
            return None;
        }
        let (entered, terms) = (game.entered, &game.terms);
        match terms.fill {
            Some(_) => self.sizes.fewest(entered.max(terms.size_min), terms.size),
            None => self.sizes.has(entered).then_some(entered),
        }
    }

    /// Notes who takes part, by seeds, and that it runs.
    async fn start(&self, changes: &mut Transaction, (game, size): (&OpenGame, u8)) -> Result<(), Refusal> {
        let entries = entries(changes, self.game).await?;
        lock_holdings(changes, &accounts_of(&entries)).await?;
        let held = "SELECT *, COALESCE(game, 0) AS held FROM creatures WHERE game = $1 AND released_s IS NULL";
        let mut creatures: BTreeMap<CreatureId, CreatureRecord> = BTreeMap::new();
        for row in changes.rows(held, &[signed(self.game.0).into()]).await? {
            let record = record_of(&row)?;
            creatures.insert(record.id, record);
        }
        let entered: Vec<CreatureId> = entries.iter().map(|row| row.entry.creature).collect();
        let ratings = self.ratings(changes, (&game.terms.seeding, &entries)).await?;
        let order = seed_order(&game.terms.seeding, self.draw, &entered, &ratings);
        let seeded: Vec<CreatureRecord> =
            order.into_iter().filter_map(|place| creatures.remove(entered.get(place)?)).collect();
        hold(changes, self.game, &seeded).await?;
        let start = "UPDATE games SET started_s = $1, size = $2 WHERE id = $3";
        changes.run(start, &[now_s().into(), i64::from(size).into(), signed(self.game.0).into()]).await?;
        let draw: String = self.draw.iter().map(|byte| format!("{byte:02x}")).collect();
        let note = "UPDATE game_terms SET draw = $1 WHERE game = $2";
        changes.run(note, &[draw.into(), signed(self.game.0).into()]).await.map(drop)
    }

    /// What the owner of each entry is rated, where seeds go by it. Their accounts are locked, so nothing changes it until the end.
    async fn ratings(
        &self,
        changes: &mut Transaction,
        (seeding, entries): (&Seeding, &[EntryRow]),
    ) -> Result<Vec<i32>, Refusal> {
        let Seeding::Rating { ladder } = seeding else { return Ok(Vec::new()) };
        let rated = match self.ladders.iter().find(|season| season.ladder == *ladder) {
            Some(season) => shown_ratings(changes, season, &accounts_of(entries)).await?,
            None => {
                tracing::warn!(game = %self.game, %ladder, "the ladder by which a game is seeded is gone: all are equals");
                BTreeMap::new()
            }
        };
        let newcomer = Skill::default().shown();
        Ok(entries.iter().map(|row| rated.get(&row.entry.account).copied().unwrap_or(newcomer)).collect())
    }
}

/// A game that runs, as a shard is made of it.
async fn runs(changes: &mut Transaction, game: GameId) -> Result<StartOutcome, Refusal> {
    let before = GameId(game.0.saturating_sub(1));
    let found = running(changes, before, 1).await?.pop().filter(|found| found.id == game);
    found.map(|found| StartOutcome::Runs(Box::new(found))).ok_or(StoreFailure::UnknownGame(game).into())
}
