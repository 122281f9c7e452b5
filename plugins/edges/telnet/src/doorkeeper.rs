//! Who somebody is, asked of whoever knows accounts; and words, asked of whoever knows languages.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use hypogeum_protocol::link::SessionTicket;
use hypogeum_protocol::{CharacterId, SessionId};

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Their address.
    pub address: IpAddr,
    /// Whether this machine asks for itself, and nobody asks for anybody else.
    pub is_local: bool,
}

impl Origin {
    /// Somebody who has connected without anybody between.
    #[must_use]
    pub fn of_peer(address: IpAddr) -> Self {
        let address = address.to_canonical();
        Self { address, is_local: address.is_loopback() }
    }
}

/// What somebody at a login dialogue wants.
#[derive(Clone, PartialEq, Eq)]
pub enum Ask {
    /// A new account, and a login of it.
    Register {
        /// The name it is to have.
        name: String,
        /// Its password.
        password: String,
    },
    /// To log in.
    LogIn {
        /// The account's name.
        name: String,
        /// Its password.
        password: String,
    },
    /// To come in without a password.
    Guest {
        /// The guest's name.
        name: String,
    },
    /// To see the characters of the account.
    Characters {
        /// Whose they are.
        access_token: String,
    },
    /// Another character.
    CreateCharacter {
        /// Whose it is to be.
        access_token: String,
        /// The name it is to have.
        name: String,
    },
    /// To come in as a character of the account.
    ComeIn {
        /// The access token of the account that the character belongs to.
        access_token: String,
        /// The character to play as; another account's is refused.
        character: CharacterId,
    },
    /// To stay beyond the end of a token.
    Stay {
        /// The one that ends.
        access_token: String,
    },
    /// To end the login. There is no answer.
    LogOut {
        /// The login's token.
        access_token: String,
    },
}

impl fmt::Debug for Ask {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Register { .. } => "Register",
            Self::LogIn { .. } => "LogIn",
            Self::Guest { .. } => "Guest",
            Self::Characters { .. } => "Characters",
            Self::CreateCharacter { .. } => "CreateCharacter",
            Self::ComeIn { .. } => "ComeIn",
            Self::Stay { .. } => "Stay",
            Self::LogOut { .. } => "LogOut",
        })
    }
}

/// What became of it.
#[derive(Clone, PartialEq, Eq)]
pub enum Answered {
    /// The login is open.
    LoggedIn {
        /// Proves whose it is.
        access_token: String,
        /// How long that is good for.
        expires_in: Duration,
    },
    /// The account's characters.
    Characters(Vec<(CharacterId, String)>),
    /// The new character.
    Created(CharacterId),
    /// Who comes in.
    ComesIn {
        /// Names the session among all that the server has.
        session: SessionId,
        /// Who it is.
        ticket: SessionTicket,
    },
}

impl fmt::Debug for Answered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LoggedIn { expires_in, .. } => formatter.debug_tuple("LoggedIn").field(expires_in).finish(),
            Self::Characters(characters) => formatter.debug_tuple("Characters").field(characters).finish(),
            Self::Created(character) => formatter.debug_tuple("Created").field(character).finish(),
            Self::ComesIn { ticket, .. } => formatter.debug_tuple("ComesIn").field(ticket).finish(),
        }
    }
}

/// Why it was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is in the way, in the codes of HTTP.
    pub code: &'static str,
    /// The same for people, in English.
    pub message: String,
    /// When trying again may help, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

/// Where an answer goes. One that is never given lets the login time out.
pub type Answer = Box<dyn FnOnce(Result<Answered, Refusal>) + Send>;

/// Knows accounts. Rates and lockout are its own: those of every other way in.
pub trait Doorkeeper: Send + Sync {
    /// Asks for somebody who is there. It returns at once; the answer may come from any thread.
    fn ask(&self, ask: Ask, from: Origin, answer: Answer);

    /// How many play on this server now, as lists of servers show it.
    fn players_count(&self) -> usize;
}

/// What stands in the places of a message, by name.
pub type Arguments<'a> = &'a [(&'static str, &'a str)];

/// Knows languages.
pub trait Words: Send + Sync {
    /// A message in words.
    fn words(&self, locale: &str, id: &'static str, arguments: Arguments<'_>) -> String;

    /// What so many items of a template are called.
    fn item(&self, locale: &str, template: &str, count: u32) -> String;

    /// What an archetype of characters is called.
    fn archetype(&self, locale: &str, key: &str) -> String;

    /// The locale there is that comes nearest to a wish.
    fn nearest(&self, wish: &str) -> String;
}
