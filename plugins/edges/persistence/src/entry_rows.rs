//! Games that people enter, as they stand in the database.

use std::collections::BTreeSet;

use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_protocol::AccountId;
use hypogeum_store::{EntryTerms, PRIZES_MAX, Seeding};
use hypogeum_tournaments::{Entry, OPEN_GAMES_PER_PAGE_MAX, OpenGame};

use crate::games::{GameStanding, place};
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, unsigned};
use crate::sql::{Bind, Row};
use crate::store::Store;
use crate::transaction::Transaction;

/// A statement that reads games and their terms: what [`open_game_of`] reads of each, and then what follows.
macro_rules! open_games {
    ($rest:literal) => {
        concat!(
            "SELECT id, COALESCE(account, 0) AS account, tournament, size, fill, created_s,
                COALESCE(started_s, -1) AS started_s, COALESCE(ended_s, -1) AS ended_s, starts_s, size_min,
                per_person_max, people_min, entry_fee, purse, prizes, seeding, entered, draw
             FROM games JOIN game_terms ON game_terms.game = games.id ",
            $rest
        )
    };
}

/// A game with its entries; `None` where there is none, or one person has started it.
pub(crate) async fn find(view: &mut Transaction, id: GameId) -> Result<Option<OpenGame>, Refusal> {
    let this = open_games!("WHERE games.id = $1");
    let found = view.rows(this, &[place(id).into()]).await?;
    let Some(row) = found.first() else { return Ok(None) };
    let mut game = open_game_of(row)?;
    game.entries = entries(view, id).await?.into_iter().map(|row| row.entry).collect();
    Ok(Some(game))
}

/// The game that an account has opened with this request.
pub(crate) async fn find_opened(
    view: &mut Transaction,
    account: AccountId,
    request_key: &str,
) -> Result<Option<GameId>, Refusal> {
    let this = "SELECT id FROM games WHERE account = $1 AND request_key = $2 AND request_key <> ''";
    let found = view.rows(this, &[signed(account.0).into(), request_key.into()]).await?;
    found.first().map(|row| Ok(GameId(unsigned(row.number("id")?)))).transpose()
}

/// A game with its entries, in a moment of its own.
pub(crate) async fn one(store: &Store, id: GameId) -> Result<Option<OpenGame>, Refusal> {
    let pools = store.pools().clone();
    let looking = async move {
        let mut view = pools.view().await?;
        let found = find(&mut view, id).await;
        view.finish(found).await
    };
    store.on_runtime(looking).await
}

/// Open games behind one, in the order of their numbers, without their entries.
pub(crate) async fn page(store: &Store, after: GameId, count: usize) -> Result<Vec<OpenGame>, Refusal> {
    let these = open_games!("WHERE games.id > $1 AND ended_s IS NULL AND started_s IS NULL ORDER BY games.id LIMIT $2");
    let count = i64::try_from(count.min(OPEN_GAMES_PER_PAGE_MAX)).unwrap_or(i64::MAX);
    store.rows(these, vec![place(after).into(), count.into()]).await?.iter().map(open_game_of).collect()
}

fn open_game_of(row: &Row) -> Result<OpenGame, Refusal> {
    let fill = row.text("fill")?;
    let terms = EntryTerms {
        tournament: row.text("tournament")?.to_owned(),
        size: row.small("size")?,
        size_min: row.small("size_min")?,
        fill: (!fill.is_empty()).then(|| fill.to_owned()),
        starts_s: unsigned(row.number("starts_s")?),
        per_person_max: row.small("per_person_max")?,
        people_min: row.small("people_min")?,
        entry_fee: row.number("entry_fee")?,
        purse: row.number("purse")?,
        prizes_percent: serde_json::from_str(row.text("prizes")?)
            .map_err(|_| Refusal::Unreadable { column: "prizes", found: String::new() })?,
        seeding: seeding_of(row.text("seeding")?)?,
    };
    Ok(OpenGame {
        id: GameId(unsigned(row.number("id")?)),
        account: AccountId(unsigned(row.number("account")?)),
        terms,
        stage: GameStanding::of(row)?.stage(),
        entered: row.small("entered")?,
        entries: Vec::new(),
        draw: row.text("draw")?.to_owned(),
        created_s: unsigned(row.number("created_s")?),
    })
}

const ENTRY_ORDER: &str = "entry_order";
const DRAWN: &str = "drawn";
/// What stands before the key of a ladder.
const RATING: &str = "rating:";

