//! Everything a match can be made of, loaded and cross-checked.

use std::collections::BTreeMap;

use crate::check;
use crate::def::{
    AbilityDef, AchievementDef, ArchetypeDef, BattleDef, BehaviourDef, CosmeticDef, CreatureDef, DailyDef, EffectDef,
    HazardDef, ItemDef, LadderDef, LeaderboardDef, LootDef, MapDef, ModeDef, NpcDef, OpponentDef, ScriptDef,
    TournamentDef, ZoneDef,
};
use crate::error::Errors;
use crate::files::{Draft, Files};
use crate::limits::PACK_BYTES_MAX;
use crate::locate::Source;
use crate::review::{Definition, Keys, Review};
use crate::{CheckReport, ContentError, Table, lint, pack};

/// All definitions. Immutable once loaded; matches share it behind an `Arc`.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// What fighters can do: `assets/abilities/`.
    pub abilities: Table<AbilityDef>,
    /// What players achieve, and what that earns: `assets/achievements/`.
    pub achievements: Table<AchievementDef>,
    /// What characters of players are made as: `assets/archetypes/`.
    pub archetypes: Table<ArchetypeDef>,
    /// How creatures fight: `assets/battles/`.
    pub battles: Table<BattleDef>,
    /// How brains decide: `assets/behaviours/`.
    pub behaviours: Table<BehaviourDef>,
    /// What players wear to be looked at: `assets/cosmetics/`.
    pub cosmetics: Table<CosmeticDef>,
    /// Types of creatures: `assets/creatures/`.
    pub creatures: Table<CreatureDef>,
    /// What comes for each day in a row: `assets/daily/`.
    pub daily: Table<DailyDef>,
    /// What abilities, items and hazards put on fighters: `assets/effects/`.
    pub effects: Table<EffectDef>,
    /// Dangers of a place: `assets/hazards/`.
    pub hazards: Table<HazardDef>,
    /// Kinds of items: `assets/items/`.
    pub items: Table<ItemDef>,
    /// Ladders of rated battles: `assets/ladders/`.
    pub ladders: Table<LadderDef>,
    /// Boards of who is best: `assets/leaderboards/`.
    pub leaderboards: Table<LeaderboardDef>,
    /// Tables of what may be found: `assets/loot/`.
    pub loot: Table<LootDef>,
    /// Grounds to lay out: `assets/maps/`.
    pub maps: Table<MapDef>,
    /// Ways to play: `assets/modes/`.
    pub modes: Table<ModeDef>,
    /// Kinds of NPCs: `assets/npcs/`.
    pub npcs: Table<NpcDef>,
    /// Opponents of creatures that are machines: `assets/opponents/`.
    pub opponents: Table<OpponentDef>,
    /// What triggers of zones call: `assets/scripts/`.
    pub scripts: Table<ScriptDef>,
    /// Tournaments of creatures: `assets/tournaments/`.
    pub tournaments: Table<TournamentDef>,
    /// Places that stay: `assets/zones/`.
    pub zones: Table<ZoneDef>,
    /// BLAKE3 over what was parsed, each definition by its path: comments, spaces and line ends change nothing. Of scripts it is over
    /// the text, for errors in them are told by line: there only line ends change nothing.
    pub hash: [u8; 32],
    /// Texts of `assets/own/`, by key.
    pub(crate) own: BTreeMap<String, String>,
}

/// A definition of a studio's own is not what its kind expects.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("own/{key}.ron: {why}")]
pub struct OwnError {
    /// The name of its file, without ending.
    pub key: String,
    /// With line and column, where there are any.
    pub why: String,
}

/// What files are put together for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be used: what is wrong is said.
    Load,
    /// To be looked at by a designer, too: what looks wrong is said as well.
    Review,
    /// To go on with a pack, which holds a part only: what may lie outside it is not missed.
    Unpack,
}

impl Content {
    /// Content from files in memory: each a path from the content folder on (`items/medkit.ron`) and its text.
    ///
    /// # Errors
    /// Everything that is wrong, by file, line and column.
    pub fn from_files<P, T>(files: impl IntoIterator<Item = (P, T)>) -> Result<Self, Vec<ContentError>>
    where
        P: Into<String>,
        T: Into<String>,
    {
        let files = files.into_iter().map(|(path, text)| (path.into(), text.into()));
        Self::assemble(files, Errors::default(), Purpose::Load).into_result()
    }

