//! How a match comes into being: the place and its inhabitants first, from the seed alone, then the participants.

use bevy_ecs::prelude::World;
use hypogeum_combat::{AbilitySlots, CombatDisabled, GoesDown, HazardsHurtAll, Side, fighter};
use hypogeum_content::Content;
use hypogeum_content::def::{FriendlyFire, HazardPlace, ModeDef, SpawnerDef, TeamsDef};
use hypogeum_items::{
    GroundRule, Inventory, Item, Mint, Place, WeightLimit, add_piece, mint_item, roll_loot, spawn_container,
    spawn_item, wear,
};
use hypogeum_npc::{Autopilot, DropPolicy, Spawner, spawn_npc, spawn_spawner, spawn_waves};
use hypogeum_protocol::{MatchPhase, NetId, Seat, codec};
use hypogeum_shard::{Dice, NetIdIndex, NetIds, Purpose, Rules, Shard, ShardConfig};
use hypogeum_space::{Body, Heading, METRE, MoveIntent, Obstacles, Position, cm, turn};
use xxhash_rust::xxh3::xxh3_64;

use crate::ArenaPlugin;
use crate::downed::Reviving;
use crate::layout::Layout;
use crate::setup::{MatchSetup, SeatSetup};
use crate::state::{
    ExitState, Extracting, Game, Ground, HazardPlan, LastInput, MatchClock, PlannedHazard, PoiState, Scores, SeatScore,
    Seated,
};
use crate::teams::{Team, Teams};

/// Spots tried for someone or something that is put somewhere about a place.
const SPOTS_TRIED_MAX: usize = 16;
/// Room that every spot has: a large body's.
const SPOT_RADIUS: i32 = METRE;
/// Least spots of a spawner that has the whole map; one that owes more has one for each.
const SCATTERED_PLACES: usize = 32;
/// Scattered spots keep this far from starts.
const SCATTER_DISTANCE: i32 = 18 * METRE;

/// Builds a match: map, inhabitants, avatars with what they bring. Equal rules and setups build equal matches, and the
/// place and its inhabitants depend on the rules and the mode alone.
///
/// # Panics
/// Where the mode is not of the rules' content.
#[must_use]
pub fn new_match(rules: ShardConfig, setup: &MatchSetup) -> Shard {
    Shard::new(rules, |app| {
        app.add_plugins(ArenaPlugin);
        populate(app.world_mut(), setup);
    })
}

fn populate(world: &mut World, setup: &MatchSetup) {
    let rules = world.resource::<Rules>().clone();
    let content = &rules.content;
    let mode = &content.modes[setup.mode];
    let layout = Layout::new(content, mode, rules.seed);
    let live_tick = rules.ticks(mode.deploy_ms);
    let tick_at = |ms: u32| live_tick.saturating_add(rules.ticks(ms));

    world.insert_resource(Game { match_id: setup.match_id, mode: setup.mode });
    world.insert_resource(Mint { origin: setup.match_id.0, next_serial: 0 });
    world.insert_resource(DropPolicy::from(mode.npc_drops));
    world.insert_resource(GroundRule(mode.ground));
    world.insert_resource(HazardsHurtAll(mode.hazards_hurt_npcs));
    world.insert_resource(CombatDisabled(true));
    world.insert_resource(MatchClock { phase: MatchPhase::Deploy, began_tick: 0, ends_tick: live_tick });
    world.insert_resource(Obstacles::new(layout.side, layout.blocks.clone()));

    let mut dice = Dice::new(rules.seed, 0, NetId::NONE, Purpose::named("inhabitants"));
    let furniture = furnish(world, content, mode, &layout, &mut dice);
    let guards = post_guards(world, content, mode, &layout, &mut dice);
    let spawned = place_spawners(world, mode, &layout, &tick_at, &mut dice);
    let plan = plan_hazards(content, mode, &layout, &tick_at, &mut dice);

    let open =
        |index: usize| mode.exits.open_ms.get(index % mode.exits.open_ms.len().max(1)).copied().unwrap_or_default();
    let exits: Vec<ExitState> = layout
        .exits
        .iter()
        .enumerate()
        .map(|(index, &at)| ExitState {
            at,
            radius: cm(mode.exits.radius_cm),
            opens_tick: tick_at(open(index).0),
            closes_tick: tick_at(open(index).1),
        })
        .collect();
    let pois = layout.pois.iter().map(|poi| PoiState { kind: poi.kind, at: poi.at, radius: poi.radius }).collect();
    // Names and places of all that stands there before anyone comes, and of what will.
    let ground = (&layout.blocks, &pois as &Vec<PoiState>, &exits);
    let layout_hash = xxh3_64(&codec::encode(&(ground, &plan, &furniture, &guards, &spawned)));
    let npcs_planned =
        guards.len() as u64 + mode.spawners.iter().map(|spawner| living_max(content, spawner)).sum::<u64>();
    let npcs_planned = u32::try_from(npcs_planned).unwrap_or(u32::MAX);
    world.insert_resource(Ground { side: layout.side, pois, exits, npcs_planned, layout_hash });
    world.insert_resource(plan);

    let teams = Teams::new(mode.teams.as_ref(), &setup.parties, setup.seats.len());
    let scores = seat_everyone(world, (mode, setup), &layout, &teams);
    world.insert_resource(Scores(scores.into()));
    world.insert_resource(teams);
}

