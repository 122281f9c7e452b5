//! Bots in the server's own process: somebody to play with, without a socket more.

use hypogeum_testkit::{Player, TestServer};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

#[test]
fn somebody_alone_plays_with_a_bot_of_the_server() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let args = ["--bots", "1", "--bots-mode", "skirmish"];
    let guests = [("HYPOGEUM_AUTH__GUESTS", "loopback")];
    let server = TestServer::start_with(BINARY, &args, data.path(), &guests).expect("the server starts");
    let mut ada = Player::guest(&server.url, "Ada");
    ada.queue("skirmish");
    // It takes two, and nobody but the bot is there.
    ada.until("her avatar", |ada| ada.own().is_some());
    let ended = server.kill();
    assert!(!ended.log.contains("WARN"), "nothing is wrong with that: {}", ended.log);

    // Bots have accounts, so the match goes on with all who were in it.
    let server = TestServer::start_with(BINARY, &args, data.path(), &guests).expect("the server starts again");
    ada.reconnect(&server.url).expect("the server is back");
    ada.until("her avatar again", |ada| ada.own().is_some());
}

#[test]
fn bots_of_a_mode_that_is_none_and_of_somebodys_name_are_refused() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let args = ["--bots", "2", "--bots-mode", "skirmisch"];
    let ended = TestServer::start_with(BINARY, &args, data.path(), &[]).expect_err("it does not start");
    assert!(ended.log.contains("there is no mode \"skirmisch\" for bots, only blitz"), "{}", ended.log);

    let server = TestServer::start(BINARY, data.path(), &[]).expect("the server starts");
    drop(Player::enter(&server.url, "local-bot-002"));
    assert!(server.terminate().status.success(), "it ends in order");
    let args = ["--bots", "2"];
    let ended = TestServer::start_with(BINARY, &args, data.path(), &[]).expect_err("it does not start");
    assert!(ended.log.contains("cannot play as \"local-bot-002\", one of the bots"), "{}", ended.log);
    let one =
        TestServer::start_with(BINARY, &["--bots", "1"], data.path(), &[]).expect("one bot has a name of its own");
    assert!(one.terminate().status.success(), "it ends in order, with its bot");
}
