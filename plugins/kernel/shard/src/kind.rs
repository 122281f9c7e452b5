//! Kinds of shard: what builds a shard, and the list of those that a server knows.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::prelude::Resource;
use hypogeum_content::{Content, ContentPack};
use hypogeum_protocol::codec::{self, CodecError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Genesis, Shard};

/// Most bytes of a setup: ten thousand seats, each with a name of 96 bytes and 16 items with keys of 64, take 14 MB.
pub const SETUP_BYTES_MAX: usize = 16 << 20;
/// Most bytes the values of a setup may have once decoded: a number of eight bytes may be one byte in the setup.
const SETUP_CLAIM_MAX: usize = 8 * SETUP_BYTES_MAX;
/// The rates a shard is made for, in steps a second: durations of the content are whole ticks at these.
const TICK_HZ_MIN: u32 = 10;
const TICK_HZ_MAX: u32 = 60;

/// Why a shard cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// No kind of that name is registered.
    #[error("this build knows no kind of shard {0:?}")]
    UnknownKind(String),
    /// The bytes of a setup are not one of its kind.
    #[error("the setup of the shard cannot be read: {0}")]
    Unreadable(#[from] CodecError),
    /// A rate no server has; durations would mean nothing.
    #[error("the shard has {0} steps a second, a server 10 to 60")]
    Rate(u32),
    /// The setup names what the content does not have.
    #[error("the content has no {what} {key:?}")]
    Missing {
        /// Which sort of definition, as people say it: "mode", "item".
        what: &'static str,
        /// The key that was looked up.
        key: String,
    },
    /// More seats than the rules allow.
    #[error("the setup has {found} seats, and {most} are allowed")]
    Seats {
        /// In the setup.
        found: usize,
        /// What the rules allow.
        most: usize,
    },
}

/// A kind of shard: an arena, a zone, a duel. Whoever stores, replays or resumes shards knows them by this alone.
///
/// A server learns of it by [`ShardKindsApp::add_shard_kind`]:
/// ```
/// use hypogeum_content::{Content, ContentPack};
/// use hypogeum_shard::{Genesis, SetupError, Shard, ShardKind, ShardKinds, ShardKindsApp};
///
/// struct Duel;
/// impl ShardKind for Duel {
///     const NAME: &'static str = "duel";
///     type Setup = [u64; 2];
///     fn build(genesis: Genesis, _duellists: &[u64; 2]) -> Result<Shard, SetupError> {
///         Ok(Shard::new(genesis, |_app| {}))
///     }
///     fn content(_duellists: &[u64; 2], content: &Content) -> Result<ContentPack, SetupError> {
///         let mode = content.modes.id("duel");
///         let mode = mode.ok_or_else(|| SetupError::Missing { what: "mode", key: "duel".to_owned() })?;
///         Ok(content.pack(mode))
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
    /// What a shard is made from besides its genesis. It stands in logs, so it names content by keys, which mean the same
    /// in every build, and not by ids.
    type Setup: Serialize + DeserializeOwned + Send + Sync;

    /// Builds the shard as it is before its first step: equal arguments build equal shards. Call [`build_shard`], which
    /// checks the rate first.
    ///
    /// # Errors
    /// [`SetupError`]: a setup read from a log may name what the content lacks. It must not panic on any setup.
    fn build(genesis: Genesis, setup: &Self::Setup) -> Result<Shard, SetupError>;

    /// The part of the content that such a shard reaches, which is kept beside its log.
    ///
    /// # Errors
    /// [`SetupError::Missing`].
    fn content(setup: &Self::Setup, content: &Content) -> Result<ContentPack, SetupError>;
}

