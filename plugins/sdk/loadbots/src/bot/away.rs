//! A bot whose server falls silent: how it notices, and how it goes on once there is a new connection.

use std::time::Duration;

use hypogeum_client::{Ending, Wire, WireState};

use super::Bot;

/// The longest silence one look at the clock may add: a process that was stopped has heard nothing, and neither would it.
const SILENCE_AT_ONCE_MAX: Duration = Duration::from_millis(250);
/// New connections in a row that a server may close before it welcomes one: then it means it.
const UNWELCOME_MAX: u32 = 8;

/// How long a server may be silent before a bot looks for a new connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SilenceMax {
    /// While a match is on: the slowest server sends five datagrams a second.
    pub(crate) in_match: Duration,
    /// Elsewhere, where it sends two keep-alives a second.
    pub(crate) elsewhere: Duration,
}

/// What a bot notes of its server's silence.
#[derive(Debug, Default)]
pub(super) struct Away {
    /// Without it a bot whose connection ends is gone.
    silence_max: Option<SilenceMax>,
    heard_count: u64,
    silence: Duration,
    /// When the server was heard last, while it counts as lost and until it has welcomed the bot again.
    since: Option<Duration>,
    way: Way,
    unwelcome_count: u32,
    /// What came of it.
    pub(super) lost: bool,
    pub(super) is_back: bool,
    pub(super) kept_seat: bool,
    pub(super) longest: Duration,
}

/// How far the way back is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    /// The server is heard, or was not long ago.
    #[default]
    None,
    /// It is silent, and nobody has asked for a connect token yet.
    Lost,
    /// Somebody is asking.
    Asked,
    /// The new connection has not been welcomed yet.
    Connecting,
    /// The server lets it in no more.
    GaveUp,
}

impl Away {
    pub(super) fn is_returning(&self) -> bool {
        matches!(self.way, Way::Lost | Way::Asked | Way::Connecting)
    }

    pub(super) fn gave_up(&self) -> bool {
        self.way == Way::GaveUp
    }

    /// The server has spoken of a match on the connection that followed a lost one.
    pub(super) fn found_seat(&mut self) {
        self.kept_seat |= self.is_back;
    }

    /// The server has welcomed the bot.
    pub(super) fn welcomed(&mut self, now: Duration) {
        self.unwelcome_count = 0;
        self.way = Way::None;
        if let Some(since) = self.since.take() {
            self.is_back = true;
            self.longest = self.longest.max(now.saturating_sub(since));
        }
    }
}

impl<W: Wire> Bot<W> {
    /// The same bot, but it wants a new connection where its server is silent for so long.
    pub(crate) const fn returning_after(mut self, silence_max: SilenceMax) -> Self {
        self.away.silence_max = Some(silence_max);
        self
    }

    /// Notes how long nothing was heard.
    pub(super) fn listen(&mut self, elapsed: Duration) {
        let Some(silence_max) = self.away.silence_max.filter(|_| self.was_welcomed && !self.done) else { return };
        let (heard_count, state) = (self.client.traffic().datagrams_in, self.client.state());
        let is_in_match = self.client.view().session.is_some() && self.client.view().current.is_some();
        let away = &mut self.away;
        if heard_count != away.heard_count && state == WireState::Open {
            (away.heard_count, away.silence) = (heard_count, Duration::ZERO);
            if matches!(away.way, Way::Lost | Way::Asked) {
                // The old connection lives. One that is asked for meanwhile never says hello, so it takes nobody's place.
                (away.way, away.since, away.lost) = (Way::None, None, away.is_back);
            }
            return;
        }
        away.silence += elapsed.min(SILENCE_AT_ONCE_MAX);
        let limit = if is_in_match { silence_max.in_match } else { silence_max.elsewhere };
        let is_lost = match state {
            WireState::Open => away.silence >= limit,
            WireState::Closed(Ending::TimedOut | Ending::Unanswered) => true,
            // The old connection may count as living for a moment longer where a second one is refused.
            WireState::Closed(Ending::ByServer) => (1..=UNWELCOME_MAX).contains(&away.unwelcome_count),
            WireState::Connecting | WireState::Closed(_) => false,
        };
        if is_lost && matches!(away.way, Way::None | Way::Connecting) {
            away.way = Way::Lost;
            away.since = away.since.or(Some(self.clock.saturating_sub(away.silence)));
            (away.lost, away.is_back) = (true, false);
        }
    }

    /// Whether somebody should ask for a new connection now; says so once for each connection that was lost.
    pub(crate) fn wants_connection(&mut self) -> bool {
        let wants = self.away.way == Way::Lost;
        if wants {
            self.away.way = Way::Asked;
        }
        wants
    }

    /// Whether it waits for the connection that somebody asks for.
    pub(crate) fn awaits_connection(&self) -> bool {
        self.away.way == Way::Asked
    }

    /// Goes on over a new connection.
    pub(crate) fn resume(&mut self, wire: W) {
        let divergences = self.client.divergences();
        let old = self.client.resume(wire);
        self.earlier.traffic += old.traffic();
        self.earlier.divergences += divergences;
        self.joined_at = Some(self.clock);
        self.ask_at = Some(self.clock);
        self.saw_at = None;
        let away = &mut self.away;
        (away.way, away.heard_count, away.silence) = (Way::Connecting, 0, Duration::ZERO);
        away.unwelcome_count += 1;
    }

    /// There will be no other connection, for this reason.
    pub(crate) fn give_up(&mut self, code: &str) {
        self.away.way = Way::GaveUp;
        *self.refusals.entry(code.to_owned()).or_default() += 1;
    }
}
