//! What was said, who ignores whom, and what moderators are to look at.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_accounts::AccountName;
use hypogeum_protocol::limits::IGNORED_MAX;
use hypogeum_protocol::{AccountId, CharacterId, Ignored};
use hypogeum_store::{
    ChatKey, ChatReply, ChatRequest, ChatSettings, ChatSource, IgnoreRefusal, LINES_KEPT_DAYS, REPORT_LINES_AROUND,
    ReadChat, ReportOutcome, Speaker, SpokenLine,
};
use serde::Serialize;

use crate::change::Change;
use crate::friends;
use crate::refusal::Refusal;
use crate::rows::{ROWS_AT_ONCE, now_s, signed, table, unsigned};
use crate::sql::Row;
use crate::transaction::{Pools, Transaction};

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

/// Answers one request.
pub(crate) async fn answer(pools: &Pools, request: &ChatRequest) -> Result<ChatReply, Refusal> {
    match request {
        ChatRequest::Load { accounts } => {
            let mut view = pools.view().await?;
            let loaded = load(&mut view, accounts).await;
            view.finish(loaded).await.map(ChatReply::Loaded)
        }
        ChatRequest::Read(asked) => {
            let mut view = pools.view().await?;
            let lines = read(&mut view, asked).await;
            let lines = view.finish(lines).await?;
            Ok(ChatReply::Page { asked: asked.clone(), lines })
        }
        _ => pools.change(&Asked(request)).await,
    }
}

/// A request that changes something.
struct Asked<'a>(&'a ChatRequest);

impl Change for Asked<'_> {
    type Done = ChatReply;

    async fn apply(&self, changes: &mut Transaction) -> Result<ChatReply, Refusal> {
        match self.0 {
            ChatRequest::Keep { lines } => {
                keep(changes, lines).await?;
                Ok(ChatReply::Kept)
            }
            ChatRequest::Ignore { account, name, ignored } => {
                let whom = ignore(changes, *account, name, *ignored).await?;
                Ok(ChatReply::Ignored { account: *account, ignored: *ignored, whom })
            }
            ChatRequest::Report { account, line, reason } => {
                let outcome = report(changes, *account, *line, reason).await?;
                Ok(ChatReply::Reported { account: *account, line: *line, outcome })
            }
            ChatRequest::Silence { account, until_s } => {
                let silence = "UPDATE accounts SET silenced_until_s = $1 WHERE id = $2";
                changes.run(silence, &[signed(*until_s).into(), signed(account.0).into()]).await?;
                Ok(ChatReply::Silenced { account: *account, until_s: *until_s })
            }
            ChatRequest::Load { .. } | ChatRequest::Read(_) => {
                Err(hypogeum_store::StoreFailure::Broken("this changes nothing".to_owned()).into())
            }
        }
    }
}

async fn load(view: &mut Transaction, accounts: &[AccountId]) -> Result<Vec<ChatSettings>, Refusal> {
    let asked = table(&accounts.iter().map(|account| signed(account.0)).collect::<Vec<_>>())?;
    let nothing = |account: &AccountId| {
        let settings = ChatSettings { account: *account, ignored: Vec::new(), silenced_until_s: 0 };
        (*account, settings)
    };
    let mut found: BTreeMap<AccountId, ChatSettings> = accounts.iter().map(nothing).collect();
    let silenced =
        "SELECT id, silenced_until_s FROM (SELECT DISTINCT CAST(value AS BIGINT) AS asked FROM json_each($1)) AS wanted
         CROSS JOIN accounts WHERE id = asked AND silenced_until_s > 0";
    for row in view.rows(silenced, &[asked.as_str().into()]).await? {
        if let Some(settings) = found.get_mut(&AccountId(unsigned(row.number("id")?))) {
            settings.silenced_until_s = unsigned(row.number("silenced_until_s")?);
        }
    }
    let ignored = "SELECT account, ignored, how FROM (SELECT DISTINCT CAST(value AS BIGINT) AS asked FROM json_each($1)) AS wanted
         CROSS JOIN chat_ignored WHERE account = asked ORDER BY account, ignored";
    for row in view.rows(ignored, &[asked.into()]).await? {
        if let Some(settings) = found.get_mut(&AccountId(unsigned(row.number("account")?))) {
            let how = if row.text("how")? == "blocked" { Ignored::Blocked } else { Ignored::Muted };
            settings.ignored.push((AccountId(unsigned(row.number("ignored")?)), how));
        }
    }
    Ok(accounts.iter().filter_map(|account| found.get(account).cloned()).collect())
}

/// A line as the statement that keeps it reads it.
#[derive(Serialize)]
struct LineRow<'a>(i64, &'a str, i64, &'a str, &'a str, &'a str, i64, i64);

