//! Looks after each tick whether what is promised can be kept, and tells the door.

use hypogeum_gateway::Admission;
use hypogeum_journal::{JournalHealth, JournalWatch};
use hypogeum_matches::HostBoard;
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

/// Tells the door what changes.
#[derive(Debug)]
pub(crate) struct Watch {
    admission: Admission,
    journal: JournalWatch,
    store: StoreHealth,
    board: HostBoard,
    settlements_waiting_max: usize,
    told: Troubles,
}

impl Watch {
    pub(crate) fn new(
        admission: Admission,
        journal: JournalWatch,
        store: StoreHealth,
        board: HostBoard,
        settlements_waiting_max: usize,
    ) -> Self {
        Self { admission, journal, store, board, settlements_waiting_max, told: Troubles::default() }
    }

    /// Looks, and tells the door if something is other than it was.
    pub(crate) fn look(&mut self) {
        let now = Troubles {
            database: self.store.is_degraded(),
            journal: self.journal.health() != JournalHealth::Good,
            settlements: self.board.settling() >= self.settlements_waiting_max,
        };
        if now == self.told {
            return;
        }
        let admission = &self.admission;
        if now.database {
            admission.degrade(DATABASE)
        } else {
            admission.recover(DATABASE)
        }
        for (trouble, reason) in [(now.journal, JOURNAL), (now.settlements, SETTLEMENTS)] {
            if trouble { admission.refuse(reason) } else { admission.allow(reason) }
        }
        tracing::warn!(?now, "readiness has changed");
        self.told = now;
    }
}
