//! What of this crate is state of a shard.

use hypogeum_shard::{ResourceState, State};

use crate::{Obstacles, Position};

impl State for Position {
    const NAME: &'static str = "position";
}

impl ResourceState for Obstacles {
    const NAME: &'static str = "obstacles";
}
