//! What a server plays: kinds of shard, and bevy plugins of its host.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use bevy_app::{App, Plugin};
use hypogeum_arena::Arena;
use hypogeum_content::Content;
use hypogeum_creatures::Tournament;
use hypogeum_gateway::axum::Router;
use hypogeum_locale::{LocaleError, LocaleFile, Locales};
use hypogeum_shard::{MatchKind, ModeRule, PlaceKind, SetupError, ShardKind, ShardKinds, TurnBasedKind};
use hypogeum_zone::Zone;

use crate::cli;

/// What a server plays. A studio begins with [`Game::shipped`], or with [`Game::new`] where it wants nothing of ours, adds kinds
/// and plugins of its own, and hands over to [`Game::run`].
#[derive(Clone, Default)]
pub struct Game {
    kinds: ShardKinds,
    plugins: Vec<AddPlugin>,
    routes: Router,
}

/// Adds a plugin to a host's app.
type AddPlugin = Arc<dyn Fn(&mut App) + Send + Sync>;

impl Game {
    /// Nothing: no kind of shard is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What ships: the arena, whose modes stand in `assets/modes`, the zones of `assets/zones`, and the tournaments of
    /// `assets/tournaments`.
    #[must_use]
    pub fn shipped() -> Self {
        Self::new().add_match_kind::<Arena>().add_place_kind::<Zone>().add_turn_based_kind::<Tournament>()
    }

    /// Adds a kind of shard that is played as matches: its modes can be queued for, its matches are recorded, go on after a crash
    /// and can be replayed.
    ///
    /// # Panics
    /// Where a kind of that name is there already.
    #[must_use]
    pub fn add_match_kind<K: MatchKind>(mut self) -> Self {
        self.kinds.add_match::<K>();
        self
    }

    /// Adds a kind of shard that nobody queues for: a plugin of yours opens it and lets players in
    /// ([`Opening`](hypogeum_hosting::Opening), [`Entrance`](hypogeum_hosting::Entrance)).
    ///
    /// # Panics
    /// Where a kind of that name is there already.
    #[must_use]
    pub fn add_shard_kind<K: ShardKind>(mut self) -> Self {
        self.kinds.add::<K>();
        self
    }

    /// Adds a kind of shard that is a place of the persistent world: each place it names is opened once, goes on at every start, and
    /// is entered by characters.
    ///
    /// # Panics
    /// Where a kind of that name is there already.
    #[must_use]
    pub fn add_place_kind<K: PlaceKind>(mut self) -> Self {
        self.kinds.add_place::<K>();
        self
    }

    /// Adds a kind of shard that goes by turns, for people who may be connected or not: a service of the host tells it what they want.
    ///
    /// # Panics
    /// Where a kind of that name is there already.
    #[must_use]
    pub fn add_turn_based_kind<K: TurnBasedKind>(mut self) -> Self {
        self.kinds.add_turn_based::<K>();
        self
    }

    /// Adds a bevy plugin to the host's app, whose `FixedUpdate` is the tick; it is ordered against ours by
    /// [`HostSystems`](hypogeum_shard::host::HostSystems). One that needs a port, a file or a thread opens it before it gets here, as those of
    /// [`plugins`](crate::plugins) do, so that adding it cannot fail. Rules within a match do not belong here but into the kind, where they
    /// are part of what is recorded.
    #[must_use]
    pub fn add_plugins(mut self, plugin: impl Plugin + Clone) -> Self {
        self.plugins.push(Arc::new(move |app| {
            app.add_plugins(plugin.clone());
        }));
        self
    }

    /// Answers more paths over HTTP, to everyone. A handler that wants something of the tick takes an `Extension<HostPort>` and asks
    /// ([`HostPort`](hypogeum_hosting::HostPort)).
    #[must_use]
    pub fn add_routes(mut self, routes: Router) -> Self {
        self.routes = self.routes.merge(routes);
        self
    }

    /// Runs the command line of this process: `serve`, `demo`, `bots`, `check`, `map`, `simulate`, `replay`,
    /// `verify`, `migrate`. What goes wrong is said
    /// in one line on standard error.
    #[must_use]
    pub fn run(&self) -> ExitCode {
        self.run_with(std::env::args_os())
    }

    /// As [`Game::run`] with other arguments, of which the first is the name of the program.
    #[must_use]
    pub fn run_with(&self, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
        cli::run(self, arguments)
    }

    /// The kinds of shard that can be played.
    #[must_use]
    pub const fn kinds(&self) -> &ShardKinds {
        &self.kinds
    }

    /// What players read, in every language: what its kinds and chat bring along, and over that what a studio has in the folder
    /// `locales` of its assets.
    ///
    /// # Errors
    /// Everything that is wrong with those files.
    pub fn locales(&self, assets: &Path) -> Result<Locales, Vec<LocaleError>> {
        let built_in = self.kinds.messages().chain(hypogeum_chat::MESSAGES.iter().cloned());
        let of_telnet = hypogeum_telnet::MESSAGES.map(|(tag, name, text)| LocaleFile::new(tag, name, text));
        let built_in = built_in.chain(of_telnet);
        Locales::new(built_in.chain(LocaleFile::read_all(assets)?))
    }

    /// Adds every plugin to a host's app.
    pub(crate) fn extend(&self, app: &mut App) {
        self.plugins.iter().for_each(|add| add(app));
    }

    /// What is answered over HTTP besides.
    pub(crate) fn routes(&self) -> Router {
        self.routes.clone()
    }

    /// Ticks a second of a server on which `usual` steps a second are usual: that many, or more where a mode or a place takes
    /// more steps.
    pub(crate) fn host_hz(&self, content: &Content, usual: u16) -> Result<u16, SetupError> {
        let (modes, places) = (self.kinds.modes(content)?, self.kinds.places(content)?);
        let of_modes = modes.iter().map(|(kind, mode)| kind.tick_hz(mode.tick_hz, usual.into()));
        let of_places = places.iter().map(|(kind, place)| kind.tick_hz(place.tick_hz, usual.into()));
        let rates = of_modes.chain(of_places).filter_map(|tick_hz| u16::try_from(tick_hz).ok());
        Ok(rates.fold(usual, u16::max))
    }

    /// All modes that a content has for it.
    pub(crate) fn modes(&self, content: &Content) -> Result<Vec<ModeRule>, SetupError> {
        Ok(self.kinds.modes(content)?.into_iter().map(|(_, mode)| mode).collect())
    }
}

impl fmt::Debug for Game {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Game").field("kinds", &self.kinds).field("plugins", &self.plugins.len()).finish()
    }
}
