//! What `README.md` tells people to write works as it stands there.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hypogeum_content::Content;
use hypogeum_protocol::NetId;
use hypogeum_shard::{Genesis, NetIds, Seed, Shard};
use hypogeum_space::{Body, Heading, Position, SpacePlugin, Stride};

/// The README's example of a plugin, to the letter.
mod example {
    use bevy_app::{App, Plugin};
    use bevy_ecs::prelude::*;
    use hypogeum_combat::HarmRequest;
    use hypogeum_protocol::NetId;
    use hypogeum_shard::{Named, ShardApp, ShardSchedule, ShardSystems, State};
    use serde::{Deserialize, Serialize};

    // From here
    #[derive(Component, Clone, Serialize, Deserialize)]
    pub(crate) struct Thirst(u32);
    impl State for Thirst {
        const NAME: &'static str = "thirst";
    }

    pub(crate) struct ThirstPlugin;
    impl Plugin for ThirstPlugin {
        fn build(&self, app: &mut App) {
            app.register_state::<Thirst>() // hashed every tick, in every snapshot
                .add_systems(ShardSchedule, grow_thirsty.in_set(ShardSystems::Apply));
        }
    }

    fn grow_thirsty(mut thirsty: Query<(&Named, &mut Thirst)>, mut harm: MessageWriter<HarmRequest>) {
        for (named, mut thirst) in &mut thirsty {
            thirst.0 += 1;
            if thirst.0 > 3_000 {
                harm.write(HarmRequest { source: NetId::NONE, target: named.0, amount: 1 });
            }
        }
    }
    // to here

    impl Thirst {
        pub(crate) const ALMOST_TOO_MUCH: Self = Self(2_999);
    }
}

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("there is a README")
}

/// The insides of all fenced blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).filter_map(|rest| Some(rest.split("```").next()?.to_owned())).collect()
}

/// Code as it reads, however it is laid out.
fn tokens(code: &str) -> String {
    code.replace("pub(crate) ", "").split_whitespace().collect()
}

#[test]
fn the_plugin_is_the_one_that_is_compiled_here() {
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file!())).expect("this file");
    let compiled = source.split("// From here\n").nth(1).and_then(|rest| rest.split("// to here").next());
    let compiled = compiled.expect("the example stands between two marks");
    assert!(blocks("rust").iter().any(|block| tokens(block) == tokens(compiled)), "README.md shows another plugin");
}

#[test]
fn the_plugin_does_what_it_says() {
    let content = Arc::new(Content::default());
    let mut shard = Shard::new(Genesis { seed: Seed::numbered(1), tick_hz: 30, content }, |app| {
        app.add_plugins((SpacePlugin, hypogeum_combat::CombatPlugin, example::ThirstPlugin));
        let rules = app.world().resource::<Genesis>().clone();
        let stats = hypogeum_content::def::Stats {
            strength: 10,
            dexterity: 10,
            intellect: 10,
            vitality: 10,
            armour: 0,
            speed_cm_per_s: 500,
        };
        let body = (Position { x: 5_000, y: 5_000 }, Heading(0), Stride::default(), Body { radius: 100 });
        let fighter = hypogeum_combat::fighter(
            &rules,
            stats,
            1,
            hypogeum_combat::Side(0),
            hypogeum_combat::AbilitySlots::default(),
        );
        let name = app.world_mut().resource_mut::<NetIds>().mint();
        app.world_mut().spawn((name, body, fighter, example::Thirst::ALMOST_TOO_MUCH));
    });
    assert_eq!(shard.unregistered(), Vec::<String>::new(), "what the example adds is registered");
    let hp = |shard: &Shard| {
        let entity = shard.world().resource::<hypogeum_shard::Directory>().entity(NetId(1)).expect("it is alive");
        shard.world().get::<hypogeum_combat::Health>(entity).expect("it has health").hp
    };
    let whole = hp(&shard);
    shard.step(&[]);
    assert_eq!(hp(&shard), whole, "at 3,000 it is not yet too much");
    shard.step(&[]);
    assert_eq!(hp(&shard), whole - 1, "beyond, it hurts");
}

#[test]
fn the_mode_and_the_hazard_load() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let mut files = Vec::new();
    for folder in ["abilities", "behaviours", "effects", "hazards", "items", "loot", "maps", "modes", "npcs"] {
        for entry in fs::read_dir(assets.join(folder)).expect("the folder ships") {
            let path = entry.expect("a file can be listed").path();
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            files.push((format!("{folder}/{name}"), fs::read_to_string(&path).expect("a file can be read")));
        }
    }
    let ron = blocks("ron");
    let hazard = ron.iter().find(|block| block.contains("Spore cloud")).expect("README.md shows a hazard");
    files.push(("hazards/spore_cloud.ron".to_owned(), hazard.clone()));
    let change = ron.iter().find(|block| block.contains("hazards: [")).expect("README.md shows a change of a mode");
    let line = readme()
        .lines()
        .find_map(|line| Some(line.split("`(hazard: \"spore_cloud\"").nth(1)?.split('`').next()?.to_owned()))
        .expect("README.md shows how a mode uses it");
    let (_, blitz) = files.iter_mut().find(|(path, _)| path == "modes/blitz.ron").expect("blitz ships");
    for field in ["hazards: [", "exits: ("] {
        let shown = change.split(field).nth(1).expect("both fields are shown").lines().next().unwrap_or_default();
        let old = blitz.find(&format!("    {field}")).expect("blitz has the field");
        let end = old + blitz[old..].find("\n    ]").or_else(|| blitz[old..].find("\n    )")).expect("it ends") + 6;
        let end =
            if field.starts_with("exits") { old + blitz[old..].find("\n    )").expect("it ends") + 6 } else { end };
        blitz.replace_range(old..=end, &format!("    {field}{shown}\n"));
    }
    let with_spores = blitz.replacen("hazards: [", &format!("hazards: [(hazard: \"spore_cloud\"{line}, "), 1);
    assert!(with_spores.contains("spore_cloud"), "the line is in");
    *blitz = with_spores;
    if let Err(mistakes) = Content::from_files(files) {
        panic!("what README.md tells designers to write is wrong: {mistakes:#?}");
    }
}
