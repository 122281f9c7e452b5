//! A kind of shard: what it is made from, how it is built, and what its host asks of its world.

use std::ops::RangeInclusive;

use bevy_ecs::prelude::World;
use hypogeum_content::def::InterestRule;
use hypogeum_content::{Content, ContentPack, OwnError};
use hypogeum_locale::{LocaleFile, LocaleId, Locales};
use hypogeum_protocol::codec::CodecError;
use hypogeum_protocol::{Grant, ItemId, NetId, Seat};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Occupant, Occupants, Shard, ShardConfig};

/// Why a shard cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// No kind of that name is registered.
    #[error("this build knows no kind of shard {0:?}")]
    UnknownKind(String),
    /// The bytes of a setup are not one of its kind.
    #[error("the setup of the shard cannot be read: {0}")]
    Unreadable(#[from] CodecError),
    /// A rate the kind is not made for; durations would mean nothing.
    #[error("the shard has {found} steps a second, its kind allows {} to {}", .allowed.start(), .allowed.end())]
    Rate {
        /// Steps a second.
        found: u32,
        /// [`ShardKind::TICK_HZ`].
        allowed: RangeInclusive<u32>,
    },
    /// The same of a mode, found before any match is played.
    #[error("mode {mode:?} has {found} steps a second, its kind allows {} to {}", .allowed.start(), .allowed.end())]
    ModeRate {
        /// Its key.
        mode: String,
        /// Steps a second.
        found: u32,
        /// [`ShardKind::TICK_HZ`].
        allowed: RangeInclusive<u32>,
    },
    /// The setup names what the content does not have.
    #[error("the content has no {what} {key:?}")]
    Missing {
        /// Which sort of definition, as people say it: "mode", "item".
        what: &'static str,
        /// The key that was looked up.
        key: String,
    },
    /// A definition of a studio's own that its kind cannot use.
    #[error(transparent)]
    Own(#[from] OwnError),
    /// What it says together cannot be played.
    #[error("the setup cannot be played: {0}")]
    Unfit(String),
    /// More seats than the rules allow.
    #[error("the setup has {found} seats, and {most} are allowed")]
    Seats {
        /// In the setup.
        found: usize,
        /// What the rules allow.
        most: usize,
    },
}

/// A kind of shard: an arena, a zone, a duel. Anyone who stores, replays or resumes shards knows them by this alone.
///
/// A server learns of it by [`ShardKindsApp::add_shard_kind`](crate::ShardKindsApp::add_shard_kind):
/// ```
/// use hypogeum_content::{Content, ContentPack};
/// use hypogeum_shard::{ShardConfig, SetupError, Shard, ShardBrief, ShardKind, ShardKinds, ShardKindsApp};
///
/// struct Duel;
/// impl ShardKind for Duel {
///     const NAME: &'static str = "duel";
///     type Setup = [u64; 2];
///     fn build(config: ShardConfig, _duellists: &[u64; 2]) -> Result<Shard, SetupError> {
///         Ok(Shard::new(config, |_app| {}))
///     }
///     fn content(_duellists: &[u64; 2], content: &Content) -> Result<ContentPack, SetupError> {
///         let mode = content.modes.id("duel");
///         let mode = mode.ok_or_else(|| SetupError::Missing { what: "mode", key: "duel".to_owned() })?;
///         Ok(content.pack(mode))
///     }
///     fn brief(_duellists: &[u64; 2]) -> ShardBrief {
///         ShardBrief { title: "duel".to_owned(), seats: Vec::new() }
///     }
/// }
///
/// let mut app = bevy_app::App::empty();
/// app.add_shard_kind::<Duel>();
/// assert_eq!(app.world().resource::<ShardKinds>().names().collect::<Vec<_>>(), ["duel"]);
/// ```
pub trait ShardKind: Send + Sync + 'static {
    /// Its name in logs: it never changes, and no two kinds share one.
    const NAME: &'static str;
    /// When it takes a step.
    const STEPPING: Stepping = Stepping::AtItsRate;
    /// The rates it is made for, in steps a second, within 1 to 60. One shard keeps one rate all its life, and its host
    /// may tick more often.
    const TICK_HZ: RangeInclusive<u32> = 1..=60;
    /// Whether players enter and leave while it runs: its host then sends [`CommandBody::Join`](crate::CommandBody::Join) with
    /// seats of rising numbers, and who is in it stands in [`Occupants`]. `build` calls
    /// [`ShardApp::register_occupants`](crate::ShardApp::register_occupants) then. Else everyone is there from the beginning.
    const IS_OPEN: bool = false;
    /// Most bytes of a command of its own ([`CommandBody::Custom`](crate::CommandBody::Custom)), at most
    /// [`limits::COMMAND_BYTES_MAX`](hypogeum_protocol::limits::COMMAND_BYTES_MAX): every command stands in the log, so longer ones are
    /// refused at the door. 0: it knows none.
    const COMMAND_BYTES_MAX: usize = 0;
    /// What a shard is made from besides its [`ShardConfig`]. It stands in logs, so it names content by keys, which mean the same
    /// in every build, and not by ids.
    type Setup: Serialize + DeserializeOwned + Send + Sync;

    /// Builds the shard as it is before its first step: equal arguments build equal shards. Call [`build_shard`], which
    /// checks the rate first.
    ///
    /// # Errors
    /// [`SetupError`]: a setup read from a log may name what the content lacks. It must not panic on any setup.
    fn build(config: ShardConfig, setup: &Self::Setup) -> Result<Shard, SetupError>;

    /// The part of the content that such a shard reaches, which is kept beside its log.
    ///
    /// # Errors
    /// [`SetupError::Missing`].
    fn content(setup: &Self::Setup, content: &Content) -> Result<ContentPack, SetupError>;

    /// What people call such a shard, and who is in it from the beginning: told by the setup alone, without its world.
    fn brief(setup: &Self::Setup) -> ShardBrief;

    /// The entity that a seat steers, also once it is gone; `None` where seats steer none.
    fn avatar(_world: &World, _seat: Seat) -> Option<NetId> {
        None
    }

    /// The newest input of a seat that was applied; 0 where there is none.
    fn applied_input(_world: &mut World, _seat: Seat) -> u32 {
        0
    }

    /// What a visit to an open shard was worth for the one who sat in a seat and left in the last step; `None` where it
    /// is worth nothing, and for every other seat. Asked once, after that step, and again when a crash came before the
    /// answer was on record: so it follows from the state alone. The store grants it once, whatever happens.
    ///
    /// `items_secured` are what the player leaves with: of what it brought, of what others brought and left there, and
    /// of what was found, whose origin is the number of the shard. What was brought and is in nobody's list stays with
    /// the shard: a kind in which players put things down lets the next one pick them up.
    ///
    /// Who plays a character leaves with it: `character` is the one that came by [`CommandBody::Join`](crate::CommandBody::Join),
    /// with the title of the open shard where it is from now on, mostly this one's, and its body as it is now. It carries
    /// `items_secured` then. Without it the character leaves as it came, and they go into its account's stash.
    fn visit_grant(_world: &World, _seat: Seat) -> Option<Grant> {
        None
    }

    /// Whether nothing is to happen in it before somebody commands something: nobody is in it, and all that was to come back has come.
    /// The host of an open shard leaves out its steps then, so time stands still in it: it costs nothing, and its log stays as
    /// it is. Asked after each step, and cheap where the answer is no.
    fn is_at_rest(_world: &World) -> bool {
        false
    }

    /// What a command of its own says, for the server's log, where only game masters may give it; `None` where everyone may. Asked of
    /// the bytes as the client sent them: the host refuses it to all others, so the shard obeys it from whoever it comes.
    fn for_game_masters(_body: &[u8]) -> Option<String> {
        None
    }

    /// What it tells in words, in the locales that it brings along, English among them: Fluent, as [`hypogeum_locale`] reads it.
    /// A studio's own files go over them.
    const MESSAGES: &'static [LocaleFile] = &[];

    /// Something of its [`KindOutbox`](crate::KindOutbox) in the words of a locale, as a client is sent it: at most
    /// [`limits::TOLD_BYTES_MAX`](hypogeum_protocol::limits::TOLD_BYTES_MAX). `None`: it is sent as it stands there. A shard says
    /// ids and arguments, so that its step does not depend on who reads it in which language.
    fn in_words(_body: &[u8], _locales: &Locales, _locale: LocaleId) -> Option<Vec<u8>> {
        None
    }

    /// How those in it see; `None`: there is nothing to see, and they are told events only.
    fn view(_world: &World) -> Option<ViewRule> {
        None
    }
}

