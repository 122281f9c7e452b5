//! Which ability an NPC uses when.

use crate::def::{AbilityDef, TacticCondition, TacticDef};
use crate::limits::{CONDITIONS_MAX, TACTICS_MAX};
use crate::locate::Spot;
use crate::review::Review;
use crate::{Content, Link};

/// Ranges and references of each tactic.
pub(super) fn check_tactics(at: Spot<'_>, tactics: &mut [TacticDef], review: &mut Review<'_>) {
    review.count(at, tactics.len(), 0..=TACTICS_MAX);
    for (index, tactic) in tactics.iter_mut().enumerate() {
        let at = at.nth(index);
        review.link(at.field("use"), &mut tactic.ability);
        review.range(at.field("every_ms"), tactic.every_ms, 0..=600_000);
        review.count(at.field("when"), tactic.when.len(), 0..=CONDITIONS_MAX);
        for (index, condition) in tactic.when.iter_mut().enumerate() {
            check_condition(at.field("when").nth(index), condition, review);
        }
    }
}

fn check_condition(at: Spot<'_>, condition: &mut TacticCondition, review: &mut Review<'_>) {
    use TacticCondition::{
        AllyHurt, Has, HpAbove, HpBelow, Lacks, TargetBeyond, TargetHas, TargetHpAbove, TargetHpBelow, TargetLacks,
        TargetWithin,
    };
    match condition {
        HpBelow(percent) => review.range(at.nth(0).named("HpBelow"), *percent, 1..=100),
        HpAbove(percent) => review.range(at.nth(0).named("HpAbove"), *percent, 0..=100),
        TargetHpBelow(percent) => review.range(at.nth(0).named("TargetHpBelow"), *percent, 1..=100),
        TargetHpAbove(percent) => review.range(at.nth(0).named("TargetHpAbove"), *percent, 0..=100),
        TargetWithin(cm) => review.range(at.nth(0).named("TargetWithin"), *cm, 1..=200_000),
        TargetBeyond(cm) => review.range(at.nth(0).named("TargetBeyond"), *cm, 0..=200_000),
        AllyHurt(percent) => review.range(at.nth(0).named("AllyHurt"), *percent, 1..=100),
        Has(effect) | Lacks(effect) | TargetHas(effect) | TargetLacks(effect) => review.link(at.nth(0), effect),
    }
}

/// Tactics use what the NPC can do, and help friends only with what helps.
pub(super) fn check_uses(
    content: &Content,
    tactics: &[TacticDef],
    abilities: &[Link<AbilityDef>],
    at: Spot<'_>,
    review: &mut Review<'_>,
) {
    for (index, tactic) in tactics.iter().enumerate() {
        let (at, key) = (at.nth(index), tactic.ability.key());
        let is_known = content.abilities.id(key).is_some();
        if is_known && !abilities.iter().any(|ability| ability.key() == key) {
            let known: Vec<String> = abilities.iter().map(|ability| format!("{:?}", ability.key())).collect();
            let expected = format!("one of its abilities: {}", known.join(", "));
            review.fault(at.field("use"), "ability that it does not have", format!("{key:?}"), expected);
        }
        let ability = content.abilities.find(tactic.ability.id());
        if tactic.ally_hurt().is_some() && ability.is_some_and(|ability| !ability.is_help(content)) {
            let expected = "an ability without damage, with an effect that heals or adds to a stat";
            review.fault(at.field("use"), "ability that helps no friend", format!("{key:?}"), expected);
        }
    }
}
