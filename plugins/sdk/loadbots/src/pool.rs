//! Many bots on one thread, without a clock: their driver says how much time has passed.

use std::collections::BTreeMap;
use std::time::Duration;

use hypogeum_client::{ChunkCache, Wire};
use hypogeum_protocol::{MatchId, NetId, RecordKind};

use crate::beacon::Watch;
use crate::bot::{Bot, BotScratch, Stage};
use crate::report::{Progress, SwarmReport};
use crate::tally::{Tally, Window};
use crate::terrain::MapCache;

/// Of so many bots one is a beacon, and never fewer than [`BEACONS_MIN`] of a pool.
const BEACON_PER: usize = 100;
const BEACONS_MIN: usize = 2;
/// Bots that watch for one turn of a beacon at most.
const WATCHERS_MAX: usize = 4;
/// How often it is asked at most who steers whom.
const STEERERS_EVERY: Duration = Duration::from_secs(1);

/// Bots that share what they know of the ground. Over any wire, so that tests and benches need no sockets: ten thousand
/// bots over [`MemoryWire`](hypogeum_client::MemoryWire)s are one thread's work.
#[derive(Debug)]
pub struct BotPool<W> {
    bots: Vec<Bot<W>>,
    maps: MapCache,
    chunks: ChunkCache,
    scratch: BotScratch,
    now: Duration,
    window: Window,
    /// Ticks between two decisions of one bot.
    every: u32,
    ticks: u32,
    /// Which bot steers an avatar.
    steered_by: BTreeMap<(MatchId, NetId), usize>,
    steered_at: Option<Duration>,
}

impl<W> Default for BotPool<W> {
    fn default() -> Self {
        Self {
            bots: Vec::new(),
            maps: MapCache::default(),
            chunks: ChunkCache::default(),
            scratch: BotScratch::default(),
            now: Duration::ZERO,
            window: Window::default(),
            every: 1,
            ticks: 0,
            steered_by: BTreeMap::new(),
            steered_at: None,
        }
    }
}

impl<W: Wire> BotPool<W> {
    /// A pool whose bots decide every so many ticks, a part of them each tick, and send the inputs of those ticks in one
    /// datagram. At 30 Hz, 3 makes ten datagrams a second. At least 1.
    #[must_use]
    pub fn deciding_every(ticks: u32) -> Self {
        Self { every: ticks.max(1), ..Self::default() }
    }

    /// Takes one more bot in.
    pub fn join(&mut self, bot: Bot<W>) {
        self.join_at(bot, self.now);
    }

    pub(crate) fn join_at(&mut self, mut bot: Bot<W>, now: Duration) {
        self.now = self.now.max(now);
        bot.share(self.maps.clone(), self.chunks.clone());
        bot.begin_at(self.now);
        self.bots.push(bot);
    }

    /// Makes one bot of a hundred, and never fewer than two, turn its head once a second while others of this pool have it
    /// in view, who note when they see it: [`crate::Latency`] in the report. Beacons strike nobody.
    pub fn place_beacons(&mut self) {
        let count = self.bots.len();
        for (index, bot) in self.bots.iter_mut().enumerate() {
            if is_beacon(index, count) {
                bot.light();
            }
        }
    }

    /// The bots, in the order they joined.
    #[must_use]
    pub fn bots(&self) -> &[Bot<W>] {
        &self.bots
    }

    /// Lets time pass for all.
    pub fn poll(&mut self, elapsed: Duration) {
        self.now += elapsed;
        for index in 0..self.bots.len() {
            self.poll_one(index, self.now);
        }
    }

    /// Lets those decide whose turn it is this tick.
    pub fn tick(&mut self) {
        self.ticks = self.ticks.wrapping_add(1);
        let first = self.ticks % self.every;
        for index in (first as usize..self.bots.len()).step_by(self.every as usize) {
            self.decide(index, self.every);
        }
    }

    /// Lets one take in what arrived until now.
    pub(crate) fn poll_one(&mut self, index: usize, now: Duration) {
        self.now = self.now.max(now);
        let Some(bot) = self.bots.get_mut(index) else { return };
        bot.poll(now, &mut self.scratch);
        self.put_out();
    }

    /// Lets one take in what arrived and decide, if that is due at so many decisions a second.
    pub(crate) fn turn(&mut self, index: usize, now: Duration, input_hz: u32) {
        self.poll_one(index, now);
        if let Some(bot) = self.bots.get_mut(index) {
            let inputs = bot.inputs_due(input_hz);
            self.decide(index, inputs);
        }
    }

    /// The places of those who need a new connection, each once.
    pub(crate) fn take_lost(&mut self) -> Vec<usize> {
        let bots = self.bots.iter_mut().enumerate();
        bots.filter_map(|(index, bot)| bot.wants_connection().then_some(index)).collect()
    }

    /// What they speak over.
    pub(crate) fn wires_mut(&mut self) -> impl Iterator<Item = &mut W> {
        self.bots.iter_mut().map(Bot::wire_mut)
    }

    /// What one of them speaks over.
    pub(crate) fn wire_mut(&mut self, index: usize) -> Option<&mut W> {
        self.bots.get_mut(index).map(Bot::wire_mut)
    }

    /// Lets one go on over a new connection.
    pub(crate) fn resume(&mut self, index: usize, wire: W, now: Duration) {
        if let Some(bot) = self.bots.get_mut(index) {
            bot.resume(wire);
        }
        self.poll_one(index, now);
    }

    /// One gets no new connection, for this reason.
    pub(crate) fn give_up(&mut self, index: usize, code: &str) {
        if let Some(bot) = self.bots.get_mut(index) {
            bot.give_up(code);
        }
    }

