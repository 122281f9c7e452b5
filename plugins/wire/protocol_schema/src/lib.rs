//! The protocol for programs: what `PROTOCOL.md` of `hypogeum-protocol` says to people, as JSON. Whoever writes a client in another language
//! makes its types of it; a server answers it at `GET /v1/protocol.json`.
//!
//! `protocol.json` is made from the types themselves, by `tests/schema/`. Where a type has changed, that test fails and says
//! how to make the file anew; and it reads every sample of every message by the file alone, in both of its forms.
//!
//! | key | what |
//! |---|---|
//! | `protocol_version`, `protocol_version_min`, `envelope_version` | what this build speaks |
//! | `limits` | numbers by their names: section 10 of `PROTOCOL.md` |
//! | `errors` | `{code, message}` of each error of a session |
//! | `close_codes` | `{code, means}` of the end of a WebSocket |
//! | `requests` | the type of a request, and of what answers it with its number |
//! | `client_messages`, `server_messages` | the enums of all messages, by name: their variants are the types of envelopes |
//! | `bodies` | what the `body` of a message holds, in our own codec, by the type of the message |
//! | `envelope` | what only a WebSocket says: `hello` (fields beside those of the message), `renew`, `renewed`, `error` and `state` |
//! | `types` | every type, by name |
//!
//! A type of `types` is one of
//!
//! - `{"struct": [{"name", "type"}]}`,
//! - `{"newtype": type}`: written as what is in it,
//! - `{"enum": [{"name", "tag"}]}`, each variant with `"fields": [{"name", "type"}]` or `"value": type` where it has any.
//!
//! Fields stand in the order in which our own codec writes them, and tags are its numbers. A type in a field is `"u8"` … `"u64"`, `"i32"`,
//! `"i64"`, `"bool"`, `"string"`, `"bytes"`, `{"list": type}`, `{"option": type}`, `{"tuple": [type]}`, `{"array": type, "length": number}` or
//! `{"name": name}`. Where JSON and MessagePack write something else, `"readable"` beside it says so: `"string"`, or `"bytes"` (binary, in
//! JSON base64). A struct of `envelope` has no other form than that: what is optional there may be left out.

/// The schema, as it lies beside this crate.
pub const PROTOCOL_JSON: &str = include_str!("../protocol.json");
