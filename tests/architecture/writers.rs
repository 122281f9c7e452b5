//! One writer per component: only the crate that declares a component of a shard changes it.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, code_in, crates, manifests, root};

/// Who else may change a component, and why: component, crate, reason. One that nobody needs any more fails.
const EXCEPTIONS: [(&str, &str, &str); 16] = [
    ("Position", "combat", "a projectile's flight ends where it strikes, so combat flies it"),
    ("MoveSpeed", "combat", "speed follows from stats, which space does not know"),
    ("MoveIntent", "combat", "the dead stand still"),
    ("MoveIntent", "npc", "an intent: brains command"),
    ("MoveIntent", "arena", "an intent: players command, and nobody walks before the match is live"),
    ("MoveIntent", "zone", "an intent: players command, by hand or in words"),
    ("Heading", "npc", "an intent: brains command"),
    ("Heading", "arena", "an intent: players command"),
    ("Heading", "zone", "an intent: players command, by hand or in words"),
    ("AbilityIntent", "npc", "an intent: brains command"),
    ("AbilityIntent", "arena", "an intent: players command, and nobody strikes before the match is live"),
    ("AbilityIntent", "zone", "an intent: players command, by hand or in words"),
    ("EquipmentBonus", "items", "what is worn is known to items; combat only adds it up"),
    ("AbilitySlots", "items", "slot 0 is that of the worn weapon"),
    ("Regeneration", "npc", "only a brain knows that its owner is at peace and mends"),
    ("Brain", "hypogeum", "simulate gives autopilots another behaviour before the first step"),
];

/// The band whose components these are.
const BAND: &str = "rules";

/// Names and marks of a source text, one after the other.
fn tokens(lines: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut is_open = false;
    for character in lines.into_iter().flat_map(|line| (line + "\n").chars().collect::<Vec<_>>()) {
        let is_name = character.is_alphanumeric() || character == '_';
        match found.last_mut() {
            Some(token) if is_name && is_open => token.push(character),
            _ if character.is_whitespace() => {}
            _ => found.push(character.to_string()),
        }
        is_open = is_name;
    }
    found
}

/// The names of all components that a source text declares.
fn declared(tokens: &[String]) -> Vec<String> {
    let starts = tokens.windows(2).enumerate().filter(|(_, pair)| pair[0] == "derive" && pair[1] == "(");
    let components = starts.filter_map(|(at, _)| {
        let rest = &tokens[at..];
        let end = rest.iter().position(|token| token == ")")?;
        if !rest[..end].iter().any(|token| token == "Component") {
            return None;
        }
        let kind = rest.iter().position(|token| token == "struct" || token == "enum")?;
        rest.get(kind + 1).cloned()
    });
    components.collect()
}

/// The last name of the path that begins here: `Health` of `hypogeum_combat::Health`.
fn path_end(tokens: &[String]) -> Option<&str> {
    let mut at = 0;
    while tokens.get(at + 1).is_some_and(|token| token == ":") && tokens.get(at + 2).is_some_and(|token| token == ":") {
        at += 3;
    }
    tokens.get(at).map(String::as_str)
}

/// Skips a lifetime and what parts it from the type after it.
fn after_lifetime(tokens: &[String]) -> &[String] {
    match tokens {
        [quote, _, comma, rest @ ..] if quote == "'" && comma == "," => rest,
        [quote, _, rest @ ..] if quote == "'" => rest,
        _ => tokens,
    }
}

/// The names of all types that a source text takes to change: `&mut T`, `Mut<T>` and `get_mut::<T>`.
fn changed(tokens: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for at in 0..tokens.len() {
        let rest = &tokens[at + 1..];
        let changed = match tokens[at].as_str() {
            "&" => match after_lifetime(rest) {
                [mutable, rest @ ..] if mutable == "mut" => path_end(rest),
                _ => None,
            },
            "Mut" => match rest {
                [open, rest @ ..] if open == "<" => path_end(after_lifetime(rest)),
                _ => None,
            },
            "get_mut" => match rest {
                [one, other, open, rest @ ..] if one == ":" && other == ":" && open == "<" => path_end(rest),
                _ => None,
            },
            _ => None,
        };
        found.extend(changed.map(str::to_owned));
    }
    found
}

fn tokens_of(lines: Vec<(std::path::PathBuf, usize, String)>) -> Vec<String> {
    tokens(lines.into_iter().map(|(.., line)| line))
}

#[test]
fn a_component_is_changed_only_by_the_crate_that_declares_it() {
    let manifests = manifests();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for name in manifests.iter().filter(|(_, manifest)| manifest.band == BAND).map(|(name, _)| name) {
        // `space` gives shards what geometry declares.
        let lent = if name == "space" { code("geometry") } else { Vec::new() };
        for component in declared(&tokens_of(code(name).into_iter().chain(lent).collect())) {
            let other = owners.insert(component.clone(), name.clone());
            assert_eq!(other, None, "{component} is declared twice, in {name} as well");
        }
    }
    assert!(owners.len() > 30, "components were looked for and {} found", owners.len());
    let crates = crates().into_keys().map(|name| (code(&name), name));
    let mut needed = BTreeSet::new();
    for (code, name) in crates.chain([(code_in(&root().join("src")), "hypogeum".to_owned())]) {
        let tokens = tokens_of(code);
        let own = declared(&tokens);
        for component in changed(&tokens) {
            let Some(owner) = owners.get(&component).filter(|owner| **owner != name) else { continue };
            // A crate that does not import the owner has a type of the same name.
            let imports = |manifest: &super::Manifest| manifest.dependencies.contains(&format!("hypogeum-{owner}"));
            if own.contains(&component) || !manifests.get(&name).is_none_or(imports) {
                continue;
            }
            let excused = EXCEPTIONS.iter().any(|(what, who, _)| *what == component && *who == name);
            assert!(excused, "{name} changes {component}, which is {owner}'s");
            needed.insert((component, name.clone()));
        }
    }
    for (component, name, _) in EXCEPTIONS {
        let used = needed.contains(&(component.to_owned(), name.to_owned()));
        assert!(used, "nobody needs it any more that {name} may change {component}");
    }
}

#[test]
fn writers_are_found_however_they_are_written() {
    let source = "fn system(mut all: Query<(&mut Health, Option<&'static mut space::Position>)>, a: &Mana) {
        world.get_mut::<MoveIntent>(entity); fn f(one: &mut Mut<'_, Heading>) {} let x = &mut list;
    }";
    let found = changed(&tokens(source.lines().map(str::to_owned)));
    for written in ["Health", "Position", "MoveIntent", "Heading"] {
        assert!(found.contains(written), "{written} is changed there");
    }
    assert!(!found.contains("Mana"), "what is only read is not changed");
    let source = "#[derive(Component, Clone)] #[component(immutable)] pub struct NetIdOf(pub NetId); #[derive(Clone)] struct Other;";
    assert_eq!(declared(&tokens([source.to_owned()])), ["NetIdOf"], "what derives Component is one");
}
