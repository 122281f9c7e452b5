//! Where others are between two snapshots.

use std::time::Duration;

use hypogeum_geometry::METRE;
use hypogeum_protocol::{Record, RecordKind};

/// Nobody walks this far between two snapshots: who did was put there, and is shown there at once.
const LEAP: u32 = 10 * METRE as u32;
/// Parts of a tick in which time is counted here.
const PARTS: i64 = 256;

/// The two newest snapshots' records, by name.
#[derive(Debug, Default)]
pub(crate) struct Interpolation {
    older: Vec<Record>,
    newer: Vec<Record>,
    older_tick: u32,
    newer_tick: u32,
    /// Ticks by which what is shown lies behind the newest snapshot when that arrives.
    delay_ticks: u32,
    arrived: Duration,
}

impl Interpolation {
    /// Forgets all places, as for a new match.
    pub(crate) fn clear(&mut self) {
        self.older.clear();
        self.newer.clear();
        (self.older_tick, self.newer_tick, self.delay_ticks) = (0, 0, 0);
    }

    /// Takes a newer snapshot. `interval_ticks` is what lies between two; 0 where the server does not say.
    pub(crate) fn take(&mut self, records: &[Record], tick: u32, interval_ticks: u8, now: Duration) {
        std::mem::swap(&mut self.older, &mut self.newer);
        self.older_tick = self.newer_tick;
        self.newer.clear();
        self.newer.extend_from_slice(records);
        if !self.newer.is_sorted_by_key(|record| record.id) {
            self.newer.sort_unstable_by_key(|record| record.id);
        }
        self.newer_tick = tick;
        let apart = tick.saturating_sub(self.older_tick);
        self.delay_ticks = if interval_ticks == 0 { apart } else { interval_ticks.into() };
        self.arrived = now;
    }

    /// Writes everything that is there now, by name, where it is to be shown at this time.
    pub(crate) fn write(&self, now: Duration, tick_hz: u16, out: &mut Vec<Record>) {
        out.clear();
        let (part, whole) = self.progress(now, tick_hz);
        let mut older = self.older.iter().peekable();
        for record in &self.newer {
            while older.next_if(|before| before.id < record.id).is_some() {}
            let before = older.peek().filter(|before| before.id == record.id);
            out.push(before.map_or(*record, |before| between(before, record, part, whole)));
        }
    }

    /// How far time has gone from the older snapshot to the newer one, and how far they are apart, in parts of a tick.
    fn progress(&self, now: Duration, tick_hz: u16) -> (i64, i64) {
        let apart = i64::from(self.newer_tick.saturating_sub(self.older_tick)) * PARTS;
        let waited_us = i64::try_from(now.saturating_sub(self.arrived).as_micros()).unwrap_or(i64::MAX);
        let waited = waited_us.saturating_mul(i64::from(tick_hz) * PARTS) / 1_000_000;
        let begin = apart - i64::from(self.delay_ticks) * PARTS;
        (begin.saturating_add(waited).clamp(0, apart), apart)
    }
}