fn seeding_of(text: &str) -> Result<Seeding, Refusal> {
    match (text, text.strip_prefix(RATING)) {
        (ENTRY_ORDER, _) => Ok(Seeding::EntryOrder),
        (DRAWN, _) => Ok(Seeding::Drawn),
        (_, Some(ladder)) => Ok(Seeding::Rating { ladder: ladder.to_owned() }),
        (other, None) => Err(Refusal::Unreadable { column: "seeding", found: other.to_owned() }),
    }
}

fn seeding_text(seeding: &Seeding) -> String {
    match seeding {
        Seeding::EntryOrder => ENTRY_ORDER.to_owned(),
        Seeding::Drawn => DRAWN.to_owned(),
        Seeding::Rating { ladder } => format!("{RATING}{ladder}"),
    }
}

/// Somebody who has entered a game and not left: its row, and what was paid.
#[derive(Debug)]
pub(crate) struct EntryRow {
    pub(crate) id: i64,
    pub(crate) fee: i64,
    pub(crate) entry: Entry,
}

/// Those who have entered a game and not left, in the order of entry.
pub(crate) async fn entries(view: &mut Transaction, game: GameId) -> Result<Vec<EntryRow>, Refusal> {
    let these = "SELECT game_entries.id AS id, fee, creature, game_entries.account AS account,
                accounts.name AS account_name, creatures.name AS name, kind, entered_s, COALESCE(prize, -1) AS prize
         FROM game_entries CROSS JOIN accounts CROSS JOIN creatures
         WHERE game_entries.game = $1 AND left_s IS NULL AND accounts.id = game_entries.account
            AND creatures.id = creature ORDER BY game_entries.id";
    view.rows(these, &[place(game).into()]).await?.iter().map(entry_of).collect()
}

fn entry_of(row: &Row) -> Result<EntryRow, Refusal> {
    let prize = row.number("prize")?;
    let entry = Entry {
        creature: CreatureId(unsigned(row.number("creature")?)),
        account: AccountId(unsigned(row.number("account")?)),
        account_name: row.text("account_name")?.to_owned(),
        name: row.text("name")?.to_owned(),
        kind: row.text("kind")?.to_owned(),
        entered_s: unsigned(row.number("entered_s")?),
        prize: (prize >= 0).then_some(prize),
    };
    Ok(EntryRow { id: row.number("id")?, fee: row.number("fee")?, entry })
}

/// The accounts of entries, each once.
pub(crate) fn accounts_of(entries: &[EntryRow]) -> Vec<AccountId> {
    let accounts: BTreeSet<AccountId> = entries.iter().map(|row| row.entry.account).collect();
    accounts.into_iter().collect()
}

/// Opens a game, for an account or for the house; `scheduled`: whether it is the one of its tournament's schedule for this time.
pub(crate) async fn insert(
    changes: &mut Transaction,
    (account, request_key): (Option<AccountId>, &str),
    terms: &EntryTerms,
    is_scheduled: bool,
) -> Result<GameId, Refusal> {
    let insert = "INSERT INTO games (account, tournament, size, fill, request_key, created_s)
         VALUES (NULLIF($1, 0), $2, $3, $4, $5, $6) RETURNING id";
    let binds: [Bind; 6] = [
        account.map_or(0, |account| signed(account.0)).into(),
        terms.tournament.as_str().into(),
        i64::from(terms.size).into(),
        terms.fill.as_deref().unwrap_or_default().into(),
        request_key.into(),
        now_s().into(),
    ];
    let inserted = changes.rows(insert, &binds).await?;
    let id = inserted.first().ok_or(sqlx::Error::RowNotFound)?.number("id")?;
    let prizes: Vec<u8> = terms.prizes_percent.iter().copied().take(PRIZES_MAX).collect();
    let insert =
        "INSERT INTO game_terms (game, starts_s, size_min, per_person_max, people_min, entry_fee, purse, prizes,
            seeding, scheduled)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let binds: [Bind; 10] = [
        id.into(),
        i64::try_from(terms.starts_s).unwrap_or(i64::MAX).into(),
        i64::from(terms.size_min).into(),
        i64::from(terms.per_person_max).into(),
        i64::from(terms.people_min).into(),
        terms.entry_fee.into(),
        terms.purse.into(),
        serde_json::to_string(&prizes).map_err(|error| sqlx::Error::Encode(error.into()))?.into(),
        seeding_text(&terms.seeding).into(),
        (if is_scheduled { terms.tournament.as_str() } else { "" }).into(),
    ];
    changes.run(insert, &binds).await?;
    Ok(GameId(unsigned(id)))
}
