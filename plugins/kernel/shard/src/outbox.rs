//! What a shard tells the world outside, tick by tick.

use bevy_ecs::prelude::Resource;
use hypogeum_protocol::{ClientMessage, GameEvent, NetId, Seat, limits};

/// Whom an event concerns; who among them perceives it is decided by replication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Only the participant with this avatar.
    Only(NetId),
    /// Everyone who perceives this place (subunits).
    Near {
        /// Subunits from the map's left edge.
        x: i32,
        /// Subunits from its lower edge.
        y: i32,
    },
    /// Everyone in the shard.
    Everyone,
}

/// One event on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Whom it concerns.
    pub audience: Audience,
    /// What happened, as clients are sent it.
    pub event: GameEvent,
}

/// This tick's events in the order they happened; emptied at the start of the next step.
#[derive(Resource, Clone, Debug, Default)]
pub struct Outbox(pub Vec<Outgoing>);

impl Outbox {
    /// Adds an event.
    pub fn tell(&mut self, audience: Audience, event: GameEvent) {
        self.0.push(Outgoing { audience, event });
    }
}

/// What a kind tells in words of its own in this tick, in their order; emptied at the start of the next step. Clients get each as a
/// [`ServerMessage::Told`](hypogeum_protocol::ServerMessage::Told), on the reliable channel; what is said in the words of a locale
/// is put into those of each by [`ShardKind::in_words`](crate::ShardKind::in_words).
#[derive(Resource, Clone, Debug, Default)]
pub struct KindOutbox {
    bodies: Vec<Box<[u8]>>,
    /// Who is told which of them.
    told: Vec<(Audience, u32)>,
}

impl KindOutbox {
    /// Adds something to tell, at most [`limits::TOLD_BYTES_MAX`] long.
    ///
    /// # Panics
    /// Where it is longer: a kind knows what it tells.
    pub fn tell(&mut self, audience: Audience, body: impl Into<Box<[u8]>>) {
        let place = self.add(body.into());
        self.told.push((audience, place));
    }

    /// Adds something to tell to some, each by itself.
    ///
    /// # Panics
    /// As [`KindOutbox::tell`].
    pub fn tell_each(&mut self, whom: impl IntoIterator<Item = NetId>, body: impl Into<Box<[u8]>>) {
        let place = self.add(body.into());
        self.told.extend(whom.into_iter().map(|who| (Audience::Only(who), place)));
    }

    fn add(&mut self, body: Box<[u8]>) -> u32 {
        assert!(body.len() <= limits::TOLD_BYTES_MAX, "a kind tells {} bytes at once", body.len());
        self.bodies.push(body);
        self.bodies.len() as u32 - 1
    }

    /// All that is told, in its order.
    pub fn iter(&self) -> impl Iterator<Item = (Audience, &[u8])> {
        self.told.iter().map(|(audience, place)| (*audience, &*self.bodies[*place as usize]))
    }

    /// What is told, each once.
    #[must_use]
    pub fn bodies(&self) -> &[Box<[u8]>] {
        &self.bodies
    }

    /// Who is told what, in the order it is told: a place among the bodies.
    #[must_use]
    pub fn told(&self) -> &[(Audience, u32)] {
        &self.told
    }

    /// Whether nothing is told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.bodies.clear();
        self.told.clear();
    }
}

/// What those in the shard said in this tick, or wanted in a chat, in their order; emptied at the start of the next step. A kind that reads
/// words puts here what its players would have sent as messages of their own: who hears it, and whether it may be said, is the
/// host's to decide.
#[derive(Resource, Clone, Debug, Default)]
pub struct Speeches(pub Vec<(Seat, ClientMessage)>);

/// Most notes of one step.
const NOTES_MAX: usize = 16;
/// Most bytes of a note.
const NOTE_BYTES_MAX: usize = 512;

/// What those who run the server should read of this step, such as a mistake in what a designer wrote; emptied at the start of the
/// next one. The host writes it to its log: a shard does no I/O. No state: nothing in a shard reads it.
#[derive(Resource, Clone, Debug, Default)]
pub struct OperatorNotes(Vec<String>);

impl OperatorNotes {
    /// Adds a note, cut to 512 bytes. Of one step 16 are kept.
    pub fn note(&mut self, mut note: String) {
        note.truncate(note.floor_char_boundary(NOTE_BYTES_MAX));
        if self.0.len() < NOTES_MAX {
            self.0.push(note);
        }
    }

    /// The notes, in their order.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.0)
    }
}
