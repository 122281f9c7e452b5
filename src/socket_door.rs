//! Where the HTTP edge and the WebSocket edge meet: neither knows the other.

use std::net::IpAddr;
use std::sync::Arc;

use hypogeum_envelope::Codec;
use hypogeum_gateway::{
    ApiError, SocketAnswer, SocketCheck, SocketDoor, SocketPlace, SocketPlayer, SocketWish, UpgradedSocket,
};
use hypogeum_websocket::{Admitted, Answer, Credentials, Door, Doorkeeper, Refusal, Upgraded};

/// The subprotocols, by their names.
const SUBPROTOCOLS: [&str; Codec::ALL.len()] = [Codec::MessagePack.subprotocol(), Codec::Json.subprotocol()];

/// The WebSocket edge as the HTTP edge knows it.
pub(crate) struct WebSocketDoor(pub(crate) Door);

impl SocketDoor for WebSocketDoor {
    fn subprotocols(&self) -> &[&'static str] {
        &SUBPROTOCOLS
    }

    fn place_for(&self, address: IpAddr) -> Option<SocketPlace> {
        let (door, permit) = (self.0.clone(), self.0.room_for(address).ok()?);
        Some(Box::new(move |socket| {
            let UpgradedSocket { stream, tls, received, subprotocol, check } = socket;
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
