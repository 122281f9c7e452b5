//! One bot: says hello, queues, chooses what to bring, plays, and perhaps queues again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_client::{Change, Client, Ending, Refusal, View, Wire, WireState};
use hypogeum_protocol::{ErrorCode, ItemId, MatchId, NetId, SettledReport, StashItem};

use crate::beacon::{Beacon, Sighting, Watch};
use crate::behaviour::{Activity, Behaviour};
use crate::brain::{Brain, Mind};
use crate::pace::Pace;
use crate::report::BotReport;
use crate::tally::{Counts, Gauges};
use crate::terrain::{Atlas, Terrain};

/// Between two asks for a match, where the server does not say how long to wait.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(2);
/// How long an ask for a match may stay without any answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Between two pings, unless told otherwise.
const PING_EVERY: Duration = Duration::from_secs(1);
/// Tag of the client's ask for a match, as refusals name it.
const ABOUT_JOIN_QUEUE: u8 = 1;

/// What a bot is told to do.
#[derive(Clone, Debug)]
pub struct Orders {
    /// The mode to queue for. Where the server offers none of that name, the bot is refused and stays out.
    pub mode: String,
    /// Whether to queue again after a match.
    pub queue_again: bool,
}

/// Where a bot stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No session yet.
    Connecting,
    /// In no match, asking for one or about to.
    Waiting,
    /// Queued.
    Queued,
    /// A match was found and has not begun.
    Choosing,
    /// In a match.
    Playing,
    /// Has settled a match and wants no other, or was refused for good.
    Done,
    /// The connection is gone.
    Gone(Ending),
}

/// A client with a behaviour. A [`crate::Crew`] moves it.
#[derive(Debug)]
pub struct Bot<W> {
    name: String,
    client: Client<W>,
    behaviour: Arc<Behaviour>,
    orders: Orders,
    seed: u64,
    atlas: Atlas,
    play: Option<Play>,
    clock: Duration,
    ask_at: Option<Duration>,
    ping_at: Duration,
    ping_every: Duration,
    look_every_ticks: u32,
    done: bool,
    held: bool,
    /// Modes to queue for, the first that the server offers; none: as ordered.
    preferred: Arc<[String]>,
    joined_at: Option<Duration>,
    was_welcomed: bool,
    has_entered: bool,
    pace: Pace,
    saw_at: Option<Duration>,
    beacon: Option<Beacon>,
    watches: Vec<Watch>,
    counts: Counts,
    reports: u32,
    last_report: Option<SettledReport>,
    refusals: BTreeMap<String, u64>,
}

/// What bots of one crew use one after the other.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub(crate) changes: Vec<Change>,
    pub(crate) mind: Mind,
    pub(crate) gauges: Gauges,
    /// Beacons that were seen, or are not waited for any more, by their place in the crew.
    pub(crate) sighted: Vec<usize>,
}

#[derive(Debug)]
struct Play {
    match_id: MatchId,
    brain: Brain,
    terrain: Arc<Terrain>,
}

impl<W: Wire> Bot<W> {
    /// A bot on a client that has not said hello. The same seed and the same server's words give the same play.
    #[must_use]
    pub fn new(name: String, client: Client<W>, behaviour: Arc<Behaviour>, orders: Orders, seed: u64) -> Self {
        Self {
            name,
            client,
            behaviour,
            orders,
            seed,
            atlas: Atlas::default(),
            play: None,
            clock: Duration::ZERO,
            ask_at: Some(Duration::ZERO),
            ping_at: Duration::ZERO,
            ping_every: PING_EVERY,
            look_every_ticks: 1,
            done: false,
            held: false,
            preferred: Arc::default(),
            joined_at: None,
            was_welcomed: false,
            has_entered: false,
            pace: Pace::default(),
            saw_at: None,
            beacon: None,
            watches: Vec::new(),
            counts: Counts::default(),
            reports: 0,
            last_report: None,
            refusals: BTreeMap::new(),
        }
    }

    /// The same bot, but it queues for the first of these modes that the server offers, and as ordered where it offers
    /// none of them.
    #[must_use]
    pub fn preferring(mut self, modes: Arc<[String]>) -> Self {
        self.preferred = modes;
        self
    }

