#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hypogeum_client::fuzzing::lane_receiver(data));
