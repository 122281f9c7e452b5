//! One content with the places of another: so that what both have is called the same in both.

use std::collections::BTreeMap;

use crate::reach::Linked as _;
use crate::review::Definition;
use crate::{Content, Table};

/// For each folder, the new place of each old one.
type Places = BTreeMap<&'static str, Vec<u16>>;

impl Content {
    /// This content, with what `other` has too standing where it stands there. What only `other` has keeps its place, and
    /// nothing leads to it; what only this one has comes behind. The hash stays.
    #[must_use]
    pub fn numbered_like(&self, other: &Self) -> Self {
        let mut places = Places::new();
        find_places(&self.abilities, &other.abilities, &mut places);
        find_places(&self.achievements, &other.achievements, &mut places);
        find_places(&self.archetypes, &other.archetypes, &mut places);
        find_places(&self.battles, &other.battles, &mut places);
        find_places(&self.behaviours, &other.behaviours, &mut places);
        find_places(&self.cosmetics, &other.cosmetics, &mut places);
        find_places(&self.creatures, &other.creatures, &mut places);
        find_places(&self.daily, &other.daily, &mut places);
        find_places(&self.effects, &other.effects, &mut places);
        find_places(&self.hazards, &other.hazards, &mut places);
        find_places(&self.items, &other.items, &mut places);
        find_places(&self.ladders, &other.ladders, &mut places);
        find_places(&self.leaderboards, &other.leaderboards, &mut places);
        find_places(&self.loot, &other.loot, &mut places);
        find_places(&self.maps, &other.maps, &mut places);
        find_places(&self.modes, &other.modes, &mut places);
        find_places(&self.npcs, &other.npcs, &mut places);
        find_places(&self.opponents, &other.opponents, &mut places);
        find_places(&self.scripts, &other.scripts, &mut places);
        find_places(&self.tournaments, &other.tournaments, &mut places);
        find_places(&self.zones, &other.zones, &mut places);
        let mut moved = self.clone();
        moved.each_link(&mut |folder, place| {
            let found = places.get(folder).and_then(|places| places.get(usize::from(*place)));
            *place = found.copied().unwrap_or(u16::MAX);
        });
        Self {
            abilities: moved.abilities.behind(&other.abilities),
            achievements: moved.achievements.behind(&other.achievements),
            archetypes: moved.archetypes.behind(&other.archetypes),
            battles: moved.battles.behind(&other.battles),
            behaviours: moved.behaviours.behind(&other.behaviours),
            cosmetics: moved.cosmetics.behind(&other.cosmetics),
            creatures: moved.creatures.behind(&other.creatures),
            daily: moved.daily.behind(&other.daily),
            effects: moved.effects.behind(&other.effects),
            hazards: moved.hazards.behind(&other.hazards),
            items: moved.items.behind(&other.items),
            ladders: moved.ladders.behind(&other.ladders),
            leaderboards: moved.leaderboards.behind(&other.leaderboards),
            loot: moved.loot.behind(&other.loot),
            maps: moved.maps.behind(&other.maps),
            modes: moved.modes.behind(&other.modes),
            npcs: moved.npcs.behind(&other.npcs),
            opponents: moved.opponents.behind(&other.opponents),
            scripts: moved.scripts.behind(&other.scripts),
            tournaments: moved.tournaments.behind(&other.tournaments),
            zones: moved.zones.behind(&other.zones),
            hash: self.hash,
            own: self.own.clone(),
        }
    }
}

fn find_places<T: Definition>(table: &Table<T>, other: &Table<T>, places: &mut Places) {
    let mut more = other.len();
    let place = |(_, key, _): (_, &str, _)| match other.id(key) {
        Some(id) => id.index(),
        None => {
            more += 1;
            u16::try_from(more - 1).unwrap_or(u16::MAX)
        }
    };
    places.insert(T::FOLDER, table.iter().map(place).collect());
}