/// Puts everyone at their starts, teams together. Avatars are named in the order of their seats.
fn seat_everyone(
    world: &mut World,
    (mode, setup): (&ModeDef, &MatchSetup),
    layout: &Layout,
    teams: &Teams,
) -> Vec<SeatScore> {
    let mut scores: Vec<SeatScore> = Vec::with_capacity(setup.seats.len());
    for (index, seat) in setup.seats.iter().enumerate() {
        let at = layout.starts[start_of(index, mode, teams) % layout.starts.len()];
        let avatar = seat_avatar(world, mode, (Seat(index as u16), seat), (at, layout.side));
        if let (Some(rule), team @ 1..) = (&mode.teams, teams.at(index)) {
            join_team(world, avatar, rule, team);
        }
        scores.push(SeatScore {
            account: seat.account,
            avatar,
            autopilot: seat.autopilot,
            outcome: None,
            ended_tick: 0,
            kills: 0,
            damage_dealt: 0,
            xp: 0,
            secured: Vec::new(),
            changed: Vec::new(),
        });
    }
    assert!(
        scores.is_sorted_by(|seat, next| seat.avatar < next.avatar),
        "avatars are named in the order of their seats"
    );
    scores
}

/// Which start a seat has: those of a team stand in a row.
fn start_of(index: usize, mode: &ModeDef, teams: &Teams) -> usize {
    match (&mode.teams, usize::from(teams.at(index))) {
        (Some(rule), team @ 1..) => (team - 1) * rule.size as usize + teams.number_in_team(index),
        _ => index,
    }
}

fn join_team(world: &mut World, avatar: NetId, rule: &TeamsDef, team: u8) {
    let Some(entity) = world.resource::<NetIdIndex>().entity(avatar) else { return };
    let side = Side::of_team(team, rule.friendly_fire == FriendlyFire::Full);
    let mut entity = world.entity_mut(entity);
    entity.insert((Team(team), side));
    if let Some(downed) = &rule.downed {
        entity.insert((GoesDown { hp_percent: downed.hp_percent }, Reviving::default()));
    }
}

/// How many NPCs a spawner has alive at once, at most, with those whom its NPCs call in their phases.
fn living_max(content: &Content, spawner: &SpawnerDef) -> u64 {
    spawner.living_max() * (1 + content.npcs[spawner.npc.id()].followers_max())
}

/// A free spot about a place, or the place itself.
fn spot(world: &World, about: Position, radius: i32, dice: &mut Dice) -> Position {
    let obstacles = world.resource::<Obstacles>();
    (0..SPOTS_TRIED_MAX)
        .map(|_| {
            let (x, y) = turn::step(dice.bits() as u16, dice.between(0, radius));
            Position { x: about.x + x, y: about.y + y }
        })
        .find(|at| obstacles.free(*at, SPOT_RADIUS))
        .unwrap_or(about)
}

