//! What a bot wants and how it goes about it: view in, steering and acts out.

mod conduct;

use hypogeum_client::{Steering, View};
use hypogeum_protocol::{Act, ErrorCode, GameEvent, NetId};
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::behaviour::{Activity, Behaviour};
use crate::geometry::metres;
use crate::kit::Kit;
use crate::route::Route;
use crate::senses::{Memory, Senses, Surroundings, place};
use crate::terrain::{Search, Terrain};
use conduct::{escape, fight};

/// Ticks between two acts: a player's hands are no faster.
const ACT_EVERY_TICKS: u32 = 8;
/// How near to a downed team-mate it stays.
const BESIDE: f64 = metres(1.0);

/// One avatar's mind. Lives for one match.
#[derive(Debug)]
pub(crate) struct Brain {
    rng: StdRng,
    memory: Memory,
    route: Route,
    activity: Activity,
    thought_tick: Option<u32>,
    visited: Vec<usize>,
    poi: Option<usize>,
    taking: Option<Taking>,
    last_act: Option<(u32, u32, Act)>,
    unwearable: Vec<NetId>,
    is_full: bool,
    inventory_version: u32,
    /// What is carried and worn comes to, until that changes.
    kit: Option<Kit>,
    /// The tick of the last decision, and where it led.
    last: Option<(u32, Steering)>,
}

/// What bots think with, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Mind {
    around: Surroundings,
    search: Search,
}

#[derive(Debug)]
struct Taking {
    id: NetId,
    since_tick: u32,
    attempts: u32,
}

/// What a bot does in one tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) steering: Steering,
    pub(crate) act: Option<Act>,
}

