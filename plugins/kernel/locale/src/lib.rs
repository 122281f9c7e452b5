//! What players read, in their languages.
//!
//! Whoever has something to say to a player says a [`Message`]: an id and arguments, and no words. The words stand in
//! [Fluent](https://projectfluent.org) files, one or more for each locale, and [`Locales`] puts them together: those that crates
//! bring along, and over them those of a studio in `assets/locales/`. So a designer can change any word, or add a
//! language, in a text file.
//!
//! ```
//! use hypogeum_locale::{LocaleFile, Locales, Message, Value};
//!
//! let files = [
//!     LocaleFile::new("en", "en.ftl", "you-get = You take { $what }.\nitem-sword = a sword"),
//!     LocaleFile::new("de", "de.ftl", "you-get = Du nimmst { FORM($what, \"accusative\") }.\nitem-sword = ein Schwert"),
//! ];
//! let locales = Locales::new(files).expect("both can be read");
//! let message = Message::new("you-get").with("what", Value::thing("item-sword", "a sword", 1));
//!
//! assert_eq!(locales.words(locales.find("en-GB"), &message), "You take a sword.");
//! assert_eq!(locales.words(locales.find("de"), &message), "Du nimmst ein Schwert.");
//! assert_eq!(locales.words(locales.find("fr"), &message), "You take a sword.", "what is not there falls back");
//! ```
//!
//! # Names of things
//!
//! What a definition is called is a message, too: `item-sword`. Languages that bend names say how in attributes
//! (`.accusative = …`), and a message takes the form it needs: `FORM($what, "accusative")`; a name without that attribute is taken as it
//! is. `CAP($who)` is a name as a sentence begins with it: those of players stay as they are. Names of items know `$count`.
//!
//! | idea | file |
//! |---|---|
//! | what is said | `message.rs` |
//! | locales, and which one somebody gets | `locales.rs` |
//! | a message in words | `render.rs` |
//! | names and their forms | `name.rs` |
//! | files, and what is wrong with them | `file.rs`, `load.rs`, `compare.rs` |

mod compare;
mod file;
mod load;
mod locales;
mod message;
mod name;
mod render;

pub use compare::Difference;
pub use file::{LocaleError, LocaleFile, MESSAGES_MAX, message_ids};
pub use locales::{LOCALES_MAX, LocaleId, Locales};
pub use message::{Join, Message, Value};
pub use render::{ARGUMENT_BYTES_MAX, Rendered, WORDS_BYTES_MAX};
