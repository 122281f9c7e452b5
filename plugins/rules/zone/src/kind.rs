//! The zone as a kind of shard: what one is made from, and what its host asks of it.

use bevy_ecs::prelude::World;
use hypogeum_content::def::{AbsentRule, ZoneDef};
use hypogeum_content::{Content, ContentPack, Id};
use hypogeum_locale::{LocaleFile, LocaleId, Locales};
use hypogeum_npc::is_calm;
use hypogeum_protocol::{CharacterSheet, Grant, NetId, Seat, ShardId};
use hypogeum_shard::{
    Company, Departure, GroundFeatures, Hearing, MapBrief, NetIdIndex, PlaceKind, PlaceRule, SetupError, Shard,
    ShardBrief, ShardConfig, ShardKind, ViewRule,
};
use hypogeum_space::cm;
use serde::{Deserialize, Serialize};

use crate::arriving::sheet_of;
use crate::body::Body;
use crate::hazards::are_over;
use crate::milestones::Milestones;
use crate::orders::{line_of, members};
use crate::populate::{is_filled, populate};
use crate::presence::in_room;
use crate::rooms::room_of;
use crate::state::{Departing, Farewells, SeatAvatars, SteeredBy, ZoneRef};
use crate::{ZonePlugin, tell, zone_def};

/// The kind of shard that is a place of the persistent world: it is there for as long as the server's data, and characters come and go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Zone;

/// What a zone is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneSetup {
    /// The number of its shard: the origin of every item found in it.
    pub id: ShardId,
    /// Key of its definition.
    pub zone: String,
}

fn zone_id(content: &Content, key: &str) -> Result<Id<ZoneDef>, SetupError> {
    content.zones.id(key).ok_or_else(|| SetupError::Missing { what: "zone", key: key.to_owned() })
}

impl Zone {
    /// The body of a new character of the usual archetype that stands in a room: for load tests, whose characters are not all to
    /// begin at the shrine. Empty where the content has no archetype.
    #[must_use]
    pub fn body_in(content: &Content, room: &str) -> Vec<u8> {
        let Some(mut body) = Body::newborn(content, "") else { return Vec::new() };
        room.clone_into(&mut body.room);
        body.encode()
    }
}

impl ShardKind for Zone {
    const NAME: &'static str = "zone";
    const IS_OPEN: bool = true;
    const COMMAND_BYTES_MAX: usize = hypogeum_world_messages::COMMAND_BYTES_MAX;
    type Setup = ZoneSetup;

    fn build(config: ShardConfig, setup: &ZoneSetup) -> Result<Shard, SetupError> {
        let content = config.content.clone();
        let def = zone_id(&content, &setup.zone)?;
        if content.archetypes.iter().next().is_none() {
            return Err(SetupError::Missing { what: "archetype", key: String::new() });
        }
        let zone = ZoneRef { id: setup.id, def };
        Ok(Shard::new(config, |app| {
            app.add_plugins(ZonePlugin);
            populate(app.world_mut(), zone, &content.zones[def]);
        }))
    }

