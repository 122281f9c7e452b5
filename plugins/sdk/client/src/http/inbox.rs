//! What the caller was told while it was away.

use serde::Deserialize;
use serde_json::json;

use super::{Api, ApiError, Login, escaped};

/// A message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InboxMessage {
    /// Its number among those of the caller.
    #[serde(rename = "message_id")]
    pub id: u64,
    /// In the language that was asked for, or the nearest there is.
    pub text: String,
    /// What may be claimed, or was; 0: nothing.
    pub currency: i64,
    /// When it was sent, in seconds since 1970.
    pub sent_s: i64,
    /// When it is kept no longer. What is not claimed by then is lost.
    pub expires_s: i64,
    /// Whether it was read.
    pub is_read: bool,
    /// Whether its currency was claimed.
    pub is_claimed: bool,
}

/// A page of messages.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InboxPage {
    /// The newest first.
    pub messages: Vec<InboxMessage>,
    /// How many of all are not read.
    pub unread: u64,
    /// Ask for what is after this to see more; `None`: there are none.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Done {
    unread: u64,
}

#[derive(Deserialize)]
struct Claimed {
    balance: i64,
}

#[derive(Deserialize)]
struct Sent {
    message_id: u64,
}

impl Api {
    /// A page of what the caller was told, 100 at most, in a language such as `de`; the first one, or the one after a page's `next`.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn inbox(&self, login: &Login, locale: &str, after: Option<&str>) -> Result<InboxPage, ApiError> {
        let after = after.map(|after| format!("&after={}", escaped(after))).unwrap_or_default();
        self.get(&format!("/v1/inbox?locale={}{after}", escaped(locale)), login)
    }

    /// Marks a message as read; how many are not.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is none.
    pub fn read_message(&self, login: &Login, id: u64) -> Result<u64, ApiError> {
        let done: Done = self.post(&format!("/v1/inbox/{id}/read"), Some(login), &json!({}))?;
        Ok(done.unread)
    }

    /// Takes the currency of a message, once however often it is asked; what is in the wallet then.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is none, and 409 where the wallet is full.
    pub fn claim_message(&self, login: &Login, id: u64) -> Result<i64, ApiError> {
        let claimed: Claimed = self.post(&format!("/v1/inbox/{id}/claim"), Some(login), &json!({}))?;
        Ok(claimed.balance)
    }

    /// Deletes a message; how many are not read.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is none, and 409 where its currency was not claimed.
    pub fn delete_message(&self, login: &Login, id: u64) -> Result<u64, ApiError> {
        let done: Done = self.delete(&format!("/v1/inbox/{id}"), login)?;
        Ok(done.unread)
    }

    /// Tells whoever is called so something, in words by language, as an operator does on the server's own machine; the number of the message. By the
    /// same `key` nothing is sent twice.
    ///
    /// # Errors
    /// As [`Api::characters`], with 403 from another machine, 404 where nobody is called so, and 409 where that inbox is full.
    pub fn send_message(&self, name: &str, key: &str, texts: &[(&str, &str)]) -> Result<u64, ApiError> {
        let texts: Vec<_> = texts.iter().map(|(locale, text)| json!({ "locale": locale, "text": text })).collect();
        let body = json!({ "name": name, "key": key, "texts": texts });
        let sent: Sent = self.post("/v1/inbox-messages", None, &body)?;
        Ok(sent.message_id)
    }
}
