//! What a ticket says of itself, for the queries of others.

use hypogeum_protocol::limits::{PROPERTY_KEY_BYTES_MAX, PROPERTY_TEXT_BYTES_MAX};
use hypogeum_protocol::{Property, PropertyFault, PropertyValue};

/// A property as it is kept: its key, what it holds, and that as it is written.
type Kept = (String, PropertyValue, String);

/// Why a list of properties is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("property {place}: {fault:?}")]
pub struct BadProperty {
    /// Its place in the list, from 0 on.
    pub place: usize,
    /// What is wrong.
    pub fault: PropertyFault,
}

/// Properties by their keys, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties(Vec<Kept>);

impl Properties {
    /// Reads a list of them.
    ///
    /// # Errors
    /// [`BadProperty`]: the first of the list that is none.
    pub fn new(list: &[Property]) -> Result<Self, BadProperty> {
        let mut known: Vec<Kept> = Vec::with_capacity(list.len());
        for (place, Property { key, value }) in list.iter().enumerate() {
            let bad = |fault| BadProperty { place, fault };
            if !is_key(key) {
                return Err(bad(PropertyFault::BadKey));
            }
            if matches!(value, PropertyValue::Text { text } if !is_text(text)) {
                return Err(bad(PropertyFault::BadText));
            }
            match known.binary_search_by(|(other, ..)| other.as_str().cmp(key)) {
                Ok(_) => return Err(bad(PropertyFault::SameKey)),
                Err(at) => known.insert(at, (key.clone(), value.clone(), written(value))),
            }
        }
        Ok(Self(known))
    }

    /// What is said under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&PropertyValue> {
        let at = self.0.binary_search_by(|(known, ..)| known.as_str().cmp(key)).ok()?;
        self.0.get(at).map(|(_, value, _)| value)
    }

    /// Keys, and what is said under them as it is written.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, _, written)| (key.as_str(), written.as_str()))
    }

    pub(crate) const fn none() -> Self {
        Self(Vec::new())
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A value as queries name it.
fn written(value: &PropertyValue) -> String {
    match value {
        PropertyValue::Text { text } => text.clone(),
        PropertyValue::Number { number } => number.to_string(),
    }
}

/// Whether a property may have this key.
fn is_key(key: &str) -> bool {
    (1..=PROPERTY_KEY_BYTES_MAX).contains(&key.len()) && key.bytes().all(is_key_byte)
}

/// Whether a key may have this byte.
pub(crate) const fn is_key_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'-')
}

fn is_text(text: &str) -> bool {
    (1..=PROPERTY_TEXT_BYTES_MAX).contains(&text.len()) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(key: &str, text: &str) -> Property {
        Property { key: key.to_owned(), value: PropertyValue::Text { text: text.to_owned() } }
    }

    fn fault(list: &[Property]) -> Option<(usize, PropertyFault)> {
        Properties::new(list).err().map(|bad| (bad.place, bad.fault))
    }

    #[test]
    fn properties_are_found_by_their_keys() {
        let number = Property { key: "level".to_owned(), value: PropertyValue::Number { number: -3 } };
        let known =
            Properties::new(&[text("region", "eu"), number.clone(), text("a.b-c_9", "x")]).expect("they are good");
        assert_eq!(known.get("level"), Some(&number.value), "a number");
        assert_eq!(known.get("region"), Some(&text("", "eu").value), "a text");
        assert_eq!(known.get("regio"), None, "no other");
    }

    #[test]
    fn what_is_no_property_is_named_by_its_place() {
        let good = text("region", "eu");
        for key in ["", "Region", "a b", "é", &"k".repeat(PROPERTY_KEY_BYTES_MAX + 1)] {
            assert_eq!(fault(&[good.clone(), text(key, "x")]), Some((1, PropertyFault::BadKey)), "{key:?}");
        }
        for words in ["", "a\tb", &"t".repeat(PROPERTY_TEXT_BYTES_MAX + 1)] {
            assert_eq!(fault(&[text("x", words)]), Some((0, PropertyFault::BadText)), "{words:?}");
        }
        assert_eq!(
            fault(&[good.clone(), text("x", "y"), good]),
            Some((2, PropertyFault::SameKey)),
            "twice the same key"
        );
    }
}
