//! The troubles of `tests/field` that take minutes to show: run by `bash tests/field/run --long` alone.

mod sigterm_with_ten_thousand;

#[path = "../field/crowd.rs"]
mod crowd;
#[path = "../faults/files.rs"]
#[allow(dead_code, reason = "shared with the tests of faults, which use the rest")]
mod files;
#[path = "../faults/people.rs"]
#[allow(dead_code, reason = "shared with the tests of faults, which use the rest")]
mod people;
