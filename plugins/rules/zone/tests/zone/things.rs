//! What things are besides their kind, in words.

use crate::yard::TestZone;

#[test]
fn coins_are_counted_out_in_words() {
    let mut test = TestZone::new();
    let coins: Vec<(u32, &str)> = (1..=5).map(|serial| (serial, "old_coin")).collect();
    let (ada, grace) = (test.enter(0, "Ada", Vec::new(), &coins), test.newcomer(1, "Grace"));
    test.types(0, "merge coin");
    test.types(0, "inventory");
    assert!(test.was_told(ada, "5 old coins"), "they are one stack: {:?}", test.words(ada));
    test.types(0, "split 2 coin");
    assert!(test.was_told(ada, "You set 2 old coins apart."), "{:?}", test.words(ada));
    test.types(0, "merge coin");
    test.types(0, "drop 2 coin");
    assert!(test.was_told(grace, "Ada drops 2 old coins."), "{:?}", test.words(grace));
    test.types(1, "get 1 coin");
    test.until("she has one", |test| test.was_told(grace, "You take an old coin."));
    test.types(0, "give 2 coin grace");
    test.until("she is given two", |test| test.was_told(grace, "Ada gives you 2 old coins."));
    test.types(0, "give 7 coin grace");
    test.until("there are not so many", |test| test.was_told(ada, "That does not work: there are not so many."));
    let (hers, his) = (test.leave(1), test.leave(0));
    let coins = |grant: &hypogeum_protocol::Grant| {
        let coins = grant.items_secured.iter().filter(|item| item.template == "old_coin");
        coins.map(|item| item.state.count).collect::<Vec<_>>()
    };
    assert_eq!((coins(&hers), coins(&his)), (vec![3], vec![1]), "each leaves with what it has");
    let gone: Vec<(u32, u32)> = hers.items_changed.iter().map(|(id, count)| (id.serial, *count)).collect();
    assert_eq!(gone, [(1, 1), (2, 0), (3, 0), (4, 0), (5, 0)], "what was brought and is not that any more is told");
    assert_eq!(his.items_changed, [], "once");
}
