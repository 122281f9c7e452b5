//! What players read of definitions, by the messages that other languages say it with.

use std::collections::BTreeMap;

use crate::Content;

/// Something players read of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentText {
    /// The message that says it in other languages.
    pub id: String,
    /// The attribute of that message; `None`: its value.
    pub part: Option<&'static str>,
    /// As the definition says it.
    pub words: String,
}

/// The part of the message of a room, a type of creature, a tournament or a board that says what it is like.
pub const DESCRIPTION: &str = "description";

/// Ids of messages about definitions: no other message begins so.
pub const PREFIXES: [&str; 14] = [
    "ability-",
    "achievement-",
    "archetype-",
    "cosmetic-",
    "creature-",
    "effect-",
    "hazard-",
    "item-",
    "ladder-",
    "leaderboard-",
    "npc-",
    "opponent-",
    "tournament-",
    "zone-",
];

/// The message of an ability's name.
#[must_use]
pub fn ability(key: &str) -> String {
    format!("ability-{key}")
}

/// The message of an archetype's name.
#[must_use]
pub fn archetype(key: &str) -> String {
    format!("archetype-{key}")
}

/// The message of the name of a type of creature; its attribute [`DESCRIPTION`] says what it is like.
#[must_use]
pub fn creature(key: &str) -> String {
    format!("creature-{key}")
}

/// The message of an effect's name.
#[must_use]
pub fn effect(key: &str) -> String {
    format!("effect-{key}")
}

/// The message of a hazard's name.
#[must_use]
pub fn hazard(key: &str) -> String {
    format!("hazard-{key}")
}

/// The message of an item's name.
#[must_use]
pub fn item(key: &str) -> String {
    format!("item-{key}")
}

/// The message of the name of a ladder; its attribute [`DESCRIPTION`] says what it is like.
#[must_use]
pub fn ladder(key: &str) -> String {
    format!("ladder-{key}")
}

/// The message of the name of a ladder's rank.
#[must_use]
pub fn ladder_rank(ladder: &str, key: &str) -> String {
    format!("ladder-{ladder}-rank-{key}")
}

/// The message of the name of an achievement; its attribute [`DESCRIPTION`] says what it takes.
#[must_use]
pub fn achievement(key: &str) -> String {
    format!("achievement-{key}")
}

/// The message of the name of a cosmetic; its attribute [`DESCRIPTION`] says what it looks like.
#[must_use]
pub fn cosmetic(key: &str) -> String {
    format!("cosmetic-{key}")
}

/// The message of the name of a board; its attribute [`DESCRIPTION`] says what it counts.
#[must_use]
pub fn leaderboard(key: &str) -> String {
    format!("leaderboard-{key}")
}

/// The message of an NPC's name.
#[must_use]
pub fn npc(key: &str) -> String {
    format!("npc-{key}")
}

/// The message of the name of an opponent's level.
#[must_use]
pub fn opponent(key: &str) -> String {
    format!("opponent-{key}")
}

/// The message of a tournament's name; its attribute [`DESCRIPTION`] says what it is like.
#[must_use]
pub fn tournament(key: &str) -> String {
    format!("tournament-{key}")
}

/// The message of a zone's name.
#[must_use]
pub fn zone(key: &str) -> String {
    format!("zone-{key}")
}

/// The message of a room's name; its attribute [`DESCRIPTION`] says what it looks like.
#[must_use]
pub fn room(zone: &str, key: &str) -> String {
    format!("zone-{zone}-room-{key}")
}

/// The message of a door's name.
#[must_use]
pub fn door(zone: &str, key: &str) -> String {
    format!("zone-{zone}-door-{key}")
}

/// The message of a lever's name.
#[must_use]
pub fn lever(zone: &str, key: &str) -> String {
    format!("zone-{zone}-lever-{key}")
}

impl Content {
    /// The messages of all that players read of its definitions, each with the attributes it has.
    #[must_use]
    pub fn messages(&self) -> BTreeMap<String, Vec<&'static str>> {
        let mut messages: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
        for text in self.texts() {
            messages.entry(text.id).or_default().extend(text.part);
        }
        messages
    }

    /// All that players read of its definitions, folder by folder.
    #[must_use]
    pub fn texts(&self) -> Vec<ContentText> {
        let mut texts = Vec::new();
        let mut add = |id: String, words: &str| texts.push(ContentText { id, part: None, words: words.to_owned() });
        self.abilities.iter().for_each(|(_, key, def)| add(ability(key), &def.name));
        self.achievements.iter().for_each(|(_, key, def)| add(achievement(key), &def.name));
        self.archetypes.iter().for_each(|(_, key, def)| add(archetype(key), &def.name));
        self.cosmetics.iter().for_each(|(_, key, def)| add(cosmetic(key), &def.name));
        self.creatures.iter().for_each(|(_, key, def)| add(creature(key), &def.name));
        self.effects.iter().for_each(|(_, key, def)| add(effect(key), &def.name));
        self.hazards.iter().for_each(|(_, key, def)| add(hazard(key), &def.name));
        self.items.iter().for_each(|(_, key, def)| add(item(key), &def.name));
        for (_, key, def) in self.ladders.iter() {
            add(ladder(key), &def.name);
            def.ranks.iter().for_each(|it| add(ladder_rank(key, &it.key), &it.name));
        }
        self.leaderboards.iter().for_each(|(_, key, def)| add(leaderboard(key), &def.name));
        self.npcs.iter().for_each(|(_, key, def)| add(npc(key), &def.name));
        self.opponents.iter().for_each(|(_, key, def)| add(opponent(key), &def.name));
        self.tournaments.iter().for_each(|(_, key, def)| add(tournament(key), &def.name));
        for (_, key, def) in self.zones.iter() {
            add(zone(key), &def.name);
            def.ways.iter().filter_map(|way| way.door.as_ref()).for_each(|it| add(door(key, &it.key), &it.name));
            def.levers.iter().for_each(|it| add(lever(key, &it.key), &it.name));
            def.rooms.iter().for_each(|it| add(room(key, &it.key), &it.name));
        }
        for (_, key, def) in self.zones.iter() {
            let described = def.rooms.iter().map(|it| ContentText {
                id: room(key, &it.key),
                part: Some(DESCRIPTION),
                words: it.description.clone(),
            });
            texts.extend(described);
        }
        let described = |id: String, words: &str| ContentText { id, part: Some(DESCRIPTION), words: words.to_owned() };
        texts.extend(self.achievements.iter().map(|(_, key, def)| described(achievement(key), &def.description)));
        texts.extend(self.cosmetics.iter().map(|(_, key, def)| described(cosmetic(key), &def.description)));
        texts.extend(self.creatures.iter().map(|(_, key, def)| described(creature(key), &def.description)));
        texts.extend(self.ladders.iter().map(|(_, key, def)| described(ladder(key), &def.description)));
        texts.extend(self.leaderboards.iter().map(|(_, key, def)| described(leaderboard(key), &def.description)));
        texts.extend(self.tournaments.iter().map(|(_, key, def)| described(tournament(key), &def.description)));
        texts
    }
}
