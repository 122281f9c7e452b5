#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hypogeum_creature_messages::fuzzing::creature_messages(data));
