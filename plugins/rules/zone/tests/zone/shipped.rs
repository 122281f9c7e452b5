//! The zones that ship.

use std::path::Path;
use std::sync::Arc;

use hypogeum_content::Content;
use hypogeum_protocol::{AccountId, MatchId, Seat, ShardId};
use hypogeum_shard::{
    Command, CommandBody, KindOutbox, LineupSeat, Occupant, PlaceKind, Seed, Shard, ShardConfig, ShardKind, build_shard,
};
use hypogeum_space::{Obstacles, Position};
use hypogeum_world_messages::WorldNews;
use hypogeum_zone::{Zone, ZoneSetup};

use crate::yard::read;

pub(crate) fn content() -> Arc<Content> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
}

pub(crate) fn zone(content: &Arc<Content>, key: &str) -> Shard {
    let setup = ZoneSetup { id: ShardId(9), zone: key.to_owned() };
    // As a host builds it: of what it reaches alone.
    let pack = Zone::content(&setup, content).expect("it is there");
    let config = ShardConfig { seed: Seed::numbered(5), tick_hz: 10, content: Arc::clone(pack.content()) };
    build_shard::<Zone>(config, &setup).expect("it can be built")
}

#[test]
fn newcomers_begin_in_the_town() {
    let places = Zone::places(&content()).expect("the zones are good");
    let keys: Vec<&str> = places.iter().map(|place| place.key.as_str()).collect();
    assert_eq!(keys, ["lanternfoot", "wolfwood", "sunken_crypt"], "where the lowest level is meant first");
}

#[test]
fn each_of_them_can_be_stood_in_and_is_stepped() {
    let content = content();
    for place in Zone::places(&content).expect("the zones are good") {
        let mut shard = zone(&content, &place.key);
        let def = content.zones.id(&place.key).expect("it is there");
        let obstacles = shard.world().resource::<Obstacles>().clone();
        for room in &content.zones[def].rooms {
            let middle = |from: u32, length: u32| i32::try_from(from * 2 + length).expect("a zone is small") * 128;
            let at = Position { x: middle(room.area.x, room.area.width), y: middle(room.area.y, room.area.height) };
            assert!(obstacles.free(at, 128), "one can stand in {} of {}", room.key, place.key);
        }
        let brings = LineupSeat {
            occupant: Occupant::Account(AccountId(1)),
            name: "Ada".to_owned(),
            level: 1,
            rating: 0,
            items: Vec::new(),
            character: None,
        };
        shard.step(&[Command {
            seat: Seat(0),
            body: CommandBody::Join { visit: MatchId(4), brings: Box::new(brings) },
        }]);
        let news = shard.world().resource::<KindOutbox>().iter().map(|(_, body)| read(body, "en"));
        let rooms = news.filter(|news| matches!(news, WorldNews::Room(_))).count();
        assert_eq!(rooms, 1, "{} shows who comes where they are", place.key);
        for _ in 0..300 {
            shard.step(&[]);
        }
        assert_eq!(shard.hash(), shard.hash_from_nothing(), "no change goes unnoticed in {}", place.key);
    }
}
