#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hypogeum_relay::fuzzing::link_conditions(data));
