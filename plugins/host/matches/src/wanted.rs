//! What somebody wants to play, as a message says it.

use hypogeum_matchmaking::{Criteria, Properties, Query};
use hypogeum_protocol::{ClientMessage, Property, QueueRefusal};

/// A mode, and what a ticket for it says and asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// Key of the mode.
    pub(crate) mode: &'a str,
    /// What the ticket says of itself.
    pub(crate) properties: &'a [Property],
    /// What it asks of others.
    pub(crate) query: &'a str,
}

impl<'a> Wanted<'a> {
    /// What a message wants, where it is one that wants to play.
    pub(crate) fn of(message: &'a ClientMessage) -> Option<Self> {
        match message {
            ClientMessage::JoinQueue { mode } => Some(Self { mode, properties: &[], query: "" }),
            ClientMessage::JoinQueueWith { mode, properties, query } => Some(Self { mode, properties, query }),
            _ => None,
        }
    }

    /// What the ticket says of itself and asks of others.
    pub(crate) fn criteria(&self) -> Result<Criteria, QueueRefusal> {
        let place = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
        let properties = Properties::new(self.properties)
            .map_err(|bad| QueueRefusal::BadProperty { place: place(bad.place), fault: bad.fault })?;
        let query =
            Query::parse(self.query).map_err(|bad| QueueRefusal::BadQuery { at: place(bad.at), fault: bad.fault })?;
        Ok(Criteria { properties, query })
    }
}
