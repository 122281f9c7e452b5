//! Any commands in any order: brackets stay well formed, and no point comes from nowhere.

use hypogeum_creature_messages::{BattleMove, CreatureStats, TournamentCommand as Say, TournamentView};
use hypogeum_protocol::Seat;
use hypogeum_shard::{Command, CommandBody};
use proptest::prelude::*;

use crate::{TestTournament, setup};

fn command() -> impl Strategy<Value = Say> {
    let what = prop::sample::select(BattleMove::ALL.to_vec());
    let turn = prop_oneof![8 => 1_u32..12, 1 => any::<u32>()];
    let pairing = prop_oneof![8 => 0_u16..8, 1 => any::<u16>()];
    let few = || prop_oneof![24 => 0_u32..4, 1 => any::<u32>()];
    let points = || [few(), few(), few(), few(), few()].prop_map(CreatureStats::of_values);
    prop_oneof![
        12 => (pairing, 1_u8..4, turn, what).prop_map(|(pairing, game, turn, what)| Say::Move { pairing, game, turn, what }),
        3 => points().prop_map(|points| Say::Allocate { points }),
        3 => (points(), 0_u64..40).prop_map(|(points, key)| Say::AllocateOnce { points, key }),
        3 => Just(Say::Ready),
        1 => Just(Say::Withdraw),
        2 => (0_u64..200_000).prop_map(|ms| Say::Clock { unix_ms: crate::BEGINS + ms * 10 }),
        1 => any::<u64>().prop_map(|unix_ms| Say::Clock { unix_ms: unix_ms >> 16 }),
        1 => any::<u64>().prop_map(|unix_ms| Say::Resume { unix_ms: unix_ms >> 16 }),
    ]
}

/// What holds of every tournament at any time.
fn is_well_formed(view: &TournamentView, begun: &[u64]) -> Result<(), TestCaseError> {
    for battle in &view.battles {
        let pairing = &view.pairings[usize::from(battle.pairing)];
        prop_assert_eq!(pairing.sides, battle.fighters.each_ref().map(|one| Some(one.entrant)), "who meets fights");
        prop_assert!(pairing.outcome.is_none(), "and it is not decided");
        prop_assert!(battle.fighters.iter().all(|one| 0 < one.hp && one.hp <= one.hp_max), "both stand: {battle:?}");
        for one in &battle.fighters {
            let fights =
                view.battles.iter().flat_map(|battle| &battle.fighters).filter(|other| other.entrant == one.entrant);
            prop_assert_eq!(fights.count(), 1, "nobody fights twice at once");
        }
    }
    for (entrant, begun) in view.entrants.iter().zip(begun) {
        let won = view.pairings.iter().filter(|pairing| {
            use hypogeum_creature_messages::PairingOutcome::{BothGone, Forfeited, Won};
            match pairing.outcome {
                Some(Won(number) | Forfeited(number) | BothGone(Some(number))) => number == entrant.number,
                _ => false,
            }
        });
        let due = begun + 3 * won.count() as u64;
        prop_assert_eq!(entrant.stats.sum() + u64::from(entrant.points), due, "three for each victory, and no more");
        prop_assert!(entrant.stats.values().iter().all(|value| (1..=20).contains(value)), "{:?}", entrant.stats);
    }
    prop_assert_eq!(view.champion.is_some(), view.is_over);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_commands_leave_a_tournament_well_formed(
        seed: u64, people in 1_u64..5, steps in prop::collection::vec(prop::collection::vec((0_u16..6, command()), 0..6), 1..80),
    ) {
        let mut cup = TestTournament::new(seed, &setup("cup", people, 4, Some("novice")));
        let begun: Vec<u64> = cup.view().entrants.iter().map(|one| one.stats.sum() + u64::from(one.points)).collect();
        for commands in steps {
            let commands: Vec<Command> = commands
                .into_iter()
                .map(|(seat, say)| Command { seat: Seat(seat), body: CommandBody::Custom { seq: 1, body: say.encode().into() } })
                .collect();
            cup.shard.step(&commands);
            is_well_formed(&cup.view(), &begun)?;
            prop_assert_eq!(cup.shard.hash(), cup.shard.hash_from_nothing());
        }
    }

    #[test]
    fn any_bytes_are_no_command(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let mut cup = TestTournament::new(1, &setup("cup", 4, 4, None));
        cup.run();
        let body = CommandBody::Custom { seq: 1, body: bytes.into() };
        cup.shard.step(&[Command { seat: Seat(0), body }]);
        let _ = cup.view();
    }
}
