//! Each class of mistake, and the exact place it is reported at.

mod cosmetics;
mod creatures;
mod form;
mod habits;
mod leaderboards;
mod meaning;
mod npcs;
mod ranges;
mod references;
mod scripts;
mod warnings;
mod zone_triggers;
mod zone_warnings;
mod zones;

use hypogeum_content::Content;

/// A small sound folder: every kind of file once.
const SOUND: &[(&str, &str)] = &[
    (
        "abilities/slash.ron",
        r#"(
    name: "Slash",
    // damage: 99999 is what a comment may say
    shape: Melee(range_cm: 200, arc_deg: 90),
    damage: 12,
    scales_with: Strength,
    effect: Some("bleed"),
    cooldown_ms: 700,
)"#,
    ),
    (
        "archetypes/hero.ron",
        r#"(
    name: "Hero",
    description: "Fit for anything.",
    avatar: (
        stats: (strength: 10, dexterity: 10, intellect: 10, vitality: 20, speed_cm_per_s: 600),
        radius_cm: 40,
        unarmed: "slash",
        inventory_slots: 4,
        sight_cm: 3000,
    ),
    starter_items: ["sword", "medkit"],
)"#,
    ),
    (
        "battles/brawl.ron",
        r#"(
    name: "Brawl",
    stat_base: 10, stat_min: 1, stat_max: 20,
    points_at_creation: 6,
    hp_base: 0, hp_per_health: 10,
    damage_min: 5, damage_max: 15,
    strength_divisor: 10,
    crit_bp_per_luck: 150, crit_damage_bp: 15000,
    dodge_bp_per_speed: 200,
    defended_bp: 3000, defence_bp_per_point: 250,
    damage_least: 1,
    special: (damage_bp: 17500, dodge_bp: 7000, crit_bp: 12000, defence_bp: 7000),
    defends: 1, specials: 1,
    turns_max: 200,
)"#,
    ),
    (
        "behaviours/beast.ron",
        r#"(
    think_every_ticks: 6,
    drives: [
        (activity: Fight, score: 50, when: [HasTarget, HpAbove(20)], add: [(HpBelow(50), -10)]),
        (activity: Idle, score: 0),
    ],
)"#,
    ),
    (
        "creatures/hare.ron",
        r#"(
    name: "Hare",
    description: "Long ears.",
    bias: (speed: 2, luck: 1, strength: -1),
    art: ["(\\ /)"],
)"#,
    ),
    (
        "effects/bleed.ron",
        r#"(
    name: "Bleeding",
    kind: Damage(Flat(2)),
    duration_ms: 4000,
    interval_ms: 1000,
    stacking: Stack(3),
)"#,
    ),
    (
        "hazards/mines.ron",
        r#"(
    name: "Mines",
    shape: Mines(radius_cm: 1000, count: 10, trigger_cm: 100, blast_cm: 300),
    warning_ms: 2000,
    duration_ms: 0,
    interval_ms: 1000,
    damage: 20,
)"#,
    ),
    (
        "hazards/storm.ron",
        r#"(
    name: "Storm",
    shape: Storm(final_radius_cm: 2000, closes_over_ms: 15000),
    warning_ms: 4000,
    duration_ms: 0,
    interval_ms: 1000,
    damage: 4,
)"#,
    ),
    ("items/medkit.ron", r#"(name: "Medkit", kind: Consumable, on_use: "bleed", value: 30)"#),
    (
        "items/sword.ron",
        r#"(
    name: "Sword",
    kind: Weapon,
    slot: Weapon,
    modifiers: [(stat: Strength, by: Flat(2)), (stat: Speed, by: Percent(-5))],
    ability: "slash",
    value: 20, weight_g: 2000,
)"#,
    ),
    (
        "ladders/climb.ron",
        r#"(
    name: "Climb",
    description: "Up.",
    tournament: "bout",
    rating_window: (start: 100, per_s: 10, max: 900),
    ranks: [(key: "low", name: "Low", from: 0), (key: "high", name: "High", from: 1600)],
    season: Weekly(day: Monday, at: "04:00"),
    pull_back_percent: 50,
    battles_min: 3,
)"#,
    ),
    ("leaderboards/rated.ron", r#"(name: "Rated", description: "By rating.", counts: Rating("climb"), operator: Set)"#),
    (
        "leaderboards/wins.ron",
        r#"(
    name: "Wins",
    description: "Cups won in a month.",
    counts: GamesWon(tournaments: ["cup"], opponents_min: 3),
    operator: Increment,
    order: Descending,
    season: Monthly(day: 1, at: "04:00"),
)"#,
    ),
    (
        "loot/chest.ron",
        r#"(
    always: ["medkit", "sword"],
    rolls: 2,
    entries: [
        (weight: 5, drop: Item("sword")),
        (weight: 5, drop: Table("rubbish")),
    ],
)"#,
    ),
    ("loot/rubbish.ron", r#"(rolls: 1, entries: [(weight: 1, drop: Nothing)])"#),
    (
        "maps/field.ron",
        r#"(
    name: "Field",
    side_m: 100,
    obstacles: (count: 20, side_cm_min: 100, side_cm_max: 400),
    pois: [
        (kind: "camp", count: 2, radius_cm: 800, containers: 2, loot: "chest", guards: [("rat", 2), ("rat", 3)]),
        (kind: "ruin", count: 1, radius_cm: 600, containers: 1, loot: "rubbish"),
    ],
)"#,
    ),
    (
        "modes/duel.ron",
        r#"(
    name: "Duel",
    map: "field",
    players_min: 2,
    players_max: 4,
    fill: Nobody,
    absent: Autopilot,
    autopilot: "beast",
    queue_wait_ms: 1000,
    rating_window: (start: 100, per_s: 50, max: 1000),
    loadout_ms: 1000,
    deploy_ms: 500,
    duration_ms: 30000,
    avatar: (
        stats: (strength: 10, dexterity: 10, intellect: 10, vitality: 100, speed_cm_per_s: 600),
        radius_cm: 40,
        unarmed: "slash",
        inventory_slots: 8,
        sight_cm: 3000,
    ),
    spawners: [(npc: "rat", count: 4, at: "ruin", first_ms: 5000, respawn_ms: 9000)],
    hazards: [
        (hazard: "mines", at_ms: 0, place: At("camp"), count: 2),
        (hazard: "storm", at_ms: 10000, place: Middle, count: 1),
    ],
    exits: (count: 3, radius_cm: 500, channel_ms: 2000, open_ms: [(5000, 20000), (8000, 30000)]),
    npc_drops: Ground,
    rewards: (
        xp_per_player: 50,
        xp_extracted: 80,
        currency_extracted: 20,
        xp_kept_on_death_percent: 50,
        starter_items: ["sword", "medkit"],
    ),
)"#,
    ),
    (
        "npcs/rat.ron",
        r#"(
    name: "Rat",
    level: 1,
    stats: (strength: 5, dexterity: 8, intellect: 1, vitality: 20, speed_cm_per_s: 400),
    radius_cm: 25,
    abilities: ["slash"],
    loot: "rubbish",
    senses: (sight_cm: 700, view_deg: 220, hearing_cm: 300),
    leash_cm: 1500,
    behaviour: "beast",
    faction: "vermin",
    xp: 5,
)"#,
    ),
    (
        "opponents/beginner.ron",
        r#"(
    name: "Beginner",
    level: 1,
    names: ["Pip"],
    points: Focus(stats_min: 2, stats_max: 3),
    moves: Weights(
        attack: [(weight: 10)],
        defend: [(when: [HpBelow(30)], weight: 15)],
        special: [(when: [TurnUpTo(1)], weight: 12)],
    ),
)"#,
    ),
    (
        "opponents/expert.ron",
        r#"(name: "Expert", level: 2, names: ["Winter"], points: Order([([Strength], 3), ([Health, Defence], 2)]), moves: Search(playouts: 100, expects: "beginner"))"#,
    ),
    (
        "scripts/tap.rhai",
        r#"// The tap runs dry.
fn run() {
    open("hatch");
    spawn_npc("rat", "cellar", 1);
    after(5000, "dry");
}

fn dry() {
    let drink = "medkit";
    give(who(), drink);
    effect(who(), "bleed");
    announce("inn", "The tap is dry.");
}
"#,
    ),
    (
        "tournaments/bout.ron",
        r#"(
    name: "Bout", description: "Two.", battle: "brawl", format: SingleElimination(),
    entrants_min: 2, entrants_max: 2, clock: (turn_s: 20, lapse: Forfeit),
)"#,
    ),
    (
        "tournaments/cup.ron",
        r#"(
    name: "Cup",
    description: "Lose once.",
    battle: "brawl",
    format: SingleElimination(),
    entrants_min: 4,
    entrants_max: 8,
    fill: ["beginner", "expert"],
    points_between: 3,
    clock: (turn_s: 20, bank_s: 60, lapse: Forfeit),
)"#,
    ),
    (
        "zones/village.ron",
        r#"(
    name: "Village",
    theme: "town",
    level: (1, 5),
    tick_hz: 10,
    side_m: 64,
    rooms: [
        (key: "green", name: "Green", description: "Grass and geese.", area: (x: 10, y: 10, width: 20, height: 20)),
        (key: "inn", name: "Inn", description: "It smells of ale.", area: (x: 30, y: 10, width: 10, height: 10), is_safe: true),
        (key: "cellar", name: "Cellar", description: "Nobody sweeps here.", area: (x: 40, y: 10, width: 6, height: 4)),
    ],
    ways: [
        (between: ("green", "inn"), words: ("east", "west"), width_cm: 300),
        (
            between: ("inn", "cellar"),
            words: ("down", "up"),
            width_cm: 400,
            is_secret: true,
            door: (key: "hatch", name: "a hatch", starts: Locked, opened_by: "sword"),
        ),
    ],
    gates: [(room: "green", word: "north", to_zone: "woods", to_room: "glade")],
    levers: [(key: "tap", room: "inn", name: "a brass tap", word: "tap")],
    spawners: [(npc: "rat", count: 4, room: "cellar", respawn_ms: 9000)],
    furniture: [(room: "cellar", loot: "chest", refill_ms: 60000)],
    triggers: [
        (on: Pull("tap"), then: [Open("hatch"), Tell("Something clicks."), SetFlag("is_wet", true)]),
        (on: Enter("cellar"), when: [FlagIs("is_wet", true), Carries("sword"), DoorIs("hatch", Open)], then: [Effect("bleed")]),
        (on: Every(60000), then: [Announce(room: "inn", words: "The ale is out."), Close("hatch"), Lock("hatch")]),
        (on: Kill("rat"), then: [Give("medkit"), Spawn(npc: "rat", room: "cellar", count: 2)], once: true),
        (on: Flag("is_wet"), then: [Teleport("green")]),
        (on: Exit("green"), then: [SetFlag("is_wet", false)]),
        (on: Command(words: ["drink"]), then: [Script("tap", "run")]),
    ],
    shrine: "inn",
    death: (respawn_ms: 5000, loses: Carried),
)"#,
    ),
    (
        "zones/woods.ron",
        r#"(
    name: "Woods",
    theme: "wilderness",
    level: (3, 8),
    side_m: 16,
    rooms: [(key: "glade", name: "Glade", description: "Light falls.", area: (x: 0, y: 0, width: 16, height: 16))],
    gates: [(room: "glade", word: "south", to_zone: "village", to_room: "green")],
    shrine: "glade",
    death: (respawn_ms: 5000, loses: Nothing),
)"#,
    ),
];

/// The mistakes of the sound folder with one text in one file replaced, one a line.
fn mistakes(file: &str, from: &str, to: &str) -> String {
    let files = SOUND.iter().map(|(path, text)| {
        if *path == file {
            assert_eq!(text.matches(from).count(), 1, "{from:?} stands in {file} exactly once");
        }
        (*path, if *path == file { text.replace(from, to) } else { (*text).to_owned() })
    });
    match Content::from_files(files) {
        Ok(_) => "none".into(),
        Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

#[track_caller]
fn check(file: &str, from: &str, to: &str, expect: &str) {
    assert_eq!(mistakes(file, from, to), expect, "{from:?} became {to:?} in {file}");
}

#[test]
fn a_sound_folder_has_none() {
    check("items/medkit.ron", "30", "31", "none");
}