impl<'a> From<&'a SpokenLine> for LineRow<'a> {
    fn from(line: &'a SpokenLine) -> Self {
        let (id, account, at_ms) = (signed(line.id), signed(line.account.0), signed(line.at_ms));
        Self(id, line.key.as_str(), account, &line.from, &line.to, &line.words, i64::from(line.is_emote), at_ms)
    }
}

async fn keep(changes: &mut Transaction, lines: &[SpokenLine]) -> Result<(), Refusal> {
    let insert = "INSERT INTO chat_lines (id, channel, account, from_name, to_name, words, is_emote, at_ms)
         SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, CAST(value ->> 2 AS BIGINT), value ->> 3, value ->> 4, value ->> 5,
                CAST(value ->> 6 AS BIGINT), CAST(value ->> 7 AS BIGINT)
         FROM json_each($1) WHERE true ON CONFLICT (id) DO NOTHING";
    for some in lines.chunks(ROWS_AT_ONCE) {
        let rows: Vec<LineRow<'_>> = some.iter().map(LineRow::from).collect();
        changes.run(insert, &[table(&rows)?.into()]).await?;
    }
    // Each channel in the order of its name, so that no two who put away wait for each other.
    let trim = "DELETE FROM chat_lines WHERE channel = $1
         AND id <= (SELECT id FROM chat_lines WHERE channel = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)";
    for key in lines.iter().map(|line| &line.key).collect::<BTreeSet<&ChatKey>>() {
        let kept_max = i64::try_from(key.lines_kept_max()).unwrap_or(i64::MAX);
        changes.run(trim, &[key.as_str().into(), kept_max.into()]).await?;
    }
    if let Some(newest_ms) = lines.iter().map(|line| line.at_ms).max() {
        let oldest_ms = newest_ms.saturating_sub(LINES_KEPT_DAYS * DAY_MS);
        changes.run("DELETE FROM chat_lines WHERE at_ms < $1", &[signed(oldest_ms).into()]).await?;
    }
    Ok(())
}

async fn read(view: &mut Transaction, asked: &ReadChat) -> Result<Vec<SpokenLine>, Refusal> {
    let key = match &asked.source {
        ChatSource::Key(key) => key.clone(),
        ChatSource::With { speaker, name } => match called(view, name).await? {
            Some((other, _)) => ChatKey::whisper(*speaker, other),
            None => return Ok(Vec::new()),
        },
    };
    let newest = "SELECT id, account, from_name, to_name, words, is_emote, at_ms FROM chat_lines
         WHERE channel = $1 AND id < $2 AND NOT EXISTS (
             SELECT 1 FROM chat_ignored
             WHERE (chat_ignored.account = $3 AND ignored = chat_lines.account)
                OR (chat_ignored.account = chat_lines.account AND ignored = $3 AND how = 'blocked')
         ) ORDER BY id DESC LIMIT $4";
    let before = if asked.before == 0 { i64::MAX } else { signed(asked.before) };
    let lines_max = i64::try_from(asked.lines_max).unwrap_or(i64::MAX);
    let binds = [key.as_str().into(), before.into(), signed(asked.account.0).into(), lines_max.into()];
    let rows = view.rows(newest, &binds).await?;
    rows.iter().rev().map(|row| line_of(row, &key)).collect()
}

fn line_of(row: &Row, key: &ChatKey) -> Result<SpokenLine, Refusal> {
    Ok(SpokenLine {
        id: unsigned(row.number("id")?),
        key: key.clone(),
        account: AccountId(unsigned(row.number("account")?)),
        from: row.text("from_name")?.to_owned(),
        to: row.text("to_name")?.to_owned(),
        words: row.text("words")?.to_owned(),
        is_emote: row.number("is_emote")? != 0,
        at_ms: unsigned(row.number("at_ms")?),
    })
}

