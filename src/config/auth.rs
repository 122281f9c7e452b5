//! `[auth]`

use hypogeum_gateway::Guests;
use serde::Deserialize;

/// Secrets that stand in documentation or examples: anyone could forge tokens with them.
const SAMPLE_SECRETS: [&str; 2] = ["change-me-change-me-change-me-change-me", "0123456789abcdef0123456789abcdef"];
/// Shortest secret accepted, in bytes: as long as the MAC it keys.
const SECRET_BYTES_MIN: usize = 32;

/// What tokens are signed with, and who gets an account without a password.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AuthConfig {
    /// Key of access tokens and connect tokens, at least 32 bytes. Without it the first start draws one and keeps it in
    /// `secret.key` of the data directory.
    pub(crate) secret: Option<String>,
    /// Who gets an account without a password.
    pub(crate) guests: GuestsConfig,
}

/// `guests` of `[auth]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GuestsConfig {
    /// Nobody: a guest's account is anybody's who knows its name.
    #[default]
    Nobody,
    /// Whoever asks from this machine.
    Loopback,
    /// Anyone from anywhere.
    Anyone,
}

impl From<GuestsConfig> for Guests {
    fn from(guests: GuestsConfig) -> Self {
        match guests {
            GuestsConfig::Nobody => Self::Nobody,
            GuestsConfig::Loopback => Self::Loopback,
            GuestsConfig::Anyone => Self::Anyone,
        }
    }
}

impl std::fmt::Debug for AuthConfig {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let secret = self.secret.as_ref().map(|_| "…");
        formatter.debug_struct("AuthConfig").field("secret", &secret).field("guests", &self.guests).finish()
    }
}

impl AuthConfig {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        let Some(secret) = &self.secret else { return Ok(()) };
        if secret.len() < SECRET_BYTES_MIN {
            let expected = format!("expected at least {SECRET_BYTES_MIN}: `openssl rand -hex 32` makes one");
            return Err(("secret", format!("found {} bytes, {expected}", secret.len())));
        }
        if SAMPLE_SECRETS.contains(&secret.as_str()) {
            return Err(("secret", "found the one of the examples, expected one of your own".to_owned()));
        }
        Ok(())
    }
}
