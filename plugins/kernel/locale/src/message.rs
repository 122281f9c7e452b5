//! What is said, before it is words.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A message by its id, and what stands in its places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id: small letters, digits and `-`.
    pub id: Cow<'static, str>,
    /// What stands in its places, by name.
    pub arguments: Vec<(Cow<'static, str>, Value)>,
}

/// What stands in a place of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// As it is, in every locale: what a player is called, or has typed.
    Text(String),
    /// A number, by which a message can choose among plurals.
    Number(i64),
    /// What a designer has written: the message of that id where there is one, else as it is.
    Line(String),
    /// What something is called that a designer has defined.
    Thing {
        /// The message of its name.
        id: String,
        /// What it is called where no file says so.
        plain: String,
        /// How many they are.
        count: u32,
    },
    /// Another message.
    Message(Box<Message>),
    /// Several, one after the other.
    List(Vec<Value>, Join),
}

/// What stands between the parts of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Join {
    /// A comma.
    Comma,
    /// Each has a line of its own.
    Lines,
    /// The word that says that any of them may be meant: message `join-or`.
    Or,
    /// Nothing but a space.
    Space,
}

impl Message {
    /// A message without arguments.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self { id: Cow::Borrowed(id), arguments: Vec::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.arguments.push((Cow::Borrowed(name), value.into()));
        self
    }
}

impl Value {
    /// What something is called that a designer has defined: the message of its name, what it is called where no file says
    /// so, and how many they are.
    #[must_use]
    pub fn thing(id: impl Into<String>, plain: impl Into<String>, count: u32) -> Self {
        Self::Thing { id: id.into(), plain: plain.into(), count }
    }

    /// What a designer has written.
    #[must_use]
    pub fn line(words: impl Into<String>) -> Self {
        Self::Line(words.into())
    }

    /// Some of them, with commas between.
    #[must_use]
    pub fn list(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::List(parts.into_iter().collect(), Join::Comma)
    }

    /// Each on a line of its own.
    #[must_use]
    pub fn lines(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::List(parts.into_iter().collect(), Join::Lines)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}
