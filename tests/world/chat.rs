//! What people say to one another: who hears it, how much of it, and what is left of it after a `kill -9`.

use hypogeum_client::Change;
use hypogeum_protocol::limits::CHAT_BYTES_MAX;
use hypogeum_protocol::{ChatChannel, ClientMessage, ErrorCode, Ignored};

use super::person::{Person, open, says, until, walks};

/// Frames in which whatever was said has arrived.
const SETTLED_FRAMES: u32 = 15;

fn three(url: &str) -> [Person; 3] {
    let mut people = ["Ada", "Grace", "Linus"].map(|name| Person::come(url, name));
    people.iter_mut().for_each(Person::enter);
    people
}

/// Lets whatever is under way arrive.
fn settle(people: &mut [&mut Person]) {
    (0..SETTLED_FRAMES).for_each(|_| Person::frame_of(people));
}

#[test]
fn words_reach_those_who_hear_them_and_outlive_a_kill() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path(), &[]);
    let [mut ada, mut grace, mut linus] = three(&server.url);
    let all = &mut [&mut ada, &mut grace, &mut linus];
    walks(all, 2, "east", "square");
    they_talk(all);
    let heard: Vec<u64> = all[0].player.view().chat.lines.keys().copied().collect();
    // Lines gather for a quarter of a second before they are written.
    settle(all);
    settle(all);
    let _ = server.kill();
    let server = open(data.path(), &[]);
    come_back(all, &server.url);
    let again: Vec<u64> = all[0].player.view().chat.lines.keys().copied().collect();
    assert_eq!(again, heard, "nothing is heard twice");
    all[0].words.clear();
    all[0].player.client().chat_history(ChatChannel::Room, "", 0);
    settle(all);
    assert!(!all[0].was_told("good evening"), "of what she has heard already nothing is new: {:?}", all[0].words);
    let mut late = Person::come(&server.url, "Dennis");
    late.enter();
    one_reads_and_reports(&mut [&mut *all[2], &mut late]);
}

/// Two talk in a room; a third, in another room, hears what is said to the place, to everyone, and to him alone.
fn they_talk(all: &mut [&mut Person]) {
    says(all, 0, "say good evening", "You say, \"good evening\"");
    until(all, "her words", |people| people[1].was_told("Ada says, \"good evening\""));
    says(all, 1, ":bows", "Grace bows");
    says(all, 0, "shout fire!", "You shout, \"fire!\"");
    until(all, "the shout", |people| people[2].was_told("Ada shouts, \"fire!\""));
    assert!(!all[2].was_told("good evening") && !all[2].was_told("bows"), "walls keep words in: {:?}", all[2].words);
    says(all, 2, "gossip where?", "[global] Linus: where?");
    until(all, "the answer", |people| people[0].was_told("[global] Linus: where?"));

    // By words or by buttons, it is the same.
    all[1].player.client().whisper("lin", "in the chapel");
    until(all, "a whisper", |people| people[2].was_told("Grace tells you, \"in the chapel\""));
    says(all, 2, "reply thank you", "You tell Grace, \"thank you\"");
    until(all, "the reply", |people| people[1].was_told("Linus tells you, \"thank you\""));
    assert!(!all[0].was_told("in the chapel"), "nobody else hears it: {:?}", all[0].words);
    says(all, 0, "tell nobody hello", "Nobody here is called nobody.");
    says(all, 0, "party hello", "You are in no party.");
    says(all, 0, "say \u{301}", "What do you want to say?");

    // Words that are not to be said.
    says(all, 0, "say oh d4rn", "You say, \"oh ****\"");
    says(all, 0, "say visit g o l d s h o p", "That may not be said here.");
    settle(all);
    assert!(!all[1].was_told("s h o p"), "it was not said: {:?}", all[1].words);
}

/// One who comes later, to the room where it was said, reads of it what is not between two others.
fn one_reads_and_reports(both: &mut [&mut Person]) {
    says(both, 1, "history", "Ada says, \"good evening\"");
    assert!(both[1].was_told("Grace bows") && both[1].was_told("\"oh ****\""), "{:?}", both[1].words);
    assert!(!both[1].was_told("in the chapel"), "whispers are not in it: {:?}", both[1].words);
    says(both, 1, "history global", "[global] Linus: where?");
    says(both, 1, "report linus he asks", "The moderators will see it.");
    says(both, 1, "report linus he asks", "You have reported that already.");
    says(both, 1, "report ada", "The moderators will see it.");
    says(both, 1, "report nobody", "You have heard no such line.");
    says(both, 0, "say on we go", "You say, \"on we go\"");
}

