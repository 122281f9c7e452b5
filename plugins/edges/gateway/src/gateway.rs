//! What every request shares.

use std::fmt;
use std::sync::{Arc, Once};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use hypogeum_accounts::{Lockout, TokenKeys};
use hypogeum_content_delivery::PublishedContent;
use hypogeum_ladders::{Ladders, LaddersPort};
use hypogeum_leaderboards::Boards;
use hypogeum_matches::TicketsPort;
use hypogeum_protocol::AccountId;
use hypogeum_social::SocialPort;
use hypogeum_tournaments::{CreatureRules, GameCheck, GamesPort, TournamentKinds};
use parking_lot::{Mutex, MutexGuard};
use serde_json::{Map, Value};

use crate::admission::Admission;
use crate::config::GatewayConfig;
use crate::connect::ConnectTokens;
use crate::connections::Connections;
use crate::creature_types::GameCreatures;
use crate::error::ApiError;
use crate::hashing::Hashing;
use crate::kept_answer::KeptAnswer;
use crate::ladders::GameLadders;
use crate::leaderboards::GameBoards;
use crate::proxies::Origin;
use crate::rate::{Operation, Rates};
use crate::shop::Shop;
use crate::sockets::SocketDoor;
use crate::status::JournalKey;
use crate::store::GatewayStore;
use crate::tls::{Handshakes, Tls};
use crate::tournament_kinds::GameTournaments;

/// Every number a server keeps about itself, as an object: what `GET /v1/status` answers.
pub type Numbers = Arc<dyn Fn() -> Value + Send + Sync>;

/// The games of creatures.
#[derive(Clone, Debug, Default)]
pub(crate) struct Games {
    pub(crate) port: GamesPort,
    pub(crate) check: GameCheck,
}

/// The HTTP edge, ready to serve: see [`Gateway::serve`].
pub struct Gateway<S> {
    pub(crate) config: GatewayConfig,
    pub(crate) store: S,
    pub(crate) keys: TokenKeys,
    pub(crate) tokens: Arc<dyn ConnectTokens>,
    pub(crate) admission: Admission,
    pub(crate) hashing: Hashing,
    pub(crate) connections: Arc<Connections>,
    pub(crate) numbers: Numbers,
    pub(crate) more: Router,
    pub(crate) sockets: Option<Arc<dyn SocketDoor>>,
    pub(crate) tls: Option<Arc<Tls>>,
    pub(crate) handshakes: Arc<Handshakes>,
    pub(crate) shop: Option<KeptAnswer>,
    pub(crate) journal_key: Option<KeptAnswer>,
    creatures: Option<GameCreatures>,
    pub(crate) games: Games,
    pub(crate) tournaments: GameTournaments,
    pub(crate) boards: Option<GameBoards>,
    pub(crate) ladders: Option<GameLadders>,
    pub(crate) tickets: Option<TicketsPort>,
    pub(crate) content: Option<PublishedContent>,
    pub(crate) social: Option<SocialPort>,
    lockout: Mutex<Lockout>,
    rates: Mutex<Rates>,
    /// Says once that a proxy is not listed.
    pub(crate) warn_of_proxy: Once,
    began: Instant,
}

impl<S: GatewayStore> Gateway<S> {
    /// A gateway that keeps everything in `store`, signs with `keys`, hands out `tokens`, and lets nobody in before
    /// `admission` opens.
    pub fn new(
        config: GatewayConfig,
        store: S,
        keys: TokenKeys,
        tokens: Arc<dyn ConnectTokens>,
        admission: Admission,
    ) -> Self {
        Self {
            hashing: Hashing::new(config.hashing_at_once, config.hashing_queue_max),
            connections: Connections::new(&config),
            handshakes: Arc::new(Handshakes::new(&config)),
            numbers: Arc::new(|| Value::Object(Map::new())),
            more: Router::new(),
            sockets: None,
            tls: None,
            shop: Shop::answer(&config.prices),
            journal_key: JournalKey::answer(config.journal_key.as_deref()),
            creatures: None,
            games: Games::default(),
            tournaments: GameTournaments::default(),
            boards: None,
            ladders: None,
            tickets: None,
            content: None,
            social: None,
            lockout: Mutex::new(Lockout::new(config.lockout)),
            warn_of_proxy: Once::new(),
            rates: Mutex::new(Rates::new(config.rates.clone())),
            began: Instant::now(),
            config,
            store,
            keys,
            tokens,
            admission,
        }
    }

    /// Tells this machine these numbers, too.
    #[must_use]
    pub fn with_numbers(self, numbers: Numbers) -> Self {
        Self { numbers, ..self }
    }

    /// Answers these routes, too, to everyone, within the limits of all others. They may not be among ours.
    #[must_use]
    pub fn with_routes(self, more: Router) -> Self {
        Self { more, ..self }
    }

