//! Accounts and logins: coming in, staying in, leaving.

use std::fmt;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, ApiError};

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Registered {
    /// Number of the account.
    pub account_id: u64,
    /// Its name, as it is shown.
    pub name: String,
}

/// A login: the right to ask for connect tokens and whatever else is an account's.
#[derive(Clone, Deserialize)]
pub struct Login {
    /// Shown with every further ask. A secret.
    pub access_token: String,
    /// How long it is good for, from when it was issued.
    pub expires_in_s: u64,
    /// Whose it is.
    pub account_id: u64,
    /// Good once, for the next login: see [`Api::refresh`]. A secret. Guests have none: they come in by name again.
    #[serde(default)]
    pub refresh_token: Option<String>,
    /// How long that is good for, from when it was issued.
    #[serde(default)]
    pub refresh_expires_in_s: Option<u64>,
}

impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The tokens would let any reader of a log play as this account.
        formatter.debug_struct("Login").field("account_id", &self.account_id).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Closed {
    logins_closed: u32,
}

impl Api {
    /// Opens an account.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 409 where the name is taken, 429 and 503 where trying later may help; and no or
    /// an unreadable answer.
    pub fn register(&self, name: &str, password: &str) -> Result<Registered, ApiError> {
        self.post("/v1/accounts", None, &json!({ "name": name, "password": password }))
    }

    /// Logs in.
    ///
    /// # Errors
    /// As [`Api::register`], with 401 where name and password do not belong together.
    pub fn login(&self, name: &str, password: &str) -> Result<Login, ApiError> {
        self.post("/v1/login", None, &json!({ "name": name, "password": password }))
    }

    /// Comes in as a guest: as the account of that name without a password, a new one if the name is free.
    ///
    /// # Errors
    /// As [`Api::register`], with 409 where the name has a password, 403 where the server takes no guests from here, and
    /// 404 where it knows none.
    pub fn guest(&self, name: &str) -> Result<Login, ApiError> {
        self.post("/v1/guests", None, &json!({ "name": name }))
    }

    /// Goes on with a login by its refresh token, also long after its access token has expired and after the server was
    /// started again. The token is used up by that: keep the login that is answered, and never ask twice at the same time
    /// with the same one, for anyone who shows a used token closes the login.
    ///
    /// # Errors
    /// As [`Api::register`], with 401 where the token is used (`refresh_reused`) or not good (`refresh_refused`), and
    /// [`ApiError::NotRefreshable`]: then only [`Api::login`] or [`Api::guest`] helps. After [`ApiError::Unreachable`]
    /// the token may be used up or not; asking again tells.
    pub fn refresh(&self, login: &Login) -> Result<Login, ApiError> {
        let token = login.refresh_token.as_ref().ok_or(ApiError::NotRefreshable)?;
        self.post("/v1/refresh", None, &json!({ "refresh_token": token }))
    }

    /// Ends this login: none of its tokens is good any more.
    ///
    /// # Errors
    /// As [`Api::register`], with 401 where it has ended or expired before.
    pub fn logout(&self, login: &Login) -> Result<(), ApiError> {
        self.post::<Value>("/v1/logout", Some(login), &json!({})).map(drop)
    }

    /// Ends every login of the account, this one, too. How many there were.
    ///
    /// # Errors
    /// As [`Api::logout`].
    pub fn logout_everywhere(&self, login: &Login) -> Result<u32, ApiError> {
        let closed: Closed = self.post("/v1/logout/everywhere", Some(login), &json!({}))?;
        Ok(closed.logins_closed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answering, login};
    use super::*;

    #[test]
    fn a_guest_shows_a_name_and_nothing_else() {
        let body = r#"{"access_token":"secret","token_type":"Bearer","expires_in_s":900,"account_id":7}"#;
        let (api, asked) = answering("200 OK", body);
        let login = api.guest("Bot-1").expect("guests are welcome");
        assert_eq!((login.account_id, login.access_token.as_str()), (7, "secret"), "it is a login like any other");
        assert_eq!(api.refresh(&login).err(), Some(ApiError::NotRefreshable), "but nothing is asked to refresh it");
        let asked = asked.join().expect("the server saw one request");
        assert!(
            asked.starts_with("POST /v1/guests ") && asked.contains("Bot-1"),
            "a guest's place was asked for: {asked}"
        );
        assert!(!asked.contains("password"), "by name alone: {asked}");
    }

    #[test]
    fn a_refreshed_login_holds_new_tokens() {
        let body = r#"{"access_token":"new","expires_in_s":900,"account_id":1,"refresh_token":"next","refresh_expires_in_s":9}"#;
        let (api, asked) = answering("200 OK", body);
        let next = api.refresh(&login()).expect("the token is good");
        assert_eq!((next.access_token.as_str(), next.refresh_token.as_deref()), ("new", Some("next")), "both are new");
        let asked = asked.join().expect("one request");
        assert!(asked.contains(r#"{"refresh_token":"again"}"#), "the old one is shown: {asked}");
        assert!(!asked.contains("secret"), "and no access token: {asked}");
    }

    #[test]
    fn secrets_do_not_reach_a_debug_print() {
        let shown = format!("{:?}", login());
        assert!(
            !shown.contains("secret") && !shown.contains("again"),
            "a log line must not let its reader in: {shown}"
        );
    }
}
