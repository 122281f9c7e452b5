//! What clients are shown of characters, and how each is told of itself.

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::{Changed, Has, Or, QueryState, With, World};
use hypogeum_combat::{Cooldowns, Dead, Health, Level, Mana};
use hypogeum_content::Content;
use hypogeum_items::{Carried, Inventory, carried_in_all};
use hypogeum_protocol::{CarriedItem, NetId, OwnState, RecordKind, ServerMessage, limits};
use hypogeum_shard::{NetIdIndex, NetIdOf, Rules};
use hypogeum_space::{Appearance, Avatar, Heading, MoveSpeed, OwnView, Position, ViewApp, Visible};
use hypogeum_world_messages::{StatsNews, WorldNews};

use crate::body::xp_of_next;
use crate::state::{Character, Deeds, SteeredBy};
use crate::tell::tell_news;

/// Registers what clients are shown of a zone besides what combat, items and NPCs show of theirs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ZoneViewPlugin;

impl Plugin for ZoneViewPlugin {
    fn build(&self, app: &mut App) {
        app.show_things::<CharacterView>().show_avatars::<OwnCharacter>().show_sheet(inventory);
    }
}

/// Characters, as others see them.
struct CharacterView;

impl Visible for CharacterView {
    const KIND: RecordKind = RecordKind::Player;
    type Data = (&'static Heading, &'static Health, Has<Dead>);
    type Filter = With<Character>;

    #[inline]
    fn appearance((heading, health, dead): (&Heading, &Health, bool)) -> Option<Appearance> {
        (!dead).then(|| Appearance { template: 0, heading: heading.coarse(), hp_band: health.band() })
    }
}

/// Characters, as their own clients see them.
struct OwnCharacter;

type Own = (
    (&'static Heading, &'static Health, Has<Dead>),
    (&'static Mana, &'static MoveSpeed, &'static Cooldowns),
    (&'static Inventory, &'static SteeredBy),
);

impl Avatar for OwnCharacter {
    type Data = Own;
    type Filter = With<Character>;

    fn own(
        tick: u32,
        at: Position,
        ((heading, health, dead), (mana, move_speed, cooldowns), (inventory, steered_by)): (
            (&Heading, &Health, bool),
            (&Mana, &MoveSpeed, &Cooldowns),
            (&Inventory, &SteeredBy),
        ),
    ) -> OwnView {
        let cools = |bit: usize| cooldowns.0[bit] > tick + 1;
        let state = OwnState {
            x: at.x,
            y: at.y,
            heading: heading.0,
            speed: u16::try_from(move_speed.speed.max(0)).unwrap_or(u16::MAX),
            hp: health.hp,
            hp_max: health.hp_max,
            mp: mana.mp,
            cooling: (0..8).filter(|bit| cools(*bit)).fold(0, |bits, bit| bits | 1 << bit),
            extraction_ticks: 0,
        };
        OwnView { state: (!dead).then_some(state), input_seq: steered_by.0, sheet_version: inventory.version }
    }
}

/// What a character carries, in the order of names.
fn inventory(world: &World, avatar: NetId) -> ServerMessage {
    let content = &world.resource::<Rules>().content;
    let entity = world.resource::<NetIdIndex>().entity(avatar);
    let version = entity.and_then(|entity| world.get::<Inventory>(entity)).map_or(0, |inventory| inventory.version);
    let items = carried_in_all(world, avatar).into_iter().take(limits::INVENTORY_ITEMS_MAX);
    ServerMessage::Inventory { version, items: items.map(|carried| shown(content, carried)).collect() }
}

/// An item as a client is told of it.
pub(crate) fn shown(content: &Content, carried: Carried) -> CarriedItem {
    CarriedItem {
        id: carried.name,
        item: carried.item.id,
        template: content.items.key(carried.item.def).to_owned(),
        equipped: carried.worn.is_some(),
        state: carried.state(),
        version: carried.item.version,
    }
}

type Vitals<'a> = (&'a NetIdOf, &'a Health, &'a Mana, &'a Level, &'a Deeds);
type HaveChanged = (With<Character>, Or<(Changed<Health>, Changed<Mana>, Changed<Level>, Changed<Deeds>)>);

fn stats((health, mana, level, deeds): (&Health, &Mana, &Level, &Deeds)) -> WorldNews {
    WorldNews::Stats(StatsNews {
        hp: health.hp,
        hp_max: health.hp_max,
        mp: mana.mp,
        mp_max: mana.mp_max,
        level: level.0,
        xp: deeds.xp,
        xp_next: xp_of_next(level.0),
    })
}

/// Tells one character how it is.
pub(crate) fn tell_stats_of(world: &mut World, who: NetId) {
    let Some(entity) = world.resource::<NetIdIndex>().entity(who) else { return };
    let Ok(vitals) = world.entity(entity).get_components::<(&Health, &Mana, &Level, &Deeds)>() else { return };
    let news = stats(vitals);
    tell_news(world, who, &news);
}

/// Tells each character how it is, whenever that has changed.
pub(crate) fn tell_stats(world: &mut World, changed: &mut QueryState<Vitals<'static>, HaveChanged>) {
    let news =
        changed.iter(world).map(|(named, health, mana, level, deeds)| (named.0, stats((health, mana, level, deeds))));
    let mut news: Vec<(NetId, WorldNews)> = news.collect();
    news.sort_unstable_by_key(|(who, _)| *who);
    for (who, stats) in news {
        tell_news(world, who, &stats);
    }
}
