//! Whatever players try, nothing is lost or doubled, and nothing panics.

use hypogeum_protocol::{Act, Input, ItemId, NetId};
use hypogeum_shard::CommandBody;
use hypogeum_world_messages::WorldCommand;
use proptest::prelude::*;

use crate::hazards::{DANGERS, TRIGGERS};
use crate::yard::zone_with;

const LINES: [&str; 37] = [
    "hiss",
    "shake",
    "trade ada",
    "trade grace",
    "offer all",
    "list",
    "buy bandage",
    "buy 2 leather",
    "sell all",
    "sell 1 coin",
    "talk ostwin about the cat",
    "open door",
    "close door",
    "east",
    "west",
    "south",
    "north",
    "pull chain",
    "get all",
    "drop all",
    "wear all",
    "remove all",
    "kill wolf",
    "flee",
    "stop",
    "say hello",
    "give all to grace",
    "give all to ada",
    "look",
    "use bandage",
    "unlock grate",
    "down",
    "niche",
    "hall",
    "kill ada",
    "get chest",
    "tell grace hi",
];

fn command() -> impl Strategy<Value = CommandBody> {
    let line = (0..LINES.len(), any::<u32>()).prop_map(|(line, seq)| {
        let command = WorldCommand::Line { words: LINES[line].to_owned() };
        CommandBody::Custom { seq, body: command.encode().into() }
    });
    let act = (0..6_u8, 0..60_u32, any::<u32>(), prop::option::of(0..6_u32)).prop_map(|(what, thing, seq, seen)| {
        let item = NetId(thing);
        let act = match what {
            0 => Act::PickUp { item },
            1 => Act::Loot { container: item },
            2 => Act::Equip { item },
            3 => Act::Unequip { item },
            4 => Act::Drop { item },
            _ => Act::Use { item },
        };
        CommandBody::Act { seq, act, seen }
    });
    let input = (1..1_000_u32, any::<u16>(), 0..=100_u8, 0..=8_u8)
        .prop_map(|(seq, walk, pace, ability)| CommandBody::Input(Input { seq, walk, pace, aim: walk, ability }));
    let noise =
        prop::collection::vec(any::<u8>(), 0..40).prop_map(|body| CommandBody::Custom { seq: 1, body: body.into() });
    let others = (0..6_u8, 0..60_u32, 0..60_u32, prop::option::of(0..6_u32)).prop_map(|(what, item, to, seen)| {
        let (item, to) = (NetId(item), NetId(to));
        let command = match what {
            0 | 1 => WorldCommand::Give { item, to, seen },
            2 => WorldCommand::Sell { to, item, count: None, seen },
            3 => WorldCommand::Offer { item },
            4 => WorldCommand::Accept { seen },
            _ => WorldCommand::Open { word: "east".to_owned(), seen },
        };
        CommandBody::Custom { seq: 1, body: command.encode().into() }
    });
    prop_oneof![6 => line, 2 => act, 2 => input, 1 => noise, 1 => others, 1 => any::<bool>().prop_map(CommandBody::Present)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_item_has_one_owner_whatever_they_try(
        steps in prop::collection::vec((prop::collection::vec((0..3_u16, command()), 0..3), 1..12_u32), 1..60),
        leaves_at in 0..60_usize,
    ) {
        let ostwin = "spawners: [(npc: \"ostwin\", count: 1, room: \"hall\", respawn_ms: 60000), ";
        let mut test = zone_with(&[("triggers: [", TRIGGERS), ("spawners: [", ostwin), ("then: [Give(\"old_coin\")], once: true", "then: [Give(\"old_coin\"), Give(\"old_coin\"), Give(\"wolf_pelt\")]")], &DANGERS);
        test.newcomer(0, "Ada");
        test.newcomer(1, "Grace");
        let mut secured: Vec<ItemId> = Vec::new();
        let mut ever = test.items();
        for (number, (commands, pause)) in steps.into_iter().enumerate() {
            test.step(&commands);
            if number == leaves_at {
                let grant = test.leave(1);
                secured.extend(grant.items_secured.iter().map(|item| item.id));
            }
            test.steps(pause);
            let there = test.items();
            prop_assert!(secured.iter().all(|item| !there.contains(item)), "what somebody has left with is here no more");
            ever.extend(there);
        }
        ever.sort_unstable();
        ever.dedup();
        prop_assert!(ever.iter().all(|item| item.origin == 77), "all of it was found here");
    }
}
