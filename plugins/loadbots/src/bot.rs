//! One bot: says hello, queues, chooses what to bring, plays, and perhaps queues again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_client::{Change, Client, Ending, Refusal, View, Wire, WireState};
use hypogeum_protocol::{ErrorCode, ItemId, MatchId, SettledReport, StashItem};

use crate::behaviour::{Activity, Behaviour};
use crate::brain::Brain;
use crate::report::BotReport;
use crate::terrain::{Atlas, Terrain};

/// Between two asks for a match, where the server does not say how long to wait.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(2);
/// How long an ask for a match may stay without any answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Between two pings.
const PING_EVERY: Duration = Duration::from_secs(1);
/// Tag of the client's ask for a match, as refusals name it.
const ABOUT_JOIN_QUEUE: u8 = 1;
/// Round trips remembered: half an hour of pings.
const ROUND_TRIPS_MAX: usize = 2_048;

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

/// A client with a behaviour.
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
    done: bool,
    held: bool,
    was_welcomed: bool,
    reports: u32,
    last_report: Option<SettledReport>,
    refusals: BTreeMap<String, u64>,
    round_trips: Vec<Duration>,
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
            done: false,
            held: false,
            was_welcomed: false,
            reports: 0,
            last_report: None,
            refusals: BTreeMap::new(),
            round_trips: Vec::new(),
        }
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

    /// Its pings' ways there and back.
    #[must_use]
    pub fn round_trips(&self) -> &[Duration] {
        &self.round_trips
    }

    /// Takes in what arrived and answers what needs an answer. Call it at least once per tick.
    pub fn poll(&mut self, elapsed: Duration) {
        self.clock += elapsed;
        for change in self.client.poll(elapsed) {
            self.respond(change);
        }
        self.client.flush();
    }

    fn respond(&mut self, change: Change) {
        match change {
            Change::Opened => self.client.hello(concat!("hypogeum-loadbots ", env!("CARGO_PKG_VERSION"))),
            Change::Welcomed => self.was_welcomed = true,
            Change::Refused(refusal) => self.refused(refusal),
            Change::Unqueued => self.ask_at = Some(self.clock + ASK_AGAIN_AFTER),
            Change::LoadoutOpened => self.choose(),
            Change::MatchStarted => self.enter(),
            Change::Happened(events) => {
                if let Some(play) = &mut self.play {
                    play.brain.notice(&events, self.client.view());
                }
            }
            Change::Settled => self.settle(),
            Change::Pong { .. } => {
                if let Some(round_trip) = self.client.round_trip()
                    && self.round_trips.len() < ROUND_TRIPS_MAX
                {
                    self.round_trips.push(round_trip);
                }
            }
            Change::Queued
            | Change::LoadoutChosen
            | Change::PhaseReached(_)
            | Change::InventoryChanged
            | Change::Saw
            | Change::Outdated
            | Change::Goodbye
            | Change::Unreadable
            | Change::Closed(_) => {}
        }
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
        self.reports += 1;
        self.last_report = self.client.view().settled.as_ref().map(|(_, report)| report.clone());
        self.done = !self.orders.queue_again;
        self.ask_at = Some(self.clock);
    }

    /// While held it asks for no match; one that it is in goes on.
    pub const fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// Decides for one tick: asks for a match, or steers in one. Call it `tick_hz` times a second.
    pub fn tick(&mut self) {
        if self.client.view().session.is_none() || self.client.state() != WireState::Open {
            return;
        }
        if self.clock >= self.ping_at {
            self.ping_at = self.clock + PING_EVERY;
            self.client.ping();
        }
        match self.stage() {
            Stage::Waiting if !self.held && self.ask_at.is_some_and(|at| at <= self.clock) && !self.is_expected() => {
                self.client.join_queue(&self.orders.mode);
                self.ask_at = Some(self.clock + ANSWER_WITHIN);
            }
            Stage::Playing => self.play(),
            _ => {}
        }
        self.client.flush();
    }

    /// Whether the server spoke of a match that it has yet to announce; that takes a moment at most.
    fn is_expected(&self) -> bool {
        let session = self.client.view().session.as_ref();
        session.is_some_and(|session| session.current_match.is_some())
            && self.reports == 0
            && self.clock < ANSWER_WITHIN
    }

    fn play(&mut self) {
        let Some(play) = &mut self.play else { return };
        let Some(decision) = play.brain.decide(self.client.view(), &play.terrain, &self.behaviour) else { return };
        self.client.steer(decision.steering);
        if let Some(act) = decision.act {
            let seq = self.client.act(act);
            play.brain.acted(seq);
        }
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
