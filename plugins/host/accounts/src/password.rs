//! Passwords: what they must be, and how they are kept.

use std::fmt;
use std::sync::LazyLock;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use hypogeum_protocol::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};

use crate::error::AccountError;
use crate::name::AccountName;
use crate::name_key::name_key;

/// Memory, passes and lanes of argon2id: OWASP's minimum, about 20 ms on one core.
const ARGON2_MEMORY_KIB: u32 = 19 * 1_024;
const ARGON2_PASSES: u32 = 2;
const ARGON2_LANES: u32 = 1;

/// A password as it was typed. Never shown: its `Debug` form hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Checks a password chosen for `name`.
    ///
    /// # Errors
    /// The `Password…` variants of [`AccountError`].
    pub fn chosen(text: String, name: &AccountName) -> Result<Self, AccountError> {
        let password = Self::entered(text)?;
        let mut chars = password.0.chars();
        if password.0.chars().count() < PASSWORD_CHARS_MIN {
            return Err(AccountError::PasswordShort);
        }
        let first = chars.next();
        if chars.all(|character| Some(character) == first) || name_key(&password.0) == name.canonical() {
            return Err(AccountError::PasswordGuessable);
        }
        Ok(password)
    }

    /// Takes a password entered at login: only its length is bounded, for it is compared and nothing else.
    ///
    /// # Errors
    /// [`AccountError::PasswordLong`].
    pub fn entered(text: String) -> Result<Self, AccountError> {
        if text.len() > PASSWORD_BYTES_MAX { Err(AccountError::PasswordLong) } else { Ok(Self(text)) }
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(hidden)")
    }
}

fn argon2id() -> Result<Argon2<'static>, AccountError> {
    let params =
        Params::new(ARGON2_MEMORY_KIB, ARGON2_PASSES, ARGON2_LANES, None).map_err(|_| AccountError::HashUnavailable)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password with a fresh random salt into a PHC string. Takes 19 MiB and tens of milliseconds: keep it off
/// threads that others wait for.
///
/// # Errors
/// [`AccountError::HashUnavailable`] where the system gives no randomness.
pub fn hash_password(password: &Password) -> Result<String, AccountError> {
    let hash: PasswordHash =
        argon2id()?.hash_password(password.0.as_bytes()).map_err(|_| AccountError::HashUnavailable)?;
    Ok(hash.to_string())
}

/// Whether `password` is the one `hash` was made of, in time that does not depend on how wrong it is. Costs as much as
/// [`hash_password`]. A string that is no hash matches nothing.
#[must_use]
pub fn verify_password(password: &Password, hash: &str) -> bool {
    let (Ok(hash), Ok(argon2)) = (PasswordHash::new(hash), argon2id()) else { return false };
    argon2.verify_password(password.0.as_bytes(), &hash).is_ok()
}

/// Costs as much as [`verify_password`] and is always false: for names nobody has, so that the time a login takes does
/// not tell which names exist.
#[must_use]
pub fn verify_nobody(password: &Password) -> bool {
    static NOBODY: LazyLock<String> =
        LazyLock::new(|| hash_password(&Password("nobody has this password".into())).unwrap_or_default());
    let _ = verify_password(password, &NOBODY);
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str) -> Result<Password, AccountError> {
        Password::chosen(text.into(), &AccountName::parse("Ada Lovelace").unwrap())
    }

    #[test]
    fn weak_passwords_are_refused() {
        assert_eq!(chosen("1234567"), Err(AccountError::PasswordShort), "seven characters are too few");
        assert_eq!(chosen("éééé"), Err(AccountError::PasswordShort), "characters count, not bytes");
        assert_eq!(chosen(&"x".repeat(129)), Err(AccountError::PasswordLong), "129 bytes are too many");
        assert_eq!(chosen("aaaaaaaaaa"), Err(AccountError::PasswordGuessable), "one character over and over");
        assert_eq!(chosen("ada lovelace"), Err(AccountError::PasswordGuessable), "the name is no password");
        assert!(chosen("correct horse").is_ok(), "this one is fine");
    }

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let password = chosen("correct horse").unwrap();
        let hash = hash_password(&password).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "the cost is written into the hash: {hash}");
        assert!(verify_password(&password, &hash), "the password must match its hash");
        assert!(!verify_password(&chosen("correct h0rse").unwrap(), &hash), "another password must not match");
        assert!(!verify_password(&password, "not a hash"), "rubbish matches nothing");
        assert_ne!(hash_password(&password).unwrap(), hash, "every hash has its own salt");
    }

    #[test]
    fn nothing_prints_a_password() {
        let shown = format!("{:?}", chosen("correct horse").unwrap());
        assert!(!shown.contains("horse"), "debug output shows the password: {shown}");
    }
}
