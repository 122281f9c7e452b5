//! Conditions as people type them.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::conditions::{Bursts, ConditionsError, Field, LinkConditions, Time, micros, out_of_range};
use crate::share::Share;

const TIME: &str = "a time with its unit such as 15ms, 1.5ms, 250us or 2s";
const SHARE: &str = "a share from 0% to 100% such as 2% or 0.25%";
const BURST: &str = "a share and the mean length of a run such as 5%x8";
const REORDER: &str = "a share, and how late if you like, such as 4% or 4%x40ms";
/// What a value without a name means, by its place.
const PLACES: [&str; 3] = ["delay", "jitter", "loss"];

impl FromStr for LinkConditions {
    type Err = ConditionsError;

    fn from_str(text: &str) -> Result<Self, ConditionsError> {
        let mut conditions = Self::PERFECT;
        let mut given = Vec::new();
        let mut places = PLACES.iter();
        for (index, part) in text.split(',').map(str::trim).enumerate() {
            if let Some((name, value)) = part.split_once('=') {
                places = [].iter();
                conditions.set(name.trim(), value.trim(), &mut given)?;
            } else if index == 0 && !part.starts_with(|first: char| first.is_ascii_digit()) {
                places = [].iter();
                conditions = Self::preset(part).ok_or_else(|| ConditionsError::UnknownPreset(part.to_owned()))?;
            } else {
                let name = places.next().ok_or_else(|| ConditionsError::Nameless(part.to_owned()))?;
                conditions.set(name, part, &mut given)?;
            }
        }
        conditions.checked()
    }
}

impl LinkConditions {
    fn set(&mut self, name: &str, value: &str, given: &mut Vec<Field>) -> Result<(), ConditionsError> {
        let field = match name {
            "delay" => Field::Delay,
            "jitter" => Field::Jitter,
            "loss" => Field::Loss,
            "burst" => Field::Burst,
            "dup" => Field::Duplicate,
            "reorder" => Field::Reorder,
            "corrupt" => Field::Corrupt,
            _ => return Err(ConditionsError::UnknownField(name.to_owned())),
        };
        if given.contains(&field) {
            return Err(ConditionsError::Twice(field));
        }
        given.push(field);
        match field {
            Field::Delay => self.delay_us = time(field, value, TIME)?,
            Field::Jitter => self.jitter_us = time(field, value, TIME)?,
            Field::Loss => self.loss = share(field, value, SHARE)?,
            Field::Duplicate => self.duplicate = share(field, value, SHARE)?,
            Field::Corrupt => self.corrupt = share(field, value, SHARE)?,
            Field::Reorder | Field::ReorderLate => match value.split_once('x') {
                Some((part, late)) => {
                    self.reorder = share(field, part, REORDER)?;
                    self.late_us = time(Field::ReorderLate, late, REORDER)?;
                }
                None => self.reorder = share(field, value, REORDER)?,
            },
            Field::Burst | Field::BurstRun => {
                let (part, run) = value.split_once('x').ok_or_else(|| malformed(field, value, BURST))?;
                let run = scaled(run.trim(), 0).ok_or_else(|| malformed(field, value, BURST))?;
                let run = u16::try_from(run).unwrap_or(u16::MAX);
                self.bursts = Some(Bursts::new(share(field, part, BURST)?, run)?);
            }
        }
        Ok(())
    }
}

impl fmt::Display for LinkConditions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{},{},{}", Time(self.delay_us), Time(self.jitter_us), self.loss)?;
        if let Some(Bursts { share, run_mean }) = self.bursts {
            write!(formatter, ",burst={share}x{run_mean}")?;
        }
        if self.duplicate != Share::NONE {
            write!(formatter, ",dup={}", self.duplicate)?;
        }
        if self.late_us != Self::PERFECT.late_us {
            write!(formatter, ",reorder={}x{}", self.reorder, Time(self.late_us))?;
        } else if self.reorder != Share::NONE {
            write!(formatter, ",reorder={}", self.reorder)?;
        }
        if self.corrupt != Share::NONE {
            write!(formatter, ",corrupt={}", self.corrupt)?;
        }
        Ok(())
    }
}

fn malformed(field: Field, text: &str, expected: &'static str) -> ConditionsError {
    ConditionsError::Malformed { field, text: text.to_owned(), expected }
}

/// A share, or which of the two is wrong with it: its shape or its size.
fn share(field: Field, text: &str, expected: &'static str) -> Result<Share, ConditionsError> {
    let number = text.trim().strip_suffix('%').map(str::trim);
    match number.and_then(|number| scaled(number, 4)) {
        Some(ppm) if ppm > u64::from(Share::ALL.as_ppm()) => Err(out_of_range(field, &text.trim(), "0% to 100%")),
        Some(_) => text.parse().map_err(|_| malformed(field, text, expected)),
        None => Err(malformed(field, text, expected)),
    }
}

/// Reads a time with its unit; whole microseconds.
fn time(field: Field, text: &str, expected: &'static str) -> Result<u32, ConditionsError> {
    let text = text.trim();
    let parsed = [("ms", 3), ("us", 0), ("µs", 0), ("s", 6)]
        .iter()
        .find_map(|(unit, decimals)| scaled(text.strip_suffix(unit)?.trim(), *decimals));
    micros(field, Duration::from_micros(parsed.ok_or_else(|| malformed(field, text, expected))?))
}

/// A decimal number times ten to the power of `decimals`, if it has no more decimals than those and fits.
pub(crate) fn scaled(text: &str, decimals: usize) -> Option<u64> {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some(both) => both,
        None => (text, ""),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > decimals || !digits(whole) || !digits(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<decimals$}").parse().ok()
}

