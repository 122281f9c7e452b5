//! A party of three and the one it meets: one of them is struck down, revived, and all three get out together.

use std::fs;
use std::path::Path;

use hypogeum_protocol::{GameEvent, NetId, Outcome, SettledReport};
use hypogeum_testkit::{Player, TestServer, content_with_dash};

use crate::{BINARY, Person};

/// Frames after which something that was to come has not: two minutes.
const FRAMES_MAX: u32 = 3_600;
/// As everyone begins.
const RATING: i32 = 1_500;
/// Nearer than this they stand by each other, in subunits.
const BESIDE: f64 = 300.0;

/// Nobody gets out by crossing an exit: that takes two seconds at most.
const MODE: &str = r#"(
    name: "Threes", map: "dash", players_min: 6, players_max: 6, fill: Nobody, absent: Nobody, autopilot: "contender",
    queue_wait_ms: 60000, rating_window: (start: 10000, per_s: 0, max: 10000),
    loadout_ms: 0, deploy_ms: 300, duration_ms: 300000,
    teams: (
        count: 2, size: 3, extraction: Together,
        downed: (bleed_out_ms: 200000, revive_ms: 500, reach_cm: 300, hp_percent: 100, revived_hp_percent: 50),
    ),
    avatar: (
        stats: (strength: 12, dexterity: 12, intellect: 10, vitality: 10, speed_cm_per_s: 600),
        radius_cm: 40, unarmed: "fists", inventory_slots: 12, sight_cm: 6000,
    ),
    exits: (count: 1, radius_cm: 500, channel_ms: 4000, open_ms: [(500, 300000)]),
    npc_drops: Ground,
    rewards: (xp_per_player: 50, xp_extracted: 80, currency_extracted: 20, xp_kept_on_death_percent: 50),
)"#;

