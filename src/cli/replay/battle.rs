//! The log of a battle of creatures, which is text.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::Context;
use hypogeum_creature_messages::Side;
use hypogeum_creatures::{BATTLE_LOG_BYTES_MAX, ReplayedBattle, replay_battle_log};
use serde_json::{Value, json};

/// What such a log begins with.
const BEGINNING: &[u8] = b"|battle|";

/// The log of a battle, where a file is one.
pub(super) fn read(path: &Path) -> anyhow::Result<Option<String>> {
    if !path.is_file() {
        return Ok(None);
    }
    let reading = || format!("{} cannot be read", path.display());
    let mut file = File::open(path).with_context(reading)?;
    let mut beginning = [0; BEGINNING.len()];
    let is_battle = file.read_exact(&mut beginning).is_ok() && beginning == BEGINNING;
    if !is_battle {
        return Ok(None);
    }
    let mut rest = String::new();
    file.take(BATTLE_LOG_BYTES_MAX as u64 + 1).read_to_string(&mut rest).with_context(reading)?;
    Ok(Some(String::from_utf8_lossy(&beginning).into_owned() + rest.as_str()))
}

/// Plays it again. Returns what is printed by `--json`.
pub(super) fn replay(path: &Path, text: &str, is_json: bool) -> anyhow::Result<Value> {
    let ReplayedBattle { head, turns, end: (winner, how), .. } =
        replay_battle_log(text).with_context(|| path.display().to_string())?;
    let [first, second] = &head.sides;
    let name = match winner {
        Side::First => &first.name,
        Side::Second => &second.name,
    };
    if !is_json {
        sayln!(
            "{} ({}) against {} ({}), {} rules: {turns} turns, {name} has won by {}; every line is true",
            first.name,
            first.owner,
            second.name,
            second.owner,
            head.rules_key,
            how.name()
        );
    }
    Ok(json!({
        "battle": head.rules_key,
        "sides": head.sides.each_ref().map(|side| json!({ "name": side.name, "type": side.kind, "owner": side.owner })),
        "turns": turns,
        "winner": winner,
        "how": how,
    }))
}
