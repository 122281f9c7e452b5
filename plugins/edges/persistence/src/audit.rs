//! Whether the books are right: everything that must hold between tables, looked at in one moment.

use std::collections::BTreeMap;
use std::fmt;

use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_protocol::{AccountId, CharacterId, ItemId, MatchId};
use hypogeum_store::StoreFailure;

use crate::refusal::Refusal;
use crate::rows::unsigned;
use crate::sql::Row;
use crate::store::Store;
use crate::transaction::Transaction;

/// Faults of one kind that are named; the rest are counted.
const NAMED_MAX: usize = 8;

/// What an audit has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// The sum of all amounts in the ledger; 0 where it is sound.
    pub ledger_sum: i64,
    /// Accounts whose wallet holds something else than their entries in the ledger sum to: wallet, then ledger.
    pub wallets_apart: Vec<(AccountId, i64, i64)>,
    /// How many items are in each place: `stash`, `escrow`, or `carried` by a character that is in no shard.
    pub items: BTreeMap<String, u64>,
    /// Items held for a match that does not run, so that nobody will ever give them back.
    pub stranded: Vec<(ItemId, MatchId)>,
    /// Seats of settled matches that were granted nothing, not even a report.
    pub not_granted: Vec<(MatchId, AccountId)>,
    /// Grants for seats that are not settled, alone or with their match: the account, and what for.
    pub not_earned: Vec<(AccountId, String)>,
    /// Characters held for a visit that does not go on, or of somebody else, or though they were deleted.
    pub misheld: Vec<(CharacterId, MatchId)>,
    /// Items of a character that was deleted, or that is another account's, or that is not where the item is.
    pub miscarried: Vec<(ItemId, CharacterId)>,
    /// Creatures that a game holds which is over, or of which they are not.
    pub held_by_none: Vec<(CreatureId, GameId)>,
    /// Creatures of a game that runs, and that it does not hold: another could, or they were released.
    pub not_held: Vec<(CreatureId, GameId)>,
    /// Games whose fees, refunds and prizes are not those of the ledger, or do not come to what their entries say: fees and purse are
    /// refunds, prizes, and what nobody got.
    pub pots_apart: Vec<GameId>,
    /// How many matches are in each state: `running`, `settled`, `abandoned`.
    pub matches: BTreeMap<String, u64>,
}

impl Audit {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let Self { ledger_sum, wallets_apart, items: _, stranded, not_granted, not_earned, .. } = self;
        *ledger_sum == 0
            && wallets_apart.is_empty()
            && stranded.is_empty()
            && not_granted.is_empty()
            && not_earned.is_empty()
            && self.misheld.is_empty()
            && self.miscarried.is_empty()
            && self.held_by_none.is_empty()
            && self.not_held.is_empty()
            && self.pots_apart.is_empty()
    }
}

impl fmt::Display for Audit {
    /// What there is in one line, then a line for each kind of fault.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = |counts: &BTreeMap<String, u64>| {
            let counts: Vec<String> = counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
            if counts.is_empty() { "none".to_owned() } else { counts.join(", ") }
        };
        write!(formatter, "items: {}; matches: {}", counts(&self.items), counts(&self.matches))?;
        if self.is_sound() {
            return write!(formatter, "; the books are right");
        }
        if self.ledger_sum != 0 {
            write!(formatter, "\nthe ledger sums to {}", self.ledger_sum)?;
        }
        let wallet = |(account, wallet, ledger): &(AccountId, i64, i64)| {
            format!("account {account} has {wallet} where its entries sum to {ledger}")
        };
        list(formatter, "wallets apart from the ledger", &self.wallets_apart, wallet)?;
        let stranded = |(item, match_id): &(ItemId, MatchId)| format!("{item} of match {match_id}");
        list(formatter, "items held for matches that do not run", &self.stranded, stranded)?;
        let seat = |(match_id, account): &(MatchId, AccountId)| format!("account {account} of match {match_id}");
        list(formatter, "seats of settled matches without a grant", &self.not_granted, seat)?;
        let grant = |(account, event): &(AccountId, String)| format!("account {account} for {event}");
        list(formatter, "grants for seats that are not settled", &self.not_earned, grant)?;
        let held = |(character, visit): &(CharacterId, MatchId)| format!("character {character} for visit {visit}");
        list(formatter, "characters held where they are not", &self.misheld, held)?;
        let carried = |(item, character): &(ItemId, CharacterId)| format!("{item} of character {character}");
        list(formatter, "items carried by nobody who could", &self.miscarried, carried)?;
        let creature = |(creature, game): &(CreatureId, GameId)| format!("creature {creature} for game {game}");
        list(formatter, "creatures held by games that do not have them", &self.held_by_none, creature)?;
        list(formatter, "creatures in games that do not hold them", &self.not_held, creature)?;
        list(formatter, "games whose fees and prizes do not come out even", &self.pots_apart, ToString::to_string)
    }
}

