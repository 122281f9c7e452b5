//! What is told reliably: what happened to it, what it carries, where the match stands.

use hypogeum_protocol::lane::{Cell, CellBox};
use hypogeum_protocol::{CarriedItem, Delivery, GameEvent, ServerMessage, limits};
use hypogeum_shard::Audience;
use hypogeum_space::{Obstacles, Position};

use super::Viewer;
use crate::events::{ReliableEvents, conceal};
use crate::news::News;
use crate::scene::Scene;

impl Viewer {
    /// What happened this tick that it is told reliably, in order: messages of at most
    /// [`limits::EVENTS_PER_MESSAGE_MAX`]. With `on_lane`, what passes is left to the datagrams.
    pub fn events(&self, scene: &Scene, obstacles: &Obstacles, on_lane: bool) -> Vec<ReliableEvents> {
        let mut heard: Vec<GameEvent> = Vec::new();
        let eye = scene.own(self.avatar).filter(|own| own.state.is_some()).map(|own| own.at);
        if on_lane {
            let mut places: Vec<u32> = scene.news.concerning(self.avatar).collect();
            places.extend_from_slice(&scene.news.everyone);
            places.sort_unstable();
            for place in places {
                let Some(outgoing) = scene.news.all.get(place as usize) else { continue };
                let elsewhere = match outgoing.audience {
                    Audience::Near { x, y } => {
                        eye.is_none_or(|eye| !CellBox::around(eye.x, eye.y, self.sight).contains(Cell::of(x, y)))
                    }
                    Audience::Only(_) | Audience::Everyone => true,
                };
                if elsewhere || News::is_kept(&outgoing.event) {
                    heard.push(outgoing.event);
                }
            }
        } else {
            let sees_place = |place| eye.is_some_and(|eye| self.within(eye, place) && obstacles.sight(eye, place));
            let sees = |who| scene.pages.find(who).is_some_and(|(page, slot)| sees_place(page.place(slot)));
            for outgoing in &scene.news.all {
                let event = outgoing.event;
                match outgoing.audience {
                    Audience::Everyone => heard.push(event),
                    Audience::Only(avatar) if avatar == self.avatar => heard.push(event),
                    Audience::Near { x, y } if event.concerns(self.avatar) || sees_place(Position { x, y }) => {
                        heard.push(conceal(event, self.avatar, sees));
                    }
                    Audience::Only(_) | Audience::Near { .. } => {}
                }
            }
        }
        let messages = heard.chunks(limits::EVENTS_PER_MESSAGE_MAX);
        let promises = |event: &GameEvent| event.delivery() == Delivery::Durable && event.concerns(self.avatar);
        messages
            .map(|events| ReliableEvents {
                message: ServerMessage::Events { tick: scene.tick, events: events.to_vec() },
                is_durable: events.iter().any(promises),
            })
            .collect()
    }

    /// What the avatar carries, where that changed since it was last told.
    pub fn inventory(&mut self, scene: &Scene) -> Option<ServerMessage> {
        let version = scene.own(self.avatar)?.inventory_version;
        if self.told_inventory == Some(version) {
            return None;
        }
        self.told_inventory = Some(version);
        let items = scene.carried_by(self.avatar).iter().take(limits::INVENTORY_ITEMS_MAX);
        let items: Vec<CarriedItem> = items.cloned().collect();
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
