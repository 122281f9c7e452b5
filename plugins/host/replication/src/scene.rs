//! Gathering a world once a tick, for all its viewers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use bevy_ecs::prelude::World;
use hypogeum_arena::{MatchClock, Scores};
use hypogeum_combat::Health;
use hypogeum_content::def::HazardShape;
use hypogeum_items::Place;
use hypogeum_protocol::lane::Facet;
use hypogeum_protocol::{CarriedItem, NetId, Outcome, OwnState, Record, RecordKind, codec};
use hypogeum_shard::{Named, Outbox, Rules, Shard};
use hypogeum_space::{Heading, METRE, Obstacles, Position};

use crate::news::News;
use crate::pages::{Pages, Shown};
use crate::sightlines::Sightlines;
use crate::things::{Area, Own, PhaseNow, Queries};

/// Extent of what concerns everyone wherever they are: a storm hurts outside its circle.
const EVERYWHERE: i32 = i32::MAX / 2;

/// Everything of one shard that can be seen after its last step. Keep one for each shard: buffers are used again.
#[derive(Default)]
pub struct Scene {
    queries: Option<Queries>,
    pub(crate) tick: u32,
    pub(crate) phase: Option<PhaseNow>,
    pub(crate) alive: u16,
    pub(crate) extracted: u16,
    pub(crate) pages: Pages,
    pub(crate) sightlines: Sightlines,
    /// Areas: few, and seen from afar.
    pub(crate) areas: Vec<Area>,
    bytes: Vec<u8>,
    own: Vec<Own>,
    /// Places in `own`, by name.
    own_at: Vec<u32>,
    /// Versions the carried items below were gathered at.
    inventory_versions: Vec<(NetId, u32)>,
    carried: BTreeMap<NetId, Vec<CarriedItem>>,
    /// Whose changed this tick, in the order of names.
    recarried: Vec<NetId>,
    phase_changed: bool,
    pub(crate) news: News,
    /// No other scene of this process has it.
    pub(crate) id: u64,
}

impl core::fmt::Debug for Scene {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_struct("Scene")
            .field("tick", &self.tick)
            .field("pages", &self.pages.len())
            .finish_non_exhaustive()
    }
}

/// Health in fifteenths, rounded up: 0 only without any.
fn hp_band(health: Health) -> u8 {
    let band = (u64::from(health.hp) * 15).div_ceil(u64::from(health.hp_max.max(1)));
    band.min(15) as u8
}

/// Subunits as decimetres, to the nearest.
fn decimetres(subunits: i32) -> u16 {
    let rounded = (i64::from(subunits.max(0)) * 10 + i64::from(METRE) / 2) / i64::from(METRE);
    u16::try_from(rounded).unwrap_or(u16::MAX)
}

const fn coarse(heading: Heading) -> u8 {
    (heading.0 >> 8) as u8
}

impl Scene {
    /// An empty scene.
    #[must_use]
    pub fn new() -> Self {
        static SCENES: AtomicU64 = AtomicU64::new(1);
        Self { id: SCENES.fetch_add(1, Relaxed), ..Self::default() }
    }

    /// The tick it shows.
    #[must_use]
    pub const fn tick(&self) -> u32 {
        self.tick
    }

    /// Whether something about an avatar is to be told now, whoever else waits: an event, or what it carries.
    #[must_use]
    pub fn is_stirred(&self, avatar: NetId) -> bool {
        self.news.concerns(avatar) || self.recarried.binary_search(&avatar).is_ok()
    }

    /// Whether something is to be told to everyone: an event, or that the match has reached a phase.
    #[must_use]
    pub fn is_stirring(&self) -> bool {
        self.phase_changed || !self.news.everyone.is_empty()
    }

    /// Events of this tick.
    #[must_use]
    pub fn events_count(&self) -> usize {
        self.news.all.len()
    }

    /// The shard is in another world from now on, which holds the same: one built again.
    pub fn change_world(&mut self) {
        self.queries = None;
    }

