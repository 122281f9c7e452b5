//! What a mode asks of a lobby, in ticks.

use hypogeum_content::def::{FillRule, RatingWindow};
use hypogeum_shard::{ModeRule, TeamShape};

use crate::Ticket;

/// A lobby that could start waits this long for more to come: friends press the button within two seconds.
pub const GATHER_MS: u32 = 2_000;

/// A mode's rules for forming lobbies.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Fewest participants, filled seats included.
    pub players_min: usize,
    /// Most participants, all seats taken.
    pub players_max: usize,
    /// How the accepted rating distance grows.
    pub window: RatingWindow,
    /// Wait after which a lobby goes as it is.
    pub wait_ticks: u64,
    /// How long a lobby that could go stays open for newcomers.
    pub gather_ticks: u64,
    /// What sits in the seats that stay empty.
    pub fill: FillRule,
    /// Teams that hold each party whole; `None` where everyone plays for themselves.
    pub teams: Option<TeamShape>,
    /// After each so many ticks of waiting one fewer of a query's should clauses holds; `None`: all hold for good.
    pub relax_ticks: Option<u64>,
    /// Ticks a second.
    pub tick_hz: u32,
}

impl Terms {
    /// The rules of `mode` on a host of `tick_hz` ticks a second.
    #[must_use]
    pub fn of(mode: &ModeRule, tick_hz: u32) -> Self {
        let ticks = |ms: u32| (u64::from(ms) * u64::from(tick_hz)).div_ceil(1_000);
        let players_min = mode.players_min.max(1) as usize;
        Self {
            players_min,
            players_max: players_min.max(mode.players_max as usize),
            window: mode.rating_window,
            wait_ticks: ticks(mode.queue_wait_ms),
            gather_ticks: ticks(GATHER_MS),
            fill: mode.fill,
            teams: mode.teams,
            relax_ticks: mode.relax_queries_ms.map(|ms| ticks(ms).max(1)),
            tick_hz: tick_hz.max(1),
        }
    }

    /// The rating distance a ticket accepts at `tick`: `start + per_s · seconds waited`, at most `max`.
    #[must_use]
    pub fn window_at<W>(&self, ticket: &Ticket<W>, tick: u64) -> u32 {
        self.window_since(ticket.joined_tick, tick)
    }

    pub(crate) fn window_since(&self, joined_tick: u64, tick: u64) -> u32 {
        let waited = tick.saturating_sub(joined_tick);
        let grown = u64::from(self.window.per_s).saturating_mul(waited) / u64::from(self.tick_hz);
        let window = u64::from(self.window.start).saturating_add(grown).min(u64::from(self.window.max));
        u32::try_from(window).unwrap_or(u32::MAX)
    }

    /// How many of a query's should clauses hold at `tick` for a ticket that joined at `joined_tick`.
    #[must_use]
    pub fn shoulds_left(&self, shoulds: usize, joined_tick: u64, tick: u64) -> usize {
        let waited = tick.saturating_sub(joined_tick);
        let gone = self.relax_ticks.map_or(0, |every| waited / every.max(1));
        shoulds.saturating_sub(usize::try_from(gone).unwrap_or(usize::MAX))
    }

    /// Whether the ratings of two tickets accept each other at `tick`.
    #[must_use]
    pub fn meet<W>(&self, one: &Ticket<W>, other: &Ticket<W>, tick: u64) -> bool {
        one.rating.abs_diff(other.rating) <= self.window_at(one, tick).min(self.window_at(other, tick))
    }
}
