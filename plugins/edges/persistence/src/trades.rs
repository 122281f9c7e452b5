//! Trades: proposed by one, accepted by the other, and everything moves at once or nothing does.

use hypogeum_economy::{
    EconomyError, Goods, ItemVersion, TRADE_LIFE_S, TRADES_LISTED_MAX, TRADES_PROPOSED_MAX, TRADES_RECEIVED_MAX, Trade,
    TradeMark, TradeOffer, TradeState,
};
use hypogeum_protocol::{AccountId, ItemId, TradeId};

use crate::change::Change;
use crate::grants::enter;
use crate::holdings::{check_item, lock_holdings, move_item, set_wallet};
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, table, unsigned};
use crate::sql::Row;
use crate::store::Store;
use crate::transaction::Transaction;

/// Keeps an offer.
pub(crate) struct Propose(pub(crate) TradeOffer);

impl Change for Propose {
    type Done = TradeId;

    async fn apply(&self, changes: &mut Transaction) -> Result<TradeId, Refusal> {
        let TradeOffer { from, to, gives, wants } = &self.0;
        self.0.check()?;
        let holdings = lock_holdings(changes, &[*from, *to]).await?;
        let own = holdings.get(from).ok_or(EconomyError::NoSuchAccount)?;
        if !holdings.contains_key(to) {
            return Err(EconomyError::NoSuchAccount.into());
        }
        let now_s = now_s();
        let counts = "SELECT
                (SELECT COUNT(*) FROM trades WHERE proposer = $1 AND state = 'open' AND expires_s > $3) AS proposed,
                (SELECT COUNT(*) FROM trades WHERE receiver = $2 AND state = 'open' AND expires_s > $3) AS received";
        let rows = changes.rows(counts, &[signed(from.0).into(), signed(to.0).into(), now_s.into()]).await?;
        if let Some(row) = rows.first()
            && (row.small::<usize>("proposed")? >= TRADES_PROPOSED_MAX
                || row.small::<usize>("received")? >= TRADES_RECEIVED_MAX)
        {
            return Err(EconomyError::TooManyTrades.into());
        }
        own.wallet_after(-gives.currency()).map_err(|error| match error {
            EconomyError::NotEnough { .. } => EconomyError::NotEnough { needed: gives.currency(), found: own.currency },
            other => other,
        })?;
        for &seen in gives.items() {
            check_item(changes, seen, *from).await?;
        }
        let insert =
            "INSERT INTO trades (proposer, receiver, gives, wants, gives_currency, wants_currency, state, expires_s)
             VALUES ($1, $2, $3, $4, $5, $6, 'open', $7) RETURNING id";
        let binds = [
            signed(from.0).into(),
            signed(to.0).into(),
            written(gives)?.into(),
            written(wants)?.into(),
            gives.currency().into(),
            wants.currency().into(),
            now_s.saturating_add(signed(TRADE_LIFE_S)).into(),
        ];
        let inserted = changes.rows(insert, &binds).await?;
        let id = inserted.first().ok_or(sqlx::Error::RowNotFound)?.number("id")?;
        Ok(TradeId(unsigned(id)))
    }
}

/// Moves everything an offer names.
pub(crate) struct Accept {
    pub(crate) by: AccountId,
    pub(crate) trade: TradeId,
}

impl Change for Accept {
    type Done = Trade;

    async fn apply(&self, changes: &mut Transaction) -> Result<Trade, Refusal> {
        let mut trade = locked(changes, self.trade, self.by).await?;
        if trade.offer.to != self.by {
            return Err(EconomyError::NoSuchTrade.into());
        }
        match trade.state {
            TradeState::Open => {}
            TradeState::Accepted => return Ok(trade),
            state => return Err(EconomyError::TradeClosed(state).into()),
        }
        exchange(changes, &trade).await?;
        close(changes, self.trade, "accepted").await?;
        trade.state = TradeState::Accepted;
        Ok(trade)
    }
}

async fn exchange(changes: &mut Transaction, trade: &Trade) -> Result<(), Refusal> {
    let TradeOffer { from, to, gives, wants } = &trade.offer;
    let holdings = lock_holdings(changes, &[*from, *to]).await?;
    let (Some(theirs), Some(own)) = (holdings.get(from), holdings.get(to)) else {
        return Err(EconomyError::NoSuchAccount.into());
    };
    for (goods, giver, taker) in [(gives, from, to), (wants, to, from)] {
        for &seen in goods.items() {
            move_item(changes, seen, *giver, *taker).await?;
        }
    }
    let gained = gives.currency() - wants.currency();
    let own_wallet = own.wallet_after(gained)?;
    own.check_room(gives.items().len(), wants.items().len())?;
    let other = |_| EconomyError::OtherSideCannot;
    let their_wallet = theirs.wallet_after(-gained).map_err(other)?;
    theirs.check_room(wants.items().len(), gives.items().len()).map_err(other)?;
    set_wallet(changes, *to, own_wallet).await?;
    set_wallet(changes, *from, their_wallet).await?;
    // What the house pays to one it gets from the other.
    enter(changes, [(*to, gained), (*from, -gained)], &format!("trade:{}", trade.id)).await
}

