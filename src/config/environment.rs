//! Variables over the file: `HYPOGEUM_UDP__LISTEN` is `listen` of `[udp]`.

use std::collections::BTreeMap;

use serde::Deserialize as _;

use super::Config;
use super::place::{meant, words_of};

/// Prefix of the variables that override the file.
const ENVIRONMENT_PREFIX: &str = "HYPOGEUM_";

/// Variables between tests and what they start: no settings.
fn is_of_tests(name: &str) -> bool {
    name.starts_with("HYPOGEUM_TEST_") || cfg!(debug_assertions) && name == hypogeum_crash::CRASH_AT
}

/// All variables that set something.
pub(super) fn variables() -> BTreeMap<String, String> {
    let is_setting = |name: &str| name.starts_with(ENVIRONMENT_PREFIX) && !is_of_tests(name);
    std::env::vars().filter(|(name, _)| is_setting(name)).collect()
}

/// Sets what a variable names. One that leads through something other than a table changes nothing.
pub(super) fn overlay(table: &mut toml::Table, variable: &str, value: &str) {
    let path = variable[ENVIRONMENT_PREFIX.len()..].to_lowercase();
    let mut steps: Vec<&str> = path.split("__").collect();
    let Some(last) = steps.pop() else { return };
    let mut place = table;
    for step in steps {
        let next = place.entry(step).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        let toml::Value::Table(inner) = next else { return };
        place = inner;
    }
    // A number or a truth value is one; anything else is text, quotes or not.
    let parsed = toml::from_str::<toml::Table>(&format!("value = {value}"));
    let value = match parsed.ok().and_then(|mut table| table.remove("value")) {
        Some(
            value
            @ (toml::Value::Integer(_) | toml::Value::Boolean(_) | toml::Value::String(_) | toml::Value::Array(_)),
        ) => value,
        _ => toml::Value::String(value.to_owned()),
    };
    place.insert(last.to_owned(), value);
}

/// Which variable does not fit, and why: the first that is refused when it is laid over the file alone.
pub(super) fn wrong_variable(text: &str, variables: &BTreeMap<String, String>, all: &str) -> String {
    for (variable, value) in variables {
        let mut table: toml::Table = toml::from_str(text).unwrap_or_default();
        overlay(&mut table, variable, value);
        if let Err(error) = Config::deserialize(toml::Value::Table(table)) {
            // Secrets and passwords are not repeated.
            let is_secret = variable.contains("AUTH") || variable.contains("DATABASE");
            let value = if is_secret { "…" } else { value };
            let message = error.message().replace("unknown variant", "unknown value");
            return match meant_variable(variable, &message) {
                Some(near) => format!("{variable}={value}: unknown, did you mean {near}?"),
                None => format!("{variable}={value}: {message}"),
            };
        }
    }
    all.to_owned()
}

/// The variable that was probably meant by one that is not known.
fn meant_variable(variable: &str, message: &str) -> Option<String> {
    let name = variable[ENVIRONMENT_PREFIX.len()..].to_lowercase();
    let is_of = |section: &&&str| name.strip_prefix(**section).is_some_and(|rest| rest.starts_with('_'));
    if !name.contains("__")
        && let Some(section) = words_of(message).iter().find(is_of)
    {
        let (section, key) = (section.to_uppercase(), name[section.len() + 1..].to_uppercase());
        return Some(format!("{ENVIRONMENT_PREFIX}{section}__{key} (two underscores)"));
    }
    let near = meant(message)?.to_uppercase();
    let sections =
        variable.rsplit_once("__").map_or(ENVIRONMENT_PREFIX.to_owned(), |(before, _)| format!("{before}__"));
    Some(format!("{sections}{near}"))
}
