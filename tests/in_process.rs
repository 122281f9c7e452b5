//! Whole matches of bots that sit in the server's own process: the real way from hello to settlement, and the real
//! database, without sockets and without waiting.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_client::{Client, MemoryWire};
use hypogeum_content::Content;
use hypogeum_loadbots::{Behaviour, Bot, BotPool, Orders};
use hypogeum_persistence::Store;
use hypogeum_progression::{Profile, StarterKit};
use hypogeum_protocol::{AccountId, ItemId, Outcome};
use hypogeum_store::{StoreReply, StoreRequest};
use hypogeum_testkit::TestHost;

const TICK: Duration = Duration::from_millis(33);
/// Longer than any match of these takes, in ticks; only a backstop.
const TICKS_MAX: u32 = 30 * 60 * 10;

fn content() -> Arc<Content> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
}

fn starter() -> StarterKit {
    StarterKit { templates: ["medkit", "padded_coat", "rusty_sword"].map(str::to_owned).to_vec(), currency: 0 }
}

fn pool(host: &mut TestHost, count: usize, mode: &str, seed: u64) -> BotPool<MemoryWire> {
    let behaviour = Arc::new(Behaviour::shipped("contender").expect("it ships").expect("it is good"));
    let mut pool = BotPool::default();
    for index in 0..count {
        let name = format!("bot-{index:03}");
        let client = Client::new(host.connect(&name));
        let orders = Orders { mode: mode.to_owned(), queue_again: false };
        pool.join(Bot::new(name, client, Arc::clone(&behaviour), orders, seed ^ index as u64));
    }
    pool
}

/// Plays until every bot has its settlement and the match is over for all.
fn play(host: &mut TestHost, pool: &mut BotPool<MemoryWire>, seed: u64) {
    let mut mustered = false;
    for _ in 0..TICKS_MAX {
        pool.poll(TICK);
        mustered = mustered || pool.all_welcomed();
        pool.hold(!mustered);
        pool.tick();
        host.tick();
        if pool.all_settled_once() && !host.status.read().finished.is_empty() {
            return;
        }
    }
    panic!("seed {seed}: the match was never settled: {:?}", pool.progress());
}

fn profiles(store: &Store, count: usize) -> Vec<Profile> {
    (1..=count as u64)
        .map(|account| {
            match store.answer(StoreRequest::LoadProfile { account: AccountId(account), character: None, tag: 0 }) {
                StoreReply::Profile { profile: Some(profile), .. } => *profile,
                reply => panic!("account {account} has no profile: {reply:?}"),
            }
        })
        .collect()
}

/// Plays one match and checks what must hold after any match.
fn match_of(count: usize, mode: &str, seed: u64) -> Vec<(Outcome, Profile)> {
    let data = tempfile::tempdir().expect("a directory for the test");
    let mut host = TestHost::open(content(), data.path(), starter(), seed);
    let mut pool = pool(&mut host, count, mode, seed);
    play(&mut host, &mut pool, seed);

    let profiles = profiles(host.store(), count);
    let mut owners: BTreeMap<ItemId, AccountId> = BTreeMap::new();
    for profile in &profiles {
        for item in &profile.stash {
            let other = owners.insert(item.id, profile.account);
            assert_eq!(other, None, "seed {seed}: item {} has two owners", item.id);
        }
    }
    let finished = host.status.read().finished;
    let report = finished.last().expect("the match is reported");
    assert_eq!(report.humans, count as u32, "one match of all");
    report
        .players
        .iter()
        .filter(|player| player.occupant.account().is_some())
        .map(|player| {
            let profile = profiles.iter().find(|profile| Some(profile.account) == player.occupant.account());
            let profile = profile.expect("every participant has a profile").clone();
            let (shown, kept) = (&player.report, (profile.level(), profile.currency, profile.rating()));
            assert_eq!(
                (shown.level, shown.currency_gained, shown.rating),
                kept,
                "seed {seed}: the report of {} is what is stored",
                player.name
            );
            if player.report.outcome != Outcome::Extracted {
                assert_eq!(player.report.items_secured, 0, "seed {seed}: nothing is secured without getting out");
            }
            (player.report.outcome, profile)
        })
        .collect()
}

#[test]
fn a_blitz_of_24_bots_is_played_and_kept() {
    for seed in [7, 8] {
        let players = match_of(24, "blitz", seed);
        let with = |outcome: Outcome| players.iter().filter(|player| player.0 == outcome).count();
        assert_eq!(players.len(), 24, "seed {seed}: everyone has an outcome");
        assert!(with(Outcome::Extracted) > 0, "seed {seed}: some get out");
        assert!(with(Outcome::Died) > 0, "seed {seed}: some do not");
    }
}

#[test]
fn a_few_bots_are_joined_by_autopilots() {
    let players = match_of(3, "blitz", 5);
    assert_eq!(players.len(), 3, "three came, the other seats were filled");
}

#[test]
fn small_matches_of_any_seed_hold_what_must_hold() {
    for seed in 100..106 {
        match_of(4, "skirmish", seed);
    }
}
