//! Where a database is, as people read it: never with a password.

use std::fmt;
use std::path::Path;

use sqlx::postgres::PgConnectOptions;

use crate::error::OpenError;

/// Names a database in a sentence: `in data`, or `at postgres://localhost:5432/hypogeum`.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    text: String,
    /// What must not be shown, taken out of whatever others say about this place.
    secrets: Vec<String>,
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Place").field(&self.text).finish()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Place {
    pub(crate) fn directory(path: &Path) -> Self {
        Self { text: format!("in {}", path.display()), secrets: Vec::new() }
    }

    pub(crate) fn server(options: &PgConnectOptions, url: &str) -> Self {
        let database = options.get_database().unwrap_or(options.get_username());
        let text = format!("at postgres://{}:{}/{database}", options.get_host(), options.get_port());
        Self { text, secrets: secrets(url) }
    }

    /// `text` with what is secret in `url` left out.
    pub(crate) fn without_password(url: &str, text: &str) -> String {
        hidden(text, &secrets(url))
    }

    /// The sentence for an error of the database, on one line.
    pub(crate) fn failed(&self, error: &dyn fmt::Display) -> OpenError {
        let cause = hidden(&error.to_string(), &self.secrets).replace('\n', " ");
        OpenError::Database { place: self.clone(), cause }
    }
}

fn hidden(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
}

/// The password of a URL as it stands there and as it is meant.
fn secrets(url: &str) -> Vec<String> {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map(|(user, _)| user).unwrap_or_default();
    let mut found: Vec<String> = user.split_once(':').map(|(_, password)| password.to_owned()).into_iter().collect();
    let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
    found.extend(query.split('&').filter_map(|pair| pair.strip_prefix("password=")).map(str::to_owned));
    let meant: Vec<String> = found.iter().map(|password| decoded(password)).collect();
    found.extend(meant);
    found.retain(|secret| !secret.is_empty());
    found
}

/// Undoes percent-encoding, as far as it is one.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = (byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        if let Some(code) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            out.push(code);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_left_out_however_it_is_written() {
        let url = "postgres://ada:pass%20word@host:1/db?password=other";
        let text = Place::without_password(url, "no pass word, no pass%20word, no other");
        assert_eq!(text, "no …, no …, no …", "each spelling is hidden");
        assert!(secrets("postgres://host/db").is_empty(), "a URL without a password has no secret");
        assert!(secrets("postgres://ada:@host/db").is_empty(), "and an empty one is none");
    }
}
