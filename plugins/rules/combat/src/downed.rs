//! What comes before death, where it does.

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::{Changed, Commands, Entity, IntoScheduleConfigs, Query, Res, ResMut, Without};
use hypogeum_protocol::{GameEvent, NetId};
use hypogeum_shard::{Audience, NetIdIndex, NetIdOf, Outbox, ShardApp, ShardSchedule, Tick};
use hypogeum_space::Position;

use crate::{CombatSystems, Dead, Downed, GoesDown, Health, LastHurt, effects, harm};

/// Lets those with [`GoesDown`] be downed before they die. Needs `CombatPlugin`.
#[derive(Clone, Copy, Debug, Default)]
pub struct DownedPlugin;

impl Plugin for DownedPlugin {
    fn build(&self, app: &mut App) {
        let fall = go_down.in_set(CombatSystems::Harm).after(harm::apply_blows).before(effects::dispel);
        app.register_state::<GoesDown>().register_state::<Downed>().add_systems(ShardSchedule, fall);
    }
}

type Falling<'a> = (Entity, &'a NetIdOf, &'a GoesDown, &'a LastHurt, &'a Position, &'a mut Health);

/// Who has no hit points left goes down, once all harm of the step is done: what was too much within a step does not count.
fn go_down(
    tick: Res<Tick>,
    directory: Res<NetIdIndex>,
    mut fighters: Query<Falling, (Changed<Health>, Without<Downed>, Without<Dead>)>,
    mut outbox: ResMut<Outbox>,
    mut commands: Commands,
) {
    let mut falling: Vec<NetId> = fighters.iter().filter(|row| row.5.hp == 0).map(|row| row.1.0).collect();
    falling.sort_unstable();
    for who in falling {
        let fighter = directory.entity(who).and_then(|entity| fighters.get_mut(entity).ok());
        let Some((entity, _, rule, last_hurt, at, mut health)) = fighter else { continue };
        let share = u64::from(health.hp_max) * u64::from(rule.hp_percent.min(100)) / 100;
        health.hp = u32::try_from(share).unwrap_or(health.hp_max).max(1);
        let by = last_hurt.by;
        commands.entity(entity).insert(Downed { tick: tick.0, by });
        outbox.tell(Audience::Near { x: at.x, y: at.y }, GameEvent::Downed { who, by });
    }
}
