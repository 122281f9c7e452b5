//! What designers script: small Rhai programs, checked before they run and run within bounds.
//!
//! A [`Script`] is a text of functions. [`Script::compile`] says everything that is wrong with it; [`Script::run`] calls one of
//! its functions. The function asks for [`Facts`] and collects [`Intent`]s; it changes nothing itself. Whoever called it carries
//! the intents out, all of them where the call came to its end, and none where it did not.
//!
//! A script is the same everywhere: whole numbers only, maps in order, no optimiser, no clock, no file, no module, no chance but
//! that of its caller. It is bounded in everything: operations, depth, sizes, questions and intents, each in [`limits`].
//!
//! This is the one crate that knows Rhai. It knows no world: content checks scripts with it, shards run them with it.

mod api;
mod call;
mod check;
mod engine;
mod facts;
mod memory;
mod run;
mod script;

pub mod limits;

pub use api::{API, Kind};
pub use facts::{Facts, Person};
pub use memory::{Memory, Value};
pub use run::{Intent, Outcome, ScriptError};
pub use script::{Fault, Literal, Script};
