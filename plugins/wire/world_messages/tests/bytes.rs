//! What comes as bytes from a stranger.

use hypogeum_protocol::{Block, CarriedItem, ItemId, ItemState, NetId};
use hypogeum_world_messages::{
    COMMAND_BYTES_MAX, DoorNews, DoorState, ExitNews, LINE_BYTES_MAX, RoomNews, StatsNews, TableNews, WorldCommand,
    WorldNews,
};
use proptest::prelude::*;

#[test]
fn the_longest_line_fits_and_one_more_is_the_zones_to_refuse() {
    let line = WorldCommand::Line { words: "a".repeat(LINE_BYTES_MAX) };
    assert_eq!(WorldCommand::decode(&line.encode()), Ok(line), "as long as may be");
    let told = WorldCommand::Tell { name: "b".repeat(96), words: "a".repeat(LINE_BYTES_MAX) };
    assert_eq!(WorldCommand::decode(&told.encode()), Ok(told), "to whoever has the longest name");
    let flood = WorldCommand::Line { words: "a".repeat(COMMAND_BYTES_MAX) };
    assert!(WorldCommand::decode(&flood.encode()).is_err(), "no command is longer than that");
}

fn news() -> impl Strategy<Value = WorldNews> {
    let door = prop_oneof![Just(DoorState::Open), Just(DoorState::Closed), Just(DoorState::Locked)];
    let seen = (door.clone(), any::<u32>()).prop_map(|(state, version)| DoorNews { state, version });
    let exit = (".{0,16}", prop::option::of(seen)).prop_map(|(word, door)| ExitNews { word, door });
    let room = (".{0,32}", ".{0,96}", any::<bool>(), prop::collection::vec(exit, 0..6)).prop_map(
        |(key, description, is_safe, exits)| {
            WorldNews::Room(RoomNews { name: key.clone(), key, description, is_safe, exits })
        },
    );
    let told = (".{0,16}", prop::collection::vec((".{0,8}", ".{0,40}"), 0..5), ".{0,200}")
        .prop_map(|(id, arguments, words)| WorldNews::Told { id, arguments, words });
    let stats = (any::<u32>(), any::<u32>(), any::<u32>())
        .prop_map(|(hp, level, xp)| WorldNews::Stats(StatsNews { hp, level, xp, ..StatsNews::default() }));
    let block = Block { x_min: -1, y_min: 0, x_max: 256, y_max: i32::MAX };
    let door = (".{0,32}", door, any::<u32>()).prop_map(move |(key, state, version)| WorldNews::Door {
        key,
        state,
        block,
        version,
    });
    let offered = (any::<u32>(), ".{0,16}").prop_map(|(id, template)| CarriedItem {
        id: NetId(id),
        item: ItemId { origin: 7, serial: id },
        template,
        equipped: false,
        state: ItemState { count: id, ..ItemState::default() },
        version: id,
    });
    let offered = prop::collection::vec(offered, 0..6);
    let table = (any::<u32>(), offered.clone(), offered)
        .prop_map(|(version, own, their)| WorldNews::Table(TableNews { with: NetId(version), version, own, their }));
    prop_oneof![room, told, stats, door, table]
}

proptest! {
    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..700)) {
        let _ = WorldCommand::decode(&bytes);
        let _ = WorldNews::decode(&bytes);
    }

    #[test]
    fn news_is_read_as_it_was_written(news in news()) {
        prop_assert_eq!(WorldNews::decode(&news.encode()), Ok(news));
    }

    #[test]
    fn commands_are_read_as_they_were_written(words in ".{0,100}", thing in any::<u32>()) {
        let thing = NetId(thing);
        for command in [
            WorldCommand::Say { words: words.clone() },
            WorldCommand::Look { at: Some(thing) },
            WorldCommand::Give { item: thing, to: thing, seen: Some(7) },
            WorldCommand::Accept { seen: Some(thing.0) },
            WorldCommand::Sell { to: thing, item: thing, count: None, seen: None },
            WorldCommand::Open { word: words.clone(), seen: Some(thing.0) },
            WorldCommand::Help,
        ] {
            prop_assert_eq!(WorldCommand::decode(&command.encode()), Ok(command));
        }
    }
}
