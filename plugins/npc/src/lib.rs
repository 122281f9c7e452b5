//! Who lives there: senses, threat, brains and spawners.
