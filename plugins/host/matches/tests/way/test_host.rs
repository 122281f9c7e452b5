//! A host without sockets and a store without a database: everything happens when the test says so.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_app::{App, FixedUpdate, Plugin, Plugins};
use bevy_ecs::prelude::{IntoScheduleConfigs, Query, ResMut, Resource, With};
use hypogeum_arena::Arena;
use hypogeum_content::Content;
use hypogeum_hosting::{Halted, HostingConfig, SeedSource};
use hypogeum_matches::{HostPlugins, HostStatus, MatchesConfig, SharedHostStatus};
use hypogeum_progression::{Profile, Skill, StarterKit};
use hypogeum_protocol::link::{
    Class, CloseReason, DatagramBatch, EdgeLink, FromEdge, Lane, RequestId, SessionTicket, ToEdge,
};
use hypogeum_protocol::{
    AccountId, CharacterId, ClientMessage, ConnectionId, ErrorCode, ItemId, MatchId, ServerMessage, SessionId,
    SettledReport, codec, limits,
};
use hypogeum_sessions::{Drain, SessionsConfig};
use hypogeum_shard::host::{HostSystems, ShardInbox};
use hypogeum_shard::{Command, CommandBody, Inbox, Seed, Shard, ShardKind, ShardKinds};
use hypogeum_store::StorePort;

use crate::fake_store::FakeStore;
pub(crate) use crate::fake_store::Fault;

/// Ticks any wait of a test takes at most; a match here takes some hundred.
const TICKS_MAX: usize = 3_000;
/// Slow ticks make short matches.
pub(crate) const HZ: u32 = 10;

const MODE: &str = r#"(
    name: "Field", map: "field", players_min: 2, players_max: 2, fill: Nobody, absent: Nobody, autopilot: "calm",
    queue_wait_ms: 1000, rating_window: (start: 1000, per_s: 0, max: 1000), loadout_ms: 2000, deploy_ms: 500,
    duration_ms: 10000,
    avatar: (
        stats: (strength: 10, dexterity: 10, intellect: 10, vitality: 100, speed_cm_per_s: 600),
        radius_cm: 40, unarmed: "fists", inventory_slots: 4, sight_cm: 8000,
    ),
    exits: (count: 1, radius_cm: 500, channel_ms: 1000, open_ms: [(8000, 10000)]),
    npc_drops: Ground,
    rewards: (xp_per_player: 50, xp_extracted: 80, currency_extracted: 20, xp_kept_on_death_percent: 50),
)"#;

