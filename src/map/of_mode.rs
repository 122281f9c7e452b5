//! What a match of a mode looks like before anybody moves.

use std::sync::Arc;

use anyhow::Context;
use hypogeum_arena::{Arena, Seated, hazards_to_come};
use hypogeum_content::Content;
use hypogeum_content::def::{Drop, HazardDef, HazardShape, LootDef, ModeDef};
use hypogeum_items::Container;
use hypogeum_npc::Npc;
use hypogeum_protocol::codec;
use hypogeum_shard::{HostedKind, MapBrief, ModeRule, Seed, Shard, ShardConfig, ShardKind};
use hypogeum_space::{Position, cm};

use super::{Drawing, METRE, Sort};
use crate::autopilot_match::{TICK_HZ_USUAL, lineup};

/// Starts that are drawn; of a crowd's, which lie all over the map, the first.
const STARTS_MAX: u32 = 200;
/// How deep nested tables are followed for what they are worth.
const NESTING_MAX: u32 = 16;

/// Draws the map that a mode has under a seed.
///
/// # Errors
/// The mode's kind is not played as matches, or cannot build one.
pub(crate) fn of_mode(
    (kind, mode): (&HostedKind, &ModeRule),
    content: &Arc<Content>,
    seed: u64,
) -> anyhow::Result<Drawing> {
    let rules = kind.as_match.context("this kind of shard is not played as matches")?;
    let tick_hz = kind.tick_hz(mode.tick_hz, TICK_HZ_USUAL);
    let config = ShardConfig { seed: Seed::numbered(seed), tick_hz, content: Arc::clone(content) };
    let seats = mode.players_max.min(STARTS_MAX);
    let mut shard = (kind.build)(config, &codec::encode(&lineup(mode, seats))).context("the match cannot be built")?;
    let map = (rules.map)(shard.world());
    let title = format!("{}, seed {seed}", mode.key);
    let mut drawing = Drawing { title, side: map.side, marks: Vec::new(), notes: Vec::new() };
    for block in &map.obstacles {
        let middle = (i32::midpoint(block.x_min, block.x_max), i32::midpoint(block.y_min, block.y_max));
        let reach = ((block.x_max - block.x_min) / 2, (block.y_max - block.y_min) / 2);
        drawing.add(Sort::Obstacle, middle, reach, "");
    }
    let def = content.modes.id(&mode.key).filter(|_| kind.name == Arena::NAME).map(|mode| &content.modes[mode]);
    for poi in &map.pois {
        drawing.add(Sort::Poi, (poi.x, poi.y), (poi.radius, poi.radius), poi.kind.clone());
    }
    add_exits(&mut drawing, &map, (def.map_or(0, |def| def.deploy_ms), tick_hz));
    if let Some(def) = def {
        add_inhabitants(&mut drawing, &mut shard);
        add_hazards(&mut drawing, &shard, (content, def, tick_hz));
        note_def(&mut drawing, content, def);
        if seats < mode.players_max {
            drawing.notes.push(format!("starts: {seats} of {} are shown", mode.players_max));
        }
    }
    Ok(drawing)
}

/// A tick in seconds of the live phase.
fn live_s(tick: u32, (deploy_ms, tick_hz): (u32, u32)) -> u64 {
    let ms = u64::from(tick) * 1_000 / u64::from(tick_hz.max(1));
    ms.saturating_sub(deploy_ms.into()) / 1_000
}

fn add_exits(drawing: &mut Drawing, map: &MapBrief, clock: (u32, u32)) {
    for (number, exit) in (1_u32..).zip(&map.exits) {
        let (opens, closes) = (live_s(exit.opens_tick, clock), live_s(exit.closes_tick, clock));
        let label = format!("exit {number}: {opens}–{closes} s");
        drawing.add(Sort::Exit, (exit.x, exit.y), (exit.radius, exit.radius), label);
    }
}

