//! What the fuzz target of `fuzz/` does with its bytes, and the seeds that were kept, replayed as a test.

use crate::LinkConditions;

/// A link's conditions as text.
pub fn link_conditions(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(conditions) = text.parse::<LinkConditions>() else { return };
    assert_eq!(conditions.to_string().parse(), Ok(conditions), "what was read can be written and read");
}

#[cfg(test)]
mod tests {
    #[test]
    fn kept_conditions_are_read_or_refused() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz/seeds/link_conditions");
        let seeds = std::fs::read_dir(folder).expect("seeds were kept");
        let replay = |seed: std::path::PathBuf| super::link_conditions(&std::fs::read(seed).expect("its bytes"));
        let count = seeds.map(|seed| replay(seed.expect("a seed").path())).count();
        assert!(count > 0, "there are seeds");
    }
}