/// Containers of the points of interest, and what is in each.
fn furnish(
    world: &mut World,
    content: &Content,
    mode: &ModeDef,
    layout: &Layout,
    dice: &mut Dice,
) -> Vec<(NetId, Position, Vec<u16>)> {
    let map = &content.maps[mode.map.id()];
    let mut furniture = Vec::new();
    for poi in &layout.pois {
        let def = &map.pois[usize::from(poi.kind)];
        for _ in 0..def.containers {
            let at = spot(world, poi.at, poi.radius * 3 / 4, dice);
            let loot = roll_loot(content, def.loot.id(), 1, dice);
            if loot.is_empty() {
                continue;
            }
            let container = spawn_container(world, at);
            furniture.push((container, at, loot.iter().map(|def| def.index()).collect()));
            for def in loot {
                add_piece(world, def, container, at);
            }
        }
    }
    furniture
}

fn post_guards(
    world: &mut World,
    content: &Content,
    mode: &ModeDef,
    layout: &Layout,
    dice: &mut Dice,
) -> Vec<(NetId, u16, Position)> {
    let map = &content.maps[mode.map.id()];
    let mut posted = Vec::new();
    for poi in &layout.pois {
        for (npc, count) in &map.pois[usize::from(poi.kind)].guards {
            for _ in 0..*count {
                let at = spot(world, poi.at, poi.radius, dice);
                if let Some(name) = spawn_npc(world, npc.id(), at, dice.bits() as u16) {
                    posted.push((name, npc.id().index(), at));
                }
            }
        }
    }
    posted
}

fn place_spawners(
    world: &mut World,
    mode: &ModeDef,
    layout: &Layout,
    tick_at: &impl Fn(u32) -> u32,
    dice: &mut Dice,
) -> Vec<(NetId, Vec<Position>)> {
    let rules = world.resource::<Rules>().clone();
    let map = &rules.content.maps[mode.map.id()];
    let mut placed = Vec::new();
    for def in &mode.spawners {
        let places: Vec<Position> = match &def.at {
            Some(kind) => layout
                .pois
                .iter()
                .filter(|poi| map.pois[usize::from(poi.kind)].kind == *kind)
                .map(|poi| poi.at)
                .collect(),
            None => {
                (0..SCATTERED_PLACES.max(def.living_max() as usize)).map(|_| scattered(world, layout, dice)).collect()
            }
        };
        // Those of the beginning are there before anyone can move.
        let first_tick = if def.first_ms == 0 { 1 } else { tick_at(def.first_ms) };
        let spawner = Spawner::new(def.npc.id(), places.clone(), def.count, first_tick, rules.ticks(def.respawn_ms));
        let name = match &def.waves {
            Some(waves) => spawn_waves(world, spawner, waves),
            None => spawn_spawner(world, spawner),
        };
        placed.push((name, places));
    }
    placed
}

/// A free spot anywhere but near the starts, if the map has such; anywhere at all where a crowd begins all over it.
fn scattered(world: &World, layout: &Layout, dice: &mut Dice) -> Position {
    let obstacles = world.resource::<Obstacles>();
    let distance = SCATTER_DISTANCE.min(layout.side / 6);
    let mut tries = (0..SPOTS_TRIED_MAX * 4)
        .map(|_| Position { x: dice.between(METRE, layout.side - METRE), y: dice.between(METRE, layout.side - METRE) });
    let quiet = |at: &Position| {
        let away = || layout.starts.iter().all(|start| turn::distance(*at, *start) >= distance);
        obstacles.free(*at, SPOT_RADIUS) && (layout.is_crowd() || away())
    };
    tries.find(quiet).unwrap_or(Position { x: layout.side / 2, y: layout.side / 2 })
}

fn plan_hazards(
    content: &Content,
    mode: &ModeDef,
    layout: &Layout,
    tick_at: &impl Fn(u32) -> u32,
    dice: &mut Dice,
) -> HazardPlan {
    let map = &content.maps[mode.map.id()];
    let (side, middle) = (layout.side, layout.side / 2);
    let mut plan = Vec::new();
    for used in &mode.hazards {
        let mut kinds: Vec<Position> = match &used.place {
            HazardPlace::At(kind) => layout
                .pois
                .iter()
                .filter(|poi| map.pois[usize::from(poi.kind)].kind == *kind)
                .map(|poi| poi.at)
                .collect(),
            HazardPlace::Middle | HazardPlace::Anywhere => Vec::new(),
        };
        dice.shuffle(&mut kinds);
        for _ in 0..used.count {
            let at = match used.place {
                HazardPlace::Middle => {
                    let off = side / 16;
                    Position { x: middle + dice.between(-off, off), y: middle + dice.between(-off, off) }
                }
                HazardPlace::Anywhere => {
                    let edge = side / 8;
                    Position { x: dice.between(edge, side - edge), y: dice.between(edge, side - edge) }
                }
                HazardPlace::At(_) => kinds.pop().unwrap_or(Position { x: middle, y: middle }),
            };
            plan.push(PlannedHazard { shows_tick: tick_at(used.at_ms), def: used.hazard.id(), at });
        }
    }
    plan.sort_by_key(|planned| planned.shows_tick);
    HazardPlan(plan)
}

