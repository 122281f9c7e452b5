//! The examples of `assets/README.md` can be used as they stand there.

mod shipped_files;

use std::fs;
use std::path::Path;

use hypogeum_content::Content;
use shipped_files::SHIPPED;

/// The examples with their paths: each stands behind the path of its file, in the order of paths.
fn examples() -> Vec<(String, String)> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/README.md");
    let guide = fs::read_to_string(guide).expect("the guide is text");
    let (mut paths, mut examples) = (Vec::new(), Vec::new());
    for (index, part) in guide.split("```").enumerate() {
        if index % 2 == 0 {
            let quoted = part.split('`').skip(1).step_by(2);
            paths.extend(
                quoted
                    .filter(|word| word.contains('/') && (word.ends_with(".ron") || word.ends_with(".rhai")))
                    .filter(|word| !word.contains(['<', '*']))
                    .map(str::to_owned),
            );
        } else if !part.starts_with("ftl\n") {
            // Messages are read by who has all of them.
            let example = part.strip_prefix("ron\n").or(part.strip_prefix("rhai\n"));
            let example = example.expect("every example is a definition or a script");
            let path = paths.get(examples.len()).expect("the path of an example stands before it");
            examples.push((path.clone(), example.to_owned()));
        }
    }
    assert_eq!(examples.len(), paths.len(), "every path has its example: {paths:?}");
    examples
}

#[test]
fn examples_are_sound_beside_what_ships() {
    let examples = examples();
    let has = |folder: &str| examples.iter().any(|(path, _)| path.starts_with(folder));
    assert!(
        has("zones/") && has("archetypes/") && has("npcs/") && has("scripts/"),
        "the guide shows how each is written"
    );
    let report = Content::check_files(SHIPPED.iter().cloned().chain(examples));
    assert!(report.errors.is_empty(), "designers would copy a mistake: {:#?}", report.errors);
    // No mode of the guide leads to its map.
    let warnings = report.warnings.iter().filter(|warning| warning.what != "never used");
    let warnings: Vec<String> = warnings.map(ToString::to_string).collect();
    assert_eq!(warnings, [""; 0], "or what looks like one");
}

#[test]
fn the_zone_of_the_guide_is_a_pack_of_its_own() {
    let content = Content::from_files(SHIPPED.iter().cloned().chain(examples())).expect("examples are sound");
    let icefall = content.zones.id("icefall").expect("the guide has a zone");
    let pack = content.pack_of_zone(icefall);
    let read =
        hypogeum_content::ContentPack::read(pack.text()).expect("a gate into a zone that is not here is no mistake");
    assert_eq!(read.hash(), pack.hash(), "it is the same content");
    assert!(read.content().zones.id("lanternfoot").is_none(), "the zone behind the gate is another content");
    assert!(read.content().scripts.id("icefall").is_some(), "the script that it calls goes with it");
    assert!(read.content().archetypes.id("mage").is_some(), "whoever comes is one of the archetypes");
}
