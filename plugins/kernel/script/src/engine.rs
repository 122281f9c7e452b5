//! The one engine: what the language is, and where it ends. It is built once in a process and shared by all scripts.

use std::cell::Cell;
use std::sync::LazyLock;

use rhai::Engine;
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage, BasicStringPackage,
    LogicPackage, MoreStringPackage, Package,
};

use crate::api;
use crate::limits::{
    CALLS_DEEP_MAX, ENTRIES_MAX, EXPRESSIONS_DEEP_MAX, FUNCTIONS_MAX, OPERATIONS_MAX, TEXT_BYTES_MAX, VARIABLES_MAX,
};

/// By what names of functions are hashed: the same in every process, so that two never differ in a collision.
const HASHING_SEED: [u64; 4] = [0x4859_504F, 0x4745_554D, 0x5343_5249, 0x5054_0001];

/// What runs text as code, finds functions by texts, or writes somewhere.
const DISABLED: [&str; 7] = ["eval", "Fn", "call", "curry", "print", "debug", "is_def_fn"];

static ENGINE: LazyLock<Engine> = LazyLock::new(build);

thread_local! {
    /// Operations of the call that runs on this thread.
    static OPERATIONS: Cell<u64> = const { Cell::new(0) };
}

pub(crate) fn engine() -> &'static Engine {
    &ENGINE
}

pub(crate) fn start_counting() {
    OPERATIONS.set(0);
}

pub(crate) fn operations() -> u64 {
    OPERATIONS.get()
}

fn build() -> Engine {
    // Somebody else in this process may have fixed it: no result of ours depends on it.
    let _ = rhai::config::hashing::set_hashing_seed(Some(HASHING_SEED));
    let mut engine = Engine::new_raw();
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicMathPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    api::register(&mut engine);
    for symbol in DISABLED {
        engine.disable_symbol(symbol);
    }
    engine
        .set_max_operations(OPERATIONS_MAX)
        .set_max_call_levels(CALLS_DEEP_MAX)
        .set_max_expr_depths(EXPRESSIONS_DEEP_MAX, EXPRESSIONS_DEEP_MAX)
        .set_max_variables(VARIABLES_MAX)
        .set_max_functions(FUNCTIONS_MAX)
        .set_max_string_size(TEXT_BYTES_MAX)
        .set_max_array_size(ENTRIES_MAX)
        .set_max_map_size(ENTRIES_MAX)
        .set_strict_variables(true)
        .set_allow_anonymous_fn(false);
    engine.on_progress(|operations| {
        OPERATIONS.set(operations);
        None
    });
    engine
}
