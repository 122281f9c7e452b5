//! What a mode or a zone can come to use: the definitions it leads to, and every item with what that leads to, for anyone
//! may bring any item. Into a zone anyone may come as any archetype, too.

use std::collections::{BTreeMap, BTreeSet};

use crate::def::{
    AbilityDef, AbsentRule, AchievementDef, ArchetypeDef, AvatarDef, BattleDef, BehaviourDef, CosmeticDef, CreatureDef,
    DailyDef, Drop, EffectDef, HazardDef, ItemDef, LadderDef, LeaderboardDef, LootDef, MapDef, ModeDef, MoveRule,
    NpcDef, OpponentDef, PhaseDef, ScoreSource, ScriptDef, SeedingDef, ShopDef, TacticCondition, TacticDef,
    TournamentDef, TriggerAction, TriggerCondition, TriggerDef, TriggerEvent, ZoneDef,
};
use crate::review::Definition;
use crate::{Content, Id, Link, Table};

/// Called with the folder and the place of each definition referred to.
pub(crate) type VisitLink<'v> = dyn FnMut(&'static str, &mut u16) + 'v;

/// What refers to other definitions.
pub(crate) trait Linked {
    /// Visits every reference.
    fn each_link(&mut self, visit: &mut VisitLink<'_>);
}

/// What any mode, zone or tournament can come to use, and any character or creature.
pub(crate) fn of_all(content: &Content) -> Reach {
    let mut reach = Reach::default();
    reach.add_all(content, &content.modes);
    reach.add_all(content, &content.archetypes);
    reach.add_all(content, &content.zones);
    reach.add_all(content, &content.tournaments);
    reach.add_all(content, &content.creatures);
    reach
}

/// Places of definitions by folder.
#[derive(Default)]
pub(crate) struct Reach(BTreeMap<&'static str, BTreeSet<u16>>);

/// A content of one mode only, or none, with what it reaches. Places are counted within it, in key order.
pub(crate) fn of_mode(content: &Content, mode: Option<Id<ModeDef>>) -> Content {
    let mut reach = Reach::default();
    if let Some(mode) = mode {
        reach.add(content, (ModeDef::FOLDER, mode.index()));
    }
    reach.add_all(content, &content.items);
    reach.part_of(content)
}

/// A content of one zone only, with what it reaches and every archetype. Places are counted within it, in key order.
pub(crate) fn of_zone(content: &Content, zone: Id<ZoneDef>) -> Content {
    let mut reach = Reach::default();
    reach.add(content, (ZoneDef::FOLDER, zone.index()));
    reach.add_all(content, &content.archetypes);
    reach.add_all(content, &content.items);
    reach.part_of(content)
}

/// A content of one tournament only, with what it reaches and every type of creature. Places are counted within it, in key order.
pub(crate) fn of_tournament(content: &Content, tournament: Id<TournamentDef>) -> Content {
    let mut reach = Reach::default();
    reach.add(content, (TournamentDef::FOLDER, tournament.index()));
    reach.add_all(content, &content.creatures);
    reach.part_of(content)
}

impl Reach {
    /// Adds a definition and everything it leads to.
    fn add(&mut self, content: &Content, first: (&'static str, u16)) {
        let mut open = vec![first];
        while let Some((folder, place)) = open.pop() {
            if self.0.entry(folder).or_default().insert(place) {
                links_of(content, (folder, place), &mut |folder, place| open.push((folder, *place)));
            }
        }
    }

    /// Adds everything of a kind, with what it leads to.
    fn add_all<T: Definition>(&mut self, content: &Content, table: &Table<T>) {
        for (id, ..) in table.iter() {
            self.add(content, (T::FOLDER, id.index()));
        }
    }

    /// A content of what is reached.
    fn part_of(&self, content: &Content) -> Content {
        let mut part = Content {
            abilities: self.rows(&content.abilities),
            achievements: self.rows(&content.achievements),
            archetypes: self.rows(&content.archetypes),
            battles: self.rows(&content.battles),
            behaviours: self.rows(&content.behaviours),
            cosmetics: self.rows(&content.cosmetics),
            creatures: self.rows(&content.creatures),
            daily: self.rows(&content.daily),
            effects: self.rows(&content.effects),
            hazards: self.rows(&content.hazards),
            items: self.rows(&content.items),
            ladders: self.rows(&content.ladders),
            leaderboards: self.rows(&content.leaderboards),
            loot: self.rows(&content.loot),
            maps: self.rows(&content.maps),
            modes: self.rows(&content.modes),
            npcs: self.rows(&content.npcs),
            opponents: self.rows(&content.opponents),
            scripts: self.rows(&content.scripts),
            tournaments: self.rows(&content.tournaments),
            zones: self.rows(&content.zones),
            hash: [0; 32],
            own: BTreeMap::new(),
        };
        part.each_link(&mut |folder, place| *place = self.place(folder, *place));
        part
    }

    /// Whether a definition is reached.
    pub(crate) fn has(&self, folder: &str, place: u16) -> bool {
        self.0.get(folder).is_some_and(|places| places.contains(&place))
    }

    /// The rows that are reached.
    fn rows<T: Definition + Clone>(&self, table: &Table<T>) -> Table<T> {
        let is_reached = |id: Id<T>| self.0.get(T::FOLDER).is_some_and(|places| places.contains(&id.index()));
        let rows = table.iter().filter(|row| is_reached(row.0)).map(|(_, key, row)| (key.to_owned(), row.clone()));
        Table::new(rows.collect())
    }

    /// Where a definition stands among those that are reached.
    fn place(&self, folder: &'static str, place: u16) -> u16 {
        let before = self.0.get(folder).map_or(0, |places| places.range(..place).count());
        u16::try_from(before).unwrap_or(u16::MAX)
    }
}

fn links_of(content: &Content, (folder, place): (&str, u16), visit: &mut VisitLink<'_>) {
    fn visit_row<T: Linked + Clone>(table: &Table<T>, place: u16, visit: &mut VisitLink<'_>) {
        if let Some(row) = table.find(Id::new(place)) {
            row.clone().each_link(visit);
        }
    }
    match folder {
        BattleDef::FOLDER => visit_row(&content.battles, place, visit),
        BehaviourDef::FOLDER => visit_row(&content.behaviours, place, visit),
        AbilityDef::FOLDER => visit_row(&content.abilities, place, visit),
        AchievementDef::FOLDER => visit_row(&content.achievements, place, visit),
        ArchetypeDef::FOLDER => visit_row(&content.archetypes, place, visit),
        CosmeticDef::FOLDER => visit_row(&content.cosmetics, place, visit),
        CreatureDef::FOLDER => visit_row(&content.creatures, place, visit),
        DailyDef::FOLDER => visit_row(&content.daily, place, visit),
        EffectDef::FOLDER => visit_row(&content.effects, place, visit),
        HazardDef::FOLDER => visit_row(&content.hazards, place, visit),
        ItemDef::FOLDER => visit_row(&content.items, place, visit),
        LadderDef::FOLDER => visit_row(&content.ladders, place, visit),
        LeaderboardDef::FOLDER => visit_row(&content.leaderboards, place, visit),
        LootDef::FOLDER => visit_row(&content.loot, place, visit),
        MapDef::FOLDER => visit_row(&content.maps, place, visit),
        ModeDef::FOLDER => visit_row(&content.modes, place, visit),
        NpcDef::FOLDER => visit_row(&content.npcs, place, visit),
        OpponentDef::FOLDER => visit_row(&content.opponents, place, visit),
        ScriptDef::FOLDER => visit_row(&content.scripts, place, visit),
        TournamentDef::FOLDER => visit_row(&content.tournaments, place, visit),
        ZoneDef::FOLDER => visit_row(&content.zones, place, visit),
        _ => {}
    }
}

impl<T: Definition> Linked for Link<T> {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        let mut place = self.id.index();
        visit(T::FOLDER, &mut place);
        self.id = Id::new(place);
    }
}

impl<T: Linked> Linked for Option<T> {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.iter_mut().for_each(|one| one.each_link(visit));
    }
}

impl<T: Linked> Linked for Vec<T> {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.iter_mut().for_each(|one| one.each_link(visit));
    }
}

