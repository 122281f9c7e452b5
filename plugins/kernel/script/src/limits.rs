//! Bounds of a script, each with its reason.

/// Operations of one call: a page of decisions. At about 0.15 µs each, a call that uses them all costs 0.3 ms.
pub const OPERATIONS_MAX: u64 = 2_000;
/// Questions of one call that look into the world; an answer of several things counts as so many.
pub const LOOKS_MAX: u32 = 256;
/// Intents of one call.
pub const INTENTS_MAX: usize = 32;
/// Functions in one another.
pub const CALLS_DEEP_MAX: usize = 8;
/// Expressions in one another.
pub const EXPRESSIONS_DEEP_MAX: usize = 24;
/// Variables at once, also those of all functions under way.
pub const VARIABLES_MAX: usize = 64;
/// Functions of one script.
pub const FUNCTIONS_MAX: usize = 64;
/// Bytes of a text within a script.
pub const TEXT_BYTES_MAX: usize = 1_024;
/// Entries of an array and of a map, with those of what is in them.
pub const ENTRIES_MAX: usize = 64;
/// Bytes of a script as it is written.
pub const SOURCE_BYTES_MAX: usize = 64 * 1_024;
/// What a script remembers between calls: entries.
pub const MEMORY_ENTRIES_MAX: usize = 32;
/// Bytes of the name of what is remembered.
pub const MEMORY_KEY_BYTES_MAX: usize = 32;
/// Bytes of a text that is remembered.
pub const MEMORY_TEXT_BYTES_MAX: usize = 256;
/// Bytes of words told to players, as those of a trigger.
pub const WORDS_BYTES_MAX: usize = 512;
/// NPCs that one intent brings, as those of a trigger.
pub const SPAWN_COUNT_MAX: i64 = 16;
/// Shortest and longest time until a function is called later, in milliseconds.
pub const AFTER_MS: core::ops::RangeInclusive<i64> = 100..=3_600_000;
/// Sides of the largest dice.
pub const DICE_SIDES_MAX: i64 = 1_000_000;
/// Mistakes of one script that are listed.
pub const FAULTS_MAX: usize = 32;
