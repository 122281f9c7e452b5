//! Tables of definitions: their keys, and the numbers by which a client shows or predicts them. What they are called stands with the names.

mod contests;
mod rewards;

use hypogeum_content::def::{
    AbilityDef, AbilityShape, ArchetypeDef, AvatarDef, CreatureDef, EffectDef, EffectKind, HazardDef, HazardShape,
    ItemDef, ModeDef, NpcDef, Stacking, ZoneDef,
};
use hypogeum_content::{Content, Link, Table};
use serde::Serialize;
use serde_json::Value;

use crate::blob::ContentBlob;

/// The rows of a table, in the order of their keys.
#[derive(Serialize)]
struct Rows<R> {
    rows: Vec<Row<R>>,
}

#[derive(Serialize)]
struct Row<R> {
    key: String,
    #[serde(flatten)]
    row: R,
}

pub(crate) fn blobs(content: &Content) -> Result<Vec<ContentBlob>, serde_json::Error> {
    Ok(vec![
        blob("abilities", &content.abilities, ability)?,
        blob("achievements", &content.achievements, rewards::achievement)?,
        blob("archetypes", &content.archetypes, archetype)?,
        blob("cosmetics", &content.cosmetics, rewards::cosmetic)?,
        blob("creatures", &content.creatures, creature)?,
        blob("effects", &content.effects, effect)?,
        blob("hazards", &content.hazards, hazard)?,
        blob("items", &content.items, item)?,
        blob("ladders", &content.ladders, contests::ladder)?,
        blob("leaderboards", &content.leaderboards, contests::leaderboard)?,
        blob("modes", &content.modes, mode)?,
        blob("npcs", &content.npcs, npc)?,
        blob("tournaments", &content.tournaments, contests::tournament)?,
        blob("zones", &content.zones, zone)?,
    ])
}

fn blob<'c, T, R: Serialize>(
    folder: &str,
    table: &'c Table<T>,
    row: impl Fn(&'c T) -> R,
) -> Result<ContentBlob, serde_json::Error> {
    let rows = table.iter().map(|(_, key, def)| Row { key: key.to_owned(), row: row(def) }).collect();
    ContentBlob::new(format!("tables/{folder}"), &Rows { rows })
}

#[derive(Serialize)]
struct Ability<'c> {
    shape: &'static str,
    /// How far it reaches: from edge to edge, along the line, or as its shot flies.
    range_cm: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    arc_deg: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    speed_cm_per_s: Option<u32>,
    /// Half the width of its shot.
    #[serde(skip_serializing_if = "Option::is_none")]
    radius_cm: Option<u32>,
    cooldown_ms: u32,
    cast_ms: u32,
    mana: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<&'c str>,
}

fn ability(def: &AbilityDef) -> Ability<'_> {
    let AbilityDef { cooldown_ms, cast_ms, mana, .. } = *def;
    let (shape, range_cm, arc_deg, speed_cm_per_s, radius_cm) = match def.shape {
        AbilityShape::Melee { range_cm, arc_deg } => ("melee", range_cm, Some(arc_deg), None, None),
        AbilityShape::Hitscan { range_cm } => ("hitscan", range_cm, None, None, None),
        AbilityShape::Projectile { range_cm, speed_cm_per_s, radius_cm } => {
            ("projectile", range_cm, None, Some(speed_cm_per_s), Some(radius_cm))
        }
        AbilityShape::Area { radius_cm } => ("area", radius_cm, None, None, None),
    };
    let effect = def.effect.as_ref().map(Link::key);
    Ability { shape, range_cm, arc_deg, speed_cm_per_s, radius_cm, cooldown_ms, cast_ms, mana, effect }
}

/// A body of a participant, as it is before what it wears and bears.
#[derive(Serialize)]
struct Avatar<'c> {
    radius_cm: u32,
    speed_cm_per_s: u32,
    sight_cm: u32,
    inventory_slots: u32,
    /// Its ability slots from 1 on: the first one is the weapon's where one is worn.
    abilities: Vec<&'c str>,
}

fn avatar(def: &AvatarDef) -> Avatar<'_> {
    let AvatarDef { radius_cm, sight_cm, inventory_slots, .. } = *def;
    let abilities = [&def.unarmed].into_iter().chain(&def.abilities).map(Link::key).collect();
    Avatar { radius_cm, speed_cm_per_s: def.stats.speed_cm_per_s, sight_cm, inventory_slots, abilities }
}

#[derive(Serialize)]
struct Archetype<'c> {
    avatar: Avatar<'c>,
}

fn archetype(def: &ArchetypeDef) -> Archetype<'_> {
    Archetype { avatar: avatar(&def.avatar) }
}

#[derive(Serialize)]
struct Creature<'c> {
    art: &'c [String],
}

