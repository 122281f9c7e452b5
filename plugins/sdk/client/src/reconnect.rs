//! Stays connected while the link moves to another port or network, the server is restarted, or the access token ends.

use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::Duration;

use hypogeum_protocol::CharacterId;

use crate::client::Client;
use crate::http::{Api, ApiError, Login};
use crate::reconnect_wire::ReconnectWire;
use crate::udp::UdpWire;
use crate::wire::{Ending, WireState};

/// How long a new connection gets for its handshake.
const HANDSHAKE_MAX: Duration = Duration::from_secs(3);
/// New connections in a row that a server may close before it welcomes one: then it means it.
const UNWELCOME_MAX: u32 = 8;
/// Wait after an attempt that came to nothing; after each further one it is twice as long, up to the longest.
const AGAIN_AFTER: Duration = Duration::from_millis(250);
const AGAIN_AFTER_MAX: Duration = Duration::from_secs(5);

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
/// It does so for UDP and for a WebSocket over TCP of its own. A WebSocket ends with its access token: before that, another one is
/// asked for and shown to the server, and the connection goes on. A guest's login cannot be refreshed, so its WebSocket ends.
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
///
/// Over a WebSocket it is the same with a client that [`Client::connect_socket`] has made.
#[derive(Debug)]
pub struct Reconnect<W = UdpWire> {
    api: Api,
    login: Login,
    character: Option<CharacterId>,
    patience: Duration,
    /// Datagrams heard when the silence began, and how long it lasts.
    heard_count: u64,
    silence: Duration,
    /// New connections since the last one that was welcomed.
    unwelcome_count: u32,
    /// Attempts since the last one that became a connection.
    failed_count: u32,
    attempt: Attempt<W>,
    /// Another access token for the connection there is, while somebody asks for it.
    renewal: Option<Receiver<Result<Login, ApiError>>>,
}

#[derive(Debug)]
enum Attempt<W> {
    None,
    Asking(Receiver<(Login, Result<Option<W>, ApiError>)>),
    Connecting(Box<W>, Duration),
    Waiting(Duration),
    GaveUp,
}

impl<W: ReconnectWire> Reconnect<W> {
    /// Watches for `login`, playing under `character` or the account's own name. A server that is away is asked for two
    /// minutes. The login has been got a moment ago, or was refreshed then.
    #[must_use]
    pub fn new(api: Api, login: Login, character: Option<CharacterId>) -> Self {
        let patience = Duration::from_secs(120);
        let (heard_count, silence) = (0, Duration::ZERO);
        let (attempt, renewal) = (Attempt::None, None);
        let (unwelcome_count, failed_count) = (0, 0);
        Self { api, login, character, patience, heard_count, silence, unwelcome_count, failed_count, attempt, renewal }
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
    pub fn watch(&mut self, client: &mut Client<W>, elapsed: Duration) -> Reconnected {
        if client.view().session.is_some() {
            self.unwelcome_count = 0;
        }
        self.replace_token(client);
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
            // Whom the server does not let in by a token that was refreshed just now, it lets in by no other.
            Attempt::None
                if client.wire().has_ended_with_token()
                    && (self.login.refresh_token.is_none() || self.unwelcome_count > 0) =>
            {
                self.attempt = Attempt::GaveUp;
                return Reconnected::GaveUp(ApiError::NotRefreshable);
            }
            Attempt::None => match self.unwelcome_count.checked_sub(1) {
                None => self.ask(),
                Some(others) => self.attempt = Attempt::Waiting(wait_after(others)),
            },
            Attempt::Asking(answer) => match answer.try_recv() {
                Ok((login, Ok(wire))) => {
                    self.login = login;
                    self.attempt = match wire {
                        Some(wire) => Attempt::Connecting(Box::new(wire), Duration::ZERO),
                        None => Attempt::Waiting(AGAIN_AFTER),
                    };
                }
                Ok((login, Err(error))) => {
                    (self.login, self.attempt) = (login, Attempt::GaveUp);
                    return Reconnected::GaveUp(error);
                }
                Err(TryRecvError::Empty) => self.attempt = Attempt::Asking(answer),
                Err(TryRecvError::Disconnected) => self.attempt = Attempt::Waiting(AGAIN_AFTER),
            },
            Attempt::Connecting(wire, taken) => return self.shake_hands(client, wire, taken, elapsed),
            Attempt::Waiting(left) if left > elapsed => self.attempt = Attempt::Waiting(left - elapsed),
            Attempt::Waiting(_) => self.ask(),
            Attempt::GaveUp => {
                self.attempt = Attempt::GaveUp;
                return Reconnected::Fine;
            }
        }
        Reconnected::Trying
    }

