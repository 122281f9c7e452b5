//! Stays connected while the link moves to another port or network, or the server is restarted.

use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::Duration;

use hypogeum_protocol::CharacterId;

use crate::client::Client;
use crate::http::{Api, ApiError, Connection, Login};
use crate::udp::UdpWire;
use crate::wire::{Ending, Wire, WireState};

/// Silence after which a link counts as lost while a match is on: the slowest server sends five datagrams a second, and
/// losing three of them in a row is rare even where one of ten is lost.
const SILENCE_IN_MATCH: Duration = Duration::from_millis(600);
/// The same elsewhere, where a server sends nothing but two keep-alives a second.
const SILENCE_ELSEWHERE: Duration = Duration::from_millis(1_600);
/// How long a new connection gets for its handshake.
const HANDSHAKE_MAX: Duration = Duration::from_secs(3);
/// New connections in a row that a server may close before it welcomes one: then it means it.
const UNWELCOME_MAX: u32 = 8;
/// Wait between two attempts that the server let in but did not keep.
const AGAIN_AFTER: Duration = Duration::from_millis(250);

/// What came of watching a client once.
#[derive(Debug)]
pub enum Reconnected {
    /// Nothing to do: the server is heard, or the connection ended because somebody wanted it to.
    Fine,
    /// The server is not heard; a new connection is on its way.
    Trying,
    /// The client goes on over a new connection: its next [`Client::poll`] says [`crate::Change::Opened`], then say hello.
    Resumed,
    /// The server does not let this login in any more, or was away for longer than the patience. Watching goes on, but
    /// nothing more is tried.
    GaveUp(ApiError),
}

/// Watches one client's connection, and replaces it where the server is not heard any more. Asking for the new one happens
/// on a thread of its own; [`Reconnect::watch`] never waits. Where the old connection comes to life first, it stays.
///
/// ```no_run
/// use std::time::Duration;
/// use hypogeum_client::{Api, Change, Client, Reconnect};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let api = Api::new("http://127.0.0.1:27580")?;
/// let login = api.login("Ada", "correct horse battery")?;
/// let mut client = Client::connect(&api.connect_token(&login)?)?;
/// let mut reconnect = Reconnect::new(api, login, None);
/// let frame = Duration::from_millis(33);
/// loop {
///     reconnect.watch(&mut client, frame);
///     for change in client.poll(frame) {
///         if change == Change::Opened {
///             client.hello("my client 1.0");
///         }
///     }
///     client.flush();
///     std::thread::sleep(frame);
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Reconnect {
    api: Api,
    login: Login,
    character: Option<CharacterId>,
    patience: Duration,
    /// Datagrams heard when the silence began, and how long it lasts.
    heard_count: u64,
    silence: Duration,
    /// New connections since the last one that was welcomed.
    unwelcome_count: u32,
    attempt: Attempt,
}

#[derive(Debug)]
enum Attempt {
    None,
    Asking(Receiver<(Login, Result<Connection, ApiError>)>),
    Connecting(Box<UdpWire>, Duration),
    Waiting(Duration),
    GaveUp,
}

impl Reconnect {
    /// Watches for `login`, playing under `character` or the account's own name. A server that is away is asked for two
    /// minutes.
    #[must_use]
    pub fn new(api: Api, login: Login, character: Option<CharacterId>) -> Self {
        let patience = Duration::from_secs(120);
        let (heard_count, silence) = (0, Duration::ZERO);
        Self { api, login, character, patience, heard_count, silence, unwelcome_count: 0, attempt: Attempt::None }
    }

    /// The same, but a server that is away is asked for so long.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The login as it is now: refreshed where that was needed. Keep it instead of the one given.
    #[must_use]
    pub const fn login(&self) -> &Login {
        &self.login
    }

