//! How long it takes until others see what one does: some bots turn their heads, and those who have them in view note
//! when they see it.

use std::time::Duration;

use hypogeum_protocol::{MatchId, NetId, Snapshot};

/// Between two turns of one head, once everyone has seen the last.
const TURN_EVERY: Duration = Duration::from_secs(1);
/// Who has not seen it by then, never does.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// What a head turns by, in 1/256 turns: all 256 directions come before one comes again.
const TURN: u8 = 67;

/// A head that turns on purpose. Between two turns it looks one way, and its bot strikes nobody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beacon {
    heading: u8,
    next_at: Duration,
    /// Those who have not seen the last turn.
    pub(crate) watched_by: u32,
}

impl Beacon {
    /// Beacons of different seeds turn at different times.
    pub(crate) fn new(seed: u64) -> Self {
        let (heading, wait_ms) = (seed as u8, (seed >> 8) % TURN_EVERY.as_millis() as u64);
        Self { heading, next_at: Duration::from_millis(wait_ms), watched_by: 0 }
    }

    /// Turns the head if it is time; whether it did.
    pub(crate) fn turn(&mut self, now: Duration) -> bool {
        if self.watched_by > 0 || now < self.next_at {
            return false;
        }
        self.heading = self.heading.wrapping_add(TURN);
        // Not a whole number of ticks: each turn falls at another place between two of them.
        self.next_at = now + TURN_EVERY + Duration::from_millis(u64::from(self.heading) / 2);
        true
    }

    /// As others see it.
    pub(crate) const fn heading(&self) -> u8 {
        self.heading
    }

    /// As inputs say it: the middle of what looks the same to others.
    pub(crate) const fn aim(&self) -> u16 {
        (self.heading as u16) << 8 | 0x80
    }
}

/// One who waits to see a head turned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    /// The beacon's place in the pool.
    pub(crate) beacon: usize,
    pub(crate) match_id: MatchId,
    pub(crate) avatar: NetId,
    pub(crate) heading: u8,
    /// When the input left.
    pub(crate) since: Duration,
}

/// What one who watches can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sighting {
    /// It took so long.
    Seen(Duration),
    /// The beacon went out of sight, or the watcher's eyes closed: nothing can be said.
    OutOfSight,
    /// It was in sight all the time and did not turn.
    Unseen,
}

impl Watch {
    /// Looks; `None` while there is something to wait for.
    pub(crate) fn look(
        &self,
        current: Option<MatchId>,
        snapshot: Option<&Snapshot>,
        now: Duration,
    ) -> Option<Sighting> {
        let snapshot = snapshot.filter(|_| current == Some(self.match_id));
        let record = snapshot.and_then(|seen| seen.records.iter().find(|record| record.id == self.avatar));
        let waited = now.saturating_sub(self.since);
        match record {
            None => Some(Sighting::OutOfSight),
            Some(record) if record.heading == self.heading => Some(Sighting::Seen(waited)),
            Some(_) => (waited > PATIENCE).then_some(Sighting::Unseen),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hypogeum_protocol::{Record, RecordKind};

    fn seen(heading: u8) -> Snapshot {
        let (kind, id) = (RecordKind::Player, NetId(4));
        let record = Record { id, kind, template: 0, x: 0, y: 0, heading, hp_band: 15, extent: 0 };
        Snapshot { records: vec![record], ..Snapshot::default() }
    }

    const MATCH: MatchId = MatchId(1);
    const LEFT: Duration = Duration::from_secs(20);

    fn look(at: &Snapshot, after: Duration) -> Option<Sighting> {
        let watch = Watch { beacon: 0, match_id: MATCH, avatar: NetId(4), heading: 9, since: LEFT };
        watch.look(Some(MATCH), Some(at), LEFT + after)
    }

    #[test]
    fn only_the_very_turn_that_was_announced_counts() {
        let late = Duration::from_millis(120);
        assert_eq!(look(&seen(8), late), None, "it looks elsewhere still");
        assert_eq!(look(&seen(9), late), Some(Sighting::Seen(late)), "there it is");
        assert_eq!(look(&seen(8), PATIENCE * 2), Some(Sighting::Unseen), "it never came");
        assert_eq!(look(&Snapshot::default(), late), Some(Sighting::OutOfSight), "nobody is there");
    }

    #[test]
    fn a_head_turns_when_all_have_seen_it_and_never_twice_alike() {
        let mut beacon = Beacon::new(7);
        assert!(beacon.turn(Duration::from_secs(2)), "its time has come");
        assert_eq!(beacon.aim() >> 8, u16::from(beacon.heading()), "what is said is what is seen");
        beacon.watched_by = 1;
        assert!(!beacon.turn(Duration::from_secs(60)), "somebody has not seen it yet");
        beacon.watched_by = 0;
        let mut known = std::collections::BTreeSet::new();
        for second in 0..256 {
            assert!(beacon.turn(Duration::from_secs(70 + second * 2)), "every two seconds at the latest");
            assert!(known.insert(beacon.heading()), "no direction comes again before all were there");
        }
    }
}
