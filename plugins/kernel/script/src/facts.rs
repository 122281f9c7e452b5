//! What a script may ask of the world that calls it.

/// Somebody, as scripts see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What people call it.
    pub name: String,
    /// Its level, 1 and up.
    pub level: u32,
    /// Hit points it has.
    pub hp: u32,
    /// Hit points it has when it is whole.
    pub hp_max: u32,
    /// Key of the room it is in.
    pub room: String,
}

/// The world as a script may look at it. A name of something that is not there is `None`, which ends the call with an error.
/// People are numbers, 1 and up.
pub trait Facts: Send + Sync + 'static {
    /// Who has caused the call.
    fn who(&self) -> Option<u32>;
    /// Where it was caused: key of the room.
    fn room(&self) -> Option<String>;
    /// What was typed behind the word that caused it.
    fn words(&self) -> String;
    /// A player or an NPC.
    fn person(&self, who: u32) -> Option<Person>;
    /// The players in a room, at most so many, in the order of their coming.
    fn players(&self, room: &str, count_max: usize) -> Option<Vec<u32>>;
    /// How many players are in a room.
    fn player_count(&self, room: &str) -> Option<u32>;
    /// How many NPCs of a kind live in a room.
    fn npc_count(&self, npc: &str, room: &str) -> Option<u32>;
    /// Whether somebody carries or wears an item.
    fn carries(&self, who: u32, item: &str) -> Option<bool>;
    /// Whether a flag is set.
    fn flag(&self, flag: &str) -> bool;
    /// `open`, `closed` or `locked`.
    fn door(&self, door: &str) -> Option<&'static str>;
    /// The hour of the day, 0–23.
    fn hour(&self) -> Option<u32>;
    /// The next roll of dice with so many sides, 1 and up.
    fn roll(&mut self, sides: u32) -> u32;
    /// Whether there is an item of this key.
    fn has_item(&self, item: &str) -> bool;
    /// Whether there is an effect of this key.
    fn has_effect(&self, effect: &str) -> bool;
    /// Whether there is a hazard of this key that a room can have.
    fn has_hazard(&self, hazard: &str) -> bool;
    /// Whether there is an NPC of this key.
    fn has_npc(&self, npc: &str) -> bool;
    /// Whether there is a room of this key.
    fn has_room(&self, room: &str) -> bool;
}
