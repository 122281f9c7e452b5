//! Certificates for tests, and clients that trust them.

use std::fs;
use std::io;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair};
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, StreamOwned, SupportedProtocolVersion};

/// A client's end of a connection.
pub type TlsClient = StreamOwned<ClientConnection, TcpStream>;

/// Signs certificates of `localhost` and 127.0.0.1.
#[derive(Debug)]
pub struct TestAuthority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
#[derive(Clone, Debug)]
pub struct TestCertificate {
    /// The certificate.
    pub chain: String,
    /// Its private key.
    pub key: String,
}

impl Default for TestAuthority {
    fn default() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "an authority of tests");
        let key = KeyPair::generate().expect("a key can be drawn");
        Self(CertifiedIssuer::self_signed(params, key).expect("it can be signed"))
    }
}

impl TestAuthority {
    /// Its own certificate, in PEM: what clients trust.
    #[must_use]
    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// A new certificate of this machine.
    #[must_use]
    pub fn certificate(&self) -> TestCertificate {
        let key = KeyPair::generate().expect("a key can be drawn");
        let params = CertificateParams::new(["localhost", "127.0.0.1"].map(str::to_owned)).expect("these are names");
        let certificate = params.signed_by(&key, &self.0).expect("it can be signed");
        TestCertificate { chain: certificate.pem(), key: key.serialize_pem() }
    }

    /// A server with a certificate of its own.
    #[must_use]
    pub fn server(&self) -> Arc<ServerConfig> {
        let TestCertificate { chain, key } = self.certificate();
        let chain = vec![CertificateDer::from_pem_slice(chain.as_bytes()).expect("it was written just now")];
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("it was written just now");
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("it speaks TLS")
            .with_no_client_auth();
        Arc::new(config.with_single_cert(chain, key).expect("they belong together"))
    }

    /// Makes a client of a connection that trusts this authority, speaks HTTP/1.1 by one of these versions, and has shaken hands.
    ///
    /// # Errors
    /// Whatever is wrong with the handshake.
    pub fn connect(
        &self,
        mut stream: TcpStream,
        versions: &[&'static SupportedProtocolVersion],
    ) -> io::Result<TlsClient> {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).expect("it is a certificate");
        let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(versions)
            .expect("it speaks TLS")
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        // Each handshake shows the certificate.
        config.resumption = Resumption::disabled();
        let name = ServerName::try_from("localhost").expect("it is a name");
        let mut session = ClientConnection::new(Arc::new(config), name).expect("it can be asked for");
        while session.is_handshaking() {
            session.complete_io(&mut stream)?;
        }
        Ok(StreamOwned::new(session, stream))
    }
}

impl TestCertificate {
    /// Puts both where a server reads them, the certificate first, each in one go.
    pub fn write(&self, chain: &Path, key: &Path) {
        for (path, text) in [(chain, &self.chain), (key, &self.key)] {
            let draft = path.with_extension("draft");
            fs::write(&draft, text).expect("the test's own file can be written");
            fs::rename(&draft, path).expect("the test's own file can be replaced");
        }
    }
}
