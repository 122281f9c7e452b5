/// Gives a target all that was kept of its runs. Every crate with targets includes this into its tests.
fn replay(name: &str, target: fn(&[u8])) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fuzz/seeds").join(name);
    let seeds = std::fs::read_dir(&folder).expect("seeds were kept");
    let count = seeds.map(|seed| target(&std::fs::read(seed.expect("a seed").path()).expect("its bytes"))).count();
    assert!(count > 0, "there are seeds in {}", folder.display());
}
