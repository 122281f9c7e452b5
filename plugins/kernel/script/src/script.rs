//! A script that has been read.

use core::fmt;
use std::sync::Arc;

use rhai::AST;

use crate::check::{self, Findings};
use crate::engine::engine;
use crate::limits::SOURCE_BYTES_MAX;
use crate::{Kind, run};

/// Something that is wrong with a script, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub what: String,
    /// What stands there.
    pub found: String,
    /// What should stand there.
    pub expected: String,
    /// What was probably meant.
    pub hint: Option<String>,
}

/// A text in quotes that a script has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The text.
    pub text: String,
    /// What the API takes it for, where it is handed over as it stands.
    pub kind: Option<Kind>,
}

/// A script without mistakes, ready to run. Clones share it.
#[derive(Clone)]
pub struct Script(Arc<Read>);

struct Read {
    source: String,
    ast: AST,
    entries: Arc<[String]>,
    literals: Vec<Literal>,
}

impl fmt::Debug for Script {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Script").field("entries", &self.0.entries).finish_non_exhaustive()
    }
}

impl Script {
    /// Reads a script. Line ends of other systems become ours.
    ///
    /// # Errors
    /// Everything that is wrong, by line: what is no Rhai ends the search; statements outside of functions; calls of functions
    /// that neither the script nor the API has, or with another number of arguments.
    pub fn compile(source: &str) -> Result<Self, Vec<Fault>> {
        let whole = |what: &str, found: String, expected: String| Fault {
            line: 1,
            column: 1,
            what: what.to_owned(),
            found,
            expected,
            hint: None,
        };
        if source.len() > SOURCE_BYTES_MAX {
            let (found, expected) = (format!("{} bytes", source.len()), format!("at most {SOURCE_BYTES_MAX}"));
            return Err(vec![whole("script too long", found, expected)]);
        }
        let source = source.replace("\r\n", "\n");
        let ast = engine().compile(&source).map_err(|error| {
            let run::ScriptError { line, column, what } = run::describe(&error.into());
            let (line, column) = (line.max(1), column.max(1));
            vec![Fault { line, column, ..whole("not a script", what, "Rhai".to_owned()) }]
        })?;
        let Findings { entries, literals, faults } = check::look(&ast);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self(Arc::new(Read { source, ast, entries: entries.into(), literals })))
    }

    /// The script as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Names of the functions without parameters, in order: those that can be called from outside.
    #[must_use]
    pub fn entries(&self) -> Arc<[String]> {
        Arc::clone(&self.0.entries)
    }

    /// Every text in quotes, in the order of the script.
    #[must_use]
    pub fn literals(&self) -> &[Literal] {
        &self.0.literals
    }

    pub(crate) fn ast(&self) -> &AST {
        &self.0.ast
    }
}
