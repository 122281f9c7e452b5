//! Gathering a world once a tick, for all its viewers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use bevy_ecs::prelude::World;
use hypogeum_protocol::{NetId, Record, ServerMessage, codec};
use hypogeum_shard::{KindOutbox, Outbox, Shard};
use hypogeum_space::{METRE, Obstacles, ViewQueries};

use crate::event_log::EventLog;
use crate::kind_messages::{Interpreter, KindMessages};
use crate::pages::Pages;
use crate::sightlines::Sightlines;
use crate::things::{Area, Own};

/// Extent of what concerns everyone wherever they are: a storm hurts outside its circle.
const EVERYWHERE: i32 = i32::MAX / 2;

/// Everything of one shard that can be seen after its last step. Keep one for each shard: buffers are used again.
#[derive(Default)]
pub struct Scene {
    queries: Option<ViewQueries>,
    pub(crate) tick: u32,
    /// The message to everyone, sent reliably, and its version: 1 and up.
    pub(crate) notice: Option<ServerMessage>,
    pub(crate) notice_version: u32,
    pub(crate) counts: [u16; 2],
    pub(crate) pages: Pages,
    pub(crate) sightlines: Sightlines,
    /// Areas: few, and seen from afar.
    pub(crate) areas: Vec<Area>,
    bytes: Vec<u8>,
    own: Vec<Own>,
    /// Places in `own`, by name.
    own_at: Vec<u32>,
    /// Versions of the sheets below.
    sheet_versions: Vec<(NetId, u32)>,
    sheets: BTreeMap<NetId, ServerMessage>,
    /// Whose changed this tick, in the order of names.
    resheeted: Vec<NetId>,
    is_new_notice: bool,
    pub(crate) event_log: EventLog,
    /// The kind's own messages.
    pub(crate) kind_messages: KindMessages,
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

/// Subunits as decimetres, to the nearest.
fn decimetres(subunits: i32) -> u16 {
    let rounded = (i64::from(subunits.max(0)) * 10 + i64::from(METRE) / 2) / i64::from(METRE);
    u16::try_from(rounded).unwrap_or(u16::MAX)
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

    /// Whether something about an avatar is to be sent now, no matter who else waits: an event, or its sheet.
    #[must_use]
    pub fn has_events_for(&self, avatar: NetId) -> bool {
        self.event_log.concerns(avatar) || self.resheeted.binary_search(&avatar).is_ok()
    }

    /// Whether something is to be sent to everyone: an event, or a notice.
    #[must_use]
    pub fn has_events_for_all(&self) -> bool {
        self.is_new_notice || !self.event_log.everyone.is_empty() || self.kind_messages.concerns_all()
    }

    /// Whether the kind tells an avatar something that no others are told.
    #[must_use]
    pub fn has_messages_for(&self, avatar: NetId) -> bool {
        self.kind_messages.concerns(avatar)
    }

    /// Who puts what the kind tells into the words of those who read it. From the next gathering on; without one it is sent as
    /// it is.
    pub fn set_interpreter(&mut self, interpreter: impl FnOnce() -> Interpreter) {
        if !self.kind_messages.has_interpreter() {
            self.kind_messages.set_interpreter(interpreter());
        }
    }

    /// Events of this tick.
    #[must_use]
    pub fn events_count(&self) -> usize {
        self.event_log.all.len()
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
        let mut queries = self.queries.take().unwrap_or_else(|| ViewQueries::new(world));
        let head = queries.head(world);
        self.counts = head.counts;
        self.is_new_notice = head.notice != self.notice;
        if self.is_new_notice {
            self.notice = head.notice;
            self.notice_version += 1;
        }
        let side = world.get_resource::<Obstacles>().map_or(0, |obstacles| {
            self.sightlines.prepare(obstacles);
            obstacles.side()
        });
        self.pages.begin(self.tick, side);
        queries.things(world, |shown| self.pages.show(shown));
        self.pages.end();
        self.gather_avatars(&mut queries, world);
        self.gather_areas(&mut queries, world);
        self.kind_messages.take(world.resource::<KindOutbox>());
        self.event_log.take(self.tick, side, &world.resource::<Outbox>().0, &self.pages);
        self.gather_sheets(&queries, world);
        self.queries = Some(queries);
    }

    fn gather_avatars(&mut self, queries: &mut ViewQueries, world: &World) {
        queries.avatars(world, self.tick, |avatar, at, view| self.own.push(Own { avatar, at, view }));
        self.own.sort_unstable_by_key(|own| own.avatar);
        // Avatars are named early, so their names are small.
        self.own_at.clear();
        self.own_at.resize(self.own.last().map_or(0, |last| last.avatar.0 as usize + 1), 0);
        for (at, own) in (0..).zip(&self.own) {
            self.own_at[own.avatar.0 as usize] = at;
        }
    }

    fn gather_areas(&mut self, queries: &mut ViewQueries, world: &World) {
        queries.areas(world, |id, at, area| {
            let start = self.bytes.len() as u32;
            let record = Record {
                id,
                kind: area.kind,
                template: area.template,
                x: at.x,
                y: at.y,
                heading: 0,
                hp_band: 0,
                extent: decimetres(area.radius),
            };
            codec::encode_into(&record, &mut self.bytes);
            let extent = if area.is_everywhere { EVERYWHERE } else { area.radius };
            self.areas.push(Area { id, at, extent, start, end: self.bytes.len() as u32 });
        });
        self.areas.sort_unstable_by_key(|area| area.id);
    }

    /// Asks again for the sheets of those avatars whose version is another than the last time.
    fn gather_sheets(&mut self, queries: &ViewQueries, world: &World) {
        self.resheeted.clear();
        let versions = self.own.iter().map(|own| (own.avatar, own.view.sheet_version));
        if self.sheet_versions.iter().copied().eq(versions.clone()) {
            return;
        }
        // Both lists are in the order of names.
        let mut before = self.sheet_versions.iter().peekable();
        for now in versions.clone() {
            while before.next_if(|was| was.0 < now.0).is_some() {}
            if before.peek() != Some(&&now) {
                self.resheeted.push(now.0);
            }
        }
        self.sheet_versions = versions.collect();
        for avatar in &self.resheeted {
            if let Some(sheet) = queries.sheet(world, *avatar) {
                self.sheets.insert(*avatar, sheet);
            }
        }
    }

    /// The avatar of this name; `None` once it is gone.
    pub(crate) fn own(&self, avatar: NetId) -> Option<&Own> {
        self.own.get((*self.own_at.get(avatar.0 as usize)?) as usize).filter(|own| own.avatar == avatar)
    }

    /// The message about an avatar that is sent reliably to its client.
    pub(crate) fn sheet(&self, avatar: NetId) -> Option<&ServerMessage> {
        self.sheets.get(&avatar)
    }

    /// An area's record, encoded.
    pub(crate) fn area_bytes(&self, area: &Area) -> &[u8] {
        self.bytes.get(area.start as usize..area.end as usize).unwrap_or_default()
    }
}
