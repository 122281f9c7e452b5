//! The whole file.

use std::fmt::Write as _;

use hypogeum_envelope::{ANSWERS, CloseCode, ENVELOPE_VERSION};
use hypogeum_protocol::{ErrorCode, limits};
use serde_json::{Map, Value, json};

use crate::{describe, samples};

/// The file: a line for each part, and one for each part of a long one, so that a change of a type is a change of a line.
pub(crate) fn text() -> String {
    let parts = [
        ("protocol_version", json!(limits::PROTOCOL_VERSION)),
        ("protocol_version_min", json!(limits::PROTOCOL_VERSION_MIN)),
        ("envelope_version", json!(ENVELOPE_VERSION)),
        ("limits", limits::FOR_CLIENTS.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()),
        ("errors", samples::error_codes().into_iter().map(error).collect()),
        ("close_codes", CloseCode::ALL.into_iter().map(close_code).collect()),
        ("requests", ANSWERS.iter().map(|(request, answer)| ((*request).to_owned(), json!(answer))).collect()),
        ("client_messages", json!("ClientMessage")),
        ("server_messages", json!("ServerMessage")),
        (
            "bodies",
            json!({ "chunk": "Chunk", "command": "WorldCommand", "game_told": "GameNews", "told": "WorldNews" }),
        ),
        ("envelope", describe::envelope()),
        ("types", Value::Object(describe::types())),
    ];
    let mut text = "{".to_owned();
    for (number, (key, part)) in parts.into_iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(text, "{comma}\n  \"{key}\": ");
        match sorted(part) {
            Value::Object(fields) => {
                let lines = fields.iter().map(|(name, value)| format!("    {}: {value}", json!(name)));
                let _ = write!(text, "{{\n{}\n  }}", lines.collect::<Vec<_>>().join(",\n"));
            }
            Value::Array(values) => {
                let lines = values.iter().map(|value| format!("    {value}"));
                let _ = write!(text, "[\n{}\n  ]", lines.collect::<Vec<_>>().join(",\n"));
            }
            value => {
                let _ = write!(text, "{value}");
            }
        }
    }
    text.push_str("\n}\n");
    text
}

fn error(code: ErrorCode) -> Value {
    json!({ "code": code.name(), "message": code.message() })
}

fn close_code(code: CloseCode) -> Value {
    json!({ "code": code.number(), "means": code.means() })
}

/// The same with the keys of all maps in order, whatever features the maps of JSON are built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(String, Value)> =
                fields.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            fields.sort_by(|left, right| left.0.cmp(&right.0));
            Value::Object(fields.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(values) => values.into_iter().map(sorted).collect(),
        value => value,
    }
}
