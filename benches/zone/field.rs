//! Content with zones of rooms in rows, each open to its neighbours.

use std::fmt::Write as _;
use std::path::Path;

/// Rooms along each side.
pub(crate) const ROWS: u32 = 16;
/// Side of a room in metres.
const ROOM_M: u32 = 30;

/// The shipped content, with these zones in the place of its own, each with so many NPCs.
pub(crate) fn write(assets: &Path, zones: &[(String, u32)]) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    for entry in std::fs::read_dir(shipped).expect("the content can be read") {
        let path = entry.expect("it can be listed").path();
        let name = path.file_name().expect("it has a name").to_owned();
        if path.is_dir() && name != "zones" {
            hypogeum_testkit::copy_folder(&path, &assets.join(name));
        }
    }
    let folder = assets.join("zones");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    for (name, npcs) in zones {
        std::fs::write(folder.join(format!("{name}.ron")), zone(*npcs)).expect("a file can be written");
    }
}

fn key(x: u32, y: u32) -> String {
    format!("r{x}_{y}")
}

fn cells() -> impl Iterator<Item = (u32, u32)> {
    (0..ROWS).flat_map(|y| (0..ROWS).map(move |x| (x, y)))
}

fn zone(npcs: u32) -> String {
    let side = ROWS * ROOM_M + 20;
    let mut text = format!("(name: \"Field\", theme: \"field\", level: (1, 9), tick_hz: 10, side_m: {side}, rooms: [");
    for (x, y) in cells() {
        let (left, low) = (10 + x * ROOM_M, 10 + y * ROOM_M);
        let area = format!("(x: {left}, y: {low}, width: {ROOM_M}, height: {ROOM_M})");
        let words = "name: \"Field\", description: \"Grass, and more grass.\"";
        let _ = writeln!(text, "(key: \"{}\", {words}, area: {area}),", key(x, y));
    }
    text += "], ways: [";
    for (x, y) in cells() {
        for (to, words) in [((x + 1, y), "(\"east\", \"west\")"), ((x, y + 1), "(\"north\", \"south\")")] {
            if to.0 < ROWS && to.1 < ROWS {
                let between = format!("(\"{}\", \"{}\")", key(x, y), key(to.0, to.1));
                let _ = writeln!(text, "(between: {between}, words: {words}, width_cm: 2800),");
            }
        }
    }
    text += "], spawners: [";
    let spawners = npcs.min(120);
    for number in 0..spawners {
        let npc = ["wolf", "raider", "rat"][number as usize % 3];
        let room = key(number * 7 % ROWS, number * 5 / ROWS % ROWS);
        let count = npcs / spawners + u32::from(number < npcs % spawners);
        let _ = writeln!(text, "(npc: \"{npc}\", count: {count}, room: \"{room}\", respawn_ms: 3000),");
    }
    // Every room is somebody's way: from the shrine in the middle they spread by walking.
    text += "], shrine: \"r8_8\", death: (respawn_ms: 3000, loses: Nothing))";
    text
}
