//! Clients that speak TLS 1.3, and trust one authority.

use std::net::SocketAddr;
use std::sync::Arc;

use hypogeum_testkit::TlsClient;
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::TLS13;
use rustls::{CipherSuite, ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// What is measured: what both ends agree on where nobody chooses.
const SUITE: CipherSuite = CipherSuite::TLS13_AES_256_GCM_SHA384;

/// Clients of servers that have a certificate of this authority, whose own is given in PEM.
pub(crate) fn trusting(authority: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).expect("it is PEM")).expect("it is a certificate");
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .expect("it speaks TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
    // They share this, but they are different people: nobody goes on with the session of somebody else.
    config.resumption = Resumption::disabled();
    Arc::new(config)
}

/// A stream that has shaken hands, and does not block from then on. It waits for the handshake: the server takes one client at a time.
pub(crate) fn connect(address: SocketAddr, config: &Arc<ClientConfig>) -> TlsClient {
    let mut stream = crate::swarm::connect(address);
    stream.set_nonblocking(false).expect("a socket can wait");
    let name = ServerName::try_from("localhost").expect("it is a name");
    let mut session = ClientConnection::new(Arc::clone(config), name).expect("it can be asked for");
    while session.is_handshaking() {
        session.complete_io(&mut stream).expect("they shake hands");
    }
    let agreed = session.negotiated_cipher_suite().map(|suite| suite.suite());
    assert_eq!(agreed, Some(SUITE), "another one would be another figure");
    stream.set_nonblocking(true).expect("a socket need not block");
    StreamOwned::new(session, stream)
}
