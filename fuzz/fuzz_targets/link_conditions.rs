#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| hypogeum_link_conditioner::fuzzing::link_conditions(data));
