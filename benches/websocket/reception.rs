//! How clients come to our edge: whoever connects is upgraded, and let in.

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use hypogeum_envelope::Codec;
use hypogeum_protocol::link::SessionTicket;
use hypogeum_protocol::{AccountId, SessionId};
use hypogeum_websocket::{Admitted, Answer, Credentials, Door, Doorkeeper, Refusal, Upgraded};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tungstenite::http::HeaderValue;

/// Lets anybody in as the session whose number is the token.
struct OpenDoor;

impl Doorkeeper for OpenDoor {
    fn check(&self, Credentials { access_token, .. }: Credentials, answer: Answer) {
        let unknown = Refusal { code: "unauthorized".to_owned(), message: String::new(), retry_after_ms: None };
        answer(access_token.parse().map_err(|_| unknown).map(|number: u64| Admitted {
            session: SessionId(number),
            ticket: SessionTicket { account: AccountId(number), name: format!("player {number}"), character: None },
            expires_in: Duration::from_secs(3_600),
        }));
    }

    fn renew(&self, access_token: String, answer: Answer) {
        self.check(Credentials { access_token, character_id: None }, answer);
    }
}

/// Takes clients for as long as the process lives: by TLS where there is a configuration of it, otherwise in the clear.
pub(crate) fn receive(listener: &TcpListener, door: &Door, tls: Option<&Arc<ServerConfig>>) {
    for stream in listener.incoming() {
        // Anybody may come, but not for ever: the next one waits.
        let Some((stream, tls)) = upgraded(stream.expect("a client"), tls) else { continue };
        let peer = stream.peer_addr().expect("it has an address");
        let permit = door.room_for(peer.ip()).expect("there is room");
        let doorkeeper = Arc::new(OpenDoor);
        door.take(Upgraded { stream, tls, received: Vec::new(), codec: Codec::MessagePack, permit, doorkeeper });
    }
}

/// The socket of a client after its upgrade, and its session where it speaks TLS. Waits for both handshakes.
fn upgraded(stream: TcpStream, tls: Option<&Arc<ServerConfig>>) -> Option<(TcpStream, Option<Box<ServerConnection>>)> {
    let Some(config) = tls else {
        return Some((tungstenite::accept_hdr(stream, agree).ok()?.into_inner(), None));
    };
    let session = ServerConnection::new(Arc::clone(config)).expect("it speaks TLS");
    // The session's own handshake is made as soon as something is read.
    let stream = tungstenite::accept_hdr(StreamOwned::new(session, stream), agree).ok()?.into_inner();
    Some((stream.sock, Some(Box::new(stream.conn))))
}

#[expect(clippy::result_large_err, reason = "an upgrade is refused with a whole answer")]
fn agree(_: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    let name = HeaderValue::from_static(Codec::MessagePack.subprotocol());
    response.headers_mut().insert("sec-websocket-protocol", name);
    Ok(response)
}
