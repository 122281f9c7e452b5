//! A match of a few seconds, for tests that need many of them.

use std::fs;
use std::path::Path;

/// A mode that ends a few seconds after it began: two players, a bare little field, a way out almost at once.
pub const DASH: &str = "dash";

const MODE: &str = r#"(
    name: "Dash", map: "dash", players_min: 2, players_max: 2, fill: Nobody, absent: Nobody, autopilot: "contender",
    queue_wait_ms: 300, rating_window: (start: 10000, per_s: 0, max: 10000),
    loadout_ms: 5000, deploy_ms: 300, duration_ms: 12000,
    avatar: (
        stats: (strength: 12, dexterity: 12, intellect: 10, vitality: 40, speed_cm_per_s: 600),
        radius_cm: 40, abilities: ["throwing_knife"], unarmed: "fists", inventory_slots: 12, sight_cm: 6000,
    ),
    exits: (count: 2, radius_cm: 500, channel_ms: 600, open_ms: [(1500, 12000)]),
    npc_drops: Ground,
    rewards: (
        xp_per_player: 50, xp_extracted: 80, currency_extracted: 20, xp_kept_on_death_percent: 50,
        starter_items: ["rusty_sword", "padded_coat"],
    ),
)"#;

const MAP: &str = r#"(
    name: "Field", side_m: 40, obstacles: (count: 1, side_cm_min: 100, side_cm_max: 200),
    pois: [(kind: "cache", count: 1, radius_cm: 300, containers: 1, loot: "camp_chest")],
)"#;

/// Copies the project's content into a folder and adds the mode [`DASH`], to be named by `HYPOGEUM_SERVER__ASSETS_DIR`.
///
/// # Panics
/// Where the folder cannot be written to.
pub fn content_with_dash(folder: &Path) {
    copy_folder(&crate::server::workspace().join("assets"), folder);
    for (file, text) in [("modes/dash.ron", MODE), ("maps/dash.ron", MAP)] {
        fs::write(folder.join(file), text).expect("the test's own directory can be written to");
    }
}

/// Copies a folder and all that is in it.
///
/// # Panics
/// Where that cannot be done: a test has nothing to go on with then.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the test's own directory can be written to");
    for entry in fs::read_dir(from).expect("the project's content can be read") {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).expect("a file can be listed");
        if path.is_dir() {
            copy_folder(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).expect("the test's own directory can be written to");
        }
    }
}
