//! Matches to try things on.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use hypogeum_content::Content;
use hypogeum_protocol::{AccountId, MatchId};
use hypogeum_shard::{Genesis, Shard};

use crate::{MatchSetup, SeatSetup, new_match};

static SHIPPED: LazyLock<Arc<Content>> = LazyLock::new(|| {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
});

/// The content that ships.
pub(crate) fn shipped() -> Arc<Content> {
    Arc::clone(&SHIPPED)
}

/// A seat with the starter's sword and coat.
pub(crate) fn seat(index: u64, autopilot: bool) -> SeatSetup {
    let content = shipped();
    let account = AccountId(index + 1);
    let item = |serial: u32, key: &str| {
        let origin = hypogeum_protocol::ItemId::STARTER_BIT | account.0;
        (hypogeum_protocol::ItemId { origin, serial }, content.items.id(key).expect("the item ships"))
    };
    SeatSetup {
        account,
        name: format!("seat {index}"),
        level: 1,
        rating: 1_500,
        autopilot,
        items: vec![item(0, "rusty_sword"), item(1, "padded_coat"), item(2, "medkit")],
    }
}

/// A match of a shipped mode.
pub(crate) fn trial(mode: &str, seed: u64, seats: u64, autopilot: bool) -> Shard {
    let content = shipped();
    let mode = content.modes.id(mode).expect("the mode ships");
    let setup =
        MatchSetup { match_id: MatchId(9), mode, seats: (0..seats).map(|index| seat(index, autopilot)).collect() };
    new_match(Genesis { seed, tick_hz: 30, content }, &setup)
}
