//! Vector files: compared, or written.

use std::path::Path;

/// Set where files are to be written instead of compared.
const WRITES: &str = "HYPOGEUM_WRITE_VECTORS";
/// Nobody wants to read more, or to keep it.
const BYTES_MAX: usize = 200 * 1_024;

/// Holds a file to what it should be. One that differs is also written beside the build, to be looked at.
pub(crate) fn check(name: &str, text: &str) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../javascript/test/vectors").join(name);
    if std::fs::read_to_string(&kept).unwrap_or_default() == text {
        return;
    }
    let written = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&written, text).expect("a file can be written beside the build");
    assert!(text.len() <= BYTES_MAX, "{} has {} bytes", written.display(), text.len());
    if std::env::var_os(WRITES).is_some() {
        std::fs::write(&kept, text).expect("the file can be written");
    } else {
        panic!("{} differs from {}; {WRITES}=1 writes it", written.display(), kept.display());
    }
}
