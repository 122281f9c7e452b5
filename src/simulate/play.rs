//! One match, from its seed to its end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};
use bevy_ecs::prelude::{With, World};
use hypogeum_arena::{Arena, Seated};
use hypogeum_combat::Cause;
use hypogeum_content::def::{BehaviourDef, FillRule, LootDef, ModeDef};
use hypogeum_content::{Content, Id};
use hypogeum_items::{Container, Item, Place};
use hypogeum_npc::Brain;
use hypogeum_protocol::{ItemId, NetId, Outcome, Seat, codec};
use hypogeum_shard::{HostedKind, HostedMatch, MapBrief, ModeRule, NetIdIndex, Seed, Shard, ShardConfig, ShardKind};
use hypogeum_space::Position;

use super::record::{Amounts, DeedKey, Flow, MatchRecord, PLACE, PLAYERS, SeatRecord};
use super::watch::{Actor, Watch, watch};
use crate::autopilot_match::{TICK_HZ_USUAL, lineup};

/// Participants where nobody says how many: as many as the mode has room for, and no more than these.
const PLAYERS_USUAL: u32 = 24;
/// Steps beyond a mode's own time after which a match has gone wrong, in seconds.
const OVERTIME_S: u32 = 60;
/// How far outside its circle a death still counts as at a point of interest, in subunits.
const NEAR: i64 = 2 * 256;

/// What is played, again and again.
#[derive(Clone)]
pub(crate) struct Plan {
    kind: HostedKind,
    rules: HostedMatch,
    mode: ModeRule,
    content: Arc<Content>,
    behaviour: Option<Id<BehaviourDef>>,
    /// How many take part.
    pub(crate) players: u32,
}

impl Plan {
    /// A plan for a mode of some content.
    ///
    /// # Errors
    /// There is no such behaviour, the mode has not so many seats, or its kind is not played as matches.
    pub(crate) fn new(
        (kind, mode): (HostedKind, ModeRule),
        content: Arc<Content>,
        players: Option<u32>,
        behaviour: Option<&str>,
    ) -> anyhow::Result<Self> {
        let rules = kind.as_match.context("this kind of shard is not played as matches")?;
        let most = mode.players_max;
        let players = players.unwrap_or_else(|| most.min(PLAYERS_USUAL).max(mode.players_min));
        if players > most {
            bail!("mode {:?} has {most} seats, --players is {players}", mode.key);
        }
        if players < mode.players_min && mode.fill == FillRule::Nobody {
            bail!("mode {:?} needs {} players, --players is {players}", mode.key, mode.players_min);
        }
        let behaviour = match behaviour {
            Some(_) if kind.name != Arena::NAME => bail!("--bots is for modes of the arena only"),
            Some(key) => {
                let found = content.behaviours.id(key);
                Some(found.with_context(|| {
                    crate::cli::unknown("behaviour", key, content.behaviours.iter().map(|row| row.1))
                })?)
            }
            None => None,
        };
        Ok(Self { kind, rules, mode, content, behaviour, players })
    }

    pub(super) fn key(&self) -> &str {
        &self.mode.key
    }

    pub(super) fn content(&self) -> &Content {
        &self.content
    }

    /// The mode's definition, where it is one of the arena.
    pub(super) fn definition(&self) -> Option<&ModeDef> {
        let is_arena = self.kind.name == Arena::NAME;
        self.content.modes.id(self.key()).filter(|_| is_arena).map(|mode| &self.content.modes[mode])
    }

    pub(super) fn tick_hz(&self) -> u32 {
        self.kind.tick_hz(self.mode.tick_hz, TICK_HZ_USUAL)
    }

