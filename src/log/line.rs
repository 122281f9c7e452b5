//! Lines that are no events of `tracing`, in the same shape.

use std::fmt::Display;

use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

/// What these lines are said by.
const TARGET: &str = "hypogeum";

fn now() -> String {
    let mut time = String::new();
    // A clock that cannot be read leaves the line without a time.
    let _ = SystemTime.format_time(&mut Writer::new(&mut time));
    time
}

/// A line of a JSON log.
pub(super) fn json(level: &str, message: &dyn Display, fields: &[(&str, &dyn Display)]) -> String {
    let mut all = serde_json::Map::new();
    all.insert("message".to_owned(), message.to_string().into());
    all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_string().into())));
    let line = serde_json::json!({ "timestamp": now(), "level": level, "fields": all, "target": TARGET });
    format!("{line}\n")
}

/// A line of a text log.
pub(super) fn text(level: &str, message: &dyn Display) -> String {
    format!("{} {level:>5} {TARGET}: {message}\n", now())
}