impl<T: Linked> Linked for Table<T> {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.definitions_mut().for_each(|one| one.each_link(visit));
    }
}

impl Linked for Content {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.abilities.each_link(visit);
        self.achievements.each_link(visit);
        self.archetypes.each_link(visit);
        self.battles.each_link(visit);
        self.behaviours.each_link(visit);
        self.cosmetics.each_link(visit);
        self.creatures.each_link(visit);
        self.daily.each_link(visit);
        self.effects.each_link(visit);
        self.hazards.each_link(visit);
        self.items.each_link(visit);
        self.ladders.each_link(visit);
        self.leaderboards.each_link(visit);
        self.loot.each_link(visit);
        self.maps.each_link(visit);
        self.modes.each_link(visit);
        self.npcs.each_link(visit);
        self.opponents.each_link(visit);
        self.scripts.each_link(visit);
        self.tournaments.each_link(visit);
        self.zones.each_link(visit);
    }
}

impl Linked for AbilityDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.effect.each_link(visit);
    }
}

impl Linked for AchievementDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.mode.each_link(visit);
        self.cosmetic.each_link(visit);
    }
}

impl Linked for CosmeticDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.parts.each_link(visit);
    }
}

impl Linked for DailyDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.days.iter_mut().for_each(|day| day.cosmetic.each_link(visit));
    }
}

impl Linked for ArchetypeDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.avatar.each_link(visit);
        self.starter_items.each_link(visit);
    }
}

impl Linked for AvatarDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.abilities.each_link(visit);
        self.unarmed.each_link(visit);
    }
}

