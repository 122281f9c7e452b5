//! What a zone keeps of its scripts: what they remember, what they are to do later, and how they have done.

use std::collections::BTreeMap;

use bevy_ecs::prelude::Resource;
use hypogeum_protocol::NetId;
use hypogeum_script::Memory;
use hypogeum_script::limits::OPERATIONS_MAX;
use hypogeum_shard::ResourceState;
use serde::{Deserialize, Serialize};

/// Operations of all calls of one step: at about 0.15 µs each, 3 ms.
pub(super) const STEP_OPERATIONS_MAX: u64 = 20_000;
/// So many errors in a row, and a function is not called any more until the content is another.
pub(super) const ERRORS_IN_A_ROW_MAX: u32 = 8;
/// Functions that wait for their time.
pub(super) const TIMERS_MAX: usize = 64;

/// Scripts of a zone.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptRecord {
    /// The content that errors are counted on.
    pub(super) content: [u8; 32],
    /// What each script remembers, by its key.
    pub(super) memories: BTreeMap<String, Memory>,
    /// What is to be called later, in the order of asking.
    pub(super) timers: Vec<Timer>,
    /// Functions that have failed on this content, by `script/function`.
    pub(super) failures: BTreeMap<String, Failures>,
    /// The step that [`ScriptRecord::step_operations`] are of.
    pub(super) step_tick: u32,
    /// Operations of that step.
    pub(super) step_operations: u64,
    /// Calls, since the zone exists.
    pub calls_count: u64,
    /// Calls that ended with an error, since the zone exists.
    pub errors_count: u64,
    /// Calls that were left out because the operations of their step were used up, since the zone exists.
    pub skipped_count: u64,
    /// Operations, since the zone exists.
    pub operations: u64,
}

/// A function that is to be called later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// The step in which it is called, or the first one after it with operations left.
    pub due_tick: u32,
    /// Key of the script.
    pub script: String,
    /// Name of the function.
    pub function: String,
    /// Who has caused it.
    pub who: NetId,
}

/// How a function has failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    /// In a row, up to now.
    pub in_a_row: u32,
    /// In all.
    pub total: u32,
}

impl ResourceState for ScriptRecord {
    const NAME: &'static str = "scripts";
}

impl ScriptRecord {
    /// What is to be called later, in the order of asking.
    #[must_use]
    pub fn timers(&self) -> &[Timer] {
        &self.timers
    }

    /// What a script remembers, by its key.
    #[must_use]
    pub fn memory(&self, script: &str) -> Option<&Memory> {
        self.memories.get(script)
    }

    /// How a function has failed on this content.
    #[must_use]
    pub fn failures(&self, script: &str, function: &str) -> Failures {
        self.failures.get(&named(script, function)).copied().unwrap_or_default()
    }

    /// Whether another call fits into this step: one that takes as many operations as it may.
    pub(super) const fn has_operations(&self, tick: u32) -> bool {
        self.step_tick != tick || self.step_operations + OPERATIONS_MAX <= STEP_OPERATIONS_MAX
    }

    /// Counts a call.
    pub(super) const fn count(&mut self, tick: u32, operations: u64) {
        if self.step_tick != tick {
            self.step_tick = tick;
            self.step_operations = 0;
        }
        self.step_operations += operations;
        self.operations += operations;
        self.calls_count += 1;
    }

    /// Counts an error; returns whether somebody should read of it: the first, the second, the fourth and so on, and the one
    /// after which the function is not called any more.
    pub(super) fn fail(&mut self, script: &str, function: &str) -> bool {
        self.errors_count += 1;
        let failures = self.failures.entry(named(script, function)).or_default();
        failures.in_a_row += 1;
        failures.total = failures.total.saturating_add(1);
        failures.total.is_power_of_two() || failures.in_a_row == ERRORS_IN_A_ROW_MAX
    }

    pub(super) fn succeed(&mut self, script: &str, function: &str) {
        if let Some(failures) = self.failures.get_mut(&named(script, function)) {
            failures.in_a_row = 0;
        }
    }

    pub(super) fn is_given_up(&self, script: &str, function: &str) -> bool {
        self.failures(script, function).in_a_row >= ERRORS_IN_A_ROW_MAX
    }
}

fn named(script: &str, function: &str) -> String {
    format!("{script}/{function}")
}
