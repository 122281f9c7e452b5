//! What a bot makes of its view at one tick: where it is, who and what is near, and which exit lets it out.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_client::{MatchView, View};
use hypogeum_protocol::{ExitInfo, GameEvent, NetId, OwnState, Record, RecordKind};

use crate::behaviour::{Behaviour, Centimetres, Condition};
use crate::geometry::{Circle, Point, from_cm, metres};
use crate::terrain::Terrain;

/// How far inside the circle of a storm, and outside every other hazard, a bot feels safe.
const HAZARD_MARGIN: f64 = metres(1.5);
/// Where no way to an exit is known, the straight line times this is a guess.
const DETOUR: f64 = 1.35;
/// How long a bot minds the one who struck it.
const GRUDGE_S: u32 = 3;
/// How much later a bot would rather be out than walk into a hazard for it.
const HAZARD_PENALTY_TICKS: u32 = 240;

/// What stays known from tick to tick.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The last tick at which this avatar was hurt.
    pub(crate) hurt_tick: Option<u32>,
    /// Who struck this avatar, and when last.
    grudges: BTreeMap<NetId, u32>,
    /// The team this avatar plays for.
    team: Option<u8>,
    /// Who is downed, as far as it was told.
    downed: BTreeSet<NetId>,
    /// Loot that is empty, refused or out of reach for good.
    pub(crate) given_up: BTreeSet<NetId>,
    /// As of the last thought.
    pub(crate) exits: Exits,
}

impl Memory {
    /// Takes note of what happened to `avatar`.
    pub(crate) fn notice(&mut self, event: &GameEvent, avatar: NetId, tick: u32) {
        if let GameEvent::Damaged { source, target, .. } = event
            && *target == avatar
        {
            self.hurt_tick = Some(tick);
            self.grudges.insert(*source, tick);
        }
        match *event {
            GameEvent::TeamTold { who, team } if who == avatar => self.team = Some(team),
            GameEvent::Downed { who, .. } => {
                self.downed.insert(who);
            }
            GameEvent::Revived { who, .. } | GameEvent::Died { who, .. } | GameEvent::Extracted { who } => {
                self.downed.remove(&who);
            }
            _ => {}
        }
    }

    /// Whether it is somebody of the same team.
    fn is_mate(&self, record: &Record) -> bool {
        record.kind == RecordKind::Player && self.team.is_some_and(|team| u16::from(team) == record.template)
    }
}

/// An exit and when it lets this avatar out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExitPlan {
    pub(crate) place: Circle,
    out_tick: u32,
}

/// What there is to be said about exits, as of the last thought.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exits {
    pub(crate) best: Option<ExitPlan>,
    /// Ticks after which it is too late for every exit; negative once it is.
    slack_ticks: i64,
}

impl Default for Exits {
    fn default() -> Self {
        Self { best: None, slack_ticks: i64::MIN }
    }
}

/// A record and how far it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Near {
    pub(crate) record: Record,
    square: f64,
}

/// What is around, in lists that are used again for the next bot.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    /// Living NPCs, and players near enough to be wary of or who struck this avatar lately; nearest first.
    pub(crate) enemies: Vec<Near>,
    /// Downed team-mates, nearest first.
    pub(crate) fallen: Vec<Near>,
    /// Items and containers not given up, nearest first.
    pub(crate) loot: Vec<Near>,
    /// Hazards to stay out of.
    pub(crate) dangers: Vec<Circle>,
    /// Circles of storms, to stay in.
    shelters: Vec<Circle>,
}

/// One tick's view, made sense of.
#[derive(Debug)]
pub(crate) struct Senses<'v> {
    pub(crate) own: &'v OwnState,
    pub(crate) tick: u32,
    pub(crate) tick_hz: u32,
    pub(crate) here: Point,
    pub(crate) current: &'v MatchView,
    pub(crate) around: &'v mut Surroundings,
    pub(crate) exits: Exits,
    recently_hurt: bool,
    carried_count: usize,
}

