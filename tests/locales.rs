//! What ships can be read in all its languages.

use std::path::Path;

use hypogeum::Game;
use hypogeum_content::Content;
use hypogeum_locale::{LocaleFile, Locales, Message, Value};

#[test]
fn all_that_ships_is_said_in_every_language() {
    let assets = Path::new("assets");
    let locales = Game::shipped().locales(assets).expect("the files are good");
    assert_eq!(locales.tags().collect::<Vec<_>>(), ["en", "de"]);
    let content = Content::load(assets).expect("it is good");
    assert_eq!(locales.differences(&content.messages()), []);
    // What triggers, NPCs and scripts say stands in English beside them or in a message, and shipped ones in a message.
    for folder in ["zones", "npcs", "scripts"] {
        for entry in std::fs::read_dir(assets.join(folder)).expect("a folder") {
            let path = entry.expect("a file").path();
            let text = std::fs::read_to_string(&path).expect("a text");
            let said = ["Tell(\"", "words: \"", "says: \"", "tell(who(), \"", "announce(\"crypt\", \""];
            for what in said.iter().flat_map(|start| text.split(start).skip(1)) {
                assert!(what.starts_with("line-"), "{}: {:.40}", path.display(), what);
            }
        }
    }
}

#[test]
fn names_have_the_forms_that_german_asks_for() {
    let locales = Game::shipped().locales(Path::new("assets")).expect("the files are good");
    let de = locales.find("de-CH");
    let wolf = || Value::thing("npc-wolf", "the hollow wolf", 1);
    let said = |id, name, value: Value| locales.words(de, &Message::new(id).with(name, value).with("amount", 3));
    assert_eq!(said("you-hit", "whom", wolf()), "Du triffst den hohlen Wolf für 3.");
    assert_eq!(said("hits-you", "who", wolf()), "Der hohle Wolf trifft dich für 3.");
    assert_eq!(said("you-get", "what", Value::thing("item-old_coin", "12 old coins", 12)), "Du nimmst 12 alte Münzen.");
    assert_eq!(said("you-follow", "whom", wolf()), "Du folgst dem hohlen Wolf.");
}

#[test]
fn the_example_of_the_guide_is_what_a_studio_can_write() {
    let guide = std::fs::read_to_string("assets/README.md").expect("it ships");
    let example = guide.split("```ftl\n").nth(1).and_then(|rest| rest.split("```").next()).expect("it has one");
    let assets = Path::new("assets");
    let game = Game::shipped();
    let files = game.kinds().messages().chain(hypogeum_chat::MESSAGES.iter().cloned());
    let files = files.chain(LocaleFile::read_all(assets).expect("the files are good"));
    let studio = LocaleFile::of_studio("locales/de.ours.ftl".to_owned(), example.to_owned());
    let locales = Locales::new(files.chain([studio])).expect("the example is good");
    let content = Content::load(assets).expect("it is good");
    assert_eq!(locales.differences(&content.messages()), [], "and says what is said");
    let inn = Value::part("zone-lanternfoot-room-inn", "description", "");
    let words = locales.value_words(locales.find("de"), &inn);
    assert_eq!(words, "Die Decke ist niedrig, das Feuer hoch.", "in its own words");
}