fn add_inhabitants(drawing: &mut Drawing, shard: &mut Shard) {
    let world = shard.world_mut();
    let mut of = |sort, mut places: Vec<Position>| {
        // Entities have no order of their own.
        places.sort_unstable();
        places.into_iter().for_each(|at| drawing.add(sort, (at.x, at.y), (METRE / 2, METRE / 2), ""));
    };
    of(Sort::Start, world.query::<(&Position, &Seated)>().iter(world).map(|(at, _)| *at).collect());
    of(Sort::Npc, world.query::<(&Position, &Npc)>().iter(world).map(|(at, _)| *at).collect());
    of(Sort::Container, world.query::<(&Position, &Container)>().iter(world).map(|(at, _)| *at).collect());
}

fn add_hazards(drawing: &mut Drawing, shard: &Shard, (content, mode, tick_hz): (&Content, &ModeDef, u32)) {
    for planned in hazards_to_come(shard.world()) {
        let Some(def) = content.hazards.find(planned.def) else { continue };
        let radius = reach(def);
        let shown = live_s(planned.shows_tick, (mode.deploy_ms, tick_hz));
        let hurts = shown + u64::from(def.warning_ms) / 1_000;
        let ends = match def.duration_ms {
            0 => "the end".to_owned(),
            ms => format!("{} s", hurts + u64::from(ms) / 1_000),
        };
        let key = content.hazards.key(planned.def);
        drawing.add(
            Sort::Hazard,
            (planned.at.x, planned.at.y),
            (radius, radius),
            format!("{key}: {hurts} s to {ends}"),
        );
    }
}

/// How far a hazard reaches; of a storm what it leaves in the end.
fn reach(def: &HazardDef) -> i32 {
    match def.shape {
        HazardShape::Storm { final_radius_cm, .. } => cm(final_radius_cm),
        HazardShape::Cloud { radius_cm }
        | HazardShape::Mines { radius_cm, .. }
        | HazardShape::Bombardment { radius_cm, .. } => cm(radius_cm),
    }
}

fn note_def(drawing: &mut Drawing, content: &Content, mode: &ModeDef) {
    for poi in &content.maps[mode.map.id()].pois {
        let guards: Vec<String> = poi.guards.iter().map(|(npc, count)| format!("{count} {}", npc.key())).collect();
        let guards = if guards.is_empty() { "nobody".to_owned() } else { guards.join(", ") };
        let worth = worth(content, &content.loot[poi.loot.id()], NESTING_MAX);
        drawing.notes.push(format!(
            "{} ×{}: {} containers of {} (worth about {worth} each), guarded by {guards}",
            poi.kind,
            poi.count,
            poi.containers,
            poi.loot.key(),
        ));
    }
    for spawner in &mode.spawners {
        let at = spawner.at.as_deref().map_or_else(|| "anywhere".to_owned(), |kind| format!("at each {kind}"));
        let again = match spawner.respawn_ms {
            0 => "once".to_owned(),
            ms => format!("again {} s after a death", ms / 1_000),
        };
        let (npc, count, first) = (spawner.npc.key(), spawner.count, spawner.first_ms / 1_000);
        drawing.notes.push(format!("{count} {npc} {at}, from {first} s, {again}"));
    }
}

/// What a roll of a table is worth on average, in currency.
fn worth(content: &Content, table: &LootDef, depth: u32) -> u64 {
    let value = |item: hypogeum_content::Id<_>| u64::from(content.items[item].value);
    let always: u64 = table.always.iter().map(|item| value(item.id())).sum();
    let drawn = table.entries.iter().map(|entry| {
        let each = match &entry.drop {
            Drop::Nothing => 0,
            Drop::Item(item) => value(item.id()),
            Drop::Table(_) if depth == 0 => 0,
            Drop::Table(inner) => worth(content, &content.loot[inner.id()], depth - 1),
        };
        u64::from(entry.weight) * each
    });
    let weights: u64 = table.entries.iter().map(|entry| u64::from(entry.weight)).sum();
    always + u64::from(table.rolls) * drawn.sum::<u64>() / weights.max(1)
}