/// The radius of an area.
fn extent(record: &Record) -> f64 {
    from_cm(u32::from(record.extent) * 10)
}

/// Where a record is.
pub(crate) const fn place(record: &Record) -> Point {
    Point { x: record.x, y: record.y }
}

fn exit_place(exit: &ExitInfo) -> Circle {
    Circle { middle: Point { x: exit.x, y: exit.y }, radius: f64::from(exit.radius) }
}

impl<'v> Senses<'v> {
    /// `None` without a match, a snapshot, or a living avatar.
    pub(crate) fn new(
        view: &'v View,
        (behaviour, leaving): (&Behaviour, bool),
        memory: &mut Memory,
        around: &'v mut Surroundings,
    ) -> Option<Self> {
        let current = view.current.as_ref()?;
        let snapshot = view.snapshot.as_ref()?;
        let own = snapshot.own.as_ref()?;
        let here = Point { x: own.x, y: own.y };
        let tick_hz = u32::from(view.tick_hz());
        let tick = snapshot.tick;
        around.clear();
        let senses = Self {
            own,
            tick,
            tick_hz,
            here,
            current,
            around,
            exits: memory.exits,
            recently_hurt: memory.hurt_tick.is_some_and(|hurt| tick.saturating_sub(hurt) < tick_hz),
            carried_count: view.inventory.len(),
        };
        let at_exit = current.exits.iter().any(|exit| exit_place(exit).holds(here));
        let wary_of_players =
            if leaving || at_exit { behaviour.wary_when_leaving_cm } else { behaviour.wary_of_players_cm };
        let wary_square = square_of(wary_of_players);
        memory.grudges.retain(|_, struck| tick.saturating_sub(*struck) < GRUDGE_S * tick_hz);
        for record in snapshot.records.iter().filter(|record| record.id != current.avatar) {
            senses.around.sort_in(Near { record: *record, square: here.square(place(record)) }, wary_square, memory);
        }
        senses.around.settle();
        Some(senses)
    }

    /// Whether a place is in a hazard now.
    pub(crate) fn is_dangerous(&self, point: Point) -> bool {
        self.around.dangers.iter().any(|danger| danger.holds(point)) || self.shelter_from(point).is_some()
    }

    /// The circle of a storm that a place is outside of.
    pub(crate) fn shelter_from(&self, point: Point) -> Option<&Circle> {
        self.around.shelters.iter().find(|shelter| !shelter.holds(point))
    }

    /// Looks at each exit again: which lets this avatar out first, and how long there is time.
    pub(crate) fn plan_exit(&mut self, terrain: &Terrain) {
        self.exits = Exits::default();
        for (exit, way) in self.current.exits.iter().zip(terrain.ways_out(self.here)) {
            let place = exit_place(exit);
            let arrival = self.tick.saturating_add(self.walk_ticks(place, way));
            let slack = i64::from(exit.closes_tick) - i64::from(arrival) - i64::from(exit.channel_ticks);
            self.exits.slack_ticks = self.exits.slack_ticks.max(slack);
            // Anyone who stands inside needs what is left, not the whole.
            let channel = match self.own.extraction_ticks {
                left if left > 0 && place.holds(self.here) => u32::from(left),
                _ => exit.channel_ticks,
            };
            let out_tick = arrival.max(exit.opens_tick).saturating_add(channel);
            if out_tick > exit.closes_tick {
                continue;
            }
            let penalty = if self.is_dangerous(place.middle) { HAZARD_PENALTY_TICKS } else { 0 };
            let plan = ExitPlan { place, out_tick: out_tick.saturating_add(penalty) };
            if self.exits.best.is_none_or(|known| plan.out_tick < known.out_tick) {
                self.exits.best = Some(plan);
            }
        }
    }

    fn walk_ticks(&self, exit: Circle, way: Option<f64>) -> u32 {
        let way = way.unwrap_or_else(|| self.here.distance(exit.middle) * DETOUR);
        ((way - exit.radius * 0.5).max(0.0) / f64::from(self.own.speed.max(1))) as u32
    }

