//! Whether all is as it is when nobody disturbs it.

use bevy_ecs::prelude::{With, World};
use hypogeum_combat::Dead;
use hypogeum_content::def::Activity;

use crate::{Brain, Npc, Spawner, Threat};

/// Whether nobody lies dead, no spawner owes anybody who is due at some time, and every NPC stands or strolls about and minds nobody.
/// What happens then happens for nobody.
#[must_use]
pub fn is_calm(world: &World) -> bool {
    let owes = world
        .try_query::<&Spawner>()
        .is_some_and(|mut spawners| spawners.iter(world).any(|spawner| !spawner.due_ticks.is_empty()));
    let lies = world
        .try_query_filtered::<(), (With<Npc>, With<Dead>)>()
        .is_some_and(|mut dead| dead.iter(world).next().is_some());
    let is_up = |(brain, threat): (&Brain, &Threat)| {
        !matches!(brain.activity, Activity::Idle | Activity::Wander) || brain.returning || !threat.0.is_empty()
    };
    let minds = world.try_query_filtered::<(&Brain, &Threat), With<Npc>>();
    !owes && !lies && !minds.is_some_and(|mut minds| minds.iter(world).any(is_up))
}
