//! What `README.md` says to write works as it stands there.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use hypogeum_content::Content;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIds, Seed, Shard, ShardConfig};
use hypogeum_space::{Body, Heading, MoveIntent, Position, SpacePlugin};

/// The README's example of a plugin, to the letter.
mod example {
    use bevy_app::{App, Plugin};
    use bevy_ecs::prelude::*;
    use hypogeum_combat::HarmRequest;
    use hypogeum_protocol::NetId;
    use hypogeum_shard::{NetIdOf, ShardApp, ShardSchedule, ShardSystems, State};
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

    fn grow_thirsty(mut thirsty: Query<(&NetIdOf, &mut Thirst)>, mut harm: MessageWriter<HarmRequest>) {
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
    let mut shard = Shard::new(ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content }, |app| {
        app.add_plugins((SpacePlugin, hypogeum_combat::CombatPlugin, example::ThirstPlugin));
        let rules = app.world().resource::<ShardConfig>().clone();
        let stats = hypogeum_content::def::Stats {
            strength: 10,
            dexterity: 10,
            intellect: 10,
            vitality: 10,
            armour: 0,
            speed_cm_per_s: 500,
        };
        let body = (Position { x: 5_000, y: 5_000 }, Heading(0), MoveIntent::default(), Body { radius: 100 });
        let fighter = hypogeum_combat::fighter(
            &rules,
            stats,
            1,
            hypogeum_combat::Side(0),
            hypogeum_combat::AbilitySlots::default(),
        );
        let name = app.world_mut().resource_mut::<NetIds>().allocate();
        app.world_mut().spawn((name, body, fighter, example::Thirst::ALMOST_TOO_MUCH));
    });
    assert_eq!(shard.unregistered(), Vec::<String>::new(), "what the example adds is registered");
    let hp = |shard: &Shard| {
        let entity = shard.world().resource::<hypogeum_shard::NetIdIndex>().entity(NetId(1)).expect("it is alive");
        shard.world().get::<hypogeum_combat::Health>(entity).expect("it has health").hp
    };
    let whole = hp(&shard);
    shard.step(&[]);
    assert_eq!(hp(&shard), whole, "at 3,000 it is not yet too much");
    shard.step(&[]);
    assert_eq!(hp(&shard), whole - 1, "beyond, it hurts");
}

#[test]
fn numbers_are_those_of_the_code() {
    use hypogeum_loadbots::{BOTS_MAX, CROWD_INPUT_HZ, SMALL_SWARM};
    let words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let text = readme().replace('\n', " ");
    let crowd = format!("More than {SMALL_SWARM} bots decide {} times a second", words[CROWD_INPUT_HZ as usize]);
    assert!(text.contains(&crowd), "README.md says {crowd:?}");
    let most = format!("up to {},{:03} bots", BOTS_MAX / 1_000, BOTS_MAX % 1_000);
    assert!(text.contains(&most), "README.md says {most:?}");
}

#[test]
fn the_mode_and_the_hazard_load() {
    let mut files = shipped();
    let ron = blocks("ron");
    let hazard = ron.iter().find(|block| block.contains("Spore cloud")).expect("README.md shows a hazard");
    files.push(("hazards/spore_cloud.ron".to_owned(), hazard.clone()));
    let change = ron.iter().find(|block| block.contains("// in hazards")).expect("README.md shows a change of a mode");
    let line = readme()
        .lines()
        .find_map(|line| Some(line.split("`(hazard: \"spore_cloud\"").nth(1)?.split('`').next()?.to_owned()))
        .expect("README.md shows how a mode uses it");
    let (_, blitz) = files.iter_mut().find(|(path, _)| path == "modes/blitz.ron").expect("blitz ships");
    let exits = blitz.find("    exits: (").expect("blitz has exits");
    let end = exits + blitz[exits..].find("\n    ),").expect("they end") + "\n    ),".len();
    blitz.replace_range(exits..end, "    exits: ()");
    for shown in change.lines().filter(|line| !line.starts_with("//")) {
        let name = &shown[..shown.find([':', ',']).expect("a field or a hazard") + 1];
        let name = if name.starts_with("(hazard:") { "(hazard: \"storm\"" } else { name };
        let old = blitz.lines().find(|line| line.trim_start().starts_with(name)).expect("blitz has it").to_owned();
        *blitz = blitz.replacen(&old, shown, 1);
    }
    let with_spores = blitz.replacen("hazards: [", &format!("hazards: [(hazard: \"spore_cloud\"{line}, "), 1);
    assert!(with_spores.contains("spore_cloud"), "the line is in");
    *blitz = with_spores;
    if let Err(mistakes) = Content::from_files(files) {
        panic!("what README.md shows designers is wrong: {mistakes:#?}");
    }
}

fn assets_readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/README.md")).expect("it ships")
}

/// The shipped files, by path from `assets/` on.
fn shipped() -> Vec<(String, String)> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let mut files = Vec::new();
    for folder in hypogeum_content::FOLDERS {
        for entry in fs::read_dir(assets.join(folder)).expect("the folder ships") {
            let path = entry.expect("a file can be listed").path();
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            files.push((format!("{folder}/{name}"), fs::read_to_string(&path).expect("a file can be read")));
        }
    }
    files
}

/// The shipped files with more beside them.
fn assets_with(more: Vec<(String, String)>) -> Result<Content, Vec<hypogeum_content::ContentError>> {
    Content::from_files([shipped(), more].concat())
}

#[test]
fn the_reference_of_assets_names_every_field() {
    let text = assets_readme();
    let (mut named, mut folders) = (0, 0);
    // A field that nobody knows makes each kind of file list those it has.
    for part in text.split("\n### `").skip(1) {
        let (folder, part) = part.split_once("/`").expect("a folder");
        let unknown = (format!("{folder}/unknown.ron"), "(xyzzy: 1)".to_owned());
        let errors = assets_with(vec![unknown]).expect_err("no kind of file has that field");
        let fields = errors[0].expected.strip_prefix("one of ").expect("the fields there are");
        folders += 1;
        for field in fields.split(", ") {
            assert!(part.contains(&format!("`{field}`")), "assets/README.md says nothing of {field} of {folder}/");
            named += 1;
        }
    }
    assert!(folders == 20 && named > 120, "{named} fields of {folders} folders were looked for");
}

#[test]
fn the_formulas_of_assets_are_those_of_the_code() {
    use hypogeum_combat::{Modifiers, Sheet};
    let text = assets_readme();
    let stats = |intellect, vitality| hypogeum_content::def::Stats {
        strength: 100,
        dexterity: 10,
        intellect,
        vitality,
        armour: 0,
        speed_cm_per_s: 500,
    };
    let rules = ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content: Arc::new(Content::default()) };
    let sheet =
        |intellect, vitality, level| Sheet::new(&rules, stats(intellect, vitality), level, &Modifiers::default());
    let (few, more) = (sheet(10, 10, 1), sheet(11, 11, 1));
    let per_intellect = more.mp_max - few.mp_max;
    let mana = format!("| full mana | {} + {per_intellect} × intellect,", few.mp_max - 10 * per_intellect);
    assert!(text.contains(&mana), "assets/README.md says {mana:?}");
    let hit_points = format!("| full hit points | {} × vitality,", more.hp_max - few.hp_max);
    assert!(text.contains(&hit_points), "assets/README.md says {hit_points:?}");
    let growth = sheet(10, 10, 2).derived.strength - few.derived.strength;
    let growth = format!("base × (100 % + {growth} % × (L − 1))");
    assert!(text.contains(&growth), "assets/README.md says {growth:?}");
}
