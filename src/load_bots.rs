//! Bots in the server's own process: something to play against on a laptop, and load without sockets.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, ResMut, Resource};
use hypogeum_accounts::{AccountName, AccountStore};
use hypogeum_client::{Client, MemoryEdge, MemoryWire};
use hypogeum_loadbots::{Behaviour, Bot, BotPool, Orders};
use hypogeum_persistence::Store;
use hypogeum_protocol::link::{LentLink, SessionTicket};
use hypogeum_shard::host::HostSystems;

/// Which bots there are.
#[derive(Clone, Debug)]
pub(crate) struct LoadBotsPlan {
    /// Bots that play, from the first tick on.
    pub(crate) count: u32,
    /// What they queue for, again and again.
    pub(crate) mode: String,
    /// How they decide.
    pub(crate) behaviour: Behaviour,
    /// What their decisions are drawn from.
    pub(crate) seed: u64,
}

/// Lets bots play on a server by the same messages as everyone else, each on a connection of its own that needs no socket. They think in
/// the tick, before its first stage, so they are among what it is measured with.
#[derive(Clone)]
pub(crate) struct LoadBotsPlugin {
    plan: LoadBotsPlan,
    tickets: Vec<SessionTicket>,
    lent: LentLink,
    tick: Duration,
}

impl fmt::Debug for LoadBotsPlugin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LoadBotsPlugin").field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl LoadBotsPlugin {
    /// Gives each bot the account of a guest, which is made where there is none, so that `build` cannot fail any more.
    ///
    /// # Errors
    /// Where one of the names is somebody's who has a password, or the database does not answer.
    pub(crate) fn new(plan: LoadBotsPlan, store: &Store, lent: LentLink, tick_hz: u16) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("no runtime")?;
        let ticket = |number: u32| {
            let name = format!("local-bot-{number:03}");
            let parsed = AccountName::parse(&name).context("the name of a bot")?;
            let account = runtime.block_on(store.guest(&parsed));
            let account = account.with_context(|| format!("cannot play as {name:?}, one of the bots"))?;
            anyhow::Ok(SessionTicket { account: account.id, name, character: None })
        };
        let tickets = (1..=plan.count).map(ticket).collect::<anyhow::Result<_>>()?;
        Ok(Self { plan, tickets, lent, tick: Duration::from_secs(1) / u32::from(tick_hz).max(1) })
    }
}

/// The bots and what carries their messages.
#[derive(Resource)]
struct LoadBots {
    pool: BotPool<MemoryWire>,
    edge: MemoryEdge,
    tick: Duration,
}

impl Plugin for LoadBotsPlugin {
    fn build(&self, app: &mut App) {
        let (mut pool, mut edge) = (BotPool::default(), MemoryEdge::new(self.lent.clone()));
        let behaviour = Arc::new(self.plan.behaviour.clone());
        for (number, ticket) in (1_u64..).zip(&self.tickets) {
            let Ok(wire) = edge.connect(ticket.clone()) else {
                tracing::error!(bots = number - 1, "more bots than may come in one tick: the others stay away");
                break;
            };
            let orders = Orders { mode: self.plan.mode.clone(), queue_again: true };
            let seed = self.plan.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            pool.join(Bot::new(ticket.name.clone(), Client::new(wire), Arc::clone(&behaviour), orders, seed));
        }
        app.insert_resource(LoadBots { pool, edge, tick: self.tick });
        app.add_systems(FixedUpdate, (act.before(HostSystems::Receive), receive.after(HostSystems::Persist)));
    }
}

/// Bots look, decide and say what they do.
fn act(mut bots: ResMut<LoadBots>) {
    let LoadBots { pool, edge, tick } = &mut *bots;
    pool.poll(*tick);
    pool.tick();
    if edge.take_in().is_err() {
        tracing::warn!("the bots of this server sent more than it takes in a tick");
    }
}

/// Gives the bots what the server has sent.
fn receive(mut bots: ResMut<LoadBots>) {
    bots.edge.give_out();
}
