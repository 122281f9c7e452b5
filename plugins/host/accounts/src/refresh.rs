//! Refresh tokens: how a login outlives its access tokens.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How long a refresh token may be used. Each use makes a new one, so a login lasts as long as its player comes back.
pub const REFRESH_TOKEN_S: u64 = 30 * 24 * 60 * 60;
/// Bytes of a refresh token: nobody guesses them.
const TOKEN_BYTES: usize = 32;
/// Characters of those in base64 without padding.
const TEXT_BYTES: usize = 43;

/// A refresh token, good once. It is at the client only: stores keep its [`RefreshToken::digest`]. Never shown: its
/// `Debug` form hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken([u8; TOKEN_BYTES]);

impl RefreshToken {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    /// Reads one as [`RefreshToken::to_text`] writes it; `None`: it is no refresh token, of this server or any other.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != TEXT_BYTES {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// As its client keeps it: base64url without padding. A secret.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As stores keep it: a BLAKE3 digest. The token is as random as the digest is long, so it needs neither salt nor
    /// a slow hash, and who reads the store's disk can log in as nobody.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        *blake3::hash(&self.0).as_bytes()
    }
}

/// What the successors of refresh tokens are derived with: the same token has the same successor each time, so a lost
/// answer can be given again though no token is kept anywhere. A secret of the server, and of no use without a token.
#[derive(Clone)]
pub struct RefreshKey([u8; 32]);

impl RefreshKey {
    /// The key that belongs to a server's secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(blake3::derive_key("hypogeum 2026 successors of refresh tokens", secret))
    }

    /// The token that takes the place of `token`.
    #[must_use]
    pub fn successor(&self, token: &RefreshToken) -> RefreshToken {
        RefreshToken(*blake3::keyed_hash(&self.0, &token.0).as_bytes())
    }
}

impl fmt::Debug for RefreshKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RefreshKey(hidden)")
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RefreshToken(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_comes_back_from_its_text() {
        let token = RefreshToken::random();
        let text = token.to_text();
        assert_eq!(text.len(), TEXT_BYTES, "all have one length: {text}");
        assert_eq!(RefreshToken::parse(&text), Some(token.clone()), "it comes back");
        assert_ne!(RefreshToken::random(), token, "another is another");
        assert_ne!(token.digest().as_slice(), token.0, "what is kept is not the token");
    }

    #[test]
    fn a_token_has_one_successor_that_only_the_server_knows() {
        let (key, token) = (RefreshKey::new(&[1; 32]), RefreshToken::random());
        let successor = key.successor(&token);
        assert_eq!(RefreshKey::new(&[1; 32]).successor(&token), successor, "after a restart it is the same");
        assert_ne!(RefreshKey::new(&[2; 32]).successor(&token), successor, "another secret gives another");
        assert_ne!(key.successor(&successor), token, "and the chain goes on");
        assert_ne!(key.successor(&RefreshToken::random()), successor, "each token has its own");
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let text = "A".repeat(43);
        assert!(RefreshToken::parse(&text).is_some(), "43 of these are a token");
        for wrong in ["".into(), text[1..].into(), format!("{text}A"), format!("{text}="), text.replacen('A', "+", 1)] {
            assert_eq!(RefreshToken::parse(&wrong), None, "{wrong:?} is none");
        }
        let two_ways = format!("{}B", &text[1..]);
        assert_eq!(RefreshToken::parse(&two_ways), None, "bits beyond the last byte must be zero");
        assert_eq!(RefreshToken::parse(&"é".repeat(22)), None, "nor is this");
    }

    #[test]
    fn nothing_prints_a_token() {
        let token = RefreshToken::random();
        assert!(!format!("{token:?}").contains(&token.to_text()), "debug output shows the token");
    }
}
