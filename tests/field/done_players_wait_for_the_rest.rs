//! Who was dead or out had to wait until the match was over for all, without sight, reward or another match.

use hypogeum_client::Change;
use hypogeum_protocol::{MatchId, Outcome};
use hypogeum_testkit::Player;

use crate::dash::{enter, is_in, server, together};

#[test]
fn who_gives_up_is_settled_and_plays_again_while_the_others_play_on() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let server = server(folder.path(), &[]);
    let [mut ada, mut grace, mut alan] = ["Ada", "Grace", "Alan"].map(|name| Player::guest(&server.url, name));
    enter([&mut ada, &mut grace], vec![&mut alan], 1);
    ada.client().leave();
    together(&mut [&mut ada, &mut grace, &mut alan], "the first is settled", |players| {
        players[0].view().settled.is_some()
    });
    let (match_id, report) = ada.view().settled.clone().expect("just seen");
    assert_eq!((match_id, report.outcome), (MatchId(1), Outcome::Died), "it gave up");
    assert!(is_in(&grace, 1), "the other plays on");

    enter([&mut ada, &mut alan], vec![&mut grace], 2);
    assert!(grace.view().settled.is_none(), "the first match goes on while it plays the next");
    ada.take_seen();
    together(&mut [&mut ada, &mut grace, &mut alan], "the first match is over", |players| {
        players[1].view().settled.is_some()
    });
    assert!(!ada.take_seen().contains(&Change::Settled), "nobody is settled twice");
    assert_eq!(ada.view().settled_count, 1, "the first got the report of one match");
}
