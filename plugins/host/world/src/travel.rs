//! Characters go from one place to another.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Query, Res, ResMut, Resource, Without};
use hypogeum_hosting::{Entrance, Halted, HostContent, HostedShard, ask};
use hypogeum_protocol::AccountId;
use hypogeum_sessions::{About, SessionIndex};
use hypogeum_shard::host::ShardInbox;
use hypogeum_shard::{Command, CommandBody, Departure, Shard, ShardKinds};

use crate::enter::let_in;

/// Accounts whose characters enter a place as soon as it is known what the last one has left them with: they go from one to the
/// other, or have asked early. With what they wish for a new one.
#[derive(Resource, Debug, Default)]
pub(crate) struct Travellers(pub(crate) BTreeMap<AccountId, String>);

/// What accounts have asked to enter the world by: the message that tells them where they are answers it, or the refusal does.
#[derive(Resource, Debug, Default)]
pub(crate) struct EnteringBy(pub(crate) BTreeMap<AccountId, About>);

impl EnteringBy {
    /// What an account has asked by, which is not answered yet.
    pub(crate) fn of(&self, account: AccountId) -> About {
        self.0.get(&account).copied().unwrap_or(About::NOTHING)
    }

    /// What an account has asked by, which is answered now.
    pub(crate) fn take(&mut self, account: AccountId) -> About {
        self.0.remove(&account).unwrap_or(About::NOTHING)
    }
}

/// Lets those leave a place who have gone out of it.
pub(crate) fn depart(
    mut travellers: ResMut<Travellers>,
    mut shards: Query<(&HostedShard, &Shard, &mut ShardInbox), Without<Halted>>,
) {
    for (hosted, shard, mut inbox) in &mut shards {
        let Some(place) = hosted.kind.as_place else { continue };
        let Some(departing) = ask(hosted.id, "departures", || (place.departures)(shard.world())) else { continue };
        for (seat, whither) in departing {
            let Some(player) = hosted.player(seat) else { continue };
            let leaves = |command: &Command| command.seat == seat && command.body == CommandBody::Leave;
            if !inbox.0.iter().any(leaves) {
                inbox.0.push(Command { seat, body: CommandBody::Leave });
            }
            if whither == Departure::Onward {
                travellers.0.insert(player.account, String::new());
            }
        }
    }
}

/// Who is gone meanwhile enters the next place when it comes back and asks for it.
pub(crate) fn forget_gone(
    index: Res<SessionIndex>,
    mut travellers: ResMut<Travellers>,
    mut entering_by: ResMut<EnteringBy>,
) {
    if !travellers.0.is_empty() {
        travellers.0.retain(|account, _| index.session_of(*account).is_some());
    }
    if !entering_by.0.is_empty() {
        entering_by.0.retain(|account, _| index.session_of(*account).is_some());
    }
}

/// Lets those into the next place of whom it is known what they have after leaving the last one.
pub(crate) fn arrive(
    (kinds, content): (Res<ShardKinds>, Res<HostContent>),
    (mut travellers, mut entering_by): (ResMut<Travellers>, ResMut<EnteringBy>),
    mut entrance: Entrance,
) {
    if travellers.0.is_empty() {
        return;
    }
    for idle in entrance.idle_sessions() {
        let Some(wish) = travellers.0.remove(&idle.account) else { continue };
        let about = entering_by.of(idle.account);
        if let Err((code, retry_after_ms)) = let_in(&mut entrance, (&kinds, &content), idle.session, (&wish, about)) {
            entrance.refuse(idle.session, code, (entering_by.take(idle.account), retry_after_ms));
        }
    }
}
