//! How long people may think.

use bevy_ecs::prelude::World;
use hypogeum_content::def::{BattleDef, ClockDef, TournamentDef};
use hypogeum_creature_messages::{BattleMove, Side};
use hypogeum_shard::Rules;

use super::state::{Duel, TournamentRef};

/// Seconds in the tournament's time.
pub(super) const fn ms(seconds: u32) -> u64 {
    seconds as u64 * 1_000
}

/// The definition of this tournament, and of its battles.
pub(super) fn definitions<'a>(which: &TournamentRef, rules: &'a Rules) -> Option<(&'a TournamentDef, &'a BattleDef)> {
    let def = rules.content.tournaments.find(which.def?)?;
    Some((def, rules.content.battles.find(def.battle.id())?))
}

/// As [`definitions`], of a world.
pub(super) fn definitions_of(world: &World) -> Option<(&TournamentDef, &BattleDef)> {
    definitions(world.resource::<TournamentRef>(), world.resource::<Rules>())
}

impl Duel {
    /// Until when a side may choose, where there is a clock.
    pub(super) fn deadline_ms(&self, side: Side, clock: Option<ClockDef>) -> Option<u64> {
        Some(self.since_ms.saturating_add(ms(clock?.turn_s)).saturating_add(self.banks_ms[side.index()]))
    }

    /// A side has chosen. What it took longer than a turn has, its bank pays.
    pub(super) fn choose(&mut self, side: Side, what: BattleMove, now_ms: u64, clock: Option<ClockDef>) {
        self.chosen[side.index()] = Some(what);
        if let Some(clock) = clock {
            let took = now_ms.saturating_sub(self.since_ms);
            let bank = &mut self.banks_ms[side.index()];
            *bank = bank.saturating_sub(took.saturating_sub(ms(clock.turn_s)));
        }
    }
}
