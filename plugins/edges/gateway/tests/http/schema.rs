//! The part of JSON Schema that the gateway's document uses. A keyword that is not known here is refused, so nothing that
//! the document says goes unchecked.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Keywords that say nothing about which values are good, and `pattern`, for which there is no matcher here.
const PASSED_OVER: [&str; 5] = ["description", "format", "default", "title", "pattern"];

/// Holds values to the schemas of a document.
pub(crate) struct Schemas<'d>(pub(crate) &'d Value);

impl<'d> Schemas<'d> {
    /// Whether `value` is what `schema` says, with no field that it does not name.
    pub(crate) fn check(&self, schema: &Value, value: &Value) -> Result<(), String> {
        self.check_at("", schema, value)?;
        Ok(())
    }

    /// What a schema points to, if it points.
    pub(crate) fn resolve(&self, schema: &'d Value) -> &'d Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(place) => self.at(place),
            None => schema,
        }
    }

    fn at(&self, place: &str) -> &'d Value {
        let place = place.strip_prefix('#').expect("it is in this document");
        self.0.pointer(place).unwrap_or_else(|| panic!("{place} is nowhere"))
    }

    /// Checks one value; the names of fields that the schema knows, unless it takes any.
    fn check_at(&self, at: &str, schema: &Value, value: &Value) -> Result<Option<BTreeSet<String>>, String> {
        let known = self.check_loosely(at, schema, value)?;
        if let (Some(known), Value::Object(fields)) = (&known, value)
            && let Some(name) = fields.keys().find(|name| !known.contains(*name))
        {
            return Err(format!("{at}: nothing is said of the field {name}"));
        }
        Ok(known)
    }

    /// The same without a look at fields that the schema does not know: another part may know them.
    fn check_loosely(&self, at: &str, schema: &Value, value: &Value) -> Result<Option<BTreeSet<String>>, String> {
        let mut known = None;
        for (keyword, said) in schema.as_object().ok_or_else(|| format!("{at}: {schema} is no schema"))? {
            let wrong = || Err(format!("{at}: {value} is not {keyword} {said}"));
            match (keyword.as_str(), said) {
                (keyword, _) if PASSED_OVER.contains(&keyword) => {}
                ("$ref", Value::String(place)) => join(&mut known, self.check_loosely(at, self.at(place), value)?),
                ("allOf", Value::Array(parts)) => {
                    for part in parts {
                        join(&mut known, self.check_loosely(at, part, value)?);
                    }
                }
                ("oneOf", Value::Array(parts)) => join(&mut known, self.check_one(at, parts, value)?),
                ("type", Value::String(kind)) if is_of(kind, value) => {}
                ("type", Value::Array(kinds)) if kinds.iter().any(|kind| is_of(kind.as_str().unwrap(), value)) => {}
                ("enum", Value::Array(all)) if all.contains(value) => {}
                ("minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems", Value::Number(_)) => {
                    if !is_within(keyword, said, value) {
                        return wrong();
                    }
                }
                ("properties", Value::Object(properties)) => {
                    join(&mut known, Some(self.fields(at, properties, value)?))
                }
                ("required", Value::Array(names)) => {
                    let Some(fields) = value.as_object() else { continue };
                    if let Some(name) = names.iter().find(|name| !fields.contains_key(name.as_str().unwrap())) {
                        return Err(format!("{at}: {name} is missing in {value}"));
                    }
                }
                ("items", items) => {
                    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check_at(&format!("{at}/{number}"), items, item)?;
                    }
                }
                // Strict already.
                ("additionalProperties", Value::Bool(false)) => {}
                ("type" | "enum", _) => return wrong(),
                _ => return Err(format!("{at}: nobody checks {keyword} {said}")),
            }
        }
        Ok(known)
    }

    fn check_one(&self, at: &str, parts: &[Value], value: &Value) -> Result<Option<BTreeSet<String>>, String> {
        let mut good = Vec::new();
        let mut bad = Vec::new();
        for part in parts {
            match self.check_at(at, part, value) {
                Ok(known) => good.push(known),
                Err(why) => bad.push(why),
            }
        }
        match good.len() {
            1 => Ok(good.remove(0)),
            many => Err(format!("{at}: {value} is {many} of them: {bad:?}")),
        }
    }

    fn fields(&self, at: &str, properties: &Map<String, Value>, value: &Value) -> Result<BTreeSet<String>, String> {
        for (name, field) in value.as_object().into_iter().flatten() {
            if let Some(schema) = properties.get(name) {
                self.check_at(&format!("{at}/{name}"), schema, field)?;
            }
        }
        Ok(properties.keys().cloned().collect())
    }
}

