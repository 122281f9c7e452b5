//! How bad a link is.

use std::fmt;
use std::time::Duration;

use crate::share::Share;

/// The longest delay, and the longest a datagram can be late when it is overtaken.
const DELAY_MAX: Duration = Duration::from_secs(10);
/// The longest mean run of a burst.
const RUN_MAX: u16 = 1_000;
/// The largest share of time that bursts can take.
const BURSTS_MAX: Share = Share::percent(50);
/// How late an overtaken datagram is by default: longer than the 33 ms between two of them at 30 Hz.
const LATE: Duration = Duration::from_millis(40);

/// The named conditions, worst last. `good`, `average` and `poor` are those lightyear ships; `gns_worst` is the worst that
/// GameNetworkingSockets tests itself with.
pub const PRESETS: [(&str, LinkConditions); 6] = [
    ("perfect", LinkConditions::PERFECT),
    ("lan", LinkConditions::steady(1_000, 500, 0)),
    ("good", LinkConditions::steady(40_000, 6_000, 2_000)),
    ("average", LinkConditions::steady(100_000, 15_000, 20_000)),
    ("poor", LinkConditions::steady(200_000, 30_000, 100_000)),
    ("gns_worst", LinkConditions { reorder: Share::percent(4), ..LinkConditions::steady(100_000, 0, 200_000) }),
];

/// What a link does to datagrams, in each direction.
///
/// Times are **one-way**: `100ms` adds 100 ms to what a client sends and 100 ms to what it receives, so 200 ms to the
/// round trip. That is how lightyear's conditioner means it, and `tc netem` on both ends.
///
/// # Text
/// A preset's name ([`PRESETS`]) or delay, jitter and loss in that order (later ones may be left out), then any of these
/// in any order; [`Display`](fmt::Display) prints what is read:
///
/// | part | means | range |
/// |---|---|---|
/// | `delay=100ms` | what every datagram takes longer | 0 to 10 s |
/// | `jitter=15ms` | spread evenly around the delay, so that neighbours may overtake each other | 0 to the delay |
/// | `loss=2%` | lost, each for itself | 0 to 100 % |
/// | `burst=5%x8` | lost in runs (Gilbert): share of all, mean length of a run | 0 to 50 %, 1 to 1,000 |
/// | `dup=1%` | arrive twice | 0 to 100 % |
/// | `reorder=4%` or `reorder=4%x40ms` | arrive later by so much, overtaken by what follows | 0 to 100 %, 0 to 10 s |
/// | `corrupt=1%` | arrive with one bit flipped | 0 to 100 % |
///
/// Times are whole microseconds, with a unit: `100ms`, `1.5ms`, `250us`, `2s`.
///
/// ```
/// use hypogeum_link_conditioner::LinkConditions;
///
/// let typed: LinkConditions = "100ms,15ms,2%,burst=5%x8".parse()?;
/// assert_eq!(typed.to_string(), "100ms,15ms,2%,burst=5%x8");
/// let worse: LinkConditions = "poor,dup=5%".parse()?;
/// assert_eq!(worse.to_string(), "200ms,30ms,10%,dup=5%");
/// # Ok::<(), hypogeum_link_conditioner::ConditionsError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkConditions {
    pub(crate) delay_us: u32,
    pub(crate) jitter_us: u32,
    pub(crate) loss: Share,
    pub(crate) bursts: Option<Bursts>,
    pub(crate) duplicate: Share,
    pub(crate) reorder: Share,
    pub(crate) late_us: u32,
    pub(crate) corrupt: Share,
}

/// Losses in runs: Gilbert's model, where everything is lost while the link is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bursts {
    pub(crate) share: Share,
    pub(crate) run_mean: u16,
}

impl Bursts {
    /// So large a share of all datagrams lost (at most half), in runs of so many on average (1 to 1,000).
    ///
    /// # Errors
    /// [`ConditionsError::OutOfRange`] for either.
    pub fn new(share: Share, run_mean: u16) -> Result<Self, ConditionsError> {
        if share > BURSTS_MAX {
            return Err(out_of_range(Field::Burst, &share, &format!("0% to {BURSTS_MAX}")));
        }
        if !(1..=RUN_MAX).contains(&run_mean) {
            return Err(out_of_range(Field::BurstRun, &run_mean, &format!("1 to {RUN_MAX} datagrams")));
        }
        Ok(Self { share, run_mean })
    }
}

impl Default for LinkConditions {
    fn default() -> Self {
        Self::PERFECT
    }
}

impl LinkConditions {
    /// No faults at all: what goes in comes out at once.
    pub const PERFECT: Self = Self::steady(0, 0, 0);

    const fn steady(delay_us: u32, jitter_us: u32, loss_ppm: u32) -> Self {
        Self {
            delay_us,
            jitter_us,
            loss: Share::ppm(loss_ppm),
            bursts: None,
            duplicate: Share::NONE,
            reorder: Share::NONE,
            late_us: LATE.as_micros() as u32,
            corrupt: Share::NONE,
        }
    }

    /// The preset of that name.
    pub fn preset(name: &str) -> Option<Self> {
        PRESETS.iter().find(|(known, _)| *known == name).map(|(_, conditions)| *conditions)
    }

    /// One-way delay in each direction.
    pub fn delay(&self) -> Duration {
        Duration::from_micros(u64::from(self.delay_us))
    }

    /// How far a datagram's delay lies from [`delay`](Self::delay) at most, either way.
    pub fn jitter(&self) -> Duration {
        Duration::from_micros(u64::from(self.jitter_us))
    }

