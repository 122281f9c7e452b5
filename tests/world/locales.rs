//! Each reads in its own language, whoever stands beside it.

use super::{Person, open, says, until};

#[test]
fn each_reads_in_its_own_language() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path(), &[]);
    let mut ada = Person::come_reading(&server.url, "Ada", "de-AT");
    let mut grace = Person::come_reading(&server.url, "Grace", "tlh");
    let locale = |person: &mut Person| person.player.view().session.as_ref().map(|session| session.locale.clone());
    assert_eq!([locale(&mut ada), locale(&mut grace)], [Some("de".to_owned()), Some("en".to_owned())]);
    ada.enter();
    grace.enter();
    let both = &mut [&mut ada, &mut grace];
    until(both, "each other", |people| people[0].was_told("Grace erscheint."));

    // What one does, the other is told in its own words: of things, of rooms, and what is said.
    says(both, 0, "drop bandage", "Du lässt einen Verband fallen.");
    until(both, "what she dropped", |people| people[1].was_told("Ada drops a bandage."));
    says(both, 0, "look", "Kapelle des letzten Dochts");
    says(both, 1, "look", "Chapel of the Last Wick");
    says(both, 0, "say Grüß Gott", "Du sagst: „Grüß Gott“");
    until(both, "her words", |people| people[1].was_told("Ada says, \"Grüß Gott\""));
    says(both, 1, "tell ada hello", "You tell Ada, \"hello\"");
    until(both, "and back", |people| people[0].was_told("Grace sagt dir: „hello“"));
    says(both, 0, "get bandage", "Du nimmst einen Verband.");
    until(both, "what she took", |people| people[1].was_told("Ada takes a bandage."));

    // Refusals of the place and of the chat.
    says(both, 0, "dance", "„dance“ bedeutet hier nichts.");
    says(both, 0, "tell nobody hello", "Niemand hier heißt nobody.");
    says(both, 1, "tell nobody hello", "Nobody here is called nobody.");
    assert!(server.terminate().status.success(), "it ends in order");
}
