//! Access tokens: JWTs that say who a caller is, for a quarter of an hour at most.

use std::fmt;

use hypogeum_protocol::AccountId;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::error::Unauthorized;
use crate::network::NetworkKey;
use crate::refresh::RefreshKey;

/// Longest life of an access token.
pub const ACCESS_TOKEN_S_MAX: u64 = 15 * 60;
/// The one algorithm: issuer and audience are the same server, so a shared secret is enough.
const ALGORITHM: Algorithm = Algorithm::HS256;
const ISSUER: &str = "hypogeum";
const AUDIENCE: &str = "hypogeum-game";
/// How far the clocks of two of our servers may differ. The library's default would be a minute.
const LEEWAY_S: u64 = 2;
/// Bytes of the secret, as many as the hash has.
const SECRET_BYTES: usize = 32;

/// What a verified token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// The account it was issued to.
    pub account: AccountId,
    /// Its name, as shown.
    pub name: String,
    /// The login it belongs to: all tokens of one login share it.
    pub login: u64,
    /// When it ends, in seconds since 1970.
    pub expires_s: u64,
}

#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    name: String,
    iat: u64,
    exp: u64,
}

/// Signs and verifies access tokens.
#[derive(Clone)]
pub struct TokenKeys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    lifetime_s: u64,
    refresh: RefreshKey,
    networks: NetworkKey,
}

impl TokenKeys {
    /// Keys from a secret of 32 bytes. `lifetime_s` is cut to [`ACCESS_TOKEN_S_MAX`].
    #[must_use]
    pub fn new(secret: &[u8; SECRET_BYTES], lifetime_s: u64) -> Self {
        let mut validation = Validation::new(ALGORITHM);
        validation.leeway = LEEWAY_S;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            lifetime_s: lifetime_s.min(ACCESS_TOKEN_S_MAX),
            refresh: RefreshKey::new(secret),
            networks: NetworkKey::new(secret),
        }
    }

    /// Keys nobody else has: tokens end with this process.
    #[must_use]
    pub fn random(lifetime_s: u64) -> Self {
        Self::new(&rand::random(), lifetime_s)
    }

    /// How long a token is good for.
    #[must_use]
    pub const fn lifetime_s(&self) -> u64 {
        self.lifetime_s
    }

    /// What refresh tokens of the same server follow each other by.
    #[must_use]
    pub const fn refresh(&self) -> &RefreshKey {
        &self.refresh
    }

    /// What networks are marked with at the same server.
    #[must_use]
    pub const fn networks(&self) -> &NetworkKey {
        &self.networks
    }

    /// A token for `account`, good from `now_s` (seconds since 1970) for [`TokenKeys::lifetime_s`]. `None` where the
    /// crypto library fails to sign, which it has no reason to.
    #[must_use]
    pub fn issue(&self, account: AccountId, name: &str, login: u64, now_s: u64) -> Option<String> {
        let wire = Wire {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: account.to_string(),
            sid: format!("{login:016x}"),
            name: name.to_owned(),
            iat: now_s,
            exp: now_s.saturating_add(self.lifetime_s),
        };
        jsonwebtoken::encode(&Header::new(ALGORITHM), &wire, &self.encoding).ok()
    }

    /// What a token says, once it is proved to be one of ours and not yet over.
    ///
    /// # Errors
    /// [`Unauthorized`] with the first thing found wrong.
    pub fn verify(&self, token: &str) -> Result<Claims, Unauthorized> {
        let wire = jsonwebtoken::decode::<Wire>(token, &self.decoding, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => Unauthorized::Expired,
                ErrorKind::InvalidSignature => Unauthorized::BadSignature,
                ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName | ErrorKind::UnsupportedAlgorithm => {
                    Unauthorized::WrongAlgorithm
                }
                ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => Unauthorized::WrongIssuerOrAudience,
                _ => Unauthorized::Malformed,
            })?
            .claims;
        let account = wire.sub.parse().map_err(|_| Unauthorized::Malformed)?;
        let login = u64::from_str_radix(&wire.sid, 16).map_err(|_| Unauthorized::Malformed)?;
        Ok(Claims { account: AccountId(account), name: wire.name, login, expires_s: wire.exp })
    }
}

impl fmt::Debug for TokenKeys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TokenKeys").field("lifetime_s", &self.lifetime_s).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> TokenKeys {
        TokenKeys::new(&[7; 32], 900)
    }

    fn now_s() -> u64 {
        jsonwebtoken::get_current_timestamp()
    }

    fn sign(header: &Header, change: impl FnOnce(&mut Wire)) -> String {
        let mut wire = Wire {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: "5".into(),
            sid: "ab".into(),
            name: "Ada".into(),
            iat: now_s(),
            exp: now_s() + 60,
        };
        change(&mut wire);
        jsonwebtoken::encode(header, &wire, &EncodingKey::from_secret(&[7; 32])).unwrap()
    }

    #[test]
    fn a_token_says_who_it_was_issued_to() {
        let token = keys().issue(AccountId(5), "Ada", 0xAB, now_s()).unwrap();
        let claims = keys().verify(&token).unwrap();
        assert_eq!((claims.account, claims.login), (AccountId(5), 0xAB), "account and login come back");
        assert_eq!(claims.name, "Ada", "the name comes back");
    }

    #[test]
    fn an_old_token_is_expired_within_the_leeway() {
        let token = keys().issue(AccountId(5), "Ada", 1, now_s() - 900 - LEEWAY_S - 1).unwrap();
        assert_eq!(keys().verify(&token), Err(Unauthorized::Expired), "a token beyond its time is over");
    }

    #[test]
    fn no_token_lives_longer_than_a_quarter_of_an_hour() {
        assert_eq!(TokenKeys::random(86_400).lifetime_s(), ACCESS_TOKEN_S_MAX, "the lifetime is cut");
    }

    #[test]
    fn tokens_of_others_are_refused() {
        let other = TokenKeys::random(900).issue(AccountId(5), "Ada", 1, now_s()).unwrap();
        assert_eq!(keys().verify(&other), Err(Unauthorized::BadSignature), "another secret");

        let header = Header::new(ALGORITHM);
        let issuer = sign(&header, |wire| wire.iss = "elsewhere".into());
        assert_eq!(keys().verify(&issuer), Err(Unauthorized::WrongIssuerOrAudience), "another issuer");
        let audience = sign(&header, |wire| wire.aud = "elsewhere".into());
        assert_eq!(keys().verify(&audience), Err(Unauthorized::WrongIssuerOrAudience), "another audience");
        let algorithm = sign(&Header::new(Algorithm::HS512), |_| ());
        assert_eq!(keys().verify(&algorithm), Err(Unauthorized::WrongAlgorithm), "another algorithm");
    }

    #[test]
    fn rubbish_and_unsigned_tokens_are_refused() {
        let subject = sign(&Header::new(ALGORITHM), |wire| wire.sub = "root".into());
        // {"alg":"none","typ":"JWT"} and {"sub":"1"} without a signature.
        let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiIxIn0.";
        for token in ["", "a.b.c", "....", unsigned, &subject, &"x".repeat(10_000)] {
            assert!(keys().verify(token).is_err(), "{token:.40} must prove nothing");
        }
    }
}
