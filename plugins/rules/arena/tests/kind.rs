//! The arena as a kind of shard, built by its name from the bytes of a setup, as replay does from a log.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use hypogeum_arena::{Arena, new_match, resolve};
use hypogeum_content::Content;
use hypogeum_protocol::{AccountId, ItemId, MatchId, StashedItem, codec};
use hypogeum_shard::{LineupSeat, MatchLineup, Occupant, Seed, SetupError, Shard, ShardConfig, ShardKinds};

static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
});

fn lineup() -> MatchLineup {
    let items = vec![StashedItem::new(ItemId { origin: 7, serial: 0 }, "rusty_sword")];
    let seat = |number| LineupSeat {
        occupant: if number == 2 { Occupant::Autopilot } else { Occupant::Account(AccountId(number)) },
        name: format!("seat {number}"),
        level: 3,
        rating: 1_500,
        items: items.clone(),
        character: None,
    };
    MatchLineup {
        match_id: MatchId(9),
        mode: "blitz".to_owned(),
        definition: String::new(),
        parties: Vec::new(),
        seats: vec![seat(1), seat(2)],
    }
}

fn config() -> ShardConfig {
    ShardConfig { seed: Seed::numbered(5), tick_hz: 30, content: Arc::clone(&CONTENT) }
}

fn kinds() -> ShardKinds {
    let mut kinds = ShardKinds::default();
    kinds.add_match::<Arena>();
    kinds
}

fn build(name: &str, config: ShardConfig, setup: &[u8]) -> Result<Shard, SetupError> {
    (kinds().find(name)?.build)(config, setup)
}

#[test]
fn a_match_built_by_name_from_bytes_is_the_match() {
    let mut built = build("arena", config(), &codec::encode(&lineup())).expect("the setup is good");
    let resolved = resolve(&lineup(), &CONTENT).expect("the content has it all");
    let mut made = new_match(config(), &resolved);
    assert_eq!(built.hash_from_nothing(), made.hash_from_nothing(), "both begin alike");
    for tick in 1..=30 {
        assert_eq!(built.step(&[]), made.step(&[]), "step {tick} gives one state");
    }
}

#[test]
fn what_a_match_reaches_is_enough_to_build_it() {
    let bytes = codec::encode(&lineup());
    let pack =
        (kinds().find("arena").expect("it is registered").content)(&bytes, &CONTENT).expect("the content has the mode");
    let config = ShardConfig { content: Arc::clone(pack.content()), ..config() };
    assert!(build("arena", config, &bytes).is_ok(), "the pack has the mode and every item");
}

#[test]
fn setups_that_mean_nothing_are_refused_in_a_sentence() {
    let refusal = |name: &str, tick_hz, bytes: &[u8]| {
        let refused = build(name, ShardConfig { tick_hz, ..config() }, bytes);
        refused.map(|_| ()).expect_err("that is no match").to_string()
    };
    let good = codec::encode(&lineup());
    assert_eq!(refusal("chess", 30, &good), "this build knows no kind of shard \"chess\"");
    assert_eq!(refusal("arena", 9, &good), "the shard has 9 steps a second, its kind allows 10 to 60");
    let refused = refusal("arena", 30, &good[..good.len() - 1]);
    assert_eq!(refused, "the setup of the shard cannot be read: the message ends inside a field");
    // No parties, which might as well have been left out, and a byte too much.
    let longer = [good.as_slice(), &[0, 0]].concat();
    let refused = refusal("arena", 30, &longer);
    assert_eq!(refused, "the setup of the shard cannot be read: 1 bytes follow the end of the message");
    let changed = |change: fn(&mut MatchLineup)| {
        let mut lineup = lineup();
        change(&mut lineup);
        refusal("arena", 30, &codec::encode(&lineup))
    };
    assert_eq!(changed(|lineup| lineup.mode = "chess".into()), "the content has no mode \"chess\"");
    let refused = changed(|lineup| lineup.seats[0].items[0].template = "excalibur".into());
    assert_eq!(refused, "the content has no item \"excalibur\"");
    let refused = changed(|lineup| lineup.seats = vec![lineup.seats[0].clone(); 41]);
    assert_eq!(refused, "the setup has 41 seats, and 40 are allowed");
    let refused = changed(|lineup| lineup.parties = vec![0, 1, 1]);
    assert_eq!(refused, "the setup cannot be played: `parties` has 3 entries for 2 seats");
    let refused = changed(|lineup| {
        lineup.mode = "trio".to_owned();
        lineup.seats = vec![lineup.seats[0].clone(); 5];
        lineup.parties = vec![7, 0, 7, 7, 7];
    });
    assert_eq!(refused, "the setup cannot be played: party 7 of `parties` has 4 members, a team at most 3");
}

#[test]
#[should_panic(expected = "two kinds of shard are called \"arena\"")]
fn two_kinds_of_one_name() {
    kinds().add_match::<Arena>();
}
