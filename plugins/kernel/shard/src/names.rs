//! Entities by [`NetId`]: the only names that leave a world.

use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::{Component, Entity, Resource};
use bevy_ecs::world::DeferredWorld;
use hypogeum_protocol::NetId;
use serde::{Deserialize, Serialize};

/// The entity's name. Every entity with state has one, given at its spawn and never changed.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[component(immutable, on_insert = enter, on_discard = leave)]
pub struct NetIdOf(pub NetId);

/// Mints names: 1, 2, 3, … and never the same again.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetIds {
    next: u32,
}

impl Default for NetIds {
    fn default() -> Self {
        Self { next: 1 }
    }
}

impl NetIds {
    /// A name nobody had before. A shard that names four thousand million names is at its end.
    #[must_use]
    pub fn allocate(&mut self) -> NetIdOf {
        let id = NetId(self.next);
        self.next = self.next.checked_add(1).expect("a shard never lives to name 2^32 entities");
        NetIdOf(id)
    }
}

/// Names of one page.
const PAGE: usize = 64;

/// Where each name stands in memory now. A cache: never ordered by, never saved.
///
/// Names rise and are never used again, so they are places in a row of pages; a page nobody is left on is given back.
#[derive(Resource, Debug, Default)]
pub struct NetIdIndex {
    pages: Vec<Option<Box<Page>>>,
}

/// The entities of [`PAGE`] names in a row.
#[derive(Clone, Debug)]
struct Page {
    /// A bit for each name that stands for somebody.
    taken: u64,
    entities: [Entity; PAGE],
}

/// The page of a name and its place there.
const fn place(id: NetId) -> (usize, usize) {
    (id.0 as usize / PAGE, id.0 as usize % PAGE)
}

impl NetIdIndex {
    /// The entity of a name; `None` for nobody, the dead and the made up.
    #[must_use]
    pub fn entity(&self, id: NetId) -> Option<Entity> {
        let (page, place) = place(id);
        let page = self.pages.get(page)?.as_deref()?;
        if page.taken & 1 << place == 0 {
            return None;
        }
        page.entities.get(place).copied()
    }

    /// All names in order.
    pub fn iter(&self) -> impl Iterator<Item = (NetId, Entity)> + '_ {
        let pages = (0_u32..).zip(&self.pages).filter_map(|(number, page)| Some((number, page.as_deref()?)));
        pages.flat_map(|(number, page)| {
            let taken = (0_u32..).zip(&page.entities).filter(|(place, _)| page.taken & 1 << place != 0);
            taken.map(move |(place, entity)| (NetId(number * PAGE as u32 + place), *entity))
        })
    }

    fn insert(&mut self, id: NetId, entity: Entity) {
        let (page, place) = place(id);
        if page >= self.pages.len() {
            self.pages.resize(page + 1, None);
        }
        let empty = || Box::new(Page { taken: 0, entities: [Entity::PLACEHOLDER; PAGE] });
        let page = self.pages[page].get_or_insert_with(empty);
        assert!(page.taken & 1 << place == 0, "{id} stands for one entity at a time");
        page.taken |= 1 << place;
        page.entities[place] = entity;
    }

    fn remove(&mut self, id: NetId, entity: Entity) {
        let (number, place) = place(id);
        let Some(page) = self.pages.get_mut(number).and_then(Option::as_deref_mut) else { return };
        if page.taken & 1 << place != 0 && page.entities[place] == entity {
            page.taken &= !(1 << place);
            if page.taken == 0 {
                self.pages[number] = None;
            }
        }
    }
}

fn enter(mut world: DeferredWorld, context: HookContext) {
    if let Some(&NetIdOf(id)) = world.get::<NetIdOf>(context.entity)
        && let Some(mut directory) = world.get_resource_mut::<NetIdIndex>()
    {
        directory.insert(id, context.entity);
    }
}

fn leave(mut world: DeferredWorld, context: HookContext) {
    if let Some(&NetIdOf(id)) = world.get::<NetIdOf>(context.entity)
        && let Some(mut directory) = world.get_resource_mut::<NetIdIndex>()
    {
        directory.remove(id, context.entity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_until_they_leave_and_come_in_order() {
        let mut directory = NetIdIndex::default();
        let entity = |number: u32| Entity::from_raw_u32(number).expect("it is a small number");
        for number in [1, 63, 64, 65, 1_000, 70_000, 2] {
            directory.insert(NetId(number), entity(number + 7));
        }
        directory.remove(NetId(64), entity(1));
        assert_eq!(directory.entity(NetId(64)), Some(entity(71)), "only the holder of the name gives it back");
        directory.remove(NetId(1_000), entity(1_007));
        let names: Vec<u32> = directory.iter().map(|(id, _)| id.0).collect();
        assert_eq!(names, [1, 2, 63, 64, 65, 70_000], "all that are left, in order");
        assert!(directory.pages[1_000 / PAGE].is_none(), "an empty page is given back");
        for nobody in [0, 3, 1_000, 70_001, u32::MAX] {
            assert_eq!(directory.entity(NetId(nobody)), None, "{nobody} is nobody");
        }
    }
}
