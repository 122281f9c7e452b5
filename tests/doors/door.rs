//! The doors: each makes a line of a login.

use hypogeum_client::{Api, Login, UdpWire};
use hypogeum_envelope::Codec;
use hypogeum_protocol::CharacterId;

use crate::line::Line;
use crate::socket_line::SocketLine;

/// A way to the server.
pub(crate) trait Door: Sync {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// A line to the server, of somebody who plays this character, or under the account's name.
    fn open(&self, url: &str, login: &Login, character: Option<CharacterId>) -> Line;
}

struct Udp;

struct Socket(Codec);

/// All of them.
pub(crate) const DOORS: [&dyn Door; 3] = [&Udp, &Socket(Codec::MessagePack), &Socket(Codec::Json)];

/// The doors after this one, and at last this one again.
pub(crate) fn doors_after(door: &'static dyn Door) -> impl Iterator<Item = &'static dyn Door> {
    let at = DOORS.iter().position(|other| other.name() == door.name()).expect("it is one of them");
    DOORS.into_iter().cycle().skip(at + 1).take(DOORS.len())
}

impl Door for Udp {
    fn name(&self) -> &'static str {
        "UDP"
    }

    fn open(&self, url: &str, login: &Login, character: Option<CharacterId>) -> Line {
        let api = Api::new(url).expect("the server's URL is good");
        let connection = api.connect_token_as(login, character).expect("a login gets a connect token");
        Line::new(UdpWire::connect(&connection.token).expect("the token opens a socket"))
    }
}

impl Door for Socket {
    fn name(&self) -> &'static str {
        match self.0 {
            Codec::MessagePack => "MessagePack",
            Codec::Json => "JSON",
        }
    }

    fn open(&self, url: &str, login: &Login, character: Option<CharacterId>) -> Line {
        Line::new(SocketLine::open(url, self.0, &login.access_token, character))
    }
}
