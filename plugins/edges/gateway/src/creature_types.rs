//! The types of creatures that people choose from: the same for everyone as long as the server runs, so clients and caches keep it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hypogeum_creature_messages::CreatureStats;
use hypogeum_tournaments::{CreatureCatalogue, CreatureRules};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::kept_answer::KeptAnswer;
use crate::openapi::values::StatsBias;
use crate::store::GatewayStore;

/// The game's creatures: how they are made, and what is answered to those who ask for their types.
#[derive(Clone)]
pub(crate) struct GameCreatures {
    pub(crate) rules: Arc<dyn CreatureRules>,
    answer: KeptAnswer,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CreatureTypes)]
pub(crate) struct TypesBody<'a> {
    types: Vec<TypeBody<'a>>,
    creation: CreationBody<'a>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CreatureType)]
struct TypeBody<'a> {
    #[serde(rename = "type")]
    key: &'a str,
    name: &'a str,
    description: &'a str,
    #[schema(value_type = StatsBias)]
    bias: Map<String, Value>,
    #[schema(value_type = Vec<String>)]
    art: &'a [String],
}

#[derive(Serialize, ToSchema)]
#[schema(as = CreatureCreation)]
struct CreationBody<'a> {
    battle: &'a str,
    stat_base: u32,
    stat_min: u32,
    stat_max: u32,
    points: u32,
}

impl<'a> From<&'a CreatureCatalogue> for TypesBody<'a> {
    fn from(CreatureCatalogue { types, creation }: &'a CreatureCatalogue) -> Self {
        let types = types.iter().map(|of| TypeBody {
            key: &of.key,
            name: &of.name,
            description: &of.description,
            bias: CreatureStats::NAMES
                .into_iter()
                .zip(of.bias)
                .map(|(stat, by)| (stat.to_owned(), by.into()))
                .collect(),
            art: &of.art,
        });
        let creation = CreationBody {
            battle: &creation.battle,
            stat_base: creation.stat_base,
            stat_min: creation.stat_min,
            stat_max: creation.stat_max,
            points: creation.points,
        };
        Self { types: types.collect(), creation }
    }
}

impl GameCreatures {
    /// Words the answer once.
    ///
    /// # Errors
    /// [`serde_json::Error`] where it is no JSON, which it always is: it has text and numbers alone.
    pub(crate) fn new(rules: Arc<dyn CreatureRules>) -> Result<Self, serde_json::Error> {
        Ok(Self { answer: KeptAnswer::new(&TypesBody::from(rules.catalogue()))?, rules })
    }

    /// The keys of all types.
    pub(crate) fn known(&self) -> Vec<String> {
        self.rules.catalogue().types.iter().map(|of| of.key.clone()).collect()
    }
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Ok(gateway.creatures()?.answer.respond(&headers))
}
