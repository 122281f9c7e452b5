//! Places in line for matches, as a program on the server's own machine asks for them.

use hypogeum_protocol::{AccountId, Property, PropertyValue};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Api, ApiError};

/// A ticket in line, and why it waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Whom it is for.
    pub account_ids: Vec<AccountId>,
    /// Key of the mode.
    pub mode: String,
    /// For how long it has waited.
    pub waited_ms: u32,
    /// How much longer it may take, going by those who went last; `None`: nobody has gone, or they waited less.
    pub estimate_ms: Option<u32>,
    /// Rating distance accepted now.
    pub window: u32,
    /// Rating distance accepted at first.
    pub window_start: u32,
    /// How much that grows each second.
    pub window_per_s: u32,
    /// And how far it grows.
    pub window_max: u32,
    /// People in line for the mode, its own included.
    pub in_line: u16,
    /// Others that were looked at, the nearest in rating first: each is one of the four that follow.
    pub looked_at: u16,
    /// It might play with these.
    pub fitting: u16,
    /// Their rating is beyond its window.
    pub beyond_window: u16,
    /// Its rating is beyond theirs.
    pub beyond_theirs: u16,
    /// They are parties for whom a match has no room beside it.
    pub too_many: u16,
    /// How its query stands; `None`: it has neither query nor properties.
    pub query: Option<TicketQuery>,
}

/// How the query of a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketQuery {
    /// Others that it rules out, or that rule it out.
    pub ruled_out: u16,
    /// Clauses without a sign that still hold.
    pub shoulds: u16,
    /// Until one fewer of them does; `None`: none holds, or the mode lets none go.
    pub next_relaxed_ms: Option<u32>,
}

impl Api {
    /// Puts people in line together for a match of `mode`, whether or not they are a party: from the server's own machine alone. They are
    /// connected and in nothing; each is told as if they had queued themselves. What `properties` and `query` are, `PROTOCOL.md` says.
    ///
    /// # Errors
    /// As [`Api::characters`], with 403 from another machine, 400 for what is no ticket, 404 for an unknown mode, and 409 where somebody is away or
    /// busy, or the mode does not take them together.
    pub fn make_ticket(
        &self,
        mode: &str,
        accounts: &[AccountId],
        properties: &[Property],
        query: &str,
    ) -> Result<Ticket, ApiError> {
        let property = |Property { key, value }: &Property| match value {
            PropertyValue::Text { text } => json!({ "key": key, "text": text }),
            PropertyValue::Number { number } => json!({ "key": key, "number": number }),
        };
        let properties: Vec<_> = properties.iter().map(property).collect();
        let body = json!({ "mode": mode, "account_ids": accounts, "properties": properties, "query": query });
        self.post("/v1/tickets", None, &body)
    }

    /// Why an account still waits for a match: from the server's own machine alone.
    ///
    /// # Errors
    /// As [`Api::characters`], with 403 from another machine, and 404 where the account does not wait.
    pub fn ticket(&self, account: AccountId) -> Result<Ticket, ApiError> {
        self.ask("GET", &format!("/v1/tickets/{}", account.0), None, None)
    }

    /// Takes the ticket of an account out of line, with everyone it is for: from the server's own machine alone. Returns it as it was.
    ///
    /// # Errors
    /// As [`Api::ticket`].
    pub fn end_ticket(&self, account: AccountId) -> Result<Ticket, ApiError> {
        self.ask("DELETE", &format!("/v1/tickets/{}", account.0), None, None)
    }
}