fn between(before: &Record, after: &Record, part: i64, whole: i64) -> Record {
    let leapt = before.x.abs_diff(after.x).max(before.y.abs_diff(after.y)) > LEAP;
    if whole == 0 || leapt {
        return *after;
    }
    let along = |from: i32, to: i32| from + ((i64::from(to) - i64::from(from)) * part / whole) as i32;
    // The shorter way round.
    let turn = i64::from(after.heading.wrapping_sub(before.heading).cast_signed());
    let heading = match after.kind {
        // An item on the ground does not turn: there it is the item's version.
        RecordKind::Item => after.heading,
        _ => before.heading.wrapping_add((turn * part / whole) as u8),
    };
    Record { x: along(before.x, after.x), y: along(before.y, after.y), heading, ..*after }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hypogeum_protocol::NetId;
    use proptest::prelude::*;

    const HZ: u16 = 30;

    fn at(id: u32, x: i32, heading: u8) -> Record {
        Record { id: NetId(id), kind: RecordKind::Npc, template: 1, x, y: -x, heading, hp_band: 9, extent: 0 }
    }

    fn shown(interpolation: &Interpolation, ms: u64) -> Vec<(u32, i32, u8)> {
        let mut out = Vec::new();
        interpolation.write(Duration::from_millis(ms), HZ, &mut out);
        assert!(out.iter().all(|record| record.y == -record.x), "both axes go together");
        out.iter().map(|record| (record.id.0, record.x, record.heading)).collect()
    }

    /// Ticks 30 and 33, three apart, the newer one arrived a second after the beginning.
    fn two(older: &[Record], newer: &[Record]) -> Interpolation {
        let mut interpolation = Interpolation::default();
        interpolation.take(older, 30, 3, Duration::from_millis(900));
        interpolation.take(newer, 33, 3, Duration::from_secs(1));
        interpolation
    }

    #[test]
    fn a_walker_is_shown_an_interval_late_and_never_beyond_what_is_known() {
        let walk = two(&[at(1, 0, 0)], &[at(1, 300, 0)]);
        for (ms, x) in [(900, 0), (1_000, 0), (1_050, 150), (1_100, 300), (1_500, 300)] {
            let places = shown(&walk, ms);
            assert!(places[0].1.abs_diff(x) <= 1, "at {ms} ms it is at {places:?}, not {x}");
        }
    }

    #[test]
    fn an_item_has_its_version_and_nothing_between_two() {
        let item = |version| Record { kind: RecordKind::Item, ..at(1, 0, version) };
        let changed = two(&[item(250)], &[item(6)]);
        assert_eq!(shown(&changed, 1_050)[0].2, 6, "half way it is what it is now");
    }

    #[test]
    fn it_turns_the_shorter_way_round() {
        let turn = two(&[at(1, 0, 250)], &[at(1, 0, 6)]);
        assert_eq!(shown(&turn, 1_050)[0].2, 0, "half way from 250 to 6");
    }

    #[test]
    fn who_leaps_is_there_at_once_and_who_left_is_gone() {
        let change = two(&[at(1, 0, 0), at(2, 0, 0), at(3, 0, 0)], &[at(4, 70, 0), at(3, 60, 0), at(1, 9_000, 0)]);
        let expected = [(1, 9_000, 0), (3, 0, 0), (4, 70, 0)];
        assert_eq!(shown(&change, 1_000), expected, "1 leapt, 2 left, 3 walks, 4 came; by name");
    }

    #[test]
    fn a_lost_snapshot_shows_no_one_twice_as_late() {
        let mut gap = two(&[], &[at(1, 0, 0)]);
        gap.take(&[at(1, 600, 0)], 39, 3, Duration::from_millis(1_200));
        assert_eq!(shown(&gap, 1_200), [(1, 300, 0)], "half of six ticks are left to show");
        let mut stock = two(&[], &[at(1, 0, 0)]);
        stock.take(&[at(1, 600, 0)], 39, 0, Duration::from_millis(1_200));
        assert_eq!(shown(&stock, 1_200), [(1, 0, 0)], "where no interval is told, the gap is the interval");
    }

    proptest! {
        #[test]
        fn what_is_shown_lies_between_what_was_told(
            from in -2_000_000_000_i32..2_000_000_000, by in -2_560_i32..2_560, ticks in 0_u32..20, interval: u8, us in 0_u64..u64::MAX / 2,
        ) {
            let mut walk = Interpolation::default();
            let record = |x: i32| Record { x, y: x, ..at(1, 0, 0) };
            walk.take(&[record(from)], 7, interval, Duration::ZERO);
            walk.take(&[record(from + by)], 7 + ticks, interval, Duration::ZERO);
            let mut out = Vec::new();
            walk.write(Duration::from_micros(us), u16::MAX, &mut out);
            let range = from.min(from + by)..=from.max(from + by);
            prop_assert!(range.contains(&out[0].x) && range.contains(&out[0].y), "{out:?}");
        }

        #[test]
        fn time_never_runs_backwards(arrivals in prop::collection::vec((1_u64..200, 1_u32..8), 2..30)) {
            let mut walk = Interpolation::default();
            let (mut now, mut tick, mut last) = (0, 0, i32::MIN);
            let mut out = Vec::new();
            for (ms, ticks) in arrivals {
                tick += ticks;
                walk.take(&[at(1, tick as i32 * 100, 0)], tick, 3, Duration::from_millis(now));
                for step in 0..ms {
                    walk.write(Duration::from_millis(now + step), HZ, &mut out);
                    prop_assert!(out[0].x >= last, "{} after {}", out[0].x, last);
                    last = out[0].x;
                }
                now += ms;
            }
        }
    }
}
