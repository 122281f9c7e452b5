//! Where the telnet edge meets accounts and languages: it knows neither.

use std::sync::Arc;

use hypogeum_content::{Content, texts};
use hypogeum_gateway::{LoginAsk, LoginDone, LoginPort, SocketPlayer};
use hypogeum_locale::{LocaleId, Locales, Message, Value};
use hypogeum_matches::SharedHostStatus;
use hypogeum_telnet::{Answer, Answered, Arguments, Ask, Doorkeeper, Origin, Refusal, Words};

/// Accounts as the telnet edge knows them.
pub(crate) struct LoginDoorkeeper {
    pub(crate) logins: LoginPort,
    pub(crate) host_status: SharedHostStatus,
}

impl Doorkeeper for LoginDoorkeeper {
    fn ask(&self, ask: Ask, from: Origin, answer: Answer) {
        let ask = match ask {
            Ask::Register { name, password } => LoginAsk::Register { name, password },
            Ask::LogIn { name, password } => LoginAsk::LogIn { name, password },
            Ask::Guest { name } => LoginAsk::Guest { name },
            Ask::Characters { access_token } => LoginAsk::Characters { access_token },
            Ask::CreateCharacter { access_token, name } => LoginAsk::CreateCharacter { access_token, name },
            Ask::ComeIn { access_token, character } => LoginAsk::ComeIn { access_token, character },
            Ask::Stay { access_token } => LoginAsk::Stay { access_token },
            Ask::LogOut { access_token } => LoginAsk::LogOut { access_token },
        };
        let answered = move |done| match done {
            Ok(LoginDone::LoggedIn { access_token, expires_in }) => {
                answer(Ok(Answered::LoggedIn { access_token, expires_in }));
            }
            Ok(LoginDone::Characters(characters)) => answer(Ok(Answered::Characters(characters))),
            Ok(LoginDone::Created(character)) => answer(Ok(Answered::Created(character))),
            Ok(LoginDone::ComesIn(SocketPlayer { session, ticket, .. })) => {
                answer(Ok(Answered::ComesIn { session, ticket }));
            }
            // Nobody waits for that.
            Ok(LoginDone::LoggedOut) => {}
            Err(error) => {
                let error: hypogeum_gateway::ApiError = error;
                let (code, retry_after_ms) = (error.code(), error.retry_after_ms());
                answer(Err(Refusal { code, message: error.to_string(), retry_after_ms }));
            }
        };
        self.logins.ask(ask, (from.address, from.is_local), Box::new(answered));
    }

    fn players_count(&self) -> usize {
        self.host_status.summary().connected
    }
}

/// Languages as the telnet edge knows them.
pub(crate) struct LocaleWords {
    pub(crate) locales: Locales,
    pub(crate) content: Arc<Content>,
}

impl LocaleWords {
    fn thing(&self, locale: &str, (id, plain): (String, String), count: u32) -> String {
        self.locales.value_words(self.find(locale), &Value::thing(id, plain, count))
    }

    fn find(&self, locale: &str) -> LocaleId {
        self.locales.find(locale)
    }
}

impl Words for LocaleWords {
    fn words(&self, locale: &str, id: &'static str, arguments: Arguments<'_>) -> String {
        let said = |message: Message, (name, value): &(&'static str, &str)| message.with(name, *value);
        self.locales.words(self.find(locale), &arguments.iter().fold(Message::new(id), said))
    }

    fn item(&self, locale: &str, template: &str, count: u32) -> String {
        let items = &self.content.items;
        let plain = items.id(template).and_then(|id| items.find(id)).map(|item| item.called(count));
        self.thing(locale, (texts::item(template), plain.unwrap_or_else(|| template.to_owned())), count)
    }

    fn archetype(&self, locale: &str, key: &str) -> String {
        let archetypes = &self.content.archetypes;
        let plain = archetypes.id(key).and_then(|id| archetypes.find(id)).map(|archetype| archetype.name.clone());
        self.thing(locale, (texts::archetype(key), plain.unwrap_or_else(|| key.to_owned())), 1)
    }

    fn nearest(&self, wish: &str) -> String {
        self.locales.tag(self.find(wish))
    }
}