    /// The text of a studio's own definition, `assets/own/<key>.ron`, which is one of `T`. It is no part of the hash: a match keeps
    /// the text it began with in its setup, and reads it by [`Content::read_own`].
    ///
    /// # Errors
    /// [`OwnError`]: there is none, or it is not one of these.
    pub fn own_text<T: serde::de::DeserializeOwned>(&self, key: &str) -> Result<String, OwnError> {
        let missing = || OwnError { key: key.to_owned(), why: "there is no such file".to_owned() };
        let text = self.own.get(key).ok_or_else(missing)?;
        Self::read_own::<T>(key, text).map(|_| text.clone())
    }

    /// Reads the text of a studio's own definition.
    ///
    /// # Errors
    /// [`OwnError`]: it is not one of these.
    pub fn read_own<T: serde::de::DeserializeOwned>(key: &str, text: &str) -> Result<T, OwnError> {
        ron::from_str(text).map_err(|error| OwnError { key: key.to_owned(), why: error.to_string() })
    }

    /// As [`Content::from_files`], with everything that looks as if it were wrong.
    #[must_use]
    pub fn check_files<P, T>(files: impl IntoIterator<Item = (P, T)>) -> CheckReport
    where
        P: Into<String>,
        T: Into<String>,
    {
        let files = files.into_iter().map(|(path, text)| (path.into(), text.into()));
        Self::assemble(files, Errors::default(), Purpose::Review)
    }

    /// Puts files together; with warnings where those are wanted, and where nothing is wrong.
    pub(crate) fn assemble(
        files: impl Iterator<Item = (String, String)>,
        mut errors: Errors,
        purpose: Purpose,
    ) -> CheckReport {
        let files = Files::sort(files, &mut errors);
        let mut drafts = Drafts::parse(&files, &mut errors);
        drafts.check(&files, &mut errors);
        let (mut content, sources) = drafts.finish();
        check::cross_check(&content, &sources, &files.keys(), purpose, &mut errors);
        let pack = pack::write(&content);
        content.hash = pack::hash(&pack);
        if pack.len() > PACK_BYTES_MAX {
            errors.push_file("", "too much content", "more", format!("at most {PACK_BYTES_MAX} bytes in all files"));
        }
        let is_sound = errors.is_empty();
        if purpose == Purpose::Review && is_sound {
            lint::look(&content, &sources, &mut errors);
        }
        let (errors, warnings) = errors.into_sorted();
        CheckReport { content: is_sound.then_some(content), errors, warnings }
    }
}

/// Definitions parsed one by one, each beside its source.
struct Drafts {
    abilities: Vec<Draft<AbilityDef>>,
    achievements: Vec<Draft<AchievementDef>>,
    archetypes: Vec<Draft<ArchetypeDef>>,
    battles: Vec<Draft<BattleDef>>,
    behaviours: Vec<Draft<BehaviourDef>>,
    cosmetics: Vec<Draft<CosmeticDef>>,
    creatures: Vec<Draft<CreatureDef>>,
    daily: Vec<Draft<DailyDef>>,
    effects: Vec<Draft<EffectDef>>,
    hazards: Vec<Draft<HazardDef>>,
    items: Vec<Draft<ItemDef>>,
    ladders: Vec<Draft<LadderDef>>,
    leaderboards: Vec<Draft<LeaderboardDef>>,
    loot: Vec<Draft<LootDef>>,
    maps: Vec<Draft<MapDef>>,
    modes: Vec<Draft<ModeDef>>,
    npcs: Vec<Draft<NpcDef>>,
    opponents: Vec<Draft<OpponentDef>>,
    scripts: Vec<Draft<ScriptDef>>,
    tournaments: Vec<Draft<TournamentDef>>,
    zones: Vec<Draft<ZoneDef>>,
}

