//! The `hypogeum` binary: the shipped game, and the command line of [`hypogeum::Game::run`].

use std::process::ExitCode;

use hypogeum::Game;

fn main() -> ExitCode {
    Game::shipped().run()
}
