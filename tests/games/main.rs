//! Other games than ours, on an unchanged host. This program is the server of those games, too: its tests start it again.

mod counter;
mod counting;

use std::process::ExitCode;

use hypogeum::Game;

/// What is played here.
fn game() -> Game {
    Game::shipped().add_match_kind::<counter::Counter>()
}

/// The situations, by name.
const TESTS: [(&str, fn()); 1] =
    [("a_game_of_another_kind_survives_a_kill_and_is_granted_replayed_and_proved", counting::two_count_through_a_kill)];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if matches!(arguments.first().map(String::as_str), Some("serve" | "replay" | "verify")) {
        return game().run();
    }
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    for (name, test) in TESTS.iter().filter(|(name, _)| wanted.iter().all(|part| name.contains(part.as_str()))) {
        test();
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}