    fn is_open(&self, exit: &ExitInfo) -> bool {
        (exit.opens_tick..exit.closes_tick).contains(&self.tick)
    }

    fn hp_percent(&self) -> u64 {
        u64::from(self.own.hp) * 100 / u64::from(self.own.hp_max.max(1))
    }

    fn ms_to_ticks(&self, ms: u32) -> i64 {
        i64::from(ms) * i64::from(self.tick_hz) / 1_000
    }

    /// Whether a condition of a behaviour holds.
    pub(crate) fn holds(&self, condition: Condition) -> bool {
        match condition {
            Condition::HpBelow(percent) => self.hp_percent() < u64::from(percent.value()),
            Condition::HpAbove(percent) => self.hp_percent() >= u64::from(percent.value()),
            Condition::EnemyWithin(distance) => within(self.around.enemies.first(), distance),
            Condition::PlayerWithin(distance) => {
                let player = self.around.enemies.iter().find(|near| near.record.kind == RecordKind::Player);
                within(player, distance)
            }
            Condition::LootWithin(distance) => within(self.around.loot.first(), distance),
            Condition::CarriesAtLeast(count) => self.carried_count >= count.value() as usize,
            Condition::ExitOpen => self.current.exits.iter().any(|exit| self.is_open(exit)),
            Condition::ExitReachable => self.exits.best.is_some(),
            Condition::ExitSlackBelowMs(ms) => self.exits.slack_ticks < self.ms_to_ticks(ms.value()),
            Condition::TimeLeftBelowMs(ms) => self
                .current
                .phase
                .is_some_and(|phase| i64::from(phase.ends_tick) - i64::from(self.tick) < self.ms_to_ticks(ms.value())),
            Condition::InHazard => self.is_dangerous(self.here),
            Condition::RecentlyHurt => self.recently_hurt,
            Condition::MateDownWithin(distance) => within(self.around.fallen.first(), distance),
            Condition::Extracting => self.own.extraction_ticks > 0,
        }
    }
}

impl Surroundings {
    fn clear(&mut self) {
        self.enemies.clear();
        self.fallen.clear();
        self.loot.clear();
        self.dangers.clear();
        self.shelters.clear();
    }

    fn sort_in(&mut self, near: Near, wary_square: f64, memory: &Memory) {
        let record = &near.record;
        match record.kind {
            RecordKind::Player if memory.is_mate(record) => {
                if memory.downed.contains(&record.id) {
                    self.fallen.push(near);
                }
            }
            RecordKind::Player | RecordKind::Npc => {
                let is_enemy = record.kind == RecordKind::Npc
                    || near.square <= wary_square
                    || (!memory.grudges.is_empty() && memory.grudges.contains_key(&record.id));
                if record.hp_band > 0 && is_enemy {
                    self.enemies.push(near);
                }
            }
            RecordKind::Item | RecordKind::Container => {
                if !memory.given_up.contains(&record.id) {
                    self.loot.push(near);
                }
            }
            RecordKind::Hazard => {
                self.dangers.push(Circle { middle: place(record), radius: extent(record) + HAZARD_MARGIN });
            }
            RecordKind::Storm => {
                let radius = (extent(record) - HAZARD_MARGIN).max(0.0);
                self.shelters.push(Circle { middle: place(record), radius });
            }
            RecordKind::Projectile => {}
        }
    }

    /// Nearest first, and nothing to take where it hurts.
    fn settle(&mut self) {
        let Self { enemies, fallen, loot, dangers, .. } = self;
        loot.retain(|near| !dangers.iter().any(|danger| danger.holds(place(&near.record))));
        for list in [enemies, fallen, loot] {
            list.sort_unstable_by(|one, other| {
                one.square.total_cmp(&other.square).then(one.record.id.cmp(&other.record.id))
            });
        }
    }
}

fn square_of(distance: Centimetres) -> f64 {
    let distance = from_cm(distance.value());
    distance * distance
}

fn within(near: Option<&Near>, distance: Centimetres) -> bool {
    near.is_some_and(|near| near.square <= square_of(distance))
}
