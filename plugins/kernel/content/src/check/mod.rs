//! What each kind of definition is held to, one kind a file, and what they are held to together.
//!
//! The ranges are those of the doc comments in [`crate::def`]. Past these doors nothing needs to defend itself against
//! a zero interval, an overflowing product or a reference to nothing.

mod ability;
mod achievement;
mod archetype;
mod battle;
mod behaviour;
mod cosmetic;
mod creature;
mod daily;
mod dispel;
mod effect;
mod ground;
mod hazard;
mod item;
mod keeper;
mod ladder;
mod leaderboard;
mod loot;
mod map;
mod mode;
mod mode_on_map;
mod npc;
mod opponent;
mod phase;
mod schedule;
mod script;
mod tactic;
mod teams;
mod tournament;
mod waves;
mod weight;
mod zone;

pub(crate) use script::read as read_script;

use crate::Content;
use crate::content::{Purpose, Sources};
use crate::error::Errors;
use crate::review::{Keys, Review};

/// The folders of a content, each with its kind of definition.
pub const FOLDERS: [&str; 21] = [
    "abilities",
    "achievements",
    "archetypes",
    "battles",
    "behaviours",
    "cosmetics",
    "creatures",
    "daily",
    "effects",
    "hazards",
    "items",
    "ladders",
    "leaderboards",
    "loot",
    "maps",
    "modes",
    "npcs",
    "opponents",
    "scripts",
    "tournaments",
    "zones",
];

/// Mistakes that show only once every link has its place. The keys are those of all files, sound or not.
pub(crate) fn cross_check(content: &Content, sources: &Sources, keys: &Keys, purpose: Purpose, errors: &mut Errors) {
    let mut review = Review { keys, errors };
    loot::check_nesting(content, sources, &mut review);
    npc::check_means(content, sources, &mut review);
    mode_on_map::check_modes(content, sources, &mut review);
    weight::check_starters(content, sources, &mut review);
    opponent::check_all(content, sources, &mut review);
    ladder::check_tournaments(content, sources, &mut review);
    cosmetic::check_bundles(content, sources, &mut review);
    cosmetic::check_given(content, sources, &mut review);
    zone::check_archetypes(content, sources, &mut review);
    zone::check_hazards(content, sources, &mut review);
    script::check_names(content, sources, &mut review);
    script::check_calls(content, sources, &mut review);
    if purpose != Purpose::Unpack {
        zone::check_gates(content, sources, &mut review);
        // A pack may have the item and no effect that it works on.
        dispel::check_known(content, sources, &mut review);
    }
}
