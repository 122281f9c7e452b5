//! The types of creatures that people choose from: the same for everyone as long as the server runs, so clients and caches keep it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hypogeum_creature_messages::CreatureStats;
use hypogeum_tournaments::{CreatureCatalogue, CreatureRules};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::store::GatewayStore;

/// For how long nobody needs to ask again. A server that starts with other content is noticed within it.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=60");
/// Bytes of the answer's hash that its tag has: as many as no two answers ever share.
const TAG_BYTES: usize = 16;

/// The game's creatures: how they are made, and what is answered to those who ask for their types.
#[derive(Clone)]
pub(crate) struct GameCreatures {
    pub(crate) rules: Arc<dyn CreatureRules>,
    answer: Bytes,
    tag: HeaderValue,
}

#[derive(Serialize)]
struct TypesBody<'a> {
    types: Vec<TypeBody<'a>>,
    creation: CreationBody<'a>,
}

#[derive(Serialize)]
struct TypeBody<'a> {
    #[serde(rename = "type")]
    key: &'a str,
    name: &'a str,
    description: &'a str,
    bias: Map<String, Value>,
    art: &'a [String],
}

#[derive(Serialize)]
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
        let answer = serde_json::to_vec(&TypesBody::from(rules.catalogue()))?;
        let hash = blake3::hash(&answer);
        let digits: String = hash.as_bytes().iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect();
        let tag = HeaderValue::from_str(&format!("\"{digits}\"")).unwrap_or(HeaderValue::from_static("\"\""));
        Ok(Self { rules, answer: answer.into(), tag })
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
    let GameCreatures { answer, tag, .. } = gateway.creatures()?;
    let about = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, CACHE)];
    if has_already(&headers, tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok((about, [json], answer.clone()).into_response())
}

/// Whether a client says that it has the answer of this tag: RFC 9110, section 13.1.2, which compares tags weakly.
fn has_already(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let asked = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = asked.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|asked| asked == "*" || asked.strip_prefix("W/").unwrap_or(asked).as_bytes() == tag.as_bytes())
}