/// Everyone connects again, to a server that is back.
fn come_back(people: &mut [&mut Person], url: &str) {
    for person in people.iter_mut() {
        person.room.clear();
        person.player.reconnect(url).expect("the server is back");
    }
    until(people, "the world again", |people| people.iter().all(|person| !person.room.is_empty()));
    settle(people);
}

#[test]
fn one_hears_whom_one_wants_to() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path(), &[]);
    let [mut ada, mut grace, mut linus] = three(&server.url);
    let all = &mut [&mut ada, &mut grace, &mut linus];
    says(all, 0, "mute grace", "You hear Grace no more.");
    says(all, 1, "say can you hear me?", "You say");
    until(all, "her words", |people| people[2].was_told("Grace says"));
    says(all, 0, "say I am here", "You say");
    until(all, "his words", |people| people[1].was_told("Ada says"));
    settle(all);
    assert!(!all[0].was_told("Grace says"), "the one who mutes hears nothing: {:?}", all[0].words);
    says(all, 1, "tell ada hello?", "You tell Ada");
    settle(all);
    assert!(!all[0].was_told("hello?"), "nor a whisper, and nobody notices: {:?}", all[0].words);

    says(all, 0, "block linus", "You and Linus hear each other no more.");
    says(all, 2, "tell ada hello", "Ada does not hear you.");
    says(all, 0, "tell linus hello", "Linus does not hear you.");
    says(all, 0, "say is anybody there?", "You say");
    until(all, "her words", |people| people[1].was_told("is anybody there?"));
    settle(all);
    assert!(!all[2].was_told("anybody there?"), "neither hears the other: {:?}", all[2].words);
    says(all, 0, "mute ada", "That is you.");
    says(all, 0, "mute whoever", "Nobody is called so.");

    // It is kept.
    let _ = server.kill();
    let server = open(data.path(), &[]);
    come_back(all, &server.url);
    says(all, 2, "tell ada still?", "Ada does not hear you.");
    all[0].player.client().ignore("linus", Ignored::Not);
    until(all, "that it is lifted", |people| people[0].was_told("You hear Linus again."));
    says(all, 2, "tell ada at last", "You tell Ada");
    until(all, "his words", |people| people[0].was_told("Linus tells you, \"at last\""));
}

#[test]
fn a_flood_hurts_who_floods_and_nobody_else() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let few = [("HYPOGEUM_CHAT__ROOM__PER_MINUTE", "6"), ("HYPOGEUM_CHAT__ROOM__BURST", "3")];
    let server = open(data.path(), &few);
    let [mut ada, mut grace, mut linus] = three(&server.url);
    let all = &mut [&mut ada, &mut grace, &mut linus];
    // Half by words, half by buttons: one limit for both.
    for number in 0..8 {
        all[0].types(&format!("say word {number}"));
        all[0].player.client().chat(ChatChannel::Room, &format!("button {number}"));
    }
    until(all, "a refusal", |people| people[0].was_told("Not so fast"));
    settle(all);
    let heard = all[1].words.iter().filter(|words| words.starts_with("Ada says")).count();
    assert_eq!(heard, 3, "a burst is said, whichever way: {:?}", all[1].words);
    let refusal = all[0].player.view().last_refusal.expect("it was refused, too");
    assert_eq!(refusal.code, ErrorCode::TooSoon, "with a code");
    assert!((1..=10_000).contains(&refusal.retry_after_ms), "and when to try again: {refusal:?}");
    says(all, 1, "say I am fine", "You say, \"I am fine\"");
    says(all, 0, "gossip me too", "[global] Ada: me too");

    // What is too long, or nonsense, is refused, and the server goes on.
    let chat =
        |words: String| ClientMessage::Chat { channel: ChatChannel::Global, to: String::new(), words, is_emote: false };
    let refused = |all: &mut [&mut Person], words: String| {
        all[2].player.take_seen();
        all[2].player.client().send(&chat(words));
        let mut code = None;
        all[2].player.until("a refusal", |player| {
            let seen = player.take_seen();
            code = code.or(seen.into_iter().find_map(|change| match change {
                Change::Refused(refusal) => Some(refusal.code),
                _ => None,
            }));
            code.is_some()
        });
        code
    };
    assert_eq!(refused(all, "x".repeat(CHAT_BYTES_MAX + 1)), Some(ErrorCode::OutOfRange), "too many bytes");
    assert_eq!(refused(all, "é".repeat(300)), Some(ErrorCode::OutOfRange), "too many characters");
    assert_eq!(refused(all, "a\u{202E}b".to_owned()), Some(ErrorCode::OutOfRange), "letters that turn round");
    says(all, 1, "gossip still here", "[global] Grace: still here");
}
