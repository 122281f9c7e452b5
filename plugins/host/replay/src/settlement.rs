//! What a match is worth, read off its world once it is over.

use hypogeum_arena::grant;
use hypogeum_progression::SettlementOrder;
use hypogeum_protocol::{MatchId, Seat};
use hypogeum_shard::{Rules, Shard};

/// Everything the store is asked to grant. `seats` are those of accounts; one that is still inside is left out, which only a
/// match that is not over has.
#[must_use]
pub fn settlement(
    shard: &Shard,
    match_id: MatchId,
    mode: &str,
    seats: impl IntoIterator<Item = Seat>,
) -> SettlementOrder {
    let rules = shard.world().resource::<Rules>();
    let results = seats.into_iter().filter_map(|seat| grant(shard.world(), seat)).collect();
    SettlementOrder { match_id, mode: mode.to_owned(), seed: rules.seed.fingerprint(), results }
}