    /// The same bot, but it pings so seldom: each ping costs both ends several datagrams.
    #[must_use]
    pub const fn pinging_every(mut self, interval: Duration) -> Self {
        self.ping_every = interval;
        self
    }

    /// The same bot, but it looks around only every so many ticks (at least 1) and goes on meanwhile: to look around is
    /// most of what a bot among a hundred others costs.
    #[must_use]
    pub const fn looking_every(mut self, ticks: u32) -> Self {
        self.look_every_ticks = if ticks == 0 { 1 } else { ticks };
        self
    }

    /// Makes it turn its head at times, for others to note when they see it; see [`crate::Crew::place_beacons`].
    pub(crate) fn light(&mut self) {
        self.beacon.get_or_insert_with(|| Beacon::new(self.seed));
    }

    /// Its clock goes on from here, and its connection's time is counted from here.
    pub(crate) const fn begin_at(&mut self, now: Duration) {
        self.clock = now;
        self.ask_at = Some(now);
        self.ping_at = now;
        self.joined_at = Some(now);
    }

    /// Shares what is known of the ground with the other bots of a crew.
    pub(crate) fn share(&mut self, atlas: Atlas) {
        self.atlas = atlas;
    }

    /// What it knows.
    #[must_use]
    pub const fn view(&self) -> &View {
        self.client.view()
    }

    /// Its connection.
    #[must_use]
    pub const fn client(&self) -> &Client<W> {
        &self.client
    }

    /// What it does in its match.
    #[must_use]
    pub fn activity(&self) -> Option<Activity> {
        self.play.as_ref().map(|play| play.brain.activity())
    }

    /// Matches settled.
    #[must_use]
    pub const fn settled_count(&self) -> u32 {
        self.reports
    }

