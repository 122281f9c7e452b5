//! Cosmetics in memory. Nothing runs out here, and nobody plays.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_economy::{Cosmetic, CosmeticBought, CosmeticError, CosmeticSlot, CosmeticStore, EconomyError, Wardrobe};
use hypogeum_protocol::AccountId;

use super::{Memory, WALLET};

/// What is kept of cosmetics.
#[derive(Default)]
pub(super) struct MemoryCosmetics {
    owned: BTreeMap<AccountId, BTreeSet<String>>,
    worn: BTreeMap<(AccountId, CosmeticSlot), String>,
    /// What was bought, with what came of it, and whether it was given back.
    bought: BTreeMap<(AccountId, u64), (CosmeticBought, Vec<String>, bool)>,
}

impl CosmeticStore for Memory {
    async fn wardrobe(&self, account: AccountId) -> Result<Wardrobe, CosmeticError> {
        let state = self.economy()?;
        let owned = state.cosmetics.owned.get(&account).cloned().unwrap_or_default();
        let worn = state.cosmetics.worn.iter().filter(|((owner, _), _)| *owner == account);
        let worn = worn.map(|(_, key)| key.clone()).collect();
        Ok(Wardrobe { owned, worn, currency: state.wallets.get(&account).copied().unwrap_or(WALLET), xp: 0 })
    }

    async fn buy_cosmetic(
        &self,
        account: AccountId,
        key: u64,
        cosmetic: &Cosmetic,
        seen: i64,
    ) -> Result<CosmeticBought, CosmeticError> {
        let mut state = self.economy()?;
        if let Some((bought, ..)) = state.cosmetics.bought.get(&(account, key)).cloned() {
            return Ok(CosmeticBought { balance: state.pay(account, 0)?, ..bought });
        }
        if !cosmetic.is_sold {
            return Err(CosmeticError::NotSold(cosmetic.key.clone()));
        }
        if cosmetic.level_min > 1 {
            return Err(CosmeticError::LevelTooLow { needed: cosmetic.level_min, found: 1 });
        }
        let owned = state.cosmetics.owned.get(&account).cloned().unwrap_or_default();
        let price = cosmetic.price_for(&owned).ok_or_else(|| CosmeticError::AlreadyOwned(cosmetic.key.clone()))?;
        if price != seen {
            return Err(EconomyError::PriceChanged { expected: seen, found: price }.into());
        }
        let balance = state.pay(account, -price)?;
        let parts: Vec<String> = cosmetic.missing(&owned).map(str::to_owned).collect();
        state.cosmetics.owned.entry(account).or_default().extend(parts.iter().cloned());
        let bought = CosmeticBought { cosmetic: cosmetic.key.clone(), price, balance };
        state.cosmetics.bought.insert((account, key), (bought.clone(), parts, false));
        Ok(bought)
    }

    async fn refund_cosmetic(&self, account: AccountId, key: u64) -> Result<i64, CosmeticError> {
        let mut state = self.economy()?;
        let found = state.cosmetics.bought.get(&(account, key)).cloned();
        let (bought, parts, is_back) = found.ok_or(CosmeticError::NoSuchPurchase(key))?;
        if is_back {
            return Ok(state.pay(account, 0)?);
        }
        state.cosmetics.owned.entry(account).or_default().retain(|own| !parts.contains(own));
        state.cosmetics.worn.retain(|(owner, _), own| *owner != account || !parts.contains(own));
        state.cosmetics.bought.insert((account, key), (bought.clone(), parts, true));
        Ok(state.pay(account, bought.price)?)
    }

    async fn equip_cosmetic(
        &self,
        account: AccountId,
        cosmetic: &str,
        slot: CosmeticSlot,
    ) -> Result<(), CosmeticError> {
        let mut state = self.economy()?;
        if !state.cosmetics.owned.get(&account).is_some_and(|owned| owned.contains(cosmetic)) {
            return Err(CosmeticError::NotOwned(cosmetic.to_owned()));
        }
        state.cosmetics.worn.insert((account, slot), cosmetic.to_owned());
        Ok(())
    }

    async fn worn_by(&self, names: Vec<String>) -> Result<BTreeMap<String, BTreeSet<String>>, CosmeticError> {
        let state = self.economy()?;
        let mut worn: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in names {
            let Some(account) = state.accounts.get(&name).map(|record| record.id) else { continue };
            for ((owner, _), own) in &state.cosmetics.worn {
                if *owner == account {
                    worn.entry(name.clone()).or_default().insert(own.clone());
                }
            }
        }
        Ok(worn)
    }

    async fn unequip_cosmetic(&self, account: AccountId, cosmetic: &str) -> Result<(), CosmeticError> {
        self.economy()?.cosmetics.worn.retain(|(owner, _), own| *owner != account || own != cosmetic);
        Ok(())
    }
}