/// The inverse of [`scaled`], with no more decimals than it takes.
pub(crate) fn decimal(value: u64, decimals: usize) -> String {
    let digits = format!("{value:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reads(text: &str) -> LinkConditions {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn complains(text: &str) -> String {
        match text.parse::<LinkConditions>() {
            Ok(conditions) => panic!("`{text}` reads as {conditions}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn delay_jitter_and_loss_stand_in_that_order() {
        let typed = reads("100ms,15ms,2%");
        assert_eq!(typed.delay(), Duration::from_millis(100), "the first is the delay");
        assert_eq!(typed.jitter(), Duration::from_millis(15), "the second is the jitter");
        assert_eq!(typed.loss, Share::percent(2), "the third is the loss");
        assert_eq!(typed, reads(" loss = 2% , jitter=15ms,delay=0.1s"), "by name the order is free");
        assert_eq!(reads("100ms").to_string(), "100ms,0ms,0%", "what is left out is none");
    }

    #[test]
    fn a_preset_can_be_made_worse() {
        let worse = reads("gns_worst,dup=5%,burst=5%x8,corrupt=0.5%");
        assert_eq!(
            worse.to_string(),
            "100ms,0ms,20%,burst=5%x8,dup=5%,reorder=4%,corrupt=0.5%",
            "everything of the preset stays, everything named is added"
        );
        assert_eq!(reads("poor,loss=0%").loss, Share::NONE, "a name overrides the preset");
    }

    #[test]
    fn an_overtaken_datagram_can_be_told_how_late_it_is() {
        assert_eq!(reads("0ms,reorder=4%x40ms"), reads("0ms,reorder=4%"), "40 ms is what is meant without saying");
        assert_eq!(reads("0ms,reorder=4%x5ms").to_string(), "0ms,0ms,0%,reorder=4%x5ms", "other times are kept");
    }

    #[test]
    fn complaints_name_the_field_and_what_is_allowed() {
        for (text, complaint) in [
            ("", "`` is neither a delay such as 100ms nor one of perfect, lan, good, average, poor and gns_worst"),
            (
                "por",
                "`por` is neither a delay such as 100ms nor one of perfect, lan, good, average, poor and gns_worst",
            ),
            ("100", "delay is `100`; expected a time with its unit such as 15ms, 1.5ms, 250us or 2s"),
            ("11s", "delay is 11000ms; allowed is 0ms to 10000ms"),
            ("100ms,15ms,101%", "loss is 101%; allowed is 0% to 100%"),
            ("100ms,15ms,0.02", "loss is `0.02`; expected a share from 0% to 100% such as 2% or 0.25%"),
            ("10ms,15ms", "jitter is 15ms; allowed is 0ms to the delay, 10ms"),
            ("0ms,burst=5%", "burst is `5%`; expected a share and the mean length of a run such as 5%x8"),
            ("0ms,burst=5%x0", "mean run of burst is 0; allowed is 1 to 1000 datagrams"),
            ("0ms,burst=60%x8", "burst is 60%; allowed is 0% to 50%"),
            (
                "0ms,reorder=4%x40",
                "lateness of reorder is `40`; expected a share, and how late if you like, such as 4% or 4%x40ms",
            ),
            ("0ms,dup=1%,dup=1%", "dup is given twice"),
            ("100ms,delay=50ms", "delay is given twice"),
            ("0ms,dupe=1%", "there is no `dupe`; known are delay, jitter, loss, burst, dup, reorder and corrupt"),
            ("poor,15ms", "`15ms` stands where only name=value can"),
            ("0ms,0ms,0%,1%", "`1%` stands where only name=value can"),
            ("0ms,", "jitter is ``; expected a time with its unit such as 15ms, 1.5ms, 250us or 2s"),
        ] {
            assert_eq!(complains(text), complaint, "`{text}` is answered with what would be right");
        }
    }

    prop_compose! {
        fn any_conditions()(
            delay_us in 0_u32..=10_000_000, jitter in 0_u32..=1_000, late_us in 0_u32..=10_000_000,
            shares in prop::array::uniform4(0_u32..=1_000_000), bursts in prop::option::of((0_u32..=500_000, 1_u16..=1_000)),
        ) -> LinkConditions {
            let [loss, duplicate, reorder, corrupt] = shares.map(Share::ppm);
            LinkConditions {
                delay_us, jitter_us: (u64::from(delay_us) * u64::from(jitter) / 1_000) as u32, loss, duplicate, reorder, late_us, corrupt,
                bursts: bursts.map(|(share, run_mean)| Bursts { share: Share::ppm(share), run_mean }),
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(conditions in any_conditions()) {
            prop_assert_eq!(conditions.to_string().parse(), Ok(conditions), "nothing is lost in print");
        }

        #[test]
        fn nothing_typed_panics(text in "\\PC{0,40}") {
            let _ = text.parse::<LinkConditions>();
        }

        #[test]
        fn almost_conditions_are_read_as_printed_or_refused(
            parts in prop::collection::vec("(delay|jitter|loss|burst|dup|poor|)=?[0-9.]{0,6}(ms|s|us|%|x|)[0-9]{0,3}", 1..5)
        ) {
            if let Ok(conditions) = parts.join(",").parse::<LinkConditions>() {
                prop_assert_eq!(conditions.to_string().parse(), Ok(conditions), "what is accepted is accepted again");
            }
        }
    }
}
