//! What a designer should look at: content that `check` calls good, and that does not play.

use std::collections::BTreeSet;

use hypogeum_content::def::ModeDef;
use serde::Serialize;

use super::measures::Spread;
use super::play::Plan;
use super::tables::Tables;

/// More get out than this, in percent: nothing endangers anyone.
const OUT_PERCENT_MAX: f64 = 80.0;
/// Fewer get out than this.
const OUT_PERCENT_MIN: f64 = 20.0;
/// Fewer kills for each player than this: hardly anybody fights.
const KILLS_MIN: f64 = 0.5;

/// Something that is probably not meant.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Finding {
    /// What sort of thing, for programs.
    pub(crate) code: &'static str,
    /// In a sentence.
    pub(crate) what: String,
}

/// Everything that is found.
pub(super) fn findings(plan: &Plan, (out, kills): (Spread, Spread), tables: &Tables) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |code, what| found.push(Finding { code, what });
    if out.mean > OUT_PERCENT_MAX {
        add("too_easy", format!("{:.0} % of all players get out: nothing stops them", out.mean));
    } else if out.mean < OUT_PERCENT_MIN {
        add("too_hard", format!("only {:.0} % of all players get out", out.mean));
    }
    if kills.mean < KILLS_MIN {
        add("no_fights", format!("{:.2} kills for each player: hardly anybody fights", kills.mean));
    }
    if let Some(mode) = plan.definition() {
        let gave: BTreeSet<&str> = tables.loot.iter().map(|row| row.table.as_str()).collect();
        for table in tables_used(plan, mode).into_iter().filter(|table| !gave.contains(table)) {
            add("table_never_gave", format!("the loot table {table:?} never gave anything"));
        }
        for npc in npcs_used(plan, mode) {
            match tables.npcs.iter().find(|row| row.npc == npc) {
                None => add("npc_never_came", format!("no {npc:?} ever came")),
                Some(row) if row.damage == 0 => add("npc_never_acted", format!("no {npc:?} ever hurt anybody")),
                Some(_) => {}
            }
        }
    }
    for row in tables.exits.iter().filter(|row| row.used == 0) {
        add("exit_unused", format!("nobody got out by exit {}", row.exit));
    }
    found
}

/// NPCs that a mode names itself, and the guards of its map.
fn npcs_used<'c>(plan: &'c Plan, mode: &'c ModeDef) -> BTreeSet<&'c str> {
    let guards = plan.content().maps[mode.map.id()].pois.iter().flat_map(|poi| &poi.guards);
    guards.map(|(npc, _)| npc.key()).chain(mode.spawners.iter().map(|spawner| spawner.npc.key())).collect()
}

/// Tables that are asked for by name in such matches: of containers, and of those NPCs.
fn tables_used<'c>(plan: &'c Plan, mode: &'c ModeDef) -> BTreeSet<&'c str> {
    let content = plan.content();
    let pois = content.maps[mode.map.id()].pois.iter().filter(|poi| poi.containers > 0);
    let npcs = npcs_used(plan, mode).into_iter().filter_map(|npc| content.npcs.id(npc));
    let of_npcs = npcs.filter_map(|npc| content.npcs[npc].loot.as_ref());
    pois.map(|poi| poi.loot.key()).chain(of_npcs.map(|loot| loot.key())).collect()
}
