//! The key that signs logs, and what a signature says.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::files::write_secret;
use crate::record::RecordHash;

/// The file of the secret key within a data directory.
const SECRET_FILE: &str = "journal.key";
/// The file of the public key beside it: this one is for everyone.
const PUBLIC_FILE: &str = "journal.pub";
/// Keeps these signatures apart from any others a key might ever make.
const CONTEXT: &[u8] = b"hypogeum 2026 log head\0";

/// Signs the heads of logs. Its holder could rewrite history; a holder of a head it signed would detect that.
pub struct SigningKey(Ed25519KeyPair);

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SigningKey({})", self.public())
    }
}

impl SigningKey {
    /// A key nobody else has.
    ///
    /// # Errors
    /// Where the system gives no randomness.
    pub fn draw() -> io::Result<Self> {
        Self::from_seed(&draw_seed()?)
    }

    fn from_seed(seed: &[u8]) -> io::Result<Self> {
        let refused = |_| io::Error::new(io::ErrorKind::InvalidData, "a signing key has 32 bytes");
        Ed25519KeyPair::from_seed_unchecked(seed).map(Self).map_err(refused)
    }

    /// The key of a data directory: read from `journal.key`, or drawn and kept there for its owner's eyes only. The
    /// public half is written to `journal.pub`.
    ///
    /// # Errors
    /// Where the file cannot be read or written, or holds no key.
    pub fn of_directory(data: &Path) -> io::Result<Self> {
        let path = data.join(SECRET_FILE);
        let key = match fs::read_to_string(&path) {
            Ok(text) => {
                let seed = hex::decode(text.trim()).unwrap_or_default();
                let no_key = |_| io::Error::new(io::ErrorKind::InvalidData, format!("{} holds no key", path.display()));
                Self::from_seed(&seed).map_err(no_key)?
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let seed = draw_seed()?;
                write_secret(&path, format!("{}\n", hex::encode(seed)).as_bytes())?;
                Self::from_seed(&seed)?
            }
            Err(error) => return Err(error),
        };
        fs::write(data.join(PUBLIC_FILE), format!("{}\n", key.public()))?;
        Ok(key)
    }

    /// Its public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }

    /// Signs that a log of this name has these records: `record` is the number of the head itself, `previous` the hash of
    /// the record before it, which stands for all of them.
    pub(crate) fn sign(&self, log: &RecordHash, record: u64, previous: &RecordHash, last: bool) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.0.sign(&message(log, record, previous, last)).as_ref());
        signature
    }
}

fn draw_seed() -> io::Result<[u8; 32]> {
    let mut seed = [0; 32];
    aws_lc_rs::rand::fill(&mut seed).map_err(|_| io::Error::other("no randomness for a signing key"))?;
    Ok(seed)
}

/// Tells whether a head was signed by a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

impl fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl std::str::FromStr for PublicKey {
    type Err = KeyError;

    /// Reads 64 hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| KeyError)?;
        Ok(Self(bytes))
    }
}

/// A text that is no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a public key is 64 hexadecimal digits")]
pub struct KeyError;

impl PublicKey {
    /// Whether the signature says that the log has these records: see [`SigningKey`].
    pub(crate) fn has_signed(
        &self,
        log: &RecordHash,
        record: u64,
        previous: &RecordHash,
        last: bool,
        signature: &[u8; 64],
    ) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(&message(log, record, previous, last), signature).is_ok()
    }
}

/// What is signed. The hash of the header names the log, so that no head of one stands in another.
fn message(log: &RecordHash, record: u64, previous: &RecordHash, last: bool) -> Vec<u8> {
    let mut message = Vec::with_capacity(CONTEXT.len() + 73);
    message.extend_from_slice(CONTEXT);
    message.extend_from_slice(log);
    message.extend_from_slice(&record.to_le_bytes());
    message.extend_from_slice(previous);
    message.push(u8::from(last));
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_keeps_its_key_to_its_owner() {
        let data = tempfile::tempdir().expect("a directory for the test");
        let drawn = SigningKey::of_directory(data.path()).expect("a key is drawn").public();
        let read = SigningKey::of_directory(data.path()).expect("the key is read").public();
        assert_eq!(drawn, read, "it is drawn once");
        let text = fs::read_to_string(data.path().join(PUBLIC_FILE)).expect("the public half lies there");
        assert_eq!(text.parse(), Ok(read), "and is the one that verifies");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(data.path().join(SECRET_FILE)).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o077, 0, "nobody else may read the secret half");
        }
        fs::write(data.path().join(SECRET_FILE), "not a key").expect("the test may write");
        let refused = SigningKey::of_directory(data.path()).expect_err("that is no key");
        assert!(refused.to_string().ends_with("journal.key holds no key"), "{refused}");
    }

    #[test]
    fn a_signature_is_for_one_place_of_one_log() {
        let key = SigningKey::draw().expect("randomness");
        let (public, log, previous) = (key.public(), [1; 32], [2; 32]);
        let signature = key.sign(&log, 9, &previous, false);
        assert!(public.has_signed(&log, 9, &previous, false, &signature), "it fits where it was made");
        assert!(!public.has_signed(&[3; 32], 9, &previous, false, &signature), "not in another log");
        assert!(!public.has_signed(&log, 8, &previous, false, &signature), "nor at another place");
        assert!(!public.has_signed(&log, 9, &[3; 32], false, &signature), "nor after other records");
        assert!(!public.has_signed(&log, 9, &previous, true, &signature), "nor as the end");
        let other = SigningKey::draw().expect("randomness").public();
        assert!(!other.has_signed(&log, 9, &previous, false, &signature), "nor for another key");
    }
}
