//! Leaves out of the protocol's tables those that the page does not read. The SDK, which others load from here, has them all.

/// Tables that only those who write clients read.
const UNREAD: [&str; 3] = ["limits", "errors", "close_codes"];

/// The module of the protocol without these tables: each begins in a line of its own, indented by two spaces, and what it holds is indented further.
pub(crate) fn without_unread(module: &str) -> String {
    let mut out = String::with_capacity(module.len());
    let mut is_read = true;
    for line in module.lines() {
        if let Some(table) = line.strip_prefix("  \"") {
            is_read = !UNREAD.contains(&table.split('"').next().unwrap_or_default());
        } else if !line.starts_with(' ') {
            is_read = true;
        }
        if is_read {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}