/// Calls an offer off.
pub(crate) struct Cancel {
    pub(crate) by: AccountId,
    pub(crate) trade: TradeId,
}

impl Change for Cancel {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        let trade = locked(changes, self.trade, self.by).await?;
        if trade.offer.from != self.by && trade.offer.to != self.by {
            return Err(EconomyError::NoSuchTrade.into());
        }
        match trade.state {
            TradeState::Open => close(changes, self.trade, "cancelled").await,
            TradeState::Cancelled => Ok(()),
            state => Err(EconomyError::TradeClosed(state).into()),
        }
    }
}

/// The trades of an account: open ones first, newest first among both, from behind a mark.
pub(crate) async fn list(
    store: &Store,
    account: AccountId,
    after: Option<TradeMark>,
    count: usize,
) -> Result<Vec<Trade>, Refusal> {
    // Both numbers of a place rise: whether it is closed, and how old it is.
    let own = "SELECT id, proposer, receiver, gives, wants, gives_currency, wants_currency, state, expires_s FROM
             (SELECT trades.*, CASE WHEN state = 'open' AND expires_s > $2 THEN 0 ELSE 1 END AS closed FROM trades
                 WHERE proposer = $1 OR receiver = $1) AS own
         WHERE closed > CAST($3 AS BIGINT) OR (closed = CAST($3 AS BIGINT) AND id < $4)
         ORDER BY closed, id DESC LIMIT $5";
    let now_s = now_s();
    let (closed, id) = after.map_or((-1, 0), |mark| (i64::from(!mark.is_open), signed(mark.id.0)));
    let count = signed(count.min(TRADES_LISTED_MAX) as u64);
    let binds = vec![signed(account.0).into(), now_s.into(), closed.into(), id.into(), count.into()];
    store.rows(own, binds).await?.iter().map(|row| read(row, now_s)).collect()
}

/// A trade of somebody's as it stands; until the transaction ends, nobody else changes it. One of others is not even looked at, so
/// nothing tells it from one that never was.
async fn locked(changes: &mut Transaction, trade: TradeId, by: AccountId) -> Result<Trade, Refusal> {
    let find = changes.either(
        "SELECT id, proposer, receiver, gives, wants, gives_currency, wants_currency, state, expires_s FROM trades
         WHERE id = $1 AND (proposer = $2 OR receiver = $2)",
        "SELECT id, proposer, receiver, gives, wants, gives_currency, wants_currency, state, expires_s FROM trades
         WHERE id = $1 AND (proposer = $2 OR receiver = $2) FOR UPDATE",
    );
    let rows = changes.rows(find, &[signed(trade.0).into(), signed(by.0).into()]).await?;
    read(rows.first().ok_or(EconomyError::NoSuchTrade)?, now_s())
}

async fn close(changes: &mut Transaction, trade: TradeId, state: &str) -> Result<(), Refusal> {
    let close = "UPDATE trades SET state = $1, ended_s = $2 WHERE id = $3";
    changes.run(close, &[state.into(), now_s().into(), signed(trade.0).into()]).await?;
    Ok(())
}

/// Items as JSON rows of origin, serial and version.
fn written(goods: &Goods) -> Result<String, Refusal> {
    let row = |seen: &ItemVersion| (seen.item.origin, seen.item.serial, seen.version);
    table(&goods.items().iter().map(row).collect::<Vec<_>>())
}

fn goods(text: &str, currency: i64) -> Result<Goods, Refusal> {
    let rows: Vec<(u64, u32, u64)> = serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let seen = |(origin, serial, version)| ItemVersion { item: ItemId { origin, serial }, version };
    Ok(Goods::new(rows.into_iter().map(seen).collect(), currency)?)
}

fn read(row: &Row, now_s: i64) -> Result<Trade, Refusal> {
    let account = |column| Ok::<_, Refusal>(AccountId(unsigned(row.number(column)?)));
    let expires_s = row.number("expires_s")?;
    let state = match row.text("state")? {
        "accepted" => TradeState::Accepted,
        "cancelled" => TradeState::Cancelled,
        _ if expires_s <= now_s => TradeState::Expired,
        _ => TradeState::Open,
    };
    let offer = TradeOffer {
        from: account("proposer")?,
        to: account("receiver")?,
        gives: goods(row.text("gives")?, row.number("gives_currency")?)?,
        wants: goods(row.text("wants")?, row.number("wants_currency")?)?,
    };
    Ok(Trade { id: TradeId(unsigned(row.number("id")?)), offer, state, expires_s: unsigned(expires_s) })
}
