//! The kinds of tournaments that people choose from.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hypogeum_tournaments::{TournamentKind, TournamentKinds};
use serde::Serialize;
use utoipa::ToSchema;

use crate::entries::{seeding_ladder, seeding_text};
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::kept_answer::KeptAnswer;
use crate::openapi::values::{Currency, FormatWord, SeedingWord};
use crate::store::GatewayStore;

/// The kinds, and what is answered to those who ask for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct GameTournaments {
    pub(crate) kinds: TournamentKinds,
    /// `None`: the game has no tournaments.
    answer: Option<KeptAnswer>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Tournaments)]
pub(crate) struct KindsBody<'a> {
    tournaments: Vec<KindBody<'a>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Tournament)]
struct KindBody<'a> {
    tournament: &'a str,
    name: &'a str,
    description: &'a str,
    battle: &'a str,
    #[schema(value_type = FormatWord)]
    format: &'a str,
    best_of: u8,
    entrants_min: u8,
    entrants_max: u8,
    /// All numbers of creatures that can play it.
    #[schema(value_type = Vec<u32>)]
    sizes: Vec<u8>,
    #[schema(value_type = Vec<String>)]
    opponents: &'a [String],
    per_person_max: u8,
    people_min: u8,
    #[schema(value_type = Currency)]
    entry_fee: i64,
    #[schema(value_type = Currency)]
    purse: i64,
    #[schema(value_type = Vec<u32>)]
    prizes_percent: &'a [u8],
    #[schema(value_type = SeedingWord)]
    seeding: &'static str,
    /// The ladder that seeds go by.
    #[schema(value_type = String)]
    #[serde(skip_serializing_if = "Option::is_none")]
    seeding_ladder: Option<&'a str>,
    /// Whether the house opens one by itself: when it does, it is among the open games.
    is_scheduled: bool,
    /// Seconds in which people may enter that one.
    #[schema(value_type = u32)]
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_s: Option<u32>,
}

impl<'a> From<&'a TournamentKind> for KindBody<'a> {
    fn from(kind: &'a TournamentKind) -> Self {
        Self {
            tournament: &kind.key,
            name: &kind.name,
            description: &kind.description,
            battle: &kind.battle,
            format: kind.format,
            best_of: kind.best_of,
            entrants_min: kind.entrants_min,
            entrants_max: kind.entrants_max,
            sizes: (kind.entrants_min..=kind.entrants_max).filter(|size| kind.sizes.has(*size)).collect(),
            opponents: &kind.fill,
            per_person_max: kind.per_person_max,
            people_min: kind.people_min,
            entry_fee: kind.entry_fee,
            purse: kind.purse,
            prizes_percent: &kind.prizes_percent,
            seeding: seeding_text(&kind.seeding),
            seeding_ladder: seeding_ladder(&kind.seeding),
            is_scheduled: kind.schedule.is_some(),
            registration_s: kind.schedule.map(|schedule| schedule.registration_s),
        }
    }
}

impl GameTournaments {
    /// Words the answer once.
    ///
    /// # Errors
    /// As [`KeptAnswer::new`].
    pub(crate) fn new(kinds: TournamentKinds) -> Result<Self, serde_json::Error> {
        let answer = KeptAnswer::new(&KindsBody { tournaments: kinds.iter().map(KindBody::from).collect() })?;
        Ok(Self { kinds, answer: Some(answer) })
    }
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let answer = gateway.tournaments.answer.as_ref().ok_or(ApiError::NotFound)?;
    Ok(answer.respond(&headers))
}
