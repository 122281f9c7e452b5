//! One after the other: the orders in which a system changes entities where it matters who comes first.
//!
//! A query's own order is that of memory, which a restored shard has not. So a system that lets entities compete for one
//! thing collects who is concerned, puts them in an order that all servers agree on, and goes through them by
//! `Query::get_mut`.

use bevy_ecs::prelude::{Entity, Local, Res};
use bevy_ecs::system::SystemParam;
use hypogeum_protocol::NetId;

use crate::{Rules, Tick};

/// Entities in the order of their names. Right where being early is no advantage.
///
/// ```
/// use bevy_ecs::prelude::{Component, Entity, Query};
/// use hypogeum_shard::{InNetIdOrder, NetIdOf};
///
/// #[derive(Component)]
/// struct Number(u32);
///
/// fn count(mut numbers: Query<(Entity, &NetIdOf, &mut Number)>, mut order: InNetIdOrder) {
///     let mut next = 0;
///     for entity in order.of(numbers.iter().map(|(entity, named, _)| (named.0, entity))) {
///         let Ok((.., mut number)) = numbers.get_mut(entity) else { continue };
///         number.0 = next;
///         next += 1;
///     }
/// }
/// ```
#[derive(SystemParam)]
pub struct InNetIdOrder<'s> {
    order: Local<'s, Vec<Row>>,
}

impl InNetIdOrder<'_> {
    /// These, in the order of their names. Allocates only while their number grows.
    pub fn of(&mut self, who: impl IntoIterator<Item = (NetId, Entity)>) -> Ordered<'_> {
        ordered(&mut self.order, who.into_iter().map(|(id, entity)| (0, id, entity)))
    }
}

/// Entities as their turns come, which [`Rules::turn`] draws afresh in each tick. Right where being early is an
/// advantage: then chance decides, and no name is better than another.
#[derive(SystemParam)]
pub struct InTurn<'w, 's> {
    rules: Res<'w, Rules>,
    tick: Res<'w, Tick>,
    order: Local<'s, Vec<Row>>,
}

impl InTurn<'_, '_> {
    /// These, as their turns come. Allocates only while their number grows.
    pub fn of(&mut self, who: impl IntoIterator<Item = (NetId, Entity)>) -> Ordered<'_> {
        let (rules, tick) = (&self.rules, *self.tick);
        ordered(&mut self.order, who.into_iter().map(|(id, entity)| (rules.turn(tick, id), id, entity)))
    }
}

/// An entity by what it is put in order by: its turn where turns count, then its name.
type Row = (u64, NetId, Entity);

fn ordered(order: &mut Vec<Row>, rows: impl Iterator<Item = Row>) -> Ordered<'_> {
    order.clear();
    order.extend(rows);
    order.sort_unstable();
    Ordered(order.iter())
}

/// Entities one after the other. It borrows nothing of the query they come from, which may be changed meanwhile.
#[derive(Clone, Debug)]
pub struct Ordered<'a>(std::slice::Iter<'a, Row>);

impl Iterator for Ordered<'_> {
    type Item = Entity;

    fn next(&mut self) -> Option<Entity> {
        self.0.next().map(|row| row.2)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bevy_ecs::prelude::{In, World};
    use bevy_ecs::system::RunSystemOnce;
    use hypogeum_content::Content;

    use super::*;
    use crate::Seed;

    fn world() -> (World, Vec<(NetId, Entity)>) {
        let mut world = World::new();
        world.insert_resource(Rules { seed: Seed::numbered(1), tick_hz: 30, content: Arc::new(Content::default()) });
        world.insert_resource(Tick(1));
        let crowd = (1..=50).map(|number| (NetId(number * 7 % 53), world.spawn_empty().id())).collect();
        (world, crowd)
    }

    #[test]
    fn names_come_in_their_order_whatever_order_they_stand_in() {
        let (mut world, mut crowd) = world();
        let walk = |In(crowd): In<Vec<(NetId, Entity)>>, mut order: InNetIdOrder| order.of(crowd).collect::<Vec<_>>();
        let one = world.run_system_once_with(walk, crowd.clone()).expect("the system runs");
        crowd.reverse();
        let other = world.run_system_once_with(walk, crowd.clone()).expect("the system runs");
        crowd.sort_unstable();
        let names: Vec<Entity> = crowd.iter().map(|row| row.1).collect();
        assert_eq!(one, names, "the least name comes first");
        assert_eq!(one, other, "no matter who stands first in memory");
    }

    #[test]
    fn turns_are_drawn_afresh_in_each_tick() {
        let (mut world, mut crowd) = world();
        let walk = |In(crowd): In<Vec<(NetId, Entity)>>, mut order: InTurn| order.of(crowd).collect::<Vec<_>>();
        let one = world.run_system_once_with(walk, crowd.clone()).expect("the system runs");
        crowd.reverse();
        let other = world.run_system_once_with(walk, crowd.clone()).expect("the system runs");
        assert_eq!(one, other, "memory has no say in it");
        world.insert_resource(Tick(2));
        let next = world.run_system_once_with(walk, crowd.clone()).expect("the system runs");
        assert_ne!(one, next, "and nobody is first for good");
        assert_eq!(next.len(), crowd.len(), "everybody has a turn");
    }
}
