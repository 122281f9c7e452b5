//! What the server tells an account for it to read later, and currency that comes with it.

use std::collections::BTreeMap;
use std::future::Future;

use hypogeum_protocol::AccountId;

/// Most messages of an account: then read ones make room for new ones.
pub const INBOX_MESSAGES_MAX: usize = 100;
/// Most bytes of a message in one language.
pub const INBOX_TEXT_BYTES_MAX: usize = 2_000;
/// Most languages of a message.
pub const INBOX_LOCALES_MAX: usize = 8;
/// Most bytes of the key by which a message is sent once.
pub const INBOX_KEY_BYTES_MAX: usize = 64;
/// The longest that a message is kept, in seconds: 90 days.
pub const INBOX_KEPT_S_MAX: u64 = 90 * 86_400;

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// By which it is known again: sent again to the same account, it is there once.
    pub key: String,
    /// Words by language: `en`, `de`.
    pub texts: BTreeMap<String, String>,
    /// What its reader may claim, 0 and up.
    pub currency: i64,
    /// For how long it is kept, in seconds. What is not claimed by then is lost.
    pub kept_s: u64,
}

impl NewMessage {
    /// Whether everything is within its bounds.
    ///
    /// # Errors
    /// [`InboxError::Invalid`] with the field.
    pub fn check(&self) -> Result<(), InboxError> {
        let invalid = |field| Err(InboxError::Invalid { field });
        let is_shown = |text: &str| text.chars().all(|letter| !letter.is_control() || letter == '\n');
        if !(1..=INBOX_KEY_BYTES_MAX).contains(&self.key.len()) || !is_shown(&self.key) {
            return invalid("key");
        }
        let is_locale = |locale: &str| {
            (2..=16).contains(&locale.len()) && locale.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let is_text = |text: &str| (1..=INBOX_TEXT_BYTES_MAX).contains(&text.len()) && is_shown(text);
        let is_good = self.texts.iter().all(|(locale, text)| is_locale(locale) && is_text(text));
        if !(1..=INBOX_LOCALES_MAX).contains(&self.texts.len()) || !is_good {
            return invalid("texts");
        }
        if self.currency < 0 {
            return invalid("currency");
        }
        if (1..=INBOX_KEPT_S_MAX).contains(&self.kept_s) { Ok(()) } else { invalid("kept_s") }
    }
}

/// A message as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxMessage {
    /// Its number among those of its account, 1 and up, in the order in which they were sent.
    pub id: u64,
    /// Words by language, in one at least.
    pub texts: BTreeMap<String, String>,
    /// What may be claimed, or was; 0: nothing.
    pub currency: i64,
    /// When it was sent, in seconds since 1970.
    pub sent_s: i64,
    /// When it is kept no longer.
    pub expires_s: i64,
    /// Whether it was read.
    pub is_read: bool,
    /// Whether its currency was claimed.
    pub is_claimed: bool,
}

impl InboxMessage {
    /// Its words for somebody who reads `locale`: in that, in the same language of elsewhere, in English, or in whichever there is.
    #[must_use]
    pub fn text(&self, locale: &str) -> &str {
        let language = language_of(locale);
        let named = |wanted: &str| self.texts.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let akin = || self.texts.iter().find(|(name, _)| language_of(name).eq_ignore_ascii_case(language));
        let found = named(locale).or_else(|| named(language)).or_else(akin).or_else(|| named("en"));
        found.or_else(|| self.texts.iter().next()).map_or("", |(_, text)| text.as_str())
    }
}

/// What stands before the first `-`.
fn language_of(locale: &str) -> &str {
    locale.split('-').next().unwrap_or_default()
}

/// A message that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentMessage {
    /// To whom.
    pub account: AccountId,
    /// Its number there.
    pub id: u64,
    /// `false`: it was sent before, by the same key.
    pub is_new: bool,
    /// How many of that account are not read.
    pub unread: u64,
}

/// Currency of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimedMessage {
    /// What it was.
    pub currency: i64,
    /// What is in the wallet now.
    pub balance: i64,
    /// `false`: it was claimed before.
    pub is_new: bool,
}

