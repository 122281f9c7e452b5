//! The rules once more, as they are written down: in fractions, slowly, and by another hand.

use hypogeum_content::def::{BattleDef, CreatureBias, SpecialDef};
use hypogeum_creature_messages::{ActResult, BattleEnd, BattleMove, CreatureStats, Side};
use hypogeum_creatures::{Battle, Fighter, PointsError, create};
use hypogeum_protocol::NetId;
use hypogeum_shard::{Dice, Purpose, Seed};
use proptest::prelude::*;

use crate::{classic, stats};

/// A fraction, never rounded.
#[derive(Clone, Copy, Debug)]
struct Fraction(u128, u128);

impl Fraction {
    fn times(self, over: u64, under: u64) -> Self {
        let (over, under) = (self.0 * u128::from(over), self.1 * u128::from(under));
        let common = gcd(over, under).max(1);
        Self(over / common, under / common)
    }

    fn one_minus(self) -> Self {
        Self(self.1.saturating_sub(self.0), self.1)
    }

    /// To the nearest whole number, halves up.
    fn rounded(self) -> u32 {
        let (whole, rest) = (self.0 / self.1, self.0 % self.1);
        u32::try_from(whole).expect("it is small") + u32::from(rest * 2 >= self.1)
    }
}

fn gcd(one: u128, other: u128) -> u128 {
    if other == 0 { one } else { gcd(other, one % other) }
}

/// What a blow comes to, rule by rule.
fn blow(
    rules: &BattleDef,
    by: &CreatureStats,
    on: &CreatureStats,
    special: bool,
    defended: bool,
    dice: &mut Dice,
) -> Option<(u32, bool)> {
    const WHOLE: u64 = 10_000;
    let of = |bp: u32| if special { u64::from(bp) } else { WHOLE };
    let base = rules.damage_min + dice.below(rules.damage_max - rules.damage_min + 1);
    let is_critical = chance(dice, u64::from(rules.crit_bp_per_luck) * u64::from(by.luck), of(rules.special.crit_bp));
    if chance(dice, u64::from(rules.dodge_bp_per_speed) * u64::from(on.speed), of(rules.special.dodge_bp)) {
        return None;
    }
    let mut damage = Fraction(u128::from(base), 1).times(u64::from(by.strength), u64::from(rules.strength_divisor));
    damage = damage.times(of(rules.special.damage_bp), WHOLE);
    if is_critical {
        damage = damage.times(u64::from(rules.crit_damage_bp), WHOLE);
    }
    if defended {
        damage = damage.times(u64::from(rules.defended_bp), WHOLE);
    } else {
        let taken = Fraction(u128::from(on.defence), 1)
            .times(u64::from(rules.defence_bp_per_point), WHOLE)
            .times(of(rules.special.defence_bp), WHOLE);
        let Fraction(over, under) = taken.one_minus();
        damage = damage.times(u64::try_from(over).expect("small"), u64::try_from(under).expect("small"));
    }
    Some((damage.rounded().max(rules.damage_least), is_critical))
}

/// Whether it happens: `of_stat` × `factor` of 10,000 × 10,000.
fn chance(dice: &mut Dice, of_stat: u64, factor: u64) -> bool {
    u64::from(dice.below(100_000_000)) < of_stat * factor
}

/// A battle, rule by rule.
struct Slow<'a> {
    rules: &'a BattleDef,
    seed: Seed,
    stats: [CreatureStats; 2],
    hp: [u32; 2],
    left: [[u32; 2]; 2],
    turn: u32,
}

impl<'a> Slow<'a> {
    fn new(rules: &'a BattleDef, seed: Seed, stats: [CreatureStats; 2]) -> Self {
        let hp = stats.map(|stats| rules.hp_base + stats.health * rules.hp_per_health);
        Self { rules, seed, stats, hp, left: [[rules.defends, rules.specials]; 2], turn: 0 }
    }

    fn can(&self, side: usize, what: BattleMove) -> bool {
        match what {
            BattleMove::Attack => true,
            BattleMove::Defend => self.left[side][0] > 0,
            BattleMove::Special => self.left[side][1] > 0,
        }
    }

