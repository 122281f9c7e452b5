//! The kinds of tournaments that people can enter, as the composition reads them from the content.

use std::collections::BTreeMap;
use std::sync::Arc;

use hypogeum_content::def::Schedule;
use hypogeum_store::{EntryTerms, Seeding, Sizes};

/// A kind of tournament.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TournamentKind {
    /// Its key.
    pub key: String,
    /// Shown to players, in the language of the content.
    pub name: String,
    /// Shown where one chooses, in the language of the content.
    pub description: String,
    /// The key of the battle that is fought.
    pub battle: String,
    /// Who meets whom: `single_elimination`, `double_elimination`, `swiss` or `round_robin`.
    pub format: &'static str,
    /// Battles of two who meet, of which more than half win.
    pub best_of: u8,
    /// Fewest creatures, machines included.
    pub entrants_min: u8,
    /// Most creatures, machines included.
    pub entrants_max: u8,
    /// Which numbers of creatures can play it.
    pub sizes: Sizes,
    /// Keys of the machines that may fill it.
    pub fill: Vec<String>,
    /// Most creatures of one person.
    pub per_person_max: u8,
    /// Fewest people of an open one.
    pub people_min: u8,
    /// What it costs to enter an open one.
    pub entry_fee: i64,
    /// What the house adds where it opens one by itself.
    pub purse: i64,
    /// Percent of fees and purse for each place.
    pub prizes_percent: Vec<u8>,
    /// Who is the best seed of an open one.
    pub seeding: Seeding,
    /// When the house opens one by itself.
    pub schedule: Option<TournamentSchedule>,
}

/// When the house opens a tournament by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TournamentSchedule {
    /// When one starts.
    pub starts: Schedule,
    /// Seconds before that in which people may enter it.
    pub registration_s: u32,
}

impl TournamentSchedule {
    /// When the next one starts, in seconds since 1970, where people may enter it at `now_s`. One whose time has come is not made up for.
    #[must_use]
    pub fn open_at(self, now_s: u64) -> Option<u64> {
        let starts_s = self.starts.next_begin_s(i64::try_from(now_s).ok()?);
        let starts_s = u64::try_from(starts_s).ok()?;
        (starts_s <= now_s.saturating_add(self.registration_s.into())).then_some(starts_s)
    }
}

impl TournamentKind {
    /// Terms for one that somebody opens: `size` at most, filled by `fill` up to it. The house adds nothing, for whoever could open
    /// games with a purse would win them alone.
    ///
    /// # Errors
    /// Why it cannot be played so, for people.
    pub fn terms(&self, size: u8, fill: Option<&str>, starts_s: u64) -> Result<EntryTerms, String> {
        let (least, most) = (self.entrants_min, self.entrants_max);
        if !(least..=most).contains(&size) {
            return Err(format!("{size} creatures, where {least} to {most} take part"));
        }
        if !self.sizes.has(size) {
            return Err(format!("{size} creatures cannot all be paired"));
        }
        if let Some(fill) = fill.filter(|fill| self.fill.iter().all(|level| level != fill)) {
            return Err(format!("{fill:?} fills no such tournament: {} do", self.fill.join(", ")));
        }
        let fill = fill.map(str::to_owned);
        Ok(EntryTerms { size, size_min: size, fill, purse: 0, ..self.scheduled_terms(starts_s) })
    }

    /// Terms for the one of its schedule: machines of the first level fill it as far as it takes.
    #[must_use]
    pub fn scheduled_terms(&self, starts_s: u64) -> EntryTerms {
        EntryTerms {
            tournament: self.key.clone(),
            size: self.entrants_max,
            size_min: self.entrants_min,
            fill: self.fill.first().cloned(),
            starts_s,
            per_person_max: self.per_person_max,
            people_min: self.people_min,
            entry_fee: self.entry_fee,
            purse: self.purse,
            prizes_percent: self.prizes_percent.clone(),
            seeding: self.seeding.clone(),
        }
    }
}

/// All kinds of tournaments, by key. A clone is the same.
#[derive(Clone, Debug, Default)]
pub struct TournamentKinds(Arc<BTreeMap<String, TournamentKind>>);

impl TournamentKinds {
    /// These kinds.
    pub fn new(kinds: impl IntoIterator<Item = TournamentKind>) -> Self {
        Self(Arc::new(kinds.into_iter().map(|kind| (kind.key.clone(), kind)).collect()))
    }

    /// The kind of a key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&TournamentKind> {
        self.0.get(key)
    }

    /// All of them, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &TournamentKind> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_content::def::TimeOfDay;

    use super::*;

    #[test]
    fn the_next_one_is_open_for_as_long_as_it_says() {
        let at = TimeOfDay::new(18, 0).expect("a time of day");
        let daily = TournamentSchedule { starts: Schedule::Daily { at }, registration_s: 3_600 };
        let hour = |hour: u64| hour * 3_600;
        assert_eq!(daily.open_at(hour(17) - 1), None, "not yet");
        assert_eq!(daily.open_at(hour(17)), Some(hour(18)), "an hour before");
        assert_eq!(daily.open_at(hour(18) - 1), Some(hour(18)), "until it starts");
        assert_eq!(daily.open_at(hour(18)), None, "then it is too late for this one");
        assert_eq!(daily.open_at(hour(24 + 17)), Some(hour(24 + 18)), "and the next day there is another");
        assert_eq!(daily.open_at(hour(24 * 9 + 12)), None, "those of the days between are not made up for");
        assert_eq!(daily.open_at(u64::MAX), None, "there is no time so late");
        let always = TournamentSchedule { registration_s: 604_800, ..daily };
        assert_eq!(always.open_at(hour(18)), Some(hour(24 + 18)), "one opens as another starts");
    }
}
