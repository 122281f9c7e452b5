//! TLS: the certificate, the handshake, and what browsers are told of it.

mod certificate;
mod handshakes;

use std::io::{self, ErrorKind};
use std::sync::Arc;

use axum::http::HeaderValue;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::version::{TLS12, TLS13};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use certificate::Certificate;

pub use certificate::{CertificateFiles, TlsError};
pub(crate) use handshakes::Handshakes;

/// The one protocol that is spoken over it.
const ALPN: &[u8] = b"http/1.1";
/// What somebody is told who asks without TLS.
const PLAIN_ANSWER: &str = "this port speaks TLS: ask by https or wss\n";
/// Bytes of such a request that are read, so that its end does not take the answer with it.
const PLAIN_BYTES_MAX: usize = 4 << 10;

/// Why a connection does not come to where HTTP begins.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HandshakeError {
    /// Its address or network has come too often lately.
    #[error("its address or network shakes hands too often")]
    TooMany,
    /// It broke off, or what came is no TLS.
    #[error(transparent)]
    Broken(#[from] io::Error),
}

/// How a gateway speaks TLS: 1.2 and 1.3, and HTTP/1.1 in it. See [`Gateway::with_tls`](crate::Gateway::with_tls).
///
/// The files of the certificate are looked at every second while the gateway serves. New ones are taken for connections that come
/// then; those that are open go on. What cannot be used is logged, and the certificate stays what it was.
#[derive(Debug)]
pub struct Tls {
    config: Arc<ServerConfig>,
    certificate: Arc<Certificate>,
    /// What every answer says to browsers.
    pub(crate) hsts: Option<HeaderValue>,
}

impl Tls {
    /// Reads a certificate and its key. Browsers are told for `hsts_s` seconds to come by TLS alone; 0: they are told nothing.
    ///
    /// # Errors
    /// Any [`TlsError`].
    pub fn open(files: CertificateFiles, hsts_s: u32) -> Result<Self, TlsError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let certificate = Arc::new(Certificate::open(files, Arc::clone(&provider))?);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(TlsError::Provider)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&certificate) as _);
        config.alpn_protocols = vec![ALPN.to_vec()];
        let hsts = (hsts_s > 0).then(|| HeaderValue::from_str(&format!("max-age={hsts_s}")).ok()).flatten();
        Ok(Self { config: Arc::new(config), certificate, hsts })
    }

    /// How a port speaks TLS that has the same certificate, and no HTTP in it.
    pub(crate) fn without_http(&self) -> Arc<ServerConfig> {
        let mut config = ServerConfig::clone(&self.config);
        config.alpn_protocols.clear();
        Arc::new(config)
    }

    /// Takes new certificates, for as long as it is polled.
    pub(crate) async fn watch(&self) {
        self.certificate.watch().await;
    }

    /// Brings a connection to where HTTP begins. It takes as long as the client likes. Only one that is admitted costs more than a look
    /// at its first byte.
    pub(crate) async fn shake_hands(
        &self,
        stream: TcpStream,
        is_admitted: impl FnOnce() -> bool,
    ) -> Result<TlsStream<TcpStream>, HandshakeError> {
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Err(io::Error::from(ErrorKind::UnexpectedEof).into());
        }
        // A handshake begins with 22, a request of HTTP with its method.
        if first[0].is_ascii_uppercase() {
            refuse_plain(stream).await?;
            return Err(io::Error::new(ErrorKind::InvalidData, "it speaks HTTP without TLS").into());
        }
        if !is_admitted() {
            return Err(HandshakeError::TooMany);
        }
        Ok(TlsAcceptor::from(Arc::clone(&self.config)).accept(stream).await?)
    }
}

/// Tells somebody who asks without TLS why that is no use.
async fn refuse_plain(mut stream: TcpStream) -> io::Result<()> {
    let mut asked = [0; PLAIN_BYTES_MAX];
    // What comes later may cost the client its answer.
    let _ = stream.try_read(&mut asked);
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{PLAIN_ANSWER}",
        PLAIN_ANSWER.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