fn list<T>(formatter: &mut fmt::Formatter<'_>, what: &str, faults: &[T], name: impl Fn(&T) -> String) -> fmt::Result {
    if faults.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = faults.iter().take(NAMED_MAX).map(name).collect();
    write!(formatter, "\n{what}: {}", named.join(", "))?;
    match faults.len() - named.len() {
        0 => Ok(()),
        more => write!(formatter, " and {more} more"),
    }
}

impl Store {
    /// Looks whether the books are right. It reads every item, grant and entry once, in one moment, and keeps nobody from
    /// writing; not to be called from an async task.
    ///
    /// # Errors
    /// [`StoreFailure`] where the database does not answer. That something is wrong is no error: see [`Audit::is_sound`].
    pub fn audit(&self) -> Result<Audit, StoreFailure> {
        let runtime = self.runtime().ok_or_else(|| StoreFailure::Unavailable("the store is closing".into()))?;
        let looking = async {
            let mut view = self.pools().view().await?;
            let seen = look(&mut view).await;
            view.finish(seen).await
        };
        runtime.block_on(looking).map_err(StoreFailure::from)
    }
}

async fn look(view: &mut Transaction) -> Result<Audit, Refusal> {
    let sum = view.rows("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount FROM ledger", &[]).await?;
    let ledger_sum = sum.first().map_or(Ok(0), |row| row.number("amount"))?;
    let places = "SELECT CASE WHEN place = 'stash' AND character IS NOT NULL THEN 'carried' ELSE place END AS name,
            COUNT(*) AS count FROM items GROUP BY 1";
    let items = counts(view, places).await?;
    let matches = counts(view, "SELECT state AS name, COUNT(*) AS count FROM matches GROUP BY state").await?;

    let apart = "SELECT account, currency, entered FROM
            (SELECT profiles.account AS account, currency, CAST((SELECT COALESCE(SUM(amount), 0) FROM ledger
                WHERE ledger.account = profiles.account) AS BIGINT) AS entered FROM profiles) AS wallets
         WHERE currency <> entered ORDER BY account";
    let apart = view.rows(apart, &[]).await?;
    let wallet = |row: &Row| Ok((account(row)?, row.number("currency")?, row.number("entered")?));

    let stranded = "SELECT origin, serial, match_id FROM items JOIN matches ON matches.id = items.match_id
         WHERE state <> 'running' ORDER BY origin, serial";
    let stranded = view.rows(stranded, &[]).await?;
    let held = |row: &Row| Ok((item_id(row)?, match_id(row)?));

    let not_granted = "SELECT seats.match_id AS match_id, seats.account AS account
         FROM seats JOIN matches ON matches.id = seats.match_id WHERE state = 'settled' AND NOT EXISTS
            (SELECT 1 FROM grants WHERE grants.account = seats.account
                AND source_event = 'match:' || CAST(seats.match_id AS TEXT))
         ORDER BY seats.match_id, seats.account";
    let not_granted = view.rows(not_granted, &[]).await?;
    let seat = |row: &Row| Ok((match_id(row)?, account(row)?));

    let not_earned = "SELECT account, source_event FROM grants WHERE kind = 'match' AND NOT EXISTS
            (SELECT 1 FROM matches WHERE source_event = 'match:' || CAST(matches.id AS TEXT) AND state = 'settled')
         AND NOT EXISTS (SELECT 1 FROM seats WHERE settled = 1 AND seats.account = grants.account
            AND source_event = 'match:' || CAST(seats.match_id AS TEXT))
         ORDER BY account, source_event";
    let not_earned = view.rows(not_earned, &[]).await?;
    let grant = |row: &Row| Ok((account(row)?, row.text("source_event")?.to_owned()));

    let (misheld, miscarried) = characters(view).await?;
    let (held_by_none, not_held) = creatures(view).await?;
    let pots_apart = pots(view).await?;
    Ok(Audit {
        ledger_sum,
        wallets_apart: each(&apart, wallet)?,
        items,
        stranded: each(&stranded, held)?,
        not_granted: each(&not_granted, seat)?,
        not_earned: each(&not_earned, grant)?,
        misheld,
        miscarried,
        held_by_none,
        not_held,
        pots_apart,
        matches,
    })
}