impl Linked for BattleDef {
    fn each_link(&mut self, _: &mut VisitLink<'_>) {}
}

impl Linked for BehaviourDef {
    fn each_link(&mut self, _: &mut VisitLink<'_>) {}
}

impl Linked for CreatureDef {
    fn each_link(&mut self, _: &mut VisitLink<'_>) {}
}

impl Linked for EffectDef {
    fn each_link(&mut self, _: &mut VisitLink<'_>) {}
}

impl Linked for HazardDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.effect.each_link(visit);
    }
}

impl Linked for ItemDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.ability.each_link(visit);
        self.on_use.each_link(visit);
    }
}

impl Linked for LadderDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.tournament.each_link(visit);
    }
}

impl Linked for LeaderboardDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        match &mut self.counts {
            ScoreSource::Submissions => {}
            ScoreSource::GamesWon { tournaments, .. } => tournaments.each_link(visit),
            ScoreSource::Rating(ladder) => ladder.each_link(visit),
        }
        self.rewards.iter_mut().for_each(|reward| reward.cosmetic.each_link(visit));
    }
}

impl Linked for LootDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.always.each_link(visit);
        for entry in &mut self.entries {
            match &mut entry.drop {
                Drop::Nothing => {}
                Drop::Item(item) => item.each_link(visit),
                Drop::Table(table) => table.each_link(visit),
            }
        }
    }
}

impl Linked for MapDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        for poi in &mut self.pois {
            poi.loot.each_link(visit);
            poi.guards.iter_mut().for_each(|(npc, _)| npc.each_link(visit));
        }
    }
}

impl Linked for ModeDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.map.each_link(visit);
        self.autopilot.each_link(visit);
        self.avatar.each_link(visit);
        self.spawners.iter_mut().for_each(|spawner| spawner.npc.each_link(visit));
        self.hazards.iter_mut().for_each(|used| used.hazard.each_link(visit));
        self.rewards.starter_items.each_link(visit);
    }
}

impl Linked for TacticDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        use TacticCondition::{Has, Lacks, TargetHas, TargetLacks};
        self.ability.each_link(visit);
        for condition in &mut self.when {
            if let Has(effect) | Lacks(effect) | TargetHas(effect) | TargetLacks(effect) = condition {
                effect.each_link(visit);
            }
        }
    }
}

impl Linked for PhaseDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.abilities.each_link(visit);
        self.tactics.each_link(visit);
        self.effects.each_link(visit);
        self.spawns.iter_mut().for_each(|spawn| spawn.npc.each_link(visit));
    }
}

impl Linked for NpcDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.abilities.each_link(visit);
        self.tactics.each_link(visit);
        self.phases.each_link(visit);
        self.loot.each_link(visit);
        self.behaviour.each_link(visit);
        self.shop.each_link(visit);
    }
}

impl Linked for OpponentDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        if let MoveRule::Search { expects, .. } = &mut self.moves {
            expects.each_link(visit);
        }
    }
}

impl Linked for TournamentDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.battle.each_link(visit);
        self.fill.each_link(visit);
        if let SeedingDef::Rating(ladder) = &mut self.seeding {
            ladder.each_link(visit);
        }
    }
}

impl Linked for ShopDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.coin.each_link(visit);
        self.sells.iter_mut().chain(&mut self.buys).for_each(|price| price.item.each_link(visit));
    }
}

impl Linked for ScriptDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        self.names.npcs.each_link(visit);
        self.names.effects.each_link(visit);
        self.names.hazards.each_link(visit);
        self.names.items.each_link(visit);
    }
}

impl Linked for ZoneDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        if let AbsentRule::Autopilot(behaviour) = &mut self.absent {
            behaviour.each_link(visit);
        }
        let doors = self.ways.iter_mut().filter_map(|way| way.door.as_mut());
        doors.for_each(|door| door.opened_by.each_link(visit));
        self.spawners.iter_mut().for_each(|spawner| spawner.npc.each_link(visit));
        self.furniture.iter_mut().for_each(|container| container.loot.each_link(visit));
        self.triggers.each_link(visit);
    }
}

impl Linked for TriggerDef {
    fn each_link(&mut self, visit: &mut VisitLink<'_>) {
        match &mut self.on {
            TriggerEvent::Kill(npc) => npc.each_link(visit),
            TriggerEvent::Use(item) => item.each_link(visit),
            _ => {}
        }
        for condition in &mut self.when {
            if let TriggerCondition::Carries(item) = condition {
                item.each_link(visit);
            }
        }
        for action in &mut self.then {
            match action {
                TriggerAction::Spawn { npc, .. } | TriggerAction::Despawn { npc, .. } => npc.each_link(visit),
                TriggerAction::Effect(effect) => effect.each_link(visit),
                TriggerAction::Hazard { hazard, .. } => hazard.each_link(visit),
                TriggerAction::Give(item) | TriggerAction::Take(item) => item.each_link(visit),
                TriggerAction::Script(script, _) => script.each_link(visit),
                TriggerAction::Open(_)
                | TriggerAction::Close(_)
                | TriggerAction::Lock(_)
                | TriggerAction::Tell(_)
                | TriggerAction::Announce { .. }
                | TriggerAction::Teleport(_)
                | TriggerAction::SetFlag(..) => {}
            }
        }
    }
}
