//! Checks after each tick whether promises can be kept, and sets the readiness of the gateway.

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

/// What troubles there are, as last reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Troubles {
    database: bool,
    journal: bool,
    settlements: bool,
}

/// Reports the health of the database, the journal and settlements to the gateway's admission. Wants the plugins of all of them in
/// the same app.
pub(crate) struct ReadinessPlugin;

impl Plugin for ReadinessPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(FixedLast, report_readiness);
    }
}

/// Reports to the gateway's admission what has changed.
fn report_readiness(
    admission: Res<Admission>,
    store: Res<StoreHealth>,
    journal: Res<JournalWatch>,
    (host_status, config): (Res<SharedHostStatus>, Res<MatchesConfig>),
    mut reported: Local<Troubles>,
) {
    let now = Troubles {
        database: store.is_degraded(),
        journal: journal.health() != JournalHealth::Good,
        settlements: host_status.settling() >= config.settlements_waiting_max,
    };
    if now == *reported {
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
    *reported = now;
}
