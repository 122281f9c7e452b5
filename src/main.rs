//! The `hypogeum` binary.
fn main() {}
