//! A match of one's own: a bare field, and a way out.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use hypogeum_client::Change;
use hypogeum_protocol::Outcome;
use hypogeum_testkit::copy_folder;

use crate::door::doors_after;
use crate::person::{Person, is_ended};
use crate::through_every_door;

const MODE: &str = r#"(
    name: "Stroll", map: "stroll", players_min: 1, players_max: 1, fill: Nobody, absent: Nobody, autopilot: "contender",
    queue_wait_ms: 100, rating_window: (start: 10000, per_s: 0, max: 10000),
    loadout_ms: 5000, deploy_ms: 300, duration_ms: 90000,
    avatar: (
        stats: (strength: 12, dexterity: 12, intellect: 10, vitality: 40, speed_cm_per_s: 600),
        radius_cm: 40, abilities: ["throwing_knife"], unarmed: "fists", inventory_slots: 12, sight_cm: 6000,
    ),
    exits: (count: 2, radius_cm: 500, channel_ms: 600, open_ms: [(500, 90000)]),
    npc_drops: Ground,
    rewards: (
        xp_per_player: 50, xp_extracted: 80, currency_extracted: 20, xp_kept_on_death_percent: 50,
        starter_items: ["rusty_sword", "padded_coat"],
    ),
)"#;

/// The same with ways out that open at its end: nobody gets out by walking about.
const LINGER: &str = "linger";

const MAP: &str = r#"(
    name: "Field", side_m: 40, obstacles: (count: 1, side_cm_min: 100, side_cm_max: 200),
    pois: [(kind: "cache", count: 1, radius_cm: 300, containers: 1, loot: "camp_chest")],
)"#;

/// The content of the project, and this mode.
pub(crate) fn content(folder: &Path) {
    copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), folder);
    let linger = MODE.replace("(500, 90000)", "(80000, 90000)");
    for (file, text) in [("modes/stroll.ron", MODE), ("modes/linger.ron", &linger), ("maps/stroll.ron", MAP)] {
        fs::write(folder.join(file), text).expect("the test's own directory can be written to");
    }
}

/// The way into a match of a mode, with a sword.
fn enter(person: &mut Person, mode: &str) {
    person.client.join_queue(mode);
    person.until("the loadout", |person| person.client.view().loadout.is_some());
    let stash = person.client.view().loadout.as_ref().map_or_else(Vec::new, |offer| offer.stash.clone());
    let sword: Vec<_> = stash.iter().filter(|it| it.template == "rusty_sword").map(|it| it.item).collect();
    assert_eq!(sword.len(), 1, "it has one: {stash:?}");
    person.client.choose_loadout(sword);
    person.until("the match", |person| person.own().is_some() && person.client.view().inventory.len() == 1);
}

/// Gives up, and hears what that was worth.
fn give_up(person: &mut Person) {
    person.client.leave();
    person.until("the settlement", |person| person.client.view().settled.is_some());
    let report = person.client.view().settled.clone().expect("just seen").1;
    assert_eq!(report.outcome, Outcome::Died, "{report:?}");
}

#[test]
fn a_match_is_played_to_its_settlement() {
    through_every_door(|url, door| {
        let mut person = Person::guest(url, door);
        enter(&mut person, "stroll");
        person.until("the way out", |person| {
            let nearest = person.client.view().current.as_ref().and_then(|current| {
                let own = person.own()?;
                current.exits.iter().min_by_key(|exit| (exit.x - own.x).abs() + (exit.y - own.y).abs()).copied()
            });
            if let Some(exit) = nearest {
                person.walk((exit.x, exit.y));
            }
            person.client.view().settled.is_some()
        });
        let report = person.client.view().settled.clone().expect("just seen").1;
        assert_eq!(report.outcome, Outcome::Extracted, "{report:?}");
        assert!(report.items_secured >= 1, "the sword is secured: {report:?}");
        person.client.ping();
        person.until("a pong", |person| person.seen.iter().any(|change| matches!(change, Change::Pong { .. })));
    });
}

#[test]
fn a_cut_of_ten_seconds_costs_nobody_their_match() {
    through_every_door(|url, door| {
        let mut person = Person::guest(url, door);
        enter(&mut person, LINGER);
        person.walks_about();
        let before = person.client.view().clone();
        // Nothing is heard of it, and nothing reaches it: no end of the connection, no pong, no ack.
        thread::sleep(Duration::from_secs(10));
        drop(person.go_on(door));
        let tick = |view: &hypogeum_client::View| view.snapshot.as_ref().map_or(0, |snapshot| snapshot.tick);
        person.until("the match to go on", |person| {
            let is_told =
                person.seen.contains(&Change::MatchStarted) && person.seen.contains(&Change::InventoryChanged);
            is_told && person.own().is_some() && tick(person.client.view()) > tick(&before)
        });
        let (now, before) = (person.client.view(), &before);
        let seat = |view: &hypogeum_client::View| view.current.as_ref().map(|current| (current.id, current.avatar));
        assert_eq!(
            (seat(now), &now.inventory),
            (seat(before), &before.inventory),
            "the same match, with all it carried"
        );
        person.walks_about();
        give_up(&mut person);
    });
}

#[test]
fn a_session_moves_from_door_to_door_in_the_midst_of_its_match() {
    through_every_door(|url, door| {
        let mut person = Person::guest(url, door);
        enter(&mut person, LINGER);
        let seat = |person: &Person| {
            let current = person.client.view().current.as_ref();
            current.map(|current| (current.id, current.avatar)).expect("it is in a match")
        };
        let before = seat(&person);
        for next in doors_after(door) {
            let old = person.go_on(next);
            person.until("the match", |person| person.seen.contains(&Change::MatchStarted) && person.own().is_some());
            assert_eq!(seat(&person), before, "the same match and avatar over {}", next.name());
            is_ended(old);
            person.walks_about();
        }
        give_up(&mut person);
    });
}