    /// Looks at a shard after a step. Always the same shard: the scene remembers how to ask its world.
    pub fn gather(&mut self, shard: &mut Shard) {
        self.tick = shard.tick().0;
        self.areas.clear();
        self.bytes.clear();
        self.own.clear();
        let world = shard.world_mut();
        let scores = world.get_resource::<Scores>().map(|scores| scores.0.as_slice()).unwrap_or_default();
        let ended = |outcome| scores.iter().filter(|score| score.outcome == outcome).count();
        self.alive = u16::try_from(ended(None)).unwrap_or(u16::MAX);
        self.extracted = u16::try_from(ended(Some(Outcome::Extracted))).unwrap_or(u16::MAX);
        let phase = self.phase;
        self.phase = world.get_resource::<MatchClock>().map(|clock| PhaseNow {
            phase: clock.phase,
            began_tick: clock.began_tick,
            ends_tick: clock.ends_tick,
        });
        self.phase_changed = phase != self.phase;
        let side = world.get_resource::<Obstacles>().map_or(0, |obstacles| {
            self.sightlines.prepare(obstacles);
            obstacles.side()
        });
        let mut queries = self.queries.take().unwrap_or_else(|| Queries::new(world));
        self.pages.begin(self.tick, side);
        self.gather_avatars(&mut queries, world);
        self.gather_things(&mut queries, world);
        self.pages.end();
        self.news.take(self.tick, side, &world.resource::<Outbox>().0, &self.pages);
        self.gather_carried(&mut queries, world);
        self.queries = Some(queries);
        self.areas.sort_unstable_by_key(|area| area.id);
    }

    fn gather_avatars(&mut self, queries: &mut Queries, world: &World) {
        for (named, at, heading, health, mana, gait, cooldowns, inventory, last, extracting, dead) in
            queries.avatars.iter(world)
        {
            let cools = |bit: usize| cooldowns.is_some_and(|cooldowns| cooldowns.0[bit] > self.tick + 1);
            let state = OwnState {
                x: at.x,
                y: at.y,
                heading: heading.0,
                speed: gait.map_or(0, |gait| u16::try_from(gait.speed.max(0)).unwrap_or(u16::MAX)),
                hp: health.hp,
                hp_max: health.hp_max,
                mp: mana.map_or(0, |mana| mana.mp),
                cooling: (0..8).filter(|bit| cools(*bit)).fold(0, |bits, bit| bits | 1 << bit),
                extraction_ticks: extracting.map_or(0, |extracting| {
                    u16::try_from(extracting.done_tick.saturating_sub(self.tick)).unwrap_or(u16::MAX)
                }),
            };
            self.own.push(Own {
                avatar: named.0,
                at: *at,
                state: (!dead).then_some(state),
                input_seq: last.map_or(0, |last| last.0),
                inventory_version: inventory.map_or(0, |inventory| inventory.version),
            });
            if !dead {
                self.pages.show(Shown {
                    facet: Facet { id: named.0, kind: RecordKind::Player, template: 0 },
                    at: *at,
                    heading: coarse(*heading),
                    hp_band: hp_band(*health),
                });
            }
        }
        self.own.sort_unstable_by_key(|own| own.avatar);
        // Avatars are named at the beginning, so their names are small.
        self.own_at.clear();
        self.own_at.resize(self.own.last().map_or(0, |last| last.avatar.0 as usize + 1), 0);
        for (at, own) in (0..).zip(&self.own) {
            self.own_at[own.avatar.0 as usize] = at;
        }
    }

