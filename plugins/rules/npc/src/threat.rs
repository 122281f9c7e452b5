//! Whom a mind minds, and how much.

use bevy_ecs::message::MessageReader;
use bevy_ecs::prelude::{Query, Res};
use hypogeum_combat::DamageDealt;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules, Tick};

use crate::components::THREATS_MAX;
use crate::{Brain, Threat};

/// Threat of a hit point lost: a scratch weighs more than a stare.
const THREAT_PER_HP: u32 = 10;
/// No grudge grows beyond this.
const THREAT_MAX: u32 = 100_000;

impl Threat {
    /// Those it minds, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (NetId, u32)> + '_ {
        self.0.iter().copied()
    }

    /// Whether it minds nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How much it minds someone; 0: not at all.
    #[must_use]
    pub fn of(&self, who: NetId) -> u32 {
        self.0.binary_search_by_key(&who, |entry| entry.0).map_or(0, |at| self.0[at].1)
    }

    /// Minds someone more.
    pub fn add(&mut self, who: NetId, amount: u32) {
        let amount = self.of(who).saturating_add(amount);
        self.raise(who, amount);
    }

    /// Minds someone at least so much.
    pub fn raise(&mut self, who: NetId, amount: u32) {
        let amount = amount.min(THREAT_MAX);
        match self.0.binary_search_by_key(&who, |entry| entry.0) {
            Ok(at) => self.0[at].1 = self.0[at].1.max(amount),
            Err(_) if amount == 0 => {}
            Err(at) => {
                self.0.insert(at, (who, amount));
                if self.0.len() > THREATS_MAX
                    && let Some(least) = (0..self.0.len()).min_by_key(|at| (self.0[*at].1, self.0[*at].0))
                {
                    self.0.remove(least);
                }
            }
        }
        assert!(self.0.len() <= THREATS_MAX, "of more enemies it forgets the least");
        debug_assert!(self.0.is_sorted_by(|one, next| one.0 < next.0), "each enemy is minded once, in order");
    }

    /// Forgets a little of everyone, and wholly whom `keep` denies.
    pub(crate) fn fade(&mut self, mut keep: impl FnMut(NetId) -> bool) {
        for entry in &mut self.0 {
            entry.1 = entry.1.saturating_sub(entry.1 / 8 + 1);
        }
        self.0.retain(|entry| entry.1 > 0 && keep(entry.0));
    }

    /// Forgets whom `keep` denies.
    pub(crate) fn keep(&mut self, mut keep: impl FnMut(NetId) -> bool) {
        self.0.retain(|entry| keep(entry.0));
    }

    /// Whom it minds most. `current` stays unless another is a quarter worse: nobody turns round for a trifle.
    pub(crate) fn worst(&self, current: NetId) -> NetId {
        let worst = self.0.iter().max_by_key(|entry| (entry.1, core::cmp::Reverse(entry.0)));
        match (worst, self.of(current)) {
            (Some(worst), kept) if kept > 0 && u64::from(worst.1) * 4 < u64::from(kept) * 5 => current,
            (Some(worst), _) => worst.0,
            (None, _) => NetId::NONE,
        }
    }
}

/// Who is hurt minds the one who did it, and thinks at once if it was at peace. One that thinks less often because nobody plays
/// near it thinks at once, too, whatever hurts it, unless that is what it fights anyway.
pub(crate) fn resent(
    rules: Res<Rules>,
    tick: Res<Tick>,
    directory: Res<NetIdIndex>,
    mut blows: MessageReader<DamageDealt>,
    mut minds: Query<(&mut Brain, &mut Threat)>,
) {
    for blow in blows.read() {
        if blow.source == blow.target {
            continue;
        }
        let Some((mut brain, mut threat)) = directory.entity(blow.target).and_then(|who| minds.get_mut(who).ok())
        else {
            continue;
        };
        if blow.source.is_some() {
            threat.add(blow.source, blow.amount.saturating_mul(THREAT_PER_HP));
        }
        let is_at_peace = blow.source.is_some() && !brain.target.is_some();
        let is_expected = blow.source.is_some() && blow.source == brain.target;
        if is_at_peace || (!is_expected && is_asleep(&rules, *tick, &brain)) {
            brain.next_think_tick = brain.next_think_tick.min(tick.0 + 1);
        }
    }
}

/// Whether a mind that thinks less often afar waits for longer than it would elsewhere.
fn is_asleep(rules: &Rules, tick: Tick, brain: &Brain) -> bool {
    let behaviour = rules.content.behaviours.find(brain.behaviour).filter(|behaviour| behaviour.afar.is_some());
    behaviour.is_some_and(|behaviour| brain.next_think_tick > tick.0.saturating_add(behaviour.think_every_ticks.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_worst_are_kept() {
        let mut threat = Threat::default();
        for who in 1..=20 {
            threat.raise(NetId(who), who);
        }
        let kept: Vec<u32> = threat.iter().map(|(who, _)| who.0).collect();
        assert_eq!(kept, (13..=20).collect::<Vec<_>>(), "the eight worst are kept, in the order of names");
    }

    #[test]
    fn a_trifle_turns_nobody_round() {
        let mut threat = Threat::default();
        threat.raise(NetId(1), 100);
        threat.raise(NetId(2), 110);
        assert_eq!(threat.worst(NetId(1)), NetId(1), "ten more of a hundred is a trifle");
        threat.raise(NetId(2), 125);
        assert_eq!(threat.worst(NetId(1)), NetId(2), "a quarter more is not");
        assert_eq!(threat.worst(NetId::NONE), NetId(2), "with no target the worst is taken");
    }

    #[test]
    fn grudges_fade_to_nothing() {
        let mut threat = Threat::default();
        threat.raise(NetId(1), u32::MAX);
        threat.raise(NetId(2), 50);
        threat.fade(|who| who != NetId(2));
        assert_eq!(threat.of(NetId(2)), 0, "one who is denied is forgotten at once");
        let fades = (0..1_000)
            .take_while(|_| {
                threat.fade(|_| true);
                threat.of(NetId(1)) > 0
            })
            .count();
        assert!(fades < 100, "even the greatest grudge ends, after {fades} thoughts");
        assert_eq!(threat.worst(NetId(1)), NetId::NONE, "nobody is left");
    }
}
