//! What a match is worth, read off its world once it is over.

use hypogeum_arena::seat_result;
use hypogeum_content::Content;
use hypogeum_progression::{SeatResult, SettlementOrder, StashedItem};
use hypogeum_protocol::{AccountId, MatchId, Seat};
use hypogeum_shard::{Rules, Shard};

/// Everything the store is asked to grant. `seats` are those of accounts; one without a verdict is left out, which only a
/// match that is not over has.
#[must_use]
pub fn settlement(
    shard: &Shard,
    match_id: MatchId,
    mode: &str,
    seats: impl IntoIterator<Item = (Seat, AccountId)>,
) -> SettlementOrder {
    let rules = shard.world().resource::<Rules>();
    let result = |(seat, account)| result(shard, &rules.content, seat, account);
    let results = seats.into_iter().filter_map(result).collect();
    SettlementOrder { match_id, mode: mode.to_owned(), seed: rules.seed.fingerprint(), results }
}

fn result(shard: &Shard, content: &Content, seat: Seat, account: AccountId) -> Option<SeatResult> {
    let verdict = seat_result(shard.world(), seat)?;
    let stashed = |(id, def): &(_, _)| StashedItem { id: *id, template: content.items.key(*def).to_owned() };
    Some(SeatResult {
        account,
        outcome: verdict.outcome,
        kills: verdict.kills,
        damage_dealt: verdict.damage_dealt,
        xp_gained: verdict.xp_gained,
        currency_gained: verdict.currency_gained,
        placement: verdict.placement,
        items_secured: verdict.items.iter().map(stashed).collect(),
    })
}
