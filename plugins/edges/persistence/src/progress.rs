//! What accounts have reached, and the matches that they have played, as the gateway asks for them.

use hypogeum_progression::{
    MATCHES_PER_PAGE_MAX, MatchMark, PlayedMatch, Progress, ProgressStore, ProgressUnavailable, Skill,
};
use hypogeum_protocol::{AccountId, MatchId};

use crate::creation::GUEST_HASH;
use crate::refusal::Refusal;
use crate::rows::{signed, unsigned};
use crate::sql::Row;
use crate::store::Store;

/// What stands for a number that is not kept: neither a place nor a rating is less than nothing.
const NOT_KEPT: i64 = -1;

/// A statement that reads matches which are over, of the account `$1`: what [`match_of`] reads of each, and then what follows.
macro_rules! played {
    ($rest:literal) => {
        concat!(
            "SELECT match_id, mode, started_s, rated_s, rating, report, COALESCE(placement, -1) AS placement,
                 COALESCE(rating_before, -1) AS rating_before
             FROM seats JOIN matches ON matches.id = match_id
             JOIN grants ON grants.account = seats.account AND source_event = 'match:' || match_id
             WHERE seats.account = $1 AND rated_s IS NOT NULL ",
            $rest
        )
    };
}

impl ProgressStore for Store {
    async fn progress(&self, account: AccountId) -> Result<Option<Progress>, ProgressUnavailable> {
        let own = "SELECT id, name, hash, created_s, xp, currency, skill_mean_micros, skill_deviation_micros
             FROM accounts JOIN profiles ON account = id WHERE id = $1";
        let rows = self.rows(own, vec![signed(account.0).into()]).await;
        rows.and_then(|rows| rows.first().map(progress_of).transpose()).map_err(unavailable)
    }

    async fn matches_played(
        &self,
        account: AccountId,
        after: Option<MatchMark>,
        count: usize,
    ) -> Result<Vec<PlayedMatch>, ProgressUnavailable> {
        let page = played!("AND (rated_s, match_id) < ($2, $3) ORDER BY rated_s DESC, match_id DESC LIMIT $4");
        // Behind nothing are all: none ends so late.
        let (ended_s, id) = after.map_or((i64::MAX, i64::MAX), |mark| (signed(mark.ended_s), signed(mark.id.0)));
        let count = signed(count.min(MATCHES_PER_PAGE_MAX) as u64);
        let rows = self.rows(page, vec![signed(account.0).into(), ended_s.into(), id.into(), count.into()]).await;
        rows.and_then(|rows| rows.iter().map(match_of).collect()).map_err(unavailable)
    }

    async fn match_played(&self, account: AccountId, id: MatchId) -> Result<Option<PlayedMatch>, ProgressUnavailable> {
        // Whose it is stands in what is looked for, so what others have played costs what was never played does.
        let own = played!("AND match_id = $2");
        let rows = self.rows(own, vec![signed(account.0).into(), signed(id.0).into()]).await;
        rows.and_then(|rows| rows.first().map(match_of).transpose()).map_err(unavailable)
    }
}

fn progress_of(row: &Row) -> Result<Progress, Refusal> {
    Ok(Progress {
        account: AccountId(unsigned(row.number("id")?)),
        name: row.text("name")?.to_owned(),
        is_guest: row.text("hash")? == GUEST_HASH,
        created_s: unsigned(row.number("created_s")?),
        xp: unsigned(row.number("xp")?),
        currency: row.number("currency")?,
        skill: Skill {
            mean_micros: row.number("skill_mean_micros")?,
            deviation_micros: row.number("skill_deviation_micros")?,
        },
    })
}

fn match_of(row: &Row) -> Result<PlayedMatch, Refusal> {
    let is_kept = |number: &i64| *number != NOT_KEPT;
    let placement = Some(row.number("placement")?).filter(is_kept);
    let rating_before = Some(row.number("rating_before")?).filter(is_kept);
    let report = serde_json::from_str(row.text("report")?).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(PlayedMatch {
        id: MatchId(unsigned(row.number("match_id")?)),
        mode: row.text("mode")?.to_owned(),
        started_s: unsigned(row.number("started_s")?),
        ended_s: unsigned(row.number("rated_s")?),
        placement: placement.and_then(|placement| u16::try_from(placement).ok()),
        rating_before: rating_before.and_then(|rating| i32::try_from(rating).ok()),
        rating: row.small("rating")?,
        report,
    })
}

/// The error for a caller. The cause goes to the log.
fn unavailable(refusal: Refusal) -> ProgressUnavailable {
    tracing::warn!(error = %refusal, "progress could not be read");
    ProgressUnavailable
}
