//! One call of a function, and what it comes to.

use core::fmt;

use rhai::{CallFnOptions, Dynamic, EvalAltResult, Scope};

use crate::call::{Call, Handle};
use crate::engine::{engine, operations, start_counting};
use crate::limits::OPERATIONS_MAX;
use crate::{Facts, Memory, Script};

/// Characters of an error that are kept.
const WHAT_CHARS_MAX: usize = 160;

/// Something a script wants done. Keys name what there is; people are numbers of [`Facts`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each field is named as the parameter of the function that asks for it")]
pub enum Intent {
    /// Words for one person, and of whom they speak.
    Tell { who: u32, words: String, of: Option<u32> },
    /// Words for everyone in a room, and of whom they speak.
    Announce { room: String, words: String, of: Option<u32> },
    /// A door opens.
    Open { door: String },
    /// A door closes.
    Close { door: String },
    /// A door closes and is locked.
    Lock { door: String },
    /// NPCs appear, 1–16.
    Spawn { npc: String, room: String, count: u32 },
    /// NPCs of a kind vanish from a room.
    Despawn { npc: String, room: String },
    /// Somebody is given an item.
    Give { who: u32, item: String },
    /// One of an item is taken from somebody.
    Take { who: u32, item: String },
    /// Somebody is put under an effect.
    Effect { who: u32, effect: String },
    /// Somebody is put into a room.
    Teleport { who: u32, room: String },
    /// A hazard begins in a room.
    StartHazard { hazard: String, room: String },
    /// A flag is set or cleared.
    SetFlag { flag: String, is_set: bool },
    /// A function of the same script is called in so many milliseconds, for the same person.
    After { ms: u32, function: String },
}

/// Why a call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// Line of the script, from 1; 0 where none is known.
    pub line: u32,
    /// Column in characters, from 1; 0 where none is known.
    pub column: u32,
    /// What is wrong, in at most 160 characters.
    pub what: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.line, self.column, self.what)
    }
}

/// What a call came to.
#[derive(Debug)]
pub struct Outcome<F> {
    /// The facts, given back.
    pub facts: F,
    /// Operations it took, at most [`OPERATIONS_MAX`].
    pub operations: u64,
    /// What is wanted and what is remembered now; or why neither counts.
    pub result: Result<(Vec<Intent>, Memory), ScriptError>,
}

impl Script {
    /// Calls a function without parameters. It never panics whatever the script is, and takes no longer than its bounds allow.
    #[must_use]
    pub fn run<F: Facts>(&self, function: &str, facts: F, memory: Memory) -> Outcome<F> {
        let call = Handle::new(Call::new(Box::new(facts), memory, self.entries()));
        let options = CallFnOptions::new().with_tag(call.clone()).eval_ast(false);
        start_counting();
        let returned = engine().call_fn_with_options::<Dynamic>(options, &mut Scope::new(), self.ast(), function, ());
        let operations = operations().min(OPERATIONS_MAX);
        let done = call.finish();
        let error = match (returned, done.broken) {
            // A limit holds, even where a script has caught the error that it was.
            (_, Some(error)) => Some(error),
            (Err(error), None) => Some(describe(&error)),
            (Ok(_), None) => None,
        };
        let facts: Box<dyn core::any::Any> = done.facts;
        let facts = *facts.downcast::<F>().expect("a call gives back the facts it was given");
        let result = error.map_or(Ok((done.intents, done.memory)), Err);
        Outcome { facts, operations, result }
    }
}

/// The innermost error, where it happened.
pub(crate) fn describe(error: &EvalAltResult) -> ScriptError {
    let mut innermost = error;
    let mut position = error.position();
    while let EvalAltResult::ErrorInFunctionCall(_, _, inner, _) = innermost {
        innermost = inner;
        if !innermost.position().is_none() {
            position = innermost.position();
        }
    }
    let number = |at: Option<usize>| at.and_then(|at| u32::try_from(at).ok()).unwrap_or(0);
    let mut bare = innermost.to_string();
    // Rhai writes the place behind the words; here it has fields of its own.
    if let Some(end) = bare.rfind(" (line ") {
        bare.truncate(end);
    }
    let bare = ["Runtime error: ", "Syntax error: "].iter().find_map(|kind| bare.strip_prefix(kind)).unwrap_or(&bare);
    let shown = |character: char| if character.is_control() { ' ' } else { character };
    let what = bare.chars().take(WHAT_CHARS_MAX).map(shown).collect();
    ScriptError { line: number(position.line()), column: number(position.position()), what }
}
