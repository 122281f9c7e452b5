//! Types as JSON.

use hypogeum_creature_messages::{ActResult, BattleEnd, BattleMove, GameNews, PairingOutcome, Side, Wants};
use hypogeum_envelope::{Credentials, ErrorBody, Renewed};
use hypogeum_protocol::{
    Act, ChatChannel, ChatNotice, Chunk, ClientMessage, DamageCause, ErrorCode, GameEvent, Ignored, MatchPhase,
    Outcome, PartyAct, PropertyFault, PropertyValue, QueryFault, QueueRefusal, RecordKind, ServerMessage, Watched,
    Whereabouts,
};
use hypogeum_world_messages::{DoorState, WorldCommand, WorldNews};
use serde_json::{Map, Value, json};
use serde_reflection::{
    ContainerFormat, Format, FormatHolder, Named, Registry, Samples, Tracer, TracerConfig, VariantFormat,
};

/// Lengths of arrays of bytes that are hashes: readable formats write them as bytes, and others as lists.
const HASHES: [usize; 2] = [16, 32];

/// Every type that is part of a message or a body, as our own codec has it.
pub(crate) fn registry() -> Registry {
    let mut tracer = Tracer::new(TracerConfig::default().is_human_readable(false));
    macro_rules! trace {
        ($($type:ty),* $(,)?) => {
            $(tracer.trace_simple_type::<$type>().expect(stringify!($type));)*
        };
    }
    trace!(ClientMessage, ServerMessage, WorldCommand, WorldNews, GameNews, Chunk);
    // Each enum once more: only its own trace looks at all of its variants.
    trace!(Act, ChatChannel, ChatNotice, ErrorCode, GameEvent, DamageCause, Ignored, MatchPhase, Outcome);
    trace!(RecordKind);
    trace!(PartyAct, QueueRefusal, PropertyFault, PropertyValue, QueryFault, Watched, Whereabouts);
    trace!(DoorState, ActResult, BattleEnd, BattleMove, PairingOutcome, Side, Wants);
    tracer.registry().expect("each enum was traced")
}

/// The types of [`registry`], by name.
pub(crate) fn types() -> Map<String, Value> {
    let mut types: Map<String, Value> =
        registry().iter().map(|(name, container)| (name.clone(), container_of(container))).collect();
    // It writes itself, so it has no name there.
    types.insert("ItemId".to_owned(), json!({ "newtype": { "tuple": ["u64", "u32"] }, "readable": "string" }));
    types
}

/// What only a WebSocket says.
pub(crate) fn envelope() -> Value {
    let credentials = fields_of_struct::<Credentials>("Credentials");
    let token: Vec<Value> = credentials.iter().filter(|field| field["name"] == "access_token").cloned().collect();
    json!({
        "error": { "struct": error_fields() },
        "hello": { "struct": credentials },
        "renew": { "struct": token },
        "renewed": { "struct": fields_of_struct::<Renewed>("Renewed") },
        "state": "bytes",
    })
}

fn fields_of_struct<T: serde::de::DeserializeOwned>(name: &str) -> Vec<Value> {
    let mut tracer = Tracer::new(TracerConfig::default().is_human_readable(false));
    tracer.trace_simple_type::<T>().expect("it can be traced");
    let mut registry = tracer.registry().expect("it is no enum");
    // A number with a name of its own is in no message: here it is the number.
    let numbers: Vec<(String, Format)> = registry
        .iter()
        .filter_map(|(name, container)| match container {
            ContainerFormat::NewTypeStruct(format) => Some((name.clone(), (**format).clone())),
            _ => None,
        })
        .collect();
    for container in registry.values_mut() {
        container
            .visit_mut(&mut |format: &mut Format| {
                let Format::TypeName(named) = format else { return Ok(()) };
                if let Some((_, number)) = numbers.iter().find(|(name, _)| name == named) {
                    *format = number.clone();
                }
                Ok(())
            })
            .expect("nothing is refused");
    }
    fields_in(&registry, name)
}

/// Errors are only ever written, so one that has everything is looked at.
fn error_fields() -> Vec<Value> {
    let error = ErrorBody::of(ErrorCode::VersionMismatch { min: 1, max: 2 }, 0, 1);
    assert!(error.about.is_some() && error.retry_after_ms.is_some(), "it has everything: {error:?}");
    let mut tracer = Tracer::new(TracerConfig::default().is_human_readable(true));
    tracer.trace_value(&mut Samples::new(), &error).expect("it can be traced");
    fields_in(&tracer.registry().expect("it is no enum"), "ErrorBody")
}

fn fields_in(registry: &Registry, name: &str) -> Vec<Value> {
    match &registry[name] {
        ContainerFormat::Struct(fields) => fields_of(fields),
        other => panic!("{name} is no struct but {other:?}"),
    }
}

fn container_of(container: &ContainerFormat) -> Value {
    match container {
        ContainerFormat::NewTypeStruct(format) => described("newtype", format),
        ContainerFormat::Struct(fields) => json!({ "struct": fields_of(fields) }),
        ContainerFormat::Enum(variants) => {
            let variants = variants.iter().map(|(tag, variant)| variant_of(*tag, variant));
            json!({ "enum": variants.collect::<Vec<_>>() })
        }
        other => panic!("no message has a {other:?}"),
    }
}

fn variant_of(tag: u32, variant: &Named<VariantFormat>) -> Value {
    let mut described = match &variant.value {
        VariantFormat::Unit => json!({}),
        VariantFormat::NewType(format) => described("value", format),
        VariantFormat::Struct(fields) => json!({ "fields": fields_of(fields) }),
        other => panic!("no message has a {other:?}"),
    };
    described["name"] = variant.name.clone().into();
    described["tag"] = tag.into();
    described
}

fn fields_of(fields: &[Named<Format>]) -> Vec<Value> {
    let field = |field: &Named<Format>| {
        let mut described = described("type", &field.value);
        described["name"] = field.name.clone().into();
        described
    };
    fields.iter().map(field).collect()
}

/// A type under a key, and how readable formats write it where they do it otherwise.
fn described(key: &str, format: &Format) -> Value {
    let mut described = json!({ key: type_of(format) });
    if matches!(format, Format::TupleArray { content, size } if **content == Format::U8 && HASHES.contains(size)) {
        described["readable"] = "bytes".into();
    }
    described
}

fn type_of(format: &Format) -> Value {
    match format {
        Format::TypeName(name) => json!({ "name": name }),
        Format::Bool => "bool".into(),
        Format::I8 => "i8".into(),
        Format::I16 => "i16".into(),
        Format::I32 => "i32".into(),
        Format::I64 => "i64".into(),
        Format::U8 => "u8".into(),
        Format::U16 => "u16".into(),
        Format::U32 => "u32".into(),
        Format::U64 => "u64".into(),
        Format::Str => "string".into(),
        Format::Option(inner) => json!({ "option": type_of(inner) }),
        // A list of bytes is written as one of numbers, and is always meant as bytes.
        Format::Seq(inner) if **inner == Format::U8 => "bytes".into(),
        Format::Seq(inner) => json!({ "list": type_of(inner) }),
        Format::Tuple(parts) if *parts == [Format::U64, Format::U32] => json!({ "name": "ItemId" }),
        Format::Tuple(parts) => json!({ "tuple": parts.iter().map(type_of).collect::<Vec<_>>() }),
        Format::TupleArray { content, size } => json!({ "array": type_of(content), "length": size }),
        other => panic!("no message has a {other:?}"),
    }
}
