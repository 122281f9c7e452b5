//! The gateway as a bevy plugin: bound first, then added.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use bevy_app::{App, Plugin};
use parking_lot::Mutex;
use rustls::ServerConfig;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::admission::Admission;
use crate::gateway::Gateway;
use crate::login_port::LoginPort;
use crate::store::GatewayStore;

/// Why HTTP cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Somebody has the port.
    #[error("TCP port {} is taken on {}: stop what uses it or configure another", .0.port(), .0.ip())]
    PortTaken(SocketAddr),
    /// The system does not let us listen there.
    #[error("cannot listen for HTTP on {address}: {cause}")]
    Listen {
        /// The address that was to be listened on.
        address: SocketAddr,
        /// What it said.
        cause: io::Error,
    },
    /// The system gives no threads.
    #[error("cannot start the HTTP threads: {0}")]
    Threads(io::Error),
}

/// HTTP beside a host. [`GatewayPlugin::bind`] does all that can fail; requests wait until the plugin is added, and are
/// answered from then on. A clone is another handle on the same gateway: one is added to the app, another ends it by
/// [`GatewayPlugin::finish`].
///
/// To the app it gives [`Admission`], which is closed at first: open it when players may come.
#[derive(Clone, Debug)]
pub struct GatewayPlugin {
    local_addr: SocketAddr,
    admission: Admission,
    logins: LoginPort,
    tls: Option<Arc<ServerConfig>>,
    running: Arc<Running>,
}

/// The thread that serves, what lets it begin, and what ends it.
#[derive(Debug)]
struct Running {
    begin: Mutex<Option<oneshot::Sender<()>>>,
    end: Mutex<Option<oneshot::Sender<()>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl GatewayPlugin {
    /// Opens a TCP port for a gateway, on threads of its own that wait.
    ///
    /// # Errors
    /// [`BindError`]: one sentence for the operator. Nothing is left behind.
    pub fn bind<S: GatewayStore>(listen: SocketAddr, gateway: Gateway<S>) -> Result<Self, BindError> {
        let bind_error = |cause: io::Error| match cause.kind() {
            ErrorKind::AddrInUse => BindError::PortTaken(listen),
            _ => BindError::Listen { address: listen, cause },
        };
        let listener = TcpListener::bind(listen).map_err(bind_error)?;
        let local_addr = listener.local_addr().map_err(bind_error)?;
        let admission = gateway.admission.clone();
        let gateway = Arc::new(gateway);
        let tls = gateway.tls.as_ref().map(|tls| tls.without_http());
        let (running, runtime) = Running::start(listener, Arc::clone(&gateway)).map_err(BindError::Threads)?;
        let logins = LoginPort::new(&gateway, runtime);
        Ok(Self { local_addr, admission, logins, tls, running: Arc::new(running) })
    }

    /// The address listened on, with the port that was taken.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Lets requests in once it is opened.
    #[must_use]
    pub const fn admission(&self) -> &Admission {
        &self.admission
    }

    /// Logs people in who come by an edge without HTTP.
    #[must_use]
    pub fn logins(&self) -> LoginPort {
        self.logins.clone()
    }

    /// How another port speaks TLS with the gateway's certificate; `None` where it has none.
    #[must_use]
    pub fn tls(&self) -> Option<Arc<ServerConfig>> {
        self.tls.clone()
    }

    /// Whether its thread runs; `false` after [`Self::finish`], and where it panicked or cannot listen any more.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.thread.lock().as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Takes no more requests, answers those that are being answered within the configured time to drain, and ends;
    /// doing it again does nothing.
    pub fn finish(&self) {
        self.running.finish();
    }
}

impl Plugin for GatewayPlugin {
    fn build(&self, app: &mut App) {
        app.insert_resource(self.admission.clone());
        self.running.begin();
    }
}

impl Running {
    fn start<S: GatewayStore>(listener: TcpListener, gateway: Arc<Gateway<S>>) -> io::Result<(Self, Handle)> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("http").enable_all().build()?;
        let handle = runtime.handle().clone();
        let ((begin, begun), (end, ended)) = (oneshot::channel::<()>(), oneshot::channel::<()>());
        let served = async move {
            if begun.await.is_err() {
                return;
            }
            let ended = async {
                // A sender dropped means the same as one used.
                let _ = ended.await;
            };
            if let Err(error) = gateway.serve_shared(listener, ended).await {
                tracing::error!(%error, "HTTP ended");
            }
        };
        let thread = thread::Builder::new().name("gateway".to_owned()).spawn(move || runtime.block_on(served))?;
        let thread = Mutex::new(Some(thread));
        Ok((Self { begin: Mutex::new(Some(begin)), end: Mutex::new(Some(end)), thread }, handle))
    }

    fn begin(&self) {
        if let Some(begin) = self.begin.lock().take() {
            // Its receiver is gone only if the thread has ended already.
            let _ = begin.send(());
        }
    }

    fn finish(&self) {
        drop(self.begin.lock().take());
        drop(self.end.lock().take());
        if self.thread.lock().take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the HTTP thread panicked");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.finish();
    }
}
