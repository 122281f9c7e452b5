//! The store as a bevy plugin: opened first, then added.

use std::path::Path;
use std::sync::Arc;

use bevy_app::{App, Plugin};
use hypogeum_progression::StarterKit;
use hypogeum_store::{StorePort, StoreReply};
use parking_lot::Mutex;

use crate::error::OpenError;
use crate::store::Store;
use crate::thread::StoreThread;

/// Keeps for a host what must outlive the process. [`PersistencePlugin::open`] does all that can fail. A clone is
/// another handle on the same store: one is added to the app, another ends it by [`PersistencePlugin::finish`], after
/// the app's last tick.
///
/// To the app it gives the [`StorePort`] that its thread answers, and [`StoreHealth`](hypogeum_store::StoreHealth).
///
/// ```
/// use hypogeum_persistence::PersistencePlugin;
/// use hypogeum_progression::StarterKit;
///
/// # let data = tempfile::tempdir()?;
/// # let data = data.path();
/// let persistence = PersistencePlugin::open(data, None, StarterKit::default())?;
/// let mut app = bevy_app::App::new();
/// app.add_plugins(persistence.clone());
/// drop(app);
/// assert!(persistence.finish().is_empty(), "nobody has asked anything");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PersistencePlugin {
    store: Store,
    port: StorePort,
    thread: Arc<Mutex<Option<StoreThread>>>,
}

impl PersistencePlugin {
    /// Opens the database at `url`, or without one that of the data directory, as [`Store::connect`] and
    /// [`Store::open`] do. New accounts will get `starter`.
    ///
    /// # Errors
    /// [`OpenError`]: one sentence for the operator. Nothing stays open then.
    pub fn open(data: &Path, url: Option<&str>, starter: StarterKit) -> Result<Self, OpenError> {
        Self::over(match url {
            Some(url) => Store::connect(data, url, starter)?,
            None => Store::open(data, starter)?,
        })
    }

    /// Answers out of a store that is open already.
    ///
    /// # Errors
    /// [`OpenError::Threads`] where the system gives no thread.
    pub fn over(store: Store) -> Result<Self, OpenError> {
        let port = StorePort::default();
        let thread = StoreThread::start(store.clone(), port.clone())?;
        Ok(Self { store, port, thread: Arc::new(Mutex::new(Some(thread))) })
    }

    /// The database, for callers that may wait for it.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Whether the tick's thread still answers: see [`StoreThread::is_running`].
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.thread.lock().as_ref().is_some_and(StoreThread::is_running)
    }

    /// [`StoreThread::finish`]; nothing where another handle has done it. The database is closed with the last handle
    /// on its [`Store`].
    #[must_use = "a reply may say that something was not kept"]
    pub fn finish(self) -> Vec<StoreReply> {
        self.thread.lock().take().map(StoreThread::finish).unwrap_or_default()
    }
}

impl Plugin for PersistencePlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(self.port.clone()).insert_resource(self.store.health());
    }
}
