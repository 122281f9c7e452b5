//! Opens each part of a server as its configuration has it.

use std::sync::Arc;
use std::thread;

use anyhow::Context;
use hypogeum_accounts::TokenKeys;
use hypogeum_chat::WordLists;
use hypogeum_content::Content;
use hypogeum_content_delivery::PublishedContent;
use hypogeum_economy::{CosmeticCatalog, PriceList};
use hypogeum_gateway::axum::{Extension, Router};
use hypogeum_gateway::{Admission, Gateway, GatewayConfig};
use hypogeum_hosting::{HostPort, HostingConfig, ResumedShard, SeedSource};
use hypogeum_ladders::{Ladders, LaddersPort};
use hypogeum_leaderboards::Boards;
use hypogeum_locale::Locales;
use hypogeum_matches::{MatchesConfig, TicketsPort};
use hypogeum_progression::RewardRules;
use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
use hypogeum_protocol::link::{EdgeLink, LentLink, SessionTicket};
use hypogeum_protocol::{AccountId, MatchId, SessionId};
use hypogeum_sessions::SessionsConfig;
use hypogeum_shard::Seed;
use hypogeum_social::SocialPort;
use hypogeum_telnet::TelnetConfig;
use hypogeum_tournaments::{GameCheck, GamesPort, TournamentKinds};
use hypogeum_udp::{NetConfig, UdpEdge};
use rand::TryRng;
use rand::rngs::SysRng;

use super::gauges::Gauges;
use super::starter_kit;
use crate::config::Config;
use crate::creature_rules;
use crate::descriptors::Descriptors;
use crate::game::Game;
use crate::plugins::{
    ChatPlugin, GatewayPlugin, HostPlugins, JournalPlugin, PersistencePlugin, TelnetPlugin, UdpTransportPlugin,
    WebSocketPlugin,
};
use crate::recovery::{OnStuck, Recovery, recover};
use crate::secret;
use crate::socket_door::WebSocketDoor;
use crate::telemetry::Telemetry;
use crate::telnet_door::{LocaleWords, LoginDoorkeeper};

/// Life of an access token: the longest the accounts allow.
const ACCESS_TOKEN_S: u64 = 15 * 60;

/// Opens the database that is configured.
pub(super) fn persistence(game: &Game, config: &Config, content: &Content) -> anyhow::Result<PersistencePlugin> {
    let starter_kit = starter_kit(&game.modes(content)?);
    let persistence = PersistencePlugin::open(&config.server.data_dir, config.database.url.as_deref(), starter_kit)?;
    persistence.store().count_for(RewardRules::of(content));
    Ok(persistence)
}

/// Chat as it is configured, with the word lists of the content folder.
pub(super) fn chat(config: &Config) -> anyhow::Result<ChatPlugin> {
    let words = WordLists::load(&config.server.assets_dir)?;
    Ok(ChatPlugin { config: config.chat.to_chat(config.server.number), words, ..ChatPlugin::default() })
}

/// What players read, in every language there is.
pub(super) fn locales(game: &Game, config: &Config) -> anyhow::Result<Locales> {
    game.locales(&config.server.assets_dir).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", errors.join("\n"))
    })
}

/// The ways that players come by.
pub(super) struct Doors {
    pub(super) udp: UdpTransportPlugin,
    pub(super) websocket: WebSocketPlugin,
    /// The share of the link for telnet, which is opened once there are accounts to ask for.
    pub(super) telnet: LentLink,
    /// The share of the link for those in this process.
    pub(super) memory: LentLink,
}

/// The link of all edges to the tick, and the ways that players come by.
pub(super) fn doors(config: &Config, secret: &[u8], descriptors: Descriptors) -> anyhow::Result<(EdgeLink, Doors)> {
    let mut net = NetConfig::new(config.udp.listen, secret::connect_token_key(secret));
    net.public = config.udp.public.resolve().map_err(anyhow::Error::msg)?;
    net.connections_max = config.udp.connections_max;
    net.workers = config.udp.workers;
    let mut sockets = config.websocket.to_websocket();
    sockets.connections_max = sockets.connections_max.min(descriptors.sockets_max.max(1));
    let workers = [net.workers_count(), sockets.workers, 1, 1];
    let (link, [to_udp, to_sockets, telnet, memory]) = EdgeLink::lend(EDGE_QUEUE_FRAMES_MAX, workers);
    let udp = UdpTransportPlugin::bind(net, to_udp)?;
    log_addresses(udp.edge());
    let websocket = WebSocketPlugin::open(&sockets, &to_sockets)?;
    Ok((link, Doors { udp, websocket, telnet, memory }))
}

