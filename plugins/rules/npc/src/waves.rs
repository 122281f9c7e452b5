//! Spawners that bring their NPCs in waves: one rule for matches and zones.

use bevy_ecs::prelude::{Component, Entity, Query, Res, With, Without, World};
use hypogeum_combat::Dead;
use hypogeum_content::def::WavesDef;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdOf, NetIds, Rules, State, Tick};
use serde::{Deserialize, Serialize};

use crate::{Npc, SpawnedBy, Spawner};

/// No wave is awaited.
const NEVER: u32 = u32::MAX;

/// Waves of a spawner, beside the [`Spawner`] that brings them. Only `npc` changes it.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waves {
    /// How many waves there are.
    pub count: u32,
    /// NPCs in the first, and more in each that follows.
    pub size: u32,
    /// How many more.
    pub grows_by: u32,
    /// Ticks from the end of a wave to the next.
    pub pause_ticks: u32,
    /// Most ticks from one wave to the next; 0: as long as it takes.
    pub at_latest_ticks: u32,
    /// Ticks from the end of the last wave to the first again; 0: never.
    pub again_ticks: u32,
    /// How many have come, of this round.
    pub came: u32,
    /// When the next one comes; `u32::MAX`: nobody knows yet.
    pub next_tick: u32,
}

impl State for Waves {
    const NAME: &'static str = "waves";
}

/// Puts a spawner into the world that brings waves, and returns its name. What it owes at first is its first wave, and the time
/// after which it would replace the dead is that after which it begins again.
pub fn spawn_waves(world: &mut World, mut spawner: Spawner, def: &WavesDef) -> NetId {
    let rules = world.resource::<Rules>();
    let ticks = |ms: u32| if ms == 0 { 0 } else { rules.ticks(ms).max(1) };
    let waves = Waves {
        count: def.count,
        size: u32::try_from(spawner.due_ticks.len()).unwrap_or(u32::MAX),
        grows_by: def.grows_by,
        pause_ticks: ticks(def.pause_ms),
        at_latest_ticks: ticks(def.at_latest_ms),
        again_ticks: spawner.respawn_ticks,
        came: 0,
        next_tick: spawner.due_ticks.first().copied().unwrap_or(NEVER),
    };
    spawner.due_ticks.clear();
    spawner.respawn_ticks = 0;
    let name = world.resource_mut::<NetIds>().allocate();
    world.spawn((name, spawner, waves));
    name.0
}

/// Waves whose time has come are owed by their spawners; those that are over say when the next one comes.
pub(crate) fn advance(
    tick: Res<Tick>,
    mut spawners: Query<(Entity, &NetIdOf, &mut Spawner, &mut Waves)>,
    living: Query<&SpawnedBy, (With<Npc>, Without<Dead>)>,
) {
    // Who still waits for the end of a wave, and whether it is over.
    let mut over: Vec<(NetId, Entity)> = Vec::new();
    for (entity, named, mut spawner, mut waves) in &mut spawners {
        if waves.next_tick <= tick.0 {
            waves.come(tick.0, &mut spawner);
        } else if spawner.due_ticks.is_empty() && waves.came > 0 && waves.awaits_end() {
            over.push((named.0, entity));
        }
    }
    if over.is_empty() {
        return;
    }
    over.sort_unstable();
    let mut are_alive = vec![false; over.len()];
    for by in &living {
        if let Ok(at) = over.binary_search_by_key(&by.0, |row| row.0) {
            are_alive[at] = true;
        }
    }
    for ((_, entity), _) in over.into_iter().zip(are_alive).filter(|(_, is_alive)| !is_alive) {
        if let Ok((.., mut waves)) = spawners.get_mut(entity) {
            waves.end(tick.0);
        }
    }
}

impl Waves {
    /// The next wave comes.
    fn come(&mut self, tick: u32, spawner: &mut Spawner) {
        if self.came >= self.count {
            self.came = 0;
        }
        let size = self.size.saturating_add(self.grows_by.saturating_mul(self.came));
        spawner.due_ticks.extend((0..size).map(|_| tick));
        self.came += 1;
        let is_timed = self.at_latest_ticks > 0 && self.came < self.count;
        self.next_tick = if is_timed { tick.saturating_add(self.at_latest_ticks) } else { NEVER };
        assert!(self.next_tick > tick, "one wave comes at a time");
    }

    /// Whether the death of the last of a wave changes anything.
    const fn awaits_end(&self) -> bool {
        self.came < self.count || self.again_ticks > 0 && self.next_tick == NEVER
    }

    /// A wave is over: the next one comes after the pause, if not sooner.
    fn end(&mut self, tick: u32) {
        let wait = if self.came < self.count { self.pause_ticks } else { self.again_ticks };
        self.next_tick = self.next_tick.min(tick.saturating_add(wait.max(1)));
    }
}

#[cfg(test)]
mod tests;
