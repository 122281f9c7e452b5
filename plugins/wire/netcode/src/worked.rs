//! The examples of `PROTOCOL.md` that this crate's tests hold to what it does.

const DOCUMENT: &str = include_str!("../../../wire/protocol/PROTOCOL.md");

/// The bytes of the example fenced as `hex NAME`.
pub(crate) fn example(name: &str) -> Vec<u8> {
    let fence = format!("```hex {name}\n");
    let start = DOCUMENT.find(&fence).unwrap_or_else(|| panic!("no example `{name}`")) + fence.len();
    let length = DOCUMENT[start..].find("```").expect("the fence is closed");
    let digits = DOCUMENT[start..start + length].split_whitespace();
    digits.map(|pair| u8::from_str_radix(pair, 16).expect("two digits are a byte")).collect()
}
