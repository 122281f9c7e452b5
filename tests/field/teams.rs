//! Two people on two teams, over real UDP: one is struck down, and its team-mate, an autopilot, gets it up again.

use std::fs;
use std::path::Path;

use hypogeum_protocol::GameEvent;
use hypogeum_testkit::{Player, TestServer, content_with_dash};

use crate::dash::together;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// Frames after which something that was to come has not: two minutes.
const FRAMES_MAX: u32 = 3_600;

const MODE: &str = r#"(
    name: "Twos", map: "dash", players_min: 4, players_max: 4, fill: Autopilot, absent: Nobody, autopilot: "medic",
    queue_wait_ms: 3000, rating_window: (start: 10000, per_s: 0, max: 10000),
    loadout_ms: 0, deploy_ms: 300, duration_ms: 300000,
    teams: (
        count: 2, size: 2,
        downed: (bleed_out_ms: 200000, revive_ms: 500, reach_cm: 300, hp_percent: 100, revived_hp_percent: 50),
    ),
    avatar: (
        stats: (strength: 12, dexterity: 12, intellect: 10, vitality: 10, speed_cm_per_s: 600),
        radius_cm: 40, unarmed: "fists", inventory_slots: 12, sight_cm: 6000,
    ),
    exits: (count: 2, radius_cm: 500, channel_ms: 600, open_ms: [(290000, 300000)]),
    npc_drops: Ground,
    rewards: (
        xp_per_player: 50, xp_extracted: 80, currency_extracted: 20, xp_kept_on_death_percent: 50,
        starter_items: ["rusty_sword", "padded_coat"],
    ),
)"#;

/// Does nothing but get up who is down.
const MEDIC: &str = "(think_every_ticks: 4, drives: [(activity: Revive, score: 10), (activity: Idle, score: 0)])";

fn server(folder: &Path) -> TestServer {
    let (assets, data) = (folder.join("assets"), folder.join("data"));
    content_with_dash(&assets);
    for (file, text) in [("modes/twos.ron", MODE), ("behaviours/medic.ron", MEDIC)] {
        fs::write(assets.join(file), text).expect("the test's own directory can be written to");
    }
    fs::create_dir(&data).expect("a directory for the test");
    let assets = assets.to_str().expect("a path in UTF-8");
    let settings = [("HYPOGEUM_SERVER__ASSETS_DIR", assets), ("HYPOGEUM_AUTH__GUESTS", "loopback")];
    TestServer::start(BINARY, &data, &settings).expect("the server starts")
}

fn middle(player: &Player) -> (i32, i32) {
    player.view().current.as_ref().map_or((0, 0), |current| (current.side / 2, current.side / 2))
}

#[test]
fn an_autopilot_gets_up_the_person_it_plays_with() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let server = server(folder.path());
    let mut ada = Player::guest(&server.url, "Ada");
    let mut bob = Player::guest(&server.url, "Bob");
    ada.queue("twos");
    bob.queue("twos");
    together(&mut [&mut ada, &mut bob], "the match", |players| players.iter().all(|player| player.own().is_some()));
    let (who, enemy) = (ada.avatar().expect("it plays"), bob.avatar().expect("it plays"));
    let (mut team, mut enemy_team, mut is_down, mut revived_by) = (None, None, false, None);
    for _ in 0..FRAMES_MAX {
        Player::frame_of_all([&mut ada, &mut bob]);
        for event in ada.take_events() {
            match event {
                GameEvent::TeamTold { who: told, team: number } if told == who => team = Some(number),
                GameEvent::Downed { who: down, by } if down == who => {
                    assert_eq!(by, enemy, "it knows by whom");
                    is_down = true;
                }
                GameEvent::Revived { who: up, by } if up == who => revived_by = Some(by),
                GameEvent::Died { who: dead, .. } => assert_ne!(dead, who, "it was left alone when it fell"),
                _ => {}
            }
        }
        enemy_team = enemy_team.or(ada.sight_of(enemy).map(|record| record.template));
        if revived_by.is_some() {
            break;
        }
        ada.walk(middle(&ada), 0);
        // Who has struck it down lets it lie.
        let own = bob.own().map_or((0, 0), |own| (own.x, own.y));
        let prey = bob.sight_of(who).map_or(middle(&bob), |record| (record.x, record.y));
        bob.walk(if is_down { own } else { prey }, u8::from(!is_down));
    }
    let medic = revived_by.expect("somebody gets it up");
    assert!(medic.is_some() && medic != enemy && medic != who, "its team-mate: {medic}");
    let (team, enemy_team) = (team.expect("it was told its team"), enemy_team.expect("it has seen the other"));
    assert!((1..=2).contains(&team) && enemy_team == 3 - u16::from(team), "team {team} against {enemy_team}");
    assert!(ada.own().is_some_and(|own| own.hp > 0), "and it is alive");
}