impl Brain {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: StdRng::seed_from_u64(seed),
            memory: Memory::default(),
            route: Route::default(),
            activity: Activity::Idle,
            thought_tick: None,
            visited: Vec::new(),
            poi: None,
            taking: None,
            last_act: None,
            unwearable: Vec::new(),
            is_full: false,
            inventory_version: 0,
            kit: None,
            last: None,
        }
    }

    /// What it does now, for reports and tests.
    pub(crate) const fn activity(&self) -> Activity {
        self.activity
    }

    /// Remembers under which sequence the last act went out, so that its refusal is understood.
    pub(crate) fn acted(&mut self, seq: u32) {
        if let Some((known, _, _)) = &mut self.last_act {
            *known = seq;
        }
    }

    /// Takes note of what happened.
    pub(crate) fn notice(&mut self, events: &[GameEvent], view: &View) {
        let avatar = view.current.as_ref().map_or(NetId::NONE, |current| current.avatar);
        let tick = view.snapshot.as_ref().map_or(0, |snapshot| snapshot.tick);
        for event in events {
            self.memory.notice(event, avatar, tick);
            if let GameEvent::Refused { seq, code } = event {
                self.refused(*seq, *code);
            }
        }
    }

    fn refused(&mut self, seq: u32, code: ErrorCode) {
        let Some((_, _, act)) = self.last_act.filter(|(known, _, _)| *known == seq) else { return };
        match (act, code) {
            (_, ErrorCode::TooSoon | ErrorCode::OutOfReach | ErrorCode::Conflict) => {}
            (Act::PickUp { .. } | Act::Loot { .. }, ErrorCode::Full) => self.is_full = true,
            (Act::PickUp { item: thing } | Act::Loot { container: thing }, _) => self.give_up(thing),
            (Act::Equip { item } | Act::Use { item }, _) => {
                self.unwearable.push(item);
                self.kit = None;
            }
            (Act::Unequip { .. } | Act::Drop { .. }, _) => {}
        }
    }

    fn give_up(&mut self, thing: NetId) {
        self.memory.given_up.insert(thing);
        self.taking = None;
    }

    /// Decides for one tick; `None` where there is no avatar to steer. Where nothing new was seen, or it looked less than
    /// so many ticks ago, it goes on as before.
    pub(crate) fn decide(
        &mut self,
        view: &View,
        terrain: &Terrain,
        behaviour: &Behaviour,
        mind: &mut Mind,
        look_every_ticks: u32,
    ) -> Option<Decision> {
        let snapshot = view.snapshot.as_ref()?;
        let tick = snapshot.tick;
        if let Some((last, steering)) = self.last
            && snapshot.own.is_some()
            && tick.checked_sub(last).is_some_and(|since| since < look_every_ticks)
        {
            return Some(Decision { steering: Steering { ability: 0, ..steering }, act: None });
        }
        if self.inventory_version != view.inventory_version {
            self.inventory_version = view.inventory_version;
            self.is_full = false;
            self.kit = None;
        }
        let kit = *self.kit.get_or_insert_with(|| Kit::of(&view.inventory, &self.unwearable, behaviour));
        let leaving = self.activity == Activity::Extract;
        let Mind { around, search } = mind;
        let mut senses = Senses::new(view, (behaviour, leaving), &mut self.memory, around)?;
        if self.is_full {
            senses.around.loot.clear();
        }
        self.think(&mut senses, terrain, behaviour);
        let mut decision = Decision::default();
        let goal = match self.activity {
            Activity::Idle => None,
            Activity::Explore => self.explore(&senses),
            Activity::Loot => self.loot(&senses, &mut decision),
            Activity::Fight => fight(&senses, &kit, terrain),
            Activity::Flee => Some(self.flee(&senses, terrain)),
            Activity::EscapeHazard => escape(&senses),
            Activity::Revive => {
                let fallen = senses.around.fallen.first().map(|near| place(&near.record));
                fallen.filter(|at| senses.here.distance(*at) > BESIDE)
            }
            Activity::Extract => senses.exits.best.and_then(|exit| {
                let inside = senses.here.distance(exit.place.middle) < exit.place.radius * 0.6;
                (!inside).then_some(exit.place.middle)
            }),
        };
        decision.steering.aim = senses.own.heading;
        if let Some(goal) = goal {
            // Anyone who flees a danger must not be kept in by the wish to avoid it.
            let inside = senses.is_dangerous(senses.here);
            let dangers = if inside { &[][..] } else { &senses.around.dangers[..] };
            let at = (senses.here, senses.tick);
            if let Some(angle) = self.route.walk(at, goal, terrain, dangers, (&mut self.rng, search)) {
                decision.steering.walk = angle;
                decision.steering.aim = angle;
                decision.steering.pace = 100;
            }
        }
        if behaviour.attacks {
            self.attack(&senses, &kit, terrain, behaviour, &mut decision.steering);
        }
        let due = self.last_act.is_none_or(|(_, tick, _)| senses.tick >= tick.saturating_add(ACT_EVERY_TICKS));
        decision.act = if due { self.tend(&senses, &kit, behaviour).or(decision.act) } else { None };
        if let Some(act) = decision.act {
            self.last_act = Some((0, senses.tick, act));
            if matches!(act, Act::PickUp { .. } | Act::Loot { .. })
                && let Some(taking) = &mut self.taking
            {
                taking.attempts += 1;
            }
        }
        self.last = Some((tick, decision.steering));
        Some(decision)
    }

    /// Now and then: what it wants most.
    fn think(&mut self, senses: &mut Senses<'_>, terrain: &Terrain, behaviour: &Behaviour) {
        let due = self.thought_tick.is_none_or(|thought| {
            senses.tick.saturating_sub(thought) >= behaviour.think_every_ticks.value() || senses.tick < thought
        });
        if !due {
            return;
        }
        self.thought_tick = Some(senses.tick);
        senses.plan_exit(terrain);
        self.memory.exits = senses.exits;
        let wanted = choose(behaviour, senses);
        if wanted != self.activity {
            self.activity = wanted;
            self.route.stop();
            self.taking = None;
        }
    }
}

/// The drive with the highest score, the first winning a tie.
fn choose(behaviour: &Behaviour, senses: &Senses<'_>) -> Activity {
    let mut best: Option<(i64, Activity)> = None;
    for drive in behaviour.drives.iter().filter(|drive| drive.when.iter().all(|condition| senses.holds(*condition))) {
        let added = drive.add.iter().filter(|(condition, _)| senses.holds(*condition));
        let score = i64::from(drive.score) + added.map(|(_, score)| i64::from(*score)).sum::<i64>();
        if best.is_none_or(|(known, _)| score > known) {
            best = Some((score, drive.activity));
        }
    }
    best.map_or(Activity::Idle, |(_, activity)| activity)
}
