//! The way from a login to the game's WebSocket.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;

use hypogeum_protocol::CharacterId;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};

use super::{Api, ApiError, Login};

/// The ports of URLs that name none.
const HTTP_PORT: u16 = 80;
const HTTPS_PORT: u16 = 443;

/// Where to open a WebSocket, and what its hello proves itself by. Good for as long as the login's access token is.
#[derive(Clone)]
pub struct SocketConnection {
    /// The server's address.
    pub address: SocketAddr,
    /// The host as the URL has it, for the request's `Host`.
    pub host: String,
    /// The access token of the login. A secret.
    pub access_token: String,
    /// How long that is good for, in seconds, from when it was issued.
    pub expires_in_s: u64,
    /// The character that plays; `None`: the account, under its own name.
    pub character: Option<CharacterId>,
    /// How the server proves who it is; `None`: everything goes in the clear.
    pub tls: Option<SocketTls>,
}

/// How the server of a WebSocket proves who it is: under which name, and to whose certificates. [`Api`] says both.
#[derive(Clone)]
pub struct SocketTls {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl SocketTls {
    /// A session that has not begun to shake hands.
    pub(crate) fn session(&self) -> Result<ClientConnection, rustls::Error> {
        ClientConnection::new(Arc::clone(&self.config), self.name.clone())
    }
}

impl fmt::Debug for SocketTls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SocketTls").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for SocketConnection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SocketConnection").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Api {
    /// What it takes to play over a WebSocket, to play as one of the account's characters where one is named: over TLS where the
    /// server is asked by `https`, and then it has to prove itself as it does there. Nothing is asked of the server, but its
    /// name is looked up.
    ///
    /// # Errors
    /// [`ApiError::Unreachable`] where nobody knows the host; [`ApiError::NotAUrl`] where no certificate could be of that name.
    pub fn socket_connection(
        &self,
        login: &Login,
        character: Option<CharacterId>,
    ) -> Result<SocketConnection, ApiError> {
        let host = self.base.split_once("://").map_or(self.base.as_str(), |(_, host)| host).to_owned();
        let unreachable = |cause: String| ApiError::Unreachable { url: self.base.clone(), cause };
        // A number after the last colon is a port, unless that colon is one of an address of IPv6.
        let port = host.rsplit_once(':').and_then(|(name, port)| Some((name, port.parse::<u16>().ok()?)));
        let port = port.filter(|_| !host.ends_with(']'));
        let default_port = if self.socket_tls.is_some() { HTTPS_PORT } else { HTTP_PORT };
        let (name, port) = port.unwrap_or((&host, default_port));
        let name = name.trim_matches(['[', ']']);
        let address = (name, port).to_socket_addrs().map_err(|error| unreachable(error.to_string()))?.next();
        let address = address.ok_or_else(|| unreachable("the host has no address".to_owned()))?;
        let tls = match &self.socket_tls {
            Some(config) => {
                let name = ServerName::try_from(name.to_owned()).map_err(|_| ApiError::NotAUrl(self.base.clone()))?;
                Some(SocketTls { config: Arc::clone(config), name })
            }
            None => None,
        };
        let (access_token, expires_in_s) = (login.access_token.clone(), login.expires_in_s);
        Ok(SocketConnection { address, host, access_token, expires_in_s, character, tls })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::login;
    use super::*;

    #[test]
    fn the_address_is_that_of_the_url() {
        for (url, address) in [
            ("http://127.0.0.1:27580", "127.0.0.1:27580"),
            ("http://127.0.0.1", "127.0.0.1:80"),
            ("http://[::1]:27580/", "[::1]:27580"),
            ("http://[::1]", "[::1]:80"),
            ("https://127.0.0.1", "127.0.0.1:443"),
            ("HTTPS://[::1]", "[::1]:443"),
        ] {
            let api = Api::new(url).expect("a server's URL");
            let found = api.socket_connection(&login(), None).expect("an address needs nobody to look it up");
            assert_eq!(found.address, address.parse().expect("an address"), "{url}");
            let taken = (found.access_token, found.expires_in_s);
            assert_eq!(taken, (login().access_token, login().expires_in_s), "the login comes along");
        }
    }

    #[test]
    fn a_token_of_tls_goes_nowhere_in_the_clear() {
        for (url, is_secure) in [("https://127.0.0.1:9", true), ("HTTPS://[::1]", true), ("http://127.0.0.1:9", false)]
        {
            let api = Api::new(url).expect("a server's URL");
            let found = api.socket_connection(&login(), None).expect("an address needs nobody to look it up");
            assert_eq!(found.tls.is_some(), is_secure, "{url}");
        }
    }
}