    fn decide(&mut self, index: usize, inputs: u32) {
        let Some(bot) = self.bots.get_mut(index) else { return };
        let turned = bot.tick(inputs, &mut self.scratch);
        self.put_out();
        if turned {
            self.light_up(index);
        }
    }

    /// Beacons that nobody waits for any more may turn again.
    fn put_out(&mut self) {
        for beacon in self.scratch.sighted.drain(..) {
            if let Some(beacon) = self.bots.get_mut(beacon).and_then(Bot::beacon_mut) {
                beacon.watched_by = beacon.watched_by.saturating_sub(1);
            }
        }
    }

    /// A beacon has turned: some of those who have it in view watch for it.
    fn light_up(&mut self, beacon: usize) {
        let Some((watch, neighbours)) = self.announce(beacon) else { return };
        let mut watched_by = 0;
        for neighbour in neighbours {
            let Some(index) = self.steerer((watch.match_id, neighbour)) else { continue };
            let Some(bot) = self.bots.get_mut(index).filter(|_| index != beacon) else { continue };
            let snapshot = bot.view().snapshot.as_ref();
            let record = snapshot.and_then(|seen| seen.records.iter().find(|record| record.id == watch.avatar));
            // It must be in view now, and look elsewhere.
            if record.is_some_and(|record| record.heading != watch.heading) {
                bot.watch(watch);
                watched_by += 1;
            }
            if watched_by == WATCHERS_MAX as u32 {
                break;
            }
        }
        if let Some(beacon) = self.bots.get_mut(beacon).and_then(Bot::beacon_mut) {
            beacon.watched_by = watched_by;
        }
    }

    fn announce(&mut self, beacon: usize) -> Option<(Watch, Vec<NetId>)> {
        let bot = self.bots.get_mut(beacon)?;
        let (match_id, avatar) = bot.avatar()?;
        let heading = bot.beacon_mut()?.heading();
        let records = &bot.view().snapshot.as_ref()?.records;
        // Not always the same ones, nor always the nearest.
        let start = usize::from(heading).checked_rem(records.len())?;
        let (late, early) = records.split_at_checked(start)?;
        let players = early.iter().chain(late).filter(|record| record.kind == RecordKind::Player);
        let neighbours = players.map(|record| record.id).filter(|id| *id != avatar).collect();
        Some((Watch { beacon, match_id, avatar, heading, since: self.now }, neighbours))
    }

    /// The bot of this pool that steers an avatar.
    fn steerer(&mut self, avatar: (MatchId, NetId)) -> Option<usize> {
        let is_stale = self.steered_at.is_none_or(|at| self.now.saturating_sub(at) >= STEERERS_EVERY);
        if is_stale && !self.steered_by.contains_key(&avatar) {
            let bots = self.bots.iter().enumerate();
            self.steered_by = bots.filter_map(|(index, bot)| bot.avatar().map(|avatar| (avatar, index))).collect();
            self.steered_at = Some(self.now);
        }
        let known = self.steered_by.get(&avatar).copied();
        known.filter(|index| self.bots.get(*index).is_some_and(|bot| bot.avatar() == Some(avatar)))
    }

    /// From now on [`SwarmReport::play`] counts; what was before belongs to the warm-up.
    pub fn begin_measuring(&mut self) {
        self.window = Window::begin(self.now, &self.bots, &mut self.scratch.gauges);
    }

    /// While held, nobody asks for a match: so that all come into one, hold them until [`Self::all_welcomed`].
    pub fn hold(&mut self, held: bool) {
        for bot in &mut self.bots {
            bot.hold(held);
        }
    }

    /// Whether every bot has, or had, a session, or will never have one.
    #[must_use]
    pub fn all_welcomed(&self) -> bool {
        self.bots.iter().all(|bot| bot.was_welcomed() || matches!(bot.stage(), Stage::Gone(_)))
    }

    /// Whether every bot is, or was, in a match, or will never be in one.
    #[must_use]
    pub fn all_entered(&self) -> bool {
        self.bots.iter().all(|bot| bot.has_entered() || matches!(bot.stage(), Stage::Done | Stage::Gone(_)))
    }

    /// Whether every bot has settled a match, wants no more, or is gone.
    #[must_use]
    pub fn all_settled_once(&self) -> bool {
        self.bots.iter().all(|bot| bot.settled_count() > 0 || matches!(bot.stage(), Stage::Done | Stage::Gone(_)))
    }

    /// How they stand.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress::of(&self.bots)
    }

    /// What came of them so far.
    #[must_use]
    pub fn report(&self) -> SwarmReport {
        self.tally().into_report()
    }

    pub(crate) fn tally(&self) -> Tally {
        Tally::of(&self.bots, &self.scratch.gauges, &self.window, self.now)
    }

    /// Ends all connections.
    pub fn close(&mut self) {
        for bot in &mut self.bots {
            bot.close();
        }
    }
}

/// Whether the bot at a place is a beacon among so many: they are spread evenly.
pub(crate) fn is_beacon(index: usize, count: usize) -> bool {
    let beacons = count.div_ceil(BEACON_PER).max(BEACONS_MIN).min(count);
    index * beacons / count.max(1) != (index + 1) * beacons / count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_a_hundred_is_a_beacon_and_at_least_two() {
        for (count, beacons) in [(0, 0), (1, 1), (2, 2), (24, 2), (200, 2), (201, 3), (10_000, 100)] {
            assert_eq!((0..count).filter(|index| is_beacon(*index, count)).count(), beacons, "of {count}");
        }
    }
}