/// Why nothing was done about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InboxError {
    /// Nobody is called so.
    #[error("nobody is called so")]
    NoSuchName,
    /// There is none of that number, or none any more.
    #[error("there is no such message")]
    NoSuchMessage,
    /// It has currency that was not claimed.
    #[error("claim what comes with it first")]
    Unclaimed,
    /// The account keeps as many as it may, and none of them makes room.
    #[error("the account keeps {INBOX_MESSAGES_MAX} messages that are not read, or not claimed")]
    Full,
    /// The wallet has no room for it.
    #[error("the wallet is full")]
    WalletFull,
    /// Nothing like that can be sent.
    #[error("{field} is not what can be sent")]
    Invalid {
        /// `key`, `texts`, `currency` or `kept_s`.
        field: &'static str,
    },
    /// The store does not answer.
    #[error("the store is unavailable")]
    Unavailable,
}

/// Messages in a database, which expire by its clock.
pub trait InboxStore: Send + Sync + 'static {
    /// Sends a message to whoever is called so, an account or a character of one.
    fn send_message(
        &self,
        name: &str,
        message: NewMessage,
    ) -> impl Future<Output = Result<SentMessage, InboxError>> + Send;

    /// Messages of an account, the newest first: those before `before`, and how many of all are not read.
    fn inbox(
        &self,
        account: AccountId,
        before: Option<u64>,
        count: usize,
    ) -> impl Future<Output = Result<(Vec<InboxMessage>, u64), InboxError>> + Send;

    /// A message was read; how many are not.
    fn read_message(&self, account: AccountId, id: u64) -> impl Future<Output = Result<u64, InboxError>> + Send;

    /// Takes the currency of a message, once.
    fn claim_message(
        &self,
        account: AccountId,
        id: u64,
    ) -> impl Future<Output = Result<ClaimedMessage, InboxError>> + Send;

    /// Deletes a message; how many are not read.
    fn delete_message(&self, account: AccountId, id: u64) -> impl Future<Output = Result<u64, InboxError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(texts: &[(&str, &str)]) -> NewMessage {
        let texts = texts.iter().map(|(locale, text)| ((*locale).to_owned(), (*text).to_owned())).collect();
        NewMessage { key: "k".to_owned(), texts, currency: 0, kept_s: 60 }
    }

    #[test]
    fn what_cannot_be_sent_names_the_field() {
        let good = message(&[("en", "Hi\nall"), ("de-AT", "Servus")]);
        assert_eq!(good.check(), Ok(()), "lines are fine");
        let long = "x".repeat(INBOX_TEXT_BYTES_MAX + 1);
        for (bad, field) in [
            (NewMessage { key: String::new(), ..good.clone() }, "key"),
            (NewMessage { key: "k".repeat(65), ..good.clone() }, "key"),
            (message(&[]), "texts"),
            (message(&[("en", "")]), "texts"),
            (message(&[("en", &long)]), "texts"),
            (message(&[("en", "\u{7}")]), "texts"),
            (message(&[("e", "Hi")]), "texts"),
            (NewMessage { currency: -1, ..good.clone() }, "currency"),
            (NewMessage { kept_s: 0, ..good.clone() }, "kept_s"),
            (NewMessage { kept_s: INBOX_KEPT_S_MAX + 1, ..good.clone() }, "kept_s"),
        ] {
            assert_eq!(bad.check(), Err(InboxError::Invalid { field }), "{bad:?}");
        }
    }

    #[test]
    fn everybody_reads_what_comes_nearest() {
        let NewMessage { texts, .. } = message(&[("en", "Hi"), ("de", "Hallo")]);
        let (currency, sent_s, expires_s, is_read, is_claimed) = (0, 1, 2, false, false);
        let mut kept = InboxMessage { id: 1, texts, currency, sent_s, expires_s, is_read, is_claimed };
        kept.texts.insert("pt-BR".to_owned(), "Oi".to_owned());
        for (locale, text) in [
            ("de", "Hallo"),
            ("DE", "Hallo"),
            ("de-AT", "Hallo"),
            ("pt-br", "Oi"),
            ("pt", "Oi"),
            ("pt-PT", "Oi"),
            ("fr", "Hi"),
            ("", "Hi"),
        ] {
            assert_eq!(kept.text(locale), text, "{locale}");
        }
        kept.texts.remove("en");
        assert_eq!(kept.text("fr"), "Hallo", "there is nothing else");
    }
}
