//! Looks after each tick whether what is promised can be kept, and tells the door.

use bevy_app::{App, FixedLast, Plugin};
use bevy_ecs::prelude::{Local, Res};
use hypogeum_gateway::Admission;
use hypogeum_journal::{JournalHealth, JournalWatch};
use hypogeum_matches::{MatchesConfig, SharedHostStatus};
use hypogeum_store::StoreHealth;

/// What `/readyz` calls them.
const DATABASE: &str = "database";
const JOURNAL: &str = "journal";
const SETTLEMENTS: &str = "settlements";

/// What troubles there are, as last told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Troubles {
    database: bool,
    journal: bool,
    settlements: bool,
}

/// Tells the door of the gateway how the database, the journal and settlements do. Wants the plugins of all of them in
/// the same app.
pub(crate) struct ReadinessPlugin;

impl Plugin for ReadinessPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(FixedLast, tell_readiness);
    }
}

/// Looks, and tells the door if something is other than it was.
fn tell_readiness(
    admission: Res<Admission>,
    store: Res<StoreHealth>,
    journal: Res<JournalWatch>,
    (host_status, config): (Res<SharedHostStatus>, Res<MatchesConfig>),
    mut told: Local<Troubles>,
) {
    let now = Troubles {
        database: store.is_degraded(),
        journal: journal.health() != JournalHealth::Good,
        settlements: host_status.settling() >= config.settlements_waiting_max,
    };
    if now == *told {
        return;
    }
    if now.database {
        admission.degrade(DATABASE)
    } else {
        admission.recover(DATABASE)
    }
    for (trouble, reason) in [(now.journal, JOURNAL), (now.settlements, SETTLEMENTS)] {
        if trouble { admission.refuse(reason) } else { admission.allow(reason) }
    }
    tracing::warn!(?now, "readiness has changed");
    *told = now;
}
