//! Everything that can be wrong with a name, a password or a token.

use hypogeum_protocol::limits;

/// Why a name or a password is not accepted, or could not be processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Fewer than [`limits::NAME_CHARS_MIN`] or more than [`limits::NAME_CHARS_MAX`] characters.
    #[error("a name has {min} to {max} characters, not {0}", min = limits::NAME_CHARS_MIN, max = limits::NAME_CHARS_MAX)]
    NameLength(usize),
    /// More than [`limits::NAME_BYTES_MAX`] bytes.
    #[error("a name has at most {max} bytes, not {0}", max = limits::NAME_BYTES_MAX)]
    NameBytes(usize),
    /// A character that is no letter, digit, `_`, `-` or inner space, or a mark on no letter of its script.
    #[error("a name has letters with the marks of their script, digits, '_', '-' and inner spaces; U+{code:04X} is none of these there", code = u32::from(*.0))]
    NameCharacter(char),
    /// Begins with something other than a letter or digit, ends with a space, or has two spaces in a row.
    #[error("a name begins with a letter or digit, does not end with a space, and has no two spaces in a row")]
    NameShape,
    /// Fewer than [`limits::PASSWORD_CHARS_MIN`] characters.
    #[error("password too short (at least {} characters)", limits::PASSWORD_CHARS_MIN)]
    PasswordShort,
    /// More than [`limits::PASSWORD_BYTES_MAX`] bytes.
    #[error("password too long (at most {} bytes)", limits::PASSWORD_BYTES_MAX)]
    PasswordLong,
    /// The account's own name, or one character over and over.
    #[error("a password must not be the account's name or one character over and over")]
    PasswordGuessable,
    /// The system gave no randomness or no memory for hashing.
    #[error("the password could not be hashed now")]
    HashUnavailable,
}

/// Why a token proves nothing. Callers need to know only [`Unauthorized::Expired`] apart: they log in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unauthorized {
    /// It was good once.
    #[error("the access token has expired")]
    Expired,
    /// Signed by another key, or changed after it was signed.
    #[error("the access token was not signed by this server")]
    BadSignature,
    /// Names another algorithm than the one pinned, `none` included.
    #[error("the access token names an algorithm this server does not use")]
    WrongAlgorithm,
    /// Made by or for somebody else.
    #[error("the access token was not issued by or for this server")]
    WrongIssuerOrAudience,
    /// No token at all.
    #[error("no bearer token")]
    Missing,
    /// It cannot be read, or a claim is missing or of the wrong type.
    #[error("the access token is malformed")]
    Malformed,
}