    /// The longest a datagram can be under way.
    pub fn delay_max(&self) -> Duration {
        let late = if self.reorder == Share::NONE { 0 } else { self.late_us };
        self.delay() + self.jitter() + Duration::from_micros(u64::from(late))
    }

    /// Fields that depend on each other fit together.
    pub(crate) fn checked(self) -> Result<Self, ConditionsError> {
        if self.jitter_us > self.delay_us {
            let allowed = format!("0ms to the delay, {}", Time(self.delay_us));
            return Err(out_of_range(Field::Jitter, &Time(self.jitter_us), &allowed));
        }
        Ok(self)
    }
}

/// A number somebody gives, by the name it has in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// `delay`: how much longer every datagram takes.
    Delay,
    /// `jitter`: the spread around the delay.
    Jitter,
    /// `loss`: the share that never arrives.
    Loss,
    /// `burst`: the share that is lost in runs.
    Burst,
    /// `burst`: how many datagrams such a run has on average.
    BurstRun,
    /// `dup`: the share that arrives twice.
    Duplicate,
    /// `reorder`: the share that others overtake.
    Reorder,
    /// `reorder`: how late those are.
    ReorderLate,
    /// `corrupt`: the share that arrives with one bit flipped.
    Corrupt,
}

impl fmt::Display for Field {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Delay => "delay",
            Self::Jitter => "jitter",
            Self::Loss => "loss",
            Self::Burst => "burst",
            Self::BurstRun => "mean run of burst",
            Self::Duplicate => "dup",
            Self::Reorder => "reorder",
            Self::ReorderLate => "lateness of reorder",
            Self::Corrupt => "corrupt",
        })
    }
}

/// Why something is no description of a link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConditionsError {
    /// A number outside its range.
    #[error("{field} is {value}; allowed is {allowed}")]
    OutOfRange {
        /// The field that holds it.
        field: Field,
        /// What it is.
        value: String,
        /// What it may be.
        allowed: String,
    },
    /// Not a number of the kind the field takes.
    #[error("{field} is `{text}`; expected {expected}")]
    Malformed {
        /// The field that was given.
        field: Field,
        /// What stands there.
        text: String,
        /// What should, with an example.
        expected: &'static str,
    },
    /// The same field a second time.
    #[error("{0} is given twice")]
    Twice(Field),
    /// `name=value` with a name nobody knows.
    #[error("there is no `{0}`; known are delay, jitter, loss, burst, dup, reorder and corrupt")]
    UnknownField(String),
    /// A word in the first place that is neither a preset nor a delay.
    #[error("`{0}` is neither a delay such as 100ms nor one of perfect, lan, good, average, poor and gns_worst")]
    UnknownPreset(String),
    /// A value without a name after delay, jitter and loss, after a preset or after a named one.
    #[error("`{0}` stands where only name=value can")]
    Nameless(String),
}

pub(crate) fn out_of_range(field: Field, value: &dyn fmt::Display, allowed: &str) -> ConditionsError {
    ConditionsError::OutOfRange { field, value: value.to_string(), allowed: allowed.to_owned() }
}

pub(crate) fn micros(field: Field, time: Duration) -> Result<u32, ConditionsError> {
    match u32::try_from(time.as_micros()) {
        Ok(micros) if time <= DELAY_MAX => Ok(micros),
        _ => Err(out_of_range(field, &format!("{}ms", time.as_millis()), "0ms to 10000ms")),
    }
}

/// A time in microseconds, printed in milliseconds.
pub(crate) struct Time(pub(crate) u32);

impl fmt::Display for Time {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}ms", crate::text::decimal(u64::from(self.0), 3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_valid_and_found_by_name() {
        for (name, conditions) in PRESETS {
            assert_eq!(conditions.checked(), Ok(conditions), "{name} keeps the rules that typed conditions obey");
            assert_eq!(LinkConditions::preset(name), Some(conditions), "{name} is found");
            let message = ConditionsError::UnknownPreset("x".to_owned()).to_string();
            assert!(message.contains(name), "who mistypes a name reads {name}");
        }
    }

    #[test]
    fn more_jitter_than_delay_is_refused_with_the_range() {
        let refused = "10ms,10.5ms".parse::<LinkConditions>();
        let message = refused.expect_err("jitter above the delay would send datagrams back in time").to_string();
        assert_eq!(message, "jitter is 10.5ms; allowed is 0ms to the delay, 10ms", "field, value and range are named");
    }

    #[test]
    fn times_beyond_ten_seconds_are_refused() {
        let refused = "10001ms".parse::<LinkConditions>();
        assert!(
            matches!(refused, Err(ConditionsError::OutOfRange { field: Field::Delay, .. })),
            "nothing is under way that long: {refused:?}"
        );
        assert!("0ms,reorder=100%x10001ms".parse::<LinkConditions>().is_err(), "nor is anything that late");
    }

    #[test]
    fn bursts_outside_their_range_are_refused() {
        for (percent, run, field) in [(51, 8, Field::Burst), (5, 0, Field::BurstRun), (5, 1_001, Field::BurstRun)] {
            let refused = Bursts::new(Share::percent(percent), run);
            assert!(
                matches!(&refused, Err(ConditionsError::OutOfRange { field: named, .. }) if *named == field),
                "{percent} % in runs of {run} is out of range in {field}: {refused:?}"
            );
        }
    }
}
