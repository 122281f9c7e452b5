//! What scripts may ask of a zone.

use bevy_ecs::prelude::World;
use hypogeum_combat::{Health, Level};
use hypogeum_content::Content;
use hypogeum_content::def::{DoorState, HazardDef, ZoneDef};
use hypogeum_protocol::NetId;
use hypogeum_script::{Facts, Person};
use hypogeum_shard::{Dice, NetIdIndex, Rules};
use hypogeum_space::Position;

use crate::actions::npcs_in;
use crate::conditions::hour;
use crate::doors::{carries, door_of_key};
use crate::layout::{Layout, room_index};
use crate::presence::in_room;
use crate::rooms::room_of;
use crate::state::{Doors, Flags};
use crate::tell::typed_name;
use crate::zone_def;

/// A zone while one of its scripts looks at it. It is lent: a script's facts must be owned, and a copy of all that a script may
/// ask for would cost more than the script.
pub(super) struct Asked {
    pub(super) world: World,
    pub(super) who: NetId,
    pub(super) room: Option<usize>,
    pub(super) words: String,
    pub(super) dice: Dice,
}

impl Asked {
    fn content(&self) -> &Content {
        &self.world.resource::<Rules>().content
    }

    fn zone(&self) -> Option<&ZoneDef> {
        zone_def(&self.world)
    }

    fn room_index(&self, room: &str) -> Option<usize> {
        room_index(self.zone()?, room)
    }

    fn room_key(&self, room: usize) -> Option<String> {
        Some(self.zone()?.rooms.get(room)?.key.clone())
    }
}

impl Facts for Asked {
    fn who(&self) -> Option<u32> {
        (self.who != NetId::NONE).then_some(self.who.0)
    }

    fn room(&self) -> Option<String> {
        self.room_key(self.room?)
    }

    fn words(&self) -> String {
        self.words.clone()
    }

    fn person(&self, who: u32) -> Option<Person> {
        let who = NetId(who);
        let entity = self.world.resource::<NetIdIndex>().entity(who)?;
        let health = self.world.get::<Health>(entity)?;
        let level = self.world.get::<Level>(entity).map_or(1, |level| level.0);
        let at = self.world.get::<Position>(entity)?;
        let room = room_of(&self.world, who).map(|(room, _)| room);
        let room = room.or_else(|| self.world.resource::<Layout>().room_at(*at, 0));
        let room = room.and_then(|room| self.room_key(room)).unwrap_or_default();
        Some(Person { name: typed_name(&self.world, who), level, hp: health.hp, hp_max: health.hp_max, room })
    }

    fn players(&self, room: &str, count_max: usize) -> Option<Vec<u32>> {
        let there = in_room(&self.world, self.room_index(room)?);
        Some(there.into_iter().take(count_max).map(|who| who.0).collect())
    }

    fn player_count(&self, room: &str) -> Option<u32> {
        u32::try_from(in_room(&self.world, self.room_index(room)?).len()).ok()
    }

    fn npc_count(&self, npc: &str, room: &str) -> Option<u32> {
        let npc = self.content().npcs.id(npc)?;
        u32::try_from(npcs_in(&self.world, npc, self.room_index(room)?).len()).ok()
    }

    fn carries(&self, who: u32, item: &str) -> Option<bool> {
        let item = self.content().items.id(item)?;
        self.world.resource::<NetIdIndex>().entity(NetId(who))?;
        Some(carries(&self.world, NetId(who), item))
    }

    fn flag(&self, flag: &str) -> bool {
        self.world.resource::<Flags>().0.contains(flag)
    }

    fn door(&self, door: &str) -> Option<&'static str> {
        let door = door_of_key(&self.world, door)?;
        Some(match self.world.resource::<Doors>().state(door)? {
            DoorState::Open => "open",
            DoorState::Closed => "closed",
            DoorState::Locked => "locked",
        })
    }

    fn hour(&self) -> Option<u32> {
        hour(&self.world)
    }

    fn roll(&mut self, sides: u32) -> u32 {
        self.dice.below(sides) + 1
    }

    fn has_item(&self, item: &str) -> bool {
        self.content().items.id(item).is_some()
    }

    fn has_effect(&self, effect: &str) -> bool {
        self.content().effects.id(effect).is_some()
    }

    fn has_hazard(&self, hazard: &str) -> bool {
        let hazards = &self.content().hazards;
        hazards.id(hazard).and_then(|id| hazards.find(id)).is_some_and(HazardDef::fits_a_room)
    }

    fn has_npc(&self, npc: &str) -> bool {
        self.content().npcs.id(npc).is_some()
    }

    fn has_room(&self, room: &str) -> bool {
        self.room_index(room).is_some()
    }
}
