//! What the caller earns beside matches: achievements, days in a row, what seasons have given.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::{Extension, Json};
use hypogeum_economy::EconomyError;
use hypogeum_progression::{
    Achievement, AchievementProgress, DailyClaimed, DailyStanding, DailyTable, REWARDS_PER_PAGE_MAX, RewardTerms,
    SeasonReward,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::NoBody;
use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::openapi::values::Currency;
use crate::query::Query;
use crate::store::GatewayStore;

/// What somebody gets.
#[derive(Serialize, ToSchema)]
#[schema(as = Reward)]
pub(crate) struct RewardBody {
    #[schema(value_type = Currency)]
    currency: i64,
    #[schema(value_type = String, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    cosmetic: Option<String>,
}

impl From<RewardTerms> for RewardBody {
    fn from(RewardTerms { currency, cosmetic }: RewardTerms) -> Self {
        Self { currency, cosmetic }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Achievements)]
pub(crate) struct AchievementsBody {
    achievements: Vec<AchievementBody>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Achievement)]
struct AchievementBody {
    key: String,
    name: String,
    description: String,
    /// What was counted so far, up to what it counts to.
    progress: i64,
    at: i64,
    /// When it was reached; left out: it was not.
    #[schema(value_type = u64, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    done_s: Option<u64>,
    reward: RewardBody,
}

impl AchievementBody {
    fn of(achievement: &Achievement, progress: &[AchievementProgress]) -> Self {
        let Achievement { key, name, description, at, reward, .. } = achievement;
        let own = progress.iter().find(|own| own.achievement == *key);
        Self {
            key: key.clone(),
            name: name.clone(),
            description: description.clone(),
            progress: own.map_or(0, |own| own.progress.min(*at)),
            at: *at,
            done_s: own.and_then(|own| own.done_s),
            reward: reward.clone().into(),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = DailyTables)]
pub(crate) struct DailyTablesBody {
    tables: Vec<DailyBody>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DailyTable)]
struct DailyBody {
    key: String,
    /// The first day first; behind the last it begins again.
    days: Vec<RewardBody>,
    /// The day of UTC that it is, in days since 1970.
    today: i64,
    /// How many were taken in a row.
    streak: u64,
    is_claimed: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DailyClaim)]
pub(crate) struct ClaimBody {
    today: i64,
    streak: u64,
    /// Whether it came by this very request.
    is_new: bool,
    reward: RewardBody,
    #[schema(value_type = Currency)]
    balance: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SeasonRewards)]
pub(crate) struct SeasonRewardsBody {
    rewards: Vec<SeasonRewardBody>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SeasonReward)]
struct SeasonRewardBody {
    leaderboard: String,
    season_s: i64,
    rank: u64,
    reward: RewardBody,
    granted_s: u64,
}

impl From<SeasonReward> for SeasonRewardBody {
    fn from(given: SeasonReward) -> Self {
        let SeasonReward { leaderboard, season_s, rank, reward, granted_s } = given;
        Self { leaderboard, season_s, rank, reward: reward.into(), granted_s }
    }
}

pub(crate) async fn achievements<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    _: NoBody,
) -> Result<Json<AchievementsBody>, ApiError> {
    let progress = gateway.store.achievements(caller.account).await?;
    let all = gateway.config.rewards.achievements.iter();
    Ok(Json(AchievementsBody { achievements: all.map(|own| AchievementBody::of(own, &progress)).collect() }))
}

pub(crate) async fn daily<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    _: NoBody,
) -> Result<Json<DailyTablesBody>, ApiError> {
    let tables = &gateway.config.rewards.daily;
    let standings = gateway.store.daily(caller.account, tables).await?;
    let body = |(DailyTable { key, days }, standing): (&DailyTable, DailyStanding)| {
        let DailyStanding { today, streak, is_claimed } = standing;
        let days = days.iter().cloned().map(RewardBody::from).collect();
        DailyBody { key: key.clone(), days, today, streak, is_claimed }
    };
    Ok(Json(DailyTablesBody { tables: tables.iter().zip(standings).map(body).collect() }))
}

pub(crate) async fn claim<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    key: Result<Path<String>, PathRejection>,
    _: NoBody,
) -> Result<Json<ClaimBody>, ApiError> {
    let Path(key) = key.map_err(|_| ApiError::NotFound)?;
    let table = gateway.config.rewards.daily(&key).ok_or(ApiError::NoSuchDaily)?;
    gateway.check_grants()?;
    let claimed = gateway.store.claim_daily(caller.account, table).await?;
    let DailyClaimed { standing, is_new, reward, balance } = claimed.ok_or(EconomyError::NoSuchAccount)?;
    let DailyStanding { today, streak, .. } = standing;
    Ok(Json(ClaimBody { today, streak, is_new, reward: reward.into(), balance }))
}

pub(crate) async fn seasons<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<SeasonRewardsBody>, ApiError> {
    let query = Query::read(query.as_deref(), &["count"])?;
    let count = query.value::<usize>("count")?.unwrap_or(REWARDS_PER_PAGE_MAX).clamp(1, REWARDS_PER_PAGE_MAX);
    let given = gateway.store.season_rewards(caller.account, count).await?;
    Ok(Json(SeasonRewardsBody { rewards: given.into_iter().map(SeasonRewardBody::from).collect() }))
}