fn creature(def: &CreatureDef) -> Creature<'_> {
    Creature { art: &def.art }
}

#[derive(Serialize)]
struct Effect<'c> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stat: Option<Value>,
    duration_ms: u32,
    interval_ms: u32,
    /// How many of it add up.
    stacks_max: u32,
    is_dispellable: bool,
    tags: &'c [String],
}

fn effect(def: &EffectDef) -> Effect<'_> {
    let (kind, stat) = match &def.kind {
        EffectKind::Damage(_) => ("damage", None),
        EffectKind::Heal(_) => ("heal", None),
        EffectKind::Modify(stat, _) => ("modify", Some(word(stat))),
    };
    let stacks_max = if let Stacking::Stack(most) = def.stacking { most } else { 1 };
    let EffectDef { duration_ms, interval_ms, dispellable: is_dispellable, .. } = *def;
    Effect { kind, stat, duration_ms, interval_ms, stacks_max, is_dispellable, tags: &def.tags }
}

#[derive(Serialize)]
struct Hazard<'c> {
    shape: &'static str,
    /// How far it goes from its middle; of a storm, the circle that is safe in the end.
    radius_cm: u32,
    /// How far a blast of it hurts.
    #[serde(skip_serializing_if = "Option::is_none")]
    blast_cm: Option<u32>,
    warning_ms: u32,
    /// 0: until the match ends.
    duration_ms: u32,
    interval_ms: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<&'c str>,
}

fn hazard(def: &HazardDef) -> Hazard<'_> {
    let (shape, radius_cm, blast_cm) = match def.shape {
        HazardShape::Storm { final_radius_cm, .. } => ("storm", final_radius_cm, None),
        HazardShape::Cloud { radius_cm } => ("cloud", radius_cm, None),
        HazardShape::Mines { radius_cm, blast_cm, .. } => ("mines", radius_cm, Some(blast_cm)),
        HazardShape::Bombardment { radius_cm, blast_cm } => ("bombardment", radius_cm, Some(blast_cm)),
    };
    let HazardDef { warning_ms, duration_ms, interval_ms, .. } = *def;
    let effect = def.effect.as_ref().map(Link::key);
    Hazard { shape, radius_cm, blast_cm, warning_ms, duration_ms, interval_ms, effect }
}

#[derive(Serialize)]
struct Item<'c> {
    kind: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<Value>,
    /// What a weapon does in ability slot 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    ability: Option<&'c str>,
    stack_max: u32,
    weight_g: u32,
    value: u32,
    /// Blows that it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    blows_max: Option<u32>,
    /// How many items it has room for.
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<u32>,
    is_quest: bool,
    is_unique: bool,
}

fn item(def: &ItemDef) -> Item<'_> {
    let ItemDef { stack_max, weight_g, value, holds, is_quest, is_unique, .. } = *def;
    Item {
        kind: word(&def.kind),
        slot: def.slot.as_ref().map(word),
        ability: def.ability.as_ref().map(Link::key),
        stack_max,
        weight_g,
        value,
        blows_max: def.blows_max(),
        holds,
        is_quest,
        is_unique,
    }
}

#[derive(Serialize)]
struct Mode<'c> {
    name: &'c str,
    players_min: u32,
    players_max: u32,
    deploy_ms: u32,
    duration_ms: u32,
    watch: Value,
    avatar: Avatar<'c>,
}

fn mode(def: &ModeDef) -> Mode<'_> {
    let ModeDef { players_min, players_max, deploy_ms, duration_ms, watch, .. } = *def;
    Mode {
        name: &def.name,
        players_min,
        players_max,
        deploy_ms,
        duration_ms,
        watch: word(&watch),
        avatar: avatar(&def.avatar),
    }
}

#[derive(Serialize)]
struct Npc {
    level: u32,
    radius_cm: u32,
    speed_cm_per_s: u32,
    /// Whether its name is its own, as people have one.
    is_named: bool,
}

fn npc(def: &NpcDef) -> Npc {
    let NpcDef { level, radius_cm, is_named, .. } = *def;
    Npc { level, radius_cm, speed_cm_per_s: def.stats.speed_cm_per_s, is_named }
}

#[derive(Serialize)]
struct Zone<'c> {
    theme: &'c str,
    level_min: u32,
    level_max: u32,
    side_m: u32,
}

fn zone(def: &ZoneDef) -> Zone<'_> {
    Zone { theme: &def.theme, level_min: def.level.0, level_max: def.level.1, side_m: def.side_m }
}

/// A variant's name as everything else on the wire has it: `HpMax` is `hp_max`.
fn word(variant: &impl Serialize) -> Value {
    let name = serde_json::to_value(variant).unwrap_or_default();
    let mut word = String::new();
    for (at, letter) in name.as_str().unwrap_or_default().char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word.into()
}
