//! What came of a swarm.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use hypogeum_client::{Ending, Traffic, Wire};
use hypogeum_protocol::{MatchPhase, SettledReport};
use serde::{Serialize, Serializer};

use crate::bot::{Bot, Stage};
use crate::link_report::LinkReport;
use crate::spread::Spread;
use crate::transport::ConnectedOver;

/// What came of one bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BotReport {
    /// Its account's name.
    pub name: String,
    /// Its behaviour's name.
    pub behaviour: String,
    /// Matches whose settlement it was sent.
    pub matches_settled: u32,
    /// The last settlement.
    pub report: Option<SettledReport>,
    /// Why its connection ended, if it did.
    pub ended: Option<Ending>,
}

/// Ways there and back, in microseconds, as exact as the swarm polls, to within 3 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RoundTrips {
    /// Pings that were answered, and so measured.
    pub count: u64,
    /// Half of them took at most this.
    pub p50_us: u64,
    /// 99 % of them took at most this.
    pub p99_us: u64,
}

/// What came of all bots.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SwarmReport {
    /// Bots that were wanted.
    pub wanted: usize,
    /// Bots that had a session.
    pub connected: usize,
    /// The same by what their sessions went over; of bots without sockets nothing.
    pub connected_over: ConnectedOver,
    /// Bots that were in a match.
    pub entered: usize,
    /// Bots that never got a session: refused over HTTP or at the handshake.
    pub refused: usize,
    /// Bots that had a session and lost it before the end, and did not come back.
    pub disconnected: usize,
    /// Bots whose server fell silent, and those of them that came back.
    pub resumed: Resumed,
    /// Snapshots taken, outdated ones not counted.
    pub snapshots: u64,
    /// Datagrams and bytes.
    #[serde(flatten)]
    pub traffic: Traffic,
    /// Matches settled, counted per bot.
    pub matches_settled: u64,
    /// Refusals and failures by code: the protocol's names as they are, HTTP's in `snake_case`.
    pub errors: BTreeMap<String, u64>,
    /// The pings, while all play.
    pub round_trips: RoundTrips,
    /// Until measuring began.
    pub warm_up: WarmUp,
    /// From then on.
    pub play: Play,
    /// The bad link all went over, if any.
    pub link: Option<LinkReport>,
    /// Each bot, by name; none where there are more than 200 of them.
    pub bots: Vec<BotReport>,
}

/// Bots whose server fell silent, and what became of them: `resumed 24 of 24 in 1.2 s`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resumed {
    /// Bots that heard their server no more.
    pub lost: usize,
    /// Those of them that the server, or the next one, has welcomed again.
    pub resumed: usize,
    /// Those that found themselves in the match, and the avatar, they had been in.
    pub in_their_seats: usize,
    /// The longest any of them was away: from the last datagram it heard to the next welcome.
    #[serde(rename = "seconds", serialize_with = "seconds")]
    pub longest: Duration,
}

impl Resumed {
    pub(crate) fn add(&mut self, other: Self) {
        self.lost += other.lost;
        self.resumed += other.resumed;
        self.in_their_seats += other.in_their_seats;
        self.longest = self.longest.max(other.longest);
    }
}

impl fmt::Display for Resumed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lost, resumed, longest, .. } = self;
        write!(formatter, "resumed {resumed} of {lost} in {:.1} s", longest.as_secs_f64())
    }
}

fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

/// The way in: accounts, connections, the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct WarmUp {
    /// How long it took; 0 where measuring began with the start.
    pub seconds: f64,
    /// From the connect token to the welcome, of each bot that got so far, whenever that was.
    pub connect: Spread,
}

/// What was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Play {
    /// For how long.
    pub seconds: f64,
    /// Bots in a match at the end.
    pub playing: usize,
    /// Bots that lost their session.
    pub dropped: usize,
    /// Snapshots a second of a bot that was in a match, on average.
    pub snapshot_hz_mean: f64,
    /// 1 % of them had fewer than this.
    pub snapshot_hz_p1: f64,
    /// From one snapshot to the next of the same bot.
    pub snapshot_interval: Spread,
    /// From the moment an input leaves until its bot has a snapshot that includes it: the way there and back, and what the
    /// input waited for its tick and the snapshot for its turn.
    pub input_lag: Spread,
    /// Datagrams and bytes.
    #[serde(flatten)]
    pub traffic: Traffic,
    /// Datagrams of the datagram lane the server sent since the bots connected, by their numbers in each match.
    pub lane_expected: u64,
    /// Those of them that never arrived.
    pub lane_lost: u64,
    /// Inputs sent, repetitions not counted.
    pub inputs: u64,
    /// Game events the server sent.
    pub events: u64,
    /// How often what a bot was told did not add up, so that it asked for everything again.
    pub divergences: u64,
    /// How often an avatar was not where its bot had predicted it, of the bots that predict: all of up to 200, else the
    /// beacons.
    pub corrections: u64,
    /// From one bot's input to another bot's sight.
    pub latency: Latency,
    /// Decisions the bots' own process was too slow for: any at all means that the figures here say more about the
    /// swarm than about the server.
    pub decisions_skipped: u64,
    /// Cores' worth of CPU time the bots' process took; 0 where bots and server share one or nobody asked.
    pub cpu_cores: f64,
}

