//! Data beside the words, for clients that show bars and lists.

use std::collections::BTreeSet;

use serde_json::Value;

use super::codes::{GMCP, subnegotiation};

/// Names of packages that a client wants, at most, and the longest of them in bytes.
const WANTED_MAX: usize = 64;
const NAME_BYTES_MAX: usize = 64;
/// Bytes of what a client calls itself.
const CLIENT_BYTES_MAX: usize = 48;

/// What a client asks in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// `Core.Hello`: what it calls itself.
    Hello(String),
    /// `Core.Ping`.
    Ping,
    /// It wants to be told something that it was not told before: tell all of it.
    Supports,
    /// `Char.Items.Inv`: what one carries.
    Inventory,
    /// Nothing that is known here.
    Nothing,
}

/// Which packages a client wants.
#[derive(Debug, Default)]
pub(crate) struct Wanted(BTreeSet<String>);

impl Wanted {
    /// Whether a message is wanted: its package, or one that it is part of.
    pub(crate) fn includes(&self, message: &str) -> bool {
        let message = message.to_ascii_lowercase();
        let is_part = |package: &String| message.strip_prefix(package.as_str()).is_some_and(|it| it.starts_with('.'));
        self.0.iter().any(|package| *package == message || is_part(package))
    }

    /// Whether nothing is.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads what a client says.
    pub(crate) fn read(&mut self, contents: &[u8]) -> Asked {
        let Ok(text) = std::str::from_utf8(contents) else { return Asked::Nothing };
        let (name, body) = text.split_once(' ').unwrap_or((text, ""));
        match name.to_ascii_lowercase().as_str() {
            "core.hello" => Asked::Hello(client(body)),
            "core.ping" => Asked::Ping,
            "core.supports.set" => {
                self.0.clear();
                self.add(body)
            }
            "core.supports.add" => self.add(body),
            "core.supports.remove" => {
                for name in names(body) {
                    self.0.remove(&name);
                }
                Asked::Nothing
            }
            "char.items.inv" => Asked::Inventory,
            _ => Asked::Nothing,
        }
    }

    fn add(&mut self, body: &str) -> Asked {
        for name in names(body) {
            if self.0.len() < WANTED_MAX {
                self.0.insert(name);
            }
        }
        Asked::Supports
    }
}

/// The packages of a list such as `["Char 1", "Room 1"]`.
fn names(body: &str) -> impl Iterator<Item = String> {
    let listed: Vec<String> = serde_json::from_str(body).unwrap_or_default();
    listed.into_iter().filter_map(|entry| {
        let name = entry.split(' ').next().unwrap_or_default().to_ascii_lowercase();
        (!name.is_empty() && name.len() <= NAME_BYTES_MAX).then_some(name)
    })
}

fn client(body: &str) -> String {
    let hello: Value = serde_json::from_str(body).unwrap_or_default();
    let said = |key: &str| hello.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut name = format!("{} {}", said("client"), said("version"));
    name.truncate(name.floor_char_boundary(CLIENT_BYTES_MAX));
    name.trim().to_owned()
}

/// A message as text.
pub(crate) fn text(message: &str, body: &Value) -> String {
    if body.is_null() { message.to_owned() } else { format!("{message} {body}") }
}

/// Appends a message.
pub(crate) fn write(text: &str, out: &mut Vec<u8>) {
    subnegotiation(GMCP, text.as_bytes(), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_told_what_it_wants_and_nothing_else() {
        let mut wanted = Wanted::default();
        assert!(!wanted.includes("Char.Vitals"), "nothing before it says so");
        assert_eq!(wanted.read(br#"Core.Supports.Set ["Char 1", "Room.Info 1"]"#), Asked::Supports);
        assert!(wanted.includes("Char.Vitals") && wanted.includes("Room.Info") && !wanted.includes("Charm"));
        assert_eq!(wanted.read(br#"Core.Supports.Remove ["char"]"#), Asked::Nothing);
        assert!(!wanted.includes("Char.Vitals"), "by any letters");
        let hello = wanted.read(br#"Core.Hello {"client": "tester", "version": "1.0"}"#);
        assert_eq!(hello, Asked::Hello("tester 1.0".to_owned()));
        for nonsense in [&b"Core.Supports.Set {"[..], b"", b"\xff", b"Core.Hello [1]", b"Core.Supports.Set [1]"] {
            let _ = wanted.read(nonsense);
        }
    }

    #[test]
    fn no_list_is_longer_than_it_may_be() {
        let many: Vec<String> = (0..1_000).map(|number| format!("P{number} 1")).collect();
        let mut wanted = Wanted::default();
        wanted.read(format!("Core.Supports.Set {}", serde_json::json!(many)).as_bytes());
        assert_eq!(wanted.0.len(), WANTED_MAX);
    }
}
