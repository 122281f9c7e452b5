//! Matches ran on without a human in them, and nothing bounded how many ran.

use hypogeum_protocol::{ErrorCode, Outcome};
use hypogeum_testkit::{DASH, Player};

use crate::dash::{enter, server, together};
use crate::files::until;

#[test]
fn a_match_that_everyone_has_left_without_a_word_is_over_after_the_linger() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let server = server(folder.path(), &[("HYPOGEUM_SERVER__LINGER_S", "1")]);
    let [mut ada, mut grace] = ["Ada", "Grace"].map(|name| Player::guest(&server.url, name));
    enter([&mut ada, &mut grace], Vec::new(), 1);
    drop((ada, grace));
    until("the match is settled", || server.log().contains("match settled"));
    for name in ["Ada", "Grace"] {
        let mut player = Player::guest(&server.url, name);
        player.until("what came of it", |player| player.view().settled.is_some());
        let (_, report) = player.view().settled.clone().expect("just seen");
        // Whoever stays away is steered, and may have found the way out before its seat was given up.
        assert_ne!(report.outcome, Outcome::TimedOut, "{name} left, and was not inside at the end");
    }
}

#[test]
fn who_would_start_one_match_too_many_learns_when_to_ask_again() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let server = server(folder.path(), &[("HYPOGEUM_SERVER__MATCHES_MAX", "1")]);
    let [mut ada, mut grace, mut alan] = ["Ada", "Grace", "Alan"].map(|name| Player::guest(&server.url, name));
    enter([&mut ada, &mut grace], vec![&mut alan], 1);
    alan.queue(DASH);
    together(&mut [&mut ada, &mut grace, &mut alan], "the third is refused", |players| {
        players[2].view().last_refusal.is_some()
    });
    let refusal = alan.view().last_refusal.expect("just seen");
    assert_eq!((refusal.code, refusal.about), (ErrorCode::TryLater, 1), "no more matches begin now");
    assert!(refusal.retry_after_ms > 0, "and says when to ask again");
    for player in [&mut ada, &mut grace] {
        player.client().leave();
    }
    together(&mut [&mut ada, &mut grace, &mut alan], "the match is over", |players| {
        players[..2].iter().all(|player| player.view().settled.is_some())
    });
    until("the match is gone", || server.log().contains("match settled"));
    alan.queue(DASH);
    together(&mut [&mut ada, &mut grace, &mut alan], "the third is in line", |players| {
        players[2].view().queue.is_some()
    });
}
