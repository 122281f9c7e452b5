//! What is sent reliably to a participant: what happened to it, what it carries, where the match stands.

use hypogeum_locale::LocaleId;
use hypogeum_protocol::lane::{Cell, CellBox};
use hypogeum_protocol::{Delivery, GameEvent, ServerMessage, limits};
use hypogeum_shard::Audience;
use hypogeum_space::{Obstacles, Position};

use super::Viewer;
use crate::event_log::EventLog;
use crate::events::{ReliableEvents, conceal};
use crate::scene::Scene;

impl Viewer {
    /// This tick's events that are sent to it reliably, in order: messages of at most
    /// [`limits::EVENTS_PER_MESSAGE_MAX`], and before them those that go apart. With `on_lane`, what passes is left to the datagrams.
    pub fn events(&self, scene: &Scene, obstacles: &Obstacles, on_lane: bool) -> Vec<ReliableEvents> {
        let mut events: Vec<GameEvent> = Vec::new();
        let (eye, avatar, addressee) = (self.place(scene), self.avatar(), self.addressee());
        if on_lane {
            let mut places: Vec<u32> = scene.event_log.concerning(avatar).collect();
            places.extend_from_slice(&scene.event_log.everyone);
            places.sort_unstable();
            for place in places {
                let Some(outgoing) = scene.event_log.all.get(place as usize) else { continue };
                if matches!(outgoing.audience, Audience::Only(to) if to != addressee) {
                    continue;
                }
                let elsewhere = match outgoing.audience {
                    Audience::Near { x, y } => {
                        eye.is_none_or(|eye| !CellBox::around(eye.x, eye.y, self.sight).contains(Cell::of(x, y)))
                    }
                    Audience::Only(_) | Audience::Everyone => true,
                };
                if elsewhere || EventLog::is_kept(&outgoing.event) {
                    events.push(outgoing.event);
                }
            }
        } else {
            let sees_place = |place| eye.is_some_and(|eye| self.within(eye, place) && obstacles.sight(eye, place));
            let sees = |who| scene.pages.find(who).is_some_and(|(slots, slot)| sees_place(slots.place(slot)));
            for outgoing in &scene.event_log.all {
                let event = outgoing.event;
                match outgoing.audience {
                    Audience::Everyone => events.push(event),
                    Audience::Only(to) if to == addressee => events.push(event),
                    Audience::Near { x, y } if event.concerns(avatar) || sees_place(Position { x, y }) => {
                        events.push(conceal(event, avatar, sees));
                    }
                    Audience::Only(_) | Audience::Near { .. } => {}
                }
            }
        }
        let apart: Vec<GameEvent> = events.extract_if(.., |event| event.is_told_apart()).collect();
        let messages = apart.chunks(1).chain(events.chunks(limits::EVENTS_PER_MESSAGE_MAX));
        let promises = |event: &GameEvent| event.delivery() == Delivery::Durable && event.concerns(addressee);
        messages
            .map(|events| ReliableEvents {
                message: ServerMessage::Events { tick: scene.tick, events: events.to_vec() },
                is_durable: events.iter().any(promises),
            })
            .collect()
    }

    /// The kind's own messages of this tick, in the words of a locale.
    pub fn kind_messages<'a>(
        &'a self,
        scene: &'a Scene,
        obstacles: &'a Obstacles,
        locale: LocaleId,
    ) -> impl Iterator<Item = ServerMessage> + 'a {
        let (eye, avatar) = (self.place(scene), self.addressee());
        let sees = move |place| eye.is_some_and(|eye| self.within(eye, place) && obstacles.sight(eye, place));
        let receives = move |audience: &Audience| match *audience {
            Audience::Everyone => true,
            Audience::Only(to) => to == avatar,
            Audience::Near { x, y } => sees(Position { x, y }),
        };
        let bodies = scene.kind_messages.of(avatar, locale, receives);
        bodies.map(|body| ServerMessage::Told { tick: scene.tick, body: body.to_vec() })
    }

    /// The avatar's sheet (what it carries, say), where that changed since it was last sent.
    pub fn sheet(&mut self, scene: &Scene) -> Option<ServerMessage> {
        let avatar = self.addressee();
        let version = scene.own(avatar)?.view.sheet_version;
        if self.sent_sheet.replace(version) == Some(version) {
            return None;
        }
        scene.sheet(avatar).cloned()
    }

    /// The notice for everyone (where a match stands, say), where that changed since it was last sent.
    pub fn notice(&mut self, scene: &Scene) -> Option<ServerMessage> {
        if self.sent_notice.replace(scene.notice_version) == Some(scene.notice_version) {
            return None;
        }
        scene.notice.clone()
    }
}
