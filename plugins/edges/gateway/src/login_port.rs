//! Logging in without HTTP, for an edge with a dialogue of its own: the same rates, the same lockout, the same code.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_protocol::CharacterId;
use tokio::runtime::Handle;

use crate::accounts::{log_in, make_account};
use crate::caller::{prove, prove_to_leave};
use crate::characters::make;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::guests::let_in;
use crate::logins::{LoggedIn, close};
use crate::proxies::Origin;
use crate::rate::Operation;
use crate::sockets::{SocketPlayer, SocketWish, player};
use crate::store::GatewayStore;

/// What somebody wants who logs in without HTTP.
#[derive(Clone, PartialEq, Eq)]
pub enum LoginAsk {
    /// A new account, and a login of it.
    Register {
        /// The name it is to have.
        name: String,
        /// Its password.
        password: String,
    },
    /// A login by a password.
    LogIn {
        /// The account's name.
        name: String,
        /// Its password.
        password: String,
    },
    /// A guest's.
    Guest {
        /// The guest's name.
        name: String,
    },
    /// The characters of an account.
    Characters {
        /// The access token of the account.
        access_token: String,
    },
    /// Another character.
    CreateCharacter {
        /// The access token of the account.
        access_token: String,
        /// The name it is to have.
        name: String,
    },
    /// To come in, as at [`SocketWish::ComeIn`].
    ComeIn {
        /// The access token of the account that the character belongs to.
        access_token: String,
        /// The character to play as; another account's is refused.
        character: CharacterId,
    },
    /// An access token in place of one that ends, while the login is open.
    Stay {
        /// The one that ends.
        access_token: String,
    },
    /// To close the login.
    LogOut {
        /// A token of it.
        access_token: String,
    },
}

/// What became of it.
#[derive(Clone, PartialEq, Eq)]
pub enum LoginDone {
    /// A login is open, or goes on.
    LoggedIn {
        /// Proves whose it is.
        access_token: String,
        /// How long that is good for.
        expires_in: Duration,
    },
    /// The account's characters, by their numbers and names.
    Characters(Vec<(CharacterId, String)>),
    /// The new character.
    Created(CharacterId),
    /// Who comes in.
    ComesIn(SocketPlayer),
    /// The login is closed.
    LoggedOut,
}

/// Where an answer goes.
pub type LoginAnswer = Box<dyn FnOnce(Result<LoginDone, ApiError>) + Send>;

/// Logs people in for an edge that speaks no HTTP. What is asked counts for the address it is asked for, in the lines of HTTP.
#[derive(Clone)]
pub struct LoginPort(Arc<dyn Fn(LoginAsk, Origin, LoginAnswer) + Send + Sync>);

impl LoginPort {
    /// It does not keep the gateway, nor what that keeps open: once that has finished, nobody is answered.
    pub(crate) fn new<S: GatewayStore>(gateway: &Arc<Gateway<S>>, runtime: Handle) -> Self {
        let gateway = Arc::downgrade(gateway);
        Self(Arc::new(move |ask, origin, answer| {
            let Some(gateway) = gateway.upgrade() else { return };
            runtime.spawn(async move {
                let doing = tokio::time::timeout(gateway.config.request_timeout, done(&gateway, ask, origin));
                answer(doing.await.unwrap_or(Err(ApiError::Unavailable)));
            });
        }))
    }

    /// Asks for somebody at this address; `is_local`: this machine asks for itself, and nobody asks for anybody else. It returns at
    /// once; the answer comes from another thread, and never after the gateway has finished.
    pub fn ask(&self, ask: LoginAsk, (address, is_local): (IpAddr, bool), answer: LoginAnswer) {
        (self.0)(ask, Origin { address: address.to_canonical(), is_local }, answer);
    }
}

impl fmt::Debug for LoginPort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LoginPort").finish_non_exhaustive()
    }
}

async fn done<S: GatewayStore>(gateway: &Gateway<S>, ask: LoginAsk, origin: Origin) -> Result<LoginDone, ApiError> {
    let is_staying = matches!(ask, LoginAsk::Stay { .. } | LoginAsk::LogOut { .. });
    if !is_staying && !gateway.admission.is_open() {
        return Err(ApiError::Draining);
    }
    match ask {
        LoginAsk::Register { name, password } => {
            gateway.check_requests(Operation::Request, origin)?;
            make_account(gateway, origin, &name, password.clone()).await?;
            log_in(gateway, origin, &name, password).await.map(LoginDone::from)
        }
        LoginAsk::LogIn { name, password } => {
            gateway.check_requests(Operation::Request, origin)?;
            log_in(gateway, origin, &name, password).await.map(LoginDone::from)
        }
        LoginAsk::Guest { name } => {
            gateway.check_requests(Operation::Request, origin)?;
            let_in(gateway, origin, &name).await.map(LoginDone::from)
        }
        LoginAsk::Characters { access_token } => {
            let caller = prove(gateway, Operation::Read, origin, &access_token).await?;
            let characters = gateway.store.characters(caller.account).await?;
            let named = characters.into_iter().map(|character| (character.id, character.name));
            Ok(LoginDone::Characters(named.collect()))
        }
        LoginAsk::CreateCharacter { access_token, name } => {
            let caller = prove(gateway, Operation::Account, origin, &access_token).await?;
            make(&gateway.store, caller.account, &name).await.map(|character| LoginDone::Created(character.id))
        }
        LoginAsk::ComeIn { access_token, character } => {
            let wish = SocketWish::ComeIn(Some(character));
            player(gateway, origin, &access_token, wish).await.map(LoginDone::ComesIn)
        }
        LoginAsk::Stay { access_token } => {
            let caller = prove(gateway, Operation::Connect, origin, &access_token).await?;
            gateway.stay_logged_in(&caller).map(LoginDone::from)
        }
        LoginAsk::LogOut { access_token } => {
            let caller = prove_to_leave(gateway, &access_token).await?;
            close(&gateway.store, &caller).await.map(|_| LoginDone::LoggedOut)
        }
    }
}

impl From<LoggedIn> for LoginDone {
    fn from(login: LoggedIn) -> Self {
        Self::LoggedIn { access_token: login.access_token, expires_in: Duration::from_secs(login.expires_in_s) }
    }
}