/// From the moment an input that turns a head leaves, until another bot sees the head turned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Latency {
    /// Of those who saw it.
    #[serde(flatten)]
    pub time: Spread,
    /// Those who had the bot in sight for ten seconds and never saw it.
    pub unseen: u64,
    /// Those who lost sight of it before, about whom nothing can be said.
    pub out_of_sight: u64,
}

/// How a swarm stands while it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bots that are to come.
    pub wanted: usize,
    /// Bots without a session yet.
    pub connecting: usize,
    /// Bots waiting for a match, queued or about to.
    pub queued: usize,
    /// Bots choosing what to bring.
    pub choosing: usize,
    /// Bots in a match.
    pub playing: usize,
    /// Bots whose server fell silent, on their way back.
    pub returning: usize,
    /// Bots that want no more.
    pub done: usize,
    /// Bots whose connection is gone, or that never got one.
    pub gone: usize,
    /// Bots that settled a match at least once.
    pub settled: usize,
    /// Bots that have, or had, a session.
    pub welcomed: usize,
    /// Bots that are, or were, in a match.
    pub entered: usize,
    /// Bots whose server fell silent, and those of them that came back.
    pub resumed: Resumed,
    /// The modes the server offers, once a bot was told that those it wants are not among them.
    pub(crate) offered_instead: Option<Vec<String>>,
    /// Bots that had a session, want none, or are gone.
    pub(crate) past_welcoming: usize,
    /// Bots that were in a match, want none, or are gone.
    pub(crate) past_entering: usize,
    /// Bots that settled a match, want none, or are gone.
    pub(crate) past_settling: usize,
    /// Time since measuring began, if it has, and how long it will take.
    pub measured: Option<(Duration, Duration)>,
    /// The match of the first bot that is in one.
    pub current: Option<MatchProgress>,
}

/// How a match stands, as one of its players sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchProgress {
    /// Key of its mode.
    pub mode: String,
    /// Its phase; `None` before the first word of it.
    pub phase: Option<MatchPhase>,
    /// The newest tick seen.
    pub tick: u32,
    /// The tick the phase ends.
    pub phase_ends_tick: u32,
    /// Steps a second.
    pub tick_hz: u16,
    /// Players still in.
    pub alive: u16,
    /// Players that got out.
    pub extracted: u16,
}

impl Progress {
    pub(crate) fn of<W: Wire>(bots: &[Bot<W>]) -> Self {
        let mut progress = Self { wanted: bots.len(), ..Self::default() };
        for bot in bots {
            let stage = bot.stage();
            let is_past = matches!(stage, Stage::Done | Stage::Gone(_));
            let place = match stage {
                Stage::Connecting => &mut progress.connecting,
                Stage::Waiting | Stage::Queued => &mut progress.queued,
                Stage::Choosing => &mut progress.choosing,
                Stage::Playing => &mut progress.playing,
                Stage::Returning => &mut progress.returning,
                Stage::Done => &mut progress.done,
                Stage::Gone(_) => &mut progress.gone,
            };
            *place += 1;
            progress.settled += usize::from(bot.settled_count() > 0);
            progress.welcomed += usize::from(bot.was_welcomed());
            progress.entered += usize::from(bot.has_entered());
            progress.resumed.add(bot.resumed());
            if progress.offered_instead.is_none() {
                progress.offered_instead = bot.offered_instead().map(<[String]>::to_vec);
            }
            progress.past_welcoming += usize::from(is_past || bot.was_welcomed());
            progress.past_entering += usize::from(is_past || bot.has_entered());
            progress.past_settling += usize::from(is_past || bot.settled_count() > 0);
            if progress.current.is_none() {
                progress.current = match_progress(bot);
            }
        }
        progress
    }

    /// Adds another pool's.
    pub(crate) fn add(&mut self, other: &Self) {
        let Self { connecting, queued, choosing, playing, returning, done, gone, settled, welcomed, entered, .. } =
            other;
        self.wanted += other.wanted;
        self.connecting += connecting;
        self.queued += queued;
        self.choosing += choosing;
        self.playing += playing;
        self.returning += returning;
        self.done += done;
        self.gone += gone;
        self.settled += settled;
        self.welcomed += welcomed;
        self.entered += entered;
        self.resumed.add(other.resumed);
        if self.offered_instead.is_none() {
            self.offered_instead.clone_from(&other.offered_instead);
        }
        self.past_welcoming += other.past_welcoming;
        self.past_entering += other.past_entering;
        self.past_settling += other.past_settling;
        if self.current.is_none() {
            self.current.clone_from(&other.current);
        }
    }
}

fn match_progress<W: Wire>(bot: &Bot<W>) -> Option<MatchProgress> {
    let view = bot.view();
    let current = view.current.as_ref()?;
    let snapshot = view.snapshot.as_ref();
    Some(MatchProgress {
        mode: current.mode.clone(),
        phase: current.phase.map(|phase| phase.phase),
        tick: snapshot.map_or(0, |snapshot| snapshot.tick),
        phase_ends_tick: current.phase.map_or(0, |phase| phase.ends_tick),
        tick_hz: view.tick_hz(),
        alive: snapshot.map_or(0, |snapshot| snapshot.alive),
        extracted: snapshot.map_or(0, |snapshot| snapshot.extracted),
    })
}