    /// What came of it, in order; and who has won.
    fn play(&mut self, moves: [BattleMove; 2]) -> (Vec<(usize, ActResult)>, Option<(usize, BattleEnd)>) {
        self.turn += 1;
        for side in [0, 1] {
            match moves[side] {
                BattleMove::Attack => {}
                BattleMove::Defend => self.left[side][0] -= 1,
                BattleMove::Special => self.left[side][1] -= 1,
            }
        }
        let order = if self.stats[0].speed >= self.stats[1].speed { [0, 1] } else { [1, 0] };
        let mut acts = Vec::new();
        for side in order {
            let other = 1 - side;
            if moves[side] == BattleMove::Defend {
                acts.push((side, ActResult::Defends));
                continue;
            }
            let mut dice = Dice::new(self.seed, self.turn, NetId(side as u32 + 1), Purpose::named("creature blows"));
            let (special, is_defended) = (moves[side] == BattleMove::Special, moves[other] == BattleMove::Defend);
            match blow(self.rules, &self.stats[side], &self.stats[other], special, is_defended, &mut dice) {
                None => acts.push((side, ActResult::Dodged)),
                Some((damage, is_critical)) => {
                    let hp_before = self.hp[other];
                    self.hp[other] = hp_before.saturating_sub(damage);
                    let hp_after = self.hp[other];
                    acts.push((side, ActResult::Hit { damage, is_critical, is_defended, hp_before, hp_after }));
                    if hp_after == 0 {
                        return (acts, Some((side, BattleEnd::Knockout)));
                    }
                }
            }
        }
        let share = |side: usize| (u64::from(self.hp[side]), self.stats[side]);
        let is_second = {
            let most = |stats: CreatureStats| u64::from(self.rules.hp_base + stats.health * self.rules.hp_per_health);
            let ((one, of_one), (two, of_two)) = (share(0), share(1));
            two * most(of_one) > one * most(of_two)
        };
        let end = (self.turn == self.rules.turns_max).then_some((usize::from(is_second), BattleEnd::TurnsOver));
        (acts, end)
    }
}

fn any_stats() -> impl Strategy<Value = CreatureStats> {
    [1_u32..=20, 1_u32..=20, 1_u32..=20, 1_u32..=20, 1_u32..=20].prop_map(stats)
}

/// Rules of any numbers that content allows.
fn any_rules() -> impl Strategy<Value = BattleDef> {
    let blows = (0_u32..=100, 0_u32..=100, 1_u32..=100, 0_u32..=2_000, 10_000_u32..=40_000, 0_u32..=2_000);
    let others = (0_u32..=10_000, 0_u32..=1_000, 0_u32..=5, 0_u32..=3, 0_u32..=3, 1_u32..=60);
    let special = [0_u32..=30_000, 0_u32..=30_000, 0_u32..=30_000, 0_u32..=30_000];
    (blows, others, special, 0_u32..=50, 1_u32..=20).prop_map(|(blows, others, special, hp_base, hp_per_health)| {
        let (damage_min, more, strength_divisor, crit_bp_per_luck, crit_damage_bp, dodge_bp_per_speed) = blows;
        let (defended_bp, defence_bp_per_point, damage_least, defends, specials, turns_max) = others;
        let [damage_bp, dodge_bp, crit_bp, defence_bp] = special;
        BattleDef {
            damage_min,
            damage_max: damage_min + more,
            strength_divisor,
            crit_bp_per_luck,
            crit_damage_bp,
            dodge_bp_per_speed,
            defended_bp,
            defence_bp_per_point,
            damage_least,
            special: SpecialDef { damage_bp, dodge_bp, crit_bp, defence_bp },
            defends,
            specials,
            turns_max,
            hp_base,
            hp_per_health,
            ..classic().clone()
        }
    })
}

