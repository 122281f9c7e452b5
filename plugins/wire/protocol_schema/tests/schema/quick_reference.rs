//! The table of all messages of a WebSocket in `PROTOCOL.md`.

use serde_json::Value;

/// The table, from the schema.
pub(crate) fn table(schema: &Value) -> String {
    let mut table = "| type | said by | answered by | payload |\n|---|---|---|---|\n".to_owned();
    let mut add = |kind: &str, of: &str, payload: &str| {
        let answer = schema["requests"].get(kind).filter(|_| of == "client").and_then(Value::as_str);
        let answer = answer.map(|answer| format!("`{answer}`")).unwrap_or_default();
        table.push_str(&format!("| `{kind}` | {of} | {answer} | {payload} |\n"));
    };
    let envelope = &schema["envelope"];
    for variant in variants(schema, "client_messages") {
        let kind = name(variant);
        let more = envelope[kind].get("struct").map(fields).unwrap_or_default();
        let parts: Vec<String> = [payload(variant), more].into_iter().filter(|part| !part.is_empty()).collect();
        add(kind, "client", &parts.join(", "));
    }
    add("renew", "client", &fields(&envelope["renew"]["struct"]));
    add("state", "both", &shown(&envelope["state"], None));
    for variant in variants(schema, "server_messages") {
        match name(variant) {
            // Our own codec has another one.
            "error" => add("error", "server", &fields(&envelope["error"]["struct"])),
            kind => add(kind, "server", &payload(variant)),
        }
    }
    add("renewed", "server", &fields(&envelope["renewed"]["struct"]));
    table
}

fn variants<'s>(schema: &'s Value, key: &str) -> impl Iterator<Item = &'s Value> {
    let name = schema[key].as_str().expect("the name of a type");
    schema["types"][name]["enum"].as_array().expect("an enum").iter()
}

fn name(described: &Value) -> &str {
    described["name"].as_str().expect("a name")
}

fn payload(variant: &Value) -> String {
    match (variant.get("fields"), variant.get("value")) {
        (Some(listed), _) => fields(listed),
        (None, Some(value)) => format!("as `{}`", shown(value, None)),
        (None, None) => String::new(),
    }
}

fn fields(listed: &Value) -> String {
    let field = |field: &Value| format!("`{}: {}`", name(field), shown(&field["type"], field.get("readable")));
    listed.as_array().expect("fields").iter().map(field).collect::<Vec<_>>().join(", ")
}

fn shown(described: &Value, readable: Option<&Value>) -> String {
    if let Some(word) = readable.or(Some(described)).and_then(Value::as_str) {
        return word.to_owned();
    }
    let (key, inner) = described.as_object().and_then(|fields| fields.iter().next()).expect("a type");
    match key.as_str() {
        "name" => inner.as_str().expect("a name").to_owned(),
        "option" => format!("optional {}", shown(inner, None)),
        "list" => format!("list of {}", shown(inner, None)),
        "array" => format!("{} × {}", described["length"], shown(inner, None)),
        other => panic!("no field of a message is a {other}"),
    }
}
