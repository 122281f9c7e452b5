//! Walking somewhere: a path, followed with shortcuts, and what to do where it leads nowhere.

use rand::RngExt;
use rand::rngs::StdRng;

use crate::geometry::{Circle, Point, metres};
use crate::terrain::{Search, Terrain};

/// A goal that moved by less keeps its path.
const GOAL_MOVED: f64 = metres(1.5);
/// A path is looked for again after so many ticks at the latest: dangers come and go.
const PATH_TICKS_MAX: u32 = 45;
/// A place of a path counts as reached within this distance.
const REACHED: f64 = metres(0.45);
/// Places of a path looked ahead for a shortcut.
const SHORTCUT_PLACES: usize = 16;
/// Ticks between two looks for a shortcut.
const SHORTCUT_TICKS: u32 = 4;
/// Ticks between two looks whether walking gets anywhere.
const STUCK_TICKS: u32 = 20;
/// Walking less than this in that time is being stuck.
const STUCK_WAY: f64 = metres(0.5);
/// Ticks of walking somewhere else then.
const SIDESTEP_TICKS: u32 = 14;

/// How one avatar gets about.
#[derive(Debug, Default)]
pub(crate) struct Route {
    path: Vec<Point>,
    goal: Option<Point>,
    found_tick: u32,
    looked_tick: Option<u32>,
    was: Point,
    was_tick: u32,
    sidestep: Option<(u16, u32)>,
}

impl Route {
    /// The direction to walk now to get to `goal`; `None` once there, or where no way leads.
    pub(crate) fn walk(
        &mut self,
        (here, tick): (Point, u32),
        goal: Point,
        terrain: &Terrain,
        dangers: &[Circle],
        (rng, search): (&mut StdRng, &mut Search),
    ) -> Option<u16> {
        if here.distance(goal) <= REACHED {
            return None;
        }
        if let Some(angle) = self.sidestep(here, tick, rng) {
            return Some(angle);
        }
        let moved = self.goal.is_none_or(|known| known.distance(goal) > GOAL_MOVED);
        let old = tick.saturating_sub(self.found_tick) > PATH_TICKS_MAX || tick < self.found_tick;
        if old && self.goal == Some(goal) && !self.path.is_empty() && self.shorten(here, terrain, dangers) {
            self.found_tick = tick;
        } else if moved || old {
            self.path = terrain.path(here, goal, dangers, search).unwrap_or_default();
            self.goal = Some(goal);
            self.found_tick = tick;
            self.looked_tick = None;
        }
        while self.path.len() > 1 && self.path.first().is_some_and(|next| here.distance(*next) <= REACHED) {
            self.path.remove(0);
            self.looked_tick = None;
        }
        if self.looked_tick.is_none_or(|looked| tick.saturating_sub(looked) >= SHORTCUT_TICKS) {
            self.looked_tick = Some(tick);
            self.shorten(here, terrain, dangers);
        }
        self.path.first().map(|next| here.angle(*next))
    }

    /// Leaves out what can be left out; `false` where not even the next place can be walked to straight.
    fn shorten(&mut self, here: Point, terrain: &Terrain, dangers: &[Circle]) -> bool {
        let ahead = self.path.iter().take(SHORTCUT_PLACES);
        let shortcut = ahead.enumerate().rev().find(|(_, place)| terrain.walks(here, **place, dangers));
        let Some((skipped, _)) = shortcut else { return false };
        self.path.drain(..skipped);
        true
    }

    /// Forgets the way: the next walk looks for one.
    pub(crate) fn stop(&mut self) {
        self.goal = None;
        self.path.clear();
    }

    /// Looks now and then whether walking gets anywhere, and walks elsewhere for a while where it does not.
    fn sidestep(&mut self, here: Point, tick: u32, rng: &mut StdRng) -> Option<u16> {
        if let Some((angle, until)) = self.sidestep {
            if tick < until {
                return Some(angle);
            }
            self.sidestep = None;
            self.stop();
            (self.was, self.was_tick) = (here, tick);
        }
        let since = tick.saturating_sub(self.was_tick);
        if since < STUCK_TICKS {
            return None;
        }
        // A longer gap means it stood still on purpose.
        let stuck = since < STUCK_TICKS * 2 && here.distance(self.was) < STUCK_WAY;
        (self.was, self.was_tick) = (here, tick);
        if !stuck {
            return None;
        }
        let angle = rng.random();
        self.sidestep = Some((angle, tick + SIDESTEP_TICKS));
        Some(angle)
    }
}
