//! Teams of a mode.

use crate::def::{DownedDef, TeamsDef};
use crate::locate::Spot;
use crate::review::Review;

/// Numbers within their ranges, and a place in a team for each participant; `players_max` stands at the second spot.
pub(super) fn check_teams(at: Spot<'_>, teams: &TeamsDef, players: (Spot<'_>, u32), review: &mut Review<'_>) {
    let are_numbers =
        review.in_range(at.field("count"), teams.count, 2..=64) & review.in_range(at.field("size"), teams.size, 1..=12);
    let (players_at, players_max) = players;
    if are_numbers && players_max != teams.count * teams.size {
        let expected = format!("{}, {} teams of {}", teams.count * teams.size, teams.count, teams.size);
        review.fault(players_at, "participants do not fit the teams", players_max, expected);
    }
    if let Some(downed) = &teams.downed {
        check_downed(at.field("downed"), downed, review);
    }
}

fn check_downed(at: Spot<'_>, downed: &DownedDef, review: &mut Review<'_>) {
    let is_time = review.in_range(at.field("bleed_out_ms"), downed.bleed_out_ms, 1_000..=600_000);
    let longest_ms = if is_time { i64::from(downed.bleed_out_ms) - 1 } else { 60_000 };
    review.range(at.field("revive_ms"), downed.revive_ms, 100..=longest_ms.min(60_000));
    review.range(at.field("reach_cm"), downed.reach_cm, 50..=1_000);
    review.range(at.field("hp_percent"), downed.hp_percent, 1..=100);
    review.range(at.field("revived_hp_percent"), downed.revived_hp_percent, 1..=100);
}
