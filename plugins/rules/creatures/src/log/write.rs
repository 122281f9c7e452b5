//! Writes the log of a battle.

use std::fmt::Write as _;

use hypogeum_content::def::BattleDef;
use hypogeum_creature_messages::{ActNews, ActResult, BattleMove, Side, TurnNews};

use super::field::escape;
use super::{BattleHead, VERSION};
use crate::battle::MoveError;
use crate::record::BattleRecord;

/// The log of a battle so far. Its seed stands in it once it is over: before, it would tell what is to come.
///
/// # Errors
/// [`MoveError`]: the record is none of a battle by these rules.
pub fn write(head: &BattleHead, rules: &BattleDef, record: &BattleRecord) -> Result<String, MoveError> {
    // Some 90 bytes a turn, and the rules.
    let mut out = String::with_capacity(1_024 + record.moves.len() * 128);
    line(&mut out, &["battle", VERSION]);
    line(&mut out, &["rules", &escape(&head.rules_key), &escape(&head.rules)]);
    for (side, stats) in head.sides.iter().zip(&record.stats) {
        line(&mut out, &["side", &escape(&side.kind), &escape(&side.name), &escape(&side.owner), &stats.to_string()]);
    }
    line(&mut out, &["fingerprint", &format!("{:016x}", record.seed.fingerprint())]);
    let mut moves = record.moves.iter();
    let battle = record.replay(rules, |turn| {
        if let Some(moves) = moves.next() {
            write_turn(&mut out, *moves, turn);
        }
    })?;
    if let Some(side) = record.forfeit {
        line(&mut out, &["forfeit", number_of(side)]);
    }
    if let Some((winner, end)) = battle.end() {
        line(&mut out, &["win", number_of(winner), end.name()]);
        line(&mut out, &["seed", &record.seed.to_string()]);
    }
    Ok(out)
}

fn write_turn(out: &mut String, [first, second]: [BattleMove; 2], turn: &TurnNews) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "|turn|{}|{first}|{second}", turn.turn);
    for ActNews { side, what, result, .. } in &turn.acts {
        let side = number_of(*side);
        let _ = match result {
            ActResult::Defends => writeln!(out, "|defends|{side}"),
            ActResult::Dodged => writeln!(out, "|dodged|{side}|{what}"),
            ActResult::Hit { damage, is_critical, is_defended, hp_before, hp_after } => {
                let critical = if *is_critical { "|critical" } else { "" };
                let defended = if *is_defended { "|defended" } else { "" };
                writeln!(out, "|hit|{side}|{what}|{damage}|{hp_before}|{hp_after}{critical}{defended}")
            }
        };
    }
}

/// Sides are counted from 1, as people do.
pub(super) const fn number_of(side: Side) -> &'static str {
    match side {
        Side::First => "1",
        Side::Second => "2",
    }
}

fn line(out: &mut String, fields: &[&str]) {
    for field in fields {
        out.push('|');
        out.push_str(field);
    }
    out.push('\n');
}
