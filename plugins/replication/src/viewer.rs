//! What one participant sees, and what it has been told.

use hypogeum_protocol::{CarriedItem, NetId, ServerMessage, limits};
use hypogeum_shard::Audience;
use hypogeum_space::{Obstacles, Position, turn};

use crate::cells::stretches;
use crate::datagram::Datagram;
use crate::events::{conceal, concerns};
use crate::scene::Scene;
use crate::things::{PhaseNow, Thing};

/// One participant's eyes, and what it was last told. Keep one for each: buffers are used again.
#[derive(Debug, Default)]
pub struct Viewer {
    avatar: NetId,
    /// How far it sees, in subunits.
    sight: i32,
    told_inventory: Option<u32>,
    told_phase: Option<PhaseNow>,
    candidates: Vec<(u64, NetId, Thing)>,
    records: Vec<u8>,
}

impl Viewer {
    /// The eyes of `avatar`, which sees `sight` subunits far.
    #[must_use]
    pub fn new(avatar: NetId, sight: i32) -> Self {
        Self { avatar, sight, ..Self::default() }
    }

    /// Forgets what was told: a new connection is told anew.
    pub const fn forget(&mut self) {
        self.told_inventory = None;
        self.told_phase = None;
    }

    /// Writes an encoded [`ServerMessage::Snapshot`] to `out`, at most [`limits::UNRELIABLE_BYTES_MAX`] long.
    pub fn snapshot(&mut self, scene: &Scene, obstacles: &Obstacles, out: &mut Vec<u8>) {
        let own = scene.own(self.avatar);
        let state = own.and_then(|own| own.state);
        let clocks = (scene.tick, own.map_or(0, |own| own.input_seq));
        let tail = [scene.alive, scene.extracted];
        let mut datagram = Datagram::begin(out, &mut self.records, clocks, state, tail);
        if let (Some(own), Some(_)) = (own, state) {
            let eye = own.at;
            self.candidates.clear();
            let near = |thing: &Thing| {
                let beyond = turn::distance_squared(eye, thing.at);
                let reach = u64::from(self.sight.unsigned_abs()) + u64::from(thing.extent.unsigned_abs());
                (beyond <= reach * reach).then_some((beyond, thing.id, *thing))
            };
            // Areas reach from afar and hurt: they come first, and they are few.
            for area in &scene.areas {
                if near(area).is_some() {
                    datagram.add(scene.record(area));
                }
            }
            for stretch in stretches(&scene.cells, eye, self.sight) {
                let things = scene.things.get(stretch).unwrap_or_default();
                self.candidates.extend(things.iter().filter(|thing| thing.id != self.avatar).filter_map(near));
            }
            self.candidates.sort_unstable_by_key(|candidate| (candidate.0, candidate.1));
            for (_, _, thing) in &self.candidates {
                if !datagram.is_open() {
                    break;
                }
                if !obstacles.sight(eye, thing.at) {
                    continue;
                }
                if !datagram.add(scene.record(thing)) {
                    break;
                }
            }
        }
        datagram.finish();
    }

    /// What happened this tick that it perceives, in order: messages of at most [`limits::EVENTS_PER_MESSAGE_MAX`].
    pub fn events(&self, scene: &Scene, obstacles: &Obstacles) -> Vec<ServerMessage> {
        if scene.events.is_empty() {
            return Vec::new();
        }
        let eye = scene.own(self.avatar).filter(|own| own.state.is_some()).map(|own| own.at);
        let sees_place = |place: Position| eye.is_some_and(|eye| self.sees(eye, place, obstacles));
        let sees = |who: NetId| scene.thing(who).is_some_and(|thing| sees_place(thing.at));
        let mut heard = Vec::new();
        for outgoing in &scene.events {
            let event = outgoing.event;
            match outgoing.audience {
                Audience::Everyone => heard.push(event),
                Audience::Only(avatar) if avatar == self.avatar => heard.push(event),
                Audience::Near { x, y } if concerns(&event, self.avatar) || sees_place(Position { x, y }) => {
                    heard.push(conceal(event, self.avatar, sees));
                }
                Audience::Only(_) | Audience::Near { .. } => {}
            }
        }
        let messages = heard.chunks(limits::EVENTS_PER_MESSAGE_MAX);
        messages.map(|events| ServerMessage::Events { tick: scene.tick, events: events.to_vec() }).collect()
    }

    fn sees(&self, eye: Position, place: Position, obstacles: &Obstacles) -> bool {
        let reach = u64::from(self.sight.unsigned_abs());
        turn::distance_squared(eye, place) <= reach * reach && obstacles.sight(eye, place)
    }

    /// What the avatar carries, where that changed since it was last told.
    pub fn inventory(&mut self, scene: &Scene) -> Option<ServerMessage> {
        let version = scene.own(self.avatar)?.inventory_version;
        if self.told_inventory == Some(version) {
            return None;
        }
        self.told_inventory = Some(version);
        let items = scene.carried_by(self.avatar).iter().map(|(_, item)| item.clone());
        let items: Vec<CarriedItem> = items.take(limits::INVENTORY_ITEMS_MAX).collect();
        Some(ServerMessage::Inventory { version, items })
    }

    /// Where the match stands, where that changed since it was last told.
    pub fn phase(&mut self, scene: &Scene) -> Option<ServerMessage> {
        let now = scene.phase?;
        if self.told_phase == Some(now) {
            return None;
        }
        self.told_phase = Some(now);
        Some(ServerMessage::Phase { phase: now.phase, tick: now.began_tick, ends_tick: now.ends_tick })
    }
}
