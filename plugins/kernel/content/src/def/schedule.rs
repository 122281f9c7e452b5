//! When something happens again and again: seasons of boards and ladders, tournaments that open by themselves.

use core::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month, OffsetDateTime};

/// Seconds of a day. UTC as computers count it has no leap seconds.
const DAY_S: i64 = 86_400;
/// Instants that have a date here, in seconds since 1970: the years 1 to 9998. Others count as the nearest of them.
const INSTANTS_S: core::ops::RangeInclusive<i64> = -62_135_596_800..=253_370_764_799;
/// Periods that begin in those years, whatever the schedule; other numbers count as the nearest of them.
const PERIODS: core::ops::RangeInclusive<i64> = -700_000..=2_900_000;

/// A time that comes again every day, week or month, in UTC. From one such time to the next lies a *period*: periods tile
/// time without a gap, and each has a number that is the same for ever.
///
/// All instants are seconds since 1970, as `SystemTime` and databases count them; those before 1970 are negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum Schedule {
    /// Every day.
    Daily {
        /// The time of day.
        at: TimeOfDay,
    },
    /// Every week.
    Weekly {
        /// The day of the week.
        day: Weekday,
        /// The time of that day.
        at: TimeOfDay,
    },
    /// Every month.
    Monthly {
        /// The day of the month, 1–28: every month has these, so none is left out and none needs a rule of its own.
        day: u32,
        /// The time of that day.
        at: TimeOfDay,
    },
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[allow(missing_docs, reason = "days of the week say it themselves")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A time of day in UTC, to the minute: `"04:00"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay {
    /// Minutes since midnight, 0–1,439.
    minutes: u16,
}

impl Schedule {
    /// The number of the period in which an instant lies. It rises by one from each period to the next and never changes; 0 is
    /// the first period that begins in 1970.
    #[must_use]
    pub fn period(self, instant_s: i64) -> i64 {
        let instant_s = instant_s.clamp(*INSTANTS_S.start(), *INSTANTS_S.end());
        match self {
            Self::Daily { at } => (instant_s - at.seconds()).div_euclid(DAY_S),
            Self::Weekly { .. } => (instant_s - self.begin_s(0)).div_euclid(7 * DAY_S),
            Self::Monthly { .. } => {
                let date = date_of(instant_s);
                let month = months_since_1970(date);
                if instant_s < self.begin_s(month) { month - 1 } else { month }
            }
        }
    }

    /// When a period begins: its first second.
    #[must_use]
    pub fn begin_s(self, period: i64) -> i64 {
        let period = period.clamp(*PERIODS.start(), *PERIODS.end());
        match self {
            Self::Daily { at } => period * DAY_S + at.seconds(),
            Self::Weekly { day, at } => {
                let first = unix_epoch().saturating_sub(Duration::DAY).next_occurrence(day.into());
                seconds_of(first) + period * 7 * DAY_S + at.seconds()
            }
            Self::Monthly { day, at } => seconds_of(date_in_month(period, day)) + at.seconds(),
        }
    }

    /// When a period ends: the first second of the next.
    #[must_use]
    pub fn end_s(self, period: i64) -> i64 {
        self.begin_s(period.saturating_add(1))
    }

    /// When the first period begins that begins after an instant, never at it.
    #[must_use]
    pub fn next_begin_s(self, instant_s: i64) -> i64 {
        self.end_s(self.period(instant_s))
    }
}

fn unix_epoch() -> Date {
    OffsetDateTime::UNIX_EPOCH.date()
}

fn date_of(instant_s: i64) -> Date {
    OffsetDateTime::from_unix_timestamp(instant_s).map_or_else(|_| unix_epoch(), OffsetDateTime::date)
}

/// The first second of a date.
fn seconds_of(date: Date) -> i64 {
    date.midnight().assume_utc().unix_timestamp()
}

fn months_since_1970(date: Date) -> i64 {
    (i64::from(date.year()) - 1970) * 12 + i64::from(u8::from(date.month())) - 1
}

/// A day of the month with this number; a day that the month does not have is its first. Years past the calendar's are its last.
fn date_in_month(months_since_1970: i64, day: u32) -> Date {
    let year = (1970 + months_since_1970.div_euclid(12)).clamp(1, 9998);
    let month = u8::try_from(months_since_1970.rem_euclid(12) + 1).ok().and_then(|month| Month::try_from(month).ok());
    let (year, month) = (i32::try_from(year).unwrap_or(1970), month.unwrap_or(Month::January));
    let day = u8::try_from(day).unwrap_or(1);
    Date::from_calendar_date(year, month, day)
        .or_else(|_| Date::from_calendar_date(year, month, 1))
        .unwrap_or_else(|_| unix_epoch())
}

impl From<Weekday> for time::Weekday {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

impl TimeOfDay {
    /// A time of day; `None` past 23:59.
    #[must_use]
    pub fn new(hour: u16, minute: u16) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { minutes: hour * 60 + minute })
    }

    /// Seconds since midnight, 0–86,340.
    #[must_use]
    pub fn seconds(self) -> i64 {
        i64::from(self.minutes) * 60
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl From<TimeOfDay> for String {
    fn from(at: TimeOfDay) -> Self {
        at.to_string()
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = &'static str;

    /// Two digits, a colon and two digits: nothing else is one, so that one time has one form.
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let number = |digits: &str| {
            let is_two = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_two.then(|| digits.parse().ok()).flatten()
        };
        let parsed = text.split_once(':').and_then(|(hour, minute)| Self::new(number(hour)?, number(minute)?));
        parsed.ok_or("a time of day from \"00:00\" to \"23:59\"")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 1 January 2201.
    const END_S: i64 = 7_289_654_400;

    fn schedules() -> impl Strategy<Value = Schedule> {
        use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
        let at = || (0_u16..24, 0_u16..60).prop_filter_map("a time", |(hour, minute)| TimeOfDay::new(hour, minute));
        let days = vec![Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
        prop_oneof![
            at().prop_map(|at| Schedule::Daily { at }),
            (proptest::sample::select(days), at()).prop_map(|(day, at)| Schedule::Weekly { day, at }),
            (1_u32..=28, at()).prop_map(|(day, at)| Schedule::Monthly { day, at }),
        ]
    }

    fn at(hour: u16, minute: u16) -> TimeOfDay {
        TimeOfDay::new(hour, minute).expect("a time of day")
    }

    /// Seconds since 1970 of a date and an hour.
    fn seconds(year: i32, month: u8, day: u8, hour: i64) -> i64 {
        let month = Month::try_from(month).expect("a month");
        seconds_of(Date::from_calendar_date(year, month, day).expect("a date")) + hour * 3_600
    }

    proptest! {
        #[test]
        fn periods_tile_time(schedule in schedules(), instant_s in 0..END_S) {
            let period = schedule.period(instant_s);
            let (begin_s, end_s) = (schedule.begin_s(period), schedule.end_s(period));
            prop_assert!(begin_s <= instant_s && instant_s < end_s, "an instant lies within its period");
            prop_assert_eq!(schedule.period(begin_s), period, "the first second is in it");
            prop_assert_eq!(schedule.period(end_s - 1), period, "and the last one");
            prop_assert_eq!(schedule.period(end_s), period + 1, "the next begins where it ends");
            prop_assert_eq!(schedule.period(begin_s - 1), period - 1, "and the one before ends where it begins");
            prop_assert_eq!(schedule.next_begin_s(instant_s), end_s, "the next begin is that of the next period");
            prop_assert!(schedule.next_begin_s(begin_s) > begin_s, "and never the instant itself");
        }

        #[test]
        fn a_period_begins_when_its_schedule_says(schedule in schedules(), instant_s in 0..END_S) {
            let begin = OffsetDateTime::from_unix_timestamp(schedule.begin_s(schedule.period(instant_s))).expect("in range");
            let of_day = |at: TimeOfDay| (at.seconds() / 3_600, at.seconds() % 3_600 / 60, 0);
            let begins = (i64::from(begin.hour()), i64::from(begin.minute()), begin.second());
            match schedule {
                Schedule::Daily { at } => prop_assert_eq!(begins, of_day(at), "at its time"),
                Schedule::Weekly { day, at } => {
                    prop_assert_eq!((begin.weekday(), begins), (day.into(), of_day(at)), "on its weekday");
                }
                Schedule::Monthly { day, at } => {
                    prop_assert_eq!((u32::from(begin.day()), begins), (day, of_day(at)), "on its day of the month");
                }
            }
        }

        #[test]
        fn no_instant_and_no_number_is_too_far(schedule in schedules(), any in any::<i64>()) {
            let _ = (schedule.period(any), schedule.begin_s(any), schedule.end_s(any), schedule.next_begin_s(any));
        }

        #[test]
        fn a_time_of_day_is_read_as_it_is_written(minutes in 0_u16..1_440) {
            let time = TimeOfDay { minutes };
            prop_assert_eq!(TimeOfDay::try_from(time.to_string()), Ok(time), "one time has one form");
        }
    }

    #[test]
    fn numbers_that_stay() {
        let daily = Schedule::Daily { at: at(4, 0) };
        assert_eq!(daily.period(seconds(2026, 11, 30, 4)), 20_787, "days since 1970");
        assert_eq!(daily.period(seconds(2026, 11, 30, 3)), 20_786, "at three the day before is still on");
        let weekly = Schedule::Weekly { day: Weekday::Monday, at: at(20, 0) };
        assert_eq!(weekly.begin_s(0), seconds(1970, 1, 5, 20), "1970 began on a Thursday");
        assert_eq!(weekly.period(seconds(2026, 11, 30, 20)), 2_969, "weeks since then");
        let monthly = Schedule::Monthly { day: 1, at: at(4, 0) };
        assert_eq!(monthly.period(seconds(2026, 11, 30, 0)), 682, "months since 1970");
        assert_eq!(monthly.end_s(682), seconds(2026, 12, 1, 4), "to the next first");
        assert_eq!(monthly.period(0), -1, "what was on when 1970 began");
    }

    #[test]
    fn a_leap_day_is_a_day() {
        let daily = Schedule::Daily { at: at(0, 0) };
        let leap = daily.period(seconds(2028, 2, 29, 0));
        assert_eq!(daily.period(seconds(2028, 3, 1, 0)), leap + 1, "the first of March follows it");
        let monthly = Schedule::Monthly { day: 28, at: at(23, 59) };
        let february = monthly.period(seconds(2028, 2, 29, 0));
        assert_eq!(monthly.end_s(february), seconds(2028, 3, 28, 23) + 59 * 60, "a month of thirty days all the same");
    }

    #[test]
    fn other_forms_of_a_time_are_none() {
        for text in
            ["4:00", "04:0", "24:00", "12:60", "0400", "04:00:00", " 04:00", "04:00Z", "+4:00", "", "\u{ff14}:00"]
        {
            assert!(TimeOfDay::try_from(text.to_owned()).is_err(), "{text:?} is not written as a time of day");
        }
    }
}
