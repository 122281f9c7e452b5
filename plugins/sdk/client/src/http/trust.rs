//! Whose word counts on who a server is.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::{ClientConfig, RootCertStore};
use ureq::tls::{PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

/// What is spoken over TLS: a WebSocket begins as a request of HTTP/1.1.
const ALPN: &[u8] = b"http/1.1";

/// TLS of HTTP, by the one provider of cryptography there is.
pub(super) fn tls(roots: RootCerts) -> TlsConfig {
    TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
        .root_certs(roots)
        .build()
}

/// TLS of WebSockets, by the same provider and the same roots.
///
/// # Errors
/// A sentence where none of the certificates can be read.
pub(super) fn socket_tls(roots: &RootCerts) -> Result<Arc<ClientConfig>, String> {
    let mut store = RootCertStore::empty();
    match roots {
        RootCerts::Specific(certificates) => {
            let certificates = certificates.iter().map(|certificate| CertificateDer::from(certificate.der()));
            let (added, _) = store.add_parsable_certificates(certificates);
            if added == 0 {
                return Err("none of its certificates can be read".to_owned());
            }
        }
        _ => store.roots.extend_from_slice(webpki_roots::TLS_SERVER_ROOTS),
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(store)
        .with_no_client_auth();
    config.alpn_protocols = vec![ALPN.to_vec()];
    // Thousands of bots share this, but they are different people: nobody goes on with the session of somebody else.
    config.resumption = Resumption::disabled();
    Ok(Arc::new(config))
}

/// The certificates in a text.
///
/// # Errors
/// A sentence where it is no PEM, or has none.
pub(super) fn roots(pem: &[u8]) -> Result<RootCerts, String> {
    let items: Result<Vec<PemItem<'static>>, ureq::Error> = parse_pem(pem).collect();
    let items = items.map_err(|error| error.to_string())?;
    let certificates = items.into_iter().filter_map(|item| match item {
        PemItem::Certificate(certificate) => Some(certificate),
        _ => None,
    });
    let certificates: Vec<_> = certificates.collect();
    if certificates.is_empty() {
        return Err("there is no certificate in it".to_owned());
    }
    Ok(RootCerts::Specific(Arc::new(certificates)))
}
