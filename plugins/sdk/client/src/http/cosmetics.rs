//! What players wear to be looked at.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, ApiError, Login};

/// A cosmetic, and what the caller has of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Cosmetic {
    /// By which it is asked for.
    pub key: String,
    /// Shown to players.
    pub name: String,
    /// Says what it looks like.
    pub description: String,
    /// Where it is worn: `colour`, `trail`, `banner`, `title`; `None`: it is a bundle.
    pub slot: Option<String>,
    /// 24 bits of red, green and blue.
    pub colour: u32,
    /// What the caller pays now; `None`: it is not sold, or owned already.
    pub price: Option<i64>,
    /// The level that its buyer must have.
    pub level_min: u32,
    /// Of a bundle, what is in it.
    #[serde(default)]
    pub parts: Vec<String>,
    /// Whether the caller has all of it.
    pub is_owned: bool,
    /// Whether the caller wears it.
    pub is_equipped: bool,
}

/// A cosmetic that was bought.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CosmeticBought {
    /// Its key.
    pub cosmetic: String,
    /// What was paid.
    pub price: i64,
    /// What is left in the wallet.
    pub balance: i64,
}

/// What somebody wears.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Look {
    /// As asked for.
    pub name: String,
    /// Keys of cosmetics.
    pub cosmetics: Vec<String>,
}

#[derive(Deserialize)]
struct Looks {
    looks: Vec<Look>,
}

#[derive(Deserialize)]
struct Cosmetics {
    cosmetics: Vec<Cosmetic>,
}

#[derive(Deserialize)]
struct Balance {
    balance: i64,
}

#[derive(Deserialize)]
struct Equipped {}

impl Api {
    /// All cosmetics there are.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn cosmetics(&self, login: &Login) -> Result<Vec<Cosmetic>, ApiError> {
        let answer: Cosmetics = self.get("/v1/cosmetics", login)?;
        Ok(answer.cosmetics)
    }

    /// Buys a cosmetic at the price that was seen. By the same `key`, nothing is bought twice.
    ///
    /// # Errors
    /// As [`Api::characters`], with 403, 404 and 409 where it cannot be had so.
    pub fn buy_cosmetic(
        &self,
        login: &Login,
        (cosmetic, price): (&str, i64),
        key: u64,
    ) -> Result<CosmeticBought, ApiError> {
        let body = json!({ "key": key, "price": price });
        self.post(&format!("/v1/cosmetics/{cosmetic}/buy"), Some(login), &body)
    }

    /// What others wear, by the names that a roster tells, at most 64; who wears nothing is left out.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn cosmetics_worn(&self, login: &Login, names: &[&str]) -> Result<Vec<Look>, ApiError> {
        let answer: Looks = self.post("/v1/cosmetics/worn", Some(login), &json!({ "names": names }))?;
        Ok(answer.looks)
    }

    /// Gives back what was bought with a key; the new balance.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 and 409 where it cannot be given back.
    pub fn refund_cosmetic(&self, login: &Login, key: u64) -> Result<i64, ApiError> {
        let answer: Balance = self.post("/v1/cosmetics/refund", Some(login), &json!({ "key": key }))?;
        Ok(answer.balance)
    }

    /// Wears a cosmetic, in the place of another.
    ///
    /// # Errors
    /// As [`Api::characters`], with 403 where it is not owned.
    pub fn equip_cosmetic(&self, login: &Login, cosmetic: &str) -> Result<(), ApiError> {
        let path = format!("/v1/cosmetics/{cosmetic}/equip");
        self.post(&path, Some(login), &Value::Null).map(|Equipped {}| ())
    }

    /// Wears a cosmetic no more.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn unequip_cosmetic(&self, login: &Login, cosmetic: &str) -> Result<(), ApiError> {
        let path = format!("/v1/cosmetics/{cosmetic}/unequip");
        self.post(&path, Some(login), &Value::Null).map(|Equipped {}| ())
    }
}