/// Builds a shard of a kind known to the caller.
///
/// # Errors
/// [`SetupError::Rate`] outside 10–60 steps a second, and what [`ShardKind::build`] refuses.
pub fn build_shard<K: ShardKind>(genesis: Genesis, setup: &K::Setup) -> Result<Shard, SetupError> {
    if !(TICK_HZ_MIN..=TICK_HZ_MAX).contains(&genesis.tick_hz) {
        return Err(SetupError::Rate(genesis.tick_hz));
    }
    let shard = K::build(genesis, setup)?;
    assert_eq!(shard.tick().0, 0, "a shard of kind {} is built before its first step", K::NAME);
    Ok(shard)
}

/// What the registry keeps of a kind once its type is erased.
trait AnyKind: Send + Sync {
    fn build(&self, genesis: Genesis, setup: &[u8]) -> Result<Shard, SetupError>;
    fn content(&self, setup: &[u8], content: &Content) -> Result<ContentPack, SetupError>;
}

struct Registered<K>(std::marker::PhantomData<fn() -> K>);

impl<K: ShardKind> AnyKind for Registered<K> {
    fn build(&self, genesis: Genesis, setup: &[u8]) -> Result<Shard, SetupError> {
        build_shard::<K>(genesis, &read_setup::<K>(setup)?)
    }

    fn content(&self, setup: &[u8], content: &Content) -> Result<ContentPack, SetupError> {
        K::content(&read_setup::<K>(setup)?, content)
    }
}

fn read_setup<K: ShardKind>(bytes: &[u8]) -> Result<K::Setup, SetupError> {
    if bytes.len() > SETUP_BYTES_MAX {
        return Err(CodecError::LengthExceeded(SETUP_BYTES_MAX).into());
    }
    let (setup, used) = codec::decode_front::<_, SETUP_CLAIM_MAX>(bytes)?;
    match bytes.len() - used {
        0 => Ok(setup),
        left => Err(CodecError::TrailingBytes(left).into()),
    }
}

/// The kinds of shard that are registered, by name. A clone is cheap and may go to another thread, where shards are built
/// beside the ticks.
#[derive(Resource, Clone, Default)]
pub struct ShardKinds(Arc<BTreeMap<&'static str, Arc<dyn AnyKind>>>);

impl ShardKinds {
    /// Adds a kind.
    ///
    /// # Panics
    /// Where a kind of that name is registered: logs could not tell the two apart.
    pub fn add<K: ShardKind>(&mut self) {
        let kind = Arc::new(Registered::<K>(std::marker::PhantomData));
        let before = Arc::make_mut(&mut self.0).insert(K::NAME, kind);
        assert!(before.is_none(), "two kinds of shard are called {:?}", K::NAME);
    }

    /// All names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// Builds the shard of a log: a kind by its name, its setup as bytes.
    ///
    /// # Errors
    /// [`SetupError`]. No bytes make it panic.
    pub fn build(&self, name: &str, genesis: Genesis, setup: &[u8]) -> Result<Shard, SetupError> {
        self.find(name)?.build(genesis, setup)
    }

    /// The part of a content that the shard of a log reaches.
    ///
    /// # Errors
    /// [`SetupError`]. No bytes make it panic.
    pub fn content(&self, name: &str, setup: &[u8], content: &Content) -> Result<ContentPack, SetupError> {
        self.find(name)?.content(setup, content)
    }

    fn find(&self, name: &str) -> Result<&dyn AnyKind, SetupError> {
        self.0.get(name).map(|kind| &**kind).ok_or_else(|| SetupError::UnknownKind(name.to_owned()))
    }
}

impl fmt::Debug for ShardKinds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.names()).finish()
    }
}

/// What plugins of a host call to make a kind of shard known.
pub trait ShardKindsApp {
    /// Registers a kind in [`ShardKinds`].
    ///
    /// # Panics
    /// As [`ShardKinds::add`].
    fn add_shard_kind<K: ShardKind>(&mut self) -> &mut Self;
}

impl ShardKindsApp for App {
    fn add_shard_kind<K: ShardKind>(&mut self) -> &mut Self {
        self.world_mut().get_resource_or_init::<ShardKinds>().add::<K>();
        self
    }
}
