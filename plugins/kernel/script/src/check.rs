//! What can be known of a script before it runs.

use std::collections::{BTreeMap, BTreeSet};

use rhai::{AST, ASTNode, Expr, FnCallExpr, Position, Stmt};

use crate::api::LANGUAGE;
use crate::limits::FAULTS_MAX;
use crate::{API, Fault, Kind, Literal};

/// How many slips of a finger a name may be away from the one that was meant.
const SLIPS_MAX: usize = 2;

/// What a script has, and what is wrong with it.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) entries: Vec<String>,
    pub(crate) literals: Vec<Literal>,
    pub(crate) faults: Vec<Fault>,
}

/// A call in a script.
struct Called<'a> {
    call: &'a FnCallExpr,
    at: Position,
    /// What stands before the dot of a method is its first argument.
    is_method: bool,
}

/// Looks through a whole script.
pub(crate) fn look(ast: &AST) -> Findings {
    let mut functions: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for function in ast.iter_functions() {
        functions.entry(function.name).or_default().insert(function.params.len());
    }
    let entries = functions.iter().filter(|(_, counts)| counts.contains(&0)).map(|(name, _)| (*name).to_owned());
    let mut findings = Findings { entries: entries.collect(), ..Findings::default() };
    for name in functions.keys().filter(|name| is_taken(name)) {
        let found = format!("{name:?}");
        findings.fault(Position::NONE, "name of another function", found, "a name of its own", None);
    }
    if let Some(first) = ast.statements().first() {
        let expected = "functions only: nothing runs by itself";
        findings.fault(first.position(), "statement outside of a function", "one".to_owned(), expected, None);
    }
    let mut kinds: BTreeMap<(Option<usize>, Option<usize>), Kind> = BTreeMap::new();
    let mut literals = BTreeMap::new();
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        let called = match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, at))) => Some(Called { call, at: *at, is_method: false }),
            Some(ASTNode::Expr(Expr::MethodCall(call, at))) => Some(Called { call, at: *at, is_method: true }),
            Some(ASTNode::Stmt(Stmt::FnCall(call, at))) => Some(Called { call, at: *at, is_method: false }),
            _ => None,
        };
        if let Some(called) = called {
            findings.check_call(&called, &functions);
            note_kinds(&called, &mut kinds);
        }
        if let Some(ASTNode::Expr(Expr::StringConstant(text, at))) = path.last() {
            literals.insert(place(*at), text.to_string());
        }
        true
    });
    findings.literals = literals
        .into_iter()
        .map(|(at, text)| Literal { line: number(at.0), column: number(at.1), text, kind: kinds.get(&at).copied() })
        .collect();
    for literal in &findings.literals {
        if literal.kind == Some(Kind::Function) && !findings.entries.contains(&literal.text) {
            let known = findings.entries.iter().map(String::as_str);
            let hint = nearest(&literal.text, known).map(|near| format!("did you mean {near:?}?"));
            findings.faults.push(Fault {
                line: literal.line,
                column: literal.column,
                what: "unknown function".to_owned(),
                found: format!("{:?}", literal.text),
                expected: "a function of this script without parameters".to_owned(),
                hint,
            });
        }
    }
    findings.faults.sort_by_key(|fault| (fault.line, fault.column));
    findings.faults.dedup();
    findings.faults.truncate(FAULTS_MAX);
    findings
}

/// Whether a script may not give a function this name: one that stands for two things is read wrongly by somebody.
fn is_taken(name: &str) -> bool {
    LANGUAGE.contains(&name) || API.iter().any(|(known, _)| *known == name)
}

fn place(at: Position) -> (Option<usize>, Option<usize>) {
    (at.line(), at.position())
}

fn number(at: Option<usize>) -> u32 {
    at.and_then(|at| u32::try_from(at).ok()).unwrap_or(1)
}

impl Findings {
    fn fault(&mut self, at: Position, what: &str, found: String, expected: impl Into<String>, hint: Option<String>) {
        let (line, column) = place(at);
        self.faults.push(Fault {
            line: number(line),
            column: number(column),
            what: what.to_owned(),
            found,
            expected: expected.into(),
            hint,
        });
    }

    fn check_call(&mut self, called: &Called<'_>, functions: &BTreeMap<&str, BTreeSet<usize>>) {
        let name = called.call.name.as_str();
        let is_operator =
            called.call.op_token.is_some() || !name.starts_with(|one: char| one.is_alphabetic() || one == '_');
        if is_operator || LANGUAGE.contains(&name) {
            return;
        }
        let count = called.call.args.len() + usize::from(called.is_method);
        // A method of a script's own has what it is called on besides its parameters.
        let own = functions.get(name).map(|counts| counts.iter().map(|one| one + usize::from(called.is_method)));
        let own: Option<Vec<usize>> = own.map(Iterator::collect);
        let ours = API.iter().find(|(known, _)| *known == name).map(|(_, kinds)| vec![kinds.len()]);
        match own.or(ours) {
            None => {
                let known = functions.keys().copied().chain(API.iter().map(|(known, _)| *known));
                let hint = nearest(name, known.chain(LANGUAGE.iter().copied()));
                let hint = hint.map(|near| format!("did you mean {near:?}?"));
                let expected = "a function of this script, or one that the guide lists";
                self.fault(called.at, "unknown function", format!("{name:?}"), expected, hint);
            }
            Some(counts) if !counts.contains(&count) => {
                let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
                let expected = format!("{} for {name:?}", counts.join(" or "));
                self.fault(called.at, "wrong number of arguments", count.to_string(), expected, None);
            }
            Some(_) => {}
        }
    }
}

/// What the API takes each text for that is handed to it as it stands.
fn note_kinds(called: &Called<'_>, kinds: &mut BTreeMap<(Option<usize>, Option<usize>), Kind>) {
    let Some((_, parameters)) = API.iter().find(|(known, _)| *known == called.call.name.as_str()) else { return };
    let parameters = parameters.iter().skip(usize::from(called.is_method));
    for (kind, argument) in parameters.zip(&called.call.args) {
        if let Expr::StringConstant(_, at) = argument {
            kinds.insert(place(*at), *kind);
        }
    }
}

fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let near = known.map(|known| (strsim::damerau_levenshtein(name, known), known));
    near.filter(|(slips, _)| *slips <= SLIPS_MAX).min().map(|(_, known)| known)
}
