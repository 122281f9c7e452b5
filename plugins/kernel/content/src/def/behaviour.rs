//! Behaviours: `assets/behaviours/*.ron`. A brain adds up each drive's score and follows the highest.

use serde::{Deserialize, Serialize};

/// How something that is not steered by a player decides.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BehaviourDef {
    /// Ticks between two decisions, 1–60; spread over ticks by name, so that not all think at once.
    pub think_every_ticks: u32,
    /// How an NPC thinks that is far from everybody who takes part; without it as ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afar: Option<AfarDef>,
    /// What it may want, 1–32, the first winning a tie.
    pub drives: Vec<Drive>,
}

/// Level of detail: nobody watches, so it thinks less often. A blow, a call or a participant who comes near wakes it all the same,
/// and while it has a participant for a target it thinks as ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AfarDef {
    /// Farther than this from every participant, 1,000–100,000; up to 16 m more count as near.
    pub beyond_cm: u32,
    /// It thinks in every so many-th step at most, 2–600, spread by name.
    pub think_every_ticks: u32,
}

/// One thing a brain may want.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Drive {
    /// What it does then.
    pub activity: Activity,
    /// Where the score starts, −100,000–100,000.
    pub score: i32,
    /// All must hold, else the drive is out; at most 16.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// Each that holds adds its score, −100,000–100,000; at most 16.
    #[serde(default)]
    pub add: Vec<(Condition, i32)>,
}

/// What a brain can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum Activity {
    /// Stand still. What a brain does where no drive holds.
    Idle,
    /// Stroll about home.
    Wander,
    /// Close in on the target and use what reaches it.
    Fight,
    /// Stay at a distance from the target, using what reaches it.
    Kite,
    /// Get away from the target.
    Flee,
    /// Tell friends within hearing of the target.
    CallForHelp,
    /// Walk back home, shaking everything off.
    Return,
    /// Walk to an unvisited point of interest.
    Explore,
    /// Walk to loot in sight and take it.
    Loot,
    /// Walk to an open exit, or the one that opens next, and stay inside.
    Extract,
    /// Walk out of a hazard.
    EscapeHazard,
    /// Walk to the nearest downed team-mate and stay by it until it is up.
    Revive,
}

/// What a brain can see about itself.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub enum Condition {
    /// Someone to be fought is known.
    HasTarget,
    /// There is no target.
    NoTarget,
    /// Own health below this percentage, 1–100.
    HpBelow(u32),
    /// Own health at or above this percentage, 0–100.
    HpAbove(u32),
    /// The target within this distance, 1–200,000.
    TargetWithin(u32),
    /// The target beyond this distance, 0–200,000.
    TargetBeyond(u32),
    /// Farther from home than the leash allows.
    BeyondLeash,
    /// Away from home by more than this distance, 0–200,000.
    HomeBeyond(u32),
    /// Loot in sight.
    LootInSight,
    /// At least so many items carried, worn ones included, 0–64.
    CarriesAtLeast(u32),
    /// An exit is open.
    ExitOpen,
    /// Less than this is left of the match, 1–3,600,000.
    TimeLeftBelowMs(u32),
    /// Stands in a hazard.
    InHazard,
    /// Hurt within the last second.
    RecentlyHurt,
    /// A team-mate is downed within this distance, 1–200,000.
    MateDownWithin(u32),
}
