//! What belongs to one call: the facts it asks, what it wants, what it remembers, and how much of each it has used.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::{Dynamic, EvalAltResult, NativeCallContext, Position};

use crate::limits::{INTENTS_MAX, LOOKS_MAX};
use crate::run::describe;
use crate::{Facts, Intent, Memory, ScriptError};

/// What a function of the API answers.
pub(crate) type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Facts that can be given back as what they were.
pub(crate) trait AnyFacts: Facts + core::any::Any {}
impl<F: Facts> AnyFacts for F {}

/// One call under way.
pub(crate) struct Call {
    pub(crate) facts: Box<dyn AnyFacts>,
    pub(crate) memory: Memory,
    pub(crate) intents: Vec<Intent>,
    /// Functions that may be called later.
    pub(crate) entries: Arc<[String]>,
    looks: u32,
    /// A bound was exceeded: nothing of the call counts, whatever the script does about it.
    broken: Option<ScriptError>,
}

impl Call {
    pub(crate) fn new(facts: Box<dyn AnyFacts>, memory: Memory, entries: Arc<[String]>) -> Self {
        Self { facts, memory, intents: Vec::new(), entries, looks: 0, broken: None }
    }

    /// Counts a question that looks at so many things.
    pub(crate) fn look(&mut self, things: usize, at: Position) -> Answer<()> {
        self.looks = self.looks.saturating_add(u32::try_from(things).unwrap_or(u32::MAX).max(1));
        if self.looks > LOOKS_MAX {
            return self.exceed("more is asked of the world than one call may ask", at);
        }
        Ok(())
    }

    /// Notes what is wanted.
    pub(crate) fn want(&mut self, intent: Intent, at: Position) -> Answer<()> {
        if self.intents.len() >= INTENTS_MAX {
            return self.exceed("more is wanted than one call may want", at);
        }
        self.intents.push(intent);
        Ok(())
    }

    fn exceed(&mut self, what: &str, at: Position) -> Answer<()> {
        let error = EvalAltResult::ErrorTerminated(Dynamic::from(what.to_owned()), at);
        self.broken.get_or_insert_with(|| ScriptError { what: what.to_owned(), ..describe(&error) });
        Err(error.into())
    }
}

/// What is left of a call at its end.
pub(crate) struct Done {
    pub(crate) facts: Box<dyn AnyFacts>,
    pub(crate) memory: Memory,
    pub(crate) intents: Vec<Intent>,
    pub(crate) broken: Option<ScriptError>,
}

/// A call, as functions of the API find it.
#[derive(Clone)]
pub(crate) struct Handle(Arc<Mutex<Option<Call>>>);

impl Handle {
    pub(crate) fn new(call: Call) -> Self {
        Self(Arc::new(Mutex::new(Some(call))))
    }

    fn lock(&self) -> MutexGuard<'_, Option<Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn finish(&self) -> Done {
        let call = self.lock().take().expect("a call ends once");
        Done { facts: call.facts, memory: call.memory, intents: call.intents, broken: call.broken }
    }
}

/// Does something with the call that a function of the API belongs to.
pub(crate) fn with<T>(
    context: &NativeCallContext<'_>,
    act: impl FnOnce(&mut Call, Position) -> Answer<T>,
) -> Answer<T> {
    let handle = context.tag().and_then(|tag| tag.clone().try_cast::<Handle>());
    let Some(handle) = handle else { return Err("there is no world to ask".into()) };
    let mut call = handle.lock();
    let call = call.as_mut().ok_or("the call has ended")?;
    act(call, context.call_position())
}
