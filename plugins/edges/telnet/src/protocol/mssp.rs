//! What crawlers that list servers are told of this one.

use super::codes::{MSSP, subnegotiation};

const VARIABLE: u8 = 1;
const VALUE: u8 = 2;

/// Appends what is told: names and values. Neither of ours has a byte that means something here.
pub(crate) fn write(told: &[(&str, String)], out: &mut Vec<u8>) {
    let mut contents = Vec::new();
    for (name, value) in told {
        contents.push(VARIABLE);
        contents.extend_from_slice(name.as_bytes());
        contents.push(VALUE);
        contents.extend(value.bytes().filter(|byte| *byte > VALUE));
    }
    subnegotiation(MSSP, &contents, out);
}
