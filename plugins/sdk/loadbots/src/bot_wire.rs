//! A bot's wire: over UDP or a WebSocket, through the sockets of its driver.

use std::time::Duration;

use hypogeum_client::{Login, PortWire, Traffic, WebSocketWire, Wire, WireState};
use hypogeum_protocol::link::Lane;

use crate::entrance::Entrance;
use crate::sockets::{Port, SocketSet, StreamPort};

/// A bot's wire. It also notes why a login was not let in.
#[derive(Debug)]
pub(crate) struct BotWire {
    way: Way,
    socket_set: SocketSet,
    key: usize,
    is_end_noted: bool,
}

#[derive(Debug)]
enum Way {
    Udp(Box<PortWire<Port>>),
    WebSocket(Box<WebSocketWire<StreamPort>>),
}

impl BotWire {
    /// A connection over the socket of this key; `None` where the token is none.
    pub(crate) fn connect(entrance: &Entrance, socket_set: &SocketSet, key: usize) -> Option<Self> {
        let socket_set = socket_set.clone();
        let way = match entrance {
            Entrance::Udp(connection) => {
                let port = Port { socket_set: socket_set.clone(), key };
                Way::Udp(Box::new(PortWire::connect(&connection.token, port).ok()?))
            }
            Entrance::WebSocket(connection) => {
                let port = StreamPort { socket_set: socket_set.clone(), key };
                Way::WebSocket(Box::new(WebSocketWire::new(port, connection.clone())))
            }
        };
        Some(Self { way, socket_set, key, is_end_noted: false })
    }

    /// Whether it ends with its access token, and that soon. Says so once.
    pub(crate) fn wants_token(&mut self) -> bool {
        match &mut self.way {
            Way::Udp(_) => false,
            Way::WebSocket(wire) => wire.wants_token(),
        }
    }

    /// Goes on with the access token of this login, or finds that there is none for now.
    pub(crate) fn take_token(&mut self, login: Option<&Login>) {
        match (&mut self.way, login) {
            (Way::Udp(_), _) => {}
            (Way::WebSocket(wire), Some(login)) => wire.renew(login),
            (Way::WebSocket(wire), None) => wire.renew_later(),
        }
    }

    fn wire(&self) -> &dyn Wire {
        match &self.way {
            Way::Udp(wire) => &**wire,
            Way::WebSocket(wire) => &**wire,
        }
    }

    fn wire_mut(&mut self) -> &mut dyn Wire {
        match &mut self.way {
            Way::Udp(wire) => &mut **wire,
            Way::WebSocket(wire) => &mut **wire,
        }
    }
}

impl Wire for BotWire {
    fn update(&mut self, elapsed: Duration) {
        self.wire_mut().update(elapsed);
        if let Way::WebSocket(wire) = &self.way
            && let WireState::Closed(_) = wire.state()
            && !std::mem::replace(&mut self.is_end_noted, true)
        {
            let mut sockets = self.socket_set.lock();
            if let Some(code) = wire.refusal() {
                sockets.note_refusal(code);
            }
            // Nobody reads it any more, and its end would be told of for ever.
            sockets.unwatch(self.key);
        }
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        self.wire_mut().receive()
    }

    fn send(&mut self, lane: Lane, bytes: Vec<u8>) {
        self.wire_mut().send(lane, bytes);
    }

    fn send_lane(&mut self, datagram: &[u8]) {
        self.wire_mut().send_lane(datagram);
    }

    fn take_lane(&mut self, out: &mut Vec<u8>) -> bool {
        self.wire_mut().take_lane(out)
    }

    fn flush(&mut self) {
        self.wire_mut().flush();
    }

    fn state(&self) -> WireState {
        self.wire().state()
    }

    fn traffic(&self) -> Traffic {
        self.wire().traffic()
    }

    fn close(&mut self) {
        self.wire_mut().close();
    }
}