fn join(known: &mut Option<BTreeSet<String>>, more: Option<BTreeSet<String>>) {
    if let Some(more) = more {
        known.get_or_insert_default().extend(more);
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("nobody checks type {other}"),
    }
}

fn is_within(keyword: &str, bound: &Value, value: &Value) -> bool {
    let found = match (keyword, value) {
        ("minimum" | "maximum", Value::Number(number)) => number.as_f64(),
        ("minLength" | "maxLength", Value::String(text)) => Some(text.chars().count() as f64),
        ("minItems" | "maxItems", Value::Array(items)) => Some(items.len() as f64),
        _ => None,
    };
    let bound = bound.as_f64().expect("a bound is a number");
    found.is_none_or(|found| if keyword.starts_with("min") { found >= bound } else { found <= bound })
}

#[test]
fn a_value_that_is_not_what_is_said_is_found() {
    let document = serde_json::json!({ "components": { "schemas": {
        "Name": { "type": "string", "minLength": 2, "maxLength": 3 },
        "Thing": { "type": "object", "required": ["name"], "properties": {
            "name": { "$ref": "#/components/schemas/Name" },
            "count": { "type": ["integer", "null"], "minimum": 0, "maximum": 5 },
            "kind": { "enum": ["a", "b"] },
            "parts": { "type": "array", "maxItems": 1, "items": { "type": "boolean" } },
        } },
        "Either": { "oneOf": [{ "$ref": "#/components/schemas/Thing" }, { "type": "null" }] },
        "Both": { "allOf": [
            { "$ref": "#/components/schemas/Thing" },
            { "type": "object", "properties": { "more": { "type": "boolean" } }, "required": ["more"] },
        ] },
    } } });
    let schemas = Schemas(&document);
    let is_good = |name: &str, value: &str| {
        let schema = serde_json::json!({ "$ref": format!("#/components/schemas/{name}") });
        schemas.check(&schema, &serde_json::from_str(value).unwrap()).is_ok()
    };
    for good in
        [r#"{"name":"ab"}"#, r#"{"name":"abc","count":null,"kind":"a","parts":[true]}"#, r#"{"name":"ab","count":5}"#]
    {
        assert!(is_good("Thing", good) && is_good("Either", good), "{good} is a thing");
    }
    for bad in [
        "[]",
        "{}",
        r#"{"name":"a"}"#,
        r#"{"name":"abcd"}"#,
        r#"{"name":1}"#,
        r#"{"name":"ab","count":-1}"#,
        r#"{"name":"ab","count":6}"#,
        r#"{"name":"ab","count":1.5}"#,
        r#"{"name":"ab","kind":"c"}"#,
        r#"{"name":"ab","parts":[true,true]}"#,
        r#"{"name":"ab","parts":[1]}"#,
        r#"{"name":"ab","other":1}"#,
    ] {
        assert!(!is_good("Thing", bad) && !is_good("Either", bad), "{bad} is no thing");
    }
    assert!(is_good("Either", "null"), "nothing is either");
    assert!(is_good("Both", r#"{"name":"ab","more":true}"#), "both parts know their fields");
    assert!(
        !is_good("Both", r#"{"name":"ab"}"#) && !is_good("Both", r#"{"name":"ab","more":true,"other":1}"#),
        "and no other"
    );
}
