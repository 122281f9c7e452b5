//! What the numbers of snapshots and events mean: they are counted within what a match runs on, which its mode or its place decides.

use hypogeum_content::{Content, Table};
use serde::Serialize;

use crate::blob::ContentBlob;

/// Keys by their numbers, from 0.
#[derive(Serialize)]
struct Numbers<'c> {
    /// `template` of a `projectile`.
    abilities: Vec<&'c str>,
    /// `effect` of an event.
    effects: Vec<&'c str>,
    /// `template` of a `hazard` or `storm`.
    hazards: Vec<&'c str>,
    /// `template` of an `item`.
    items: Vec<&'c str>,
    /// `template` of an `npc`.
    npcs: Vec<&'c str>,
}

/// What the numbers mean in a shard that runs on this content.
pub(crate) fn of_shard(name: impl Into<String>, runs_on: &Content) -> Result<ContentBlob, serde_json::Error> {
    let numbers = Numbers {
        abilities: keys(&runs_on.abilities),
        effects: keys(&runs_on.effects),
        hazards: keys(&runs_on.hazards),
        items: keys(&runs_on.items),
        npcs: keys(&runs_on.npcs),
    };
    ContentBlob::new(name, &numbers)
}

pub(crate) fn blobs(content: &Content) -> Result<Vec<ContentBlob>, serde_json::Error> {
    let mut blobs = vec![of_shard("numbers/items", content.pack_of_items().content())?];
    for (id, key, _) in content.modes.iter() {
        blobs.push(of_shard(format!("numbers/mode/{key}"), content.pack(id).content())?);
    }
    for (id, key, _) in content.zones.iter() {
        blobs.push(of_shard(format!("numbers/zone/{key}"), content.pack_of_zone(id).content())?);
    }
    Ok(blobs)
}

/// The blob that a client looks its numbers up in where a shard that runs on this content has none of its own.
pub(crate) fn usual_name(runs_on: &Content) -> String {
    match (runs_on.modes.iter().next(), runs_on.zones.iter().next()) {
        (Some((_, key, _)), _) => format!("numbers/mode/{key}"),
        (None, Some((_, key, _))) => format!("numbers/zone/{key}"),
        (None, None) => "numbers/items".to_owned(),
    }
}

/// Whether anything in a shard that runs on this content has a number: tournaments of creatures have nothing of it.
pub(crate) fn has_any(runs_on: &Content) -> bool {
    let Content { abilities, effects, hazards, items, npcs, .. } = runs_on;
    abilities.len() + effects.len() + hazards.len() + items.len() + npcs.len() > 0
}

fn keys<T>(table: &Table<T>) -> Vec<&str> {
    table.iter().map(|(_, key, _)| key).collect()
}