/// What is wrong with characters: those held where they are not, and what they cannot carry.
async fn characters(
    view: &mut Transaction,
) -> Result<(Vec<(CharacterId, MatchId)>, Vec<(ItemId, CharacterId)>), Refusal> {
    let misheld = "SELECT characters.id AS carrier, visit AS match_id FROM characters WHERE visit IS NOT NULL
         AND (deleted_s IS NOT NULL OR NOT EXISTS
            (SELECT 1 FROM matches JOIN seats ON seats.match_id = matches.id WHERE matches.id = visit
                AND state = 'running' AND shard <> matches.id AND seats.account = characters.account))
         ORDER BY characters.id";
    let misheld = view.rows(misheld, &[]).await?;
    let held = |row: &Row| Ok((carrier(row)?, match_id(row)?));
    let miscarried = "SELECT origin, serial, items.character AS carrier FROM items WHERE items.character IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM characters WHERE characters.id = items.character
            AND characters.account = items.account AND deleted_s IS NULL AND (items.place = 'stash' OR visit = match_id))
         ORDER BY origin, serial";
    let miscarried = view.rows(miscarried, &[]).await?;
    let carried = |row: &Row| Ok((item_id(row)?, carrier(row)?));
    Ok((each(&misheld, held)?, each(&miscarried, carried)?))
}

/// A creature, and a game that should hold it, or should not.
type Held = (CreatureId, GameId);

/// What is wrong with creatures: those held by games that do not have them, and those in games that do not hold them.
async fn creatures(view: &mut Transaction) -> Result<(Vec<Held>, Vec<Held>), Refusal> {
    let held = |row: &Row| Ok((CreatureId(unsigned(row.number("creature")?)), GameId(unsigned(row.number("game")?))));
    let by_none = "SELECT creatures.id AS creature, creatures.game AS game FROM creatures
         WHERE creatures.game IS NOT NULL AND NOT EXISTS
            (SELECT 1 FROM games JOIN game_creatures ON game_creatures.game = games.id WHERE games.id = creatures.game
                AND ended_s IS NULL AND creature = creatures.id AND owner = creatures.account)
         AND NOT EXISTS
            (SELECT 1 FROM games JOIN game_entries ON game_entries.game = games.id WHERE games.id = creatures.game
                AND ended_s IS NULL AND started_s IS NULL AND left_s IS NULL AND creature = creatures.id
                AND game_entries.account = creatures.account)
         ORDER BY creatures.id";
    let by_none = view.rows(by_none, &[]).await?;
    let not_held = "SELECT creature, taking_part.game AS game FROM games JOIN
            (SELECT game, creature, seed AS place FROM game_creatures
             UNION ALL SELECT game, creature, id FROM game_entries WHERE left_s IS NULL) AS taking_part
            ON taking_part.game = games.id
         WHERE ended_s IS NULL AND NOT EXISTS
            (SELECT 1 FROM creatures WHERE creatures.id = creature AND creatures.game = games.id)
         GROUP BY taking_part.game, creature ORDER BY taking_part.game, MIN(place)";
    let not_held = view.rows(not_held, &[]).await?;
    Ok((each(&by_none, held)?, each(&not_held, held)?))
}