    /// Plays the match of a seed. `None`: `stop` was raised before its end.
    pub(super) fn play(&self, seed: u64, stop: &AtomicBool) -> anyhow::Result<Option<MatchRecord>> {
        let config =
            ShardConfig { seed: Seed::numbered(seed), tick_hz: self.tick_hz(), content: Arc::clone(&self.content) };
        let setup = codec::encode(&lineup(&self.mode, self.players));
        let mut shard = (self.kind.build)(config, &setup).context("the match cannot be built")?;
        let seats = || (0..self.players).filter_map(|seat| u16::try_from(seat).ok()).map(Seat);
        let avatars: Vec<Option<NetId>> = seats().map(|seat| (self.kind.avatar)(shard.world(), seat)).collect();
        let map = (self.rules.map)(shard.world());
        let mut notes = Watch::new(avatars.iter().flatten().copied().collect());
        self.note_furniture(shard.world_mut(), &map, &mut notes);
        if let Some(behaviour) = self.behaviour {
            let world = shard.world_mut();
            for mut brain in world.query_filtered::<&mut Brain, With<Seated>>().iter_mut(world) {
                brain.behaviour = behaviour;
            }
        }
        watch(shard.world_mut(), notes);
        let most = (self.mode.duration_s + OVERTIME_S) * self.tick_hz();
        while !(self.rules.is_over)(shard.world()) {
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            if shard.tick().0 > most {
                bail!("the match of seed {seed} does not end: {most} steps are more than mode {:?} has", self.key());
            }
            shard.step(&[]);
        }
        let records: Option<Vec<SeatRecord>> =
            seats().zip(&avatars).map(|(seat, avatar)| self.seat(&shard, seat, *avatar)).collect();
        let records = records.with_context(|| format!("the match of seed {seed} has seats without a verdict"))?;
        Ok(Some(self.record(&shard, &map, records)))
    }

    /// What lies in containers from the beginning, by the table of the point of interest that is nearest.
    fn note_furniture(&self, world: &mut World, map: &MapBrief, notes: &mut Watch) {
        let Some(mode) = self.definition() else { return };
        let def = &self.content.maps[mode.map.id()];
        let tables: BTreeMap<&str, Id<LootDef>> =
            def.pois.iter().map(|poi| (poi.kind.as_str(), poi.loot.id())).collect();
        let inside: Vec<(Item, NetId)> = world
            .query::<(&Item, &Place)>()
            .iter(world)
            .filter_map(|(item, place)| match place {
                Place::In(holder) => Some((*item, *holder)),
                _ => None,
            })
            .collect();
        for (item, holder) in inside {
            let container = world.resource::<NetIdIndex>().entity(holder);
            let Some(container) = container.filter(|entity| world.get::<Container>(*entity).is_some()) else {
                continue;
            };
            let Some(&at) = world.get::<Position>(container) else { continue };
            let nearest = map.pois.iter().min_by_key(|poi| squared(at, (poi.x, poi.y)));
            if let Some(table) = nearest.and_then(|poi| tables.get(poi.kind.as_str())) {
                for _ in 0..item.count {
                    notes.give(*table, item.def, item.id);
                }
            }
        }
    }

    fn seat(&self, shard: &Shard, seat: Seat, avatar: Option<NetId>) -> Option<SeatRecord> {
        let grant = (self.rules.grant)(shard.world(), seat)?;
        let notes = shard.world().resource::<Watch>();
        let worth = |template: &str| {
            self.content.items.id(template).map_or(0, |item| u64::from(self.content.items[item].value))
        };
        let pieces = |count: u32| u64::from(count.max(1));
        let is_out = grant.outcome == Outcome::Extracted;
        let weapon = avatar.and_then(|avatar| notes.weapons.get(&avatar));
        Some(SeatRecord {
            outcome: grant.outcome,
            kills: grant.kills,
            damage: grant.damage_dealt,
            currency: grant.currency_gained,
            weapon: weapon.map(|weapon| self.content.items.key(*weapon).to_owned()),
            pieces: grant.items_secured.iter().map(|item| pieces(item.state.count)).sum(),
            worth: grant.items_secured.iter().map(|item| worth(&item.template) * pieces(item.state.count)).sum(),
            exit: avatar.filter(|_| is_out).and_then(|avatar| notes.exits.get(&avatar)).copied(),
        })
    }

    fn record(&self, shard: &Shard, map: &MapBrief, seats: Vec<SeatRecord>) -> MatchRecord {
        let notes = shard.world().resource::<Watch>();
        let mut deeds: BTreeMap<DeedKey, Amounts> = BTreeMap::new();
        for ((by, cause, to), harm) in &notes.deeds {
            let key = DeedKey { by: self.actor(*by), with: self.cause(*cause), to: self.actor(*to) };
            let amounts = deeds.entry(key).or_default();
            amounts.damage += harm.damage;
            amounts.kills += harm.kills;
        }
        let mut deaths: BTreeMap<(String, String), u64> = BTreeMap::new();
        for death in &notes.deaths {
            let by = match death.by {
                Actor::Nobody => self.cause(death.cause),
                by => format!("{}: {}", self.actor(by), self.cause(death.cause)),
            };
            *deaths.entry((by, place(map, death.at))).or_default() += 1;
        }
        let came = notes.came.iter().map(|(npc, count)| (self.content.npcs.key(*npc).to_owned(), *count)).collect();
        MatchRecord {
            ticks: shard.tick().0,
            tick_hz: self.tick_hz(),
            state_hash: shard.hash().0,
            seats,
            first_fight_tick: notes.first_fight_tick,
            deeds,
            deaths,
            loot: self.loot(shard, notes),
            came,
        }
    }

