//! Where a machine's points go.

use hypogeum_content::def::{CreatureStat, PointsRule};
use hypogeum_creature_messages::CreatureStats;
use hypogeum_protocol::NetId;
use hypogeum_shard::{Dice, Purpose, Seed};

const FOCUS: Purpose = Purpose::named("creature focus");
const POINTS: Purpose = Purpose::named("creature points");

const STATS: [CreatureStat; 5] =
    [CreatureStat::Speed, CreatureStat::Health, CreatureStat::Defence, CreatureStat::Strength, CreatureStat::Luck];

/// Which of a machine's stats get points of which `spent` were given to it before: at most `points`, none beyond `stat_max`. What
/// is drawn for the creature `who` is the same each time.
#[must_use]
pub fn allot(
    rule: &PointsRule,
    (seed, who): (Seed, NetId),
    stats: CreatureStats,
    (spent, points): (u32, u32),
    stat_max: u32,
) -> CreatureStats {
    let mut of_creature = Dice::new(seed, 0, who, FOCUS);
    let mut of_points = Dice::new(seed, spent, who, POINTS);
    let order = order(rule, &mut of_creature);
    let (mut given, whole) = ([0; 5], stats.values());
    let has_room = |given: &[u32; 5], stat: CreatureStat| whole[stat as usize] + given[stat as usize] < stat_max;
    for number in spent..spent.saturating_add(points) {
        let wanted = match (&order, rule) {
            (Some(order), PointsRule::Order(_)) => in_order(order, number),
            (Some(order), _) => order.get(of_points.below(order.len() as u32) as usize).map(|(stat, _)| *stat),
            (None, _) => None,
        };
        // One that is full passes its point on to the next that is not.
        let first = wanted.map_or(0, |stat| stat as usize);
        let next = (0..STATS.len()).map(|more| STATS[(first + more) % STATS.len()]);
        match next.into_iter().find(|stat| has_room(&given, *stat)) {
            Some(stat) => given[stat as usize] += 1,
            None => break,
        }
    }
    CreatureStats::of_values(given)
}

/// The stats that points go to, each with how many in a row.
fn order(rule: &PointsRule, dice: &mut Dice) -> Option<Vec<(CreatureStat, u32)>> {
    match rule {
        PointsRule::Random => Some(STATS.map(|stat| (stat, 1)).to_vec()),
        PointsRule::Focus { stats_min, stats_max } => {
            let mut stats = STATS;
            dice.shuffle(&mut stats);
            let count = dice.between(*stats_min as i32, *stats_max as i32).clamp(1, 5);
            Some(stats.iter().take(count as usize).map(|stat| (*stat, 1)).collect())
        }
        PointsRule::Order(order) => {
            let mut draw = |(stats, points): &(Vec<CreatureStat>, u32)| {
                Some((*stats.get(dice.below(stats.len() as u32) as usize)?, *points))
            };
            Some(order.iter().filter_map(&mut draw).collect())
        }
    }
}

/// The stat that the point of a number goes to, from 0.
fn in_order(order: &[(CreatureStat, u32)], number: u32) -> Option<CreatureStat> {
    let all: u64 = order.iter().map(|(_, points)| u64::from(*points)).sum();
    let mut left = u64::from(number).checked_rem(all)?;
    for (stat, points) in order {
        match left.checked_sub(u64::from(*points)) {
            Some(rest) => left = rest,
            None => return Some(*stat),
        }
    }
    None
}
