//! Where the HTTP edge and the WebSocket edge meet: neither knows the other.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use hypogeum_envelope::Codec;
use hypogeum_gateway::{
    ApiError, SocketAnswer, SocketCheck, SocketDoor, SocketPlace, SocketPlayer, SocketWish, UpgradedSocket,
};
use hypogeum_telnet::{Origin, Subprotocol};
use hypogeum_websocket::{Admitted, Answer, Credentials, Door, Doorkeeper, Refusal, Upgraded};

use crate::plugins::TelnetPlugin;

/// The subprotocols, by their names: those of this server's own messages, and behind them those that MUDs have.
static SUBPROTOCOLS: [&str; Codec::ALL.len() + Subprotocol::ALL.len()] = [
    Codec::MessagePack.subprotocol(),
    Codec::Json.subprotocol(),
    Subprotocol::Telnet.name(),
    Subprotocol::Gmcp.name(),
    Subprotocol::Terminal.name(),
];

/// The WebSocket edge as the HTTP edge knows it, and beside it telnet, where that is open.
pub(crate) struct WebSocketDoor {
    pub(crate) door: Door,
    pub(crate) has_telnet: bool,
    /// Set once it is opened.
    pub(crate) telnet: Arc<OnceLock<TelnetPlugin>>,
}

impl WebSocketDoor {
    /// A place for a socket that speaks as MUDs do.
    fn place_in_words(&self, address: IpAddr, subprotocol: Subprotocol) -> Option<SocketPlace> {
        let door = self.telnet.get()?.edge().door();
        let permit = door.room_for(address)?;
        Some(Box::new(move |socket| {
            let UpgradedSocket { stream, tls, received, is_local, .. } = socket;
            let origin = Origin { address, is_local };
            door.take(hypogeum_telnet::Upgraded { stream, tls, received, subprotocol, origin, permit });
        }))
    }
}

impl SocketDoor for WebSocketDoor {
    fn subprotocols(&self) -> &[&'static str] {
        if self.has_telnet { &SUBPROTOCOLS } else { &SUBPROTOCOLS[..Codec::ALL.len()] }
    }

    fn place_for(&self, address: IpAddr, subprotocol: &'static str) -> Option<SocketPlace> {
        if let Some(subprotocol) = Subprotocol::named(subprotocol) {
            return self.place_in_words(address, subprotocol);
        }
        let (door, permit) = (self.door.clone(), self.door.room_for(address).ok()?);
        Some(Box::new(move |socket| {
            let UpgradedSocket { stream, tls, received, subprotocol, check, .. } = socket;
            // It is one of those above.
            let codec = Codec::of_subprotocol(subprotocol).unwrap_or(Codec::MessagePack);
            let doorkeeper = Arc::new(HttpDoorkeeper(check));
            door.take(Upgraded { stream, tls, received, codec, permit, doorkeeper });
        }))
    }
}

/// The HTTP edge as the WebSocket edge knows it.
struct HttpDoorkeeper(SocketCheck);

impl Doorkeeper for HttpDoorkeeper {
    fn check(&self, credentials: Credentials, answer: Answer) {
        let Credentials { access_token, character_id } = credentials;
        self.0.ask(access_token, SocketWish::ComeIn(character_id), of_http(answer));
    }

    fn renew(&self, access_token: String, answer: Answer) {
        self.0.ask(access_token, SocketWish::Stay, of_http(answer));
    }
}

fn of_http(answer: Answer) -> SocketAnswer {
    Box::new(|verdict| answer(verdict.map(admitted).map_err(refusal)))
}

fn admitted(player: SocketPlayer) -> Admitted {
    let SocketPlayer { session, ticket, expires_in } = player;
    Admitted { session, ticket, expires_in }
}

fn refusal(error: ApiError) -> Refusal {
    Refusal { code: error.code().to_owned(), message: error.to_string(), retry_after_ms: error.retry_after_ms() }
}