fn seat_avatar(
    world: &mut World,
    mode: &ModeDef,
    (seat, setup): (Seat, &SeatSetup),
    (at, side): (Position, i32),
) -> NetId {
    let rules = world.resource::<Rules>().clone();
    let avatar = &mode.avatar;
    let name = world.resource_mut::<NetIds>().allocate();
    let mut slots = AbilitySlots::from_index(1, avatar.abilities.iter().map(|ability| ability.id()));
    slots.0[0] = Some(avatar.unarmed.id());
    let inventory =
        Inventory { slots: avatar.inventory_slots, version: 0, count: 0, unarmed: Some(avatar.unarmed.id()) };
    // Everyone looks inward.
    let heading = turn::toward(side / 2 - at.x, side / 2 - at.y);
    let mut entity = world.spawn((
        name,
        Seated(seat),
        LastInput::default(),
        Extracting::default(),
        inventory,
        (at, Heading(heading), MoveIntent::default(), Body { radius: cm(avatar.radius_cm) }),
        fighter(&rules, avatar.stats, setup.level, Side::default(), slots).regenerating(avatar.regeneration_per_s),
    ));
    if let Some(grams_max) = avatar.weight_max_g {
        entity.insert(WeightLimit { grams_max });
    }
    if setup.autopilot {
        entity.insert(Autopilot::new(mode.autopilot.id(), avatar.sight_cm));
    }
    for item in brought(world, mode, setup) {
        let slot = rules.content.items.find(item.def).and_then(|def| def.slot);
        let item = spawn_item(world, item, Place::In(name.0), at);
        let taken = hypogeum_items::carried(world, name.0).iter().any(|carried| slot.is_some() && carried.worn == slot);
        if slot.is_some() && !taken {
            // It is carried and has a free slot, so this cannot be refused; if it were, it stays in the bag.
            let _ = wear(world, name.0, item);
        }
    }
    name.0
}

/// What a participant brings: its loadout, within what it can carry. A seat that nobody took brings what a new account
/// has, found here as far as its items' names are concerned, so that anyone who loots them may keep them.
fn brought(world: &mut World, mode: &ModeDef, setup: &SeatSetup) -> Vec<Item> {
    let slots = mode.avatar.inventory_slots as usize;
    if setup.account.0 == 0 && setup.items.is_empty() {
        let starters = mode.rewards.starter_items.iter().take(slots);
        return starters.map(|starter| mint_item(world, starter.id())).collect();
    }
    setup.items.iter().take(slots).copied().collect()
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{AccountId, MatchId};

    use hypogeum_shard::Seed;

    use super::*;
    use crate::test_shard::shipped;

    #[test]
    fn a_seat_nobody_took_is_armed_as_a_newcomer_is() {
        let content = shipped();
        let mode = content.modes.id("blitz").expect("blitz ships");
        let starters = content.modes[mode].rewards.starter_items.len();
        let name = "nobody".to_owned();
        let seat = SeatSetup { account: AccountId(0), name, level: 1, rating: 1_500, autopilot: true, items: vec![] };
        let setup = MatchSetup { match_id: MatchId(9), parties: Vec::new(), mode, seats: vec![seat] };
        let shard = new_match(ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content }, &setup);
        let avatar = crate::avatar(shard.world(), Seat(0)).expect("it stands there");
        let held = hypogeum_items::carried(shard.world(), avatar);
        assert_eq!(held.len(), starters, "it has what a new account has");
        assert!(held.iter().any(|carried| carried.worn.is_some()), "and wears what can be worn");
        assert!(held.iter().all(|carried| carried.item.id.origin == 9), "one who loots it may keep it");
    }
}
