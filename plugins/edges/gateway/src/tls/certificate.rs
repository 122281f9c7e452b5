//! The certificate: read from its files, and read again when they change.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::time::MissedTickBehavior;

/// How often files are looked at. What has changed is read once it has been the same for so long: who writes two files does so one
/// after the other.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Where a certificate is, both files in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The server's certificate, and behind it those that vouch for it.
    pub chain: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{}: cannot be read: {cause}", .path.display())]
    Unreadable {
        /// The file, as the configuration names it.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A file is no PEM, or has nothing of what is wanted.
    #[error("{}: no {expected} in PEM is in it: {cause}", .path.display())]
    Malformed {
        /// The file, as the configuration names it.
        path: PathBuf,
        /// What is wanted.
        expected: &'static str,
        /// What is in the way.
        cause: pem::Error,
    },
    /// Certificate and key do not belong together, or are of a kind that is not known.
    #[error("the certificate in {} cannot be used with the key in {}: {cause}", .files.chain.display(), .files.key.display())]
    Unfit {
        /// Where they are.
        files: CertificateFiles,
        /// What is in the way.
        cause: rustls::Error,
    },
    /// The provider of cryptography speaks no TLS.
    #[error("TLS is not possible: {0}")]
    Provider(rustls::Error),
}

impl CertificateFiles {
    fn load(&self, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let malformed = |path: &Path, expected, cause| TlsError::Malformed { path: path.to_owned(), expected, cause };
        let no_certificate = |cause| malformed(&self.chain, "certificate", cause);
        let chain: Result<Vec<CertificateDer<'static>>, pem::Error> =
            CertificateDer::pem_slice_iter(&read(&self.chain)?).collect();
        let chain = chain.map_err(no_certificate)?;
        if chain.is_empty() {
            return Err(no_certificate(pem::Error::NoItemsFound));
        }
        let key = PrivateKeyDer::from_pem_slice(&read(&self.key)?)
            .map_err(|cause| malformed(&self.key, "private key", cause))?;
        CertifiedKey::from_der(chain, key, provider).map_err(|cause| TlsError::Unfit { files: self.clone(), cause })
    }

    fn stamps(&self) -> Stamps {
        [Stamp::of(&self.chain), Stamp::of(&self.key)]
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let unreadable = |cause| TlsError::Unreadable { path: path.to_owned(), cause };
    let length = fs::metadata(path).map_err(unreadable)?.len();
    if length > FILE_BYTES_MAX {
        return Err(unreadable(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has {length} bytes"))));
    }
    fs::read(path).map_err(unreadable)
}

/// What a file looks like from outside; a link counts as what it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: u64,
    /// When who may read it was changed, or anything else.
    changed: (i64, i64),
}

/// Those of both files; `None` where there is no file.
type Stamps = [Option<Stamp>; 2];

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        let changed = (found.ctime(), found.ctime_nsec());
        Some(Self { modified: found.modified().ok(), bytes: found.len(), inode: found.ino(), changed })
    }
}

/// The certificate that handshakes get now.
#[derive(Debug)]
pub(super) struct Certificate {
    files: CertificateFiles,
    provider: Arc<CryptoProvider>,
    current: Mutex<Arc<CertifiedKey>>,
    looks: Mutex<Looks>,
}

/// What the files looked like.
#[derive(Debug)]
struct Looks {
    /// When they were read last, whether they could be used or not.
    at_reading: Stamps,
    /// When they were looked at last.
    last: Stamps,
}

impl Certificate {
    pub(super) fn open(files: CertificateFiles, provider: Arc<CryptoProvider>) -> Result<Self, TlsError> {
        // Before they are read: a change between the two is seen later.
        let stamps = files.stamps();
        let current = Mutex::new(Arc::new(files.load(&provider)?));
        Ok(Self { files, provider, current, looks: Mutex::new(Looks { at_reading: stamps, last: stamps }) })
    }

    /// Looks at the files again and again.
    pub(super) async fn watch(self: &Arc<Self>) {
        let mut every = tokio::time::interval(LOOK_EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            let certificate = Arc::clone(self);
            // A disk may be slow. A look that panicked is one that saw nothing.
            let _ = tokio::task::spawn_blocking(move || certificate.look()).await;
        }
    }

    /// Takes the files anew if they have changed, and are no more being changed.
    fn look(&self) {
        let now = self.files.stamps();
        let mut looks = self.looks.lock();
        let is_still = std::mem::replace(&mut looks.last, now) == now;
        if !is_still || looks.at_reading == now {
            return;
        }
        looks.at_reading = now;
        match self.files.load(&self.provider) {
            Ok(fresh) => {
                *self.current.lock() = Arc::new(fresh);
                tracing::info!(chain = %self.files.chain.display(), "a new certificate is in use");
            }
            Err(error) => tracing::error!(%error, "the new certificate cannot be used, the old one stays"),
        }
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.lock()))
    }
}
