//! A reader that knows the schema and nothing else: bytes of our own codec become what JSON has of them.

use std::collections::BTreeSet;

use hypogeum_protocol::{EXACT_MAX, base64};
use serde_json::{Map, Value, json};

pub(crate) struct Reader<'a> {
    types: &'a Value,
    bytes: &'a [u8],
    /// The types that were met.
    pub(crate) seen: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(schema: &'a Value, bytes: &'a [u8]) -> Self {
        Self { types: &schema["types"], bytes, seen: BTreeSet::new() }
    }

    pub(crate) const fn is_at_end(&self) -> bool {
        self.bytes.is_empty()
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, left) = self.bytes.split_at(count);
        self.bytes = left;
        taken
    }

    /// A number: itself, or a marker and its bytes.
    fn number(&mut self) -> u64 {
        let mut little_endian = [0; 8];
        match self.take(1)[0] {
            small @ 0..=250 => return small.into(),
            marker @ 251..=253 => {
                let width = 2 << (marker - 251);
                little_endian[..width].copy_from_slice(self.take(width));
            }
            marker => panic!("no number begins with {marker}"),
        }
        u64::from_le_bytes(little_endian)
    }

    fn signed(&mut self) -> i64 {
        let number = self.number();
        (number >> 1) as i64 ^ -((number & 1) as i64)
    }

    /// A value of a type that has a name.
    pub(crate) fn read_type(&mut self, name: &str) -> Value {
        let described = &self.types[name];
        self.seen.insert(name.to_owned());
        if let Some(inner) = described.get("newtype") {
            return self.read(inner, described.get("readable"));
        }
        if let Some(fields) = described.get("struct") {
            return self.read_fields(fields);
        }
        let tag = self.number();
        let variants = described["enum"].as_array().unwrap_or_else(|| panic!("{name} is described"));
        let variant = variants.iter().find(|variant| variant["tag"] == tag).expect("a variant has the tag");
        let name = variant["name"].as_str().expect("a name").to_owned();
        let contents = match (variant.get("fields"), variant.get("value")) {
            (Some(fields), _) => self.read_fields(fields),
            (None, Some(value)) => self.read(value, variant.get("readable")),
            (None, None) => return name.into(),
        };
        Value::Object([(name, contents)].into_iter().collect())
    }

    fn read_fields(&mut self, fields: &Value) -> Value {
        let mut read = Map::new();
        for field in fields.as_array().expect("a list of fields") {
            let value = self.read(&field["type"], field.get("readable"));
            read.insert(field["name"].as_str().expect("a name").to_owned(), value);
        }
        Value::Object(read)
    }

    fn read(&mut self, described: &Value, readable: Option<&Value>) -> Value {
        match readable.map(|readable| readable.as_str().expect("a word")) {
            Some("bytes") => {
                let length = described["length"].as_u64().expect("an array") as usize;
                assert_eq!(described["array"], "u8", "of bytes");
                return base64(self.take(length)).into();
            }
            Some("string") => {
                let value = self.read(described, None);
                let part =
                    |at: usize| value[at].as_u64().or_else(|| value[at].as_str()?.parse().ok()).expect("a number");
                return format!("{:x}-{}", part(0), part(1)).into();
            }
            Some(other) => panic!("nothing looks like {other}"),
            None => {}
        }
        match described.as_str() {
            Some(word) => self.read_word(word),
            None => self.read_compound(described),
        }
    }

    fn read_word(&mut self, word: &str) -> Value {
        match word {
            "bool" => json!(self.take(1)[0] == 1),
            // A single byte has no marker.
            "u8" => self.take(1)[0].into(),
            "u16" | "u32" => self.number().into(),
            "u64" => match self.number() {
                number if number > EXACT_MAX => number.to_string().into(),
                number => number.into(),
            },
            "i32" | "i64" => self.signed().into(),
            "string" => {
                let length = self.number() as usize;
                std::str::from_utf8(self.take(length)).expect("text").into()
            }
            "bytes" => {
                let length = self.number() as usize;
                base64(self.take(length)).into()
            }
            other => panic!("no type is called {other}"),
        }
    }

    fn read_compound(&mut self, described: &Value) -> Value {
        let (key, inner) = described.as_object().and_then(|fields| fields.iter().next()).expect("a type");
        match key.as_str() {
            "name" => self.read_type(inner.as_str().expect("a name")),
            "option" => match self.take(1)[0] {
                0 => Value::Null,
                _ => self.read(inner, None),
            },
            "list" => {
                let count = self.number();
                (0..count).map(|_| self.read(inner, None)).collect()
            }
            "tuple" => inner.as_array().expect("types").iter().map(|part| self.read(part, None)).collect(),
            "array" => {
                let length = described["length"].as_u64().expect("a length");
                (0..length).map(|_| self.read(inner, None)).collect()
            }
            other => panic!("no type is made by {other}"),
        }
    }
}
