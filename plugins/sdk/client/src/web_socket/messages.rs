//! Messages between our own codec and envelopes.

use hypogeum_envelope::{
    ErrorBody, Payload, RENEW, RENEWED, Renewed, client_type, read_head, read_message, read_payload,
};
use hypogeum_protocol::{ClientMessage, ErrorCode, ServerMessage, codec};
use serde::de::IntoDeserializer as _;
use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};

use super::handshake::CODEC;
use crate::http::SocketConnection;
use crate::view::Refusal;

/// The type of the hello, which says more here than elsewhere.
const HELLO: &str = "hello";
/// The one request that wants to know its answer: there is never more than one renewal under way.
const RENEWAL_ID: u32 = 1;

/// What an envelope of the server says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A message, in our own codec.
    Message(Vec<u8>),
    /// A code that only HTTP has: this login is not let in.
    Refused(String),
    /// The new access token is taken, for so many seconds.
    Renewed(u64),
    /// It is not; the old one is as good as it was.
    NotRenewed,
}

#[derive(Serialize)]
struct Hello<'a> {
    protocol_version: u16,
    client: &'a str,
    locale: &'a str,
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    character_id: Option<u64>,
}

#[derive(Deserialize)]
struct ErrorTold {
    code: String,
    #[serde(default)]
    retry_after_ms: Option<u64>,
    #[serde(default)]
    about: Option<String>,
    #[serde(default)]
    min: Option<u16>,
    #[serde(default)]
    max: Option<u16>,
}

/// The envelope of a client's message; `None` where the bytes are none.
pub(super) fn envelope(bytes: &[u8], connection: &SocketConnection) -> Option<Vec<u8>> {
    let message = codec::decode_client(bytes).ok()?;
    let payload = match &message {
        ClientMessage::Hello { protocol_version, client, locale } => {
            let character_id = connection.character.map(|character| character.0);
            let (protocol_version, access_token) = (*protocol_version, connection.access_token.as_str());
            Payload::of_type(CODEC, HELLO, &Hello { protocol_version, client, locale, access_token, character_id })
        }
        message => Payload::of_message(CODEC, message),
    };
    Some(payload?.envelope(None))
}

/// The envelope that shows another access token.
pub(super) fn renewal(access_token: &str) -> Option<Vec<u8>> {
    #[derive(Serialize)]
    struct Renewal<'a> {
        access_token: &'a str,
    }
    Some(Payload::of_type(CODEC, RENEW, &Renewal { access_token })?.envelope(Some(RENEWAL_ID)))
}

/// What an envelope of the server says; `None` where it is none.
pub(super) fn hear(envelope: &[u8]) -> Option<Heard> {
    let head = read_head(CODEC, envelope).ok()?;
    match head.kind.as_str() {
        RENEWED => {
            let Renewed { expires_in_s } = read_payload(CODEC, envelope).ok()?;
            Some(Heard::Renewed(expires_in_s))
        }
        ErrorBody::TYPE if head.id == Some(RENEWAL_ID) => Some(Heard::NotRenewed),
        ErrorBody::TYPE => read_payload(CODEC, envelope).ok().map(error),
        kind => {
            let message: ServerMessage = read_message(CODEC, envelope, kind).ok()?;
            Some(Heard::Message(codec::encode(&message)))
        }
    }
}