    /// Looks at the client after `elapsed`; call it with each frame.
    pub fn watch(&mut self, client: &mut Client<UdpWire>, elapsed: Duration) -> Reconnected {
        if client.view().session.is_some() {
            self.unwelcome_count = 0;
        }
        let heard_count = client.traffic().datagrams_in;
        if heard_count != self.heard_count && client.state() == WireState::Open {
            self.heard_count = heard_count;
            self.silence = Duration::ZERO;
            self.abandon();
            return Reconnected::Fine;
        }
        self.silence += elapsed;
        if !self.is_lost(client) {
            return Reconnected::Fine;
        }
        match std::mem::replace(&mut self.attempt, Attempt::None) {
            Attempt::None => self.ask(),
            Attempt::Asking(answer) => match answer.try_recv() {
                Ok((login, Ok(connection))) => {
                    self.login = login;
                    self.connect(&connection);
                }
                Ok((login, Err(error))) => {
                    (self.login, self.attempt) = (login, Attempt::GaveUp);
                    return Reconnected::GaveUp(error);
                }
                Err(TryRecvError::Empty) => self.attempt = Attempt::Asking(answer),
                Err(TryRecvError::Disconnected) => self.attempt = Attempt::Waiting(AGAIN_AFTER),
            },
            Attempt::Connecting(mut wire, taken) => {
                wire.update(elapsed);
                match wire.state() {
                    WireState::Open => {
                        client.resume(*wire);
                        self.unwelcome_count += 1;
                        (self.heard_count, self.silence) = (client.traffic().datagrams_in, Duration::ZERO);
                        return Reconnected::Resumed;
                    }
                    WireState::Connecting if taken < HANDSHAKE_MAX => {
                        self.attempt = Attempt::Connecting(wire, taken + elapsed);
                    }
                    WireState::Connecting | WireState::Closed(_) => self.attempt = Attempt::Waiting(AGAIN_AFTER),
                }
            }
            Attempt::Waiting(left) if left > elapsed => self.attempt = Attempt::Waiting(left - elapsed),
            Attempt::Waiting(_) => self.ask(),
            Attempt::GaveUp => {
                self.attempt = Attempt::GaveUp;
                return Reconnected::Fine;
            }
        }
        Reconnected::Trying
    }

    fn is_lost(&self, client: &Client<UdpWire>) -> bool {
        // Before the welcome a server has nothing to say either.
        let is_shown = client.view().session.is_some() && client.view().current.is_some();
        let limit = if is_shown { SILENCE_IN_MATCH } else { SILENCE_ELSEWHERE };
        match client.state() {
            WireState::Open => self.silence >= limit,
            WireState::Closed(Ending::TimedOut | Ending::Unanswered) => true,
            // The old connection, of which nobody hears, may count as living for a moment longer where a second one is refused.
            WireState::Closed(Ending::ByServer) => (1..=UNWELCOME_MAX).contains(&self.unwelcome_count),
            // A handshake has its own patience; a server that said goodbye, or an owner who did, meant it.
            WireState::Connecting | WireState::Closed(_) => false,
        }
    }

    fn ask(&mut self) {
        let (api, mut login, character, patience) =
            (self.api.clone(), self.login.clone(), self.character, self.patience);
        let (answer, answered) = mpsc::channel();
        let asking = thread::Builder::new().name("reconnect".to_owned()).spawn(move || {
            let connection = api.come_back(&mut login, character, patience);
            // Nobody listens any more where the old connection came to life: the login is what it was, or refreshed, and the
            // server answers an old refresh token the same for a while.
            let _ = answer.send((login, connection));
        });
        self.attempt = match asking {
            Ok(_) => Attempt::Asking(answered),
            Err(_) => Attempt::Waiting(AGAIN_AFTER),
        };
    }

    fn connect(&mut self, connection: &Connection) {
        self.attempt = match UdpWire::connect(&connection.token) {
            Ok(wire) => Attempt::Connecting(Box::new(wire), Duration::ZERO),
            Err(_) => Attempt::Waiting(AGAIN_AFTER),
        };
    }

    /// Gives up what was tried: the old connection is heard again.
    fn abandon(&mut self) {
        match std::mem::replace(&mut self.attempt, Attempt::None) {
            // It never said hello, so the server has not let it take the old one's place.
            Attempt::Connecting(mut wire, _) => wire.close(),
            // A login that is being refreshed must not be lost: wait for the answer.
            Attempt::Asking(answer) => match answer.try_recv() {
                Ok((login, _)) => self.login = login,
                Err(TryRecvError::Empty) => self.attempt = Attempt::Asking(answer),
                Err(TryRecvError::Disconnected) => {}
            },
            Attempt::None | Attempt::Waiting(_) | Attempt::GaveUp => {}
        }
    }
}