/// When a shard takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stepping {
    /// As often as its rate says, spread evenly over the ticks of its host: time passes in it.
    AtItsRate,
    /// In a tick of its host in which it has something to obey: in between nothing happens, and nothing is recorded.
    OnCommand,
}

/// What a host keeps in mind of a shard besides its world.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShardBrief {
    /// What people call it: the key of its mode or zone.
    pub title: String,
    /// Who is in it from the beginning. Seat n is entry n.
    pub seats: Vec<SeatBrief>,
}

/// Who sits in a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatBrief {
    /// The account or autopilot in it.
    pub occupant: Occupant,
    /// Shown to others.
    pub name: String,
    /// What was checked out of the database for it.
    pub items: Vec<ItemId>,
}

impl ShardBrief {
    /// The seats of players.
    pub fn players(&self) -> impl Iterator<Item = (Seat, hypogeum_protocol::AccountId, &SeatBrief)> {
        self.numbered().filter_map(|(seat, brief)| Some((seat, brief.occupant.account()?, brief)))
    }

    /// Every seat with its number. A setup that somebody forged may have more than there are numbers: they are left out.
    pub fn numbered(&self) -> impl Iterator<Item = (Seat, &SeatBrief)> {
        let seats = self.seats.iter().enumerate();
        seats.map_while(|(place, brief)| Some((Seat(u16::try_from(place).ok()?), brief)))
    }
}

/// How avatars of a shard see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ViewRule {
    /// How far, in subunits.
    pub sight: i32,
    /// How what they see is chosen.
    pub interest: InterestRule,
}

/// Builds a shard of a kind known to the caller.
///
/// # Errors
/// [`SetupError::Rate`] outside [`ShardKind::TICK_HZ`], and what [`ShardKind::build`] refuses.
pub fn build_shard<K: ShardKind>(config: ShardConfig, setup: &K::Setup) -> Result<Shard, SetupError> {
    if !K::TICK_HZ.contains(&config.tick_hz) {
        return Err(SetupError::Rate { found: config.tick_hz, allowed: K::TICK_HZ });
    }
    let shard = K::build(config, setup)?;
    let keeps_occupants = shard.world().contains_resource::<Occupants>();
    assert_eq!(
        keeps_occupants,
        K::IS_OPEN,
        "a shard of kind {} registers occupants if and only if it is open",
        K::NAME
    );
    assert_eq!(shard.tick().0, 0, "a shard of kind {} is built before its first step", K::NAME);
    Ok(shard)
}
