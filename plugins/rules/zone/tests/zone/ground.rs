//! The ground as the host asks for it.

use hypogeum_protocol::Block;
use hypogeum_shard::PlaceKind;
use hypogeum_space::Obstacles;
use hypogeum_zone::Zone;

use crate::yard::TestZone;

/// What stands in the way now, as it follows from what clients are told.
fn told(test: &TestZone) -> Vec<Block> {
    let world = test.shard.world();
    let doors = Zone::features(world).doors.into_iter().zip(Zone::open_doors(world));
    let closed = doors.filter(|(_, is_open)| !is_open).map(|(door, _)| door.block);
    sorted(Zone::ground(world).obstacles.into_iter().chain(closed).collect())
}

fn sorted(mut blocks: Vec<Block>) -> Vec<Block> {
    blocks.sort_unstable_by_key(|block| (block.x_min, block.y_min, block.x_max, block.y_max));
    blocks
}

#[test]
fn walls_and_closed_doors_are_all_that_stands_in_the_way() {
    let mut test = TestZone::new();
    let stands = |test: &TestZone| sorted(test.shard.world().resource::<Obstacles>().blocks().to_vec());
    assert_eq!(told(&test), stands(&test), "in the beginning");
    let walls = Zone::ground(test.shard.world());
    let features = Zone::features(test.shard.world());
    test.newcomer(0, "Ada");
    test.types(0, "open door");
    assert_eq!(Zone::open_doors(test.shard.world()), [true, false], "the oak door is open, the grate is not");
    assert_eq!(told(&test), stands(&test), "and nothing else is in the way");
    assert_eq!(Zone::ground(test.shard.world()).obstacles, walls.obstacles, "walls are what they were");
    assert_eq!(Zone::features(test.shard.world()), features, "doors, as they were in the beginning, too");
}

#[test]
fn doors_have_their_numbers_and_secret_rooms_are_not_told() {
    let features = Zone::features(TestZone::new().shard.world());
    let doors: Vec<_> = features.doors.iter().map(|door| (door.number, door.key.as_str(), door.is_open)).collect();
    assert_eq!(doors, [(0, "oak", false), (1, "grate", false)], "in the order of the definition");
    let rooms: Vec<_> = features.rooms.iter().map(|room| (room.key.as_str(), room.is_safe)).collect();
    let expected = [("hall", true), ("yard", false), ("den", false), ("gap", false), ("cellar", false)];
    assert_eq!(rooms, expected, "all but the niche, into which only a secret way leads");
    let hall = features.rooms[0].area;
    assert_eq!(hall, Block { x_min: 1_024, y_min: 5_120, x_max: 4_096, y_max: 8_192 }, "in subunits");
}