    /// Goes on with a new connection's handshake.
    fn shake_hands(
        &mut self,
        client: &mut Client<W>,
        mut wire: Box<W>,
        taken: Duration,
        elapsed: Duration,
    ) -> Reconnected {
        wire.update(elapsed);
        match wire.state() {
            WireState::Open => {
                client.resume(*wire);
                self.unwelcome_count += 1;
                self.failed_count = 0;
                (self.heard_count, self.silence) = (client.traffic().datagrams_in, Duration::ZERO);
                return Reconnected::Resumed;
            }
            WireState::Connecting if taken < HANDSHAKE_MAX => {
                self.attempt = Attempt::Connecting(wire, taken + elapsed);
            }
            // Whoever answers there is not the server, and will not be later.
            WireState::Closed(Ending::BadServer) if self.failed_count >= UNWELCOME_MAX => {
                self.attempt = Attempt::GaveUp;
                return Reconnected::GaveUp(ApiError::Unreadable {
                    url: self.api.url().to_owned(),
                    cause: "what answers there does not let a WebSocket in".to_owned(),
                });
            }
            WireState::Connecting | WireState::Closed(_) => {
                self.attempt = Attempt::Waiting(wait_after(self.failed_count));
                self.failed_count += 1;
            }
        }
        Reconnected::Trying
    }

    fn is_lost(&self, client: &Client<W>) -> bool {
        // Before the welcome a server has nothing to say either, nor where a game has no map to show.
        let view = client.view();
        let is_shown = view.session.is_some() && view.current.is_some() && view.snapshot.is_some();
        let limit = if is_shown { W::SILENCE_IN_MATCH_MAX } else { W::SILENCE_ELSEWHERE_MAX };
        match client.state() {
            WireState::Open => self.silence >= limit,
            WireState::Closed(Ending::TimedOut | Ending::Unanswered) => true,
            // The old connection, of which nobody hears, may count as living for a moment longer where a second one is refused.
            WireState::Closed(Ending::ByServer) => {
                client.wire().is_closed_for_now() || (1..=UNWELCOME_MAX).contains(&self.unwelcome_count)
            }
            // A handshake has its own patience; a server that said goodbye, or an owner who did, meant it.
            WireState::Connecting | WireState::Closed(_) => false,
        }
    }

    fn ask(&mut self) {
        if self.renewal.is_some() {
            // A refresh token is good once: never ask twice at the same time with the same one.
            self.attempt = Attempt::Waiting(AGAIN_AFTER);
            return;
        }
        let (api, mut login, character, patience) =
            (self.api.clone(), self.login.clone(), self.character, self.patience);
        let (answer, answered) = mpsc::channel();
        let asking = thread::Builder::new().name("reconnect".to_owned()).spawn(move || {
            let wire = W::come_back(&api, &mut login, character, patience);
            // Nobody listens any more where the old connection came to life: the login is what it was, or refreshed, and the
            // server answers an old refresh token the same for a while.
            let _ = answer.send((login, wire));
        });
        self.attempt = match asking {
            Ok(_) => Attempt::Asking(answered),
            Err(_) => Attempt::Waiting(AGAIN_AFTER),
        };
    }

    /// Gets another access token where the connection would end with the one it has.
    fn replace_token(&mut self, client: &mut Client<W>) {
        if let Some(answer) = &self.renewal {
            match answer.try_recv() {
                Err(TryRecvError::Empty) => return,
                Ok(Ok(login)) => {
                    self.login = login;
                    client.wire_mut().take_token(Some(&self.login));
                }
                Ok(Err(_)) | Err(TryRecvError::Disconnected) => client.wire_mut().take_token(None),
            }
            self.renewal = None;
        } else if matches!(self.attempt, Attempt::None)
            && self.login.refresh_token.is_some()
            && client.wire_mut().wants_token()
        {
            let (api, login) = (self.api.clone(), self.login.clone());
            let (answer, answered) = mpsc::channel();
            let asking = thread::Builder::new().name("renewal".to_owned()).spawn(move || {
                // Nobody listens any more where the player has left.
                let _ = answer.send(api.refresh(&login));
            });
            match asking {
                Ok(_) => self.renewal = Some(answered),
                Err(_) => client.wire_mut().take_token(None),
            }
        }
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

/// Wait after an attempt that came to nothing, as so many before it.
fn wait_after(others: u32) -> Duration {
    AGAIN_AFTER.saturating_mul(1 << others.min(UNWELCOME_MAX)).min(AGAIN_AFTER_MAX)
}
