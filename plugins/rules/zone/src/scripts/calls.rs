//! Calls of functions of scripts: by triggers, and when their time has come.

use bevy_ecs::prelude::World;
use hypogeum_content::Id;
use hypogeum_content::def::ScriptDef;
use hypogeum_protocol::NetId;
use hypogeum_script::{Intent, Memory, ScriptError};
use hypogeum_shard::{OperatorNotes, Purpose, Rules, Tick};

use super::asked::Asked;
use super::intents::carry_out;
use super::record::{ERRORS_IN_A_ROW_MAX, ScriptRecord, TIMERS_MAX, Timer};
use crate::rooms::room_of;

/// Why a function is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cause {
    /// Who has caused it; nobody, where time has.
    pub(crate) who: NetId,
    /// Where; without it where `who` is.
    pub(crate) room: Option<usize>,
    /// What was typed behind the word.
    pub(crate) words: String,
}

const DICE: Purpose = Purpose::named("script dice");

/// Calls a function of a script and does what it wants: all of it, or nothing where it fails. A failure concerns nobody but
/// those who run the server.
pub(crate) fn call(world: &mut World, script: Id<ScriptDef>, function: &str, cause: &Cause) {
    let rules = world.resource::<Rules>().clone();
    let Some(def) = rules.content.scripts.find(script) else { return };
    let (key, tick) = (rules.content.scripts.key(script), *world.resource::<Tick>());
    forget_failures_of_another_content(world, rules.content.hash);
    let record = world.resource::<ScriptRecord>();
    if record.is_given_up(key, function) {
        return;
    }
    if !record.has_operations(tick.0) {
        world.resource_mut::<ScriptRecord>().skipped_count += 1;
        return;
    }
    // Each call has dice of its own, by its number.
    let dice = rules.dice(tick, NetId(record.calls_count as u32), DICE);
    let memory = record.memories.get(key).cloned().unwrap_or_default();
    let room = cause.room.or_else(|| room_of(world, cause.who).map(|(room, _)| room));
    let asked = Asked { world: std::mem::take(world), who: cause.who, room, words: cause.words.clone(), dice };
    let outcome = def.script.run(function, asked, memory);
    *world = outcome.facts.world;
    world.resource_mut::<ScriptRecord>().count(tick.0, outcome.operations);
    match outcome.result.and_then(|done| with_room_for_timers(world, done)) {
        Ok((intents, memory)) => {
            let mut record = world.resource_mut::<ScriptRecord>();
            record.succeed(key, function);
            if memory.is_empty() {
                record.memories.remove(key);
            } else {
                record.memories.insert(key.to_owned(), memory);
            }
            for intent in intents {
                carry_out(world, key, cause, intent);
            }
        }
        Err(error) => fail(world, (key, function), &error),
    }
}

/// What a call has come to, where all that it wants to be called later can be remembered.
fn with_room_for_timers(world: &World, done: (Vec<Intent>, Memory)) -> Result<(Vec<Intent>, Memory), ScriptError> {
    let more = done.0.iter().filter(|intent| matches!(intent, Intent::After { .. })).count();
    if world.resource::<ScriptRecord>().timers.len() + more <= TIMERS_MAX {
        return Ok(done);
    }
    let what = format!("more than {TIMERS_MAX} functions of this zone wait to be called");
    Err(ScriptError { line: 0, column: 0, what })
}

fn fail(world: &mut World, (script, function): (&str, &str), error: &ScriptError) {
    let mut record = world.resource_mut::<ScriptRecord>();
    if !record.fail(script, function) {
        return;
    }
    let failures = record.failures(script, function);
    let given_up = if failures.in_a_row >= ERRORS_IN_A_ROW_MAX { "; it is not called any more" } else { "" };
    let note = format!("scripts/{script}.rhai:{error} (in {function}, error {}){given_up}", failures.total);
    world.resource_mut::<OperatorNotes>().note(note);
}

/// On another content a function may be right again.
fn forget_failures_of_another_content(world: &mut World, content: [u8; 32]) {
    if world.resource::<ScriptRecord>().content != content {
        let mut record = world.resource_mut::<ScriptRecord>();
        record.content = content;
        record.failures.clear();
    }
}

/// Remembers to call a function later.
pub(super) fn note_timer(world: &mut World, script: &str, cause: &Cause, ms: u32, function: String) {
    let due_tick = world.resource::<Tick>().0.saturating_add(world.resource::<Rules>().ticks(ms).max(1));
    let timer = Timer { due_tick, script: script.to_owned(), function, who: cause.who };
    world.resource_mut::<ScriptRecord>().timers.push(timer);
}

/// Calls all that is due, in the order of asking. What does not fit into this step stays due.
pub(crate) fn call_due(world: &mut World) {
    let tick = world.resource::<Tick>().0;
    let is_due = |timer: &Timer| timer.due_tick <= tick;
    let due = world.resource::<ScriptRecord>().timers.iter().filter(|timer| is_due(timer)).count();
    for _ in 0..due {
        let record = world.resource::<ScriptRecord>();
        if !record.has_operations(tick) {
            return;
        }
        let Some(place) = record.timers.iter().position(is_due) else { return };
        let Timer { script, function, who, .. } = world.resource_mut::<ScriptRecord>().timers.remove(place);
        // What another content lacks is forgotten.
        if let Some(script) = world.resource::<Rules>().content.scripts.id(&script) {
            call(world, script, &function, &Cause { who, ..Cause::default() });
        }
    }
}
