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
    /// What a designer has written.
    Line {
        /// The message of that id where there is one, else as it is.
        words: String,
        /// Of whom the message speaks: its argument `$who`.
        who: Option<Box<Value>>,
    },
    /// What something is called that a designer has defined.
    Thing {
        /// The message of its name.
        id: String,
        /// What it is called where no file says so.
        plain: String,
        /// How many they are.
        count: u32,
    },
    /// What else a definition says, such as what a room looks like: an attribute of the message of its name.
    Part {
        /// The message of its name.
        id: String,
        /// The attribute.
        part: Cow<'static, str>,
        /// What it says where no file says so.
        plain: String,
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

    /// A message with all its arguments.
    #[must_use]
    pub fn of(id: &'static str, arguments: &[(&'static str, Value)]) -> Self {
        let arguments = arguments.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        Self { id: Cow::Borrowed(id), arguments }
    }

    /// Cuts lists and texts, so that a message which was too long for whoever has to send it becomes shorter: by half, again and
    /// again.
    pub fn shorten(&mut self) {
        self.arguments.iter_mut().for_each(|(_, value)| value.shorten());
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

    /// What else a definition says: the message of its name, the attribute of it, and what it says where no file says so.
    #[must_use]
    pub fn part(id: impl Into<String>, part: &'static str, plain: impl Into<String>) -> Self {
        Self::Part { id: id.into(), part: Cow::Borrowed(part), plain: plain.into() }
    }

    /// What a designer has written.
    #[must_use]
    pub fn line(words: impl Into<String>) -> Self {
        Self::Line { words: words.into(), who: None }
    }

    /// What a designer has written about somebody.
    #[must_use]
    pub fn line_about(words: impl Into<String>, who: Self) -> Self {
        Self::Line { words: words.into(), who: Some(Box::new(who)) }
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

impl Value {
    fn shorten(&mut self) {
        match self {
            Self::Text(text)
            | Self::Line { words: text, .. }
            | Self::Part { plain: text, .. }
            | Self::Thing { plain: text, .. } => {
                text.truncate(text.floor_char_boundary(text.len() / 2));
            }
            Self::Number(_) => {}
            Self::Message(message) => message.shorten(),
            Self::List(parts, _) if parts.len() > 1 => parts.truncate(parts.len().div_ceil(2)),
            Self::List(parts, _) => parts.iter_mut().for_each(Self::shorten),
        }
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
