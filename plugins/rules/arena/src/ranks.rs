//! Who stands where, kept up to date as seats end, so that a verdict among ten thousand is a look-up.

use bevy_ecs::prelude::{Res, ResMut, Resource, World};
use hypogeum_protocol::Outcome;
use hypogeum_shard::{Rules, Tick};

use crate::state::{Scores, SeatScore};

/// What seats are placed by; the greater the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Merit {
    out: bool,
    worth: u64,
    /// Getting out early is no worse than getting out late.
    survived: u32,
    kills: u32,
    damage_dealt: u32,
}

impl Merit {
    pub(crate) fn of(score: &SeatScore, rules: &Rules) -> Self {
        let worth = score.secured.iter().filter_map(|(_, def, state)| {
            let def = rules.content.items.find(*def)?;
            Some(u64::from(def.value) * u64::from(state.count))
        });
        let out = score.outcome == Some(Outcome::Extracted);
        Self {
            out,
            worth: worth.sum(),
            survived: if out { 0 } else { score.ended_tick },
            kills: score.kills,
            damage_dealt: score.damage_dealt,
        }
    }
}

/// The merits of all seats that have ended, from worst to best. A cache of [`Scores`].
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ranks {
    ended: Vec<Merit>,
    inside: u32,
}

impl Ranks {
    /// Looks at them; works them out again where scores may have changed behind their back.
    pub(crate) fn of<T>(world: &World, look: impl FnOnce(&Self) -> T) -> T {
        let scores = world.resource::<Scores>();
        if scores.0.written().is_none() {
            return look(&Self::from_scores(scores, world.resource::<Rules>()));
        }
        look(world.resource::<Self>())
    }

    fn from_scores(scores: &Scores, rules: &Rules) -> Self {
        let over = scores.0.iter().filter(|score| score.outcome.is_some());
        let mut ended: Vec<Merit> = over.map(|score| Merit::of(score, rules)).collect();
        ended.sort_unstable();
        let inside = (scores.0.len() - ended.len()) as u32;
        Self { ended, inside }
    }

    /// How many are inside, and how many got out.
    pub(crate) fn inside_and_out(&self) -> (u32, u32) {
        let out = self.ended.len() - self.ended.partition_point(|merit| !merit.out);
        (self.inside, out as u32)
    }

    /// How many stand before a seat that has ended. Those inside have survived longer, but are not out.
    pub(crate) fn better_than(&self, merit: &Merit) -> usize {
        let ended = self.ended.len() - self.ended.partition_point(|other| other <= merit);
        ended + if merit.out { 0 } else { self.inside as usize }
    }
}

/// Enters those who ended in this step.
pub(crate) fn rank(tick: Res<Tick>, rules: Res<Rules>, scores: Res<Scores>, mut ranks: ResMut<Ranks>) {
    let Some(written) = scores.0.written() else {
        *ranks = Ranks::from_scores(&scores, &rules);
        return;
    };
    let mut now: Vec<u32> = written.to_vec();
    now.sort_unstable();
    now.dedup();
    let ended = now.into_iter().filter_map(|seat| scores.0.get(seat as usize));
    for score in ended.filter(|score| score.outcome.is_some() && score.ended_tick == tick.0) {
        let merit = Merit::of(score, &rules);
        // Most end later than all others that did not get out.
        let place = ranks.ended.partition_point(|other| *other <= merit);
        ranks.ended.insert(place, merit);
        ranks.inside = ranks.inside.checked_sub(1).expect("one who ends was inside");
    }
    assert_eq!(ranks.ended.len() + ranks.inside as usize, scores.0.len(), "every seat has one place");
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::NetId;

    use super::*;
    use crate::test_shard::quiet;

    #[test]
    fn what_is_kept_is_what_would_be_worked_out_anew() {
        let mut test = quiet("blitz", 12);
        test.go_live();
        for (by, seat) in [(3, 5), (5, 3), (0, 1), (2, 9), (2, 7), (0, 4)] {
            let by = test.avatar(by);
            test.hurt(by, seat, 20);
            test.hurt(by, (seat + 1) % 12, if seat % 2 == 0 { 5 } else { 100_000 });
            test.step(&[]);
            test.hurt(NetId::NONE, seat, 100_000);
            test.step(&[]);
            let world = test.shard.world();
            let expected = Ranks::from_scores(world.resource::<Scores>(), world.resource::<Rules>());
            assert_eq!(*world.resource::<Ranks>(), expected, "after seat {seat}");
        }
        let (inside, out) = Ranks::of(test.shard.world(), Ranks::inside_and_out);
        assert_eq!(out, 0, "nobody got out");
        assert!(inside < 7, "many died: {inside} are left");
    }
}
