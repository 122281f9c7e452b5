//! The journal as a bevy plugin: opened first, then added.

use std::io;
use std::path::Path;
use std::sync::Arc;

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::Resource;
use parking_lot::Mutex;

use crate::config::JournalConfig;
use crate::folder::JournalFolder;
use crate::key::{PublicKey, SigningKey};
use crate::port::JournalPort;
use crate::thread::{JournalThread, JournalWatch};

/// Seconds from one snapshot to the next, unless said otherwise.
const SNAPSHOT_S: u32 = 10;

/// How shards are recorded. Where the host's app has it as a resource when its plugins are finished, shards are recorded.
#[derive(Resource, Clone, Debug)]
pub struct RecordingConfig {
    /// The journal that takes the records.
    pub port: JournalPort,
    /// The public half of the key that signs logs; it stands in each.
    pub key: [u8; 32],
    /// Seconds of a match from one snapshot to the next, 1 and up: so much is played again after a crash.
    pub snapshot_s: u32,
    /// When matches begin, for people: seconds since 1970.
    pub unix_s: fn() -> u64,
}

/// Why a journal cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The key cannot be read, written or drawn.
    #[error("the key that signs match logs: {0}")]
    Key(io::Error),
    /// The folders cannot be made or read.
    #[error("the folder of match logs: {0}")]
    Folder(io::Error),
    /// The system gives no threads.
    #[error("the journal: {0}")]
    Threads(io::Error),
}

/// Records the shards of a host. [`JournalPlugin::open`] does all that can fail; no log begins before a shard is
/// recorded. A clone is another handle on the same journal: one is added to the app, another ends it by
/// [`JournalPlugin::finish`], after the app's last tick.
///
/// To the app it gives [`RecordingConfig`] and [`JournalWatch`].
///
/// ```
/// use hypogeum_journal::{JournalConfig, JournalPlugin};
///
/// # let data = tempfile::tempdir()?;
/// # let data = data.path();
/// let journal = JournalPlugin::open(data, JournalConfig::new(data.join("journal")))?;
/// let mut app = bevy_app::App::new();
/// app.add_plugins(journal.clone());
/// drop(app);
/// journal.finish();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct JournalPlugin {
    /// How shards are recorded. May be changed before the plugin is added.
    pub recording: RecordingConfig,
    watch: JournalWatch,
    thread: Arc<Mutex<Option<JournalThread>>>,
}

impl JournalPlugin {
    /// Opens the journal of a data directory, whose key it reads or draws, and starts its threads.
    ///
    /// # Errors
    /// [`OpenError`]: one sentence for the operator. Nothing runs then.
    pub fn open(data: &Path, config: JournalConfig) -> Result<Self, OpenError> {
        let key = SigningKey::of_directory(data).map_err(OpenError::Key)?;
        let public = key.public();
        JournalFolder::open(config.folder.clone()).map_err(OpenError::Folder)?;
        let unix_s = config.unix_s;
        let (thread, port) = JournalThread::start(config, key).map_err(OpenError::Threads)?;
        let recording = RecordingConfig { port, key: public.0, snapshot_s: SNAPSHOT_S, unix_s };
        Ok(Self { recording, watch: thread.watch(), thread: Arc::new(Mutex::new(Some(thread))) })
    }

    /// Where logs lie.
    #[must_use]
    pub const fn logs(&self) -> &JournalFolder {
        self.recording.port.logs()
    }

    /// What verifies them.
    #[must_use]
    pub const fn public_key(&self) -> PublicKey {
        PublicKey(self.recording.key)
    }

    /// Tells how the disk does.
    #[must_use]
    pub fn watch(&self) -> JournalWatch {
        self.watch.clone()
    }

    /// Whether its threads run; `false` after [`Self::finish`], and where one panicked.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.thread.lock().as_ref().is_some_and(JournalThread::is_running)
    }

    /// [`JournalThread::finish`]; doing it again does nothing.
    pub fn finish(&self) {
        if let Some(thread) = self.thread.lock().take() {
            thread.finish();
        }
    }
}

impl Plugin for JournalPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(self.recording.clone()).insert_resource(self.watch.clone());
    }
}