/// Games whose fees and prizes do not come out even.
async fn pots(view: &mut Transaction) -> Result<Vec<GameId>, Refusal> {
    // What the house has of each event: fees are its gain, refunds and prizes its loss.
    let apart = "SELECT games.id AS game FROM games JOIN game_terms ON game_terms.game = games.id
            LEFT JOIN (SELECT game, SUM(fee) AS fees, SUM(COALESCE(refund, 0)) AS refunds, SUM(COALESCE(prize, 0)) AS won_sum,
                    SUM(CASE WHEN left_s IS NULL THEN 1 ELSE 0 END) AS entries FROM game_entries GROUP BY game) AS sums
                ON sums.game = games.id
            LEFT JOIN (SELECT source_event, SUM(amount) AS amount FROM ledger WHERE account IS NULL
                    AND source_event LIKE 'game-entry:%' GROUP BY source_event) AS paid
                ON paid.source_event = 'game-entry:' || CAST(games.id AS TEXT)
            LEFT JOIN (SELECT source_event, SUM(amount) AS amount FROM ledger WHERE account IS NULL
                    AND source_event LIKE 'game-refund:%' GROUP BY source_event) AS given_back
                ON given_back.source_event = 'game-refund:' || CAST(games.id AS TEXT)
            LEFT JOIN (SELECT source_event, SUM(amount) AS amount FROM ledger WHERE account IS NULL
                    AND source_event LIKE 'game-prize:%' GROUP BY source_event) AS won
                ON won.source_event = 'game-prize:' || CAST(games.id AS TEXT)
         WHERE COALESCE(paid.amount, 0) <> COALESCE(fees, 0) OR COALESCE(given_back.amount, 0) <> -COALESCE(refunds, 0)
            OR COALESCE(won.amount, 0) <> -COALESCE(won_sum, 0) OR game_terms.entered <> COALESCE(entries, 0)
            OR (ended_s IS NULL) <> (burnt IS NULL)
            OR (ended_s IS NOT NULL AND COALESCE(fees, 0) + CASE WHEN started_s IS NULL THEN 0 ELSE purse END
                <> COALESCE(refunds, 0) + COALESCE(won_sum, 0) + burnt)
         ORDER BY games.id";
    let apart = view.rows(apart, &[]).await?;
    each(&apart, |row| Ok(GameId(unsigned(row.number("game")?))))
}

async fn counts(view: &mut Transaction, statement: &'static str) -> Result<BTreeMap<String, u64>, Refusal> {
    let rows = view.rows(statement, &[]).await?;
    rows.iter().map(|row| Ok((row.text("name")?.to_owned(), row.small("count")?))).collect()
}

fn each<T>(rows: &[Row], read: impl Fn(&Row) -> Result<T, Refusal>) -> Result<Vec<T>, Refusal> {
    rows.iter().map(read).collect()
}

fn account(row: &Row) -> Result<AccountId, Refusal> {
    Ok(AccountId(unsigned(row.number("account")?)))
}

fn item_id(row: &Row) -> Result<ItemId, Refusal> {
    Ok(ItemId { origin: unsigned(row.number("origin")?), serial: row.small("serial")? })
}

fn carrier(row: &Row) -> Result<CharacterId, Refusal> {
    Ok(CharacterId(unsigned(row.number("carrier")?)))
}

fn match_id(row: &Row) -> Result<MatchId, Refusal> {
    Ok(MatchId(unsigned(row.number("match_id")?)))
}
