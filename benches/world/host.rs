//! The real host without sockets and database: a store that answers at once from memory.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bevy_app::App;
use hypogeum_arena::Arena;
use hypogeum_content::Content;
use hypogeum_hosting::{HostClock, SeedSource, StageTimes};
use hypogeum_journal::JournalPlugin;
use hypogeum_matches::{HostPlugins, HostStatus, SharedHostStatus};
use hypogeum_progression::{Profile, Skill, StarterKit};
use hypogeum_protocol::link::EdgeLink;
use hypogeum_protocol::{AccountId, Grant, SettledReport};
use hypogeum_sessions::SessionsConfig;
use hypogeum_shard::{Seed, ShardKinds};
use hypogeum_store::{SeatEscrow, StorePort, StoreReply, StoreRequest};

pub(crate) struct Host {
    app: App,
    port: StorePort,
    status: SharedHostStatus,
    stages: StageTimes,
}

impl Host {
    pub(crate) fn open(
        players: usize,
        tick_hz: u32,
        threads: usize,
        journal: Option<JournalPlugin>,
    ) -> (Self, EdgeLink) {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
        let content = Arc::new(Content::load(&assets).expect("the content that ships is sound"));
        let started = Instant::now();
        let plugins = HostPlugins {
            sessions: SessionsConfig { tick_hz, sessions_max: players, ..SessionsConfig::default() },
            seeds: SeedSource::new(|| Seed::numbered(7)),
            clock: HostClock::new(move || started.elapsed()),
            threads,
            ..HostPlugins::new(ShardKinds::default().with_match::<Arena>(), content)
        };
        let (status, stages, link) = (plugins.host_status.clone(), plugins.stages.clone(), plugins.link.clone());
        let app = plugins.into_app(|app| {
            if let Some(journal) = journal {
                app.add_plugins(journal);
            }
        });
        let port = app.world().resource::<StorePort>().clone();
        (Self { app, port, status, stages }, link)
    }

    pub(crate) fn tick(&mut self) {
        self.app.update();
    }

    pub(crate) fn status(&self) -> HostStatus {
        self.status.read()
    }

    pub(crate) fn stages(&self) -> &StageTimes {
        &self.stages
    }

    pub(crate) fn forget_times(&self) {
        self.stages.clear();
    }

    /// Answers everything the host asked its store.
    pub(crate) fn answer(&self) {
        while let Some(request) = self.port.requests.try_pop() {
            let reply = match request {
                StoreRequest::LoadProfile { account, tag, .. } => {
                    StoreReply::Profile { tag, account, profile: Some(Box::new(profile(account))), character: None }
                }
                StoreRequest::TakeEscrow { match_id, seats, .. } => {
                    let take = |(account, items): (AccountId, Vec<_>)| {
                        let stash = profile(account).stash;
                        let items = stash.into_iter().filter(|item| items.contains(&item.id)).collect();
                        SeatEscrow { account, items }
                    };
                    let taken = seats.into_iter().map(take).collect();
                    StoreReply::EscrowTaken { match_id, taken, refused: Vec::new() }
                }
                // Who dies or gets out is settled while the others play on.
                StoreRequest::SettleSeats(order) => {
                    let reports = order.results.iter().map(|grant| (grant.account, report(grant))).collect();
                    StoreReply::SeatsSettled { match_id: order.match_id, reports }
                }
                other => panic!("no match ends here, and nobody leaves: {other:?}"),
            };
            assert!(self.port.replies.try_push(reply).is_ok(), "the queue has room for an answer to each question");
        }
    }
}

/// What a store that grants everything says of a seat.
fn report(grant: &Grant) -> SettledReport {
    SettledReport {
        outcome: grant.outcome,
        kills: grant.kills,
        damage_dealt: grant.damage_dealt,
        xp_gained: grant.xp_gained,
        level: 1,
        items_secured: u32::try_from(grant.items_secured.len()).unwrap_or(u32::MAX),
        currency_gained: grant.currency_gained,
        rating: Skill::default().shown(),
    }
}

fn profile(account: AccountId) -> Profile {
    let kit = StarterKit { templates: vec!["rusty_sword".into(), "padded_coat".into()], currency: 0 };
    let stash = kit.items_for(account);
    let name = format!("player{account}");
    Profile {
        account,
        name,
        xp: 0,
        currency: 0,
        skill: Skill::default(),
        stash,
        stash_capacity: 120,
        unacknowledged: Vec::new(),
    }
}
