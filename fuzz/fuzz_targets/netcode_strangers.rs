#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hypogeum_netcode::fuzzing::netcode_strangers(data));