/// Logs the addresses for clients, and warns where only this machine could reach them.
fn log_addresses(edge: &UdpEdge) {
    let (listening, mint) = (edge.local_addr(), edge.token_mint());
    let public = mint.addresses().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    tracing::info!(%listening, %public, "the game's port is open");
    if listening.ip().is_unspecified() && mint.addresses().iter().all(|address| address.ip().is_loopback()) {
        tracing::warn!(
            "the game listens on every address ({listening}), but clients are sent to {public}, which only this machine \
             reaches: set public of [udp] to the address they should call"
        );
    }
}

/// Opens the match logs of the data directory.
pub(super) fn journal(config: &Config) -> anyhow::Result<JournalPlugin> {
    let data = &config.server.data_dir;
    let mut journal = JournalPlugin::open(data, config.journal.to_journal(data))?;
    journal.recording.snapshot_s = config.journal.snapshot_s;
    Ok(journal)
}

/// HTTP: accounts of the database, tokens for the port, numbers of `telemetry`, the game's routes, which may ask the
/// tick by `port`.
pub(super) fn gateway(
    (game, config, content, published): (&Game, &Config, &Arc<Content>, &PublishedContent),
    secret: &[u8],
    (persistence, journal, Doors { udp, websocket, .. }): (&PersistencePlugin, &JournalPlugin, &Doors),
    telemetry: Telemetry,
    (port, (games, kinds), (waiting, social, tickets)): (
        HostPort,
        (GamesPort, TournamentKinds),
        (LaddersPort, SocialPort, TicketsPort),
    ),
) -> anyhow::Result<GatewayPlugin> {
    let (mint, now_s) = (udp.edge().token_mint(), udp.edge().unix_clock());
    let telnet = Arc::clone(&telemetry.telnet);
    let tokens = Arc::new(move |session: SessionId, ticket: &SessionTicket| mint.mint(session, ticket, now_s()));
    let gateway = Gateway::new(
        GatewayConfig {
            guests: config.auth.guests.into(),
            trusted_proxies: config.http.trusted_proxies.to_proxies(),
            proxy_protocol: config.http.proxy_protocol,
            origins: config.websocket.origins.clone(),
            rates: config.rates.to_limits(),
            handshakes: config.tls.to_handshakes(),
            prices: prices(content),
            cosmetics: CosmeticCatalog::of(content),
            rewards: RewardRules::of(content),
            journal_key: Some(journal.public_key().to_string()),
            ..sized(GatewayConfig::new(udp.edge().public_addr()), telemetry.descriptors.http_max)
        },
        persistence.store().clone(),
        TokenKeys::new(&blake3::derive_key("hypogeum 2026 access tokens", secret), ACCESS_TOKEN_S),
        tokens,
        Admission::default(),
    )
    .with_content(published.clone())
    .with_routes(routes(game, config, port))
    .with_numbers(Arc::new(move || serde_json::to_value(telemetry.read()).unwrap_or_default()));
    let gateway = match config.websocket.open {
        true => {
            let (door, has_telnet) = (websocket.edge().door(), config.telnet.open);
            gateway.with_sockets(Arc::new(WebSocketDoor { door, has_telnet, telnet }))
        }
        false => gateway,
    };
    let gateway = match config.tls.open()? {
        Some(tls) => gateway.with_tls(tls),
        None => gateway,
    };
    let gateway = match creature_rules::of(content) {
        Some(rules) => gateway.with_creatures(rules)?,
        None => gateway,
    };
    let played_on = Arc::clone(content);
    let check = GameCheck::new(move |setup| {
        hypogeum_creatures::check_setup(setup, &played_on).map_err(|error| error.to_string())
    });
    let gateway = gateway.with_games(games, check).with_tournaments(kinds)?.with_leaderboards(Boards::of(content))?;
    let gateway = gateway.with_ladders(Ladders::of(content), waiting)?.with_social(social).with_tickets(tickets);
    Ok(GatewayPlugin::bind(config.http.listen, gateway)?)
}

/// Telnet, where it is wanted: accounts of the gateway, words of all locales.
pub(super) fn telnet(
    (config, content, locales): (&Config, &Arc<Content>, &Locales),
    (lent, gateway): (LentLink, &GatewayPlugin),
    telemetry: &Telemetry,
) -> anyhow::Result<Option<TelnetPlugin>> {
    if !config.telnet.open {
        return Ok(None);
    }
    let archetypes = content.archetypes.iter().map(|(_, key, _)| key.to_owned()).collect();
    let tls = gateway.tls().filter(|_| config.telnet.tls);
    let set_up = TelnetConfig { archetypes, tls, ..config.telnet.to_telnet() };
    let host_status = telemetry.host_status.clone();
    let doorkeeper = Arc::new(LoginDoorkeeper { logins: gateway.logins(), host_status });
    let words = Arc::new(LocaleWords { locales: locales.clone(), content: Arc::clone(content) });
    let telnet = TelnetPlugin::bind(set_up, lent, doorkeeper, words)?;
    tracing::info!(listening = %telnet.edge().local_addr(), tls = config.telnet.tls, "the port for telnet is open");
    // It is the first: nobody else sets it.
    let _ = telemetry.telnet.set(telnet.clone());
    Ok(Some(telnet))
}

