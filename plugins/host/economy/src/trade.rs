//! Trades between two players.

use hypogeum_protocol::{AccountId, TradeId};

use crate::{EconomyError, Goods, ItemVersion};

/// Open trades one account has proposed.
pub const TRADES_PROPOSED_MAX: usize = 16;
/// Open trades proposed to one account. More than one account may propose, so that one alone keeps nobody else away.
pub const TRADES_RECEIVED_MAX: usize = 64;
/// Most trades of one page: all that are open fit on the first.
pub const TRADES_LISTED_MAX: usize = 100;
/// How long a trade stays open.
pub const TRADE_LIFE_S: u64 = 60 * 60;
/// What one account proposes to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TradeOffer {
    /// Who proposes, and by that confirms.
    pub from: AccountId,
    /// Who may accept.
    pub to: AccountId,
    /// What `from` gives.
    pub gives: Goods,
    /// What `to` gives.
    pub wants: Goods,
}

impl TradeOffer {
    /// Checks what types cannot. One side may give nothing: that is a present, or a plea.
    ///
    /// # Errors
    /// [`EconomyError::SelfTrade`], [`EconomyError::NoSuchAccount`] for account 0, [`EconomyError::EmptyTrade`] and
    /// [`EconomyError::SameItemTwice`] for an item that goes both ways.
    pub fn check(&self) -> Result<(), EconomyError> {
        if self.from == self.to {
            return Err(EconomyError::SelfTrade);
        }
        if self.from.0 == 0 || self.to.0 == 0 {
            return Err(EconomyError::NoSuchAccount);
        }
        if self.gives.is_empty() && self.wants.is_empty() {
            return Err(EconomyError::EmptyTrade);
        }
        let wanted =
            |given: &&ItemVersion| self.wants.items().binary_search_by_key(&given.item, |own| own.item).is_ok();
        self.gives.items().iter().find(wanted).map_or(Ok(()), |both| Err(EconomyError::SameItemTwice(both.item)))
    }
}

/// How far a trade has come. It leaves [`TradeState::Open`] once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TradeState {
    /// It may be accepted.
    Open,
    /// Everything has changed hands.
    Accepted,
    /// One of the two called it off.
    Cancelled,
    /// Nobody accepted it in time.
    Expired,
}

/// A trade as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trade {
    /// Its number, which no other trade has.
    pub id: TradeId,
    /// What was proposed.
    pub offer: TradeOffer,
    /// What became of it.
    pub state: TradeState,
    /// When it ends unless it is accepted, in seconds since 1970: [`TRADE_LIFE_S`] after it was proposed.
    pub expires_s: u64,
}

/// Where a trade stands among those of an account: behind it the next page begins. One that is closed meanwhile stands
/// further behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TradeMark {
    /// Whether it was open.
    pub is_open: bool,
    /// Which one.
    pub id: TradeId,
}

impl Trade {
    /// Where it stands.
    #[must_use]
    pub fn mark(&self) -> TradeMark {
        TradeMark { is_open: self.state == TradeState::Open, id: self.id }
    }
}

impl TradeState {
    /// The state in one word, as clients read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::ItemId;

    use super::*;

    fn seen(serial: u32, version: u64) -> ItemVersion {
        ItemVersion { item: ItemId { origin: 1, serial }, version }
    }

    #[test]
    fn an_offer_that_makes_no_sense_is_refused() {
        let nothing = Goods::default();
        let one = |serial| Goods::new(vec![seen(serial, 1)], 0).unwrap();
        let offer = |from, to, gives: &Goods, wants: &Goods| {
            let (gives, wants) = (gives.clone(), wants.clone());
            TradeOffer { from: AccountId(from), to: AccountId(to), gives, wants }.check()
        };
        assert_eq!(offer(1, 2, &one(1), &nothing), Ok(()), "a present is a trade");
        assert_eq!(offer(1, 2, &nothing, &one(1)), Ok(()), "so is a plea");
        assert_eq!(offer(1, 2, &nothing, &nothing), Err(EconomyError::EmptyTrade), "nothing for nothing is not");
        assert_eq!(offer(1, 1, &one(1), &one(2)), Err(EconomyError::SelfTrade), "nor is a trade with oneself");
        assert_eq!(offer(1, 0, &one(1), &one(2)), Err(EconomyError::NoSuchAccount), "or with nobody");
        let both_ways = offer(1, 2, &one(1), &one(1));
        assert_eq!(both_ways, Err(EconomyError::SameItemTwice(seen(1, 1).item)), "an item goes one way");
    }
}