    /// Makes WebSockets of connections that ask for it, and hands them to this edge. Without one nobody gets any.
    #[must_use]
    pub fn with_sockets(self, sockets: Arc<dyn SocketDoor>) -> Self {
        Self { sockets: Some(sockets), ..self }
    }

    /// Speaks TLS, and nothing without it.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Self {
        Self { tls: Some(Arc::new(tls)), ..self }
    }

    /// Makes creatures by these rules. Without any there are no types of creatures, and nobody makes or feeds one.
    ///
    /// # Errors
    /// [`serde_json::Error`] where the types cannot be told as JSON.
    pub fn with_creatures(self, rules: Arc<dyn CreatureRules>) -> Result<Self, serde_json::Error> {
        Ok(Self { creatures: Some(GameCreatures::new(rules)?), ..self })
    }

    /// Starts games of creatures where `check` says that they can be played, and plays them by `port`.
    #[must_use]
    pub fn with_games(self, port: GamesPort, check: GameCheck) -> Self {
        Self { games: Games { port, check }, ..self }
    }

    /// Lets people choose from these kinds of tournaments, and open them for others to enter. Without any nobody does.
    ///
    /// # Errors
    /// [`serde_json::Error`] where they cannot be told as JSON.
    pub fn with_tournaments(self, kinds: TournamentKinds) -> Result<Self, serde_json::Error> {
        Ok(Self { tournaments: GameTournaments::new(kinds)?, ..self })
    }

    /// Shows these boards. Without any there are none.
    ///
    /// # Errors
    /// [`serde_json::Error`] where they cannot be told as JSON.
    pub fn with_leaderboards(self, boards: Boards) -> Result<Self, serde_json::Error> {
        Ok(Self { boards: Some(GameBoards::new(boards)?), ..self })
    }

    /// Lets people wait for rated battles of these ladders, by `port`. Without any there are none.
    ///
    /// # Errors
    /// [`serde_json::Error`] where they cannot be told as JSON.
    pub fn with_ladders(self, ladders: Ladders, port: LaddersPort) -> Result<Self, serde_json::Error> {
        Ok(Self { ladders: Some(GameLadders::new(ladders, port)?), ..self })
    }

    /// Lets programs on this machine put people in line for matches, by `port`. Without one they cannot.
    #[must_use]
    pub fn with_tickets(self, port: TicketsPort) -> Self {
        Self { tickets: Some(port), ..self }
    }

    /// Answers what clients need of the content, as it is published there at any time. Without it they get nothing of it.
    #[must_use]
    pub fn with_content(self, content: PublishedContent) -> Self {
        Self { content: Some(content), ..self }
    }

    /// Tells the tick what changes among friends, by `port`, and asks it where they are. Without it nobody is told, and all are away.
    #[must_use]
    pub fn with_social(self, port: SocialPort) -> Self {
        Self { social: Some(port), ..self }
    }

    /// The game's creatures.
    pub(crate) fn creatures(&self) -> Result<&GameCreatures, ApiError> {
        self.creatures.as_ref().ok_or(ApiError::NotFound)
    }

    /// Milliseconds since this gateway began: the clock of lockout and rates.
    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Seconds since 1970, for what outlives this process.
    pub(crate) fn now_s() -> Result<u64, ApiError> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| ApiError::Unavailable)?;
        Ok(since.as_secs())
    }

    /// Whether anything may be granted now.
    pub(crate) fn check_grants(&self) -> Result<(), ApiError> {
        if self.admission.is_refusing() { Err(ApiError::TryLater) } else { Ok(()) }
    }

    // A poisoned lock still guards whole counters: a panic elsewhere is no reason to stop counting.
    pub(crate) fn lockout(&self) -> MutexGuard<'_, Lockout> {
        self.lockout.lock()
    }

    /// Whether somebody of that name may ask this now.
    pub(crate) fn check_rate(&self, operation: Operation, origin: Origin, name: &str) -> Result<(), ApiError> {
        waited(self.rates().take(operation, origin, name, self.now_ms()))
    }

    /// Whether anybody may ask this now.
    pub(crate) fn check_requests(&self, operation: Operation, origin: Origin) -> Result<(), ApiError> {
        waited(self.rates().take_nameless(operation, origin, self.now_ms()))
    }

    /// Whether an account may ask this now.
    pub(crate) fn check_own_rate(&self, operation: Operation, origin: Origin, own: AccountId) -> Result<(), ApiError> {
        waited(self.rates().take_own(operation, origin, own, self.now_ms()))
    }

    // A poisoned lock still guards whole counters.
    pub(crate) fn rates(&self) -> MutexGuard<'_, Rates> {
        self.rates.lock()
    }
}

fn waited(passed: Result<(), u64>) -> Result<(), ApiError> {
    passed.map_err(|retry_after_ms| ApiError::TooManyRequests { retry_after_ms })
}

impl<S> fmt::Debug for Gateway<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gateway").field("config", &self.config).finish_non_exhaustive()
    }
}
