//! What a bot hears, and what it answers at once.

use std::time::Duration;

use hypogeum_client::{Change, Refusal, Wire};
use hypogeum_protocol::ErrorCode;

use super::{Bot, BotScratch, Play};
use crate::brain::Brain;
use crate::input_lag::InputLag;
use crate::loadout::choose_loadout;
use crate::pace::Pace;

/// Between two asks for a match, where the server does not say how long to wait.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(2);
/// Tag of the client's ask for a match, as refusals name it.
const ABOUT_JOIN_QUEUE: u8 = 1;
/// Tag of the client's ask for the world.
const ABOUT_ENTER_WORLD: u8 = 10;

impl<W: Wire> Bot<W> {
    /// Takes in what arrived until `now` and answers what needs an answer.
    pub(crate) fn poll(&mut self, now: Duration, scratch: &mut BotScratch) {
        let elapsed = now.saturating_sub(self.clock);
        self.clock = self.clock.max(now);
        let mut changes = std::mem::take(&mut scratch.changes);
        self.client.poll_into(elapsed, &mut changes);
        let mut says_something = false;
        for change in changes.drain(..) {
            says_something |= matches!(change, Change::Opened | Change::LoadoutOpened | Change::MatchStarted);
            self.respond(change, scratch);
        }
        scratch.changes = changes;
        self.listen(elapsed);
        if says_something {
            self.client.flush();
        }
    }

    fn respond(&mut self, change: Change, scratch: &mut BotScratch) {
        match change {
            Change::Opened => self.client.hello(concat!("hypogeum-loadbots ", env!("CARGO_PKG_VERSION"))),
            Change::Welcomed => self.welcomed(scratch),
            Change::Refused(refusal) => self.refused(refusal),
            Change::Unqueued => self.ask_at = Some(self.clock + ASK_AGAIN_AFTER),
            Change::LoadoutOpened => self.choose(),
            Change::MatchStarted => self.enter(),
            Change::Happened(events) => {
                scratch.gauges.events += events.len() as u64;
                if let Some(play) = &mut self.play {
                    play.brain.notice(&events, self.client.view());
                }
            }
            Change::Saw => self.saw(scratch),
            Change::Told(body) => {
                if let Some(talker) = &mut self.talker {
                    talker.hear(&body);
                }
            }
            Change::Settled => self.settle(),
            Change::Pong { .. } => {
                if let Some(round_trip) = self.client.round_trip() {
                    scratch.gauges.round_trips.record(round_trip);
                }
            }
            Change::Queued
            | Change::LoadoutChosen
            | Change::LoadoutRefused(_)
            | Change::Chat(_)
            | Change::ChatPage { .. }
            | Change::ChatNotice { .. }
            | Change::NamesLearned
            | Change::ScoresChanged
            | Change::MatchEnded
            | Change::PhaseReached(_)
            | Change::InventoryChanged
            | Change::GameFollowed { .. }
            | Change::GameTold { .. }
            | Change::FriendRequested { .. }
            | Change::FriendAccepted { .. }
            | Change::FriendsPresent(_)
            | Change::PartyChanged(_)
            | Change::PartyInvited { .. }
            | Change::QueueRefused { .. }
            | Change::Watching
            | Change::QueueExplained(_)
            | Change::QueryExplained(_)
            | Change::InboxChanged { .. }
            | Change::ChunksNear
            | Change::GroundChanged
            | Change::Outdated
            | Change::Goodbye
            | Change::Unreadable
            | Change::Closed(_) => {}
        }
    }

    fn welcomed(&mut self, scratch: &mut BotScratch) {
        if !self.was_welcomed
            && let Some(joined_at) = self.joined_at
        {
            scratch.gauges.connects.record(self.clock.saturating_sub(joined_at));
        }
        self.was_welcomed = true;
        self.is_announced = false;
        self.away.welcomed(self.clock);
        let Some(session) = &self.client.view().session else { return };
        let offered = |wanted: &&String| session.modes.iter().any(|mode| mode.name == **wanted);
        match self.preferred.iter().find(offered) {
            Some(mode) => self.orders.mode.clone_from(mode),
            None if self.preferred.is_empty() || self.talker.is_some() => {}
            // To ask for it would only be refused.
            None => {
                *self.refusals.entry("UnknownMode".to_owned()).or_default() += 1;
                self.offered = Some(session.modes.iter().map(|mode| mode.name.clone()).collect());
                self.done = true;
            }
        }
    }

    fn saw(&mut self, scratch: &mut BotScratch) {
        if let Some(before) = self.saw_at.replace(self.clock) {
            scratch.gauges.intervals.record(self.clock.saturating_sub(before));
        }
        if let Some(snapshot) = &self.client.view().snapshot {
            self.pace.saw(snapshot.tick, snapshot.input_seq);
            if let Some(lag) = self.input_lag.confirmed(snapshot.input_seq, self.clock) {
                scratch.gauges.input_lags.record(lag);
            }
        }
        self.look(scratch);
    }

    /// Looks whether those it watches have turned their heads.
    pub(super) fn look(&mut self, scratch: &mut BotScratch) {
        if self.watches.is_empty() {
            return;
        }
        let (view, now) = (self.client.view(), self.clock);
        let current = view.current.as_ref().map(|current| current.id);
        self.watches.retain(|watch| {
            let Some(sighting) = watch.look(current, view.snapshot.as_ref(), now) else { return true };
            scratch.gauges.sighted(sighting);
            scratch.sighted.push(watch.beacon);
            false
        });
    }

    fn refused(&mut self, refusal: Refusal) {
        let code = format!("{:?}", refusal.code);
        let code = code.split(' ').next().unwrap_or_default().to_owned();
        *self.refusals.entry(code).or_default() += 1;
        if refusal.is_undoing() {
            self.play = None;
        }
        match refusal.code {
            ErrorCode::UnknownMode | ErrorCode::VersionMismatch { .. } | ErrorCode::TakenOver => self.done = true,
            _ if matches!(refusal.about, ABOUT_JOIN_QUEUE | ABOUT_ENTER_WORLD) || refusal.is_undoing() => {
                let wait = Duration::from_millis(u64::from(refusal.retry_after_ms)).max(ASK_AGAIN_AFTER);
                self.ask_at = Some(self.clock + wait);
            }
            _ => {}
        }
    }

    fn choose(&mut self) {
        let Some(offer) = &self.client.view().loadout else { return };
        let items = choose_loadout(&offer.stash, &self.behaviour);
        self.client.choose_loadout(items);
    }

    fn enter(&mut self) {
        let Some(current) = &self.client.view().current else { return };
        self.is_announced = true;
        (self.pace, self.saw_at, self.input_lag) = (Pace::begin(self.clock), None, InputLag::default());
        if self.play.as_ref().is_some_and(|play| play.match_id == current.id) {
            self.away.found_seat();
            return;
        }
        self.has_entered = true;
        let brain = Brain::new(self.seed ^ current.id.0.rotate_left(32));
        self.play = Some(Play { match_id: current.id, brain, terrain: self.maps.terrain(current) });
    }

    fn settle(&mut self) {
        let settled = self.client.view().settled.as_ref().map(|(id, _)| *id);
        // A server also tells what an earlier connection did not hear any more.
        if self.play.as_ref().map(|play| play.match_id) != settled {
            return;
        }
        self.play = None;
        self.saw_at = None;
        self.reports += 1;
        self.last_report = self.client.view().settled.as_ref().map(|(_, report)| report.clone());
        self.done = !self.orders.queue_again;
        self.ask_at = Some(self.clock);
    }
}
