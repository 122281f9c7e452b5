//! Where the own avatar is before the server says so: the server's state and the inputs it has not applied yet, by the
//! server's own rules of movement.

use std::collections::VecDeque;

use hypogeum_geometry::{Obstacles, Position, turn, walked};
use hypogeum_protocol::{Block, Input, OwnState};

/// Inputs kept while the server confirms none: two seconds at 30 Hz. Beyond that nobody can say what it will apply.
const INPUTS_MAX: usize = 64;

/// Where the own avatar will be once the server has applied every input sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Predicted {
    /// Place in subunits (1/256 m).
    pub x: i32,
    /// Place in subunits.
    pub y: i32,
    /// Where it looks, 1/65536 turns.
    pub heading: u16,
}

/// How often predictions were wrong, and by how much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    /// Snapshots that showed the avatar elsewhere than predicted for the input they include.
    pub count: u64,
    /// Distance in subunits by which the last one of those was off.
    pub last: i32,
    /// The greatest such distance.
    pub largest: i32,
}

/// What the server said last of the avatar.
#[derive(Clone, Copy, Debug)]
struct Origin {
    tick: u32,
    input_seq: u32,
    at: Position,
    heading: u16,
    speed: i32,
}

/// Inputs on their way, and where each leaves the avatar.
#[derive(Debug, Default)]
pub(crate) struct Prediction {
    ground: Option<(Obstacles, i32)>,
    origin: Option<Origin>,
    inputs: VecDeque<(Input, Position)>,
    /// The first tick anyone may walk; none before that is known.
    live_tick: Option<u32>,
    corrections: Corrections,
}

impl Prediction {
    /// A match begins, or goes on: on this ground, for a body of this radius.
    pub(crate) fn begin(&mut self, side: i32, obstacles: &[Block], radius: i32) {
        self.ground = Some((Obstacles::new(side, obstacles.to_vec()), radius));
        self.live_tick = None;
    }

    /// The ground is another, or more of it is known: what is under way leads elsewhere.
    pub(crate) fn change_ground(&mut self, side: i32, obstacles: &[Block], radius: i32) {
        self.ground = Some((Obstacles::new(side, obstacles.to_vec()), radius));
        if let Some(origin) = self.origin {
            self.predict_from(origin.at);
        }
    }

    /// Forgets what is under way: it belongs to another match or connection.
    pub(crate) fn clear(&mut self) {
        self.inputs.clear();
        self.origin = None;
    }

    /// From this tick on avatars walk; `None` where they do not, or nobody knows.
    pub(crate) const fn live_from(&mut self, tick: Option<u32>) {
        self.live_tick = tick;
    }

    /// The inputs the server has not confirmed, oldest first.
    pub(crate) fn unconfirmed(&self) -> impl DoubleEndedIterator<Item = Input> {
        self.inputs.iter().map(|(input, _)| *input)
    }

    /// How many those are.
    pub(crate) fn unconfirmed_count(&self) -> usize {
        self.inputs.len()
    }

    /// Takes a new input.
    pub(crate) fn steer(&mut self, input: Input) {
        if self.inputs.len() >= INPUTS_MAX {
            self.inputs.pop_front();
        }
        let from = self.inputs.back().map(|(_, at)| *at).or_else(|| self.origin.map(|origin| origin.at));
        let at = from.map_or_else(Position::default, |from| self.step(from, input, self.inputs.len()));
        self.inputs.push_back((input, at));
    }

    /// Where an input leads that is the `nth` since the origin, counted from 0. One is applied a tick.
    fn step(&self, from: Position, input: Input, nth: usize) -> Position {
        let (Some((obstacles, radius)), Some(origin)) = (&self.ground, &self.origin) else { return from };
        let tick = u64::from(origin.tick) + nth as u64 + 1;
        if self.live_tick.is_none_or(|live| tick < u64::from(live)) {
            return from;
        }
        walked(obstacles, from, input.walk, input.pace.min(Input::PACE_MAX), origin.speed, *radius)
    }

    /// Takes the avatar's state as of a tick, which includes the inputs up to `input_seq`, and predicts again from there.
    /// `None` where there is no avatar any more.
    pub(crate) fn confirm(&mut self, tick: u32, input_seq: u32, own: Option<&OwnState>) {
        let mut expected = self.origin.filter(|origin| origin.input_seq == input_seq).map(|origin| origin.at);
        while let Some((input, at)) = self.inputs.pop_front_if(|(input, _)| input.seq <= input_seq) {
            // Without an origin there was nothing to predict from.
            expected = Some(at).filter(|_| input.seq == input_seq && self.origin.is_some());
        }
        let Some(own) = own else {
            self.clear();
            return;
        };
        let at = Position { x: own.x, y: own.y };
        self.origin = Some(Origin { tick, input_seq, at, heading: own.heading, speed: own.speed.into() });
        if self.ground.is_some()
            && let Some(expected) = expected
            && expected != at
        {
            let off = turn::distance(expected, at);
            let Corrections { count, largest, .. } = self.corrections;
            self.corrections = Corrections { count: count + 1, last: off, largest: largest.max(off) };
        }
        self.predict_from(at);
    }

    /// Works out again where each input leads.
    fn predict_from(&mut self, mut from: Position) {
        for nth in 0..self.inputs.len() {
            let input = self.inputs[nth].0;
            from = self.step(from, input, nth);
            self.inputs[nth].1 = from;
        }
    }

    /// Where the avatar will be.
    pub(crate) fn predicted(&self) -> Option<Predicted> {
        let origin = self.origin.filter(|_| self.ground.is_some())?;
        let (at, heading) = self.inputs.back().map_or((origin.at, origin.heading), |(input, at)| (*at, input.aim));
        Some(Predicted { x: at.x, y: at.y, heading })
    }

    /// How often it was wrong.
    pub(crate) const fn corrections(&self) -> Corrections {
        self.corrections
    }
}
