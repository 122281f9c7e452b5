//! What the caller is and has reached.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use hypogeum_economy::EconomyError;
use hypogeum_progression::Progress;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::NoBody;
use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::openapi::values::Currency;
use crate::store::GatewayStore;

#[derive(Serialize, ToSchema)]
#[schema(as = Profile)]
pub(crate) struct ProfileBody {
    account_id: u64,
    name: String,
    /// Whether it has no password.
    is_guest: bool,
    created_s: u64,
    level: u32,
    xp: u64,
    /// By matches; what ladders say is told by them.
    rating: i32,
    #[schema(value_type = Currency)]
    currency: i64,
}

impl From<Progress> for ProfileBody {
    fn from(progress: Progress) -> Self {
        let level = progress.level();
        let Progress { account, name, is_guest, created_s, xp, currency, skill } = progress;
        Self { account_id: account.0, name, is_guest, created_s, level, xp, rating: skill.shown(), currency }
    }
}

pub(crate) async fn show<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    _: NoBody,
) -> Result<Json<ProfileBody>, ApiError> {
    let progress = gateway.store.progress(caller.account).await?;
    Ok(Json(progress.ok_or(EconomyError::NoSuchAccount)?.into()))
}
