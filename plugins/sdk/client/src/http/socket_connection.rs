//! The way from a login to the game's WebSocket.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs as _};

use hypogeum_protocol::CharacterId;

use super::{Api, ApiError, Login};

/// The port of a URL that names none.
const HTTP_PORT: u16 = 80;

/// Where to open a WebSocket, and what its hello proves itself by. Good for as long as the login's access token is.
#[derive(Clone)]
pub struct SocketConnection {
    /// The server's address.
    pub address: SocketAddr,
    /// The host as the URL has it, for the request's `Host`.
    pub host: String,
    /// The access token of the login. A secret.
    pub access_token: String,
    /// The character that plays; `None`: the account, under its own name.
    pub character: Option<CharacterId>,
}

impl fmt::Debug for SocketConnection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SocketConnection").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Api {
    /// What it takes to play over a WebSocket, to play as one of the account's characters where one is named. Nothing is asked
    /// of the server, but its name is looked up.
    ///
    /// # Errors
    /// [`ApiError::Unreachable`] where nobody knows the host; [`ApiError::SocketInTheClear`] where the server is asked by `https`.
    pub fn socket_connection(
        &self,
        login: &Login,
        character: Option<CharacterId>,
    ) -> Result<SocketConnection, ApiError> {
        self.check_socket()?;
        let host = self.base.split_once("://").map_or(self.base.as_str(), |(_, host)| host).to_owned();
        let unreachable = |cause: String| ApiError::Unreachable { url: self.base.clone(), cause };
        // A number after the last colon is a port, unless that colon is one of an address of IPv6.
        let has_port =
            host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) && !host.ends_with(']');
        let found = match has_port {
            true => host.to_socket_addrs(),
            false => (host.trim_matches(['[', ']']), HTTP_PORT).to_socket_addrs(),
        };
        let address = found.map_err(|error| unreachable(error.to_string()))?.next();
        let address = address.ok_or_else(|| unreachable("the host has no address".to_owned()))?;
        Ok(SocketConnection { address, host, access_token: login.access_token.clone(), character })
    }

    /// Whether WebSockets can be opened to this server.
    ///
    /// # Errors
    /// [`ApiError::SocketInTheClear`] where it is asked by `https`: a token that came over TLS is shown to nobody without.
    pub fn check_socket(&self) -> Result<(), ApiError> {
        let is_secure = self.base.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
        if is_secure { Err(ApiError::SocketInTheClear(self.base.clone())) } else { Ok(()) }
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
        ] {
            let api = Api::new(url).expect("a server's URL");
            let found = api.socket_connection(&login(), None).expect("an address needs nobody to look it up");
            assert_eq!(found.address, address.parse().expect("an address"), "{url}");
            assert_eq!(found.access_token, login().access_token, "the login comes along");
        }
    }

    #[test]
    fn a_token_of_tls_goes_nowhere_in_the_clear() {
        for url in ["https://play.example", "HTTPS://127.0.0.1:443"] {
            let Ok(api) = Api::new(url) else { continue };
            let refused = api.socket_connection(&login(), None).expect_err("it would be shown to whoever listens");
            assert_eq!(refused.code(), "socket_in_the_clear", "{url}");
        }
    }
}