    fn gather_things(&mut self, queries: &mut Queries, world: &World) {
        let shown = |id: &Named, kind, template, at: &Position| Shown {
            facet: Facet { id: id.0, kind, template },
            at: *at,
            heading: 0,
            hp_band: 0,
        };
        let content = &world.resource::<Rules>().content;
        for (named, npc, at, heading, health, dead) in queries.npcs.iter(world) {
            if !dead {
                let plain = shown(named, RecordKind::Npc, npc.def.index(), at);
                self.pages.show(Shown { heading: coarse(*heading), hp_band: hp_band(*health), ..plain });
            }
        }
        for (named, item, place, at) in queries.items.iter(world) {
            if let (Place::Ground, Some(at)) = (place, at) {
                self.pages.show(shown(named, RecordKind::Item, item.def.index(), at));
            }
        }
        for (named, container, at) in queries.containers.iter(world) {
            if container.count > 0 {
                self.pages.show(shown(named, RecordKind::Container, 0, at));
            }
        }
        for (named, projectile, at, heading) in queries.projectiles.iter(world) {
            let plain = shown(named, RecordKind::Projectile, projectile.ability.index(), at);
            self.pages.show(Shown { heading: coarse(*heading), ..plain });
        }
        for (named, hazard, at) in queries.hazards.iter(world) {
            let shape = content.hazards.find(hazard.def).map(|def| def.shape);
            let (kind, extent) = match shape {
                Some(HazardShape::Storm { .. }) => (RecordKind::Storm, EVERYWHERE),
                _ => (RecordKind::Hazard, hazard.radius),
            };
            let start = self.bytes.len() as u32;
            let record = Record {
                id: named.0,
                kind,
                template: hazard.def.index(),
                x: at.x,
                y: at.y,
                heading: 0,
                hp_band: 0,
                extent: decimetres(hazard.radius),
            };
            codec::encode_into(&record, &mut self.bytes);
            self.areas.push(Area { id: named.0, at: *at, extent, start, end: self.bytes.len() as u32 });
        }
    }

    /// Lists anew what those avatars carry whose version is another than the last time.
    fn gather_carried(&mut self, queries: &mut Queries, world: &World) {
        let versions = self.own.iter().map(|own| (own.avatar, own.inventory_version));
        if self.inventory_versions.iter().copied().eq(versions.clone()) {
            return self.recarried.clear();
        }
        // Both lists are in the order of names.
        let mut before = self.inventory_versions.iter().peekable();
        let mut changed = core::mem::take(&mut self.recarried);
        changed.clear();
        for now in versions.clone() {
            while before.next_if(|was| was.0 < now.0).is_some() {}
            if before.peek() != Some(&&now) {
                changed.push(now.0);
            }
        }
        self.inventory_versions = versions.collect();
        for holder in &changed {
            self.carried.entry(*holder).or_default().clear();
        }
        let content = &world.resource::<Rules>().content;
        for (named, item, place, _) in queries.items.iter(world) {
            let (holder, equipped) = match place {
                Place::In(holder) => (*holder, false),
                Place::Worn(holder, _) => (*holder, true),
                Place::Ground => continue,
            };
            if changed.binary_search(&holder).is_ok() {
                let template = content.items.key(item.def).to_owned();
                let item = CarriedItem { id: named.0, item: item.id, template, equipped };
                self.carried.entry(holder).or_default().push(item);
            }
        }
        for holder in &changed {
            if let Some(items) = self.carried.get_mut(holder) {
                items.sort_unstable_by_key(|item| item.id);
            }
        }
        self.recarried = changed;
    }

    /// The avatar of this name; `None` once it is gone.
    pub(crate) fn own(&self, avatar: NetId) -> Option<&Own> {
        self.own.get((*self.own_at.get(avatar.0 as usize)?) as usize).filter(|own| own.avatar == avatar)
    }

    /// What somebody carries, in the order of names.
    pub(crate) fn carried_by(&self, holder: NetId) -> &[CarriedItem] {
        self.carried.get(&holder).map(Vec::as_slice).unwrap_or_default()
    }

    /// An area's record, encoded.
    pub(crate) fn area_bytes(&self, area: &Area) -> &[u8] {
        self.bytes.get(area.start as usize..area.end as usize).unwrap_or_default()
    }
}