fn server(folder: &Path) -> TestServer {
    let (assets, data) = (folder.join("assets"), folder.join("data"));
    content_with_dash(&assets);
    fs::write(assets.join("modes/threes.ron"), MODE).expect("the test's own folder can be written to");
    fs::create_dir(&data).expect("a folder for the test");
    let assets = assets.to_str().expect("a path in UTF-8");
    let settings = [("HYPOGEUM_SERVER__ASSETS_DIR", assets), ("HYPOGEUM_AUTH__GUESTS", "loopback")];
    TestServer::start(BINARY, &data, &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

/// Three in one party; the first leads.
fn party(server: &TestServer, names: [&str; 3]) -> [Person; 3] {
    let mut members = names.map(|name| Person::new(server, name));
    let [leader, rest @ ..] = &mut members;
    for (other, name) in rest.iter_mut().zip(&names[1..]) {
        leader.takes_along(other, name);
    }
    members
}

/// Lets frames of all pass until something holds.
fn until(people: &mut [Person], what: &str, mut holds: impl FnMut(&mut [Person]) -> bool) {
    for _ in 0..FRAMES_MAX {
        if holds(people) {
            return;
        }
        Player::frame_of_all(people.iter_mut().map(|person| &mut person.player));
    }
    let known: Vec<_> = people.iter().map(|person| person.player.view()).collect();
    panic!("it never came to this: {what}; they know {known:?}");
}

/// Stays where it is.
fn stand(player: &mut Player) {
    let at = player.own().map_or((0, 0), |own| (own.x, own.y));
    player.walk(at, 0);
}

/// Walks to an avatar, and strikes at it where `is_foe`; the distance that is left, where it sees it.
fn go_to(player: &mut Player, whom: NetId, is_foe: bool) -> Option<f64> {
    let middle = player.view().current.as_ref().map_or(0, |current| current.side / 2);
    let seen = player.sight_of(whom);
    let at = seen.map_or((middle, middle), |record| (record.x, record.y));
    let left = player.walk(at, u8::from(is_foe));
    seen.map(|_| left)
}

fn report(person: &Person) -> SettledReport {
    person.player.view().settled.clone().expect("it was waited for").1
}

/// Everyone is in one match; the avatar of each.
fn enter(people: &mut [Person]) -> Vec<NetId> {
    for leader in [0, 3] {
        people[leader].player.queue("threes");
    }
    until(people, "one match of all six", |people| people.iter().all(|person| person.player.own().is_some()));
    people.iter().map(|person| person.player.avatar().expect("it plays")).collect()
}

/// The last three strike the first one down, who stands still with its party; the team that each was told.
fn strike_down(people: &mut [Person], avatars: &[NetId]) -> Vec<Option<u8>> {
    let mut teams = vec![None; people.len()];
    let mut is_down = false;
    until(people, "the first one is down", |people| {
        for (place, person) in people.iter_mut().enumerate() {
            for event in person.player.take_events() {
                match event {
                    GameEvent::TeamTold { who, team } if who == avatars[place] => teams[place] = Some(team),
                    GameEvent::Downed { who, .. } => {
                        assert_eq!(who, avatars[0], "nobody strikes at another");
                        is_down = true;
                    }
                    _ => {}
                }
            }
        }
        for person in &mut people[..3] {
            stand(&mut person.player);
        }
        for person in &mut people[3..] {
            go_to(&mut person.player, avatars[0], true);
        }
        is_down
    });
    teams
}

/// The second one gets the first one up again; by whom that is done.
fn revive(people: &mut [Person], whom: NetId) -> Option<NetId> {
    let mut revived_by = None;
    until(people, "she is up again", |people| {
        for event in people[1].player.take_events() {
            match event {
                GameEvent::Revived { who, by } if who == whom => revived_by = Some(by),
                GameEvent::Died { who, .. } => assert_ne!(who, whom, "she is not dead"),
                _ => {}
            }
        }
        go_to(&mut people[1].player, whom, false);
        revived_by.is_some()
    });
    revived_by
}

/// The first three meet, and then go to the exit: one alone in there would take along nobody.
fn get_out(people: &mut [Person], first: NetId) {
    until(people, "all three together", |people| {
        stand(&mut people[0].player);
        let left = [1, 2].map(|place| go_to(&mut people[place].player, first, false));
        left.iter().all(|left| left.is_some_and(|left| left < BESIDE))
    });
    until(people, "everyone is settled", |people| {
        for person in &mut people[..3] {
            let exit = person.player.view().current.as_ref().and_then(|current| current.exits.first().copied());
            if let Some(exit) = exit {
                person.player.walk((exit.x, exit.y), 0);
            }
        }
        people.iter().all(|person| person.player.view().settled.is_some())
    });
}

#[test]
fn a_party_of_three_meets_another_revives_and_gets_out_together() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let server = server(folder.path());
    let own = party(&server, ["Ada", "Bob", "Cid"]);
    let foes = party(&server, ["Dan", "Eve", "Fay"]);
    let mut people: Vec<Person> = own.into_iter().chain(foes).collect();
    let avatars = enter(&mut people);
    let teams = strike_down(&mut people, &avatars);
    assert!(teams.iter().all(Option::is_some), "each is told its team: {teams:?}");
    assert!(teams[..3].iter().all(|team| *team == teams[0]), "a party is one team: {teams:?}");
    assert!(teams[3..].iter().all(|team| *team == teams[3] && *team != teams[0]), "so is the other: {teams:?}");
    // The others have had enough, and Bob sees to her.
    for person in &mut people[3..] {
        person.player.client().leave();
    }
    assert_eq!(revive(&mut people, avatars[0]), Some(avatars[1]), "by whoever stood by her");
    get_out(&mut people, avatars[0]);
    let ended = |person: &Person| person.player.view().settled.as_ref().map(|settled| settled.0);
    assert!(people.iter().all(|person| ended(person) == ended(&people[0])), "they played one match");
    for (place, person) in people.iter().enumerate() {
        let (report, is_out) = (report(person), place < 3);
        assert_eq!(report.outcome, if is_out { Outcome::Extracted } else { Outcome::Died }, "{place}: {report:?}");
        let profile = person.api.profile(&person.login).expect("it is read");
        // Who is done before the end is rated at the end, and was told before.
        assert!(!is_out || profile.rating == report.rating, "{place}: as it was told: {report:?}");
        assert_eq!(profile.rating > RATING, is_out, "{place}: the rank shows who got out: {}", profile.rating);
        assert_eq!(report.currency_gained > 0, is_out, "{place}: {report:?}");
    }
}