    /// Whether it ever had a session.
    #[must_use]
    pub const fn was_welcomed(&self) -> bool {
        self.was_welcomed
    }

    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        let view = self.client.view();
        match self.client.state() {
            WireState::Closed(ending) => Stage::Gone(ending),
            _ if self.done => Stage::Done,
            _ if view.session.is_none() => Stage::Connecting,
            _ if view.current.is_some() => Stage::Playing,
            _ if view.loadout.is_some() => Stage::Choosing,
            _ if view.queue.is_some() => Stage::Queued,
            _ => Stage::Waiting,
        }
    }

    /// What came of it, so far.
    #[must_use]
    pub fn report(&self) -> BotReport {
        BotReport {
            name: self.name.clone(),
            behaviour: self.behaviour.name.clone(),
            matches_settled: self.reports,
            report: self.last_report.clone(),
            ended: match self.client.state() {
                WireState::Closed(ending) => Some(ending),
                WireState::Connecting | WireState::Open => None,
            },
        }
    }

    /// What it was refused, by code.
    #[must_use]
    pub const fn refusals(&self) -> &BTreeMap<String, u64> {
        &self.refusals
    }

    /// Whether it was ever in a match.
    #[must_use]
    pub const fn has_entered(&self) -> bool {
        self.has_entered
    }

    /// Its match and avatar, while it is in one.
    pub(crate) fn avatar(&self) -> Option<(MatchId, NetId)> {
        self.client.view().current.as_ref().map(|current| (current.id, current.avatar))
    }

    /// What its connection did so far.
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            snapshots: self.client.snapshot_count(),
            traffic: self.client.traffic(),
            divergences: self.client.divergences(),
            corrections: self.client.corrections().count,
            inputs: self.counts.inputs,
        }
    }

    /// Takes in what arrived until `now` and answers what needs an answer.
    pub(crate) fn poll(&mut self, now: Duration, desk: &mut Desk) {
        let elapsed = now.saturating_sub(self.clock);
        self.clock = self.clock.max(now);
        let mut changes = std::mem::take(&mut desk.changes);
        self.client.poll_into(elapsed, &mut changes);
        let mut says_something = false;
        for change in changes.drain(..) {
            says_something |= matches!(change, Change::Opened | Change::LoadoutOpened | Change::MatchStarted);
            self.respond(change, desk);
        }
        desk.changes = changes;
        if says_something {
            self.client.flush();
        }
    }

    fn respond(&mut self, change: Change, desk: &mut Desk) {
        match change {
            Change::Opened => self.client.hello(concat!("hypogeum-loadbots ", env!("CARGO_PKG_VERSION"))),
            Change::Welcomed => self.welcomed(desk),
            Change::Refused(refusal) => self.refused(refusal),
            Change::Unqueued => self.ask_at = Some(self.clock + ASK_AGAIN_AFTER),
            Change::LoadoutOpened => self.choose(),
            Change::MatchStarted => self.enter(),
            Change::Happened(events) => {
                desk.gauges.events += events.len() as u64;
                if let Some(play) = &mut self.play {
                    play.brain.notice(&events, self.client.view());
                }
            }
            Change::Saw => self.saw(desk),
            Change::Settled => self.settle(),
            Change::Pong { .. } => {
                if let Some(round_trip) = self.client.round_trip() {
                    desk.gauges.round_trips.note(round_trip);
                }
            }
            Change::Queued
            | Change::LoadoutChosen
            | Change::PhaseReached(_)
            | Change::InventoryChanged
            | Change::Outdated
            | Change::Goodbye
            | Change::Unreadable
            | Change::Closed(_) => {}
        }
    }

    fn welcomed(&mut self, desk: &mut Desk) {
        if !self.was_welcomed
            && let Some(joined_at) = self.joined_at
        {
            desk.gauges.connects.note(self.clock.saturating_sub(joined_at));
        }
        self.was_welcomed = true;
        let Some(session) = &self.client.view().session else { return };
        let offered = |wanted: &&String| session.modes.iter().any(|mode| mode.name == **wanted);
        if let Some(mode) = self.preferred.iter().find(offered) {
            self.orders.mode.clone_from(mode);
        }
    }

    fn saw(&mut self, desk: &mut Desk) {
        if let Some(before) = self.saw_at.replace(self.clock) {
            desk.gauges.intervals.note(self.clock.saturating_sub(before));
        }
        if let Some(snapshot) = &self.client.view().snapshot {
            self.pace.saw(snapshot.tick, snapshot.input_seq);
        }
        self.look(desk);
    }

    /// Looks whether those it watches have turned their heads.
    fn look(&mut self, desk: &mut Desk) {
        if self.watches.is_empty() {
            return;
        }
        let (view, now) = (self.client.view(), self.clock);
        let current = view.current.as_ref().map(|current| current.id);
        self.watches.retain(|watch| {
            let Some(sighting) = watch.look(current, view.snapshot.as_ref(), now) else { return true };
            desk.gauges.sighted(sighting);
            desk.sighted.push(watch.beacon);
            false
        });
    }

    pub(crate) fn watch(&mut self, watch: Watch) {
        self.watches.push(watch);
    }

    /// Nothing will be seen any more.
    fn close_eyes(&mut self, desk: &mut Desk) {
        for watch in self.watches.drain(..) {
            desk.gauges.sighted(Sighting::OutOfSight);
            desk.sighted.push(watch.beacon);
        }
    }

    pub(crate) const fn beacon_mut(&mut self) -> Option<&mut Beacon> {
        self.beacon.as_mut()
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
            _ if refusal.about == ABOUT_JOIN_QUEUE || refusal.is_undoing() => {
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
        if self.play.as_ref().is_some_and(|play| play.match_id == current.id) {
            return;
        }
        self.has_entered = true;
        (self.pace, self.saw_at) = (Pace::begin(self.clock), None);
        let brain = Brain::new(self.seed ^ current.id.0.rotate_left(32));
        self.play = Some(Play { match_id: current.id, brain, terrain: self.atlas.terrain(current) });
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

    /// While held it asks for no match; one that it is in goes on.
    pub const fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// Inputs that are due, at so many decisions a second.
    pub(crate) fn inputs_due(&mut self, input_hz: u32) -> u32 {
        let tick_hz = self.client.view().session.as_ref().map_or(30, |session| u32::from(session.tick_hz));
        self.pace.due(self.clock, tick_hz.max(1), input_hz)
    }

    /// Decides: asks for a match, or steers in one for so many ticks, in one datagram. Whether its head was turned for
    /// others to see.
    pub(crate) fn tick(&mut self, inputs: u32, desk: &mut Desk) -> bool {
        if !self.watches.is_empty() {
            self.look(desk);
        }
        if self.client.view().session.is_none() || self.client.state() != WireState::Open {
            self.close_eyes(desk);
            return false;
        }
        if self.clock >= self.ping_at {
            self.ping_at = self.clock + self.ping_every;
            self.client.ping();
        }
        if self.play.is_some() && self.client.view().current.is_some() && !self.done {
            let turned = self.play(inputs, desk);
            self.client.flush();
            return turned;
        }
        match self.stage() {
            Stage::Waiting if !self.held && self.ask_at.is_some_and(|at| at <= self.clock) && !self.is_expected() => {
                self.client.join_queue(&self.orders.mode);
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
            && self.reports == 0
            && self.clock.saturating_sub(self.joined_at.unwrap_or_default()) < ANSWER_WITHIN
    }

    fn play(&mut self, inputs: u32, desk: &mut Desk) -> bool {
        let (Some(play), look_every) = (&mut self.play, self.look_every_ticks) else { return false };
        let view = self.client.view();
        let decision = play.brain.decide(view, &play.terrain, &self.behaviour, &mut desk.mind, look_every);
        let Some(mut decision) = decision else { return false };
        let mut turned = false;
        if let Some(beacon) = &mut self.beacon {
            turned = inputs > 0 && beacon.turn(self.clock);
            decision.steering.aim = beacon.aim();
            decision.steering.ability = 0;
        }
        for _ in 0..inputs {
            self.client.steer(decision.steering);
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

    /// Ends the connection.
    pub fn close(&mut self) {
        self.client.close();
    }
}

/// The best weapon, the best of each list of clothes, then what heals, as far as there is room.
fn choose_loadout(stash: &[StashItem], behaviour: &Behaviour) -> Vec<ItemId> {
    let room = behaviour.loadout_items_max.value() as usize;
    let mut chosen: Vec<ItemId> = Vec::with_capacity(room);
    let owned = |template: &str| stash.iter().find(|item| item.template == template).map(|item| item.item);
    let weapons = behaviour.weapons.iter().find_map(|weapon| owned(&weapon.item));
    let clothes = behaviour.wear.iter().filter_map(|list| list.iter().find_map(|template| owned(template)));
    chosen.extend(weapons.into_iter().chain(clothes));
    let helps = |item: &&StashItem| behaviour.heals.contains(&item.template);
    chosen.extend(stash.iter().filter(helps).map(|item| item.item));
    chosen.truncate(room);
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(serial: u32, template: &str) -> StashItem {
        StashItem { item: ItemId { origin: 9, serial }, template: template.into() }
    }

    #[test]
    fn a_loadout_is_the_best_of_each_kind_and_then_what_heals() {
        let behaviour = Behaviour::shipped("contender").expect("it ships").expect("it reads");
        let stash = [
            item(1, "old_coin"),
            item(2, "rusty_sword"),
            item(3, "war_axe"),
            item(4, "leather_cap"),
            item(5, "medkit"),
            item(6, "medkit"),
        ];
        let serials: Vec<u32> = choose_loadout(&stash, &behaviour).iter().map(|item| item.serial).collect();
        assert_eq!(serials, [3, 4, 5, 6], "the axe before the sword, the cap, both kits, and no coin");
    }

    #[test]
    fn a_loadout_never_exceeds_what_the_behaviour_carries() {
        let behaviour = Behaviour::shipped("pacifist").expect("it ships").expect("it reads");
        let stash: Vec<StashItem> = (0..50).map(|serial| item(serial, "medkit")).collect();
        let room = behaviour.loadout_items_max.value() as usize;
        assert_eq!(choose_loadout(&stash, &behaviour).len(), room, "exactly as many as it may");
        assert!(choose_loadout(&[], &behaviour).is_empty(), "an empty stash gives an empty loadout");
    }
}