/// Who is called so, and how that is written: a living character before an account, for that is what others see.
pub(crate) async fn called(view: &mut Transaction, name: &str) -> Result<Option<(Speaker, String)>, Refusal> {
    let Ok(name) = AccountName::entered(name) else { return Ok(None) };
    let known = "SELECT account, id AS character, name FROM characters WHERE canonical = $1 AND deleted_s IS NULL
         UNION ALL SELECT id AS account, 0 AS character, name FROM accounts WHERE canonical = $1
         ORDER BY character DESC LIMIT 1";
    let rows = view.rows(known, &[name.canonical().into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let character = unsigned(row.number("character")?);
    let speaker = Speaker {
        account: AccountId(unsigned(row.number("account")?)),
        character: (character != 0).then_some(CharacterId(character)),
    };
    Ok(Some((speaker, row.text("name")?.to_owned())))
}

async fn ignore(
    changes: &mut Transaction,
    account: AccountId,
    name: &str,
    ignored: Ignored,
) -> Result<Result<(AccountId, String), IgnoreRefusal>, Refusal> {
    let Some((Speaker { account: other, .. }, name)) = called(changes, name).await? else {
        return Ok(Err(IgnoreRefusal::NoSuchName));
    };
    if other == account {
        return Ok(Err(IgnoreRefusal::Oneself));
    }
    let ignored = ignore_account(changes, account, other, ignored).await?;
    Ok(ignored.map(|()| (other, name)))
}

/// The same of somebody who is known by its number. Whom somebody blocks, is no friend, and in no request.
pub(crate) async fn ignore_account(
    changes: &mut Transaction,
    account: AccountId,
    other: AccountId,
    ignored: Ignored,
) -> Result<Result<(), IgnoreRefusal>, Refusal> {
    let (own, whom) = (signed(account.0), signed(other.0));
    changes.lock_accounts(&table(&[own, whom])?).await?;
    let how = match ignored {
        Ignored::Not => {
            changes
                .run("DELETE FROM chat_ignored WHERE account = $1 AND ignored = $2", &[own.into(), whom.into()])
                .await?;
            return Ok(Ok(()));
        }
        Ignored::Muted => "muted",
        Ignored::Blocked => "blocked",
    };
    let others = "SELECT COUNT(*) AS others FROM chat_ignored WHERE account = $1 AND ignored <> $2";
    let rows = changes.rows(others, &[own.into(), whom.into()]).await?;
    if rows.first().map_or(Ok(0), |row| row.small::<usize>("others"))? >= IGNORED_MAX {
        return Ok(Err(IgnoreRefusal::TooMany));
    }
    let insert = "INSERT INTO chat_ignored (account, ignored, how, since_s) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account, ignored) DO UPDATE SET how = excluded.how, since_s = excluded.since_s";
    changes.run(insert, &[own.into(), whom.into(), how.into(), now_s().into()]).await?;
    if ignored == Ignored::Blocked {
        friends::part(changes, account, other).await?;
    }
    Ok(Ok(()))
}

/// A line as moderators are shown it.
#[derive(Serialize)]
struct ReportedLine {
    id: u64,
    account: u64,
    from: String,
    to: String,
    words: String,
    is_emote: bool,
    at_ms: u64,
}

impl From<SpokenLine> for ReportedLine {
    fn from(line: SpokenLine) -> Self {
        let SpokenLine { id, account, from, to, words, is_emote, at_ms, .. } = line;
        Self { id, account: account.0, from, to, words, is_emote, at_ms }
    }
}

async fn report(
    changes: &mut Transaction,
    reporter: AccountId,
    line: u64,
    reason: &str,
) -> Result<ReportOutcome, Refusal> {
    let find = "SELECT channel, account FROM chat_lines WHERE id = $1";
    let found = changes.rows(find, &[signed(line).into()]).await?;
    let Some(found) = found.first() else { return Ok(ReportOutcome::NoSuchLine) };
    let (channel, account) = (found.text("channel")?.to_owned(), found.number("account")?);
    let columns = "SELECT id, account, from_name, to_name, words, is_emote, at_ms FROM (
             SELECT * FROM (SELECT * FROM chat_lines WHERE channel = $1 AND id <= $2 ORDER BY id DESC LIMIT $3) AS earlier
             UNION ALL
             SELECT * FROM (SELECT * FROM chat_lines WHERE channel = $1 AND id > $2 ORDER BY id LIMIT $4) AS later
         ) AS around ORDER BY id";
    let around = i64::try_from(REPORT_LINES_AROUND).unwrap_or(i64::MAX);
    let binds = [channel.as_str().into(), signed(line).into(), (around + 1).into(), around.into()];
    let rows = changes.rows(columns, &binds).await?;
    let key = ChatKey::global();
    let lines: Result<Vec<ReportedLine>, Refusal> =
        rows.iter().map(|row| line_of(row, &key).map(ReportedLine::from)).collect();
    let insert = "INSERT INTO chat_reports (line, reporter, account, channel, reason, lines, at_s)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (line, reporter) DO NOTHING";
    let binds = [
        signed(line).into(),
        signed(reporter.0).into(),
        account.into(),
        channel.into(),
        reason.into(),
        table(&lines?)?.into(),
        now_s().into(),
    ];
    let is_new = changes.run(insert, &binds).await? > 0;
    Ok(if is_new { ReportOutcome::Taken } else { ReportOutcome::TakenBefore })
}