/// Modes `duel` (two accounts), `watched` (the same with a scoreboard), `slow` and `fast` (the same at 10 and 60 steps a second), `teams` and `crowd` (four, and eight or nine accounts), `pairs` (two teams of two) and `alone`
/// (one account, autopilots fill up to three; `filled` is the same with nine seconds to choose) on a bare field; `trio` is for three accounts that may watch their party, `open` and `closed` are the same for everyone and nobody.
pub(crate) fn content() -> Arc<Content> {
    let alone =
        MODE.replace("players_min: 2, players_max: 2, fill: Nobody", "players_min: 3, players_max: 3, fill: Autopilot");
    let seats = |seats: &str| MODE.replace("players_min: 2, players_max: 2", seats);
    let (teams, crowd) = (seats("players_min: 4, players_max: 4"), seats("players_min: 8, players_max: 9"));
    let pairs = teams.replace("deploy_ms: 500,", "deploy_ms: 500, teams: (count: 2, size: 2),");
    let watched = MODE.replace("deploy_ms: 500,", "deploy_ms: 500, scoreboard: Live,");
    let trio = MODE.replace("players_min: 2, players_max: 2", "players_min: 3, players_max: 3");
    let [open, closed] =
        ["Everyone", "Nobody"].map(|rule| trio.replace("deploy_ms: 500,", &format!("deploy_ms: 500, watch: {rule},")));
    let [slow, fast] = [10, 60].map(|hz| MODE.replace("deploy_ms: 500,", &format!("deploy_ms: 500, tick_hz: {hz},")));
    let filled = alone.replace("loadout_ms: 2000", "loadout_ms: 9000");
    let content = Content::from_files([
        (
            "abilities/fists.ron",
            r#"(name: "Fists", shape: Melee(range_cm: 150, arc_deg: 90), damage: 2, scales_with: Strength, cooldown_ms: 700)"#,
        ),
        ("behaviours/calm.ron", "(think_every_ticks: 6, drives: [(activity: Idle, score: 1)])"),
        ("items/gem.ron", r#"(name: "Gem", kind: Valuable, value: 5)"#),
        ("loot/gems.ron", r#"(always: ["gem"], rolls: 0)"#),
        (
            "maps/field.ron",
            r#"(name: "Field", side_m: 60, obstacles: (count: 3, side_cm_min: 100, side_cm_max: 200),
                pois: [(kind: "camp", count: 1, radius_cm: 500, containers: 1, loot: "gems")])"#,
        ),
        ("modes/duel.ron", MODE),
        ("modes/alone.ron", alone.as_str()),
        ("modes/filled.ron", filled.as_str()),
        ("modes/watched.ron", watched.as_str()),
        ("modes/slow.ron", slow.as_str()),
        ("modes/fast.ron", fast.as_str()),
        ("modes/teams.ron", teams.as_str()),
        ("modes/crowd.ron", crowd.as_str()),
        ("modes/pairs.ron", pairs.as_str()),
        ("modes/trio.ron", trio.as_str()),
        ("modes/open.ron", open.as_str()),
        ("modes/closed.ron", closed.as_str()),
    ]);
    Arc::new(content.unwrap_or_else(|errors| panic!("the test content is unsound: {errors:?}")))
}

/// How often a shard was notified that a participant is back.
#[derive(Resource, Default)]
struct Returns(usize);

fn count_returns(mut returns: ResMut<Returns>, inboxes: Query<&ShardInbox>) {
    let back = |command: &&Command| command.body == CommandBody::Present(true);
    returns.0 += inboxes.iter().flat_map(|inbox| &inbox.0).filter(back).count();
}

/// A host with a link and a store in memory.
pub(crate) struct TestHost {
    app: App,
    pub(crate) link: EdgeLink,
    port: StorePort,
    host_status: SharedHostStatus,
    pub(crate) drain: Drain,
    pub(crate) store: FakeStore,
    heard: BTreeMap<ConnectionId, Vec<ServerMessage>>,
    /// What each message answers, since the beginning.
    answers: BTreeMap<ConnectionId, Vec<Option<RequestId>>>,
    closed: BTreeMap<ConnectionId, CloseReason>,
    /// Connections whose edge was to find out whether somebody is there.
    pub(crate) probed: Vec<ConnectionId>,
    opened: u64,
}

impl TestHost {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut HostPlugins)) -> Self {
        Self::build(change, |_| {})
    }

    /// One with a plugin beside its own.
    pub(crate) fn with_plugin(plugin: impl Plugin) -> Self {
        Self::build(
            |_| {},
            |app| {
                app.add_plugins(plugin);
            },
        )
    }

    /// One that knows an open kind, too, and has a plugin that lets people into it.
    pub(crate) fn with_open_kind<K: ShardKind, P>(gate: impl Plugins<P>) -> Self {
        Self::build(
            |plugins| plugins.kinds.add::<K>(),
            |app| {
                app.add_plugins(gate);
            },
        )
    }

    fn build(change: impl FnOnce(&mut HostPlugins), extend: impl FnOnce(&mut App)) -> Self {
        let mut plugins = HostPlugins {
            sessions: SessionsConfig { tick_hz: HZ, linger_s: 5, ..SessionsConfig::default() },
            hosting: HostingConfig { first_id: 500, ..HostingConfig::default() },
            matches: MatchesConfig { drain_grace_s: 2, ..MatchesConfig::default() },
            seeds: SeedSource::new(|| Seed::numbered(7)),
            ..HostPlugins::new(ShardKinds::default().with_match::<Arena>(), content())
        };
        change(&mut plugins);
        let link = plugins.link.clone();
        let (host_status, drain) = (plugins.host_status.clone(), plugins.drain.clone());
        let mut app = App::new();
        app.add_plugins(plugins);
        extend(&mut app);
        app.init_resource::<Returns>()
            .add_systems(FixedUpdate, count_returns.after(HostSystems::Route).before(HostSystems::Step));
        app.finish();
        app.cleanup();
        let port = app.world().resource::<StorePort>().clone();
        let mut store = FakeStore::default();
        for account in 1..=9 {
            let account = AccountId(account);
            let kit = StarterKit { templates: vec!["gem".into(), "gem".into(), "old_thing".into()], currency: 0 };
            let (name, skill) = (format!("player{account}"), Skill::default());
            let stash = kit.items_for(account);
            let profile = Profile {
                account,
                name,
                xp: 0,
                currency: 0,
                skill,
                stash,
                stash_capacity: 120,
                unacknowledged: Vec::new(),
            };
            store.add(profile);
        }
        let (heard, answers, closed) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let probed = Vec::new();
        Self { app, link, port, host_status, drain, store, heard, answers, closed, probed, opened: 0 }
    }

    pub(crate) fn step(&mut self) {
        self.app.world_mut().run_schedule(FixedUpdate);
        while !self.store.silent
            && let Some(request) = self.port.requests.try_pop()
        {
            let reply = self.store.answer(request);
            assert!(self.port.replies.try_push(reply).is_ok(), "the reply queue has room");
        }
        let mut frames = Vec::new();
        self.link.workers[0].frames.drain_into(&mut frames, usize::MAX);
        for frame in frames {
            match frame {
                ToEdge::Frame { connection, lane, bytes, answers } => {
                    let message = codec::decode_server(&bytes).expect("the server speaks the protocol");
                    let unreliable = matches!(message, ServerMessage::Snapshot(_));
                    assert_eq!(lane == Lane::Unreliable, unreliable, "snapshots alone are unreliable: {message:?}");
                    assert!(!self.closed.contains_key(&connection), "nothing follows a close: {message:?}");
                    self.heard.entry(connection).or_default().push(message);
                    self.answers.entry(connection).or_default().push(answers);
                }
                ToEdge::Close { connection, reason } => {
                    assert!(self.closed.insert(connection, reason).is_none(), "a connection closes once");
                }
                ToEdge::Probe { connection } => self.probed.push(connection),
            }
        }
    }

    pub(crate) fn steps(&mut self, count: usize) {
        for _ in 0..count {
            self.step();
        }
    }

    /// Steps until `done`; panics with `what` if it never comes.
    pub(crate) fn until(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        for _ in 0..TICKS_MAX {
            if done(self) {
                return;
            }
            self.step();
        }
        panic!("it never came to this: {what}; heard {:?}", self.heard);
    }

    /// Whether some open shard stands still until the next start.
    pub(crate) fn has_halted(&self) -> bool {
        self.app.world().iter_entities().any(|entity| entity.contains::<Halted>())
    }

    /// The worlds of all shards.
    pub(crate) fn shards(&self) -> impl Iterator<Item = &Shard> {
        self.app.world().iter_entities().filter_map(|entity| entity.get::<Shard>())
    }

    pub(crate) fn status(&self) -> HostStatus {
        self.host_status.read()
    }

    pub(crate) fn open(&mut self, account: u64) -> ConnectionId {
        self.open_as(account, None, None)
    }

    /// A connection whose edge has read its hello already, which has this number.
    pub(crate) fn open_saying_hello(&mut self, account: u64, hello: RequestId) -> ConnectionId {
        self.open_as(account, None, Some(hello))
    }

    fn open_as(&mut self, account: u64, character: Option<CharacterId>, hello: Option<RequestId>) -> ConnectionId {
        self.opened += 1;
        let connection = ConnectionId(self.opened);
        let ticket = SessionTicket { account: AccountId(account), name: format!("player{account}"), character };
        let session = SessionId(1_000 + self.opened);
        let opened = FromEdge::Opened { connection, session, ticket, hello };
        assert!(self.link.incoming.push(Class::Critical, opened).is_ok(), "there is room");
        connection
    }

    pub(crate) fn lose(&mut self, connection: ConnectionId) {
        let closed = FromEdge::Closed { connection, reason: CloseReason::TimedOut };
        assert!(self.link.incoming.push(Class::Critical, closed).is_ok(), "there is room");
    }

    /// Its player says goodbye.
    pub(crate) fn leave(&mut self, connection: ConnectionId) {
        let closed = FromEdge::Closed { connection, reason: CloseReason::ByPeer };
        assert!(self.link.incoming.push(Class::Critical, closed).is_ok(), "there is room");
    }

    pub(crate) fn send_bytes(&mut self, connection: ConnectionId, bytes: Vec<u8>) {
        let frame = FromEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes, request: None };
        assert!(self.link.incoming.push(Class::Gameplay, frame).is_ok(), "there is room");
    }

    pub(crate) fn send(&mut self, connection: ConnectionId, message: &ClientMessage) {
        self.send_bytes(connection, codec::encode(message));
    }

    /// Sends a message that has a number.
    pub(crate) fn ask(&mut self, connection: ConnectionId, message: &ClientMessage, request: RequestId) {
        let (bytes, lane, request) = (codec::encode(message), Lane::ReliableOrdered, Some(request));
        let frame = FromEdge::Frame { connection, lane, bytes, request };
        assert!(self.link.incoming.push(Class::Gameplay, frame).is_ok(), "there is room");
    }

    /// Sends a datagram of the datagram lane.
    pub(crate) fn send_lane(&mut self, connection: ConnectionId, datagram: &[u8]) {
        let mut batch = DatagramBatch::default();
        batch.push(connection, datagram);
        self.link.datagrams.leave(&mut batch);
    }

    pub(crate) fn hello(&mut self, connection: ConnectionId) {
        self.say_hello(connection, None);
    }

    /// A hello with a number.
    pub(crate) fn hello_by(&mut self, connection: ConnectionId, request: RequestId) {
        self.say_hello(connection, Some(request));
    }

    /// What each message to a connection answers.
    pub(crate) fn answers(&self, connection: ConnectionId) -> &[Option<RequestId>] {
        self.answers.get(&connection).map_or(&[], Vec::as_slice)
    }

    fn say_hello(&mut self, connection: ConnectionId, request: Option<RequestId>) {
        let hello = ClientMessage::Hello {
            protocol_version: limits::PROTOCOL_VERSION,
            client: "test".into(),
            locale: String::new(),
        };
        let (bytes, lane) = (codec::encode(&hello), Lane::ReliableOrdered);
        let frame = FromEdge::Frame { connection, lane, bytes, request };
        assert!(self.link.incoming.push(Class::Gameplay, frame).is_ok(), "there is room");
    }

    /// Everything a connection heard since the last time.
    pub(crate) fn take(&mut self, connection: ConnectionId) -> Vec<ServerMessage> {
        self.heard.remove(&connection).unwrap_or_default()
    }

    /// Steps until a connection hears what `wanted` finds, and returns that. What came before is forgotten.
    pub(crate) fn hear<T>(
        &mut self,
        connection: ConnectionId,
        what: &str,
        wanted: impl Fn(&ServerMessage) -> Option<T>,
    ) -> T {
        let mut found = None;
        self.until(what, |host| {
            let heard = host.heard.entry(connection).or_default();
            if let Some(at) = heard.iter().position(|message| wanted(message).is_some()) {
                found = wanted(&heard[at]);
                heard.drain(..=at);
            }
            found.is_some()
        });
        found.expect("until ends with it found")
    }

    /// The errors a connection hears of in the next `ticks` ticks.
    pub(crate) fn errors(&mut self, connection: ConnectionId, ticks: usize) -> Vec<(ErrorCode, u8)> {
        self.steps(ticks);
        let errors = self.take(connection).into_iter().filter_map(|message| match message {
            ServerMessage::Error { code, about, .. } => Some((code, about)),
            _ => None,
        });
        errors.collect()
    }

    pub(crate) fn closed(&self, connection: ConnectionId) -> Option<CloseReason> {
        self.closed.get(&connection).copied()
    }

    /// Connects and says hello.
    pub(crate) fn enter(&mut self, account: u64) -> ConnectionId {
        let connection = self.open(account);
        self.hello(connection);
        self.hear(connection, "a welcome", |message| matches!(message, ServerMessage::Welcome { .. }).then_some(()));
        connection
    }

    /// Connects as a character and says hello.
    pub(crate) fn enter_as(&mut self, account: u64, character: u64) -> ConnectionId {
        let connection = self.open_as(account, Some(CharacterId(character)), None);
        self.hello(connection);
        self.hear(connection, "a welcome", |message| matches!(message, ServerMessage::Welcome { .. }).then_some(()));
        connection
    }

    pub(crate) fn queue(&mut self, connection: ConnectionId, mode: &str) {
        self.send(connection, &ClientMessage::JoinQueue { mode: mode.into() });
    }

    /// Waits for the loadout to open, and returns the stash.
    pub(crate) fn stash(&mut self, connection: ConnectionId) -> Vec<ItemId> {
        self.hear(connection, "an open loadout", |message| match message {
            ServerMessage::LoadoutOpen { stash, .. } => Some(stash.iter().map(|item| item.item).collect()),
            _ => None,
        })
    }

    pub(crate) fn started(&mut self, connection: ConnectionId) -> MatchId {
        self.hear(connection, "a match", |message| match message {
            ServerMessage::MatchStarted { match_id, .. } => Some(*match_id),
            _ => None,
        })
    }

    pub(crate) fn settled(&mut self, connection: ConnectionId) -> SettledReport {
        self.hear(connection, "a settlement", |message| match message {
            ServerMessage::Settled { report, .. } => Some(report.clone()),
            _ => None,
        })
    }

    /// Two accounts in a match, with nothing brought.
    pub(crate) fn duel(&mut self) -> [ConnectionId; 2] {
        let both = [self.enter(1), self.enter(2)];
        for connection in both {
            self.queue(connection, "duel");
        }
        for connection in both {
            self.started(connection);
        }
        both
    }

    /// The newest snapshot a connection gets in the next ticks.
    pub(crate) fn seen(&mut self, connection: ConnectionId, wanted: impl Fn(&hypogeum_protocol::Snapshot) -> bool) {
        self.hear(connection, "a snapshot", |message| match message {
            ServerMessage::Snapshot(snapshot) if wanted(snapshot) => Some(()),
            _ => None,
        });
    }

    /// What waits in the inboxes of all shards: what the last tick put there after its step.
    pub(crate) fn commands(&mut self) -> Vec<Command> {
        let world = self.app.world_mut();
        let mut inboxes = world.query::<&ShardInbox>();
        inboxes.iter(world).flat_map(|inbox| inbox.0.clone()).collect()
    }

    /// How often shards were notified so far that a participant is back.
    pub(crate) fn returns(&self) -> usize {
        self.app.world().resource::<Returns>().0
    }

    /// Breaks the world of every running match, so that its next step panics.
    pub(crate) fn break_matches(&mut self) {
        let world = self.app.world_mut();
        let mut shards = world.query_filtered::<&mut Shard, With<ShardInbox>>();
        for mut shard in shards.iter_mut(world) {
            shard.world_mut().remove_resource::<Inbox>();
        }
    }
}
