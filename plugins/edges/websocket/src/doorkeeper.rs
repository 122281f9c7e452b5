//! Who somebody is: asked of whoever knows tokens and accounts, and answered whenever that is.

use std::time::Duration;

use hypogeum_envelope::Credentials;
use hypogeum_protocol::SessionId;
use hypogeum_protocol::link::SessionTicket;

/// Who may come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Names the session among all that the server has.
    pub session: SessionId,
    /// Who it is.
    pub ticket: SessionTicket,
    /// How long its token is good for.
    pub expires_in: Duration,
}

/// Why somebody may not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is in the way, in the codes of HTTP.
    pub code: String,
    /// The same for people.
    pub message: String,
    /// When trying again may help, in milliseconds; `None`: with another token.
    pub retry_after_ms: Option<u64>,
}

/// Where the answer goes. One that is never given lets the hello, or the renewal, time out.
pub type Answer = Box<dyn FnOnce(Result<Admitted, Refusal>) + Send>;

/// Knows tokens.
pub trait Doorkeeper: Send + Sync {
    /// Asks who has these credentials. It returns at once; the answer may come from any thread.
    fn check(&self, credentials: Credentials, answer: Answer);

    /// The same for somebody who is in already, and shows a token in place of one that ends. Whose it is counts, and when it ends.
    fn renew(&self, access_token: String, answer: Answer);
}
