//! Whatever a file holds, loading answers; and the hash tells contents apart.

mod shipped_files;

use hypogeum_content::{Content, limits};
use proptest::prelude::*;
use shipped_files::SHIPPED;

/// A change of a text that leaves most of it as it was.
#[derive(Clone, Debug)]
enum Mutation {
    Cut { at: usize, chars: usize },
    Insert { at: usize, text: String },
    Number { nth: usize, value: i64 },
    Repeat { at: usize, chars: usize, times: usize },
}

fn mutations() -> impl Strategy<Value = Mutation> {
    let number = prop_oneof![any::<i64>(), -1_i64..=70_000, Just(0), Just(i64::from(u32::MAX)), Just(i64::MIN)];
    prop_oneof![
        (any::<usize>(), 1_usize..40).prop_map(|(at, chars)| Mutation::Cut { at, chars }),
        (any::<usize>(), "[\\PC\n]{1,8}").prop_map(|(at, text)| Mutation::Insert { at, text }),
        (any::<usize>(), "[(\\[{}\\]),:\"/*#r']{1,6}").prop_map(|(at, text)| Mutation::Insert { at, text }),
        (any::<usize>(), number.clone()).prop_map(|(nth, value)| Mutation::Number { nth, value }),
        (any::<usize>(), number).prop_map(|(nth, value)| Mutation::Number { nth, value }),
        (any::<usize>(), 1_usize..60, 2_usize..30).prop_map(|(at, chars, times)| Mutation::Repeat { at, chars, times }),
    ]
}

fn mutate(text: &str, mutation: &Mutation) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    match mutation {
        Mutation::Cut { at, chars: count } => {
            let at = at % chars.len().max(1);
            chars.drain(at..(at + count).min(chars.len()));
        }
        Mutation::Insert { at, text } => {
            let at = at % (chars.len() + 1);
            chars.splice(at..at, text.chars());
        }
        Mutation::Number { nth, value } => {
            let starts: Vec<usize> = (1..chars.len())
                .filter(|at| chars[*at].is_ascii_digit() && !chars[at - 1].is_ascii_alphanumeric())
                .collect();
            if let Some(at) = starts.get(nth % starts.len().max(1)).copied() {
                let digits = chars[at..].iter().take_while(|char| char.is_ascii_digit()).count();
                chars.splice(at..at + digits, value.to_string().chars());
            }
        }
        Mutation::Repeat { at, chars: count, times } => {
            let at = at % chars.len().max(1);
            let part = chars[at..(at + count).min(chars.len())].repeat(*times);
            chars.splice(at..at, part);
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_file_is_taken_or_refused_at_a_place_in_it(
        nth in any::<usize>(),
        changes in proptest::collection::vec(mutations(), 1..4),
    ) {
        let mut files = SHIPPED.clone();
        let nth = nth % files.len();
        files[nth].1 = changes.iter().fold(files[nth].1.clone(), |text, change| mutate(&text, change));
        let paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
        if let Err(errors) = Content::from_files(files.clone()) {
            prop_assert!(!errors.is_empty(), "a refusal has a reason");
            for error in errors {
                let file = paths.iter().position(|path| *path == error.file);
                prop_assert!(file.is_some(), "{error}: it names a file that is there");
                let text = &files[file.unwrap_or_default()].1;
                let line = text.split('\n').nth(error.line as usize - 1);
                prop_assert!(line.is_some(), "{error}: the line exists");
                let columns = line.unwrap_or_default().chars().count() + 1;
                prop_assert!((1..=columns).contains(&(error.column as usize)), "{error}: the column exists");
            }
        }
    }

    #[test]
    fn the_hash_ignores_the_order_of_listing(files in Just(SHIPPED.clone()).prop_shuffle()) {
        let shuffled = Content::from_files(files).map(|content| content.hash);
        let listed = Content::from_files(SHIPPED.clone()).map(|content| content.hash);
        prop_assert!(listed.is_ok(), "the shipped files are sound");
        prop_assert_eq!(shuffled, listed, "a directory has no order");
    }
}

#[test]
fn a_moved_file_is_another_content() {
    let hash = |files: &[(&str, &str)]| Content::from_files(files.iter().copied()).map(|content| content.hash);
    let nothing = "(rolls: 0)";
    let one = hash(&[("loot/a.ron", nothing)]);
    assert!(one.is_ok(), "an empty table is sound");
    assert_ne!(one, hash(&[("loot/b.ron", nothing)]), "its key counts");
    assert_ne!(one, hash(&[("loot/a.ron", nothing), ("loot/b.ron", nothing)]), "and how many there are");
    assert_eq!(one, hash(&[("loot/a.ron", nothing), ("README.md", "words")]), "but not what is no definition");
}

#[test]
fn keys_and_places_agree() {
    let content = Content::from_files(SHIPPED.clone()).expect("the shipped files are sound");
    for (id, key, _) in content.items.iter() {
        assert_eq!(content.items.id(key), Some(id), "{key} is found where it is listed");
    }
    for (_, key, item) in content.items.iter() {
        let Some(ability) = &item.ability else { continue };
        let place = content.abilities.id(ability.key());
        assert_eq!(place, Some(ability.id()), "the attack of {key} leads to the ability of its name");
    }
}

#[test]
fn more_mistakes_than_anyone_reads() {
    let bad = "(weight: 0, drop: Item(\"nothing\")),".repeat(6_000);
    let text = format!("(rolls: 1, entries: [{bad}])");
    let errors = Content::from_files([("loot/bad.ron", text)]).expect_err("all of it is wrong");
    assert_eq!(errors.len(), limits::ERRORS_MAX, "the list of mistakes is bounded");
}
