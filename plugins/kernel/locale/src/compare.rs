//! What messages are made of, and in what a locale is not like the one that all fall back to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};

/// What a message is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// The arguments it uses.
    pub(crate) variables: BTreeSet<String>,
    /// Forms it has.
    pub(crate) attributes: Vec<String>,
}

/// Functions that messages can use.
const FUNCTIONS: [&str; 3] = ["CAP", "FORM", "NUMBER"];

/// What a locale lacks, or has in vain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// A message that it lacks: players read the fallback.
    Missing(String),
    /// A message that nobody sends.
    Unknown(String),
    /// A message that uses an argument which it does not get.
    Variable(String, String),
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(id) => write!(formatter, "message {id} is missing"),
            Self::Unknown(id) => write!(formatter, "nobody sends a message {id}"),
            Self::Variable(id, variable) => write!(formatter, "message {id} has no argument ${variable}"),
        }
    }
}

/// The messages of a resource; an error where one calls what is no function, or refers to another message: what it needs is not
/// known then.
pub(crate) fn shapes(resource: &FluentResource) -> Result<BTreeMap<String, Shape>, (String, String)> {
    let mut shapes = BTreeMap::new();
    for entry in resource.entries() {
        let (id, value, attributes) = match entry {
            Entry::Message(message) => (message.id.name, message.value.as_ref(), &message.attributes),
            Entry::Term(term) => (term.id.name, Some(&term.value), &term.attributes),
            _ => continue,
        };
        let mut shape = Shape::default();
        let patterns = value.into_iter().chain(attributes.iter().map(|attribute| &attribute.value));
        for pattern in patterns {
            in_pattern(pattern, &mut shape).map_err(|what| (id.to_owned(), what))?;
        }
        shape.attributes = attributes.iter().map(|attribute| attribute.id.name.to_owned()).collect();
        if matches!(entry, Entry::Message(_)) && shapes.insert(id.to_owned(), shape).is_some() {
            return Err((id.to_owned(), format!("message {id} is there twice")));
        }
    }
    Ok(shapes)
}

fn in_pattern(pattern: &Pattern<&str>, shape: &mut Shape) -> Result<(), String> {
    pattern.elements.iter().try_for_each(|element| match element {
        PatternElement::TextElement { .. } => Ok(()),
        PatternElement::Placeable { expression } => in_expression(expression, shape),
    })
}

fn in_expression(expression: &Expression<&str>, shape: &mut Shape) -> Result<(), String> {
    match expression {
        Expression::Select { selector, variants } => {
            in_inline(selector, shape)?;
            variants.iter().try_for_each(|variant| in_pattern(&variant.value, shape))
        }
        Expression::Inline(inline) => in_inline(inline, shape),
    }
}

fn in_inline(inline: &InlineExpression<&str>, shape: &mut Shape) -> Result<(), String> {
    match inline {
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => Ok(()),
        InlineExpression::VariableReference { id } => {
            shape.variables.insert(id.name.to_owned());
            Ok(())
        }
        InlineExpression::FunctionReference { id, .. } if !FUNCTIONS.contains(&id.name) => {
            Err(format!("there is no function {}; there are {}", id.name, FUNCTIONS.join(", ")))
        }
        InlineExpression::FunctionReference { arguments, .. } => in_call(arguments, shape),
        InlineExpression::TermReference { arguments, .. } => {
            arguments.as_ref().map_or(Ok(()), |arguments| in_call(arguments, shape))
        }
        InlineExpression::MessageReference { id, .. } => {
            Err(format!("a message cannot stand in another one: make {} a term, -{}", id.name, id.name))
        }
        InlineExpression::Placeable { expression } => in_expression(expression, shape),
    }
}

fn in_call(arguments: &CallArguments<&str>, shape: &mut Shape) -> Result<(), String> {
    arguments.positional.iter().try_for_each(|argument| in_inline(argument, shape))?;
    arguments.named.iter().try_for_each(|argument| in_inline(&argument.value, shape))
}
