//! Whose word counts on who a server is.

use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use ureq::tls::{PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};

/// TLS by the one provider of cryptography there is.
pub(super) fn tls(roots: RootCerts) -> TlsConfig {
    TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(aws_lc_rs::default_provider()))
        .root_certs(roots)
        .build()
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
