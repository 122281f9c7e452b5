//! What a decision means this tick: where to walk, where to look, what to use.

use bevy_ecs::prelude::{DetectChangesMut, Has, Query, Res, Without};
use hypogeum_combat::{AbilityIntent, AbilitySlots, Casting, Cooldowns, Dead, Mana, reach, ready};
use hypogeum_content::def::{AbilityDef, Activity};
use hypogeum_content::{Content, Id};
use hypogeum_shard::{NetIdIndex, Rules, Tick};
use hypogeum_space::turn::{distance, toward};
use hypogeum_space::{Body, Heading, METRE, MoveIntent, MoveSpeed, Position};

use crate::{Brain, TacticState};

/// Share of full speed of a stroll.
const STROLL_PERCENT: u8 = 40;
/// How near a corner counts as turned.
const CORNER: i32 = METRE / 4;

/// Every mind walks where its last decision leads and uses what reaches its target.
pub(crate) fn steer(
    rules: Res<Rules>,
    tick: Res<Tick>,
    directory: Res<NetIdIndex>,
    targets: Query<(&Position, &Body), Without<Dead>>,
    mut minds: Query<
        (
            &mut Brain,
            &Position,
            &Body,
            &MoveSpeed,
            &AbilitySlots,
            &Cooldowns,
            &Mana,
            &Casting,
            &mut Heading,
            &mut MoveIntent,
            &mut AbilityIntent,
            Has<TacticState>,
        ),
        Without<Dead>,
    >,
) {
    for (
        mut brain,
        &at,
        body,
        speed,
        slots,
        cooldowns,
        mana,
        casting,
        mut heading,
        mut intent,
        mut wanted,
        has_tactics,
    ) in &mut minds
    {
        let target = if fights(brain.activity) {
            directory.entity(brain.target).and_then(|who| targets.get(who).ok())
        } else {
            None
        };
        let mut walk = brain.goal.map(|_| brain.waypoint);
        let mut used_slot = 0;
        let mut face = None;
        if let Some((&there, bulk)) = target {
            let away = distance(at, there);
            let between = away.saturating_sub(body.radius).saturating_sub(bulk.radius).max(0);
            face = Some(there);
            if brain.sees_target {
                let means = Means { tick: tick.0, slots, cooldowns, mana, casting };
                // Who has tactics follows them next.
                used_slot = if has_tactics { 0 } else { best_slot(&rules, &means, between, |_| true) };
                if brain.activity == Activity::Fight {
                    let nearest = reaches(&rules.content, slots).map(|(_, reach)| reach).min().unwrap_or(0);
                    let straight = brain.goal == Some(brain.waypoint);
                    let close_enough = straight && between <= nearest / 5 * 4;
                    walk = if close_enough { None } else { Some(if straight { there } else { brain.waypoint }) };
                }
            }
        }
        let pace = if brain.activity == Activity::Wander { STROLL_PERCENT } else { 100 };
        let next = walk.map_or_else(MoveIntent::default, |to| move_toward(at, to, speed.speed, pace));
        if let Some(to) = walk
            && distance(at, to) <= CORNER.max(speed.speed)
            && brain.goal.is_some_and(|goal| goal != to)
            && brain.next_think_tick > tick.0 + 1
            && target.is_none_or(|(there, _)| *there != to)
        {
            // A corner is turned: only a thought knows the next one.
            brain.next_think_tick = tick.0 + 1;
        }
        if let Some(there) = face {
            heading.set_if_neq(Heading(toward(there.x.saturating_sub(at.x), there.y.saturating_sub(at.y))));
        } else if next.percent > 0 {
            heading.set_if_neq(Heading(next.direction));
        }
        assert!(next.percent <= 100, "nobody walks faster than at full speed");
        assert!(usize::from(used_slot) <= slots.0.len(), "only what is in a slot is used");
        intent.set_if_neq(next);
        wanted.set_if_neq(AbilityIntent(used_slot));
    }
}

/// Whether one turns to its target and uses what reaches it.
pub(crate) const fn fights(activity: Activity) -> bool {
    matches!(activity, Activity::Fight | Activity::Kite | Activity::CallForHelp)
}

fn move_toward(at: Position, to: Position, speed: i32, pace: u8) -> MoveIntent {
    let away = distance(at, to);
    if away == 0 || speed <= 0 {
        return MoveIntent::default();
    }
    let direction = toward(to.x.saturating_sub(at.x), to.y.saturating_sub(at.y));
    // The last step is only as long as the way.
    let percent =
        (u64::from(away.unsigned_abs()) * 100).div_ceil(u64::from(speed.unsigned_abs())).min(u64::from(pace)) as u8;
    MoveIntent { direction, percent }
}

/// What a blow needs.
pub(crate) struct Means<'a> {
    pub(crate) tick: u32,
    pub(crate) slots: &'a AbilitySlots,
    pub(crate) cooldowns: &'a Cooldowns,
    pub(crate) mana: &'a Mana,
    pub(crate) casting: &'a Casting,
}

/// Abilities against enemies by index of their slot, and how far each reaches from edge to edge, in subunits. What only helps
/// is none.
pub(crate) fn reaches<'a>(content: &'a Content, slots: &'a AbilitySlots) -> impl Iterator<Item = (usize, i32)> + 'a {
    let defs = slots.0.iter().enumerate().filter_map(|(slot, id)| Some((slot, content.abilities.find((*id)?)?)));
    defs.filter(|(_, def)| !def.is_help(content)).map(|(slot, def)| (slot, reach(def.shape)))
}

/// The input number of the ability that hurts most of those that may be used, are ready and reach; 0 for none.
pub(crate) fn best_slot(rules: &Rules, means: &Means<'_>, between: i32, may: impl Fn(Id<AbilityDef>) -> bool) -> u8 {
    let mut best = (0, 0);
    for (slot, reach) in reaches(&rules.content, means.slots) {
        let id = means.slots.0.get(slot).copied().flatten().filter(|id| may(*id));
        let Some(def) = id.and_then(|id| rules.content.abilities.find(id)) else { continue };
        // What only weakens counts a little, so that it is used while nothing better is ready.
        let worth = def.damage + 1;
        if between <= reach
            && worth > best.0
            && ready(rules, means.tick, slot, means.slots, means.cooldowns, means.mana, means.casting)
        {
            best = (worth, slot as u8 + 1);
        }
    }
    best.1
}
