#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hypogeum_protocol::fuzzing::lane_down(data));
