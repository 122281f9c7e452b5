//! How far an NPC follows whom it hunts, and when it turns back.

use hypogeum_space::turn::distance;

use crate::Brain;
use crate::activity::THERE;
use crate::drive::Facts;

/// Longest way home before it lets itself be distracted again.
const RETURN_MS: u32 = 20_000;

/// Whether it is farther from its home than its leash is long.
pub(super) fn is_beyond(facts: &Facts<'_, '_, '_>) -> bool {
    facts.home.zip(facts.home_distance()).is_some_and(|(home, away)| away > home.leash)
}

/// Whether one on its way home still minds nobody: until it is well within its leash again, or has tried for too long, or
/// an enemy that hurts it stands within its leash as it does itself.
pub(super) fn still_returning(facts: &Facts<'_, '_, '_>, brain: &Brain) -> bool {
    let Some((home, away)) = facts.home.zip(facts.home_distance()) else { return false };
    let too_long = facts.scene.tick.0.saturating_sub(brain.since_tick) > facts.scene.rules.ticks(RETURN_MS);
    let tormentor = if facts.recently_hurt() { facts.scene.enemy(&facts.eye, facts.last_hurt.by) } else { None };
    let at_bay = tormentor.is_some_and(|at| distance(home.at, at) <= home.leash) && away <= home.leash;
    away > (home.leash / 4).max(2 * THERE) && !too_long && !at_bay
}