/// Plays both side by side to the end.
fn agree(rules: &BattleDef, seed: u64, both: [CreatureStats; 2], wishes: &[[u8; 2]]) -> Result<(), TestCaseError> {
    let seed = Seed::numbered(seed);
    let mut slow = Slow::new(rules, seed, both);
    let mut battle = Battle::new(seed, both.map(|stats| Fighter::fresh(rules, stats)));
    for wish in wishes.iter().cycle().take(rules.turns_max as usize) {
        let moves = [0, 1].map(|side| BattleMove::ALL[usize::from(wish[side] % 3)]);
        if let Some(side) = Side::BOTH.into_iter().find(|side| !slow.can(side.index(), moves[side.index()])) {
            let before = battle;
            prop_assert!(battle.play(rules, moves).is_err(), "{side:?} has used that up");
            prop_assert_eq!(battle, before, "and nothing has changed");
        }
        let moves = [0, 1].map(|side| if slow.can(side, moves[side]) { moves[side] } else { BattleMove::Attack });
        let turn = battle.play(rules, moves).expect("both can be done");
        let (acts, end) = slow.play(moves);
        let told: Vec<_> = turn.acts.iter().map(|act| (act.side.index(), act.result)).collect();
        prop_assert_eq!(told, acts, "turn {} of {:?}", turn.turn, moves);
        prop_assert_eq!(turn.end.map(|(side, end)| (side.index(), end)), end);
        prop_assert_eq!(Side::BOTH.map(|side| battle.fighter(side).hp), slow.hp);
        if end.is_some() {
            prop_assert!(battle.play(rules, moves).is_err(), "it is over");
            return Ok(());
        }
    }
    prop_assert!(false, "no battle is longer than it may be");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_classic_battle_is_what_its_rules_say(
        seed: u64, one in any_stats(), other in any_stats(), wishes in prop::collection::vec(any::<[u8; 2]>(), 1..40),
    ) {
        agree(classic(), seed, [one, other], &wishes)?;
    }

    #[test]
    fn a_battle_by_any_rules_is_what_these_say(
        rules in any_rules(), seed: u64, one in any_stats(), other in any_stats(), wishes in prop::collection::vec(any::<[u8; 2]>(), 1..40),
    ) {
        agree(&rules, seed, [one, other], &wishes)?;
    }

    #[test]
    fn a_creature_has_what_its_type_and_its_owner_give_it(bias in [-12_i32..=12, -12..=12, -12..=12, -12..=12, -12..=12], points in [0_u32..=8, 0..=8, 0..=8, 0..=8, 0..=8]) {
        let [speed, health, defence, strength, luck] = bias;
        let made = create(classic(), CreatureBias { speed, health, defence, strength, luck }, stats(points));
        let expected: Vec<i64> = bias.iter().zip(points).map(|(by, more)| i64::from(10 + by).clamp(1, 20) + i64::from(more)).collect();
        let spent: u32 = points.iter().sum();
        match made {
            Ok(made) => {
                prop_assert!(spent <= 6);
                prop_assert_eq!(made.values().map(i64::from).to_vec(), expected.clone());
                prop_assert!(expected.iter().all(|value| (1..=20).contains(value)));
            }
            Err(PointsError::TooMany { wanted, left }) => prop_assert!(wanted == u64::from(spent) && left == 6 && spent > 6),
            Err(PointsError::TooHigh { found, most, .. }) => prop_assert!(most == 20 && expected.contains(&(found as i64)) && found > 20),
        }
    }
}

#[test]
fn a_blow_by_hand() {
    // 10 × 12/10 = 12; × 1.75 = 21; less 2.5 % × 0.7 for each of 8 points of defence, 14 %: 18.06, so 18.
    let rules =
        BattleDef { damage_min: 10, damage_max: 10, crit_bp_per_luck: 0, dodge_bp_per_speed: 0, ..classic().clone() };
    let [one, other] = [stats([11, 10, 10, 12, 10]), stats([10, 10, 8, 10, 10])];
    let mut battle = Battle::new(Seed::numbered(1), [one, other].map(|stats| Fighter::fresh(&rules, stats)));
    let turn = battle.play(&rules, [BattleMove::Special, BattleMove::Attack]).expect("both can be done");
    let hit = ActResult::Hit { damage: 18, is_critical: false, is_defended: false, hp_before: 100, hp_after: 82 };
    assert_eq!((turn.acts[0].side, turn.acts[0].result), (Side::First, hit), "the faster strikes first");
    // 10 × 1 × 0.75 = 7.5: a half is rounded up.
    let hit = ActResult::Hit { damage: 8, is_critical: false, is_defended: false, hp_before: 100, hp_after: 92 };
    assert_eq!(turn.acts[1].result, hit, "and the other strikes back");
}
