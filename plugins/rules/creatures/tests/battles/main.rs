//! Battles from outside: against a slow model of the rules, against the chances that the rules say, and through their logs.

mod chances;
mod logs;
mod model;
mod opponents;

use std::path::Path;
use std::sync::LazyLock;

use hypogeum_content::Content;
use hypogeum_content::def::BattleDef;
use hypogeum_creature_messages::CreatureStats;

/// What ships.
static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    Content::load(&assets).expect("what ships is sound")
});

fn classic() -> &'static BattleDef {
    &CONTENT.battles[CONTENT.battles.id("classic").expect("it ships")]
}

fn stats(values: [u32; 5]) -> CreatureStats {
    CreatureStats::of_values(values)
}
