//! What a script remembers from one call to the next.

use std::collections::BTreeMap;

use rhai::Dynamic;
use serde::{Deserialize, Serialize};

use crate::limits::{MEMORY_ENTRIES_MAX, MEMORY_KEY_BYTES_MAX, MEMORY_TEXT_BYTES_MAX};

/// Something remembered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Truth(bool),
    /// A text of at most [`MEMORY_TEXT_BYTES_MAX`] bytes.
    Text(String),
}

/// What a script remembers, by name: at most [`MEMORY_ENTRIES_MAX`] entries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory(BTreeMap<String, Value>);

impl Memory {
    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is remembered under a name.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub(crate) fn recall(&self, key: &str) -> Dynamic {
        match self.0.get(key) {
            None => Dynamic::UNIT,
            Some(Value::Number(number)) => Dynamic::from(*number),
            Some(Value::Truth(truth)) => Dynamic::from(*truth),
            Some(Value::Text(text)) => Dynamic::from(text.clone()),
        }
    }

    /// # Errors
    /// What is wrong with the name or the value, in words.
    pub(crate) fn remember(&mut self, key: &str, value: &Dynamic) -> Result<(), String> {
        if key.is_empty() || key.len() > MEMORY_KEY_BYTES_MAX {
            return Err(format!("a name of 1 to {MEMORY_KEY_BYTES_MAX} bytes is remembered, not {} bytes", key.len()));
        }
        let value = if value.is_unit() {
            self.0.remove(key);
            return Ok(());
        } else if let Ok(number) = value.as_int() {
            Value::Number(number)
        } else if let Ok(truth) = value.as_bool() {
            Value::Truth(truth)
        } else if let Ok(text) = value.as_immutable_string_ref() {
            if text.len() > MEMORY_TEXT_BYTES_MAX {
                return Err(format!("a text of {} bytes is too long to be remembered", text.len()));
            }
            Value::Text(text.to_string())
        } else {
            return Err(format!("numbers, texts and truths are remembered, not {}", value.type_name()));
        };
        if self.0.len() >= MEMORY_ENTRIES_MAX && !self.0.contains_key(key) {
            return Err(format!("at most {MEMORY_ENTRIES_MAX} things are remembered"));
        }
        self.0.insert(key.to_owned(), value);
        Ok(())
    }
}
