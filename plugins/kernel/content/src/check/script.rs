//! Scripts by themselves, what they name, and who calls them.

use hypogeum_script::{Kind, Literal, Script};

use crate::content::Sources;
use crate::def::{DoorDef, EffectDef, HazardDef, ItemDef, NpcDef, ScriptDef, ScriptNames, TriggerAction, ZoneDef};
use crate::error::Errors;
use crate::locate::Spot;
use crate::nearest::nearest;
use crate::review::{Definition, Keys, Review};
use crate::{Content, ContentError, Link};

impl Definition for ScriptDef {
    const FOLDER: &'static str = "scripts";

    /// Finds what the script names. What it takes for something that is not there is looked for later: a zone knows rooms and
    /// doors, and a pack has no more than what is named.
    fn check(&mut self, _: Spot<'_>, review: &mut Review<'_>) {
        let texts = || self.script.literals().iter().map(|literal| literal.text.as_str());
        self.names = ScriptNames {
            npcs: links(texts(), review.keys),
            effects: links(texts(), review.keys),
            hazards: links(texts(), review.keys),
            items: links(texts(), review.keys),
        };
    }
}

/// Links to every definition of a kind that is named.
fn links<'t, T: Definition>(texts: impl Iterator<Item = &'t str>, keys: &Keys) -> Vec<Link<T>> {
    let Some(keys) = keys.get(T::FOLDER) else { return Vec::new() };
    let mut named: Vec<(&str, u16)> = texts
        .filter_map(|text| keys.get_key_value(text))
        .filter_map(|(key, place)| Some((key.as_str(), (*place)?)))
        .collect();
    named.sort_unstable();
    named.dedup();
    named.into_iter().map(|(key, place)| Link { key: key.to_owned(), id: crate::Id::new(place) }).collect()
}

/// Reads a script; what is wrong with it is noted.
pub(crate) fn read(file: &str, text: &str, errors: &mut Errors) -> Option<ScriptDef> {
    match Script::compile(text) {
        Ok(script) => Some(ScriptDef { script, names: ScriptNames::default() }),
        Err(faults) => {
            for fault in faults {
                errors.push(ContentError {
                    file: file.to_owned(),
                    line: fault.line,
                    column: fault.column,
                    what: fault.what,
                    found: fault.found,
                    expected: fault.expected,
                    hint: fault.hint,
                    ..ContentError::default()
                });
            }
            None
        }
    }
}

/// Texts that are handed over as the key of something that is nowhere.
pub(crate) fn check_names(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, def) in content.scripts.iter() {
        let Some(source) = sources.get(&(ScriptDef::FOLDER, key.to_owned())) else { continue };
        for literal in def.script.literals() {
            let folder = match literal.kind {
                Some(Kind::Npc) => NpcDef::FOLDER,
                Some(Kind::Item) => ItemDef::FOLDER,
                Some(Kind::Effect) => EffectDef::FOLDER,
                Some(Kind::Hazard) => HazardDef::FOLDER,
                _ => continue,
            };
            let known: Vec<&str> = review.keys.get(folder).into_iter().flatten().map(|(key, _)| key.as_str()).collect();
            check_known(&source.file, literal, folder, &known, review);
        }
    }
}

/// Functions that triggers call, and rooms and doors that scripts name, in each zone that calls them.
pub(crate) fn check_calls(content: &Content, sources: &Sources, review: &mut Review<'_>) {
    for (_, key, zone) in content.zones.iter() {
        let Some(at) = sources.get(&(ZoneDef::FOLDER, key.to_owned())).map(|source| source.root().field("triggers"))
        else {
            continue;
        };
        let mut called: Vec<&Link<ScriptDef>> = Vec::new();
        for (index, trigger) in zone.triggers.iter().enumerate() {
            for (place, action) in trigger.then.iter().enumerate() {
                let TriggerAction::Script(link, function) = action else { continue };
                let Some(def) = content.scripts.find(link.id()) else { continue };
                let entries = def.script.entries();
                let at = at.nth(index).field("then").nth(place).nth(1);
                review.known(at, "function", function, entries.iter().map(String::as_str));
                called.push(link);
            }
        }
        called.sort_unstable_by_key(|link| link.id());
        called.dedup_by_key(|link| link.id());
        let rooms: Vec<&str> = zone.rooms.iter().map(|room| room.key.as_str()).collect();
        let doors: Vec<&DoorDef> = zone.ways.iter().filter_map(|way| way.door.as_ref()).collect();
        let doors: Vec<&str> = doors.into_iter().map(|door| door.key.as_str()).collect();
        for link in called {
            let Some(def) = content.scripts.find(link.id()) else { continue };
            let Some(source) = sources.get(&(ScriptDef::FOLDER, link.key().to_owned())) else { continue };
            for literal in def.script.literals() {
                match literal.kind {
                    Some(Kind::Room) => check_known(&source.file, literal, &format!("rooms of {key}"), &rooms, review),
                    Some(Kind::Door) => check_known(&source.file, literal, &format!("doors of {key}"), &doors, review),
                    _ => {}
                }
            }
        }
    }
}

fn check_known(file: &str, literal: &Literal, what: &str, known: &[&str], review: &mut Review<'_>) {
    if known.contains(&literal.text.as_str()) || review.errors.is_full() {
        return;
    }
    let hint = nearest(&literal.text, known.iter().copied()).map(|near| format!("did you mean {near:?}?"));
    let (found, expected) = (format!("{:?}", literal.text), format!("a key of {what}"));
    fault_at(file, literal, "unknown reference", (found, expected), hint, review);
}

/// Notes a mistake where a text stands in a script: what is found there, and what is expected.
pub(super) fn fault_at(
    file: &str,
    literal: &Literal,
    what: &str,
    (found, expected): (String, String),
    hint: Option<String>,
    review: &mut Review<'_>,
) {
    review.errors.push(ContentError {
        file: file.to_owned(),
        line: literal.line,
        column: literal.column,
        what: what.to_owned(),
        found,
        expected,
        hint,
        ..ContentError::default()
    });
}
