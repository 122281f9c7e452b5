//! What is said in a persistent world.
//!
//! A client sends a [`WorldCommand`] as the body of a
//! [`ClientMessage::Command`](hypogeum_protocol::ClientMessage::Command), and is sent [`WorldNews`] as the body of a
//! [`ServerMessage::Told`](hypogeum_protocol::ServerMessage::Told). Walking, striking and whatever is done with items goes by the inputs and acts
//! that every kind of shard knows.
//!
//! A client of words alone sends [`WorldCommand::Line`] and prints the words of [`WorldNews::Told`]: the server reads a line
//! into the same commands that a client with buttons sends.
//!
//! ```
//! use hypogeum_world_messages::{WorldCommand, WorldNews};
//!
//! let command = WorldCommand::Line { words: "say hello".to_owned() };
//! assert_eq!(WorldCommand::decode(&command.encode()), Ok(command));
//!
//! let news = WorldNews::Told { id: "say".to_owned(), arguments: Vec::new(), words: "Ada says, \"hello\"".to_owned() };
//! assert_eq!(WorldNews::decode(&news.encode()), Ok(news));
//! ```

mod command;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod news;

pub use command::{COMMAND_BYTES_MAX, LINE_BYTES_MAX, WorldCommand};
pub use news::{COMPLETIONS_MAX, DoorNews, DoorState, ExitNews, RoomNews, StatsNews, TableNews, WaresNews, WorldNews};