/// What is answered besides: the game's own routes, and the page to play on.
fn routes(game: &Game, config: &Config, port: HostPort) -> Router {
    let routes = game.routes().layer(Extension(port));
    if config.http.play { routes.merge(hypogeum_play::routes()) } else { routes }
}

/// What the shop asks for what it has.
fn prices(content: &Content) -> PriceList {
    PriceList::new(content.items.iter().map(|(_, key, item)| (key.to_owned(), i64::from(item.value))))
}

/// The gateway's usual numbers, cut to so many connections.
fn sized(usual: GatewayConfig, connections_max: usize) -> GatewayConfig {
    GatewayConfig {
        connections_max,
        address_connections_max: usual.address_connections_max.min(connections_max / 4),
        network_connections_max: usual.network_connections_max.min(connections_max / 2),
        loopback_connections_max: usual.loopback_connections_max.min(connections_max),
        ..usual
    }
}

/// What an earlier run has left.
pub(super) struct Earlier {
    pub(super) recovery: Recovery,
    pub(super) resumed: Vec<ResumedShard>,
    /// The first number that none of its matches has.
    pub(super) next_match: MatchId,
}

/// Finds what an earlier run has left, and decides what becomes of it.
pub(super) fn earlier(
    game: &Game,
    config: &Config,
    persistence: &PersistencePlugin,
    journal: &mut JournalPlugin,
    on_stuck: OnStuck,
) -> anyhow::Result<Earlier> {
    let (store, logs, key) = (persistence.store(), journal.logs().clone(), journal.public_key());
    let (recovery, resumed) = recover(store, game.kinds(), (&logs, &mut journal.recording.port), key, on_stuck)?;
    let number = config.server.number;
    let next_match = store.next_match(number).max(logs.next_shard(number).context("the folder of match logs")?.into());
    let next_match = next_match.max(MatchId::next_of(number, recovery.last_visits.values().copied()));
    Ok(Earlier { recovery, resumed, next_match })
}

/// All between edges and services, which cannot fail.
pub(super) fn host(
    (game, config, content): (&Game, &Config, Arc<Content>),
    tick_hz: u16,
    next_match: MatchId,
    gauges: &Gauges,
    (link, (port, tickets), locales): (EdgeLink, (HostPort, TicketsPort), Locales),
) -> HostPlugins {
    HostPlugins {
        sessions: sessions_config(config, tick_hz),
        hosting: hosting_config(config, next_match),
        matches: matches_config(config),
        link,
        port,
        tickets,
        locales,
        host_status: gauges.host_status.clone(),
        seeds: SeedSource::new(draw_seed),
        load: gauges.load.clone(),
        clock: gauges.clock(),
        stages: gauges.stages.clone(),
        threads: step_threads(config),
        ..HostPlugins::new(game.kinds().clone(), content)
    }
}

fn sessions_config(config: &Config, tick_hz: u16) -> SessionsConfig {
    SessionsConfig {
        tick_hz: tick_hz.into(),
        linger_s: config.server.linger_s,
        queue_linger_s: config.server.queue_linger_s,
        second_device: config.server.second_device.into(),
        sessions_max: config.udp.connections_max,
        ..SessionsConfig::default()
    }
}

fn hosting_config(config: &Config, next_match: MatchId) -> HostingConfig {
    let resume_s = config.server.resume_s;
    let shard_hz = Some(config.server.tick_hz.into());
    let game_masters = config.world.game_masters.iter().copied().map(AccountId).collect();
    HostingConfig { first_id: next_match.0, shard_hz, resume_s, game_masters, ..HostingConfig::default() }
}

fn matches_config(config: &Config) -> MatchesConfig {
    MatchesConfig {
        drain_grace_s: config.server.drain_s,
        match_seed: config.server.match_seed,
        on_drain: config.server.on_stop.into(),
        settlements_waiting_max: config.database.settlements_waiting_max,
        matches_max: config.server.matches_max,
    }
}

/// Threads that step shards: as configured, or as many as the machine has cores.
fn step_threads(config: &Config) -> usize {
    match config.server.step_threads {
        0 => thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    }
}

/// 128 bits from the operating system; should it have none, from the generator it seeded.
fn draw_seed() -> Seed {
    let mut bytes = [0; 16];
    if SysRng.try_fill_bytes(&mut bytes).is_err() {
        bytes = rand::random();
    }
    Seed::from_bytes(bytes)
}
