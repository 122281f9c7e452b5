//! A checkout with other line ends: its build called every database "made by a different build".

use std::fs;
use std::path::Path;

#[test]
fn text_is_checked_out_with_line_feeds_everywhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let attributes = fs::read_to_string(root.join(".gitattributes")).expect("the attributes are there");
    for ending in ["lock", "md", "ron", "rs", "sh", "sql", "toml", "yml"] {
        let pinned = attributes.lines().any(|line| line == format!("*.{ending} text eol=lf"));
        assert!(pinned, "files ending in .{ending} are pinned to line feeds");
    }
}
