//! What a bot does when it is its turn.

use std::time::Duration;

use hypogeum_client::{Wire, WireState};

use super::{Bot, BotScratch, Stage};
use crate::beacon::Sighting;

/// How long an ask for a match may stay without any answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

impl<W: Wire> Bot<W> {
    /// Inputs that are due, at so many decisions a second.
    pub(crate) fn inputs_due(&mut self, input_hz: u32) -> u32 {
        self.pace.due(self.clock, self.client.view().tick_hz().into(), input_hz)
    }

    /// Decides: asks for a match, or steers in one for so many ticks, in one datagram. Whether its head was turned for
    /// others to see.
    pub(crate) fn tick(&mut self, inputs: u32, scratch: &mut BotScratch) -> bool {
        if !self.watches.is_empty() {
            self.look(scratch);
        }
        if self.client.view().session.is_none() || self.client.state() != WireState::Open {
            self.close_eyes(scratch);
            return false;
        }
        if self.clock >= self.ping_at {
            self.ping_at = self.clock + self.ping_every;
            self.client.ping();
        }
        if self.talker.is_some() && self.client.view().current.is_some() {
            self.talk();
            self.client.flush();
            return false;
        }
        if self.play.is_some() && self.client.view().current.is_some() && !self.done {
            let turned = self.play(inputs, scratch);
            self.client.flush();
            return turned;
        }
        match self.stage() {
            Stage::Waiting if !self.held && self.ask_at.is_some_and(|at| at <= self.clock) && !self.is_expected() => {
                match self.talker {
                    Some(_) => self.client.enter_world(""),
                    None => self.client.join_queue(&self.orders.mode),
                }
                self.ask_at = Some(self.clock + ANSWER_WITHIN);
            }
            _ => {}
        }
        self.client.flush();
        false
    }

    /// Whether the server spoke of a match that it has yet to announce; that takes a moment at most.
    fn is_expected(&self) -> bool {
        let session = self.client.view().session.as_ref();
        session.is_some_and(|session| session.current_match.is_some())
            && !self.is_announced
            && self.clock.saturating_sub(self.joined_at.unwrap_or_default()) < ANSWER_WITHIN
    }

    fn talk(&mut self) {
        let line = self.talker.as_mut().and_then(|talker| talker.next_line(self.clock));
        if let Some(line) = line {
            self.client.command(line);
            self.counts.inputs += 1;
        }
    }

    fn play(&mut self, inputs: u32, scratch: &mut BotScratch) -> bool {
        let (Some(play), look_every) = (&mut self.play, self.look_every_ticks) else { return false };
        let view = self.client.view();
        let decision = play.brain.decide(view, &play.terrain, &self.behaviour, &mut scratch.mind, look_every);
        let Some(mut decision) = decision else { return false };
        let mut turned = false;
        if let Some(beacon) = &mut self.beacon {
            turned = inputs > 0 && beacon.turn(self.clock);
            decision.steering.aim = beacon.aim();
            decision.steering.ability = 0;
        }
        for _ in 0..inputs {
            let seq = self.client.steer(decision.steering);
            self.input_lag.sent(seq, self.clock);
            // A press is one press, however long the way to the next decision.
            decision.steering.ability = 0;
        }
        self.pace.sent(inputs);
        self.counts.inputs += u64::from(inputs);
        if let Some(act) = decision.act {
            let seq = self.client.act(act);
            play.brain.acted(seq);
        }
        turned
    }

    /// Nothing will be seen any more.
    fn close_eyes(&mut self, scratch: &mut BotScratch) {
        for watch in self.watches.drain(..) {
            scratch.gauges.sighted(Sighting::OutOfSight);
            scratch.sighted.push(watch.beacon);
        }
    }
}
