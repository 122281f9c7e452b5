//! Reports that accounts have not acknowledged: written in one transaction with their grants, and done once acknowledged.

use std::collections::BTreeMap;

use hypogeum_progression::Profile;
use hypogeum_protocol::{AccountId, MatchId};

use crate::change::Change;
use crate::grants::GrantRow;
use crate::refusal::Refusal;
use crate::rows::{change_rows, match_event, match_of_event, now_s, signed, unsigned};
use crate::transaction::Transaction;

/// Puts the reports of these grants into the outbox.
pub(crate) async fn insert_reports(changes: &mut Transaction, grants: &[GrantRow<'_>]) -> Result<(), Refusal> {
    change_rows(
        changes,
        "INSERT INTO outbox (account, source_event, payload, created_s)
         SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 4, $2 FROM json_each($1)",
        grants,
        now_s(),
    )
    .await
}

/// Acknowledges many reports at once: of ten thousand who play again, each acknowledges its last match.
#[derive(Debug)]
pub(crate) struct AcknowledgeReports<'a>(pub(crate) &'a [(AccountId, MatchId)]);

impl Change for AcknowledgeReports<'_> {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        let row = |&(account, match_id): &(AccountId, MatchId)| (signed(account.0), match_event(match_id.0));
        let rows: Vec<_> = self.0.iter().map(row).collect();
        change_rows(
            changes,
            "UPDATE outbox SET done_s = $2 FROM json_each($1)
             WHERE account = CAST(value ->> 0 AS BIGINT) AND source_event = value ->> 1 AND done_s IS NULL",
            &rows,
            now_s(),
        )
        .await
    }
}

/// Adds to each profile the reports its account has not acknowledged; `asked` are the accounts as a table.
pub(crate) async fn add_unacknowledged(
    view: &mut Transaction,
    asked: &str,
    profiles: &mut BTreeMap<AccountId, Profile>,
) -> Result<(), Refusal> {
    let unacknowledged = "SELECT account, source_event, payload
         FROM (SELECT DISTINCT CAST(value AS BIGINT) AS asked FROM json_each($1)) AS wanted
         CROSS JOIN outbox WHERE account = asked AND done_s IS NULL ORDER BY account, id";
    for row in view.rows(unacknowledged, &[asked.into()]).await? {
        let profile = profiles.get_mut(&AccountId(unsigned(row.number("account")?)));
        let Some((profile, match_id)) = profile.zip(match_of_event(row.text("source_event")?)) else { continue };
        let report = serde_json::from_str(row.text("payload")?).map_err(|error| sqlx::Error::Decode(error.into()))?;
        profile.unacknowledged.push((MatchId(match_id), report));
    }
    Ok(())
}
