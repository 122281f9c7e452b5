//! Characters that are brought into open shards: checked out with what they carry, and checked in as they leave.
//!
//! The row of a character says which visit holds it, and the row of an item which character carries it. What a character carries
//! lies in no stash; in a shard its items are in escrow as any others, and still say whose they are, so that an undone visit
//! leaves everything as it was.

use hypogeum_protocol::{AccountId, CharacterId, CharacterSheet, ItemId, MatchId};
use hypogeum_store::StoreFailure;

use crate::refusal::Refusal;
use crate::rows::{change_rows, signed, unsigned};
use crate::sql::Row;
use crate::transaction::Transaction;

/// Checks a character out for a visit, with all it carries. The account is locked. Returns how many items those are.
pub(crate) async fn hold(
    changes: &mut Transaction,
    visit: MatchId,
    (account, character): (AccountId, CharacterId),
) -> Result<usize, Refusal> {
    if !is_held(changes, visit, (account, character)).await? {
        return Err(why_not(changes, (account, character)).await?.into());
    }
    let take_along = "UPDATE items SET place = 'escrow', match_id = $1, version = version + 1
         WHERE character = $2 AND account = $3 AND place = 'stash'";
    let binds = [signed(visit.0).into(), signed(character.0).into(), signed(account.0).into()];
    Ok(usize::try_from(changes.run(take_along, &binds).await?).unwrap_or(usize::MAX))
}

/// Checks out again what a log says was brought, as far as it lies where it was: in a database that was restored from a backup,
/// what a character carries may be something else.
pub(crate) async fn hold_again(
    changes: &mut Transaction,
    visit: MatchId,
    (account, character): (AccountId, Option<CharacterId>),
    items: &[ItemId],
) -> Result<(), Refusal> {
    let mut carrier = None;
    if let Some(character) = character {
        if is_held(changes, visit, (account, character)).await? {
            carrier = Some(signed(character.0));
        } else {
            let why = why_not(changes, (account, character)).await?;
            tracing::warn!(%visit, %account, %why, "the character of a visit cannot be checked out again");
        }
    }
    let rows = items.iter().map(|item| (signed(account.0), signed(item.origin), item.serial, carrier));
    let take = "UPDATE items SET place = 'escrow', match_id = $2, version = version + 1,
            character = CASE WHEN character = CAST(value ->> 3 AS BIGINT) THEN character END
         FROM json_each($1)
         WHERE origin = CAST(value ->> 1 AS BIGINT) AND serial = CAST(value ->> 2 AS BIGINT)
            AND account = CAST(value ->> 0 AS BIGINT) AND place = 'stash'";
    change_rows(changes, take, &rows.collect::<Vec<_>>(), signed(visit.0)).await
}

/// Lets a visit hold a character, unless another does. Returns whether it does now.
async fn is_held(
    changes: &mut Transaction,
    visit: MatchId,
    (account, character): (AccountId, CharacterId),
) -> Result<bool, Refusal> {
    let hold = "UPDATE characters SET visit = $1
         WHERE id = $2 AND account = $3 AND deleted_s IS NULL AND visit IS NULL";
    let binds = [signed(visit.0).into(), signed(character.0).into(), signed(account.0).into()];
    Ok(changes.run(hold, &binds).await? == 1)
}

/// Why a character cannot be checked out.
async fn why_not(
    changes: &mut Transaction,
    (account, character): (AccountId, CharacterId),
) -> Result<StoreFailure, Refusal> {
    let holder = "SELECT COALESCE(visit, 0) AS visit FROM characters
         WHERE id = $1 AND account = $2 AND deleted_s IS NULL";
    let rows = changes.rows(holder, &[signed(character.0).into(), signed(account.0).into()]).await?;
    let Some(row) = rows.first() else { return Ok(StoreFailure::NoSuchCharacter(character)) };
    Ok(StoreFailure::CharacterHeld { character, visit: MatchId(unsigned(row.number("visit")?)) })
}

/// The character that a visit of an account holds.
pub(crate) async fn held(
    changes: &mut Transaction,
    visit: MatchId,
    account: AccountId,
) -> Result<Option<CharacterSheet>, Refusal> {
    let held = "SELECT id, place, body FROM characters WHERE visit = $1 AND account = $2";
    let rows = changes.rows(held, &[signed(visit.0).into(), signed(account.0).into()]).await?;
    rows.first().map(sheet_of).transpose()
}

/// Ends the hold of a visit on its character, which is as `left` says now; else as it was. Returns who carries what is given
/// for the visit: a character that another visit holds or that was deleted, as may be after a backup was restored, does not.
pub(crate) async fn check_in(
    changes: &mut Transaction,
    (visit, account): (MatchId, AccountId),
    left: Option<&CharacterSheet>,
) -> Result<Option<CharacterId>, Refusal> {
    let mut carrier = None;
    if let Some(CharacterSheet { id, place, body }) = left {
        let keep = "UPDATE characters SET place = $1, body = $2, visit = NULL
             WHERE id = $3 AND account = $4 AND deleted_s IS NULL AND (visit IS NULL OR visit = $5)";
        let (place, body) = (place.as_str().into(), body.as_slice().into());
        let binds = [place, body, signed(id.0).into(), signed(account.0).into(), signed(visit.0).into()];
        carrier = (changes.run(keep, &binds).await? == 1).then_some(*id);
    }
    release(changes, visit).await?;
    Ok(carrier)
}

/// Writes down how characters are while visits hold them. Returns how many are still held.
pub(crate) async fn keep(changes: &mut Transaction, kept: &[(MatchId, CharacterSheet)]) -> Result<u32, Refusal> {
    let mut count = 0;
    for (visit, CharacterSheet { id, place, body }) in kept {
        let keep = "UPDATE characters SET place = $1, body = $2 WHERE id = $3 AND visit = $4 AND deleted_s IS NULL";
        let (place, body) = (place.as_str().into(), body.as_slice().into());
        count += changes.run(keep, &[place, body, signed(id.0).into(), signed(visit.0).into()]).await?;
    }
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Ends the hold of a visit on its character, which stays as it was.
pub(crate) async fn release(changes: &mut Transaction, visit: MatchId) -> Result<(), Refusal> {
    changes.run("UPDATE characters SET visit = NULL WHERE visit = $1", &[signed(visit.0).into()]).await?;
    Ok(())
}

/// Reads columns `id`, `place` and `body`.
pub(crate) fn sheet_of(row: &Row) -> Result<CharacterSheet, Refusal> {
    Ok(CharacterSheet {
        id: CharacterId(unsigned(row.number("id")?)),
        place: row.text("place")?.to_owned(),
        body: row.bytes("body")?.unwrap_or_default().to_vec(),
    })
}
