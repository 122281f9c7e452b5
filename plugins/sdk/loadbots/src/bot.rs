//! One bot: says hello, queues, chooses what to bring, plays, and perhaps queues again.

mod away;
mod decide;
mod hear;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_client::{Change, ChunkCache, Client, Ending, View, Wire, WireState};
use hypogeum_protocol::{MatchId, NetId, SettledReport};

use crate::beacon::{Beacon, Watch};
use crate::behaviour::{Activity, Behaviour};
use crate::brain::{Brain, Mind};
use crate::input_lag::InputLag;
use crate::pace::Pace;
use crate::report::{BotReport, Resumed};
use crate::talker::Talker;
use crate::tally::{Counts, Gauges};
use crate::terrain::{MapCache, Terrain};
use away::Away;
pub(crate) use away::SilenceMax;

/// Between two pings, unless told otherwise.
const PING_EVERY: Duration = Duration::from_secs(1);

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
    /// Waits in a queue for a match.
    Queued,
    /// A match was found and has not begun.
    Choosing,
    /// In a match.
    Playing,
    /// Has settled a match and wants no other, or was refused for good.
    Done,
    /// The server fell silent; a new connection is looked for.
    Returning,
    /// The connection is gone.
    Gone(Ending),
}

/// A client with a behaviour. A [`crate::BotPool`] moves it.
#[derive(Debug)]
pub struct Bot<W> {
    name: String,
    client: Client<W>,
    behaviour: Arc<Behaviour>,
    orders: Orders,
    seed: u64,
    maps: MapCache,
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
    /// The modes its server offers, where none of those it prefers is among them.
    offered: Option<Vec<String>>,
    joined_at: Option<Duration>,
    was_welcomed: bool,
    has_entered: bool,
    pace: Pace,
    input_lag: InputLag,
    saw_at: Option<Duration>,
    beacon: Option<Beacon>,
    watches: Vec<Watch>,
    counts: Counts,
    away: Away,
    /// What connections carried that were lost.
    earlier: Counts,
    /// Whether it has come into a match since the last welcome.
    is_announced: bool,
    reports: u32,
    last_report: Option<SettledReport>,
    refusals: BTreeMap<String, u64>,
    /// What it does in the persistent world, where that is what it plays.
    talker: Option<Talker>,
}

/// What bots of one pool use one after the other.
#[derive(Debug, Default)]
pub(crate) struct BotScratch {
    pub(crate) changes: Vec<Change>,
    pub(crate) mind: Mind,
    pub(crate) gauges: Gauges,
    /// Beacons that were seen, or are not waited for any more, by their place in the pool.
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
            maps: MapCache::default(),
            play: None,
            clock: Duration::ZERO,
            ask_at: Some(Duration::ZERO),
            ping_at: Duration::ZERO,
            ping_every: PING_EVERY,
            look_every_ticks: 1,
            done: false,
            held: false,
            preferred: Arc::default(),
            offered: None,
            joined_at: None,
            was_welcomed: false,
            has_entered: false,
            pace: Pace::default(),
            input_lag: InputLag::default(),
            saw_at: None,
            beacon: None,
            watches: Vec::new(),
            counts: Counts::default(),
            away: Away::default(),
            earlier: Counts::default(),
            is_announced: false,
            reports: 0,
            last_report: None,
            refusals: BTreeMap::new(),
            talker: None,
        }
    }

    /// The same bot, but it enters the persistent world instead of queueing, and types what it does there. Its connection plays a
    /// character.
    #[must_use]
    pub fn in_world(mut self) -> Self {
        self.talker = Some(Talker::new(self.seed));
        self
    }

    /// The same bot, but it queues for the first of these modes that the server offers, and for none where it offers none
    /// of them.
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

    /// Makes it turn its head at times, for others to note when they see it; see [`crate::BotPool::place_beacons`].
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

    /// Shares what is known of the ground with the other bots of a pool.
    pub(crate) fn share(&mut self, maps: MapCache, chunks: ChunkCache) {
        self.maps = maps;
        self.client.keep_chunks_in(chunks);
    }

    /// What it knows.
    #[must_use]
    pub const fn view(&self) -> &View {
        self.client.view()
    }

    /// The client it plays with.
    #[must_use]
    pub const fn client(&self) -> &Client<W> {
        &self.client
    }

    pub(crate) const fn wire_mut(&mut self) -> &mut W {
        self.client.wire_mut()
    }

    /// What it does in its match.
    #[must_use]
    pub fn activity(&self) -> Option<Activity> {
        self.play.as_ref().map(|play| play.brain.activity())
    }

    /// Matches whose settlement it was sent.
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
            _ if self.away.is_returning() => Stage::Returning,
            WireState::Closed(ending) => Stage::Gone(ending),
            _ if self.away.gave_up() => Stage::Gone(Ending::TimedOut),
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
            ended: match self.stage() {
                Stage::Gone(ending) => Some(ending),
                _ => None,
            },
        }
    }

    /// The modes its server offers, where it offers none of those this bot would play.
    pub(crate) fn offered_instead(&self) -> Option<&[String]> {
        self.offered.as_deref()
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

    /// What became of it when its server fell silent.
    pub(crate) fn resumed(&self) -> Resumed {
        let away = &self.away;
        Resumed {
            lost: usize::from(away.lost),
            resumed: usize::from(away.is_back),
            in_their_seats: usize::from(away.kept_seat),
            longest: away.longest,
        }
    }

    /// What its connections did so far.
    pub(crate) fn counts(&self) -> Counts {
        let mut traffic = self.client.traffic();
        traffic += self.earlier.traffic;
        Counts {
            snapshots: self.client.snapshot_count(),
            traffic,
            divergences: self.client.divergences() + self.earlier.divergences,
            corrections: self.client.corrections().count,
            inputs: self.counts.inputs,
        }
    }

    pub(crate) fn watch(&mut self, watch: Watch) {
        self.watches.push(watch);
    }

    pub(crate) const fn beacon_mut(&mut self) -> Option<&mut Beacon> {
        self.beacon.as_mut()
    }

    /// While held it asks for no match; one that it is in goes on.
    pub const fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// Ends the connection.
    pub fn close(&mut self) {
        self.client.close();
    }
}
