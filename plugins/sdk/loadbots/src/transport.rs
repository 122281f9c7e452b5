//! What a bot's connection goes over.

use std::str::FromStr;

use serde::Serialize;

/// What the connections of a swarm go over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// UDP: netcode and renet.
    #[default]
    Udp,
    /// A WebSocket: envelopes as MessagePack, datagrams of the lane as they are.
    WebSocket,
    /// Every other bot has one or the other.
    Mixed,
}

/// There is no transport of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no transport `{0}`: udp, websocket or mixed")]
pub struct UnknownTransport(pub String);

impl Transport {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Udp, Self::WebSocket, Self::Mixed];

    /// Its name, as it is typed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::WebSocket => "websocket",
            Self::Mixed => "mixed",
        }
    }

    /// Whether the bot at this place of the swarm has a WebSocket.
    pub(crate) const fn is_web_socket(self, index: usize) -> bool {
        match self {
            Self::Udp => false,
            Self::WebSocket => true,
            Self::Mixed => !index.is_multiple_of(2),
        }
    }
}

impl FromStr for Transport {
    type Err = UnknownTransport;

    fn from_str(name: &str) -> Result<Self, UnknownTransport> {
        let known = Self::ALL.into_iter().find(|transport| transport.name() == name);
        known.ok_or_else(|| UnknownTransport(name.to_owned()))
    }
}

/// Bots that had a session, by what it went over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConnectedOver {
    /// Over UDP.
    pub udp: usize,
    /// Over a WebSocket.
    pub websocket: usize,
}

impl ConnectedOver {
    pub(crate) const fn add(&mut self, other: Self) {
        self.udp += other.udp;
        self.websocket += other.websocket;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_known_by_its_name_and_half_of_a_mixed_swarm_has_either() {
        for transport in Transport::ALL {
            assert_eq!(transport.name().parse(), Ok(transport), "as it is typed");
        }
        let unknown = "tcp".parse::<Transport>().expect_err("there is none of that name");
        assert_eq!(unknown.to_string(), "there is no transport `tcp`: udp, websocket or mixed");
        let web_sockets = |transport: Transport| (0..10).filter(|index| transport.is_web_socket(*index)).count();
        assert_eq!(Transport::ALL.map(web_sockets), [0, 10, 5]);
    }
}