fn error(told: ErrorTold) -> Heard {
    let ErrorTold { code, retry_after_ms, about, min, max } = told;
    let name: StrDeserializer<'_, Error> = code.as_str().into_deserializer();
    let known = match (min, max) {
        (Some(min), Some(max)) => Some(ErrorCode::VersionMismatch { min, max }),
        _ => ErrorCode::deserialize(name).ok(),
    };
    let Some(known) = known else { return Heard::Refused(code) };
    let about = (0..Refusal::ABOUT_NOTHING).find(|tag| about.is_some() && client_type(*tag) == about.as_deref());
    let message = ServerMessage::Error {
        code: known,
        about: about.unwrap_or(Refusal::ABOUT_NOTHING),
        retry_after_ms: retry_after_ms.map_or(0, |wait| u32::try_from(wait).unwrap_or(u32::MAX)),
    };
    Heard::Message(codec::encode(&message))
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::CharacterId;

    use super::*;

    fn told(kind: &str, payload: &impl Serialize) -> Option<Heard> {
        hear(&Payload::of_type(CODEC, kind, payload).expect("it can be written").envelope(Some(4)))
    }

    fn connection() -> SocketConnection {
        SocketConnection {
            address: "127.0.0.1:9".parse().expect("an address"),
            host: "localhost".to_owned(),
            access_token: "secret".to_owned(),
            expires_in_s: 900,
            character: Some(CharacterId(7)),
            tls: None,
        }
    }

    #[test]
    fn a_hello_has_the_token_in_it_and_no_other_message_has() {
        let hello = ClientMessage::Hello { protocol_version: 9, client: "test".to_owned(), locale: String::new() };
        let bytes = envelope(&codec::encode(&hello), &connection()).expect("it can be said");
        assert_eq!(read_message(CODEC, &bytes, HELLO), Ok(hello), "it is the same hello");
        #[derive(Deserialize)]
        struct Credentials {
            access_token: String,
            character_id: u64,
        }
        let Credentials { access_token, character_id } = read_payload(CODEC, &bytes).expect("it has more");
        assert_eq!((access_token.as_str(), character_id), ("secret", 7), "the token, and who plays");
        let ping = envelope(&codec::encode(&ClientMessage::Ping { nonce: 3 }), &connection()).expect("it can be said");
        assert!(!ping.windows(6).any(|window| window == b"secret"), "nobody is told it twice");
        assert_eq!(envelope(&[255], &connection()), None, "what is no message is not said");
    }

    #[test]
    fn the_answer_to_a_renewal_is_told_from_that_to_anything_else() {
        let shown = renewal("new").expect("it can be said");
        let head = read_head(CODEC, &shown).expect("an envelope");
        assert_eq!((head.kind.as_str(), head.id), (RENEW, Some(RENEWAL_ID)));
        assert_eq!(told(RENEWED, &Renewed { expires_in_s: 900 }), Some(Heard::Renewed(900)));
        let error = Payload::of_type(CODEC, ErrorBody::TYPE, &ErrorBody::new("too_soon", "no", Some(1_000)));
        let error = error.expect("it can be written");
        assert_eq!(hear(&error.envelope(Some(RENEWAL_ID))), Some(Heard::NotRenewed));
        assert!(matches!(hear(&error.envelope(None)), Some(Heard::Message(_))), "it is about something else");
    }

    #[test]
    fn messages_and_errors_come_in_our_own_codec() {
        let pong = ServerMessage::Pong { nonce: 5 };
        let bytes = Payload::of_message(CODEC, &pong).expect("it can be written").envelope(None);
        assert_eq!(hear(&bytes), Some(Heard::Message(codec::encode(&pong))));
        for code in [ErrorCode::TooSoon, ErrorCode::VersionMismatch { min: 7, max: 8 }, ErrorCode::Unavailable] {
            for about in [1, 255] {
                let error = ServerMessage::Error { code, about, retry_after_ms: 500 };
                let body = ErrorBody::of(code, about, 500);
                assert_eq!(told(ErrorBody::TYPE, &body), Some(Heard::Message(codec::encode(&error))), "{body:?}");
            }
        }
        let refused = told(ErrorBody::TYPE, &ErrorBody::new("unauthorized", "no", None));
        assert_eq!(refused, Some(Heard::Refused("unauthorized".to_owned())), "HTTP's codes are none of a session");
        assert_eq!(told("dance", &1), None, "no such message");
        assert_eq!(hear(b"\x05"), None, "no envelope");
    }
}