/// Sources by folder and key, for mistakes that show only when everything is there.
pub(crate) type Sources = BTreeMap<(&'static str, String), Source>;

impl Drafts {
    fn parse(files: &Files, errors: &mut Errors) -> Self {
        Self {
            abilities: files.parse(errors),
            achievements: files.parse(errors),
            archetypes: files.parse(errors),
            battles: files.parse(errors),
            behaviours: files.parse(errors),
            cosmetics: files.parse(errors),
            creatures: files.parse(errors),
            daily: files.parse(errors),
            effects: files.parse(errors),
            hazards: files.parse(errors),
            items: files.parse(errors),
            ladders: files.parse(errors),
            leaderboards: files.parse(errors),
            loot: files.parse(errors),
            maps: files.parse(errors),
            modes: files.parse(errors),
            npcs: files.parse(errors),
            opponents: files.parse(errors),
            scripts: files.scripts(errors),
            tournaments: files.parse(errors),
            zones: files.parse(errors),
        }
    }

    fn check(&mut self, files: &Files, errors: &mut Errors) {
        let mut keys = files.keys();
        place(&self.abilities, &mut keys);
        place(&self.achievements, &mut keys);
        place(&self.archetypes, &mut keys);
        place(&self.battles, &mut keys);
        place(&self.behaviours, &mut keys);
        place(&self.cosmetics, &mut keys);
        place(&self.creatures, &mut keys);
        place(&self.daily, &mut keys);
        place(&self.effects, &mut keys);
        place(&self.hazards, &mut keys);
        place(&self.items, &mut keys);
        place(&self.ladders, &mut keys);
        place(&self.leaderboards, &mut keys);
        place(&self.loot, &mut keys);
        place(&self.maps, &mut keys);
        place(&self.modes, &mut keys);
        place(&self.npcs, &mut keys);
        place(&self.opponents, &mut keys);
        place(&self.scripts, &mut keys);
        place(&self.tournaments, &mut keys);
        place(&self.zones, &mut keys);
        let mut review = Review { keys: &keys, errors };
        check_each(&mut self.abilities, &mut review);
        check_each(&mut self.achievements, &mut review);
        check_each(&mut self.archetypes, &mut review);
        check_each(&mut self.battles, &mut review);
        check_each(&mut self.behaviours, &mut review);
        check_each(&mut self.cosmetics, &mut review);
        check_each(&mut self.creatures, &mut review);
        check_each(&mut self.daily, &mut review);
        check_each(&mut self.effects, &mut review);
        check_each(&mut self.hazards, &mut review);
        check_each(&mut self.items, &mut review);
        check_each(&mut self.ladders, &mut review);
        check_each(&mut self.leaderboards, &mut review);
        check_each(&mut self.loot, &mut review);
        check_each(&mut self.maps, &mut review);
        check_each(&mut self.modes, &mut review);
        check_each(&mut self.npcs, &mut review);
        check_each(&mut self.opponents, &mut review);
        check_each(&mut self.scripts, &mut review);
        check_each(&mut self.tournaments, &mut review);
        check_each(&mut self.zones, &mut review);
    }

    fn finish(self) -> (Content, Sources) {
        let mut sources = Sources::new();
        let content = Content {
            abilities: table(self.abilities, &mut sources),
            achievements: table(self.achievements, &mut sources),
            archetypes: table(self.archetypes, &mut sources),
            battles: table(self.battles, &mut sources),
            behaviours: table(self.behaviours, &mut sources),
            cosmetics: table(self.cosmetics, &mut sources),
            creatures: table(self.creatures, &mut sources),
            daily: table(self.daily, &mut sources),
            effects: table(self.effects, &mut sources),
            hazards: table(self.hazards, &mut sources),
            items: table(self.items, &mut sources),
            ladders: table(self.ladders, &mut sources),
            leaderboards: table(self.leaderboards, &mut sources),
            loot: table(self.loot, &mut sources),
            maps: table(self.maps, &mut sources),
            modes: table(self.modes, &mut sources),
            npcs: table(self.npcs, &mut sources),
            opponents: table(self.opponents, &mut sources),
            scripts: table(self.scripts, &mut sources),
            tournaments: table(self.tournaments, &mut sources),
            zones: table(self.zones, &mut sources),
            hash: [0; 32],
            own: BTreeMap::new(),
        };
        (content, sources)
    }
}

/// Gives every parsed definition the place its table will give it: drafts come in key order.
fn place<T: Definition>(drafts: &[Draft<T>], keys: &mut Keys) {
    let folder = keys.entry(T::FOLDER).or_default();
    for (place, draft) in (0_u16..).zip(drafts) {
        folder.insert(draft.key.clone(), Some(place));
    }
}

fn check_each<T: Definition>(drafts: &mut [Draft<T>], review: &mut Review<'_>) {
    for draft in drafts {
        draft.definition.check(draft.source.root(), review);
        for unfit in draft.unfit.drain(..) {
            if !review.errors.has_at(&unfit.file, unfit.line, unfit.column) {
                review.errors.push(unfit);
            }
        }
    }
}

fn table<T: Definition>(drafts: Vec<Draft<T>>, sources: &mut Sources) -> Table<T> {
    let row = |draft: Draft<T>| {
        sources.insert((T::FOLDER, draft.key.clone()), draft.source);
        (draft.key, draft.definition)
    };
    Table::new(drafts.into_iter().map(row).collect())
}
