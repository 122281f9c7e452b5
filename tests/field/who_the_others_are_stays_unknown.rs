//! Names of other players never reached a client, and nobody learned how a match went for the others.

use hypogeum_protocol::Outcome;
use hypogeum_testkit::Player;

use crate::dash::{enter, server, together};

#[test]
fn two_players_know_each_other_by_name_and_see_how_it_went_for_both() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let server = server(folder.path(), &[]);
    let [mut ada, mut grace] = ["Ada", "Grace"].map(|name| Player::guest(&server.url, name));
    enter([&mut ada, &mut grace], Vec::new(), 1);
    let avatars = [&ada, &grace].map(|player| player.avatar().expect("both are in"));
    for player in [&ada, &grace] {
        let current = player.view().current.as_ref().expect("both are in");
        let named = avatars.map(|avatar| current.names.get(&avatar).map(String::as_str));
        assert_eq!(named, [Some("Ada"), Some("Grace")], "who is who");
        assert_eq!(player.view().unnamed().count(), 0, "nobody in sight is unknown");
        assert_eq!(current.scores, None, "this mode hides scores");
    }
    ada.client().leave();
    together(&mut [&mut ada, &mut grace], "the match is over for all", |players| {
        players.iter().all(|player| player.view().table.is_some())
    });
    // Who happens to start in the exit gets out without a step.
    let stayed = grace.view().settled.as_ref().map(|(_, report)| report.outcome).expect("it is over for her");
    for player in [&ada, &grace] {
        let table = player.view().table.as_ref().expect("just seen");
        let rows: Vec<_> = table.rows.iter().map(|row| (row.name.as_str(), row.placement, row.outcome)).collect();
        assert_eq!(rows, [("Grace", 1, stayed), ("Ada", 2, Outcome::Died)], "how it went for both");
    }
}
