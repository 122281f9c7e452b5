//! A queued player whose link blinked had lost its place, and was not notified.

use hypogeum_testkit::{DASH, Player};

use crate::dash::{server, together};

#[test]
fn who_connects_again_is_still_in_line() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let server = server(folder.path(), &[]);
    let [mut ada, mut grace] = ["Ada", "Grace"].map(|name| Player::guest(&server.url, name));
    ada.queue(DASH);
    ada.until("its place in line", |ada| ada.view().queue.is_some());
    // Another socket, without a word on the first.
    ada.reconnect(&server.url).expect("the login is good");
    assert!(ada.view().queue.is_none(), "the earlier place counts no more");
    ada.until("its place in line", |ada| ada.view().queue.is_some());
    grace.queue(DASH);
    together(&mut [&mut ada, &mut grace], "a match is found for both", |players| {
        players.iter().all(|player| player.view().loadout.is_some())
    });
}