    /// What each table gave, and what of that was carried out.
    fn loot(&self, shard: &Shard, notes: &Watch) -> BTreeMap<String, Flow> {
        let mut loot: BTreeMap<String, Flow> = BTreeMap::new();
        for ((table, def), pieces) in &notes.given {
            let flow = loot.entry(self.content.loot.key(*table).to_owned()).or_default();
            flow.found += pieces;
            flow.found_worth += pieces * u64::from(self.content.items[*def].value);
        }
        let secured = (0..self.players).filter_map(|seat| u16::try_from(seat).ok());
        let secured = secured.filter_map(|seat| (self.rules.grant)(shard.world(), Seat(seat)));
        for item in secured.flat_map(|grant| grant.items_secured) {
            let table: Option<&Id<LootDef>> = notes.table_of.get::<ItemId>(&item.id);
            let (Some(table), Some(def)) = (table, self.content.items.id(&item.template)) else { continue };
            let flow = loot.entry(self.content.loot.key(*table).to_owned()).or_default();
            let pieces = u64::from(item.state.count.max(1));
            flow.out += pieces;
            flow.out_worth += pieces * u64::from(self.content.items[def].value);
        }
        loot
    }

    fn actor(&self, actor: Actor) -> String {
        match actor {
            Actor::Nobody => PLACE.to_owned(),
            Actor::Player => PLAYERS.to_owned(),
            Actor::Npc(npc) => self.content.npcs.key(npc).to_owned(),
        }
    }

    fn cause(&self, cause: Cause) -> String {
        match cause {
            Cause::Ability(ability) => self.content.abilities.key(ability).to_owned(),
            Cause::Effect(effect) => self.content.effects.key(effect).to_owned(),
            Cause::Hazard(hazard) => self.content.hazards.key(hazard).to_owned(),
            Cause::Asked => "gave up".to_owned(),
        }
    }
}

fn squared(at: Position, (x, y): (i32, i32)) -> i64 {
    let (x, y) = (i64::from(at.x) - i64::from(x), i64::from(at.y) - i64::from(y));
    x * x + y * y
}

/// What a place is called: an exit, the kind of a point of interest, or neither.
fn place(map: &MapBrief, at: Option<Position>) -> String {
    let Some(at) = at else { return "unknown".to_owned() };
    let is_in = |x, y, radius: i32| squared(at, (x, y)) <= (i64::from(radius) + NEAR).pow(2);
    if map.exits.iter().any(|exit| is_in(exit.x, exit.y, exit.radius)) {
        return "an exit".to_owned();
    }
    let poi = map.pois.iter().find(|poi| is_in(poi.x, poi.y, poi.radius));
    poi.map_or_else(|| "in the open".to_owned(), |poi| poi.kind.clone())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::game::Game;

    #[test]
    fn who_is_watched_plays_as_if_nobody_looked() {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let content = Arc::new(Content::load(&assets).expect("the shipped content is good"));
        let modes = Game::shipped().kinds().modes(&content).expect("its modes are good");
        let skirmish = modes.into_iter().find(|(_, mode)| mode.key == "skirmish").expect("the mode ships");
        let plan = Plan::new(skirmish, Arc::clone(&content), Some(4), None).expect("it has four seats");
        let record = plan.play(5, &AtomicBool::new(false)).expect("it ends").expect("nobody stops it");
        let config = ShardConfig { seed: Seed::numbered(5), tick_hz: plan.tick_hz(), content };
        let mut shard =
            (plan.kind.build)(config, &codec::encode(&lineup(&plan.mode, plan.players))).expect("it can be built");
        while !(plan.rules.is_over)(shard.world()) {
            shard.step(&[]);
        }
        let went = (shard.tick().0, shard.hash().0);
        assert_eq!((record.ticks, record.state_hash), went, "notes are no part of the state");
        assert_eq!(record.seats.len(), 4, "everybody has a row");
        assert!(!record.deeds.is_empty() && !record.came.is_empty(), "and something was noted");
    }
}
