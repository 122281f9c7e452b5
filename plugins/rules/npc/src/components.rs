//! What makes something think.

use bevy_ecs::prelude::{Bundle, Component};
use hypogeum_content::Id;
use hypogeum_content::def::{Activity, BehaviourDef, NpcDef, Senses};
use hypogeum_protocol::NetId;
use hypogeum_shard::State;
use hypogeum_space::{Position, cm, turn};
use serde::{Deserialize, Serialize};

/// Something that lives there and is nobody's avatar.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Npc {
    /// What it is.
    pub def: Id<NpcDef>,
}

/// Where it belongs. Given at spawn.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Where it appeared; it returns there.
    pub at: Position,
    /// How far from it it follows anyone, in subunits.
    pub leash: i32,
}

/// What it perceives. Given at spawn.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Perception {
    /// How far it sees where nothing stands in the way, in subunits.
    pub sight: i32,
    /// Half the width of its view, in 1/65536 turns; 32,768 sees all round.
    pub half_view: u16,
    /// How near one is noticed unseen, in subunits.
    pub hearing: i32,
}

impl Perception {
    /// Half a turn to each side.
    const ALL_ROUND: u16 = 1 << 15;

    /// Eyes all round the head: what a player's screen shows.
    #[must_use]
    pub const fn all_round(sight_cm: u32) -> Self {
        Self { sight: cm(sight_cm), half_view: Self::ALL_ROUND, hearing: 0 }
    }
}

impl From<Senses> for Perception {
    fn from(senses: Senses) -> Self {
        let half_view = if senses.view_deg >= 360 { Self::ALL_ROUND } else { turn::degrees(senses.view_deg) / 2 };
        Self { sight: cm(senses.sight_cm), half_view, hearing: cm(senses.hearing_cm) }
    }
}

/// A mind: what it decided last, and what it needs to go on with it. Only `npc` changes it.
///
/// It steers whatever it sits on: an NPC, or an avatar on autopilot. Taking it off an avatar hands control back.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brain {
    /// How it decides.
    pub behaviour: Id<BehaviourDef>,
    /// What it is doing.
    pub activity: Activity,
    /// Since which tick.
    pub since_tick: u32,
    /// Whom it fights or flees; nobody.
    pub target: NetId,
    /// Whether it saw the target when it last decided.
    pub sees_target: bool,
    /// Since which tick no way leads to its target, and it cannot shoot at it; 0: one does, or it has none.
    pub hopeless_since_tick: u32,
    /// Up to which tick it minds nobody to whom no way leads.
    pub gives_up_until_tick: u32,
    /// On its way back from beyond its leash, it minds nobody.
    pub returning: bool,
    /// Where its activity leads, if anywhere.
    pub goal: Option<Position>,
    /// Since which tick it leads there.
    pub goal_since_tick: u32,
    /// The next corner on the way to the goal.
    pub waypoint: Position,
    /// When it decides again.
    pub next_think_tick: u32,
    /// The first tick it may call for help again.
    pub next_call_tick: u32,
    /// The first tick it may consume something again.
    pub next_use_tick: u32,
    /// Points of interest it has been to, a bit each.
    pub visited: u64,
    /// Loot it failed to reach.
    pub shunned: NetId,
    /// Version of its inventory when it last found nothing better to wear.
    pub inventory_version: u32,
}

impl Brain {
    /// A mind at rest. It decides for the first time within its first interval, on a tick that follows from its name,
    /// so that those who come together do not think together.
    #[must_use]
    pub const fn new(behaviour: Id<BehaviourDef>) -> Self {
        Self {
            behaviour,
            activity: Activity::Idle,
            since_tick: 0,
            target: NetId::NONE,
            sees_target: false,
            hopeless_since_tick: 0,
            gives_up_until_tick: 0,
            returning: false,
            goal: None,
            goal_since_tick: 0,
            waypoint: Position { x: 0, y: 0 },
            next_think_tick: 0,
            next_call_tick: 0,
            next_use_tick: 0,
            visited: 0,
            shunned: NetId::NONE,
            inventory_version: u32::MAX,
        }
    }
}

/// What an avatar needs to play by itself. Insert it where a seat is empty or its player gone; to hand control back,
/// remove it and let the player's input write `MoveIntent`, `Heading` and `AbilityIntent` again (or set them to stand still).
#[derive(Bundle, Clone, Debug)]
pub struct Autopilot {
    /// The mind, which decides for the first time within its first interval.
    pub brain: Brain,
    /// What it perceives.
    pub perception: Perception,
    /// Whom it minds.
    pub threat: Threat,
}

impl Autopilot {
    /// A mind with this behaviour that sees as far as a player's screen shows.
    #[must_use]
    pub fn new(behaviour: Id<BehaviourDef>, sight_cm: u32) -> Self {
        let perception = Perception::all_round(sight_cm);
        Self { brain: Brain::new(behaviour), perception, threat: Threat::default() }
    }
}

/// Enemies it knows of and how much it minds each; at most [`THREATS_MAX`], in the order of names.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threat(pub(crate) Vec<(NetId, u32)>);

/// Enemies one mind keeps apart; of more it forgets the least.
pub const THREATS_MAX: usize = 8;

/// The spawner an NPC came from.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpawnedBy(pub NetId);

/// Brings NPCs of a kind into the world and replaces them; an entity of its own, with a name and nothing else.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spawner {
    /// The kind of NPC it brings.
    pub npc: Id<NpcDef>,
    /// Where: one of these is drawn for each.
    pub places: Vec<Position>,
    /// How far from the drawn place one may appear, in subunits.
    pub spread: i32,
    /// Ticks from a death to the next one's appearance; 0: never again.
    pub respawn_ticks: u32,
    /// When each of those that are missing is due, in order. With those alive it comes to the cap.
    pub due_ticks: Vec<u32>,
}

impl Spawner {
    /// A spawner that keeps `count` alive, the first due at `first_tick`.
    #[must_use]
    pub fn new(npc: Id<NpcDef>, places: Vec<Position>, count: u32, first_tick: u32, respawn_ticks: u32) -> Self {
        Self { npc, places, spread: cm(500), respawn_ticks, due_ticks: vec![first_tick; count as usize] }
    }
}

macro_rules! states {
    ($($component:ty => $name:literal),* $(,)?) => {
        $(impl State for $component { const NAME: &'static str = $name; })*
    };
}
states! {
    Npc => "npc", Home => "home", Perception => "perception", Brain => "brain", Threat => "threat",
    SpawnedBy => "spawned_by", Spawner => "spawner",
}
