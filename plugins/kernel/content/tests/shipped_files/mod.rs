//! The files this repository ships, as they are written.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use hypogeum_content::FOLDERS;

/// The shipped files, by path from `assets/` on.
pub(crate) static SHIPPED: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    let mut files = Vec::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(assets.join(folder)).expect("the folder is shipped") {
            let path = entry.expect("the entry is readable").path();
            let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
            files.push((format!("{folder}/{name}"), fs::read_to_string(&path).expect("the file is text")));
        }
    }
    files
});
