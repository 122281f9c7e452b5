//! New accounts: those wanted at the same time are made in one transaction, for what a transaction costs is its sync
//! to the disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use hypogeum_accounts::{AccountName, AccountRecord, AccountStoreError};
use hypogeum_economy::STASH_CAPACITY_DEFAULT;
use hypogeum_progression::{Skill, StarterKit};
use hypogeum_protocol::AccountId;
use tokio::sync::{mpsc, oneshot};

use crate::accounts::{account_error, record_of};
use crate::grants::{enter, insert_grants, insert_items};
use crate::refusal::Refusal;
use crate::rows::{change_rows, now_s, signed, table, unsigned};
use crate::sql::Row;
use crate::transaction::{Pools, Transaction};

/// Accounts one transaction makes; as many wait for the next before callers wait in line.
const BATCH_MAX: usize = 256;
/// The source event of the starter kit.
const STARTER_EVENT: &str = "starter";
/// What stands in the place of a guest's hash. No password's hash is empty.
pub(crate) const GUEST_HASH: &str = "";

/// Whether an account was made for the one who asked, or why not.
#[derive(Clone, Debug)]
pub(crate) enum Created {
    /// It is new.
    New(AccountId),
    /// An account has that name.
    Found(AccountRecord),
    /// A character has that name.
    OfCharacter,
}

type Answer = Result<Created, AccountStoreError>;

struct NewAccount {
    name: AccountName,
    hash: String,
    answer: oneshot::Sender<Answer>,
}

/// Where new accounts are asked for.
#[derive(Clone, Debug)]
pub(crate) struct Creations {
    requests: mpsc::Sender<NewAccount>,
}

impl Creations {
    /// The line, and the work that serves it until every handle on the line is gone.
    pub(crate) fn new(pools: Pools, starter: Arc<StarterKit>) -> (Self, impl Future<Output = ()> + Send) {
        let (requests, line) = mpsc::channel(BATCH_MAX);
        (Self { requests }, serve(line, pools, starter))
    }

    /// An account of that name: a new one with `hash`, or the one there is.
    pub(crate) async fn create(&self, name: &AccountName, hash: String) -> Answer {
        let (answer, answered) = oneshot::channel();
        let request = NewAccount { name: name.clone(), hash, answer };
        self.requests.send(request).await.map_err(|_| AccountStoreError::Unavailable)?;
        answered.await.map_err(|_| AccountStoreError::Unavailable)?
    }
}

async fn serve(mut line: mpsc::Receiver<NewAccount>, pools: Pools, starter: Arc<StarterKit>) {
    let mut requests = Vec::with_capacity(BATCH_MAX);
    while line.recv_many(&mut requests, BATCH_MAX).await > 0 {
        match create_all(&pools, &requests, &starter).await {
            Ok(created) => {
                for (request, created) in requests.drain(..).zip(created) {
                    // Who asked may have stopped waiting; the account stands all the same.
                    let _ = request.answer.send(Ok(created));
                }
            }
            Err(refusal) => {
                let error = account_error(&refusal);
                for request in requests.drain(..) {
                    let _ = request.answer.send(Err(error));
                }
            }
        }
    }
}

/// Makes all accounts whose names are free, with everything a new account is given; answers in the order of `requests`.
async fn create_all(pools: &Pools, requests: &[NewAccount], starter: &StarterKit) -> Result<Vec<Created>, Refusal> {
    let mut changes = pools.begin().await?;
    let created = create(&mut changes, requests, starter).await;
    changes.finish(created).await
}

async fn create(
    changes: &mut Transaction,
    requests: &[NewAccount],
    starter: &StarterKit,
) -> Result<Vec<Created>, Refusal> {
    let names: Vec<[&str; 1]> = requests.iter().map(|request| [request.name.canonical()]).collect();
    let names = table(&names)?;
    changes.lock_names(&names).await?;
    let mut new = insert_accounts(changes, requests).await?;
    let accounts: Vec<AccountId> = new.values().copied().collect();
    grant_starter_kits(changes, &accounts, starter).await?;
    let found = if new.len() < requests.len() { find_all(changes, &names).await? } else { BTreeMap::new() };
    let mut created = Vec::with_capacity(requests.len());
    for request in requests {
        // Of two who want the same name at the same time, the first gets it.
        let own = new.remove(request.name.canonical()).map(Created::New);
        let found = || found.get(request.name.canonical()).cloned().map(Created::Found);
        created.push(own.or_else(found).unwrap_or(Created::OfCharacter));
    }
    Ok(created)
}

/// The new accounts by canonical name; those whose name is taken are missing.
async fn insert_accounts(
    changes: &mut Transaction,
    requests: &[NewAccount],
) -> Result<BTreeMap<String, AccountId>, Refusal> {
    let row = |request: &NewAccount| {
        (request.name.canonical().to_owned(), request.name.shown().to_owned(), request.hash.clone())
    };
    let rows: Vec<_> = requests.iter().map(row).collect();
    let insert = "INSERT INTO accounts (canonical, name, hash, created_s)
         SELECT value ->> 0, value ->> 1, value ->> 2, $2 FROM json_each($1)
         WHERE NOT EXISTS (SELECT 1 FROM characters WHERE characters.canonical = value ->> 0 AND deleted_s IS NULL)
         ON CONFLICT (canonical) DO NOTHING RETURNING id, canonical";
    let inserted = changes.rows(insert, &[table(&rows)?.into(), now_s().into()]).await?;
    let account = |row: &Row| Ok((row.text("canonical")?.to_owned(), AccountId(unsigned(row.number("id")?))));
    inserted.iter().map(account).collect()
}

async fn grant_starter_kits(
    changes: &mut Transaction,
    accounts: &[AccountId],
    starter: &StarterKit,
) -> Result<(), Refusal> {
    let newcomer = Skill::default();
    let row = |account: &AccountId| {
        (signed(account.0), starter.currency, newcomer.mean_micros, newcomer.deviation_micros, STASH_CAPACITY_DEFAULT)
    };
    change_rows(
        changes,
        "INSERT INTO profiles (account, currency, skill_mean_micros, skill_deviation_micros, stash_capacity)
         SELECT CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT),
                CAST(value ->> 3 AS BIGINT), CAST(value ->> 4 AS BIGINT)
         FROM json_each($1)",
        &accounts.iter().map(row).collect::<Vec<_>>(),
        0,
    )
    .await?;
    let items: Vec<_> = accounts
        .iter()
        .flat_map(|&account| starter.items_for(account).into_iter().map(move |item| (account, item)))
        .collect();
    insert_items(changes, items.iter().map(|(account, item)| (*account, None, item))).await?;
    let grant = |account: &AccountId| (signed(account.0), STARTER_EVENT, "starter", starter.currency, "{}".to_owned());
    insert_grants(changes, &accounts.iter().map(grant).collect::<Vec<_>>()).await?;
    enter(changes, accounts.iter().map(|account| (*account, starter.currency)), STARTER_EVENT).await
}

/// The accounts of these names, rows of one canonical name each, by canonical name.
async fn find_all(changes: &mut Transaction, names: &str) -> Result<BTreeMap<String, AccountRecord>, Refusal> {
    let find = "SELECT id, canonical, name, hash, seen_network
         FROM (SELECT DISTINCT value ->> 0 AS wanted FROM json_each($1)) AS names CROSS JOIN accounts
         WHERE canonical = wanted";
    let rows = changes.rows(find, &[names.into()]).await?;
    rows.iter().map(|row| Ok((row.text("canonical")?.to_owned(), record_of(row)?))).collect()
}
