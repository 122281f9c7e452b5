//! What matches cost besides their players.

mod minds;

fn main() {
    minds::run();
}
