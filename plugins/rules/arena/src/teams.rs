//! Who plays for which team.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use bevy_ecs::prelude::{Component, Res, ResMut, Resource};
use hypogeum_content::def::TeamsDef;
use hypogeum_protocol::{GameEvent, NetId, Seat};
use hypogeum_shard::{Audience, Fit, Outbox, TeamPlaces, TeamShape, Tick};
use serde::{Deserialize, Serialize};

use crate::state::Scores;

/// The team of an avatar, 1 and up. Without it one plays for oneself.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team(pub u8);

/// The team of each seat, 1 and up; empty where everyone plays for themselves. It follows from the setup and never changes, so
/// it is no state.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct Teams(Vec<u8>);

impl Teams {
    /// Puts seats into teams, by their order alone. Those of one party, a number above 0 in `parties` by seat, share a team; the
    /// others go where most places are free. Where not all parties can be kept together, those are split that find no team with
    /// room; the larger ones choose first.
    #[must_use]
    pub(crate) fn new(rule: Option<&TeamsDef>, parties: &[u16], seats: usize) -> Self {
        let Some(rule) = rule else { return Self::default() };
        let mut members: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
        for (seat, party) in parties.iter().enumerate().take(seats).filter(|(_, party)| **party != 0) {
            members.entry(*party).or_default().push(seat);
        }
        let mut parties: Vec<Vec<usize>> = members.into_values().collect();
        parties.sort_by_key(|party| (Reverse(party.len()), party[0]));
        let mut places = Fit::BOTH
            .into_iter()
            .find_map(|fit| Places::with_parties(rule, &parties, fit, seats))
            .unwrap_or_else(|| Places::with_some_parties(rule, &parties, seats));
        let alone: Vec<usize> = (0..seats).filter(|seat| places.teams[*seat] == 0).collect();
        for seat in alone {
            // A mode has a place in a team for each seat.
            let _ = places.put(&[seat], Fit::Emptiest);
        }
        Self(places.teams)
    }

    /// The team of a seat; 0 where it plays for itself.
    #[must_use]
    pub fn of(&self, seat: Seat) -> u8 {
        self.at(usize::from(seat.0))
    }

    pub(crate) fn at(&self, seat: usize) -> u8 {
        self.0.get(seat).copied().unwrap_or(0)
    }

    /// Whether there are any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether two seats play together.
    pub(crate) fn are_mates(&self, one: usize, other: usize) -> bool {
        self.at(one) != 0 && self.at(one) == self.at(other)
    }

    /// Which member of its team a seat is, from 0, in the order of seats.
    pub(crate) fn number_in_team(&self, seat: usize) -> usize {
        (0..seat).filter(|other| self.are_mates(*other, seat)).count()
    }
}

/// What matchmaking knows of the teams of a mode.
pub(crate) const fn shape(rule: &TeamsDef) -> TeamShape {
    TeamShape { count: rule.count, size: rule.size }
}

struct Places {
    left: TeamPlaces,
    /// By seat; 0 for one that has no place yet.
    teams: Vec<u8>,
}

impl Places {
    fn new(rule: &TeamsDef, seats: usize) -> Self {
        Self { left: TeamPlaces::new(shape(rule)), teams: vec![0; seats] }
    }

    /// With a place for each party; `None` where one finds no team with room for it.
    fn with_parties(rule: &TeamsDef, parties: &[Vec<usize>], fit: Fit, seats: usize) -> Option<Self> {
        let mut places = Self::new(rule, seats);
        parties.iter().all(|party| places.put(party, fit).is_some()).then_some(places)
    }

    /// With a place for each party that finds a team with room for it; the others have none yet.
    fn with_some_parties(rule: &TeamsDef, parties: &[Vec<usize>], seats: usize) -> Self {
        let mut places = Self::new(rule, seats);
        for party in parties {
            let _ = places.put(party, Fit::Fullest);
        }
        places
    }

    /// Puts seats into one team; `None` where none has room for them.
    fn put(&mut self, seats: &[usize], fit: Fit) -> Option<()> {
        let team = self.left.take(u32::try_from(seats.len()).ok()?, fit)?;
        let number = u8::try_from(team + 1).expect("content allows few teams");
        for seat in seats {
            self.teams[*seat] = number;
        }
        Some(())
    }
}

/// Each avatar's client is told its team in the first step; the others' teams are seen with them.
pub(crate) fn tell_teams(tick: Res<Tick>, teams: Res<Teams>, scores: Res<Scores>, mut outbox: ResMut<Outbox>) {
    if tick.0 != 1 || teams.is_empty() {
        return;
    }
    for (seat, score) in scores.0.iter().enumerate() {
        tell_team(score.avatar, teams.at(seat), &mut outbox);
    }
}

/// Tells an avatar's client its team, if it has one.
pub(crate) fn tell_team(who: NetId, team: u8, outbox: &mut Outbox) {
    if team != 0 {
        outbox.tell(Audience::Only(who), GameEvent::TeamTold { who, team });
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_content::def::{ExtractionRule, FriendlyFire, KillRule};

    use super::*;

    fn rule(count: u32, size: u32) -> TeamsDef {
        TeamsDef {
            count,
            size,
            friendly_fire: FriendlyFire::None,
            extraction: ExtractionRule::Each,
            kills: KillRule::Own,
            downed: None,
        }
    }

    #[test]
    fn without_parties_seats_are_spread_in_their_order() {
        assert_eq!(Teams::new(Some(&rule(3, 2)), &[], 5), Teams(vec![1, 2, 3, 1, 2]));
        assert_eq!(Teams::new(None, &[7, 7], 2), Teams::default(), "a mode without teams has none");
    }

    #[test]
    fn a_party_shares_a_team_wherever_its_members_sit() {
        let teams = Teams::new(Some(&rule(2, 3)), &[0, 4, 0, 4, 4], 6);
        assert_eq!(teams, Teams(vec![2, 1, 2, 1, 1, 2]), "the party fills a team, the others have the other");
        assert_eq!([1, 3, 4].map(|seat| teams.number_in_team(seat)), [0, 1, 2], "each has its own place in it");
    }

    #[test]
    fn parties_that_fit_only_one_way_are_kept_together() {
        let parties = [1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5];
        let teams = Teams::new(Some(&rule(2, 6)), &parties, 12);
        for (seat, party) in parties.iter().enumerate() {
            let first = parties.iter().position(|other| other == party).expect("it is there");
            assert_eq!(teams.at(seat), teams.at(first), "seat {seat} is with its party: {teams:?}");
        }
    }

    #[test]
    fn of_parties_that_never_fit_one_is_split_and_nobody_is_left_out() {
        let teams = Teams::new(Some(&rule(2, 3)), &[1, 1, 2, 2, 3, 3], 6);
        let of = |team| (0..6).filter(|seat| teams.at(*seat) == team).count();
        assert_eq!((of(1), of(2)), (3, 3), "{teams:?}");
        assert!(teams.are_mates(0, 1) && teams.are_mates(2, 3), "two of three parties are together: {teams:?}");
    }
}
