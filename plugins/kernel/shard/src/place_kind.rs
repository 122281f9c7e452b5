//! Kinds of shard that are places of a world: there is one of each, for as long as the server's data lives, and characters come
//! and go.

use bevy_ecs::prelude::World;
use hypogeum_content::Content;
use hypogeum_protocol::{CharacterSheet, DoorInfo, RoomInfo, Seat, ShardId};

use crate::{MapBrief, SetupError, ShardKind};

/// A kind whose shards are places that characters live in: a zone, a town. A host opens each once, and lets characters in where
/// they were when they left.
///
/// A host learns of it by [`ShardKindsApp::add_place_kind`](crate::ShardKindsApp::add_place_kind). It is open
/// ([`ShardKind::IS_OPEN`]), the title of its shards is the key of their place, and what a visit leaves of a character is in the
/// grant of [`ShardKind::visit_grant`].
pub trait PlaceKind: ShardKind {
    /// The places of this kind, as a content has them. Newcomers begin in the first one.
    ///
    /// # Errors
    /// [`SetupError`]: a definition that this kind cannot use. The server does not start then.
    fn places(content: &Content) -> Result<Vec<PlaceRule>, SetupError>;

    /// What the shard of a place is made from. Its number is the origin of what is found there.
    fn setup(place: &str, id: ShardId) -> Self::Setup;

    /// The body of a character that was never anywhere, as its player wishes it: `wish` is a word of this kind, such as the key
    /// of an archetype; empty: whatever is usual. `None` where there is no such thing.
    fn newborn(content: &Content, wish: &str) -> Option<Vec<u8>>;

    /// The ground: what stands in the way for as long as the shard is there. Clients are sent it in chunks, as they come near. What
    /// comes and goes is a door.
    fn ground(world: &World) -> MapBrief;

    /// What else there is on the ground, as it was in the beginning.
    fn features(_world: &World) -> GroundFeatures {
        GroundFeatures::default()
    }

    /// Which of the doors are open now, by their numbers.
    fn open_doors(_world: &World) -> Vec<bool> {
        Vec::new()
    }

    /// A character as it would be kept if its visit ended now; `None` where that seat plays none.
    fn character(_world: &World, _seat: Seat) -> Option<CharacterSheet> {
        None
    }

    /// Seats whose characters have been through something in the last step that is to be kept at once, and not only the next time
    /// all are: a new level, a death, a trade.
    fn milestones(_world: &World) -> Vec<Seat> {
        Vec::new()
    }

    /// Whether characters leave the place as soon as their players' connections are gone; else they stay for the linger, or until
    /// these are back.
    fn leaves_when_away(_world: &World) -> bool {
        false
    }

    /// Seats whose characters have left in the last step, and whither: the host lets them leave, and enter where the grant of
    /// their visit says that they are.
    fn departures(_world: &World) -> Vec<(Seat, Departure)> {
        Vec::new()
    }

    /// With whom somebody keeps together, itself among them; `None` where that is nobody. They hear what it says to its party.
    fn company(_world: &World, _seat: Seat) -> Option<Company> {
        None
    }

    /// Who hears what somebody says aloud; `None` where nobody does, because it is nowhere.
    fn hearing(_world: &World, _seat: Seat) -> Option<Hearing> {
        None
    }
}

/// What there is on the ground besides what stands in the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroundFeatures {
    /// Doors, each with its place here as its number.
    pub doors: Vec<DoorInfo>,
    /// Rooms that may be seen by whoever comes near.
    pub rooms: Vec<RoomInfo>,
}

/// A few who keep together in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Company {
    /// Its number, unique in its place for as long as it lasts.
    pub number: u32,
    /// The seats of those who are in it.
    pub seats: Vec<Seat>,
}

/// Who hears what somebody says aloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearing {
    /// Where it is said: the key of a room, unique in its place. What is said there is kept under that name.
    pub room: String,
    /// The seats of those who hear it, the speaker's included.
    pub seats: Vec<Seat>,
}

/// Whither somebody goes who leaves a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// To another place, which it enters at once.
    Onward,
    /// Out of the world.
    Out,
}

/// A place as a host opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRule {
    /// Its key: what its shard is called.
    pub key: String,
    /// Steps a second, within [`ShardKind::TICK_HZ`]; `None`: as many as is usual on the server.
    pub tick_hz: Option<u32>,
}
