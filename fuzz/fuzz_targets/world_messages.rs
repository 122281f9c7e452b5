#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hypogeum_world_messages::fuzzing::world_messages(data));
