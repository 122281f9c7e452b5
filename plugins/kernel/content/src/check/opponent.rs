//! Opponents that are machines.

use std::collections::BTreeMap;

use crate::Content;
use crate::content::Sources;
use crate::def::{MoveCondition, MoveRule, MoveWeight, OpponentDef, PointsRule};
use crate::limits::{CREATURE_NAME_CHARS_MAX, OPPONENT_NAMES_MAX};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for OpponentDef {
    const FOLDER: &'static str = "opponents";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.range(at.field("level"), self.level, 1..=9);
        let names = at.field("names");
        review.count(names, self.names.len(), 1..=OPPONENT_NAMES_MAX);
        for (index, name) in self.names.iter().enumerate() {
            review.name(names.nth(index), name);
            if name.chars().count() > CREATURE_NAME_CHARS_MAX {
                let expected = format!("at most {CREATURE_NAME_CHARS_MAX} characters");
                review.fault(names.nth(index), "name is too long for a creature", format!("{name:?}"), expected);
            }
        }
        check_points(at.field("points"), &self.points, review);
        check_moves(at.field("moves"), &mut self.moves, review);
    }
}

fn check_points(at: Spot<'_>, points: &PointsRule, review: &mut Review<'_>) {
    match points {
        PointsRule::Random => {}
        PointsRule::Focus { stats_min, stats_max } => {
            let are_counts = review.in_range(at.field("stats_min"), *stats_min, 1..=5)
                & review.in_range(at.field("stats_max"), *stats_max, 1..=5);
            if are_counts {
                review.ordered((at.field("stats_min"), *stats_min), (at.field("stats_max"), *stats_max));
            }
        }
        PointsRule::Order(order) => {
            review.count(at, order.len(), 1..=32);
            for (index, (stats, points)) in order.iter().enumerate() {
                review.count(at.nth(index), stats.len(), 1..=5);
                review.range(at.nth(index), *points, 1..=100);
            }
        }
    }
}

fn check_moves(at: Spot<'_>, moves: &mut MoveRule, review: &mut Review<'_>) {
    match moves {
        MoveRule::Search { playouts, expects } => {
            review.range(at.field("playouts"), *playouts, 1..=2_000);
            review.link(at.field("expects"), expects);
        }
        MoveRule::Weights { attack, defend, special } => {
            for (name, weights) in [("attack", &*attack), ("defend", &*defend), ("special", &*special)] {
                check_weights(at.field(name), weights, review);
            }
            // It is always possible, so somebody who cannot do anything else does it.
            if !attack.iter().any(|weight| weight.weight > 0) {
                review.fault(at.field("attack"), "an opponent that never attacks", "no weight", "one above 0");
            }
        }
    }
}

fn check_weights(at: Spot<'_>, weights: &[MoveWeight], review: &mut Review<'_>) {
    review.count(at, weights.len(), 0..=16);
    for (index, MoveWeight { when, weight }) in weights.iter().enumerate() {
        let at = at.nth(index);
        review.range(at.field("weight"), *weight, 0..=1_000);
        review.count(at.field("when"), when.len(), 0..=8);
        for (index, condition) in when.iter().enumerate() {
            let (number, most) = match condition {
                MoveCondition::HpBelow(percent)
                | MoveCondition::OpponentHpBelow(percent)
                | MoveCondition::OpponentStrengthAbove(percent) => (*percent, 100),
                MoveCondition::TurnUpTo(turn) => (*turn, 1_000),
            };
            review.range(at.field("when").nth(index), number, 1..=most);
        }
    }
}

/// People choose opponents by their level, and whoever searches expects the other to move by weights.
pub(super) fn check_all(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    let mut levels: BTreeMap<u32, &str> = BTreeMap::new();
    for (_, key, def) in content.opponents.iter() {
        let Some(source) = sources.get(&(OpponentDef::FOLDER, key.to_owned())) else { continue };
        if let Some(other) = levels.insert(def.level, key) {
            let found = format!("level {} of {other} and {key}", def.level);
            review.fault(source.root().field("level"), "two opponents of one level", found, "a level of its own");
        }
        let MoveRule::Search { expects, .. } = &def.moves else { continue };
        let expected = content.opponents.find(expects.id()).map(|expected| &expected.moves);
        if matches!(expected, Some(MoveRule::Search { .. })) {
            let at = source.root().field("moves").field("expects");
            review.fault(at, "an opponent that cannot be expected", expects.key(), "one that moves by weights");
        }
    }
}
