//! How the seats of running matches stand, written behind the game: whatever waits together is written together.

use std::collections::BTreeMap;

use hypogeum_progression::SeatStanding;
use hypogeum_protocol::{AccountId, MatchId, Outcome};

use crate::change::Change;
use crate::refusal::Refusal;
use crate::rows::{change_rows, signed};
use crate::transaction::Transaction;

/// The newest standing of each seat, of what waits to be written.
#[derive(Debug, Default)]
pub(crate) struct KeepSeats {
    newest: BTreeMap<MatchId, BTreeMap<AccountId, (u64, SeatStanding)>>,
}

impl KeepSeats {
    pub(crate) fn add(&mut self, match_id: MatchId, tick: u64, seats: &[SeatStanding]) {
        let of_match = self.newest.entry(match_id).or_default();
        for &standing in seats {
            let newest = of_match.entry(standing.account).or_insert((tick, standing));
            if newest.0 <= tick {
                *newest = (tick, standing);
            }
        }
    }
}

impl Change for KeepSeats {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        for (match_id, seats) in &self.newest {
            let row = |(tick, seat): &(u64, SeatStanding)| {
                let outcome = seat.outcome.map(word);
                let present = i64::from(seat.present);
                (signed(seat.account.0), signed(*tick), present, seat.kills, seat.xp, seat.damage_dealt, outcome)
            };
            let rows: Vec<_> = seats.values().map(row).collect();
            change_rows(
                changes,
                "UPDATE seats SET kept_tick = CAST(value ->> 1 AS BIGINT), present = CAST(value ->> 2 AS BIGINT),
                        kills = CAST(value ->> 3 AS BIGINT), xp = CAST(value ->> 4 AS BIGINT),
                        damage_dealt = CAST(value ->> 5 AS BIGINT), outcome = value ->> 6
                 FROM json_each($1)
                 WHERE match_id = $2 AND account = CAST(value ->> 0 AS BIGINT)
                    AND COALESCE(kept_tick, -1) <= CAST(value ->> 1 AS BIGINT)",
                &rows,
                signed(match_id.0),
            )
            .await?;
        }
        Ok(())
    }
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Extracted => "extracted",
        Outcome::Died => "died",
        Outcome::TimedOut => "timed_out",
    }
}
