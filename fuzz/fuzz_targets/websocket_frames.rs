#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hypogeum_envelope::fuzzing::frames(data));
