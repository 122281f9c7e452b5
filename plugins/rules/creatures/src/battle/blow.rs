//! One blow, in whole numbers.

use hypogeum_content::def::BattleDef;
use hypogeum_creature_messages::CreatureStats;
use hypogeum_shard::Dice;

/// All of something, in basis points.
const WHOLE_BP: u32 = 10_000;

/// A blow that was not dodged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Blow {
    pub(super) damage: u32,
    pub(super) is_critical: bool,
}

/// A blow by the rules that [`BattleDef`] writes down; `None` where it is dodged. Its dice roll base, critical and dodge, in that
/// order.
pub(super) fn roll(
    rules: &BattleDef,
    (striker, target): (&CreatureStats, &CreatureStats),
    (is_special, is_defended): (bool, bool),
    dice: &mut Dice,
) -> Option<Blow> {
    let special = |bp: u32| if is_special { bp } else { WHOLE_BP };
    let span = rules.damage_max.saturating_sub(rules.damage_min).saturating_add(1);
    let base = rules.damage_min + dice.below(span);
    let is_critical = hits(dice, rules.crit_bp_per_luck, striker.luck, special(rules.special.crit_bp));
    if hits(dice, rules.dodge_bp_per_speed, target.speed, special(rules.special.dodge_bp)) {
        return None;
    }
    // One exact fraction: every factor goes above or below its line, and the end is rounded once.
    let mut over = u128::from(base) * u128::from(striker.strength) * u128::from(special(rules.special.damage_bp));
    let mut under = u128::from(rules.strength_divisor.max(1)) * u128::from(WHOLE_BP);
    if is_critical {
        over *= u128::from(rules.crit_damage_bp);
        under *= u128::from(WHOLE_BP);
    }
    if is_defended {
        over *= u128::from(rules.defended_bp);
        under *= u128::from(WHOLE_BP);
    } else {
        let whole = u64::from(WHOLE_BP) * u64::from(WHOLE_BP);
        let taken = u64::from(rules.defence_bp_per_point) * u64::from(target.defence);
        let taken = taken.saturating_mul(u64::from(special(rules.special.defence_bp))).min(whole);
        over *= u128::from(whole - taken);
        under *= u128::from(whole);
    }
    let damage = u32::try_from((2 * over + under) / (2 * under)).unwrap_or(u32::MAX);
    Some(Blow { damage: damage.max(rules.damage_least), is_critical })
}

/// Whether something happens that has a chance for each point of a stat, times a factor in basis points; at most for sure.
fn hits(dice: &mut Dice, bp_per_point: u32, points: u32, factor_bp: u32) -> bool {
    // Of 10,000 × 10,000: the factor is not rounded either.
    let whole = WHOLE_BP * WHOLE_BP;
    let chance = u64::from(bp_per_point) * u64::from(points) * u64::from(factor_bp);
    u64::from(dice.below(whole)) < chance
}
