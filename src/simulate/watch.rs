//! What is noted inside a shard while its match is played. It reads what rules tell one another and changes no state.

use std::collections::BTreeMap;

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::{Added, Changed, IntoScheduleConfigs, Query, Res, ResMut, Resource, World};
use bevy_ecs::schedule::Schedules;
use hypogeum_arena::Extracting;
use hypogeum_combat::{Cause, DamageDealt, Died};
use hypogeum_content::Id;
use hypogeum_content::def::{ItemDef, LootDef, NpcDef, Slot};
use hypogeum_items::{Item, LootGiven, Place};
use hypogeum_npc::Npc;
use hypogeum_protocol::{ItemId, NetId};
use hypogeum_shard::{NetIdIndex, NetIdOf, ShardSchedule, ShardSystems, Tick};
use hypogeum_space::Position;

/// Who does something, or to whom it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Actor {
    /// The place itself, or whoever is unknown.
    Nobody,
    /// A participant.
    Player,
    /// An NPC of this kind.
    Npc(Id<NpcDef>),
}

/// By whom, with what, to whom.
pub(super) type Deed = (Actor, Cause, Actor);

/// What came of a deed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Harm {
    pub(super) damage: u64,
    pub(super) kills: u64,
}

/// A participant's death.
#[derive(Clone, Copy, Debug)]
pub(super) struct Death {
    pub(super) by: Actor,
    pub(super) cause: Cause,
    pub(super) at: Option<Position>,
}

/// The notes of a match.
#[derive(Resource, Debug, Default)]
pub(super) struct Watch {
    avatars: Vec<NetId>,
    npcs: BTreeMap<NetId, Id<NpcDef>>,
    last_cause: BTreeMap<NetId, Cause>,
    /// NPCs that came, by kind.
    pub(super) came: BTreeMap<Id<NpcDef>, u64>,
    pub(super) deeds: BTreeMap<Deed, Harm>,
    pub(super) deaths: Vec<Death>,
    pub(super) first_fight_tick: Option<u32>,
    /// What each table gave, in pieces.
    pub(super) given: BTreeMap<(Id<LootDef>, Id<ItemDef>), u64>,
    /// The table that each item has come from first.
    pub(super) table_of: BTreeMap<ItemId, Id<LootDef>>,
    /// The weapon that each holder wore last.
    pub(super) weapons: BTreeMap<NetId, Id<ItemDef>>,
    /// The exit in which each participant stood last.
    pub(super) exits: BTreeMap<NetId, u8>,
}

impl Watch {
    pub(super) fn new(mut avatars: Vec<NetId>) -> Self {
        avatars.sort_unstable();
        Self { avatars, ..Self::default() }
    }

    /// Notes a piece that a table gave.
    pub(super) fn give(&mut self, table: Id<LootDef>, def: Id<ItemDef>, id: ItemId) {
        *self.given.entry((table, def)).or_default() += 1;
        self.table_of.entry(id).or_insert(table);
    }

    fn actor(&self, name: NetId) -> Actor {
        if self.avatars.binary_search(&name).is_ok() {
            return Actor::Player;
        }
        self.npcs.get(&name).map_or(Actor::Nobody, |def| Actor::Npc(*def))
    }

    fn hurt(&mut self, tick: u32, damage: &DamageDealt) {
        let (by, to) = (self.actor(damage.source), self.actor(damage.target));
        let is_fight = damage.source != damage.target && by != Actor::Nobody && [by, to].contains(&Actor::Player);
        if is_fight && self.first_fight_tick.is_none() {
            self.first_fight_tick = Some(tick);
        }
        self.last_cause.insert(damage.target, damage.cause);
        self.deeds.entry((by, damage.cause, to)).or_default().damage += u64::from(damage.amount);
    }

    fn die(&mut self, died: &Died, at: Option<Position>) {
        let (by, who) = (self.actor(died.by), self.actor(died.who));
        let cause = self.last_cause.remove(&died.who).unwrap_or(Cause::Asked);
        self.deeds.entry((by, cause, who)).or_default().kills += 1;
        if who == Actor::Player {
            self.deaths.push(Death { by, cause, at });
        }
    }
}

/// Lets a shard that has not taken a step yet be watched.
pub(super) fn watch(world: &mut World, watch: Watch) {
    world.insert_resource(watch);
    let noting = note.after(ShardSystems::Resolve).before(ShardSystems::Seal);
    world.resource_mut::<Schedules>().add_systems(ShardSchedule, noting);
}

fn note(
    (tick, directory): (Res<Tick>, Res<NetIdIndex>),
    mut watch: ResMut<Watch>,
    (dealt, died): (Option<Res<Messages<DamageDealt>>>, Option<Res<Messages<Died>>>),
    given: Option<Res<Messages<LootGiven>>>,
    npcs: Query<(&NetIdOf, &Npc), Added<Npc>>,
    worn: Query<(&Item, &Place), Changed<Place>>,
    leaving: Query<(&NetIdOf, &Extracting), Changed<Extracting>>,
    places: Query<&Position>,
) {
    for (named, npc) in &npcs {
        watch.npcs.insert(named.0, npc.def);
        *watch.came.entry(npc.def).or_default() += 1;
    }
    for (item, place) in &worn {
        if let Place::Worn(holder, Slot::Weapon) = *place {
            watch.weapons.insert(holder, item.def);
        }
    }
    for (named, extracting) in &leaving {
        if extracting.done_tick != 0 {
            watch.exits.insert(named.0, extracting.exit);
        }
    }
    for damage in dealt.iter().flat_map(|dealt| dealt.iter_current_update_messages()) {
        watch.hurt(tick.0, damage);
    }
    for death in died.iter().flat_map(|died| died.iter_current_update_messages()) {
        let at = directory.entity(death.who).and_then(|entity| places.get(entity).ok()).copied();
        watch.die(death, at);
    }
    for &LootGiven { table, def, id } in given.iter().flat_map(|given| given.iter_current_update_messages()) {
        watch.give(table, def, id);
    }
}
