//! What is left to chance comes as often as the rules say: Pearson's chi-square over many blows.

use hypogeum_creature_messages::{ActResult, BattleMove};
use hypogeum_creatures::{Battle, Fighter};
use hypogeum_shard::Seed;

use crate::{classic, stats};

/// Blows of each question.
const BLOWS: u64 = 200_000;

/// Chi-square of counts beside the shares they should have, in basis points.
fn chi_square(counts: &[u64], shares_bp: &[u64]) -> f64 {
    let (all, whole) = (counts.iter().sum::<u64>() as f64, shares_bp.iter().sum::<u64>() as f64);
    let term = |(count, share): (&u64, &u64)| {
        let expected = all * *share as f64 / whole;
        (*count as f64 - expected).powi(2) / expected
    };
    counts.iter().zip(shares_bp).map(term).sum()
}

/// The first blow of many battles: dodged, critical, plain; and, of those not critical, how often each base came.
fn strike(what: BattleMove, luck: u32, speed: u32) -> ([u64; 3], [u64; 11]) {
    let (mut kinds, mut bases) = ([0; 3], [0; 11]);
    // Strength 10 and no defence: a blow is its base. The first is faster than any.
    let both = [stats([100, 10, 1, 10, luck]), stats([speed, 100, 0, 10, 1])];
    let rules = hypogeum_content::def::BattleDef { turns_max: 1, ..classic().clone() };
    for number in 0..BLOWS {
        let mut battle = Battle::new(Seed::numbered(number), both.map(|stats| Fighter::fresh(&rules, stats)));
        let turn = battle.play(&rules, [what, BattleMove::Attack]).expect("both can be done");
        match turn.acts[0].result {
            ActResult::Dodged => kinds[0] += 1,
            ActResult::Hit { is_critical: true, .. } => kinds[1] += 1,
            ActResult::Hit { damage, .. } => {
                kinds[2] += 1;
                if what == BattleMove::Attack {
                    bases[damage as usize - 5] += 1;
                }
            }
            ActResult::Defends => unreachable!("it strikes"),
        }
    }
    (kinds, bases)
}

#[test]
fn blows_are_dodged_critical_and_even_as_often_as_they_should_be() {
    // 99.9 % of honest dice are below these (two and ten degrees of freedom); the seeds are fixed, so this never fails by chance.
    const OF_THREE: f64 = 13.82;
    const OF_ELEVEN: f64 = 29.59;
    for (luck, speed) in [(10, 10), (20, 1), (1, 20), (16, 13)] {
        for what in [BattleMove::Attack, BattleMove::Special] {
            let (kinds, bases) = strike(what, luck, speed);
            let (crit, dodge) = (150 * u64::from(luck), 200 * u64::from(speed));
            let (crit, dodge) =
                if what == BattleMove::Special { (crit * 12 / 10, dodge * 7 / 10) } else { (crit, dodge) };
            // Of those that are not dodged, so many are critical.
            let stays = 10_000 - dodge;
            let shares = [dodge * 10_000, stays * crit, stays * (10_000 - crit)];
            let found = chi_square(&kinds, &shares);
            assert!(
                found < OF_THREE,
                "luck {luck}, speed {speed}, {what}: {kinds:?} beside {shares:?}, chi-square {found}"
            );
            if what == BattleMove::Attack {
                let found = chi_square(&bases, &[1; 11]);
                assert!(found < OF_ELEVEN, "luck {luck}, speed {speed}: bases {bases:?}, chi-square {found}");
            }
        }
    }
}