    fn content(setup: &ZoneSetup, content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack_of_zone(zone_id(content, &setup.zone)?))
    }

    fn brief(setup: &ZoneSetup) -> ShardBrief {
        ShardBrief { title: setup.zone.clone(), seats: Vec::new() }
    }

    fn avatar(world: &World, seat: Seat) -> Option<NetId> {
        world.resource::<SeatAvatars>().0.get(&seat).copied()
    }

    fn applied_input(world: &mut World, seat: Seat) -> u32 {
        let avatar = Self::avatar(world, seat).and_then(|avatar| world.resource::<NetIdIndex>().entity(avatar));
        avatar.and_then(|avatar| world.get::<SteeredBy>(avatar)).map_or(0, |steered_by| steered_by.0)
    }

    fn visit_grant(world: &World, seat: Seat) -> Option<Grant> {
        world.resource::<Farewells>().0.get(&seat).cloned()
    }

    /// Time stands still where nobody is, once all NPCs have come back and calmed down, all chests are filled again and all hazards are
    /// over. So what
    /// goes by time alone, the hour and triggers of [`TriggerEvent::Every`](hypogeum_content::def::TriggerEvent::Every), waits for somebody, too.
    fn is_at_rest(world: &World) -> bool {
        world.resource::<SeatAvatars>().0.is_empty() && is_calm(world) && is_filled(world) && are_over(world)
    }

    fn for_game_masters(body: &[u8]) -> Option<String> {
        line_of(body)
    }

    const MESSAGES: &'static [LocaleFile] = tell::MESSAGES;

    fn in_words(body: &[u8], locales: &Locales, locale: LocaleId) -> Option<Vec<u8>> {
        tell::in_words(body, locales, locale)
    }

    fn view(world: &World) -> Option<ViewRule> {
        let content = &world.resource::<hypogeum_shard::Rules>().content;
        let sights = content.archetypes.iter().map(|(_, _, def)| (def.avatar.sight_cm, def.avatar.interest));
        let (sight_cm, interest) = sights.max_by_key(|(sight_cm, _)| *sight_cm)?;
        Some(ViewRule { sight: cm(sight_cm), interest })
    }
}

impl PlaceKind for Zone {
    /// Newcomers begin where the lowest level is recommended.
    fn places(content: &Content) -> Result<Vec<PlaceRule>, SetupError> {
        let mut zones: Vec<(&str, &ZoneDef)> = content.zones.iter().map(|(_, key, zone)| (key, zone)).collect();
        zones.sort_by_key(|(key, zone)| (zone.level, *key));
        Ok(zones.into_iter().map(|(key, zone)| PlaceRule { key: key.to_owned(), tick_hz: zone.tick_hz }).collect())
    }

    fn setup(place: &str, id: ShardId) -> ZoneSetup {
        ZoneSetup { id, zone: place.to_owned() }
    }

    /// The wish is the key of an archetype.
    fn newborn(content: &Content, wish: &str) -> Option<Vec<u8>> {
        Body::newborn(content, wish).map(|body| body.encode())
    }

    fn ground(world: &World) -> MapBrief {
        crate::ground::ground(world)
    }

    fn features(world: &World) -> GroundFeatures {
        crate::ground::features(world)
    }

    fn open_doors(world: &World) -> Vec<bool> {
        crate::ground::open_doors(world)
    }

    fn character(world: &World, seat: Seat) -> Option<CharacterSheet> {
        sheet_of(world, Self::avatar(world, seat)?, None)
    }

    fn milestones(world: &World) -> Vec<Seat> {
        world.resource::<Milestones>().0.iter().copied().collect()
    }

    fn leaves_when_away(world: &World) -> bool {
        crate::zone_def(world).is_some_and(|zone| matches!(zone.absent, AbsentRule::Vanishes))
    }

    fn departures(world: &World) -> Vec<(Seat, Departure)> {
        let departing = world.resource::<Departing>().0.iter();
        let whither = |to: &Option<_>| if to.is_some() { Departure::Onward } else { Departure::Out };
        departing.map(|(seat, to)| (*seat, whither(to))).collect()
    }

    fn company(world: &World, seat: Seat) -> Option<Company> {
        let group = members(world, Self::avatar(world, seat)?);
        let number = group.first()?.0;
        let avatars = world.resource::<SeatAvatars>().0.iter();
        let seats = avatars.filter(|(_, avatar)| group.contains(avatar)).map(|(seat, _)| *seat).collect();
        Some(Company { number, seats })
    }

    fn hearing(world: &World, seat: Seat) -> Option<Hearing> {
        let who = Self::avatar(world, seat)?;
        let (room, _) = room_of(world, who)?;
        let there = in_room(world, room);
        let avatars = world.resource::<SeatAvatars>().0.iter();
        let seats = avatars.filter(|(_, avatar)| there.binary_search(avatar).is_ok()).map(|(seat, _)| *seat).collect();
        let key = zone_def(world)?.rooms.get(room)?.key.clone();
        Some(Hearing { room: key, seats })
    }
}
