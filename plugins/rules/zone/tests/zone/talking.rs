//! What is said, and with which things.

use hypogeum_protocol::{ChatChannel, ClientMessage, Ignored, Seat};
use hypogeum_shard::{Hearing, PlaceKind, Speeches};
use hypogeum_world_messages::LINE_BYTES_MAX;
use hypogeum_zone::Zone;

use crate::yard::TestZone;

#[test]
fn what_is_said_is_handed_to_the_host_with_those_who_hear_it() {
    let mut test = TestZone::new();
    let (ada, grace) = (test.newcomer(0, "Ada"), test.newcomer(1, "Grace"));
    assert!(test.was_told(ada, "Grace appears."), "she is seen to come: {:?}", test.words(ada));
    assert!(test.was_told(grace, "Ada is here."), "and sees who is there: {:?}", test.words(grace));
    let chat = |channel, to: &str, words: &str, is_emote| ClientMessage::Chat {
        channel,
        to: to.to_owned(),
        words: words.to_owned(),
        is_emote,
    };
    let history = |channel, with: &str| ClientMessage::ChatHistory { channel, with: with.to_owned(), before: 0 };
    let ignore = |ignored| ClientMessage::Ignore { name: "grace".to_owned(), ignored };
    let lines = [
        ("'good evening", chat(ChatChannel::Room, "", "good evening", false)),
        ("say  good  evening ", chat(ChatChannel::Room, "", "good  evening", false)),
        (":waves.", chat(ChatChannel::Room, "", "waves.", true)),
        ("tell gra come back", chat(ChatChannel::Whisper, "gra", "come back", false)),
        ("reply yes", chat(ChatChannel::Whisper, "", "yes", false)),
        ("shout fire", chat(ChatChannel::Zone, "", "fire", false)),
        ("gossip hello", chat(ChatChannel::Global, "", "hello", false)),
        ("chat hello", chat(ChatChannel::Global, "", "hello", false)),
        ("party ready?", chat(ChatChannel::Party, "", "ready?", false)),
        ("mute grace", ignore(Ignored::Muted)),
        ("block grace", ignore(Ignored::Blocked)),
        ("unmute grace", ignore(Ignored::Not)),
        ("unblock grace", ignore(Ignored::Not)),
        ("history", history(ChatChannel::Room, "")),
        ("history global", history(ChatChannel::Global, "")),
        ("history tell grace", history(ChatChannel::Whisper, "grace")),
        ("history grace", history(ChatChannel::Whisper, "grace")),
        (
            "report grace she shouts",
            ClientMessage::ReportChat { line: 0, from: "grace".to_owned(), reason: "she shouts".to_owned() },
        ),
    ];
    for (line, message) in lines {
        test.types(0, line);
        assert_eq!(test.shard.world().resource::<Speeches>().0, [(Seat(0), message)], "{line}");
    }
    let hearing = |test: &TestZone, seat| Zone::hearing(test.shard.world(), Seat(seat));
    let both = Some(Hearing { room: "hall".to_owned(), seats: vec![Seat(0), Seat(1)] });
    assert_eq!(hearing(&test, 0), both, "in one room each hears the other");
    test.types(1, "open door");
    test.walk(1, "east", "yard");
    assert!(test.was_told(ada, "Grace leaves."), "{:?}", test.words(ada));
    let alone = Some(Hearing { room: "hall".to_owned(), seats: vec![Seat(0)] });
    assert_eq!(hearing(&test, 0), alone, "walls keep words in");
    assert_eq!(hearing(&test, 7), None, "who is not here says nothing");
    test.step(&[]);
    assert!(test.shard.world().resource::<Speeches>().0.is_empty(), "what was said is said once");
    test.types(0, "who");
    assert!(test.was_told(ada, "Here are: Ada, Grace."), "{:?}", test.words(ada));
}

#[test]
fn nonsense_is_answered_and_changes_nothing() {
    let mut test = TestZone::new();
    let ada = test.newcomer(0, "Ada");
    test.newcomer(1, "Grace");
    test.steps(2);
    let before = test.shard.snapshot();
    let lines = [
        ("lokk", "\"lokk\" means nothing here. Did you mean look or block or loot?"),
        ("get moon", "There is no moon here."),
        ("drop moon", "You carry no moon."),
        ("attack moon", "There is no moon here."),
        ("give bandage moon", "There is no moon here."),
        ("open moon", "There is no door moon."),
        ("go moon", "There is no way moon from here."),
        ("say \u{202E}dlrow", "That cannot be said"),
        ("attack grace", "Nobody fights here."),
        ("wear bandage", "That does not work: it is not made for that."),
    ];
    for (line, answer) in lines {
        test.told.clear();
        test.types(0, line);
        test.steps(1);
        assert!(test.was_told(ada, answer), "{line}: {:?}", test.words(ada));
    }
    test.told.clear();
    test.types(0, &format!("say {}", "a".repeat(LINE_BYTES_MAX)));
    assert!(test.words(ada).iter().any(|words| words.starts_with("That cannot be said")), "{:?}", test.words(ada));
    let differences = test.shard.differences(&before).expect("it is a snapshot of this");
    assert!(
        differences.iter().all(|one| !["place", "doors", "character"].contains(&one.column)),
        "nothing has moved: {differences:?}"
    );
}

#[test]
fn things_change_hands_in_words() {
    let mut test = TestZone::new();
    let (ada, grace) = (test.newcomer(0, "Ada"), test.newcomer(1, "Grace"));
    let items = test.items();
    test.types(0, "i");
    assert!(test.was_told(ada, "bandage"), "a newcomer has what its archetype starts with: {:?}", test.words(ada));
    test.types(0, "drop bandage");
    test.steps(1);
    assert!(test.was_told(ada, "You drop a") && test.was_told(grace, "Ada drops a"), "{:?}", test.words(grace));
    test.types(1, "get bandage");
    test.until("she has walked there and taken it", |test| test.was_told(grace, "You take a"));
    assert!(test.was_told(ada, "Grace takes a"), "{:?}", test.words(ada));
    test.types(1, "give bandage to ada");
    test.until("she gives it back", |test| test.was_told(ada, "Grace gives you a"));
    test.types(0, "remove all");
    test.types(0, "wear all");
    test.types(0, "get all");
    test.types(0, "stats");
    assert!(test.was_told(ada, "Ada, level 1"), "{:?}", test.words(ada));
    test.types(0, "use bandage");
    test.steps(1);
    test.types(0, "effects");
    assert!(test.was_told(ada, "Active effects: "), "{:?}", test.words(ada));
    assert_eq!(test.items().len() + 1, items.len(), "one is used up, and nothing else is lost or doubled");
}

#[test]
fn a_crowd_is_listed_as_far_as_anyone_reads() {
    let mut test = TestZone::new();
    for seat in 0..80 {
        test.newcomer(seat, &format!("{seat:0>96}"));
    }
    let first = test.avatar(0);
    test.told.clear();
    test.types(0, "who");
    assert!(test.was_told(first, ", and 55 more."), "the rest is counted");
    test.types(0, "look");
    assert!(test.words(first).len() <= 43, "and as many are seen as one can take in");
}
